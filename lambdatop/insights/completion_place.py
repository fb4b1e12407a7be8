"""Where in a query something is being written, and the names that the query has made before that place."""

import re
from dataclasses import dataclass
from typing import Literal

from lambdatop.insights.literals import name_of
from lambdatop.insights.parser import parse_query
from lambdatop.insights.query_facts import facts_of
from lambdatop.insights.syntax import QuerySyntaxError
from lambdatop.insights.tokens import Token, tokens_of

Expected = Literal["nothing", "first command", "command", "aggregate", "group", "expression", "period", "after operand"]

_WORD_KINDS = frozenset({"command", "keyword", "function", "aggregate", "field", "automatic", "ticked"})
_OPERAND_KINDS = frozenset({"field", "automatic", "ticked", "text", "number", "period", "regex"})
_PERIOD_ARGUMENTS = {"bin": 0, "datefloor": 1, "dateceil": 1, "rate": 1}
_GROUP_NAME = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")


@dataclass(frozen=True, slots=True)
class Place:
    """What is expected where the caret stands, and the stretch of text that it would replace."""

    expected: Expected
    command: str
    """The command that is being written, in lower case; empty before it."""
    is_grouping: bool
    """Whether it is after the `by` of `stats`."""
    start: int
    end: int
    prefix: str
    """What of the word stands before the caret, without a back-tick."""
    is_ticked: bool


def place_at(text: str, offset: int) -> Place:
    """Where the caret stands."""
    tokens = tokens_of(text)
    under = next((token for token in tokens if token.start < offset <= token.end), None)
    if under is not None and _is_closed_to_words(under, offset):
        return Place("nothing", "", is_grouping=False, start=offset, end=offset, prefix="", is_ticked=False)
    is_word = under is not None and (under.kind in _WORD_KINDS or under.kind in ("number", "period"))
    is_ticked = under is not None and under.text.startswith("`")
    start, end = (under.start, under.end) if under is not None and (is_word or is_ticked) else (offset, offset)
    if is_ticked and under is not None and under.kind == "error":
        end = offset
    before = [token for token in tokens if token.end <= start and token.kind not in ("space", "comment")]
    pipe = max((index for index, token in enumerate(before) if token.kind == "pipe"), default=-1)
    clause = before[pipe + 1 :]
    command = clause[0].text.lower() if clause and clause[0].kind == "command" else ""
    is_grouping = command == "stats" and any(token.text.lower() == "by" for token in clause if token.kind == "keyword")
    expected = _expected(clause, command, is_first=not before, is_grouping=is_grouping)
    if under is not None and under.kind in ("number", "period") and expected != "period":
        expected = "nothing"
    return Place(expected, command, is_grouping, start, end, text[start:offset].lstrip("`"), is_ticked)


def _is_closed_to_words(token: Token, offset: int) -> bool:
    """Whether the caret stands inside a comment, a string, a regular expression, or what has no end."""
    if token.kind in ("text", "regex"):
        return offset < token.end
    return token.kind == "comment" or (token.kind == "error" and not token.text.startswith("`"))


def _expected(clause: list[Token], command: str, *, is_first: bool, is_grouping: bool) -> Expected:
    if not clause:
        return "first command" if is_first else "command"
    previous = clause[-1]
    word = previous.text.lower()
    if not command or command in ("source", "limit") or word in ("as", "into", "like", "=~"):
        return "nothing"
    if command == "parse" and any(token.kind == "keyword" and token.text.lower() == "as" for token in clause):
        return "nothing"
    calls = _open_calls(clause)
    if calls and calls[-1][0] == "[":
        return "nothing"
    if calls and _PERIOD_ARGUMENTS.get(calls[-1][0]) == calls[-1][1]:
        return "period"
    if previous.kind in _OPERAND_KINDS or word in (")", "]"):
        return "after operand"
    if command == "stats" and not calls:
        return "group" if is_grouping else "aggregate"
    return "expression"


def _open_calls(clause: list[Token]) -> list[tuple[str, int]]:
    """What the brackets belong to that are open at the end, with the number of the argument."""
    calls: list[tuple[str, int]] = []
    previous: Token | None = None
    for token in clause:
        if token.text == "(" and token.kind == "bracket":
            is_call = previous is not None and previous.kind in ("function", "aggregate")
            calls.append((previous.text.lower() if is_call and previous is not None else "", 0))
        elif token.text == "[" and token.kind == "bracket":
            calls.append(("[", 0))
        elif token.kind == "bracket" and calls:
            calls.pop()
        elif token.kind == "comma" and calls:
            calls[-1] = (calls[-1][0], calls[-1][1] + 1)
        previous = token
    return calls


@dataclass(frozen=True, slots=True)
class MadeNames:
    """The names that the query has made; where `is_all`, there are no others, since a `stats` stands before."""

    names: tuple[str, ...]
    is_all: bool


def names_made_before(text: str, offset: int) -> MadeNames:
    """The aliases before a place in any text and, after `stats`, the columns that it leaves."""
    tokens = [token for token in tokens_of(text[:offset]) if token.kind not in ("space", "comment")]
    stages = [index for index, token in enumerate(tokens) if token.kind == "command"]
    pipe = max((token.start for token in tokens if token.kind == "pipe"), default=0)
    grouping = max((index for index in stages if tokens[index].text.lower() in ("stats", "pattern")), default=None)
    is_all = grouping is not None and tokens[grouping].start < pipe
    made = dict.fromkeys(_columns_left(text[:pipe])) if is_all else {}
    made |= dict.fromkeys(_aliases(tokens[grouping:] if is_all else tokens))
    return MadeNames(tuple(made), is_all)


def _columns_left(text: str) -> tuple[str, ...]:
    """The columns that the last `stats` leaves; none where the text before has errors."""
    try:
        facts = facts_of(parse_query(text))
    except QuerySyntaxError:
        return ()
    bins = () if facts.bin_column is None else (facts.bin_column,)
    return (*bins, *facts.group_columns, *facts.aggregate_columns)


def _aliases(tokens: list[Token]) -> list[str]:
    """What stands after `as` and `into`, and the groups of regular expressions after `parse`."""
    names: list[str] = []
    command = ""
    is_naming = False
    for token in tokens:
        if token.kind == "command":
            command = token.text.lower()
        if token.kind == "regex" and command == "parse":
            names += _GROUP_NAME.findall(token.text)
        if token.text.lower() in ("as", "into") and token.kind == "keyword":
            is_naming = True
        elif is_naming and token.kind in ("field", "automatic", "ticked"):
            names.append(name_of(token))
        elif not (token.kind == "comma" and command == "parse"):
            is_naming = False
        if command != "parse" and token.kind in ("field", "automatic", "ticked"):
            is_naming = False
    return names
