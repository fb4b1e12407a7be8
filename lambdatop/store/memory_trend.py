"""Whether memory rises from invocation to invocation in one execution environment, and when it will be used up.

What a REPORT calls Max Memory Used is the high-water mark of the environment and not of that invocation: in one
process it does not fall. So its mere rise says little. While caches fill it rises and levels off, and even where each
invocation uses a random amount on its own, the most used so far is surpassed again and again, if ever more rarely.

A leak is suspected where the mark rises more steadily than both. For amounts that are independent and equally
distributed, the most of the first `n` is surpassed by the next `m` with probability `m / (n + m)`, independently of
what was before (Rényi's theorem on records), so that the chance of seeing at least so many rises is exact. And a rise
that levels off is told by its second half, which is less than its first. The first quarter of all invocations is left
out, as an environment warms up. What is still suspected wrongly is a cache that takes more invocations to fill than
have been seen, and loads that grow by themselves.

Fewer invocations are enough where a rise is steep: most of them rise, evenly, by a large share of the memory size. One
such rise alone says little; what makes of several a suspected leak is known where all environments are.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from lambdatop.model.question import MemoryTrend

FEWEST_INVOCATIONS = 20
FEWEST_STEEP_INVOCATIONS = 10
POINTS_MOST = 24
_WARM_UP_SHARE = 0.25
_FEWEST_INTERVALS = 6
_CHANCE = 1e-5
"""How probable so many rises may be without a leak; many environments are judged, many times."""
_STEEP_CHANCE = 1e-3
"""The same for a steep rise, of which several are asked for."""
_STEEP_SHARE = 0.2
"""What a steep rise takes of the memory size at least, after the warm-up."""
_STEADINESS = 0.8
"""What the second half must rise by, for every megabyte that the first half rises by as many invocations."""
_USUAL_SHARE = 0.25
"""What the median interval must rise by, for every megabyte that intervals rise by on average."""
_LATER_FACTOR = 2
"""How much faster than before memory rises where a leak begins late."""
_FALL_MB, _FALL_SHARE = 2, 0.02
"""What a high-water mark may fall by and still be called level."""

Point = tuple[int, int]
"""Invocations so far, and the megabytes used at most by the last of them."""


def memory_trend(points: Sequence[Point], memory_size_mb: int | None, used_mb: int | None = None) -> MemoryTrend | None:
    """Return the trend over points of one process, at most POINTS_MOST, oldest first; None while there are too few.

    `used_mb` is what is used now, where that is not what the last point says, as another process runs by now.
    The rise is Theil's and Sen's: the median of the slopes between any two points of the stretch that is suspected,
    or of all after the warm-up.
    """
    if len(points) <= _FEWEST_INTERVALS or points[-1][0] < FEWEST_INVOCATIONS:
        return None
    starts = list(_starts(points))
    leaks = (points[start:] for start in starts if _is_leak(points, start))
    leaking = None if has_fallen(points) else next(leaks, None)
    stretch = leaking or points[starts[0] :]
    rise = median(_slope(before, later) for before, later in _pairs(stretch))
    left = None
    if leaking is not None:
        left = _left(rise, memory_size_mb, points[-1][1] if used_mb is None else used_mb)
    return MemoryTrend(
        rise_mb_per_invocation=rise,
        invocations=stretch[-1][0] - stretch[0][0],
        invocations_left=left,
        is_leak_suspected=leaking is not None and rise > 0,
    )


def steep_trend(points: Sequence[Point], memory_size_mb: int | None, used_mb: int | None = None) -> MemoryTrend | None:
    """Return the trend of a steep rise as that of a suspected leak, None where the points show none.

    `used_mb` is as for `memory_trend`.
    """
    if not points or points[-1][0] < FEWEST_STEEP_INVOCATIONS or not memory_size_mb or has_fallen(points):
        return None
    stretch = points[next(_starts(points)) :]
    first, last = stretch[0], stretch[-1]
    is_large = last[1] - first[1] >= _STEEP_SHARE * memory_size_mb
    if not is_large or _chance_of_rises(stretch) > _STEEP_CHANCE or not _is_even(stretch):
        return None
    rise = median(_slope(before, later) for before, later in _pairs(stretch))
    return MemoryTrend(
        rise_mb_per_invocation=rise,
        invocations=last[0] - first[0],
        invocations_left=_left(rise, memory_size_mb, last[1] if used_mb is None else used_mb),
        is_leak_suspected=True,
    )


def thinned(used_mb: Sequence[int], before: int = 0) -> tuple[Point, ...]:
    """Return at most POINTS_MOST points for the memory of invocations in order, `before` of which are not known.

    >>> thinned([50, 52, 53]), thinned(range(100, 148), before=10)[:2]
    (((1, 50), (2, 52), (3, 53)), ((12, 101), (14, 103)))
    """
    count = len(used_mb)
    ends = range(count) if count <= POINTS_MOST else (count * (k + 1) // POINTS_MOST - 1 for k in range(POINTS_MOST))
    return tuple((before + end + 1, used_mb[end]) for end in ends)


def has_fallen(points: Sequence[Point]) -> bool:
    """Return whether memory came back, which a high-water mark alone does not do."""
    most = 0
    for _, used_mb in points:
        if used_mb < most - max(_FALL_MB, most * _FALL_SHARE):
            return True
        most = max(most, used_mb)
    return False


def _starts(points: Sequence[Point]) -> Iterator[int]:
    """Yield where stretches begin that are looked at: after the warm-up, then ever later, as leaks may begin late."""
    warm = points[-1][0] * _WARM_UP_SHARE
    latest = len(points) - 1 - _FEWEST_INTERVALS
    start = min(latest, next(index for index, point in enumerate(points) if point[0] >= warm))
    yield start
    while start < latest:
        start = min(latest, start + max(1, (len(points) - 1 - start) // 3))
        yield start


def _is_leak(points: Sequence[Point], start: int) -> bool:
    """Return whether the stretch rises too often for chance, evenly, and where it begins late, faster than before."""
    stretch = points[start:]
    if _chance_of_rises(stretch) > _CHANCE or not _is_even(stretch):
        return False
    warm = next(_starts(points))
    return start == warm or _slope(stretch[0], stretch[-1]) >= _LATER_FACTOR * _slope(points[warm], stretch[0])


def _is_even(stretch: Sequence[Point]) -> bool:
    """Return whether the stretch neither levels off nor owes its rise to a few jumps."""
    first, last = stretch[0], stretch[-1]
    middle = min(stretch[1:-1], key=lambda point: abs(point[0] * 2 - first[0] - last[0]))
    usual = median(_slope(before, later) for before, later in pairwise(stretch))
    is_level_later = _slope(middle, last) < _STEADINESS * _slope(first, middle)
    return not is_level_later and usual >= _USUAL_SHARE * _slope(first, last)


def _slope(before: Point, later: Point) -> float:
    return (later[1] - before[1]) / (later[0] - before[0])


def _left(rise: float, memory_size_mb: int | None, used_mb: int) -> int | None:
    """Return after how many invocations the memory size is reached."""
    return None if rise <= 0 or memory_size_mb is None else max(0, int((memory_size_mb - used_mb) / rise))


def _chance_of_rises(stretch: Sequence[Point]) -> float:
    """Return how probable so many rises are without a leak."""
    risen = [later[1] > before[1] for before, later in pairwise(stretch)]
    return _chance_of(sum(risen), [1 - before[0] / later[0] for before, later in pairwise(stretch)])


def _chance_of(least: int, chances: Sequence[float]) -> float:
    """Return how probable it is that at least so many of independent events happen."""
    by_number = [1.0] + [0.0] * len(chances)
    for chance in chances:
        for number in range(len(chances), 0, -1):
            by_number[number] += (by_number[number - 1] - by_number[number]) * chance
        by_number[0] *= 1 - chance
    return sum(by_number[least:])


def _pairs(stretch: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    for index, later in enumerate(stretch):
        for before in stretch[:index]:
            yield before, later
