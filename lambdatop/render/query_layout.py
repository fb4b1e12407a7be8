"""The columns of a query's answer: how wide each one is, and which of them fit a width."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from lambdatop.parsers.query_value import ValueType
from lambdatop.render.printable import printable
from lambdatop.render.query_cells import value_cell
from lambdatop.render.span import line_width, text_width

MARKER_WIDTH, GAP_WIDTH = 1, 2
_MORE_WIDTH = 2
"""Of the sign that there are more columns, and a blank before it."""
LEAST_WIDTH, MOST_WIDTH = 3, 48
"""Of a column that nobody has chosen a width for; what is left of a line goes to columns that want more."""
MOST_CHOSEN = 400
SAMPLE_ROWS = 200
_MOST_WANTED = 2_000
_LEAST_PART = 10
"""A column that does not fit is begun where so many cells are left."""
_TIME_ENDS = (("00.000", 16), (".000", 19))


class QueryColumn(NamedTuple):
    """A column of the answer."""

    name: str
    type: ValueType
    place: int
    """Among all columns of the answer."""
    width: int
    """Cells that it is given where there is room."""
    wanted: int = 0
    """Cells that its values would take, as far as they were looked at."""
    time_end: int | None = None
    """How many characters of its times are worth showing: all of them may be whole minutes."""
    is_chosen: bool = False
    """Whether somebody has chosen the width."""

    @property
    def is_right(self) -> bool:
        """Whether values stand at the right, as numbers do."""
        return self.type == "number"


class PlacedQueryColumn(NamedTuple):
    """A column and the cells it takes: `[x, x + width)`."""

    column: QueryColumn
    x: int
    width: int


class QueryLayout(NamedTuple):
    """The columns on screen, and how many are out of sight on either side."""

    width: int
    placed: tuple[PlacedQueryColumn, ...]
    hidden_before: int = 0
    hidden_after: int = 0

    def column_at(self, x: int) -> QueryColumn | None:
        """Return the column that is drawn at a cell of the line."""
        return next((one.column for one in self.placed if one.x <= x < one.x + one.width + GAP_WIDTH), None)


def measured_column(
    place: int, name: str, type_: ValueType, values: Sequence[str | None], *, is_utc: bool
) -> QueryColumn:
    """Return a column as wide as its name and its first values need."""
    time_end = time_end_of(values) if type_ == "time" else None
    cells = (
        value_cell(value, type_, _MOST_WANTED, is_utc=is_utc, time_end=time_end)
        for value in islice(values, SAMPLE_ROWS)
    )
    wanted = max([text_width(printable(name, 200)) + 1, *map(line_width, cells)])
    return QueryColumn(name, type_, place, max(LEAST_WIDTH, min(wanted, MOST_WIDTH)), wanted, time_end)


def with_width(column: QueryColumn, chosen: int | None) -> QueryColumn:
    """Return the column as wide as somebody has chosen, None for as it was measured."""
    return column if chosen is None else column._replace(width=max(1, min(chosen, MOST_CHOSEN)), is_chosen=True)


def layout_of(columns: Sequence[QueryColumn], hidden: Iterable[str], skip: int, width: int) -> QueryLayout:
    """Return the columns for a width, without the first `skip` of those that are not hidden."""
    hidden = frozenset(hidden)
    shown = [column for column in columns if column.name not in hidden]
    skip = max(0, min(skip, len(shown) - 1))
    candidates = shown[skip:]
    widths = _fitting(candidates, width - MARKER_WIDTH)
    if len(widths) < len(candidates):
        widths = _fitting(candidates, width - MARKER_WIDTH - _MORE_WIDTH)
    placed: list[PlacedQueryColumn] = []
    x = MARKER_WIDTH
    for column, column_width in zip(candidates, widths, strict=False):
        placed.append(PlacedQueryColumn(column, x, column_width))
        x += column_width + GAP_WIDTH
    return QueryLayout(width, tuple(placed), skip, len(candidates) - len(placed))


def chosen_widths(widths: Mapping[str, int], name: str, width: int) -> Mapping[str, int]:
    """Return the chosen widths with that of one column; 0 leaves it to the values again.

    >>> chosen_widths({"a": 9}, "b", 4), chosen_widths({"a": 9}, "a", 0)
    ({'a': 9, 'b': 4}, {})
    """
    others = {one: its for one, its in widths.items() if one != name}
    return others | {name: min(width, MOST_CHOSEN)} if width > 0 else others


def _fitting(columns: Sequence[QueryColumn], room: int) -> list[int]:
    """Return the widths of as many columns as fit, of the last one perhaps a part; what is left over is given away."""
    widths: list[int] = []
    for column in columns:
        if column.width > room:
            if not widths or room >= _LEAST_PART:
                widths.append(max(1, room))
            break
        widths.append(column.width)
        room -= column.width + GAP_WIDTH
    else:
        room += GAP_WIDTH
        for place, column in reversed(list(enumerate(columns))):
            if not column.is_chosen and column.wanted > column.width and room > 0:
                more = min(room, column.wanted - column.width)
                widths[place] += more
                room -= more
    return widths


def time_end_of(values: Sequence[str | None]) -> int | None:
    """Return where times may end so that all that is left out is zero in each of them; None for nowhere.

    >>> time_end_of(["2026-11-21 03:05:00.000", None]), time_end_of(["2026-11-21 03:05:07.000"])
    (16, 19)
    """
    return next((end for ending, end in _TIME_ENDS if all(not one or one.endswith(ending) for one in values)), None)
