"""Cells of a chart over time: lines out of braille dots, bars out of blocks, both out of letters in ASCII.

Series are told apart without colours too: lines by a mark on some of their bins, bars by how they are filled.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from lambdatop.render.block_chart import cells_line
from lambdatop.render.query_axis import TimeAxis, ValueAxis
from lambdatop.render.query_series import Chart
from lambdatop.render.span import Line

MARKS, ASCII_MARKS = "●▲■◆○△", "*o+x#@"
FILLS, ASCII_FILLS = "█▓▒░▚·", "#=+:%."
_BLOCKS = " ▁▂▃▄▅▆▇█"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille letter by row and column (Unicode chapter 21.1)."""
_BRAILLE = 0x2800
_MARK_EVERY = 10
"""Cells between two marks of a line."""
_BAR_GAP_FROM = 3
"""Bars that are so wide, on average, have a blank cell behind them."""

Cell = tuple[str, str]
"""A character and its style."""
BLANK: Cell = (" ", "")


def style_of(rank: int) -> str:
    """Return the style of the series with a rank, 0 being the largest."""
    return f"series_{rank + 1}"


def line_cells(
    chart: Chart, values: ValueAxis, times: TimeAxis, size: tuple[int, int], *, is_ascii: bool
) -> list[Line]:
    """Return rows of `size` (width, height) with a line for each series, the largest on top; gaps stay open."""
    width, height = size
    across, down = (1, 1) if is_ascii else (2, 4)
    rows = [[BLANK] * width for _ in range(height)]
    dots = [[0] * width for _ in range(height)]
    marks = ASCII_MARKS if is_ascii else MARKS
    for rank in reversed(range(len(chart.series))):
        style, mark = style_of(rank), marks[rank]
        next_mark = rank * 3
        for piece in _unbroken(sorted(chart.series[rank].points), chart.period_ms):
            points = [
                (
                    times.cell(at_ms + chart.period_ms / 2, width * across),
                    height * down - 1 - round(values.share(chart.series[rank].points[at_ms]) * (height * down - 1)),
                )
                for at_ms in piece
            ]
            for x, y in _drawn(points):
                row, column = y // down, x // across
                dots[row][column] |= _DOTS[y % 4][x % 2] if not is_ascii else 0
                rows[row][column] = (mark if is_ascii else chr(_BRAILLE + dots[row][column]), style)
            for x, y in points if len(chart.series) > 1 and not is_ascii else ():
                if x // across >= next_mark:
                    rows[y // down][x // across] = (mark, style)
                    next_mark = x // across + _MARK_EVERY
    return [cells_line(row) for row in rows]


def bar_cells(chart: Chart, values: ValueAxis, times: TimeAxis, size: tuple[int, int], *, is_ascii: bool) -> list[Line]:
    """Return rows with a bar for each bin, or for the largest of several that share a cell.

    What can be added up is stacked, the largest series at the bottom; of all else the lower bar is in front.
    """
    width, height = size
    rows = [[BLANK] * width for _ in range(height)]
    zero = round(values.share(0) * height) * 8
    for (start, end), at_ms in _bar_places(chart, times, width):
        segments = _segments(chart, at_ms, values, height, zero)
        for row in range(height):
            cell = _bar_cell(segments, (height - 1 - row) * 8, zero, is_ascii=is_ascii)
            if cell is not None:
                rows[row][start:end] = [cell] * (end - start)
    return [cells_line(row) for row in rows]


def stacked_values(chart: Chart, at_ms: int) -> list[float]:
    """Return the values of a bin by series; those that are not drawn one by one are added up behind them."""
    drawn = [series.points.get(at_ms, 0.0) for series in chart.series]
    return [*drawn, chart.rest.get(at_ms, 0.0)]


def _unbroken(times: Sequence[int], period_ms: int) -> list[list[int]]:
    """Return runs of bins that follow each other; a bin that is missing ends one."""
    runs: list[list[int]] = []
    for at_ms in times:
        if runs and at_ms - runs[-1][-1] <= period_ms * 1.5:
            runs[-1].append(at_ms)
        else:
            runs.append([at_ms])
    return runs


def _drawn(points: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Yield the dots of the lines between points."""
    yield points[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(1, steps + 1):
            yield x0 + round((x1 - x0) * step / steps), y0 + round((y1 - y0) * step / steps)


def _bar_places(chart: Chart, times: TimeAxis, width: int) -> list[tuple[tuple[int, int], int]]:
    """Return the cells of each bar and the bin it shows."""
    places: dict[int, tuple[int, int]] = {}
    for at_ms in chart.times:
        start = times.cell(at_ms, width)
        end = max(start + 1, times.edge(at_ms + chart.period_ms, width))
        known = places.get(start)
        if known is None or _height(chart, at_ms) > _height(chart, known[1]):
            places[start] = (end, at_ms)
    has_gaps = chart.period_ms * width >= _BAR_GAP_FROM * (times.end_ms - times.start_ms)
    return [((start, end - 1 if has_gaps else end), at_ms) for start, (end, at_ms) in places.items()]


def _height(chart: Chart, at_ms: int) -> float:
    values = stacked_values(chart, at_ms)
    return sum(values) if chart.is_additive else max(map(abs, values[:-1]), default=0.0)


def _segments(chart: Chart, at_ms: int, values: ValueAxis, height: int, zero: int) -> list[tuple[int, int, int]]:
    """Return from where to where a bar goes, in eighths of a row from the bottom, and the rank of its series."""
    segments: list[tuple[int, int, int]] = []
    if chart.is_additive and min(stacked_values(chart, at_ms)) >= 0:
        total, base = 0.0, zero
        for rank, part in enumerate(stacked_values(chart, at_ms)):
            total += part
            top = zero + round((values.share(total) - values.share(0)) * height * 8)
            if part:
                top = max(top, zero + 1)
                segments.append((base, top, rank))
                base = top
        return segments
    for rank, series in enumerate(chart.series):
        value = series.points.get(at_ms, 0.0)
        end = zero + round((values.share(value) - values.share(0)) * height * 8)
        if value > 0:
            segments.append((zero, max(zero + 1, end), rank))
        elif value < 0:
            segments.append((min(end, zero - 1), zero, rank))
    return sorted(segments, key=lambda one: one[1] - one[0])


def _bar_cell(segments: Sequence[tuple[int, int, int]], low: int, zero: int, *, is_ascii: bool) -> Cell | None:
    """Return what stands in the row that begins at `low`; the first segment that reaches into its middle is seen."""
    fills = ASCII_FILLS if is_ascii else FILLS
    top = max((end for _, end, _ in segments), default=zero)
    for start, end, rank in segments:
        if start <= low + 4 < end or (start <= low and end >= low + 8):
            whole = (fills[rank], style_of(rank))
            is_top = end == top and low < end < low + 8
            return (_BLOCKS[end - low], style_of(rank)) if is_top and rank == 0 and not is_ascii else whole
    for start, end, rank in segments:
        is_stub = low < end <= low + 4 and end == top and start <= low
        if is_stub and (end - zero <= 8 or (rank == 0 and not is_ascii)):
            return (fills[rank] if is_ascii or rank else _BLOCKS[end - low], style_of(rank))
    return None
