"""A query cut into tokens, for the parser and the editor alike; any text can be cut, whatever is wrong with it.

The tokens cover the text without gap or overlap. A slash begins a regular expression where an operand may stand, or
where `parse` expects its pattern; elsewhere it divides.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

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


_UNITS = "|".join(sorted(PERIOD_UNITS, key=len, reverse=True))
_TICKED = r"`[^`\n]*`"

_LEXEME = re.compile(
    rf"""
    (?P<space>\s+)
    | (?P<word>[A-Za-z_@][\w@.]*+(?!`))
    | (?P<comma>,)
    | (?P<bracket>[()\[\]])
    | (?P<pipe>\|)
    | (?P<slash>/)
    | (?P<operator>==|=~|!=|<=|>=|[-=<>+*^%:!])
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<comment>\#[^\n]*)
    | (?P<period>\d+(?:{_UNITS})(?![\w@.]))
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w@.]))
    | (?P<malformed>\d[\d.]*(?![\w@.]))
    | (?P<ticked>(?:[\w@.]*[@.])?{_TICKED}(?:\.[\w@.]*{_TICKED}|\.[\w@.]+)*)
    | (?P<other>[\w@.]+)
    | (?P<error>['"`][^\n]*|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_REGEX = re.compile(r"/(?:[^/\\]|\\.)+/", re.DOTALL)
_CALL = re.compile(r"\s*\(")

_KINDS: dict[str | None, TokenKind] = {
    "comment": "comment",
    "ticked": "ticked",
    "period": "period",
    "number": "number",
    "malformed": "error",
    "text": "text",
    "comma": "comma",
    "pipe": "pipe",
    "operator": "operator",
    "slash": "operator",
    "bracket": "bracket",
    "error": "error",
}
"""The token that each group of the expression above makes."""

_WORDS = frozenset({"word", "other"})
_CONSTANTS = frozenset({"true", "false"})
_KEYWORDS = RESERVED_WORDS | _CONSTANTS
_OPERANDS = frozenset({"field", "automatic", "ticked", "text", "number", "period", "regex", "error"})
_TURNS = frozenset({"command", "bracket", "text", "regex"})
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
        self.can_start_command = kind == "pipe"
        self.is_after_operand = kind in _OPERANDS or (kind == "keyword" and text.lower() in _CONSTANTS)
        if kind in _TURNS:
            self._turn(kind, text)

    def _turn(self, kind: TokenKind, text: str) -> None:
        if kind == "command":
            self.command = text.lower()
            self.depth = 0
            self.is_pattern_due = self.command == "parse"
        elif kind == "bracket":
            self.is_after_operand = text in ")]"
            self.depth = max(0, self.depth + (-1 if self.is_after_operand else 1))
        elif self.depth == 0:
            self.is_pattern_due = False


@lru_cache(maxsize=8)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut any text into tokens; an editor asks several times of each text."""
    tokens: list[Token] = []
    place = _Place()
    position = 0
    while position < len(text):
        position = _cut_until_regex(text, position, place, tokens)
        if position < len(text):
            tokens.append(_regex_at(text, position))
            place.pass_over("regex", "")
            position = tokens[-1].end
    return tuple(tokens)


def _cut_until_regex(text: str, position: int, place: _Place, tokens: list[Token]) -> int:
    """Add the tokens up to a slash that begins a regular expression; where that is, else the end of the text."""
    add = tokens.append
    for found in _LEXEME.finditer(text, position):
        group = found.lastgroup
        start, end = found.span()
        lexeme = found[0]
        if group == "space":
            add(Token("space", start, end, lexeme))
            continue
        if group == "slash" and place.expects_regex():
            return start
        kind = _word_kind(text, lexeme, end, place) if group in _WORDS else _KINDS[group]
        add(Token(kind, start, end, lexeme))
        if kind != "comment":
            place.pass_over(kind, lexeme)
    return len(text)


def _regex_at(text: str, position: int) -> Token:
    found = _REGEX.match(text, position)
    if found is not None:
        return Token("regex", position, found.end(), found[0])
    line_end = text.find("\n", position)
    end = len(text) if line_end < 0 else line_end
    return Token("error", position, end, text[position:end])


def _word_kind(text: str, word: str, end: int, place: _Place) -> TokenKind:
    lower = word.lower()
    if place.can_start_command and lower in COMMANDS:
        return "command"
    if lower in OPERATOR_WORDS:
        return "keyword"
    if lower in FUNCTIONS and _CALL.match(text, end):
        return "aggregate" if lower in AGGREGATES else "function"
    if word[0] == "@":
        return "automatic"
    if lower in _KEYWORDS or lower in _PLACE_WORDS.get(place.command, ()):
        return "keyword"
    return "field"
