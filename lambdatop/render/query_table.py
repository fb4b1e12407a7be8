"""The answer of a query as a table that is sorted, filtered and scrolled; a screen costs only the rows it shows."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from lambdatop.model.query import QueryProgress
from lambdatop.render.drawing import Drawing
from lambdatop.render.highlight import Highlight, highlight_of
from lambdatop.render.printable import printable
from lambdatop.render.query_cells import value_cell
from lambdatop.render.query_layout import (
    GAP_WIDTH,
    MARKER_WIDTH,
    PlacedQueryColumn,
    QueryColumn,
    QueryLayout,
    layout_of,
    with_width,
)
from lambdatop.render.query_rows import Clock, Filtered, QueryRows, Rows, filter_condition
from lambdatop.render.span import Line, crop, pad
from lambdatop.render.words import line, said

_GAP, _MARGIN = said(" " * GAP_WIDTH), said(" " * MARKER_WIDTH)
_ARROWS = (("▴", "▾"), ("^", "v"))
"""Up and down, in Unicode and in ASCII."""
_SPARE = 40
"""Characters of a value beyond its column's cells that are looked at: marks take no cell."""


class TableChoice(NamedTuple):
    """What somebody has chosen of a table; columns are named, so that it outlives the rows."""

    sort_column: str | None = None
    """None is the order in which AWS gave the rows."""
    is_descending: bool = False
    filter_text: str = ""
    hidden: frozenset[str] = frozenset()
    widths: Mapping[str, int] = {}
    """Cells, of columns that were made wider or narrower."""
    skip: int = 0
    """Columns scrolled out at the left."""


_NOTHING_CHOSEN = TableChoice()
_PLAIN = Drawing()


class QueryTable:
    """Rows under columns, as somebody has chosen to see them."""

    def __init__(
        self, source: QueryRows, choice: TableChoice, drawing: Drawing, *, is_aggregate: bool, clock: Clock | None
    ) -> None:
        self.choice = choice
        self.is_aggregate = is_aggregate
        """Whether rows are what `stats` made, not log events."""
        self._source = source
        self._drawing = drawing
        self._clock = clock

    @classmethod
    def of(
        cls,
        progress: QueryProgress,
        choice: TableChoice = _NOTHING_CHOSEN,
        drawing: Drawing = _PLAIN,
        clock: Clock | None = None,
    ) -> "QueryTable":
        """Return the table of an answer; with a clock, in seconds, a slow regular expression ends in time."""
        source = QueryRows(progress.columns, progress.rows, is_utc=drawing.is_utc)
        return cls(source, choice, drawing, is_aggregate=not progress.pointers, clock=clock)

    def changed(self, choice: TableChoice) -> "QueryTable":
        """Return the same rows by another choice; what it does not touch is not worked out again."""
        return QueryTable(self._source, choice, self._drawing, is_aggregate=self.is_aggregate, clock=self._clock)

    @property
    def rows(self) -> Rows:
        """All rows as AWS gave them."""
        return self._source.rows

    @cached_property
    def columns(self) -> tuple[QueryColumn, ...]:
        """All columns, hidden ones too, in AWS's order."""
        widths = self.choice.widths
        return tuple(with_width(column, widths.get(column.name)) for column in self._source.measured)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def row_count(self) -> int:
        """How many rows the filter lets through."""
        return len(self.places)

    @property
    def problem(self) -> str | None:
        """Why the filter does not work; all rows are shown then."""
        return self._filtered.problem

    @property
    def places(self) -> Sequence[int]:
        """Which rows are shown, by their place in AWS's order, in the order in which they are."""
        choice = self.choice
        return self._source.selected(self._filtered, choice.sort_column, is_descending=choice.is_descending)

    def row_at(self, position: int) -> int:
        """Return the place in AWS's order of the row that is shown at a position."""
        return self.places[position]

    def position_of(self, row: int) -> int | None:
        """Return where a row is shown, None where the filter hides it."""
        try:
            return self.places.index(row)
        except ValueError:
            return None

    def fields(self, row: int) -> dict[str, str | None]:
        """Return a row's values by the names of their columns, hidden ones too."""
        return dict(zip(self._source.columns, self.rows[row], strict=True))

    def layout(self, width: int) -> QueryLayout:
        """Return which columns are drawn in a width, and where."""
        return layout_of(self.columns, self.choice.hidden, self.choice.skip, width)

    def header(self, width: int) -> Line:
        """Return the names of the columns; the one that rows are sorted by has an arrow and another style."""
        layout = self.layout(width)
        parts: list[Line] = [line(said("<" if layout.hidden_before else " ", "key"))]
        for one in layout.placed:
            parts += [self._heading(one), (_GAP,)]
        more = ">" if layout.hidden_after else ""
        return (*pad(_beside(parts[:-1]), width - len(more)), *line(said(more, "key")))

    def lines(self, first: int, count: int, width: int) -> tuple[Line, ...]:
        """Return the rows shown from a position on, each in exactly `width` cells."""
        layout = self.layout(width)
        found = self._highlight
        shown = self.places[max(0, first) : max(0, first) + max(0, count)]
        return tuple(self._line(self.rows[place], layout, found) for place in shown)

    @cached_property
    def _filtered(self) -> Filtered:
        return self._source.filtered(self.choice.filter_text, self._clock)

    @property
    def _highlight(self) -> Highlight | None:
        condition = filter_condition(self.choice.filter_text)
        return None if condition is None or self.problem else highlight_of((condition,))

    def _heading(self, one: PlacedQueryColumn) -> Line:
        is_sorted = one.column.name == self.choice.sort_column
        arrow = _ARROWS[self._drawing.is_ascii][self.choice.is_descending] if is_sorted else ""
        style = "heading accent" if is_sorted else "heading"
        name = crop((said(printable(one.column.name, 200), style),), one.width - len(arrow))
        mark = line(said(arrow, style))
        return pad((*mark, *name), one.width, "right") if one.column.is_right else pad((*name, *mark), one.width)

    def _line(self, row: Sequence[str | None], layout: QueryLayout, found: Highlight | None) -> Line:
        parts: list[Line] = [(_MARGIN,)]
        is_utc = self._drawing.is_utc
        for column, _, width in layout.placed:
            value = row[column.place]
            cell = value_cell(value, column.type, width * 2 + _SPARE, is_utc=is_utc, time_end=column.time_end)
            if found is not None and value is not None:
                cell = found.line(cell)
            parts += [pad(cell, width, "right" if column.is_right else "left"), (_GAP,)]
        return pad(_beside(parts[:-1]), layout.width)


def sorted_by(choice: TableChoice, column: QueryColumn) -> TableChoice:
    """Return what a key or a click on a heading chooses: the column, its other direction, then AWS's order.

    Numbers and times begin with the largest, as one looks for the slowest or the newest.
    """
    is_descending = column.type in ("number", "time")
    if choice.sort_column != column.name:
        return choice._replace(sort_column=column.name, is_descending=is_descending)
    if choice.is_descending is is_descending:
        return choice._replace(is_descending=not is_descending)
    return choice._replace(sort_column=None, is_descending=False)


def _beside(parts: Sequence[Line]) -> Line:
    return tuple(span for part in parts for span in part)
