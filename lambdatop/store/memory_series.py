"""One environment's memory over time in bounded memory, whatever order its REPORTs come in."""

from array import array
from itertools import accumulate

from lambdatop.store.memory_trend import POINTS_MOST, Point, has_fallen

_FINEST_MS = 1_000


class MemorySeries:
    """Stretches of equal length, at most POINTS_MOST of them, with their REPORTs, crashes and most memory used.

    Stretches begin at multiples of their length, which is a second at first and doubles, two becoming one, whenever
    they would be too many: what they say depends on the facts alone, not on the order in which those come.
    """

    __slots__ = ("_crashes", "_first", "_most_mb", "_reports", "_width_ms")

    def __init__(self) -> None:
        self._width_ms = _FINEST_MS
        self._first = 0
        """Number of the first stretch, counted from the epoch in stretches."""
        self._reports, self._crashes, self._most_mb = array("I"), array("I"), array("I")

    def add(self, at_ms: int, used_mb: int) -> None:
        """Take in the memory that a REPORT tells of."""
        index = at_ms // self._width_ms - self._first
        if not 0 <= index < len(self._reports):
            index = self._reach(at_ms)
        self._reports[index] += 1
        self._most_mb[index] = max(self._most_mb[index], used_mb)

    def count_crash(self, at_ms: int, number: int) -> None:
        """Take in, or take back, that an invocation whose REPORT is known took the process with it."""
        index = at_ms // self._width_ms - self._first
        if 0 <= index < len(self._crashes):
            self._crashes[index] += number

    def high_water_mb(self) -> tuple[int, ...]:
        """The most memory used in each stretch, oldest first; where nothing was reported, as it was before."""
        found: list[int] = []
        for reports, most_mb in zip(self._reports, self._most_mb, strict=True):
            if reports:
                found.append(most_mb)
            elif found:
                found.append(found[-1])
        return tuple(found)

    def points(self) -> tuple[Point, ...]:
        """Invocations so far and memory, of the process that runs now: since the last fall that a crash explains.

        Where memory falls without a crash, the points before stay, so that the fall is seen.
        """
        numbers = list(accumulate(self._reports))
        points: list[Point] = []
        before = crashes_before = 0
        for number, reports, crashes, most_mb in zip(numbers, self._reports, self._crashes, self._most_mb, strict=True):
            if not reports:
                continue
            if points and crashes_before + crashes and has_fallen((points[-1], (0, most_mb))):
                before, points = before + points[-1][0], []
            points.append((number - before, most_mb))
            crashes_before = crashes
        return tuple(points)

    def _reach(self, at_ms: int) -> int:
        """The index of a moment's stretch, after adding it and all in between, and joining others until it fits."""
        if not self._reports:
            self._first = at_ms // self._width_ms
        while True:
            index, count = at_ms // self._width_ms - self._first, len(self._reports)
            if max(count, index + 1, count - index) <= POINTS_MOST:
                break
            self._join()
        for values in (self._reports, self._crashes, self._most_mb):
            if index < 0:
                values[:0] = array("I", bytes(-index * values.itemsize))
            elif index >= count:
                values.frombytes(bytes((index + 1 - count) * values.itemsize))
        self._first += min(0, index)
        return max(0, index)

    def _join(self) -> None:
        """Make two stretches one."""
        if self._first % 2:
            for values in (self._reports, self._crashes, self._most_mb):
                values.insert(0, 0)
        self._first //= 2
        self._width_ms *= 2
        for values in (self._reports, self._crashes):
            pairs = zip(values[::2], [*values[1::2], 0], strict=False)
            values[:] = array("I", [sum(pair) for pair in pairs])
        pairs = zip(self._most_mb[::2], [*self._most_mb[1::2], 0], strict=False)
        self._most_mb = array("I", [max(pair) for pair in pairs])
