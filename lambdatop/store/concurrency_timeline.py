"""How many invocations were in flight, exactly to the millisecond, kept as rises and falls in ten-second chunks.

An interval `[start, end)` is a rise at its start and a fall at its end; taking it back is the opposite pair. All
chunks are sums, so neither the order of intervals nor of corrections matters. The points of old chunks are let go
when all timelines together hold too many: what is left is the chunk's net change and its peak, and an interval that
comes later still is taken to cover its outer chunks whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

CHUNK_MS = 10_000
POINTS_KEPT = 500_000
"""Over all timelines, some 90 bytes each."""
POINTS_A_CHUNK_COSTS = 16
"""What an almost empty chunk weighs, in points."""


class _Chunk:
    """Ten seconds of rises and falls, summed by millisecond: so many at once cost no more than so many moments."""

    __slots__ = ("changes", "net", "peak")

    def __init__(self) -> None:
        self.changes: dict[int, int] | None = {}
        """Rises less falls at each millisecond; those of one instant may be summed, as falls come before rises."""
        self.net = 0
        self.peak = 0
        """Highest level above that at the chunk's start, at least 0."""

    def measure(self) -> None:
        """Bring `net` and `peak` up to date."""
        changes = self.changes
        if changes:
            levels = list(accumulate([changes[at_ms] for at_ms in sorted(changes)]))
            self.net = levels[-1]
            self.peak = max(0, *levels)

    def level_at(self, timestamp_ms: int) -> int:
        """Level at an instant above that at the chunk's start."""
        if self.changes is None:
            return self.net
        return sum([change for at_ms, change in self.changes.items() if at_ms <= timestamp_ms])


class ConcurrencyTimeline:
    """Invocations in flight over time, of one function or one account."""

    __slots__ = ("_after", "_base", "_base_peak", "_changed_from", "_chunks", "_folded_to", "_peaks", "_starts")

    def __init__(self) -> None:
        self._chunks: dict[int, _Chunk] = {}
        self._starts: list[int] = []
        self._peaks: list[int] = []
        self._after: list[int] = []
        self._changed_from: int | None = None
        self._base = 0
        self._base_peak = 0
        self._folded_to = 0

    @property
    def weight(self) -> int:
        """Points held, with what chunks themselves cost."""
        return sum(len(chunk.changes or ()) + POINTS_A_CHUNK_COSTS for chunk in self._chunks.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        return not self._chunks and not self._base_peak

    def add(self, start_ms: int, end_ms: int) -> None:
        """Add an interval, at least a millisecond long."""
        self.extend((start_ms * 2 + 1, max(end_ms, start_ms + 1) * 2))

    def take_back(self, start_ms: int, end_ms: int) -> None:
        """Undo `add` of the same interval."""
        self.extend((start_ms * 2, max(end_ms, start_ms + 1) * 2 + 1))

    def extend(self, points: Iterable[int]) -> None:
        """Add many rises (`timestamp * 2 + 1`) and falls (`timestamp * 2`)."""
        ordered = sorted(points)
        position = 0
        while position < len(ordered):
            start_ms = (ordered[position] >> 1) // CHUNK_MS * CHUNK_MS
            end = bisect_left(ordered, (start_ms + CHUNK_MS) * 2, position)
            self._extend_chunk(start_ms, ordered if end - position == len(ordered) else ordered[position:end])
            position = end

    def _extend_chunk(self, start_ms: int, points: list[int]) -> None:
        if self._changed_from is None or start_ms < self._changed_from:
            self._changed_from = start_ms
        chunk = self._chunks.get(start_ms)
        if chunk is None and start_ms < self._folded_to:
            self._base += 2 * sum([point & 1 for point in points]) - len(points)
            return
        if chunk is None:
            chunk = self._chunks[start_ms] = _Chunk()
        if chunk.changes is None:
            for point in points:
                self._add_coarsely(chunk, point)
        else:
            changes = chunk.changes
            for point in points:
                at_ms = point >> 1
                changes[at_ms] = changes.get(at_ms, 0) + (point & 1) * 2 - 1

    @staticmethod
    def _add_coarsely(chunk: _Chunk, point: int) -> None:
        if point & 1:
            chunk.net += 1
            chunk.peak += 1
        else:
            chunk.net -= 1

    def peak(self, start_ms: int, end_ms: int) -> int:
        """Most in flight at once from the chunk of `start_ms` to before `end_ms`."""
        self._measure()
        first = bisect_right(self._starts, start_ms - CHUNK_MS)
        last = bisect_left(self._starts, end_ms)
        level = self._after[first - 1] if first else self._base
        if not first and start_ms <= self._folded_to:
            level = max(level, self._base_peak)
        return max(level, max(self._peaks[first:last], default=0), 0)

    def level_at(self, timestamp_ms: int) -> int:
        """In flight at an instant."""
        self._measure()
        index = bisect_right(self._starts, timestamp_ms) - 1
        if index < 0:
            return max(0, self._base)
        before = self._after[index - 1] if index else self._base
        if timestamp_ms >= self._starts[index] + CHUNK_MS:
            return max(0, self._after[index])
        return max(0, before + self._chunks[self._starts[index]].level_at(timestamp_ms))

    def let_go(self, before_ms: int, fold_before_ms: int) -> None:
        """Drop the points of chunks before one time, and the chunks before another that have none."""
        self._measure()
        for start_ms in self._starts[: bisect_left(self._starts, before_ms)]:
            self._chunks[start_ms].changes = None
        folded = 0
        while folded < len(self._starts) and self._starts[folded] < min(before_ms, fold_before_ms):
            folded += 1
        if folded:
            self._base_peak = max(self._base_peak, *self._peaks[:folded])
            self._base = self._after[folded - 1]
            self._folded_to = self._starts[folded - 1] + CHUNK_MS
            for start_ms in self._starts[:folded]:
                del self._chunks[start_ms]
            self._changed_from = 0

    def weights(self) -> Iterable[tuple[int, int]]:
        """Each chunk's start and weight, for choosing what to let go."""
        return (
            (at_ms, len(chunk.changes) + POINTS_A_CHUNK_COSTS) for at_ms, chunk in self._chunks.items() if chunk.changes
        )

    def _measure(self) -> None:
        """Bring levels and peaks up to date from the first chunk that changed."""
        if self._changed_from is None:
            return
        known = bisect_left(self._starts, self._changed_from)
        del self._starts[known:], self._peaks[known:], self._after[known:]
        level = self._after[-1] if known else self._base
        for start_ms in sorted(at_ms for at_ms in self._chunks if at_ms >= self._changed_from):
            chunk = self._chunks[start_ms]
            chunk.measure()
            self._starts.append(start_ms)
            self._peaks.append(level + chunk.peak)
            level += chunk.net
            self._after.append(level)
        self._changed_from = None


def let_go_of_oldest(timelines: Iterable[ConcurrencyTimeline], fold_before_ms: int) -> None:
    """Bring all timelines together to half of what they may hold, oldest points first."""
    every = list(timelines)
    total = sum(timeline.weight for timeline in every)
    if total <= POINTS_KEPT:
        return
    before_ms = 0
    for at_ms, weight in sorted(pair for timeline in every for pair in timeline.weights()):
        if total <= POINTS_KEPT // 2:
            break
        total -= weight
        before_ms = at_ms + CHUNK_MS
    for timeline in every:
        timeline.let_go(before_ms, fold_before_ms)
