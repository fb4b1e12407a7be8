"""Where the characters of a query stand on screen: its lines broken to a width, offsets to cells and back."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lambdatop.render.printable import is_mark, printable
from lambdatop.render.span import Printable, text_width

_MARKS_MAX = 3
"""Marks over one letter that are shown, as in `printable`."""


class LayoutRow(NamedTuple):
    """A row on screen, by offsets into the text; `end` is excluded."""

    start: int
    end: int
    ends_line: bool
    """Whether a line's break stands at `end`, or the text ends there."""


@lru_cache(maxsize=8)
def layout_rows(text: str, width: int) -> tuple[LayoutRow, ...]:
    r"""Return the rows that a text takes, its lines broken at `width` cells, at a blank where one is near.

    >>> [tuple(row) for row in layout_rows("ab\ncdefg", 4)]
    [(0, 2, True), (3, 7, False), (7, 8, True)]
    """
    rows: list[LayoutRow] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        row_start = start
        while (row_end := _row_end(text, row_start, end, width)) < end:
            rows.append(LayoutRow(row_start, row_end, ends_line=False))
            row_start = row_end
        rows.append(LayoutRow(row_start, end, ends_line=True))
        start = end + 1
    return tuple(rows)


def row_of(rows: Sequence[LayoutRow], offset: int) -> int:
    """Return which row an offset is in."""
    return next((at for at, row in enumerate(rows) if offset < row.end or (offset == row.end and row.ends_line)), 0)


def column_of(text: str, row: LayoutRow, offset: int) -> int:
    """Return how many cells of the row stand before an offset."""
    return sum(cell_width(character) for character in text[row.start : offset])


def offset_at(text: str, row: LayoutRow, column: int) -> int:
    """Return the offset of the character that takes a cell of the row, or the row's end."""
    used = 0
    for at in range(row.start, row.end):
        used += cell_width(text[at])
        if used > column:
            return at
    return row.end if row.ends_line else max(row.start, row.end - 1)


def shown(text: str) -> Printable:
    r"""Return characters as they are shown, each by itself, so that offsets and cells belong together.

    >>> shown("a\tb\x1b")
    'a␉b␛'
    """
    if text.isascii() and text.isprintable():
        return printable(text, len(text) + 1)
    pieces: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= _MARKS_MAX:
            pieces.append(_picture(character))
    return Printable("".join(pieces))


def cell_width(character: str) -> int:
    """Return how many cells a character takes."""
    return 1 if character.isascii() and character.isprintable() else text_width(_picture(character))


@lru_cache(maxsize=2048)
def _picture(character: str) -> Printable:
    return Printable("␉") if character == "\t" else printable(character, 100)


def _row_end(text: str, start: int, end: int, width: int) -> int:
    used = 0
    if end - start <= width and text[start:end].isascii():
        return end
    for at in range(start, end):
        used += cell_width(text[at])
        if used > width:
            blank = text.rfind(" ", max(start, at - width // 3), at)
            return blank + 1 if blank >= 0 else max(at, start + 1)
    return end
