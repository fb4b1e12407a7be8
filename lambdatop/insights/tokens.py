"""A query cut into tokens, for the parser and the editor alike; any text can be cut, whatever is wrong with it.

The tokens cover the text without gap or overlap. A slash begins a regular expression where an operand may stand, or
where `parse` expects its pattern; elsewhere it divides.
"""

import re
from typing import Literal, NamedTuple, cast

from lambdatop.insights.vocabulary import AGGREGATES, COMMANDS, FUNCTIONS, OPERATOR_WORDS, PERIOD_UNITS, RESERVED_WORDS

TokenKind = Literal[
    "space",
    "comment",
    "command",
    "keyword",
    "function",
    "aggregate",
    "field",
    "automatic",
    "ticked",
    "text",
    "number",
    "period",
    "regex",
    "operator",
    "bracket",
    "comma",
    "pipe",
    "error",
]


class Token(NamedTuple):
    """A piece of the text from `start` to before `end`."""

    kind: TokenKind
    start: int
    end: int
    text: str


_UNITS = "|".join(sorted((f"{unit}s?" if len(unit) > 1 else unit for unit in PERIOD_UNITS), key=len, reverse=True))
_TICKED = r"`[^`\n]*`"

_LEXEME = re.compile(
    rf"""
    (?P<space>\s+)
    | (?P<comment>\#[^\n]*)
    | (?P<ticked>(?:[\w@.]*[@.])?{_TICKED}(?:\.[\w@.]*{_TICKED}|\.[\w@.]+)*)
    | (?P<period>\d+(?:{_UNITS})(?![\w@.]))
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w@.]))
    | (?P<word>[\w@.]+)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<comma>,)
    | (?P<pipe>\|)
    | (?P<operator>==|=~|!=|<=|>=|[-=<>+*/^%:])
    | (?P<bracket>[()\[\]])
    | (?P<error>['"`][^\n]*|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_REGEX = re.compile(r"/(?:[^/\\\n]|\\[^\n])+/")
_UNENDED_REGEX = re.compile(r"/[^\n]*")

_OPERANDS = frozenset({"field", "automatic", "ticked", "text", "number", "period", "regex", "error"})
_PLACE_WORDS = {
    "stats": frozenset({"by"}),
    "sort": frozenset({"asc", "desc"}),
    "limit": frozenset({"any"}),
    "unnest": frozenset({"into"}),
}
"""Words that mean something in one command only, and are fields elsewhere."""


class _Place:
    """Where in the query the reading is: tells a command from a field, and a regular expression from a division."""

    __slots__ = ("can_start_command", "command", "depth", "is_after_operand", "is_pattern_due")

    def __init__(self) -> None:
        self.can_start_command = True
        self.command = ""
        self.depth = 0
        self.is_after_operand = False
        self.is_pattern_due = False

    def expects_regex(self) -> bool:
        """Whether a slash begins a regular expression here."""
        return not self.is_after_operand or (self.is_pattern_due and self.depth == 0)

    def pass_over(self, kind: TokenKind, text: str) -> None:
        """Move past a token that is neither space nor comment."""
        if kind == "command":
            self.command = text.lower()
            self.depth = 0
            self.is_pattern_due = self.command == "parse"
        elif kind == "bracket":
            self.depth = self.depth + 1 if text in "([" else max(0, self.depth - 1)
        elif kind in ("text", "regex") and self.depth == 0:
            self.is_pattern_due = False
        self.can_start_command = kind == "pipe"
        self.is_after_operand = kind in _OPERANDS or (kind == "bracket" and text in ")]")


def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut any text into tokens."""
    tokens: list[Token] = []
    place = _Place()
    position = 0
    while position < len(text):
        token = _next_token(text, position, place)
        tokens.append(token)
        if token.kind not in ("space", "comment"):
            place.pass_over(token.kind, token.text)
        position = token.end
    return tuple(tokens)


def _next_token(text: str, position: int, place: _Place) -> Token:
    if text[position] == "/" and place.expects_regex():
        return _regex_at(text, position)
    found = _LEXEME.match(text, position)
    if found is None:  # the last alternative takes any character
        return Token("error", position, position + 1, text[position])
    lexeme = found[0]
    if found.lastgroup == "word":
        return Token(_word_kind(text, lexeme, found.end(), place), position, found.end(), lexeme)
    return Token(cast("TokenKind", found.lastgroup), position, found.end(), lexeme)


def _regex_at(text: str, position: int) -> Token:
    found = _REGEX.match(text, position)
    if found is not None:
        return Token("regex", position, found.end(), found[0])
    unended = _UNENDED_REGEX.match(text, position)
    end = unended.end() if unended is not None else position + 1
    return Token("error", position, end, text[position:end])


def _word_kind(text: str, word: str, end: int, place: _Place) -> TokenKind:
    lower = word.lower()
    if place.can_start_command and lower in COMMANDS:
        return "command"
    if lower in OPERATOR_WORDS:
        return "keyword"
    if text[end : end + 1] == "(" and lower in FUNCTIONS:
        return "aggregate" if lower in AGGREGATES else "function"
    if word.startswith("@"):
        return "automatic"
    is_keyword = lower in RESERVED_WORDS or lower in _PLACE_WORDS.get(place.command, ()) or lower in ("true", "false")
    return "keyword" if is_keyword else "field"
