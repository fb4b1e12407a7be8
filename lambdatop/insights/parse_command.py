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
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P?<(?![=!])(?P<name>[^>]*)>|(?P<special>))|(?P<plain>))", re.DOTALL
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
    if cursor.is_word(*_OTHER_MODES):
        raise unsupported("this form of parse", cursor.here())
    names = _names(cursor) if cursor.took_word("as") else ()
    span = cursor.span_from(start)
    if token.kind == "regex":
        regex = regex_of(token)
        return syntax.ParseRegex(subject, regex, _group_names(regex, names), span)
    literals = tuple(text_value(token).split("*"))
    if len(literals) - 1 != len(names):
        message = f"The pattern has {_count(len(literals) - 1, 'star')}, but 'as' gives {_count(len(names), 'name')}."
        raise QuerySyntaxError(message, Span(token.start, token.end))
    if not names:
        raise QuerySyntaxError("Expected a star in the pattern of parse.", Span(token.start, token.end))
    return syntax.ParseGlob(subject, literals, names, span)


def _subject(cursor: TokenCursor, start: int) -> syntax.Expression:
    token, following = cursor.token, cursor.following
    if token is not None and token.kind in ("text", "regex"):
        return syntax.Name("@message", Span(start, cursor.end))
    if token is not None and following is not None and token.text.lower() in _OTHER_MODES and following.text == "field":
        raise unsupported(f"parse with {token.text.lower()}", cursor.here())
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


def _group_names(regex: syntax.Regex, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a regular expression's groups: its own, or those after `as`, one for each group."""
    found = list(_GROUPS.finditer(regex.pattern))
    own = tuple(each["name"] for each in found if each["name"] is not None)
    plain = sum(each["plain"] is not None for each in found)
    if own and names:
        raise QuerySyntaxError("Name the groups in the regular expression or after 'as', not in both.", regex.span)
    if not own and plain != len(names):
        message = f"The regular expression has {_count(plain, 'group')}, but 'as' gives {_count(len(names), 'name')}."
        raise QuerySyntaxError(message, regex.span)
    if not own and not names:
        raise QuerySyntaxError("Expected a named group such as (?<user>…) in the regular expression.", regex.span)
    return own or names


def _count(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
