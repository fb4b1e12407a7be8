"""What all functions amount to: the total row and the trends over the last fifteen minutes."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from lambdatop.model.delivery import MetricName
from lambdatop.model.identity import Scope
from lambdatop.model.snapshot import Trends
from lambdatop.model.statistics import FunctionStatistics, WindowStatistics
from lambdatop.store.bucket import Bucket, merged
from lambdatop.store.concurrency_timeline import ConcurrencyTimeline
from lambdatop.store.frame import TREND_MINUTES, Frame
from lambdatop.store.function_row import Minutes
from lambdatop.store.metric_ledger import MetricLedger
from lambdatop.store.queue_history import QueueHistory
from lambdatop.store.rolling_window import MINUTE_MS
from lambdatop.store.trace_window import TraceWindow

LATE_MINUTES = 3
"""So many of the newest minutes may change while aggregates tell of them."""


class Entry(Struct, gc=False):
    """A function's row with the sums and minutes it was made of, kept while nothing changes."""

    stamp: object
    row: FunctionStatistics
    bucket: Bucket
    minutes: Minutes


def row_totals(
    entries: Sequence[Entry],
    frame: Frame,
    metrics: MetricLedger,
    timelines: Mapping[Scope, ConcurrencyTimeline] | None,
    scopes: Iterable[Scope],
) -> WindowStatistics:
    """All functions together; the concurrency peaks of several accounts are added up, which is an upper bound.

    Where most functions' windows end before now, as aggregates come late, this one does. Without timelines, no peak is
    known.
    """
    frame = frame.ending(_usual_end_ms(entries, frame))
    start_ms, end_ms = frame.start_ms(frame.window), frame.end_ms
    bucket = merged(entry.bucket for entry in entries if entry.bucket.is_used)
    windows = [entry.row.window for entry in entries]
    scopes = tuple(scopes)

    def metric_sum(metric: MetricName) -> int | None:
        return _sum(metrics.minutes(scope, metric).sum(start_ms, end_ms) for scope in scopes)

    by_account, by_function = metric_sum("Throttles"), _sum(window.throttles for window in windows)
    throttles = max((number for number in (by_account, by_function) if number is not None), default=None)
    concurrency_max = [metrics.minutes(scope, "ConcurrentExecutions").maximum(start_ms, end_ms) for scope in scopes]
    costs = [window.cost_usd for window in windows if window.cost_usd is not None]
    init, restore = bucket.init_durations, bucket.restore_durations
    return WindowStatistics(
        start_ms=start_ms,
        end_ms=end_ms,
        invocations=bucket.invocations,
        error_kinds=bucket.error_kinds,
        application_errors=_sum(window.application_errors for window in windows),
        cold_starts=bucket.cold_starts,
        restores=bucket.restores,
        proactive_inits=bucket.proactive_inits,
        suppressed_inits=bucket.suppressed_inits,
        duration_ms=bucket.durations.percentiles(),
        init_duration_ms=None if init is None else init.percentiles(),
        restore_duration_ms=None if restore is None else restore.percentiles(),
        max_memory_used_mb=bucket.max_memory_used_mb or None,
        billed_duration_ms=bucket.billed_duration_ms,
        cost_usd=sum(costs) if costs or not windows else None,
        concurrency_peak=None if timelines is None else _peak(timelines, start_ms, end_ms),
        throttles=throttles,
        metric_invocations=metric_sum("Invocations"),
        metric_errors=metric_sum("Errors"),
        metric_concurrency_max=_sum(None if value is None else round(value) for value in concurrency_max),
        dead_letter_errors=metric_sum("DeadLetterErrors"),
        async_events_dropped=metric_sum("AsyncEventsDropped"),
    )


def trends_of(
    entries: Sequence[Entry],
    frame: Frame,
    metrics: MetricLedger,
    timelines: Mapping[Scope, ConcurrencyTimeline] | None,
    queues: QueueHistory,
    traces: TraceWindow,
    scopes: Iterable[Scope],
    *,
    is_read: bool,
) -> Trends:
    """Every pane's last fifteen minutes; None before the start and where nothing, or little, has been read."""
    minutes, scopes = frame.minutes, tuple(scopes)
    first_ms = frame.started_at_ms - frame.started_at_ms % MINUTE_MS
    read_ms = _usual_end_ms(entries, frame)
    is_late = read_ms < frame.end_ms
    used = [entry.minutes for entry in entries if any(entry.minutes.invocations) or any(entry.minutes.errors)]

    def known(values: Iterable[int]) -> tuple[int | None, ...]:
        return tuple(
            value if is_read and first_ms <= at_ms < read_ms else None
            for at_ms, value in zip(minutes, values, strict=True)
        )

    peaks = [_peak(timelines, at_ms, at_ms + MINUTE_MS) for at_ms in minutes] if timelines is not None else None
    throttles = [[metrics.minutes(scope, "Throttles").minute(at_ms) for scope in scopes] for at_ms in minutes]
    trace_counts, trace_faults = traces.minute_counts(minutes)
    return Trends(
        minutes=minutes,
        invocations=known(_columns([each.invocations for each in used])),
        concurrency_peak=(None,) * len(minutes) if peaks is None else known(peaks),
        cold_starts=known(_columns([each.cold_starts for each in used])),
        errors=known(_columns([each.errors for each in used])),
        throttles=tuple(_sum(None if value is None else round(value) for value in row) for row in throttles),
        dead_letters=queues.total_trend(frame.end_ms),
        traces=trace_counts,
        trace_faults=trace_faults,
        provisional_log_minutes=LATE_MINUTES if is_late else 1,
    )


def _peak(timelines: Mapping[Scope, ConcurrencyTimeline], start_ms: int, end_ms: int) -> int:
    return sum(timeline.peak(start_ms, end_ms) for timeline in timelines.values())


def _usual_end_ms(entries: Sequence[Entry], frame: Frame) -> int:
    """Where the windows of most functions end."""
    told = [entry.row.window.end_ms for entry in entries if entry.row.aggregated_to_ms is not None]
    return max(told) if len(told) * 2 > len(entries) else frame.end_ms


def _columns(rows: Sequence[tuple[int, ...]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * TREND_MINUTES


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known, None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
