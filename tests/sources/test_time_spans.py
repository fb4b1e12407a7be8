"""Stretches of time that join where they touch."""

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.sources.time_spans import SPANS_KEPT, TimeSpans


def newest(*stretches: tuple[int, int]) -> int | None:
    spans = TimeSpans()
    for start_ms, end_ms in stretches:
        spans.add(start_ms, end_ms)
    return spans.newest_from_ms


def test_nothing_was_read_yet() -> None:
    assert newest() is None
    assert newest((10, 9)) is None


def test_stretches_that_touch_are_one_and_a_gap_parts_them() -> None:
    assert newest((0, 9), (10, 20)) == 0
    assert newest((10, 20), (0, 9)) == 0
    assert newest((0, 9), (11, 20)) == 11
    assert newest((0, 9), (11, 20), (10, 10)) == 0
    assert newest((50, 60), (0, 9)) == 50


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_the_newest_stretch_is_that_of_the_milliseconds_themselves(stretches: list[tuple[int, int]]) -> None:
    read = {moment for start, end in stretches for moment in range(start, end + 1)}
    expected = max(read, default=None)
    while expected is not None and expected - 1 in read:
        expected -= 1

    assert newest(*stretches) == expected


def test_only_the_newest_stretches_are_kept() -> None:
    spans = TimeSpans()
    for number in range(SPANS_KEPT + 10):
        spans.add(number * 10, number * 10 + 1)

    assert len(spans._spans) == SPANS_KEPT
    assert spans.newest_from_ms == (SPANS_KEPT + 9) * 10
