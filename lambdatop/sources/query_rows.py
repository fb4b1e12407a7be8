"""The rows of a query's answers as a table: columns in AWS's order, and the pointers to log events beside them."""

from collections.abc import Iterable, Mapping, Sequence

POINTER = "@ptr"
ResultRow = tuple[str | None, ...]


class QueryRows:
    """The rows so far; a row is given as its values by field, in AWS's order and without those it lacks."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self.rows: list[ResultRow] = []
        self.pointers: list[str] = []
        """One of each row, or none at all where a row lacks it."""
        self._rows_with_pointer = 0

    def add(self, found: Sequence[Mapping[str, str]]) -> None:
        """Append rows; a column that is new is put where its row has it."""
        columns = merged(self.columns, found)
        if columns != self.columns:
            self.rows = [_moved(row, self.columns, columns) for row in self.rows]
            self.columns = columns
        self.rows += [tuple(map(row.get, columns)) for row in found]
        self._rows_with_pointer += sum(POINTER in row for row in found)
        if self._rows_with_pointer == len(self.rows):
            self.pointers += [row[POINTER] for row in found]
        else:
            self.pointers = []


def merged(columns: Sequence[str], found: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the columns with those that rows add, `@ptr` apart.

    >>> merged(["a", "d"], [{"a": "1", "b": "2", "@ptr": "p"}, {"c": "3", "d": "4"}])
    ('a', 'b', 'c', 'd')
    """
    order, known = list(columns), {*columns, POINTER}
    for row in found:
        if row.keys() <= known:
            continue
        fields = [field for field in row if field != POINTER]
        place = next((order.index(field) for field in fields if field in known), len(order))
        for field in fields:
            if field in known:
                place = order.index(field) + 1
            else:
                known.add(field)
                order.insert(place, field)
                place += 1
    return tuple(order)


def _moved(row: ResultRow, before: Sequence[str], after: Sequence[str]) -> ResultRow:
    values = dict(zip(before, row, strict=True))
    return tuple(values.get(column) for column in after)
