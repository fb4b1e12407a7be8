"""The clock's skew from Date headers with whole seconds and slow answers."""

from email.utils import formatdate

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.sources.clock_skew import TOLERATED_MS, ClockSkew

NOW_MS = 1_795_000_000_000


def observed(skew: ClockSkew, skew_ms: int, sent_ms: int, there_ms: int, back_ms: int) -> None:
    """Let AWS, whose clock is ahead by `skew_ms`, answer one call."""
    date = formatdate((sent_ms + there_ms + skew_ms) // 1000, usegmt=True)
    skew.observe(sent_ms, sent_ms + there_ms + back_ms, date)


@given(
    skew_ms=st.integers(-10_000_000, 10_000_000),
    calls=st.lists(
        st.tuples(st.integers(0, 5_000), st.integers(1, 2_000), st.integers(1, 2_000)), min_size=1, max_size=30
    ),
)
def test_the_correction_is_as_near_as_one_second_and_the_way_allow(
    skew_ms: int, calls: list[tuple[int, int, int]]
) -> None:
    skew = ClockSkew(lambda: NOW_MS)
    sent_ms = NOW_MS
    for pause_ms, there_ms, back_ms in calls:
        sent_ms += pause_ms
        observed(skew, skew_ms, sent_ms, there_ms, back_ms)
    assert abs(skew.offset_ms - skew_ms) <= 1_000 + 4_000 + TOLERATED_MS


def test_a_clock_that_agrees_is_left_alone() -> None:
    skew = ClockSkew(lambda: NOW_MS)
    for number in range(20):
        observed(skew, 300, NOW_MS + number * 700, 50, 60)
    assert (skew.offset_ms, skew.now_ms()) == (0, NOW_MS)


def test_a_clock_that_is_set_right_is_believed_again() -> None:
    skew = ClockSkew(lambda: NOW_MS)
    observed(skew, 500_000, NOW_MS, 50, 60)
    assert abs(skew.offset_ms - 500_000) < 1_100
    observed(skew, 0, NOW_MS, 50, 60)
    assert skew.offset_ms == 0


def test_a_steady_skew_does_not_make_time_jitter() -> None:
    skew = ClockSkew(lambda: NOW_MS)
    offsets = set()
    for number in range(200):
        observed(skew, 90_000, NOW_MS + number * 333, 20 + number % 90, 40)
        offsets.add(skew.offset_ms)
    assert len(offsets) == 1


def test_what_is_no_date_is_ignored() -> None:
    skew = ClockSkew(lambda: NOW_MS)
    for text in ("", "soon", "2026-11-21T03:00"):
        skew.observe(NOW_MS, NOW_MS + 10, text)
    assert skew.offset_ms == 0
