"""What a few late events change: how far sweeps reach back, and not how fresh numbers are."""

from lambdatop.sources.ingestion_lag import MAX_SETTLE_MS, MIN_OVERLAP_MS, MIN_SETTLE_MS, IngestionLag

NOW_MS = 1_795_000_000_000


def test_one_late_event_widens_the_overlap_and_hardly_holds_up_the_newest_moments() -> None:
    lag = IngestionLag()
    lag.observe([400] * 300, NOW_MS)
    assert (lag.overlap_ms, lag.settle_ms) == (MIN_OVERLAP_MS, MIN_SETTLE_MS)
    lag.observe([90_000], NOW_MS + 5_000)
    assert (lag.overlap_ms, lag.settle_ms) == (180_000, MIN_SETTLE_MS)


def test_where_most_events_are_late_the_newest_moments_wait_for_them() -> None:
    lag = IngestionLag()
    for second in range(20):
        lag.observe([9_000] * 50, NOW_MS + second * 1_000)
    assert 8_900 <= lag.settle_ms <= 9_000
    for second in range(40):
        lag.observe([70_000] * 50, NOW_MS + 20_000 + second * 1_000)
    assert lag.settle_ms == MAX_SETTLE_MS


def test_a_lag_is_forgotten_after_a_quarter_of_an_hour() -> None:
    lag = IngestionLag()
    lag.observe([100] * 300, NOW_MS)
    lag.observe([60_000], NOW_MS)
    lag.observe([100], NOW_MS + 14 * 60_000)
    assert lag.overlap_ms == 120_000
    lag.observe([100], NOW_MS + 16 * 60_000)
    assert lag.overlap_ms == MIN_OVERLAP_MS
