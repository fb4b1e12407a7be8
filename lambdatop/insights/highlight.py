"""What an editor colours in a query, whatever is wrong with it."""

from lambdatop.insights.syntax import Span
from lambdatop.insights.tokens import Token, tokens_of

_CLOSERS = {"(": ")", "[": "]"}
_OPENERS = {")": "(", "]": "["}


Highlight = Token
"""A stretch of the text, from `start` to before `end`, and its `kind`."""


def highlights(text: str) -> tuple[Highlight, ...]:
    """What the text is made of, in order and without its white space."""
    return tuple(token for token in tokens_of(text) if token.kind != "space")


def bracket_pair(text: str, offset: int) -> tuple[Span, Span] | None:
    """The bracket that stands at the offset or just before it, and its partner, the opening one first."""
    brackets = [token for token in tokens_of(text) if token.kind == "bracket"]
    touched = [index for index, token in enumerate(brackets) if offset in (token.start, token.end)]
    for index in reversed(touched):
        partner = _partner(brackets, index)
        if partner is not None:
            first, last = sorted((brackets[index], partner), key=lambda token: token.start)
            return Span(first.start, first.end), Span(last.start, last.end)
    return None


def _partner(brackets: list[Token], index: int) -> Token | None:
    """The bracket that closes or opens this one, if those between them are in order."""
    opener = brackets[index].text
    is_forward = opener in _CLOSERS
    others = brackets[index:] if is_forward else brackets[index::-1]
    pairs = _CLOSERS if is_forward else _OPENERS
    due: list[str] = []
    for each in others:
        if each.text in pairs:
            due.append(pairs[each.text])
        elif due.pop() != each.text:
            return None
        if not due:
            return each
    return None
