import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.identity import Scope
from lambdatop.sources.api_budget import ApiBudget, SharedBudgets, TokenBucket, quota_per_s
from lambdatop.sources.api_meter import ApiMeter
from lambdatop.sources.api_price import answer_price_usd, request_price_usd
from tests.sources.fake_call import SteadyRandom


@given(gaps_ms=st.lists(st.integers(min_value=0, max_value=2_000), min_size=1, max_size=200), seed=st.integers())
def test_calls_never_exceed_the_share_and_what_was_saved(gaps_ms: list[int], seed: int) -> None:
    bucket = TokenBucket(10.0, 0.4, random.Random(seed))
    now_ms, made_ms = 0, []
    for gap_ms in gaps_ms:
        now_ms += gap_ms
        made_ms.append(now_ms + bucket.reserve(now_ms) * 1000)
    saved = 10.0 * 0.4 * TokenBucket.SAVED_S
    for first, start_ms in enumerate(made_ms):
        for last in range(first, len(made_ms)):
            span_s = (made_ms[last] - start_ms) / 1000
            assert last - first + 1 <= saved + span_s * 4.0 + 1.001


def test_a_throttle_halves_the_rate_once_however_many_calls_were_under_way() -> None:
    bucket = TokenBucket(10.0, 0.4, SteadyRandom())
    for _ in range(4):
        bucket.throttled(1_000)
    assert bucket.rate_per_s == pytest.approx(2.0)
    bucket.throttled(2_500)
    assert bucket.rate_per_s == pytest.approx(1.0)


def test_the_rate_comes_back_slowly() -> None:
    bucket = TokenBucket(10.0, 0.4, SteadyRandom())
    bucket.reserve(0)
    bucket.throttled(0)
    bucket.reserve(15_000)
    assert bucket.rate_per_s == pytest.approx(3.0)
    bucket.reserve(600_000)
    assert bucket.rate_per_s == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("service", "operation", "region", "expected"),
    [
        ("logs", "FilterLogEvents", "us-east-1", ("logs:FilterLogEvents", 25.0)),
        ("logs", "FilterLogEvents", "eu-central-1", ("logs:FilterLogEvents", 5.0)),
        ("logs", "FilterLogEvents", "eu-west-1", ("logs:FilterLogEvents", 10.0)),
        ("lambda", "ListFunctions", "eu-west-1", ("lambda", 15.0)),
        ("lambda", "GetFunctionConcurrency", "eu-west-1", ("lambda", 15.0)),
    ],
)
def test_quotas_are_those_of_the_region(service: str, operation: str, region: str, expected: tuple[str, float]) -> None:
    assert quota_per_s(service, operation, region) == expected


def test_operations_of_lambda_share_one_bucket() -> None:
    budget = ApiBudget("eu-west-1", 0.4, SteadyRandom())
    waits = [budget.reserve("lambda", f"Operation{number}", 0) for number in range(60)]
    assert waits[-1] > 3.0


def test_prices_by_metric_request_and_trace() -> None:
    assert request_price_usd("cloudwatch", "GetMetricData", {"MetricDataQueries": [{}] * 500}) == pytest.approx(0.005)
    assert request_price_usd("sqs", "GetQueueAttributes", {}) == pytest.approx(4e-7)
    assert request_price_usd("logs", "FilterLogEvents", {}) == 0
    scanned = {"TraceSummaries": [{}], "TracesProcessedCount": 2_000}
    assert answer_price_usd("GetTraceSummaries", scanned) == pytest.approx(0.001)


def test_the_meter_scales_the_last_ten_minutes_to_an_hour() -> None:
    meter = ApiMeter()
    for minute in range(60):
        meter.count("cloudwatch", "GetMetricData", minute * 60_000)
        meter.charge(0.01, minute * 60_000)
    usage = meter.usage(3_600_000)
    assert usage.calls == {"cloudwatch:GetMetricData": 60}
    assert usage.cost_usd == pytest.approx(0.6)
    assert usage.cost_usd_per_hour == pytest.approx(0.6)


def test_two_profiles_of_one_account_share_its_budget_and_other_accounts_have_their_own() -> None:
    shared, scope = SharedBudgets(), Scope("123456789012", "eu-west-1")
    first, second, other = (ApiBudget("eu-west-1", 0.4, random.Random(1)) for _ in range(3))
    assert shared.joined(scope, first) is first
    assert shared.joined(scope, second) is first
    assert shared.joined(Scope("210987654321", "eu-west-1"), other) is other
