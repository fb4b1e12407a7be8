"""The command `parse`: a glob pattern or a regular expression, and the names of what it takes out."""

import re

from lambdatop.insights import syntax
from lambdatop.insights.column_parser import check_without_aggregates
from lambdatop.insights.expression_parser import parse_expression
from lambdatop.insights.literals import is_name, name_of, regex_of, text_value
from lambdatop.insights.syntax import QuerySyntaxError, Span
from lambdatop.insights.token_cursor import TokenCursor, unsupported

_OTHER_MODES = ("multi", "logfmt", "csv", "json")
_GROUPS = re.compile(
    r"""
    \\.                                   # an escape
    | \[\^?\]?(?:\\.|[^\]\\])*\]          # a set of characters
    | \((?:
        \?P?<(?![=!])(?P<name>[^>]*)>      # a group with a name
        | (?P<special>\?)                 # one that does not capture
        | (?P<plain>)                     # a group without a name
    )
    """,
    re.VERBOSE | re.DOTALL,
)


def parse_parse(cursor: TokenCursor, start: int) -> syntax.ParseGlob | syntax.ParseRegex:
    """What follows the word `parse`."""
    subject = _subject(cursor, start)
    token = cursor.token
    if token is not None and token.text.lower() in _OTHER_MODES:
        raise unsupported(f"parse with {token.text.lower()}", cursor.here())
    if token is None or token.kind not in ("text", "regex"):
        raise cursor.expected("a string with stars or a regular expression")
    cursor.take()
    names = _names(cursor) if cursor.took_word("as") else ()
    if cursor.is_word("multi"):
        raise unsupported("parse with multi", cursor.here())
    span = cursor.span_from(start)
    if token.kind == "regex":
        regex = regex_of(token)
        names, groups = _named_groups(regex, names)
        return syntax.ParseRegex(subject, regex, names, span, groups)
    literals = tuple(text_value(token).split("*"))
    if len(literals) - 1 != len(names):
        message = f"The pattern has {_count(len(literals) - 1, 'star')}, but 'as' gives {_count(len(names), 'name')}."
        raise QuerySyntaxError(message, Span(token.start, token.end))
    if not names:
        raise QuerySyntaxError("Expected a star in the pattern of parse.", Span(token.start, token.end))
    return syntax.ParseGlob(subject, literals, names, span)


def _subject(cursor: TokenCursor, start: int) -> syntax.Expression:
    if _is_pattern(cursor):
        return syntax.Name("@message", Span(start, cursor.end))
    subject = parse_expression(cursor)
    if isinstance(subject, syntax.Name) and subject.name.lower() in _OTHER_MODES and not _is_pattern(cursor):
        raise unsupported(f"parse with {subject.name.lower()}", subject.span)
    check_without_aggregates(subject)
    return subject


def _is_pattern(cursor: TokenCursor) -> bool:
    return cursor.token is not None and cursor.token.kind in ("text", "regex")


def _names(cursor: TokenCursor) -> tuple[str, ...]:
    names: list[str] = []
    while not names or cursor.took_sign(","):
        token = cursor.token
        if token is None or not is_name(token):
            raise cursor.expected("a name")
        names.append(name_of(cursor.take()))
    return tuple(names)


def _named_groups(regex: syntax.Regex, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of a regular expression's groups, its own or one for each group after `as`, with their numbers."""
    found = [each for each in _GROUPS.finditer(regex.pattern) if each["name"] is not None or each["plain"] is not None]
    if names:
        if len(found) != len(names):
            groups = _count(len(found), "group")
            message = f"The regular expression has {groups}, but 'as' gives {_count(len(names), 'name')}."
            raise QuerySyntaxError(message, regex.span)
        return names, tuple(range(1, len(names) + 1))
    own = [(each["name"], number) for number, each in enumerate(found, 1) if each["name"] is not None]
    if not own:
        raise QuerySyntaxError("Expected a named group such as (?<user>…) in the regular expression.", regex.span)
    return tuple(name for name, _ in own), tuple(number for _, number in own)


def _count(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
