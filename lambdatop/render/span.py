"""Styled text for a terminal, without a terminal library: a line is a tuple of spans.

A style is a semantic name that a theme gives colours to: "" (plain), "dim", "heading", "good", "warning", "bad",
"accent", "unknown", "provisional", "late", "bar", "bar_peak", "bar_limit", "key", "selected", or "sgr:" followed by
colours found in the text itself, in Rich's words, such as "sgr:bold red on #202020".
"""

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple, NewType

Printable = NewType("Printable", str)
"""Text that is safe to write to a terminal; foreign text becomes it in `lambdatop.render.printable` alone."""

Align = Literal["left", "right", "center"]


class Span(NamedTuple):
    """A piece of a line in one style."""

    text: Printable
    style: str = ""


Line = tuple[Span, ...]


def line_text(line: Line) -> Printable:
    """Return the line's text without its styles."""
    return Printable("".join(span.text for span in line))


def line_width(line: Line) -> int:
    """Return how many terminal cells the line takes."""
    return sum(text_width(span.text) for span in line)


def text_width(text: str) -> int:
    """Return how many terminal cells printable text takes.

    >>> text_width("naïve"), text_width("数"), text_width("e\u0301")
    (5, 2, 1)
    """
    return len(text) if text.isascii() else sum(map(_cell_width, text))


def crop(line: Line, width: int) -> Line:
    """Return the line, or as much of it as fits into `width` cells with an ellipsis.

    >>> line_text(crop((Span(Printable("checkout-")), Span(Printable("worker"), "bad")), 12))
    'checkout-wo…'
    """
    if line_width(line) <= width:
        return line
    if width <= 0:
        return ()
    cropped: list[Span] = []
    room = width - 1
    for span in line:
        piece = _prefix(span.text, room)
        if len(piece) < len(span.text):
            cropped.append(Span(Printable(piece + "…"), span.style))
            break
        cropped.append(span)
        room -= text_width(span.text)
    return tuple(cropped)


def pad(line: Line, width: int, align: Align = "left") -> Line:
    """Return the line exactly `width` cells wide: blanks added on the side away from `align`, or cropped.

    >>> line_text(pad((Span(Printable("42")),), 5, "right"))
    '   42'
    """
    line = crop(line, width)
    blank = width - line_width(line)
    if blank <= 0:
        return line
    before = {"left": 0, "right": blank, "center": blank // 2}[align]
    sides = (Span(Printable(" " * before)), Span(Printable(" " * (blank - before))))
    return tuple(span for span in (sides[0], *line, sides[1]) if span.text)


def _prefix(text: str, width: int) -> str:
    """Return the longest start of `text` that fits into `width` cells, with its last letter's marks."""
    if text.isascii():
        return text[: max(0, width)]
    used = 0
    for index, character in enumerate(text):
        used += _cell_width(character)
        if used > width:
            return text[:index]
    return text


@lru_cache(maxsize=4096)
def _cell_width(character: str) -> int:
    """Return 0 for a mark over the letter before it, 2 for a wide character (Unicode Standard Annex 11), else 1."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
