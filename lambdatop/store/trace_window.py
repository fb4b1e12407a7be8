"""Trace summaries: the newest revision of each, and a window's statistics."""

from msgspec.structs import replace

from lambdatop.model.delivery import TracesDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.snapshot import TraceStatistics
from lambdatop.model.trace import TraceSummary
from lambdatop.store.quantile_sketch import QuantileSketch

MINUTE_MS = 60_000
SUMMARIES_KEPT = 20_000
"""The oldest are let go first, some 600 bytes each."""
SHOWN = 20


class TraceWindow:
    """All scopes' trace summaries; X-Ray samples, so these are counts of sampled traces."""

    def __init__(self) -> None:
        self._summaries: dict[tuple[Scope, str], TraceSummary] = {}
        self._blind_reasons: dict[Scope, str | None] = {}
        self._swept_to_ms: dict[Scope, int] = {}
        self._cached: tuple[tuple[int, int], TraceStatistics] | None = None

    def apply(self, delivery: TracesDelivered) -> None:
        """Take in new and revised summaries."""
        self._cached = None
        self._blind_reasons[delivery.scope] = delivery.blind_reason
        self._swept_to_ms[delivery.scope] = max(self._swept_to_ms.get(delivery.scope, 0), delivery.swept_to_ms)
        for summary in delivery.summaries:
            key = summary.scope, summary.trace_id
            known = self._summaries.get(key)
            if known is None or _maturity(summary) >= _maturity(known):
                self._summaries[key] = summary
        if len(self._summaries) > SUMMARIES_KEPT:
            newest = sorted(self._summaries.items(), key=lambda item: item[1].start_ms)[-SUMMARIES_KEPT * 3 // 4 :]
            self._summaries = dict(newest)

    @property
    def is_read(self) -> bool:
        """Whether anything has ever been delivered."""
        return bool(self._swept_to_ms)

    def summary(self, scope: Scope, trace_id: str) -> TraceSummary | None:
        """The newest reading of a trace, None while X-Ray has not given any."""
        return self._summaries.get((scope, trace_id))

    def statistics(self, start_ms: int, end_ms: int) -> TraceStatistics:
        """Counts, percentiles, slowest and faulted traces that started in `[start_ms, end_ms)`."""
        stamp = start_ms, end_ms // 10_000
        if self._cached is None or self._cached[0] != stamp:
            self._cached = stamp, self._statistics(start_ms, end_ms)
        return self._cached[1]

    def minute_counts(self, minutes: tuple[int, ...]) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """Traces and faulted traces by the minute of their start; None for minutes that have not been read."""
        traces: dict[int, int] = {}
        faults: dict[int, int] = {}
        for summary in self._summaries.values():
            minute_ms = summary.start_ms - summary.start_ms % MINUTE_MS
            traces[minute_ms] = traces.get(minute_ms, 0) + 1
            if summary.has_fault:
                faults[minute_ms] = faults.get(minute_ms, 0) + 1
        swept_to_ms = min(self._swept_to_ms.values(), default=0)
        known = [minute_ms < swept_to_ms for minute_ms in minutes]
        return (
            tuple(traces.get(at_ms, 0) if is_known else None for at_ms, is_known in zip(minutes, known, strict=True)),
            tuple(faults.get(at_ms, 0) if is_known else None for at_ms, is_known in zip(minutes, known, strict=True)),
        )

    def _statistics(self, start_ms: int, end_ms: int) -> TraceStatistics:
        summaries = [summary for summary in self._summaries.values() if start_ms <= summary.start_ms < end_ms]
        sketch = QuantileSketch()
        for summary in summaries:
            seconds = _seconds(summary)
            if seconds is not None:
                sketch.add(seconds * 1000)
        percentiles = sketch.percentiles()
        if percentiles is not None:
            names = "p50", "p95", "p99", "max"
            percentiles = replace(percentiles, **{name: getattr(percentiles, name) / 1000 for name in names})
        failed = [summary for summary in summaries if summary.status != "ok"]
        return TraceStatistics(
            count=len(summaries),
            faults=sum(summary.has_fault for summary in summaries),
            errors=sum(summary.has_error for summary in summaries),
            throttles=sum(summary.has_throttle for summary in summaries),
            partial=sum(summary.is_partial for summary in summaries),
            duration_s=percentiles,
            slowest=tuple(sorted(summaries, key=lambda each: (-(_seconds(each) or 0), each.trace_id))[:SHOWN]),
            faulted=tuple(sorted(failed, key=lambda each: (-each.start_ms, each.trace_id))[:SHOWN]),
            blind_reason=next((reason for reason in self._blind_reasons.values() if reason), None),
        )


def _seconds(summary: TraceSummary) -> float | None:
    """Response time where it is known, else the trace's duration."""
    return summary.response_time_s if summary.response_time_s is not None else summary.duration_s


def _maturity(summary: TraceSummary) -> tuple[int, bool]:
    """What makes one reading of a trace better than another."""
    return summary.revision, not summary.is_partial
