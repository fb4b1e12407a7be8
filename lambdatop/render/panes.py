"""The six panes: what each says, before it is fitted into a place on the screen."""

import heapq
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.statistics import FAILURE_KINDS, FunctionStatistics
from lambdatop.render import freshness, units
from lambdatop.render.cells import concurrency_style, error_style, limit_of, number, peak_of
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.trace_words import duration_s, entry_point, trace_status
from lambdatop.render.words import first_sentence, foreign, joined, line, said

PaneKind = Literal["concurrency", "cold_starts", "throttles", "errors", "dead_letters", "traces"]

ROWS_GLANCED = 8
"""More than any pane on the overview has room for."""


class PaneRow(NamedTuple):
    """One of the worst: who, and its numbers."""

    name: Line
    value: Line


class PaneContent(NamedTuple):
    """What a pane says."""

    title: str
    number: Line
    trend: tuple[int | None, ...]
    provisional: int
    worst: tuple[PaneRow, ...]
    """Worst first, as many as were asked for."""
    calm: str
    """What to say where there is no worst."""
    origin: Line
    trouble: str | None = None
    """Why there are no numbers, in a sentence."""
    is_behind: bool = False
    """Whether the numbers are older than they should be."""


class Pane(NamedTuple):
    """A pane's place in the table of panes."""

    kind: PaneKind
    title: str
    sources: tuple[str, ...]
    """Beginnings of the names of its sources, the deciding one first."""
    read: Callable[[Snapshot, Drawing, int], PaneContent]
    sort_column: str
    help: str


def pane_content(pane: Pane, snapshot: Snapshot, drawing: Drawing, limit: int = ROWS_GLANCED) -> PaneContent:
    """Return what a pane says now, with where it comes from and what is wrong with that, and `limit` rows."""
    sources = freshness.of_kinds(snapshot.sources, pane.sources)
    content = pane.read(snapshot, drawing, limit)
    reason = content.trouble or trouble(sources)
    return content._replace(
        origin=freshness.origin(sources),
        trouble=None if reason is None else printable(reason, 400),
        is_behind=any(freshness.is_behind(source) for source in sources),
    )


def trouble(sources: Sequence[SourceStatus]) -> str | None:
    """Return why nothing can be shown, where the deciding source has never had an answer; else None."""
    deciding = [source for source in sources if freshness.kind_of(source) == freshness.kind_of(sources[0])]
    if not deciding or any(source.last_success_ms is not None for source in deciding):
        return None
    for source in deciding:
        if source.state in freshness.BROKEN:
            return f"{first_sentence(source.detail)}." if source.detail else f"{source.name}: {source.state}."
    if all(source.state == "starting" for source in deciding):
        return "waiting for the first answer"
    return None


def _ranked(
    functions: Sequence[FunctionStatistics], key: Callable[[FunctionStatistics], float | None], limit: int
) -> list[FunctionStatistics]:
    """Return the `limit` functions with the largest values, largest first, those without one left out."""
    valued = [(-value, one.key.name, at) for at, one in enumerate(functions) if (value := key(one))]
    return [functions[at] for _, _, at in heapq.nsmallest(limit, valued)]


def _name(function: FunctionStatistics) -> Line:
    return line(foreign(function.key.name))


def _limit_share(function: FunctionStatistics, drawing: Drawing) -> float:
    """Order by share of the function's own limit first, then by what is in flight."""
    peak = max(peak_of(function) or 0, function.concurrency_now or 0)
    limit = limit_of(function, drawing)
    return peak / limit if limit else float(peak > 0)


def _concurrency(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    def total(values: Sequence[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    in_use = total([account.in_use for account in snapshot.accounts])
    peak = total([account.peak for account in snapshot.accounts])
    ceiling = total([account.ceilings.limit if account.ceilings else None for account in snapshot.accounts])
    rows = []
    for one in _ranked(snapshot.functions, lambda one: _limit_share(one, drawing), limit):
        own_limit = limit_of(one, drawing)
        style = concurrency_style(one.concurrency_now, peak_of(one), own_limit)
        text = f"{units.count(one.concurrency_now)}/{units.count(peak_of(one))}/{units.count(own_limit)}"
        rows.append(PaneRow(_name(one), line(said(text, style))))
    counted = (
        *number(units.count(in_use), concurrency_style(in_use, peak, ceiling) or "heading"),
        said(f" of {units.count(ceiling)}", "dim"),
        said(f", peak {units.count(peak)}", "dim"),
    )
    return _content("concurrency", counted, snapshot.trends.concurrency_peak, drawing, rows, "nothing in flight")


def _cold_starts(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    total = snapshot.total
    share = None if total is None else total.cold_start_rate
    rows = []
    for one in _ranked(snapshot.functions, lambda one: one.window.cold_starts, limit):
        percentiles = one.window.init_duration_ms or one.window.restore_duration_ms
        init = "" if percentiles is None else f"  p95 {units.milliseconds(percentiles.p95)}"
        rows.append(PaneRow(_name(one), line(said(units.count(one.window.cold_starts)), said(init, "dim"))))
    counted = (
        *number(units.percent(share), "heading"),
        said(f", {units.count(None if total is None else total.cold_starts)} cold", "dim"),
    )
    return _content("cold starts", counted, snapshot.trends.cold_starts, drawing, rows, "none in this window")


def _throttles(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    total = snapshot.total
    throttles = None if total is None else total.throttles
    share = None if total is None else total.throttle_rate
    rows = [
        PaneRow(
            _name(one),
            line(
                said(units.count(one.window.throttles), "warning"),
                said(f"  {units.percent(one.window.throttle_rate)}", "dim"),
            ),
        )
        for one in _ranked(snapshot.functions, lambda one: one.window.throttles, limit)
    ]
    counted = (
        *number(units.count(throttles), "warning" if throttles else "heading"),
        *((said(f", {units.percent(share)} refused", "dim"),) if throttles else ()),
    )
    content = _content("throttles", counted, snapshot.trends.throttles, drawing, rows, "none in this window")
    return content._replace(provisional=drawing.provisional_metric_minutes)


def _errors(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    total = snapshot.total
    share = None if total is None else total.error_rate
    new = sum(group.is_new is True for group in snapshot.error_groups)
    rows = [PaneRow(_name(one), _errors_of(one)) for one in most_failing(snapshot, limit)]
    is_known = total is not None and (
        total.errors > 0 or total.metric_errors is not None or snapshot.complete_to_ms is not None
    )
    counted = (
        *number(units.percent(share), error_style(share) if share else "heading"),
        said(f", {units.count(total.errors if total is not None and is_known else None)} failed", "dim"),
        *((said(f", {new} new", "warning"),) if new else ()),
    )
    return _content("errors", counted, snapshot.trends.errors, drawing, rows, "none in this window")


def most_failing(snapshot: Snapshot, limit: int) -> list[FunctionStatistics]:
    """Return the functions with most failures in the window, the worst first."""
    return _ranked(snapshot.functions, lambda one: one.window.errors, limit)


def _errors_of(one: FunctionStatistics) -> Line:
    style = error_style(one.window.error_rate)
    return joined(
        (
            line(said(units.count(one.window.errors), style)),
            line(said(units.percent(one.window.error_rate), style)),
            line(said(commonest_kind(one), "dim")),
        ),
    )


def commonest_kind(function: FunctionStatistics) -> str:
    """Return the kind that most of a function's failures are of, in few letters."""
    kinds = function.window.error_kinds
    if not kinds.total:
        return ""
    commonest = max(FAILURE_KINDS, key=lambda kind: getattr(kinds, kind))
    return {"unhandled_exception": "exception", "init_failure": "init"}.get(commonest, commonest.replace("_", " "))


def _dead_letters(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    known = [queue.depth for queue in snapshot.queues if queue.depth is not None]
    depth = sum(known) if known else None
    rows = []
    for queue in sorted(snapshot.queues, key=lambda queue: (-(queue.depth or 0), queue.name))[:limit]:
        if not queue.depth:
            continue
        oldest = None if queue.age_of_oldest_s is None else queue.age_of_oldest_s * 1000
        age = "" if oldest is None else f"  oldest {units.age(oldest)}"
        rows.append(PaneRow(line(foreign(queue.name)), line(said(units.count(queue.depth), "bad"), said(age, "dim"))))
    count = len(snapshot.queues)
    counted = (
        *number(units.count(depth), "bad" if depth else "heading"),
        said(f" in {count} {'queue' if count == 1 else 'queues'}", "dim"),
    )
    content = _content("dead letters", counted, snapshot.trends.dead_letters, drawing, rows, "all queues empty")
    if not snapshot.queues:
        content = content._replace(calm="no dead-letter queue found")
    return content._replace(provisional=1)


def _traces(snapshot: Snapshot, drawing: Drawing, limit: int) -> PaneContent:
    traces = snapshot.traces
    bad = traces.faults + traces.errors + traces.throttles
    worst = {trace.trace_id: trace for trace in (*traces.faulted, *traces.slowest)}
    rows = [
        PaneRow(
            entry_point(trace),
            joined((trace_status(trace, is_ok_shown=False), line(said(units.seconds(duration_s(trace)))))),
        )
        for trace in list(worst.values())[:limit]
    ]
    p95 = None if traces.duration_s is None else traces.duration_s.p95
    share = bad / traces.count if traces.count else None
    counted = (
        *number(units.percent(share), error_style(share) if share else "heading"),
        said(f" of {units.count(traces.count)} faulted", "dim"),
        said(f", p95 {units.seconds(p95)}", "dim"),
    )
    content = _content("traces", counted, snapshot.trends.traces, drawing, rows, "no trace in this window")
    reason = traces.blind_reason
    return content._replace(trouble=reason if reason and not traces.count else None)


def _content(
    title: str, counted: Line, trend: tuple[int | None, ...], drawing: Drawing, rows: list[PaneRow], calm: str
) -> PaneContent:
    return PaneContent(title, counted, trend, drawing.provisional_log_minutes, tuple(rows), calm, ())


PANES: tuple[Pane, ...] = (
    Pane(
        "concurrency", "concurrency", ("log", "concurrency"), _concurrency, "concurrency_share",
        "invocations in flight of the account's limit, and the functions nearest to theirs",
    ),
    Pane(
        "cold_starts", "cold starts", ("log",), _cold_starts, "cold_starts",
        "invocations that began with an init, and the functions with most of them",
    ),
    Pane(
        "throttles", "throttles", ("metric",), _throttles, "throttles",
        "invocations that AWS refused; only the metric knows, minutes late",
    ),
    Pane(
        "errors", "errors", ("log",), _errors, "errors",
        "failures that look the same, and the functions that fail most",
    ),
    Pane(
        "dead_letters", "dead letters", ("queue",), _dead_letters, "dead_letters",
        "messages waiting in dead-letter queues, deepest first",
    ),
    Pane(
        "traces", "traces", ("trace",), _traces, "p95",
        "X-Ray's sampled traces: faulted ones, then the slowest",
    ),
)  # fmt: skip
PANES_BY_KIND = {pane.kind: pane for pane in PANES}
