"""A chart of a query's answer: lines or bars over time where it has bins, else a bar for each group."""

from collections.abc import Iterator, Sequence

from lambdatop.render.ascii_text import ascii_line
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.query_axis import TimeAxis, ValueAxis, time_lines, time_words, value_axis
from lambdatop.render.query_group_bars import group_bar_lines, short_names
from lambdatop.render.query_plot import (
    ASCII_FILLS,
    ASCII_MARKS,
    FILLS,
    MARKS,
    bar_cells,
    line_cells,
    stacked_values,
    style_of,
)
from lambdatop.render.query_series import Chart, ChartChoice, chart_of, chart_problem, value_columns
from lambdatop.render.query_table import QueryTable
from lambdatop.render.query_units import unit_of, value_text
from lambdatop.render.span import Line, crop, line_width, text_width
from lambdatop.render.words import fitting, joined, line, said, wrapped

__all__ = ["ChartChoice", "chart_lines", "chart_problem", "value_columns"]

LEAST_WIDTH, LEAST_HEIGHT = 30, 6
_NAME_WIDTH = 32
_OTHERS_NAMED = 20
_AROUND = 3
"""Lines of the title, the axis and its times."""


def chart_lines(table: QueryTable, choice: ChartChoice, width: int, height: int, drawing: Drawing) -> tuple[Line, ...]:
    """Return at most `height` lines of at most `width` cells; a sentence where nothing can be drawn."""
    problem = chart_problem(table, choice)
    if problem is None and (width < LEAST_WIDTH or height < LEAST_HEIGHT):
        problem = f"A chart needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows."
    if problem is not None:
        return wrapped(printable(problem, 1_000), max(1, width), "dim")[: max(0, height)]
    chart = chart_of(table, choice)
    if chart.times:
        lines = _over_time(table, chart, choice, width, height, drawing)
    else:
        title = fitting([*_title(chart), *_notes(table, chart)], width)
        lines = [title, *group_bar_lines(chart, width, height - 1, is_ascii=drawing.is_ascii)]
    cropped = tuple(crop(one, width) for one in lines[:height])
    return tuple(map(ascii_line, cropped)) if drawing.is_ascii else cropped


def _over_time(
    table: QueryTable, chart: Chart, choice: ChartChoice, width: int, height: int, drawing: Drawing
) -> list[Line]:
    is_bars = choice.kind == "bars" or (choice.kind == "auto" and chart.is_additive)
    legend = _legend(chart, width, max(1, min(3, height // 6)), is_bars=is_bars, is_ascii=drawing.is_ascii)
    plot_height = height - _AROUND - len(legend)
    values = _value_axis(chart, plot_height, is_bars=is_bars)
    labels = values.labels(plot_height)
    label_width = max(text_width(label) for label in labels.values())
    times = TimeAxis(chart.times[0], chart.times[-1] + chart.period_ms)
    size = (width - label_width - 2, plot_height)
    draw = bar_cells if is_bars else line_cells
    rows = draw(chart, values, times, size, is_ascii=drawing.is_ascii)
    notch, side, corner = ("+", "|", "+") if drawing.is_ascii else ("┤", "│", "└")
    span = said(time_words(times, is_utc=drawing.is_utc), "dim")
    merged = _merged(chart, times, size[0], is_bars=is_bars)
    lines = [fitting([*_title(chart), *merged, *_notes(table, chart), (span,)], width)]
    for row, cells in enumerate(rows):
        label = labels.get(row)
        head = said(f"{label or '':>{label_width}} {notch if label else side}", "dim")
        lines.append((head, *cells))
    rule, below = time_lines(times, size[0], is_utc=drawing.is_utc, is_ascii=drawing.is_ascii)
    lines += [(said(f"{'':{label_width}} {corner}", "dim"), *rule), (said(" " * (label_width + 2)), *below)]
    return [*lines, *legend]


def _value_axis(chart: Chart, height: int, *, is_bars: bool) -> ValueAxis:
    drawn = [value for series in chart.series for value in series.points.values()]
    low, high = min(drawn), max(drawn)
    if is_bars and chart.is_additive and low >= 0:
        high = max(sum(stacked_values(chart, at_ms)) for at_ms in chart.times)
    return value_axis(low, high, unit_of(chart.value.name), height)


def _title(chart: Chart) -> Iterator[Line]:
    yield (said(printable(chart.value.name, 60), "heading"),)
    if chart.by:
        yield (said(f"by {printable(chart.by, 60)}", "dim"),)


def _notes(table: QueryTable, chart: Chart) -> Iterator[Line]:
    if table.row_count < table.total:
        yield (said(f"{table.row_count:,} of {table.total:,} rows, by the filter", "warning"),)
    if chart.repeated:
        yield (said("several rows a bin: the largest is drawn", "warning"),)
    if chart.missing:
        rows = "row" if chart.missing == 1 else "rows"
        yield (said(f"{chart.missing:,} {rows} without a value", "dim"),)


def _merged(chart: Chart, times: TimeAxis, width: int, *, is_bars: bool) -> Iterator[Line]:
    """Yield that a bar stands for several bins, where it does."""
    count = -(-(times.end_ms - times.start_ms) // chart.period_ms)
    if is_bars and count > width:
        yield (said(f"the largest of {-(-count // width)} bins a bar", "warning"),)


def _legend(chart: Chart, width: int, most_lines: int, *, is_bars: bool, is_ascii: bool) -> list[Line]:
    """Return the sign and the name of each series, then what is not drawn."""
    if chart.group_count == 1 and not chart.by:
        return []
    signs = (ASCII_FILLS if is_ascii else FILLS) if is_bars else (ASCII_MARKS if is_ascii else MARKS)
    if chart.group_count == 1 and not is_bars and not is_ascii:
        signs = "─"
    names = short_names([series.name for series in (*chart.series, *chart.others[:_OTHERS_NAMED])], _NAME_WIDTH)
    entries = [_entry(sign, rank, names[rank], chart) for rank, sign in enumerate(signs[: len(chart.series)])]
    if chart.others:
        is_stacked = is_bars and chart.is_additive
        entries.append(_others(signs[len(chart.series)] if is_stacked else "", chart, names[len(chart.series) :]))
    lines: list[Line] = []
    for entry in entries:
        if lines and line_width(lines[-1]) + 3 + line_width(entry) <= width:
            lines[-1] = joined((lines[-1], entry), "   ")
        elif len(lines) < most_lines:
            lines.append(entry)
        else:
            lines[-1] = crop(joined((lines[-1], entry), "   "), width)
    return lines


def _entry(sign: str, rank: int, name: Line, chart: Chart) -> Line:
    total = value_text(chart.series[rank].total, unit_of(chart.value.name))
    return line(said(f"{sign} ", style_of(rank)), *name, said(f" {total}" if chart.is_additive else "", "dim"))


def _others(sign: str, chart: Chart, names: Sequence[Line]) -> Line:
    said_first = said(f"{len(chart.others):,} more: ", "dim")
    named = [span._replace(style="dim") for span in joined(names, ", ")]
    return line(said(f"{sign} " if sign else "", style_of(len(chart.series))), said_first, *named)
