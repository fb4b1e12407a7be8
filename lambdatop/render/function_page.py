"""A function's own page: its state, numbers over every window, versions, settings, invocations and errors."""

from collections.abc import Sequence

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import LogMoment
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.statistics import (
    FAILURE_KINDS,
    ErrorSample,
    FunctionDetail,
    FunctionStatistics,
    Invocation,
    WindowStatistics,
)
from lambdatop.model.view import WINDOWS, Window
from lambdatop.render import cells, units
from lambdatop.render.drawing import Drawing
from lambdatop.render.event_lines import error_lines, invocation_lines, kind_words
from lambdatop.render.function_words import note_sentences
from lambdatop.render.header import WINDOW_WORDS
from lambdatop.render.page import Page, RequestTarget, stacked, with_targets
from lambdatop.render.printable import printable
from lambdatop.render.setting_lines import concurrency_lines, queue_lines, setting_lines
from lambdatop.render.span import Line
from lambdatop.render.states import STATE_SHAPES
from lambdatop.render.text_table import Align, text_table
from lambdatop.render.words import foreign, line, said, wrapped

INVOCATIONS_SHOWN = 50
ERRORS_SHOWN = 30
ERRORS_FIRST = 5
"""So many stand above all numbers: they are what the page of a failing function is opened for."""


def function_page(
    function: FunctionStatistics | None, detail: FunctionDetail | None, snapshot: Snapshot, drawing: Drawing, width: int
) -> Page:
    """Return the page; errors and invocations lead to their requests. Without a detail yet, what the row knows."""
    if function is None:
        return Page(wrapped("This function is no longer in the list of functions; esc goes back.", width, "warning"))
    head = [*_head(function, drawing, width), ()]
    errors = detail.recent_errors[:ERRORS_SHOWN] if detail is not None else ()
    newest = _errors("Recent errors", function.key, errors[:ERRORS_FIRST], drawing, width)
    lines: list[Line] = []
    windows = detail.windows if detail is not None else {snapshot.window: function.window}
    lines += [_heading("Windows"), *_window_table(windows, width), ()]
    versions = detail.versions if detail is not None else function.versions
    if versions:
        named = {version.version: version.statistics for version in versions}
        lines += [_heading("Versions", f"over {WINDOW_WORDS[snapshot.window]}")]
        lines += [*_statistics_table("version", named, width), ()]
    lines += [_heading("Concurrency"), *concurrency_lines(function, drawing, width), ()]
    lines += [_heading("Dead letters"), *queue_lines(function, snapshot, width), ()]
    after = [(), _heading("Settings"), *setting_lines(function.function, width)]
    older = _errors("Earlier errors", function.key, errors[ERRORS_FIRST:], drawing, width)
    invocations = detail.recent_invocations[:INVOCATIONS_SHOWN] if detail is not None else ()
    return stacked([head, *newest, lines, *older, *_invocations(function.key, invocations, drawing, width), after])


def _errors(title: str, key: FunctionKey, errors: Sequence[ErrorSample], drawing: Drawing, width: int) -> list[Page]:
    """Return errors, each leading to its request; nothing where there are none."""
    if not errors:
        return []
    table = with_targets(error_lines(errors, drawing, width), [_failed(key, error) for error in errors])
    return [Page((_heading(title, "newest first"),)), table, Page(((),))]


def _invocations(key: FunctionKey, invocations: Sequence[Invocation], drawing: Drawing, width: int) -> list[Page]:
    """Return invocations, each leading to its request where it names one."""
    table = invocation_lines(invocations, drawing, width)
    requests = [RequestTarget(key, one.request_id) if one.request_id else None for one in invocations]
    return [Page((_heading("Recent invocations", "newest first"),)), with_targets(table, requests, first=1)]


def _failed(key: FunctionKey, error: ErrorSample) -> RequestTarget:
    """Return the request of an error, which its line need not name."""
    if error.request_id is not None:
        return RequestTarget(key, error.request_id)
    return RequestTarget(key, None, LogMoment(error.log_stream, error.timestamp_ms))


def _heading(text: str, words: str = "") -> Line:
    return line(said(text, "heading"), said(f"  {words}" if words else "", "dim"))


def _head(function: FunctionStatistics, drawing: Drawing, width: int) -> list[Line]:
    state = function.health.state
    glyph, style = STATE_SHAPES[state]
    since = units.clock(function.health.since_ms, drawing.is_utc)
    lines = [
        line(
            said(f"{glyph} ", style), foreign(function.key.name, "heading", width - 4),
        ),
        line(
            said(f"  {state}", style),
            said(f" since {since}" if function.health.since_ms is not None else "", "dim"),
            said("  "), *cells.trend_cell(function, drawing), said(" invocations", "dim"),
        ),
    ]  # fmt: skip
    lines.extend(wrapped(printable(function.health.reason, 300), width, style, indent="  "))
    for sentence in note_sentences(function):
        lines.extend(wrapped(sentence, width, "provisional", indent="  "))
    return [one for one in lines if one]


def _window_table(windows: dict[Window, WindowStatistics], width: int) -> tuple[Line, ...]:
    named = {WINDOW_WORDS[window]: windows[window] for window in WINDOWS if window in windows}
    return _statistics_table("window", named, width)


def _statistics_table(noun: str, named: dict[str, WindowStatistics], width: int) -> tuple[Line, ...]:
    headings = (
        noun, "invoked", "error", "failed", "cold", "init95", "p50", "p95", "p99", "max", "throttled", "peak",
        "memory", "cost", "kinds of failure",
    )  # fmt: skip
    rows = [[line(said(heading, "dim")) for heading in headings]]
    rows.extend(_statistics_row(name, statistics) for name, statistics in named.items())
    numbers: list[Align] = ["right"] * (len(headings) - 2)
    indented = text_table(rows, ("left", *numbers, "left"), width - 2, flexible=len(headings) - 1)
    return tuple((said("  "), *row) for row in indented)


def _statistics_row(name: str, one: WindowStatistics) -> list[Line]:
    duration, init = one.duration_ms, one.init_duration_ms or one.restore_duration_ms
    share = one.error_rate
    return [
        line(foreign(name, "", 20)),
        cells.number(units.count(one.best_invocations)),
        cells.number(units.percent(share), cells.error_style(share)),
        cells.number(units.count(one.errors), "" if one.errors else "dim"),
        cells.number(units.percent(one.cold_start_rate)),
        cells.number(units.milliseconds(init.p95 if init else None)),
        cells.number(units.milliseconds(duration.p50 if duration else None)),
        cells.number(units.milliseconds(duration.p95 if duration else None)),
        cells.number(units.milliseconds(duration.p99 if duration else None)),
        cells.number(units.milliseconds(duration.max if duration else None)),
        cells.number(units.count(one.throttles), "warning" if one.throttles else ""),
        cells.number(units.count(one.concurrency_peak)),
        cells.number(units.megabytes(one.max_memory_used_mb)),
        cells.number(units.dollars(one.cost_usd)),
        _kinds(one),
    ]


def _kinds(one: WindowStatistics) -> Line:
    counts = ((kind, getattr(one.error_kinds, kind)) for kind in FAILURE_KINDS)
    return line(said(", ".join(f"{count} {kind_words(kind)}" for kind, count in counts if count), "dim"))
