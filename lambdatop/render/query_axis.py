"""The axes of a chart: round values up the side, times of day along the bottom."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from lambdatop.render.query_units import Unit, value_text
from lambdatop.render.span import Line, Printable
from lambdatop.render.words import line, said

_LABEL_GAP = 3
_STEPS_MS = (
    1, 2, 5, 10, 20, 50, 100, 200, 500,
    *(count * 1_000 for count in (1, 2, 5, 10, 15, 30)),
    *(count * 60_000 for count in (1, 2, 5, 10, 15, 30)),
    *(count * 3_600_000 for count in (1, 2, 3, 6, 12)),
    *(count * 86_400_000 for count in (1, 2, 7, 14, 30, 90, 365, 3_650, 36_500)),
)  # fmt: skip
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000


class ValueAxis(NamedTuple):
    """From `bottom` to `top`, with a label at each multiple of `step`."""

    bottom: float
    top: float
    step: float
    unit: Unit

    def share(self, value: float) -> float:
        """Return how far up a value is, from 0 to 1."""
        return min(1.0, max(0.0, (value - self.bottom) / (self.top - self.bottom)))

    def labels(self, height: int) -> dict[int, Printable]:
        """Return labels by the row they stand in, 0 at the top."""
        labels: dict[int, Printable] = {}
        for number in range(math.ceil(self.bottom / self.step), math.floor(self.top / self.step) + 1):
            value = number * self.step
            row = height - 1 - min(height - 1, int(self.share(value) * height))
            labels.setdefault(row, value_text(value, self.unit))
        return labels


class TimeAxis(NamedTuple):
    """From the first bin's beginning to the last one's end."""

    start_ms: int
    end_ms: int

    def cell(self, at_ms: float, width: int) -> int:
        """Return in which of so many cells a time is."""
        return min(width - 1, self.edge(at_ms, width))

    def edge(self, at_ms: float, width: int) -> int:
        """Return before which of so many cells a time is; the end is behind the last one."""
        return max(0, min(width, int((at_ms - self.start_ms) / (self.end_ms - self.start_ms) * width)))


def value_axis(low: float, high: float, unit: Unit, height: int) -> ValueAxis:
    """Return an axis that holds zero and both values, with a label each four rows or so.

    >>> value_axis(0, 870, "ms", 12)
    ValueAxis(bottom=0, top=900, step=500, unit='ms')
    """
    low, high = min(0.0, low), max(0.0, high)
    if high - low <= 0 or not math.isfinite(high - low):
        high = low + 1.0
    wanted = (high - low) / max(2, height // 4)
    magnitude = 10.0 ** math.floor(math.log10(wanted))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= wanted * 0.999)
    if unit == "count":
        step = max(1.0, step)
    part = step / 5
    bottom, top = math.floor(low / part * 0.999_999) * part, math.ceil(high / part * 0.999_999) * part
    return ValueAxis(_whole(bottom), _whole(top), _whole(step), unit)


def time_lines(axis: TimeAxis, width: int, *, is_utc: bool, is_ascii: bool) -> tuple[Line, Line]:
    """Return the line along the bottom, and the times below it, each under its mark."""
    marks: dict[int, str] = {}
    used = -_LABEL_GAP
    for at_ms, label in _time_labels(axis, width, is_utc=is_utc):
        cell = axis.cell(at_ms, width)
        start = max(0, min(width - len(label), cell - len(label) // 2))
        if start >= used + _LABEL_GAP - 1 and len(label) <= width:
            marks[cell] = " " * (start - max(0, used)) + label
            used = start + len(label)
    rule, mark = ("-", "+") if is_ascii else ("─", "┬")
    return (
        line(said("".join(mark if cell in marks else rule for cell in range(width)), "dim")),
        line(said("".join(marks.values()), "dim")),
    )


def time_words(axis: TimeAxis, *, is_utc: bool) -> str:
    """Return what the axis spans, with the date and the zone.

    >>> time_words(TimeAxis(1_795_229_400_000, 1_795_233_000_000), is_utc=True)
    '2026-11-21 02:50 to 03:50 UTC'
    """
    start, end = _moment(axis.start_ms, is_utc=is_utc), _moment(axis.end_ms, is_utc=is_utc)
    if start is None or end is None:
        return ""
    zone = "UTC" if is_utc else f"{end:%z}"
    clock = "%H:%M" if (axis.end_ms - axis.start_ms) >= 2 * _MINUTE_MS else "%H:%M:%S"
    day = "" if start.date() == end.date() else f"{end:%Y-%m-%d} "
    return f"{start:%Y-%m-%d} {start.strftime(clock)} to {day}{end.strftime(clock)} {zone}"


def _time_labels(axis: TimeAxis, width: int, *, is_utc: bool) -> Iterator[tuple[int, str]]:
    """Yield round times and how they are written, as many as have room."""
    span_ms = axis.end_ms - axis.start_ms
    for step_ms in _STEPS_MS:
        form = "%m-%d" if step_ms >= _DAY_MS else "%H:%M" if step_ms >= _MINUTE_MS else "%H:%M:%S"
        if step_ms * width >= span_ms * (_cells(form, step_ms) + _LABEL_GAP):
            break
    else:
        return
    first = _moment(axis.start_ms, is_utc=is_utc)
    offset = first.utcoffset() if first is not None else None
    offset_ms = int(offset.total_seconds() * 1000) if offset is not None else 0
    at_ms = -(-(axis.start_ms + offset_ms) // step_ms) * step_ms - offset_ms
    while at_ms < axis.end_ms:
        moment = _moment(at_ms, is_utc=is_utc)
        if moment is not None:
            yield at_ms, moment.strftime(form) + (f".{at_ms % 1000:03d}" if step_ms < 1000 else "")
        at_ms += step_ms


def _cells(form: str, step_ms: int) -> int:
    return 5 if form != "%H:%M:%S" else 8 if step_ms >= 1000 else 12


def _moment(at_ms: int, *, is_utc: bool) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(at_ms / 1000, tz=UTC)
        return moment if is_utc else moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _whole(value: float) -> float:
    """Return an integer where the value is one, without what adding up left behind it."""
    value = float(f"{value:.12g}")
    return int(value) if value.is_integer() else value
