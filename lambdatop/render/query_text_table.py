"""A query's answer as a plain table on stdout: all columns whole in a pipe, and as much as fits on a terminal."""

from collections.abc import Iterator, Sequence

from lambdatop.parsers.query_value import ValueType, value_type
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.query_cells import value_cell
from lambdatop.render.query_layout import GAP_WIDTH, time_end_of
from lambdatop.render.query_redaction import Row, redacted_rows
from lambdatop.render.query_rows import Rows
from lambdatop.render.saved_lines import Redact
from lambdatop.render.span import Line, Span, crop, line_width, pad, text_width
from lambdatop.render.words import said

_WHOLE = 1_100_000
"""Longer than any event of CloudWatch Logs (1 MB)."""
_LEAST_WIDTH = 8
"""Columns give way down to this before they are left out from the right."""
_SPARE = 40
_Cell = tuple[Line, int]
"""What is drawn, and how many cells it takes."""


def table_lines(
    columns: Sequence[str], rows: Rows, width: int | None, drawing: Drawing, redact: Redact | None = None
) -> Iterator[Line]:
    """Yield a heading, a rule and a line a row; None is as wide as they are, else the widest columns give way.

    Columns that fit no more are named in a last line.
    """
    if not columns:
        return
    shown = list(redacted_rows(columns, rows, redact))
    types = [value_type(row[index] for row in rows) for index in range(len(columns))]
    ends = [
        time_end_of([row[index] for row in shown]) if type_ == "time" else None for index, type_ in enumerate(types)
    ]
    limit = _WHOLE if width is None else width * 2 + _SPARE
    described = list(zip(types, ends, strict=True))

    def cells(row: Row) -> list[_Cell]:
        return [_cell(value, *one, limit, drawing) for value, one in zip(row, described, strict=True)]

    headings = [_measured((said(printable(name, limit), "heading"),)) for name in columns]
    wanted = [width for _, width in headings]
    for row in shown:
        wanted = [max(known, width) for known, (_, width) in zip(wanted, cells(row), strict=True)]
    widths = wanted if width is None else _fitting(wanted, types, width)
    are_right = [type_ == "number" for type_ in types]
    yield _row(headings, widths, are_right)
    rule = "-" if drawing.is_ascii else "─"
    yield _row([((said(rule * one, "dim"),), one) for one in widths], widths, are_right)
    for row in shown:
        yield _row(cells(row), widths, are_right)
    left_out = columns[len(widths) :]
    if left_out:
        names = ", ".join(printable(name, 60) for name in left_out)
        yield pad((said(f"not shown, for want of width: {names}", "dim"),), width or 0)


def _cell(value: str | None, type_: ValueType, time_end: int | None, limit: int, drawing: Drawing) -> _Cell:
    return _measured(value_cell(value, type_, limit, is_utc=drawing.is_utc, time_end=time_end))


def _measured(cell: Line) -> _Cell:
    return cell, text_width(cell[0].text) if len(cell) == 1 else line_width(cell)


def _row(cells: Sequence[_Cell], widths: Sequence[int], are_right: Sequence[bool]) -> Line:
    """Return cells in columns, the blanks between two of them in one span."""
    spans: list[Span] = []
    blanks = 0
    for whole, width, is_right in zip(cells, widths, are_right, strict=False):
        cell, its_width = whole if whole[1] <= width else _measured(crop(whole[0], width))
        blanks += width - its_width if is_right else 0
        if blanks:
            spans.append(said(" " * blanks))
        spans += cell
        blanks = GAP_WIDTH + (0 if is_right else width - its_width)
    if blanks > GAP_WIDTH:
        spans.append(said(" " * (blanks - GAP_WIDTH)))
    return tuple(spans)


def _fitting(wanted: Sequence[int], types: Sequence[ValueType], width: int) -> list[int]:
    """Return widths that fit: texts give way, the widest first; then columns are left out from the right.

    >>> _fitting([23, 90, 4], ["time", "text", "number"], 50), _fitting([23, 23, 23], ["text", "time", "time"], 40)
    ([23, 19, 4], [15, 23])
    """
    least = [
        min(one, _LEAST_WIDTH) if type_ in ("text", "json") else one for one, type_ in zip(wanted, types, strict=True)
    ]
    while len(least) > 1 and sum(least) + GAP_WIDTH * (len(least) - 1) > width:
        least.pop()
    room = max(1, width - GAP_WIDTH * (len(least) - 1))
    widest = max(wanted)
    while sum(fitted := [max(low, min(high, widest)) for low, high in zip(least, wanted, strict=False)]) > room:
        if widest <= 1:
            return [min(one, room) for one in fitted]
        widest -= 1
    for place, high in enumerate(wanted[: len(least)]):
        fitted[place] += min(room - sum(fitted), high - fitted[place])
    return fitted
