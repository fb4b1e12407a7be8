"""Dollars and stretches."""

import pytest

from lambdatop.sources.insights_pace import (
    FIRST_STRETCH_MS,
    HOUR_MS,
    QUERY_BYTES,
    STRETCH_MS,
    USD_PER_HOUR,
    InsightsPace,
)


@pytest.mark.parametrize("gigabytes_a_query", [0.01, 1.0, 7.0])
def test_no_more_is_spent_than_the_rate_and_what_is_saved(gigabytes_a_query: float) -> None:
    pace, now_ms, spent_usd = InsightsPace(), 0, 0.0
    while now_ms < 10 * HOUR_MS:
        if pace.wait_ms(now_ms) == 0:
            pace.pay(gigabytes_a_query * 1e9, 120_000, now_ms)
            spent_usd += gigabytes_a_query * 0.005
        now_ms += max(120_000, pace.wait_ms(now_ms))
    assert spent_usd <= USD_PER_HOUR * 10.2 + gigabytes_a_query * 0.005
    assert spent_usd == pytest.approx(min(USD_PER_HOUR * 10.2, 300 * gigabytes_a_query * 0.005), rel=0.05)


def test_stretches_follow_the_bytes_that_were_scanned() -> None:
    pace = InsightsPace()
    assert pace.stretch_ms == FIRST_STRETCH_MS
    pace.pay(QUERY_BYTES / 10, 60_000, 0)
    assert pace.stretch_ms == 600_000
    pace.pay(QUERY_BYTES * 100, 60_000, 0)
    assert pace.stretch_ms == STRETCH_MS[0]
    pace.pay(0, 60_000, 0)
    assert pace.stretch_ms == STRETCH_MS[1]


def test_the_cost_of_an_hour_is_that_of_the_last_one_or_scaled_from_ten_minutes_at_least() -> None:
    pace = InsightsPace()
    assert pace.usd_per_hour(0) == 0.0
    pace.pay(1e9, 120_000, 0)
    assert pace.usd_per_hour(0) == pytest.approx(0.03)
    pace.pay(1e9, 120_000, HOUR_MS // 2)
    assert pace.usd_per_hour(HOUR_MS // 2) == pytest.approx(0.02)
    assert pace.usd_per_hour(HOUR_MS + 1) == pytest.approx(0.005)
    assert pace.least_usd_per_hour == pytest.approx(0.15)
