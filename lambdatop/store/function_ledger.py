"""What is counted of one function: buckets by version, concurrency over time and the newest failures."""

from bisect import insort
from collections.abc import Collection
from typing import NamedTuple, Protocol

from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.model.statistics import ErrorSample
from lambdatop.parsers.error_signature import ErrorIdentity, error_signature
from lambdatop.store.concurrency_timeline import ConcurrencyTimeline
from lambdatop.store.environment_tally import EnvironmentTally
from lambdatop.store.error_groups import CountedFailure, ErrorGroups, ErrorKind
from lambdatop.store.failure_kind import CRASHES
from lambdatop.store.log_groups import DEFAULT_PREFIX
from lambdatop.store.occurrence import Evidence, Occurrence, Verdict
from lambdatop.store.provenance import Provenance
from lambdatop.store.rolling_window import BY_LINES, RollingWindow

SAMPLES_KEPT = 100
SAMPLE_CHARACTERS = 1_000
LONGEST_TIMEOUT_MS = 900_000


class Span(NamedTuple):
    """The stretch of event time that is counted, `[started_at_ms, until_ms)`; open-ended while it runs live."""

    started_at_ms: int
    until_ms: int | None

    def holds(self, timestamp_ms: int) -> bool:
        """Whether an event at this time is counted."""
        return timestamp_ms >= self.started_at_ms and (self.until_ms is None or timestamp_ms < self.until_ms)

    def end_ms(self, now_ms: int) -> int:
        """Where windows end."""
        return now_ms if self.until_ms is None else min(now_ms, self.until_ms)


class StreamOfFunction(Protocol):
    """What a function's ledger needs to know of the stream that reports to it."""

    name: str
    version: str | None
    window: RollingWindow
    environment: EnvironmentTally


class FunctionLedger:
    """One function's counters; streams report to it, rows are made of it."""

    def __init__(self, function: LambdaFunction, span: Span, error_groups: ErrorGroups) -> None:
        self.function = function
        self.key = function.key
        self.scope = function.key.scope
        self.span = span
        self.concurrency = FunctionConcurrency()
        self.windows: dict[str | None, RollingWindow] = {}
        """By version; None holds what no version is known for."""
        self.seen_ms: dict[str | None, int] = {}
        """Newest fact by version."""
        self.last_seen_ms: int | None = None
        """Newest fact of all."""
        self.timeline = ConcurrencyTimeline()
        self.samples: list[tuple[int, int, ErrorSample]] = []
        """Newest last, with time and an arrival number to sort by."""
        self.dropped_log_lines = 0
        self.log_group_note: str | None = None
        """What limits the numbers from its log group."""
        self.is_changed = True
        """Whether its row must be made again."""
        self.was_listed = False
        self._provenance = BY_LINES
        self._arrivals = 0
        self._points: list[int] = []
        self._error_groups = error_groups

    @property
    def is_concurrent(self) -> bool:
        """Whether one stream may hold several invocations at once."""
        return self.function.is_managed_instances

    @property
    def timeout_ms(self) -> int:
        """The function's timeout, the longest there is when it is not known."""
        return self.function.timeout_s * 1000 if self.function.timeout_s else LONGEST_TIMEOUT_MS

    def window_of(self, version: str | None) -> RollingWindow:
        """The buckets of a version."""
        window = self.windows.get(version)
        if window is None:
            window = self.windows[version] = RollingWindow()
            window.provenance = self._provenance
            if version is not None:
                self._error_groups.see_version(self.key, version)
        return window

    def count_by(self, provenance: Provenance) -> None:
        """Count each minute by what the provenance of its log group says."""
        if provenance is not self._provenance:
            self._provenance = provenance
            for window in self.windows.values():
                window.count_by(provenance)

    def drop_aggregates(self, minutes: Collection[int]) -> None:
        """Forget what aggregates told of some minutes."""
        for window in self.windows.values():
            window.drop_aggregates(minutes)

    def saw(self, version: str | None, timestamp_ms: int) -> None:
        """Note that a version has a fact at this time."""
        self.is_changed = True
        if timestamp_ms > self.seen_ms.get(version, 0):
            self.seen_ms[version] = timestamp_ms
            self.last_seen_ms = max(self.seen_ms.values())

    def count_report(self, occurrence: Occurrence, window: RollingWindow) -> None:
        """Count the numbers of a REPORT, which nothing that comes later can change."""
        timestamp_ms = occurrence.end_ms or 0
        started_at_ms, until_ms = self.span
        if timestamp_ms < started_at_ms or (until_ms is not None and timestamp_ms >= until_ms):
            return
        occurrence.window = window
        is_running = window.running_from_ms <= timestamp_ms < window.running_until_ms
        bucket = window.running if is_running else window.bucket_at(timestamp_ms)
        bucket.invocations += 1
        if occurrence.duration_ms is not None:
            bucket.durations.add(occurrence.duration_ms)
        billed_ms = occurrence.billed_duration_ms
        if billed_ms is not None:
            bucket.billed_duration_ms += billed_ms
            bucket.billed_mb_ms += billed_ms * (occurrence.memory_size_mb or self.function.memory_size_mb or 0)
        used_mb = occurrence.max_memory_used_mb
        if used_mb is not None and used_mb > bucket.max_memory_used_mb:
            bucket.max_memory_used_mb = used_mb
        if occurrence.init_duration_ms is not None or occurrence.restore_duration_ms is not None:
            bucket.count_cold_start(occurrence.init_duration_ms, occurrence.restore_duration_ms)

    def move(self, occurrence: Occurrence, stream: StreamOfFunction) -> None:
        """Count an occurrence, of no known version until now, under its stream's version."""
        before, window = occurrence.window, stream.window
        self.unsettle(occurrence, stream)
        if before is not None and occurrence.end_ms is not None:
            moved = RollingWindow()
            self.count_report(occurrence, moved)
            before.bucket_at(occurrence.end_ms).subtract(moved.bucket_at(occurrence.end_ms))
            self.count_report(occurrence, window)
        self._apply(occurrence, stream)

    def settle(self, occurrence: Occurrence, stream: StreamOfFunction) -> None:
        """Make what is counted of an occurrence agree with its facts."""
        if occurrence.due_verdict != occurrence.verdict or occurrence.verdict is not None:
            self.unsettle(occurrence, stream)
            self._apply(occurrence, stream)

    def unsettle(self, occurrence: Occurrence, stream: StreamOfFunction) -> None:
        """Take back everything that is counted of an occurrence beyond its report's numbers."""
        verdict = occurrence.verdict
        if verdict is None:
            return
        occurrence.verdict = None
        window = occurrence.window
        if window is not None:
            bucket = window.bucket_at(verdict.at_ms)
            bucket.invocations -= not verdict.is_reported
            bucket.suppressed_inits -= verdict.is_suppressed_init
            if verdict.kind is not None:
                bucket.add_failure(verdict.kind, -1)
                _count_failure(stream, verdict, -1)
            if not verdict.is_reported:
                occurrence.window = None
        if occurrence.counted is not None:
            self._error_groups.take_back(occurrence.counted)
            occurrence.counted = None

    def _apply(self, occurrence: Occurrence, stream: StreamOfFunction) -> None:
        verdict = occurrence.due_verdict
        if verdict is None:
            return
        occurrence.verdict = verdict
        if not self.span.holds(verdict.at_ms):
            return
        window = occurrence.window = stream.window
        bucket = window.bucket_at(verdict.at_ms)
        bucket.invocations += not verdict.is_reported
        bucket.suppressed_inits += verdict.is_suppressed_init
        if verdict.kind is not None:
            bucket.add_failure(verdict.kind, 1)
            _count_failure(stream, verdict, 1)
            telling = occurrence.most_telling
            identity = telling.identity if telling else ErrorIdentity()
            if not identity.error_type and occurrence.report_error_type:
                identity = identity._replace(error_type=occurrence.report_error_type)
            message = telling.message if telling else ""
            line_ms = telling.timestamp_ms if telling else verdict.at_ms
            occurrence.counted = self._group(
                verdict.kind, identity, message, verdict.at_ms, line_ms, occurrence.request_id, stream
            )

    def count_forgotten_failure(self, stream: StreamOfFunction, evidence: Evidence) -> None:
        """Count a failure whose report was counted so long ago that it cannot be found any more."""
        if self.span.holds(evidence.timestamp_ms):
            stream.window.bucket_at(evidence.timestamp_ms).add_failure(evidence.kind, 1)
            stream.environment.count_failure(evidence.timestamp_ms, 1)

    def count_application_error(
        self,
        stream: StreamOfFunction,
        timestamp_ms: int,
        request_id: str | None,
        identity: ErrorIdentity,
        message: str,
    ) -> None:
        """Count an application line at ERROR or FATAL."""
        if self.span.holds(timestamp_ms):
            stream.window.bucket_at(timestamp_ms).application_errors += 1
            self._group("application", identity, message, timestamp_ms, timestamp_ms, request_id, stream)

    def count_proactive_init(self, window: RollingWindow, timestamp_ms: int) -> None:
        """Count an init outside any request."""
        if self.span.holds(timestamp_ms):
            window.bucket_at(timestamp_ms).proactive_inits += 1

    def add_sample(
        self,
        stream: StreamOfFunction,
        timestamp_ms: int,
        kind: ErrorKind,
        request_id: str | None,
        error_type: str | None,
        message: str,
    ) -> None:
        """Keep a failing line, if it is among the newest."""
        samples = self.samples
        if len(samples) >= SAMPLES_KEPT and timestamp_ms <= samples[0][0]:
            return
        sample = ErrorSample(
            timestamp_ms=timestamp_ms,
            kind=kind,
            request_id=request_id,
            log_stream=stream.name,
            error_type=error_type,
            message=message[:SAMPLE_CHARACTERS],
            version=stream.version,
        )
        self._arrivals += 1
        insort(samples, (timestamp_ms, self._arrivals, sample))
        if len(samples) > SAMPLES_KEPT:
            del samples[0]

    def enter_timeline(self, begin_ms: int, end_ms: int) -> None:
        """Count an interval in flight, as far as it lies in the span."""
        started_at_ms, until_ms = self.span
        if begin_ms < started_at_ms or begin_ms >= end_ms or until_ms is not None:
            end_ms = max(end_ms, begin_ms + 1)
            begin_ms = max(begin_ms, started_at_ms)
            end_ms = end_ms if until_ms is None else min(end_ms, until_ms)
            if begin_ms >= end_ms:
                return
        self._points += (begin_ms * 2 + 1, end_ms * 2)

    def leave_timeline(self, begin_ms: int, end_ms: int) -> None:
        """Undo `enter_timeline` of the same interval."""
        before = len(self._points)
        self.enter_timeline(begin_ms, end_ms)
        for index in range(before, len(self._points)):
            self._points[index] ^= 1

    def take_points(self) -> list[int]:
        """Rises and falls since the last call, after adding them to the function's own timeline."""
        points, self._points = self._points, []
        self.timeline.extend(points)
        return points

    def _group(
        self,
        kind: ErrorKind,
        identity: ErrorIdentity,
        message: str,
        at_ms: int,
        line_ms: int,
        request_id: str | None,
        stream: StreamOfFunction,
    ) -> CountedFailure:
        """Count a failure in its error group; `line_ms` is when the line was logged that tells of it."""
        failure = CountedFailure(
            at_ms,
            stream.name,
            line_ms,
            request_id or "",
            message[:SAMPLE_CHARACTERS],
            self.function.log_group or DEFAULT_PREFIX + self.key.name,
            self.key,
            stream.version,
            error_signature(kind, identity),
        )
        return self._error_groups.add(failure, kind, identity)


def _count_failure(stream: StreamOfFunction, verdict: Verdict, number: int) -> None:
    stream.environment.count_failure(
        verdict.at_ms, number, is_reported=verdict.is_reported, is_crash=verdict.kind in CRASHES
    )
