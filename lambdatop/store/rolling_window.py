"""Counters by time: ten-second buckets for the newest minutes, one-minute buckets for an hour, one sum before that.

A window is rounded outward to whole buckets: 1m and 5m windows begin at a multiple of ten seconds, 15m and 1h at a
whole minute. What leaves the hour stays in the sum, so totals since the start are exact however late an event comes.
State per function and version: at most 42 + 62 buckets of some 300 bytes, plus 8 to 100 bytes for each distinct
percent of duration in them; where minutes are told by aggregates as well, 62 buckets more.
"""

from collections.abc import Iterable

from lambdatop.store.bucket import Bucket, merged
from lambdatop.store.provenance import Provenance

TEN_S_MS = 10_000
MINUTE_MS = 60_000
TENS_KEPT_MS = 7 * MINUTE_MS
"""Five minutes rounded outward, and one more so that whole minutes are folded."""
MINUTES_KEPT_MS = 62 * MINUTE_MS
BY_LINES = Provenance(0, None)
"""Of a log group that no aggregate ever told of."""
MinuteCounts = tuple[list[int], list[int], list[int]]
"""Invocations, errors and cold starts, one number a minute each."""


class RollingWindow:
    """One function version's buckets; sums of whole minutes are kept until an event changes one.

    What aggregates tell is kept beside what lines tell, minute by minute, and `provenance` says which one counts.
    """

    __slots__ = (
        "_aggregated",
        "_before",
        "_closed",
        "_minute_sums",
        "_minutes",
        "_minutes_from_ms",
        "_open_from_ms",
        "_revision",
        "_tens",
        "_tens_from_ms",
        "provenance",
        "running",
        "running_from_ms",
        "running_until_ms",
    )

    def __init__(self) -> None:
        self._tens: dict[int, Bucket] = {}
        self._minutes: dict[int, Bucket] = {}
        self._aggregated: dict[int, Bucket] = {}
        self._before = Bucket()
        self.provenance = BY_LINES
        self._revision = 0
        """The provenance's, as of the last sum."""
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
            is_lost = self.provenance.is_aggregated(timestamp_ms - timestamp_ms % MINUTE_MS)
            return Bucket() if is_lost else self._before
        bucket = buckets.get(start_ms)
        if bucket is None:
            bucket = buckets[start_ms] = Bucket()
        if buckets is self._tens and start_ms >= max(self._open_from_ms, self.running_from_ms):
            self.running, self.running_from_ms, self.running_until_ms = bucket, start_ms, start_ms + TEN_S_MS
        return bucket

    def count_by(self, provenance: Provenance) -> None:
        """Count each minute as its log group's provenance says from now on."""
        self.provenance = provenance
        self._closed.clear()

    def add_aggregate(self, minute_ms: int, bucket: Bucket) -> None:
        """Note what an aggregate tells of a minute."""
        self._closed.clear()
        known = self._aggregated.setdefault(minute_ms, bucket)
        if known is not bucket:
            known.add(bucket)
        known.pack()

    def drop_aggregates(self, minutes: Iterable[int]) -> None:
        """Forget what aggregates told of some minutes."""
        self._closed.clear()
        for minute_ms in minutes:
            self._aggregated.pop(minute_ms, None)

    def add_before(self, bucket: Bucket) -> None:
        """Count what an aggregate tells of a time long ago."""
        self._closed.clear()
        self._before.add(bucket)

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
                self._fold(minute_ms, self._tens.pop(start_ms))
            else:
                self._minutes.setdefault(minute_ms, Bucket()).add(self._tens.pop(start_ms))
        for start_ms in [start_ms for start_ms in self._minutes if start_ms < self._minutes_from_ms]:
            self._fold(start_ms, self._minutes.pop(start_ms))
        for start_ms in [start_ms for start_ms in self._aggregated if start_ms < self._minutes_from_ms]:
            bucket = self._aggregated.pop(start_ms)
            if self.provenance.is_aggregated(start_ms):
                self._before.add(bucket)
        for minute in self._minutes.values():
            minute.pack()

    def total_since(self, start_ms: int | None) -> Bucket:
        """Sums of everything in the buckets from `start_ms` on; None sums everything ever counted. `roll` first."""
        if self._revision != self.provenance.revision:
            self._revision = self.provenance.revision
            self._closed.clear()
        closed = self._closed.get(start_ms)
        if closed is None:
            closed = self._closed[start_ms] = self._closed_since(start_ms)
        open_from_ms = max(self._open_from_ms, start_ms or 0)
        return merged([closed, *(bucket for at_ms, bucket in self._running_tens() if at_ms >= open_from_ms)])

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
            parts += self._part_of_minute(start_ms, whole_from_ms)
        return merged(parts)

    def _part_of_minute(self, start_ms: int, end_ms: int) -> list[Bucket]:
        """The end of a minute; all of it where an aggregate counts it."""
        minute_ms = end_ms - MINUTE_MS
        if self.provenance.is_aggregated(minute_ms):
            return [self._aggregated[minute_ms]] if minute_ms in self._aggregated else []
        return [self._tens[at_ms] for at_ms in range(start_ms, end_ms, TEN_S_MS) if at_ms in self._tens]

    def _fold(self, minute_ms: int, bucket: Bucket) -> None:
        """Add what lines told of a minute to the sum, unless an aggregate counts it."""
        if not self.provenance.is_aggregated(minute_ms):
            self._before.add(bucket)

    def _past_minutes(self) -> list[tuple[int, Bucket]]:
        minute_sums = self._minute_sums
        missing = [
            at_ms for at_ms in self._tens if at_ms < self._open_from_ms and at_ms - at_ms % MINUTE_MS not in minute_sums
        ]
        for at_ms in missing:
            minute_sums.setdefault(at_ms - at_ms % MINUTE_MS, Bucket()).add(self._tens[at_ms])
        return self._chosen([*self._minutes.items(), *minute_sums.items()], is_running=False)

    def _running_tens(self) -> list[tuple[int, Bucket]]:
        tens = [(at_ms, bucket) for at_ms, bucket in self._tens.items() if at_ms >= self._open_from_ms]
        return self._chosen(tens, is_running=True)

    def _chosen(self, by_lines: list[tuple[int, Bucket]], *, is_running: bool) -> list[tuple[int, Bucket]]:
        """What counts: of minutes that an aggregate counts its bucket, of the others those by lines."""
        provenance = self.provenance
        if not provenance.has_aggregates:
            return by_lines
        found = [one for one in by_lines if not provenance.is_aggregated(one[0] - one[0] % MINUTE_MS)]
        for minute_ms, bucket in self._aggregated.items():
            if (minute_ms >= self._open_from_ms) == is_running and provenance.is_aggregated(minute_ms):
                found.append((minute_ms, bucket))
        return found
