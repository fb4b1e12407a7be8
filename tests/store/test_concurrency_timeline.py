"""Concurrency against counting by brute force."""

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.store.concurrency_timeline import CHUNK_MS, ConcurrencyTimeline

INTERVALS = st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 15_000)), max_size=25).map(
    lambda pairs: [(start_ms, start_ms + length_ms) for start_ms, length_ms in pairs]
)


def level(intervals: list[tuple[int, int]], at_ms: int) -> int:
    return sum(start_ms <= at_ms < end_ms for start_ms, end_ms in intervals)


def brute_peak(intervals: list[tuple[int, int]], from_ms: int, until_ms: int) -> int:
    """A peak is reached where an interval starts, or holds since before."""
    moments = [from_ms, *(start_ms for start_ms, _ in intervals if from_ms <= start_ms < until_ms)]
    return max(level(intervals, at_ms) for at_ms in moments)


def timeline_of(intervals: list[tuple[int, int]]) -> ConcurrencyTimeline:
    timeline = ConcurrencyTimeline()
    for start_ms, end_ms in intervals:
        timeline.add(start_ms, end_ms)
    return timeline


@given(INTERVALS, st.integers(0, 6), st.integers(1, 8))
def test_peaks_are_exact(intervals: list[tuple[int, int]], first_chunk: int, chunks: int) -> None:
    from_ms, until_ms = first_chunk * CHUNK_MS, (first_chunk + chunks) * CHUNK_MS

    assert timeline_of(intervals).peak(from_ms, until_ms) == brute_peak(intervals, from_ms, until_ms)


@given(INTERVALS, st.integers(0, 80_000))
def test_levels_are_exact(intervals: list[tuple[int, int]], at_ms: int) -> None:
    assert timeline_of(intervals).level_at(at_ms) == level(intervals, at_ms)


@given(INTERVALS, INTERVALS)
def test_taking_back_is_as_if_it_had_never_been(kept: list[tuple[int, int]], gone: list[tuple[int, int]]) -> None:
    timeline = timeline_of(kept + gone)
    timeline.peak(0, 90_000)
    for start_ms, end_ms in gone:
        timeline.take_back(start_ms, end_ms)

    assert timeline.peak(0, 90_000) == brute_peak(kept, 0, 90_000)


@given(INTERVALS, st.integers(0, 9), st.integers(0, 9))
def test_letting_go_of_points_keeps_the_peaks(intervals: list[tuple[int, int]], dropped: int, folded: int) -> None:
    timeline = timeline_of(intervals)
    timeline.let_go(dropped * CHUNK_MS, folded * CHUNK_MS)

    assert timeline.peak(0, 90_000) == brute_peak(intervals, 0, 90_000)
    assert timeline.weight <= timeline_of(intervals).weight


@given(INTERVALS, st.tuples(st.integers(0, 60_000), st.integers(1, 15_000)))
def test_an_interval_too_late_for_points_counts_at_least(
    intervals: list[tuple[int, int]], late: tuple[int, int]
) -> None:
    timeline = timeline_of(intervals)
    timeline.peak(0, 90_000)
    timeline.let_go(90_000, 0)
    timeline.add(late[0], late[0] + late[1])
    exact = brute_peak([*intervals, (late[0], late[0] + late[1])], 0, 90_000)

    assert exact <= timeline.peak(0, 90_000) <= brute_peak(intervals, 0, 90_000) + 1
