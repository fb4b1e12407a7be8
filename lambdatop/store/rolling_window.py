"""Counters by time: ten-second buckets for the newest minutes, one-minute buckets for an hour, one sum before that.

A window is rounded outward to whole buckets: 1m and 5m windows begin at a multiple of ten seconds, 15m and 1h at a
whole minute. What leaves the hour stays in the sum, so totals since the start are exact however late an event comes.
State per function and version: at most 42 + 62 buckets of some 300 bytes, plus 8 to 100 bytes for each distinct
percent of duration in them.
"""

from collections.abc import Iterable

from lambdatop.model.statistics import ErrorKinds, FailureKind
from lambdatop.store.quantile_sketch import QuantileSketch

TEN_S_MS = 10_000
MINUTE_MS = 60_000
TENS_KEPT_MS = 7 * MINUTE_MS
"""Five minutes rounded outward, and one more so that whole minutes are folded."""
MINUTES_KEPT_MS = 62 * MINUTE_MS


class Bucket:
    """Sums of what happened in one stretch of time; `billed_mb_ms` is billed duration times memory size."""

    __slots__ = (
        "application_errors",
        "billed_duration_ms",
        "billed_mb_ms",
        "cold_starts",
        "durations",
        "failures",
        "init_durations",
        "invocations",
        "max_memory_used_mb",
        "proactive_inits",
        "restore_durations",
        "restores",
        "suppressed_inits",
    )

    def __init__(self) -> None:
        self.invocations = 0
        self.cold_starts = 0
        self.restores = 0
        self.proactive_inits = 0
        self.suppressed_inits = 0
        self.application_errors = 0
        self.billed_duration_ms = 0
        self.billed_mb_ms = 0
        self.max_memory_used_mb = 0
        self.failures: dict[FailureKind, int] | None = None
        self.durations = QuantileSketch()
        self.init_durations: QuantileSketch | None = None
        self.restore_durations: QuantileSketch | None = None

    def add_failure(self, kind: FailureKind, number: int) -> None:
        """Count failed invocations of a kind; -1 takes one back."""
        failures = self.failures = self.failures or {}
        failures[kind] = failures.get(kind, 0) + number

    @property
    def is_used(self) -> bool:
        """Whether anything has been counted."""
        return bool(self.invocations or self.application_errors or self.proactive_inits or self.failures)

    def count_cold_start(self, init_duration_ms: float | None, restore_duration_ms: float | None) -> None:
        """Count a report with an init or a restore phase, however short."""
        self.cold_starts += 1
        if restore_duration_ms is not None:
            self.restores += 1
            self.restore_durations = self.restore_durations or QuantileSketch()
            self.restore_durations.add(restore_duration_ms)
        if init_duration_ms is not None:
            self.init_durations = self.init_durations or QuantileSketch()
            self.init_durations.add(init_duration_ms)

    @property
    def error_kinds(self) -> ErrorKinds:
        """Failed invocations by kind."""
        return ErrorKinds(**self.failures) if self.failures else NO_ERRORS

    @property
    def errors(self) -> int:
        """All failed invocations."""
        return sum(self.failures.values()) if self.failures else 0

    def add(self, other: "Bucket") -> None:
        """Count all of another bucket too."""
        self.invocations += other.invocations
        self.cold_starts += other.cold_starts
        self.restores += other.restores
        self.proactive_inits += other.proactive_inits
        self.suppressed_inits += other.suppressed_inits
        self.application_errors += other.application_errors
        self.billed_duration_ms += other.billed_duration_ms
        self.billed_mb_ms += other.billed_mb_ms
        self.max_memory_used_mb = max(self.max_memory_used_mb, other.max_memory_used_mb)
        if other.failures:
            for kind, number in other.failures.items():
                self.add_failure(kind, number)
        self.durations.merge(other.durations)
        if other.init_durations is not None:
            self.init_durations = self.init_durations or QuantileSketch()
            self.init_durations.merge(other.init_durations)
        if other.restore_durations is not None:
            self.restore_durations = self.restore_durations or QuantileSketch()
            self.restore_durations.merge(other.restore_durations)

    def subtract(self, other: "Bucket") -> None:
        """Take back the sums of reports that were added before; maxima stay."""
        self.invocations -= other.invocations
        self.cold_starts -= other.cold_starts
        self.restores -= other.restores
        self.billed_duration_ms -= other.billed_duration_ms
        self.billed_mb_ms -= other.billed_mb_ms
        self.durations.subtract(other.durations)
        if self.init_durations is not None and other.init_durations is not None:
            self.init_durations.subtract(other.init_durations)
        if self.restore_durations is not None and other.restore_durations is not None:
            self.restore_durations.subtract(other.restore_durations)

    def pack(self) -> None:
        """Make the sketches small."""
        self.durations.pack()
        if self.init_durations is not None:
            self.init_durations.pack()
        if self.restore_durations is not None:
            self.restore_durations.pack()


NO_ERRORS = ErrorKinds()
MinuteCounts = tuple[list[int], list[int], list[int]]
"""Invocations, errors and cold starts, one number a minute each."""


def merged(buckets: Iterable[Bucket]) -> Bucket:
    """One bucket with the sums of several."""
    total = Bucket()
    for bucket in buckets:
        total.add(bucket)
    return total


class RollingWindow:
    """One function version's buckets; sums of whole minutes are kept until an event changes one."""

    __slots__ = (
        "_before",
        "_closed",
        "_minute_sums",
        "_minutes",
        "_minutes_from_ms",
        "_open_from_ms",
        "_tens",
        "_tens_from_ms",
        "running",
        "running_from_ms",
        "running_until_ms",
    )

    def __init__(self) -> None:
        self._tens: dict[int, Bucket] = {}
        self._minutes: dict[int, Bucket] = {}
        self._before = Bucket()
        self._tens_from_ms = 0
        self._minutes_from_ms = 0
        self._open_from_ms = 0
        """Start of the running minute, as of the last `roll`."""
        self._minute_sums: dict[int, Bucket] = {}
        """Each past minute that still has ten-second buckets, as one."""
        self._closed: dict[int | None, Bucket] = {}
        """Sums of all whole minutes before the running one, by the window's start."""
        self.running = Bucket()
        """The bucket of the newest ten seconds, so that counting there costs a comparison."""
        self.running_from_ms = self.running_until_ms = 0

    def bucket_at(self, timestamp_ms: int) -> Bucket:
        """The bucket to count an event in."""
        if timestamp_ms < self._open_from_ms:
            self._closed.clear()
            self._minute_sums.pop(timestamp_ms - timestamp_ms % MINUTE_MS, None)
        if timestamp_ms >= self._tens_from_ms:
            buckets, start_ms = self._tens, timestamp_ms - timestamp_ms % TEN_S_MS
        elif timestamp_ms >= self._minutes_from_ms:
            buckets, start_ms = self._minutes, timestamp_ms - timestamp_ms % MINUTE_MS
        else:
            return self._before
        bucket = buckets.get(start_ms)
        if bucket is None:
            bucket = buckets[start_ms] = Bucket()
        if buckets is self._tens and start_ms >= max(self._open_from_ms, self.running_from_ms):
            self.running, self.running_from_ms, self.running_until_ms = bucket, start_ms, start_ms + TEN_S_MS
        return bucket

    def roll(self, end_ms: int) -> None:
        """Fold what is too old, for windows that end at `end_ms`, into coarser sums."""
        open_from_ms = end_ms - end_ms % MINUTE_MS
        if open_from_ms <= self._open_from_ms:
            return
        self._open_from_ms = open_from_ms
        self.running_from_ms = self.running_until_ms = 0
        self._closed.clear()
        self._tens_from_ms = open_from_ms - TENS_KEPT_MS
        self._minutes_from_ms = open_from_ms - MINUTES_KEPT_MS
        for start_ms in [start_ms for start_ms in self._tens if start_ms < self._tens_from_ms]:
            minute_ms = start_ms - start_ms % MINUTE_MS
            self._minute_sums.pop(minute_ms, None)
            if minute_ms < self._minutes_from_ms:
                self._before.add(self._tens.pop(start_ms))
            else:
                self._minutes.setdefault(minute_ms, Bucket()).add(self._tens.pop(start_ms))
        for start_ms in [start_ms for start_ms in self._minutes if start_ms < self._minutes_from_ms]:
            self._before.add(self._minutes.pop(start_ms))
        for minute in self._minutes.values():
            minute.pack()

    def total_since(self, start_ms: int | None) -> Bucket:
        """Sums of everything in the buckets from `start_ms` on; None sums everything ever counted. `roll` first."""
        closed = self._closed.get(start_ms)
        if closed is None:
            closed = self._closed[start_ms] = self._closed_since(start_ms)
        open_from_ms = max(self._open_from_ms, start_ms or 0)
        return merged([closed, *(bucket for at_ms, bucket in self._tens.items() if at_ms >= open_from_ms)])

    def minute_counts(self, first_minute_ms: int, counts: MinuteCounts) -> None:
        """Add invocations, errors and cold starts of the minutes from `first_minute_ms` on to lists of them."""
        invocations, errors, cold_starts = counts
        for at_ms, bucket in [*self._past_minutes(), *self._running_tens()]:
            index = (at_ms - first_minute_ms) // MINUTE_MS
            if 0 <= index < len(invocations):
                invocations[index] += bucket.invocations
                cold_starts[index] += bucket.cold_starts
                if bucket.failures:
                    errors[index] += bucket.errors

    def _closed_since(self, start_ms: int | None) -> Bucket:
        """Everything before the running minute; the first minute in part where the window begins within it."""
        if start_ms is None:
            return merged([self._before, *(bucket for _, bucket in self._past_minutes())])
        whole_from_ms = -(-start_ms // MINUTE_MS) * MINUTE_MS
        parts = [bucket for at_ms, bucket in self._past_minutes() if at_ms >= whole_from_ms]
        if start_ms < min(whole_from_ms, self._open_from_ms):
            parts += [self._tens[at_ms] for at_ms in range(start_ms, whole_from_ms, TEN_S_MS) if at_ms in self._tens]
        return merged(parts)

    def _past_minutes(self) -> list[tuple[int, Bucket]]:
        minute_sums = self._minute_sums
        missing = [
            at_ms for at_ms in self._tens if at_ms < self._open_from_ms and at_ms - at_ms % MINUTE_MS not in minute_sums
        ]
        for at_ms in missing:
            minute_sums.setdefault(at_ms - at_ms % MINUTE_MS, Bucket()).add(self._tens[at_ms])
        return [*self._minutes.items(), *minute_sums.items()]

    def _running_tens(self) -> list[tuple[int, Bucket]]:
        return [(at_ms, bucket) for at_ms, bucket in self._tens.items() if at_ms >= self._open_from_ms]
