"""Which columns fit a width, and the rows and headings drawn with them."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.columns import COLUMNS, PINNED, Column
from lambdatop.render.drawing import Drawing
from lambdatop.render.span import Line, pad
from lambdatop.render.words import line, marked, said

MARKER_WIDTH = 1
GAP_WIDTH = 1
NAME_WIDTH_MAX = 48
_GAP = said(" " * GAP_WIDTH)


class PlacedColumn(NamedTuple):
    """A column and the cells it takes: `[x, x + width)`."""

    column: Column
    x: int
    width: int


class TableLayout(NamedTuple):
    """The columns on screen, and how many are hidden on either side."""

    width: int
    placed: tuple[PlacedColumn, ...]
    hidden_before: int = 0
    hidden_after: int = 0

    def column_at(self, x: int) -> Column | None:
        """Return the column that is drawn at a cell of the line."""
        return next((one.column for one in self.placed if one.x <= x < one.x + one.width + GAP_WIDTH), None)


def table_layout(width: int, skip: int = 0, columns: Sequence[Column] = COLUMNS) -> TableLayout:
    """Return the columns for a width: the most important ones, or, past the first `skip` ones, those that follow.

    The function's name takes the cells that are left over, up to NAME_WIDTH_MAX.
    """
    pinned = [column for column in columns if column.id in PINNED]
    others = [column for column in columns if column.id not in PINNED]
    skip = max(0, min(skip, len(others) - 1))
    candidates = others[skip:] if skip else sorted(others, key=lambda column: column.priority)
    room = width - MARKER_WIDTH - sum(column.width + GAP_WIDTH for column in pinned)
    chosen: list[Column] = []
    for column in candidates:
        if column.width + GAP_WIDTH <= room:
            chosen.append(column)
            room -= column.width + GAP_WIDTH
        elif skip:
            break
    shown = [column for column in others if column in chosen]
    hidden_after = len(others) - skip - len(shown)
    return TableLayout(width, _placed([*pinned, *shown], max(0, room)), skip, hidden_after)


def _placed(columns: Sequence[Column], slack: int) -> tuple[PlacedColumn, ...]:
    placed: list[PlacedColumn] = []
    x = MARKER_WIDTH
    for column in columns:
        width = min(column.width + slack, NAME_WIDTH_MAX) if column.id == "function" else column.width
        placed.append(PlacedColumn(column, x, width))
        x += width + GAP_WIDTH
    return tuple(placed)


def heading_line(layout: TableLayout, sort_column: str, *, is_descending: bool, is_ascii: bool = False) -> Line:
    """Return the headings; the one that rows are sorted by has an arrow and another style."""
    up, down = ("^", "v") if is_ascii else ("▴", "▾")
    spans: Line = line(said("<" if layout.hidden_before else " ", "key"))
    for one in layout.placed:
        is_sorted = one.column.id == sort_column
        arrow = (down if is_descending else up) if is_sorted else ""
        room = one.width - len(arrow)
        heading = one.column.heading[:room]
        words = arrow + heading if one.column.align == "right" else heading + arrow
        style = "heading accent" if is_sorted else "heading"
        padded = words.rjust(one.width) if one.column.align == "right" else words.ljust(one.width)
        spans = (*spans, said(padded, style), said(" " * GAP_WIDTH, "heading"))
    more = ">" if layout.hidden_after else ""
    return (*pad(spans[:-1], layout.width - len(more)), *line(said(more, "key")))


def row_line(function: FunctionStatistics, layout: TableLayout, drawing: Drawing, *, is_selected: bool = False) -> Line:
    """Return a function's row; the selected one has a marker, so that it can be seen without colour."""
    spans: list[Line] = [line(said((">" if drawing.is_ascii else "▸") if is_selected else " ", "accent"))]
    for one in layout.placed:
        spans.append(pad(one.column.cell(function, drawing), one.width, one.column.align))
        spans.append((_GAP,))
    row = tuple(span for part in spans for span in part)
    row = pad(row, layout.width)
    return marked(row) if is_selected else row
