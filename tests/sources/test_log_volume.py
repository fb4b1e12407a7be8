"""How much is logged in an account, by CloudWatch's own count."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lambdatop.sources.log_volume import LogVolume, bytes_logged
from tests.sources.fake_call import FakeCall

NOW_MS = 1_795_229_580_000
HOUR_MS = 3_600_000


def answer(*values: float, token: str | None = None) -> dict[str, Any]:
    return {
        "MetricDataResults": [
            {"Id": "bytes", "Timestamps": [0.0] * len(values), "Values": list(values), "StatusCode": "Complete"}
        ],
        **({"NextToken": token} if token else {}),
    }


def test_the_account_wide_metric_is_asked_for_and_its_points_are_summed() -> None:
    fake = FakeCall({"GetMetricData": answer(1e9, 2e9)})
    assert bytes_logged(fake.call, NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS, NOW_MS) == pytest.approx(3e9)
    (asked,) = fake.asked["GetMetricData"]
    assert asked["MetricDataQueries"] == [
        {
            "Id": "bytes",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/Logs", "MetricName": "IncomingBytes", "Dimensions": []},
                "Period": 60,
                "Stat": "Sum",
            },
        }
    ]
    assert asked["StartTime"] == datetime.fromtimestamp((NOW_MS - 2 * HOUR_MS) / 1000, UTC)
    assert asked["EndTime"] == datetime.fromtimestamp((NOW_MS - HOUR_MS) / 1000, UTC)


def test_minutes_that_are_not_counted_yet_are_taken_to_be_like_the_others() -> None:
    fake = FakeCall({"GetMetricData": answer(57e6)})
    assert bytes_logged(fake.call, NOW_MS - HOUR_MS, NOW_MS, NOW_MS) == pytest.approx(60e6)


def test_a_time_that_is_too_short_to_tell_is_priced_by_the_quarter_of_an_hour_before() -> None:
    fake = FakeCall({"GetMetricData": answer(15e6)})
    assert bytes_logged(fake.call, NOW_MS - 60_000, NOW_MS, NOW_MS) == pytest.approx(1e6)
    (asked,) = fake.asked["GetMetricData"]
    assert asked["StartTime"] == datetime.fromtimestamp((NOW_MS - 180_000 - 900_000) / 1000, UTC)


def test_days_are_asked_for_by_the_hour_and_all_pages_are_read() -> None:
    fake = FakeCall({"GetMetricData": [answer(1e9, token="more"), answer(2e9)]})
    logged = bytes_logged(fake.call, NOW_MS - 48 * HOUR_MS, NOW_MS - HOUR_MS, NOW_MS)
    assert logged == pytest.approx(3e9, rel=0.02)
    assert [one["MetricDataQueries"][0]["MetricStat"]["Period"] for one in fake.asked["GetMetricData"]] == [3_600] * 2
    assert fake.asked["GetMetricData"][1]["NextToken"] == "more"


def test_where_nothing_is_counted_the_volume_is_not_known() -> None:
    fake = FakeCall({"GetMetricData": answer()})
    assert bytes_logged(fake.call, NOW_MS - HOUR_MS, NOW_MS, NOW_MS) is None


def test_what_scans_measured_counts_before_what_cloudwatch_counts_of_the_whole_account() -> None:
    volume = LogVolume()
    assert volume.bytes_per_hour(2_000, NOW_MS) is None
    volume.ask(FakeCall({"GetMetricData": answer(57e9)}).call, NOW_MS)
    assert volume.bytes_per_hour(2_000, NOW_MS) == pytest.approx(60e9)
    volume.scanned(50e6, 60_000, 1_000, NOW_MS)
    volume.scanned(10e6, 60_000, 1_000, NOW_MS)
    assert volume.bytes_per_hour(2_000, NOW_MS) == pytest.approx(60 * 60e6)
    volume.scanned(1e6, 60_000, 2_000, NOW_MS + HOUR_MS)
    assert volume.bytes_per_hour(2_000, NOW_MS + HOUR_MS) == pytest.approx(60e6)
    assert volume.bytes_per_hour(2_000, NOW_MS + 3 * HOUR_MS) == pytest.approx(60e9)
