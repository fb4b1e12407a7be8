"""Styled text for a terminal, without a terminal library: a line is a tuple of spans.

A style is a semantic name that a theme gives colours to: "" (plain), "dim", "heading", "good", "warning", "bad",
"accent", "unknown", "provisional", "late", "bar", "bar_peak", "bar_limit", "key", "selected", "series_1" to
"series_6" for what a chart draws beside each other, or "sgr:" followed by colours found in the text itself, in Rich's
words, such as "sgr:bold red on #202020".
"""

import unicodedata
from collections.abc import Sequence
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


def shifted(line: Line, cells: int) -> Line:
    """Return the line without its first cells; the right half of a letter cut in two is a blank.

    >>> line_text(shifted((Span(Printable("数据库")),), 3))
    ' 库'
    """
    if cells <= 0:
        return line
    text = line_text(line)
    start = fitting_end(text, 0, cells)
    if start >= len(text):
        return ()
    (rest,) = _pieces(line, [(start, len(text))])
    if text_width(text[:start]) == cells:
        return rest
    rest_text = line_text(rest)
    (rest,) = _pieces(rest, [(fitting_end(rest_text, 0, 2), len(rest_text))])
    return (Span(Printable(" ")), *rest)


def broken(line: Line, width: int, hanging: int = 0) -> tuple[Line, ...]:
    """Return the line as rows of at most `width` cells, broken at a blank where one is near the end.

    Rows after the first are narrower by `hanging` cells; at least 2 must be left. Nothing is lost but a blank between
    two rows.

    >>> [line_text(row) for row in broken((Span(Printable("order 7 is short of stock")),), 10)]
    ['order 7 is', 'short of ', 'stock']
    """
    text = line_text(line)
    if len(text) * 2 <= width or text_width(text) <= width:
        return (line,)
    places: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = max(start + 1, fitting_end(text, start, width))
        is_blank = text[end : end + 1] == " "
        if end < len(text) and not is_blank:
            blank = text.rfind(" ", max(start + 1, end - width // 3), end)
            end = blank + 1 if blank > 0 else end
        places.append((start, end))
        start = end + is_blank
        if len(places) == 1:
            width -= hanging
    return _pieces(line, places)


def fitting_end(text: str, start: int, width: int) -> int:
    """Return where the longest piece from `start` ends that fits into `width` cells, with its last letter's marks."""
    piece = text[start : start + width]
    if piece.isascii() and not (start + width < len(text) and text[start + width] > "\u02ff"):
        return start + len(piece)
    used = 0
    for index in range(start, len(text)):
        used += _cell_width(text[index])
        if used > width:
            return index
    return len(text)


def _pieces(line: Line, places: Sequence[tuple[int, int]]) -> tuple[Line, ...]:
    """Return the pieces of the line between offsets into its text, which ascend."""
    pieces: list[Line] = []
    spans = iter(line)
    span, span_start = next(spans, None), 0
    for start, end in places:
        piece: list[Span] = []
        while span is not None and span_start < end:
            text = span.text[max(0, start - span_start) : end - span_start]
            if text:
                piece.append(Span(Printable(text), span.style))
            if span_start + len(span.text) > end:
                break
            span_start += len(span.text)
            span = next(spans, None)
        pieces.append(tuple(piece))
    return tuple(pieces)


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
