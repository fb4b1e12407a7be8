"""Memory over time in few values, whatever order it comes in."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.store.memory_series import MemorySeries
from lambdatop.store.memory_trend import POINTS_MOST

START_MS = 1_795_000_020_000
REPORTS = st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(30, 512)), min_size=1, max_size=80)


def series_of(reports: list[tuple[int, int]]) -> MemorySeries:
    series = MemorySeries()
    for at_ms, used_mb in reports:
        series.add(START_MS + at_ms, used_mb)
    return series


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_in_which_reports_come_changes_nothing(reports: list[tuple[int, int]], chance: Random) -> None:
    series = series_of(reports)
    shuffled = list(reports)
    chance.shuffle(shuffled)
    other = series_of(shuffled)

    assert other.high_water_mb() == series.high_water_mb()
    assert other.points() == series.points()


@given(REPORTS)
def test_no_report_is_lost_and_the_most_memory_is_exact(reports: list[tuple[int, int]]) -> None:
    series = series_of(reports)

    assert len(series.high_water_mb()) <= POINTS_MOST
    assert max(series.high_water_mb()) == max(used_mb for _, used_mb in reports)
    assert series.points()[-1][0] == len(reports)


def test_a_day_of_reports_keeps_its_shape() -> None:
    series = series_of([(second * 1000, 100 + second // 864) for second in range(86_400)])

    shown = series.high_water_mb()
    assert 12 < len(shown) <= POINTS_MOST
    assert list(shown) == sorted(shown)
    assert shown[-1] == 199


def test_where_nothing_was_reported_memory_is_as_it_was() -> None:
    assert series_of([(0, 80), (4_000, 90)]).high_water_mb() == (80, 80, 80, 80, 90)


def test_after_a_crash_points_begin_anew_and_a_crash_taken_back_is_none() -> None:
    series = series_of([(0, 80), (1_000, 300), (2_000, 512), (3_000, 90), (4_000, 95)])
    whole = series.points()
    assert whole[-1] == (5, 95)
    series.count_crash(START_MS + 2_000, 1)
    assert series.points() == ((1, 90), (2, 95))
    series.count_crash(START_MS + 2_000, -1)
    assert series.points() == whole
