"""Makes a function's numbers and its row of the main table."""

from collections.abc import Iterable
from heapq import nlargest

from msgspec import Struct
from msgspec.structs import replace

from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.model.statistics import (
    FunctionDetail,
    FunctionStatistics,
    Invocation,
    VersionStatistics,
    WindowStatistics,
)
from lambdatop.model.view import WINDOWS, Window
from lambdatop.store.bucket import Bucket, merged
from lambdatop.store.cost import cost_usd
from lambdatop.store.frame import TREND_MINUTES, Frame
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.health import LOOK_BACK_MS, METRIC_LOOK_BACK_MS, Symptoms, judge
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.log_stream import LogStream
from lambdatop.store.metric_ledger import MetricLedger
from lambdatop.store.notes import notes_of
from lambdatop.store.queue_history import QueueHistory
from lambdatop.store.rolling_window import TEN_S_MS

QUEUE_GROWTH_MINUTES = 5
INVOCATIONS_SHOWN = 200
SWEPT_LAG_MS = 40_000
"""Lines of a log group that is swept are read sooner than this; aggregates come later."""


class Minutes(Struct, frozen=True):
    """A function's last fifteen minutes by its logs, and by metrics where logs hide reports."""

    invocations: tuple[int, ...]
    errors: tuple[int, ...]
    cold_starts: tuple[int, ...]


NO_MINUTES = Minutes((0,) * TREND_MINUTES, (0,) * TREND_MINUTES, (0,) * TREND_MINUTES)


class RowMaker:
    """Rows from ledgers; holds references to what it reads from and nothing of its own."""

    def __init__(self, metrics: MetricLedger, queues: QueueHistory) -> None:
        self._metrics = metrics
        self._queues = queues

    def row(
        self, ledger: FunctionLedger, group: LogGroupState | None, frame: Frame, before: FunctionStatistics | None
    ) -> tuple[FunctionStatistics, Bucket, Minutes]:
        """A function's row, with the sums and minutes it was made of."""
        if group is not None:
            ledger.count_by(group.provenance)
        for window in ledger.windows.values():
            window.roll(frame.end_ms)
        frame = read_frame(group, frame)
        function, key = ledger.function, ledger.key
        start_ms = frame.bucket_start_ms(frame.window)
        buckets = {version: window.total_since(start_ms) for version, window in ledger.windows.items()}
        bucket = next(iter(buckets.values())) if len(buckets) == 1 else merged(buckets.values())
        statistics = self.statistics(ledger, group, bucket, frame, frame.window)
        minutes = minutes_of(ledger, frame)
        throttle_trend = self._metrics.throttle_trend(key, frame.minutes)
        is_read = self._is_read(ledger, group)
        symptoms = Symptoms(
            recent=self._recent(ledger, frame),
            queue_growth=self._queues.growth(key, frame.end_ms, QUEUE_GROWTH_MINUTES + 1),
            minutes=frame.minutes,
            error_trend=minutes.errors,
            throttle_trend=throttle_trend,
            is_read=is_read,
            is_idle=self._is_idle(ledger, frame, minutes),
        )
        row = FunctionStatistics(
            function=function,
            health=judge(function, symptoms, before.health if before else None),
            window=statistics,
            versions=self.versions(ledger, group, buckets, frame),
            concurrency_now=concurrency_now(ledger, group),
            concurrency=ledger.concurrency,
            queue=self._queues.of_function(key),
            invocation_trend=self._invocation_trend(ledger, group, minutes, frame, is_read=is_read),
            error_trend=known_minutes(minutes.errors, frame, group, is_read=is_read),
            throttle_trend=throttle_trend,
            last_seen_ms=ledger.last_seen_ms,
            aggregated_to_ms=None if group is None else group.aggregated_to_ms,
            notes=tuple(notes_of(ledger, statistics, group)),
        )
        return row, bucket, minutes

    def statistics(
        self, ledger: FunctionLedger, group: LogGroupState | None, bucket: Bucket, frame: Frame, window: Window
    ) -> WindowStatistics:
        """A function's numbers over a window: its logs' and its metrics'."""
        key, function = ledger.key, ledger.function
        start_ms, end_ms = frame.start_ms(window), frame.end_ms
        is_full = is_full_text(group, frame, window)
        plain = statistics_of(bucket, function, ledger.concurrency, start_ms, end_ms, is_full=is_full)
        is_told = not function.hidden_reports and not is_aggregated(group, frame, window)
        metrics = self._metrics
        age_ms = metrics.minutes(key, "AsyncEventAge").maximum(start_ms, end_ms)
        iterator_age_ms = metrics.minutes(key, "IteratorAge").maximum(start_ms, end_ms)
        concurrency_max = metrics.minutes(key, "ConcurrentExecutions").maximum(start_ms, end_ms)
        return replace(
            plain,
            concurrency_peak=ledger.timeline.peak(start_ms, end_ms) if is_told else None,
            throttles=metrics.throttles(key, start_ms, end_ms),
            metric_invocations=metrics.minutes(key, "Invocations").sum(start_ms, end_ms),
            metric_errors=metrics.minutes(key, "Errors").sum(start_ms, end_ms),
            metric_concurrency_max=None if concurrency_max is None else round(concurrency_max),
            dead_letter_errors=metrics.minutes(key, "DeadLetterErrors").sum(start_ms, end_ms),
            async_events_dropped=metrics.minutes(key, "AsyncEventsDropped").sum(start_ms, end_ms),
            async_event_age_ms=age_ms,
            iterator_age_ms=iterator_age_ms,
        )

    def versions(
        self,
        ledger: FunctionLedger,
        group: LogGroupState | None,
        buckets: dict[str | None, Bucket],
        frame: Frame,
    ) -> tuple[VersionStatistics, ...]:
        """The versions with anything in the window, most invoked first."""
        is_full = is_full_text(group, frame, frame.window)
        found = [
            VersionStatistics(
                version=version,
                statistics=statistics_of(
                    bucket,
                    ledger.function,
                    ledger.concurrency,
                    frame.start_ms(frame.window),
                    frame.end_ms,
                    is_full=is_full,
                ),
                last_seen_ms=ledger.seen_ms.get(version),
            )
            for version, bucket in buckets.items()
            if version is not None and (bucket.invocations or bucket.application_errors or bucket.proactive_inits)
        ]
        return tuple(sorted(found, key=lambda each: (-each.statistics.invocations, each.version)))

    def detail(
        self, ledger: FunctionLedger, group: LogGroupState | None, streams: Iterable[LogStream], frame: Frame
    ) -> FunctionDetail:
        """Everything the function's own screen shows."""
        frame = read_frame(group, frame)
        windows: dict[Window, WindowStatistics] = {}
        for window in WINDOWS:
            start_ms = frame.bucket_start_ms(window)
            bucket = merged(each.total_since(start_ms) for each in ledger.windows.values())
            windows[window] = self.statistics(ledger, group, bucket, frame, window)
        start_ms = frame.bucket_start_ms(frame.window)
        buckets = {version: window.total_since(start_ms) for version, window in ledger.windows.items()}
        invocations = (
            occurrence.as_invocation(stream.name, stream.version)
            for stream in streams
            for occurrence in stream.occurrences()
        )
        return FunctionDetail(
            key=ledger.key,
            windows=windows,
            versions=self.versions(ledger, group, buckets, frame),
            recent_invocations=tuple(nlargest(INVOCATIONS_SHOWN, invocations, key=_age_key)),
            recent_errors=tuple(sample for _, _, sample in reversed(ledger.samples)),
        )

    def _recent(self, ledger: FunctionLedger, frame: Frame) -> WindowStatistics:
        """The last five minutes, with metrics reaching back as far as they come late."""
        start_ms = max(ledger.span.started_at_ms, frame.end_ms - LOOK_BACK_MS)
        aligned_ms = frame.end_ms - LOOK_BACK_MS - (frame.end_ms - LOOK_BACK_MS) % TEN_S_MS
        bucket = merged(window.total_since(aligned_ms) for window in ledger.windows.values())
        recent = statistics_of(bucket, ledger.function, ledger.concurrency, start_ms, frame.end_ms, is_full=False)
        metric_from_ms = max(ledger.span.started_at_ms, frame.end_ms - METRIC_LOOK_BACK_MS)
        metrics = self._metrics
        return replace(
            recent,
            throttles=metrics.throttles(ledger.key, metric_from_ms, frame.end_ms),
            metric_invocations=metrics.minutes(ledger.key, "Invocations").sum(metric_from_ms, frame.end_ms),
            metric_errors=metrics.minutes(ledger.key, "Errors").sum(metric_from_ms, frame.end_ms),
            async_events_dropped=metrics.minutes(ledger.key, "AsyncEventsDropped").sum(metric_from_ms, frame.end_ms),
        )

    def _is_read(self, ledger: FunctionLedger, group: LogGroupState | None) -> bool:
        has_logs = group is not None and (group.read_to_ms is not None or group.newest_ms > 0)
        return has_logs or self._metrics.has(ledger.key)

    def _is_idle(self, ledger: FunctionLedger, frame: Frame, minutes: Minutes) -> bool:
        if any(minutes.invocations):
            return False
        return not self._metrics.minutes(ledger.key, "Invocations").sum(frame.minutes[0], frame.end_ms)

    def _invocation_trend(
        self, ledger: FunctionLedger, group: LogGroupState | None, minutes: Minutes, frame: Frame, *, is_read: bool
    ) -> tuple[int | None, ...]:
        if not ledger.function.hidden_reports:
            return known_minutes(minutes.invocations, frame, group, is_read=is_read)
        values = [self._metrics.minutes(ledger.key, "Invocations").minute(at_ms) for at_ms in frame.minutes]
        return tuple(None if value is None else round(value) for value in values)


def statistics_of(
    bucket: Bucket,
    function: LambdaFunction,
    concurrency: FunctionConcurrency,
    start_ms: int,
    end_ms: int,
    *,
    is_full: bool,
) -> WindowStatistics:
    """The numbers that come from logs; where reports are hidden, those that would mislead are None."""
    is_hidden = function.hidden_reports is not None
    has_cold_starts = not (is_hidden or function.is_managed_instances)
    init, restore = bucket.init_durations, bucket.restore_durations
    cost = cost_usd(function, concurrency, bucket.invocations, bucket.billed_duration_ms, bucket.billed_mb_ms)
    return WindowStatistics(
        start_ms=start_ms,
        end_ms=end_ms,
        invocations=bucket.invocations,
        error_kinds=bucket.error_kinds,
        application_errors=bucket.application_errors if is_full else None,
        cold_starts=bucket.cold_starts if has_cold_starts else None,
        restores=bucket.restores,
        proactive_inits=bucket.proactive_inits,
        suppressed_inits=bucket.suppressed_inits,
        duration_ms=None if is_hidden else bucket.durations.percentiles(),
        init_duration_ms=None if init is None else init.percentiles(),
        restore_duration_ms=None if restore is None else restore.percentiles(),
        max_memory_used_mb=bucket.max_memory_used_mb or None,
        billed_duration_ms=bucket.billed_duration_ms,
        cost_usd=None if is_hidden else cost,
    )


def minutes_of(ledger: FunctionLedger, frame: Frame) -> Minutes:
    """A function's last fifteen minutes, over all versions."""
    if not ledger.windows:
        return NO_MINUTES
    counts = [0] * TREND_MINUTES, [0] * TREND_MINUTES, [0] * TREND_MINUTES
    for window in ledger.windows.values():
        window.minute_counts(frame.minutes[0], counts)
    return Minutes(tuple(counts[0]), tuple(counts[1]), tuple(counts[2]))


def known_minutes(
    values: tuple[int, ...], frame: Frame, group: LogGroupState | None, *, is_read: bool
) -> tuple[int | None, ...]:
    """Minutes with those that lie wholly before the start, or that nothing has read, as unknown.

    Where aggregates tell of some minutes, others are known only where lines were read or are being read.
    """
    if not is_read:
        return (None,) * TREND_MINUTES
    first_ms = frame.started_at_ms - frame.started_at_ms % 60_000
    known = [at_ms >= first_ms for at_ms in frame.minutes]
    if group is not None and group.provenance.has_aggregates:
        known = [is_in and group.tells_of(at_ms) for at_ms, is_in in zip(frame.minutes, known, strict=True)]
    return tuple(value if is_in else None for is_in, value in zip(known, values, strict=True))


def read_frame(group: LogGroupState | None, frame: Frame) -> Frame:
    """The frame of a function whose newest minutes are still to be told by an aggregate: it ends before them."""
    if group is None or not group.provenance.has_aggregates or frame.end_ms - (group.read_to_ms or 0) <= SWEPT_LAG_MS:
        return frame
    return frame.ending(group.read_to_ms or 0)


def is_aggregated(group: LogGroupState | None, frame: Frame, window: Window) -> bool:
    """Whether a part of a window is told by aggregates."""
    return group is not None and group.provenance.aggregated_since(frame.bucket_start_ms(window))


def is_full_text(group: LogGroupState | None, frame: Frame, window: Window) -> bool:
    """Whether application lines of a window are read."""
    return group is not None and group.is_full and not is_aggregated(group, frame, window)


def _age_key(invocation: Invocation) -> tuple[int, str]:
    newest_ms = invocation.ended_ms if invocation.ended_ms is not None else invocation.started_ms
    return newest_ms or 0, invocation.request_id


def concurrency_now(ledger: FunctionLedger, group: LogGroupState | None) -> int | None:
    """In flight at the newest moment the logs are complete to, None when they are not read or hide it."""
    if group is None or group.swept_to_ms is None or group.aggregated_to_ms is not None:
        return None
    if ledger.function.hidden_reports:
        return None
    return ledger.timeline.level_at(group.swept_to_ms) if not ledger.timeline.is_empty else 0
