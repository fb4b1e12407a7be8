"""A query's answer as a plain table on stdout: all columns whole in a pipe, and as much as fits on a terminal."""

from collections.abc import Iterator, Sequence

from lambdatop.parsers.query_value import ValueType, value_type
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.query_cells import value_cell
from lambdatop.render.query_layout import GAP_WIDTH, time_end_of
from lambdatop.render.query_redaction import redacted_rows
from lambdatop.render.query_rows import Rows
from lambdatop.render.saved_lines import Redact
from lambdatop.render.span import Line, line_width, pad
from lambdatop.render.words import said

_WHOLE = 1_100_000
"""Longer than any event of CloudWatch Logs (1 MB)."""
_LEAST_WIDTH = 8
"""Columns give way down to this before they are left out from the right."""
_SPARE = 40
_GAP = said(" " * GAP_WIDTH)


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
    cells = [[_cell(row[i], types[i], limit, ends[i], drawing) for i in range(len(columns))] for row in shown]
    headings: list[Line] = [(said(printable(name, limit), "heading"),) for name in columns]
    wanted = [max(line_width(row[index]) for row in (headings, *cells)) for index in range(len(columns))]
    widths = wanted if width is None else _fitting(wanted, types, width)
    yield _row(headings, widths, types)
    yield _row([(said(("-" if drawing.is_ascii else "─") * one, "dim"),) for one in widths], widths, types)
    for row in cells:
        yield _row(row, widths, types)
    left_out = columns[len(widths) :]
    if left_out:
        names = ", ".join(printable(name, 60) for name in left_out)
        yield pad((said(f"not shown, for want of width: {names}", "dim"),), width or 0)


def _cell(value: str | None, type_: ValueType, limit: int, time_end: int | None, drawing: Drawing) -> Line:
    return value_cell(value, type_, limit, is_utc=drawing.is_utc, time_end=time_end)


def _row(cells: Sequence[Line], widths: Sequence[int], types: Sequence[ValueType]) -> Line:
    spans: list[Line] = []
    for cell, width, type_ in zip(cells, widths, types, strict=False):
        spans += [pad(cell, width, "right" if type_ == "number" else "left"), (_GAP,)]
    return tuple(span for part in spans[:-1] for span in part)


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
