"""The way out to AWS: one more try where the network stumbles, within the budget and the limit on cost."""

import random
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure


class Clients:
    """One client whose answers are given: dictionaries, or exceptions to raise."""

    region, login_profile, is_custom_endpoint = "eu-west-1", None, False

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)

    def client(self, _service: str) -> "Clients":
        return self

    def get_metric_data(self, **_parameters: object) -> dict[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def start_query(self, **parameters: object) -> dict[str, Any]:
        return self.get_metric_data(**parameters)


class Time:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.ms = 1_795_000_000_000
        self.waits: list[float] = []

    def now_ms(self) -> int:
        return self.ms

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ms += round(seconds * 1000)


def call_of(time: Time, *answers: dict[str, Any] | Exception, cap: CostCap | None = None) -> AwsCall:
    clients = cast("AwsClients", Clients(*answers))
    return AwsCall(clients, 0.4, time.now_ms, time.wait, random.Random(1), cap=cap)


def refused(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetMetricData")


@pytest.mark.parametrize(
    "stumble",
    [
        ConnectionClosedError(endpoint_url="http://x"),
        ResponseParserError("the answer was cut short"),
        refused("InternalFailure", 500),
        refused("ServiceUnavailable", 503),
    ],
)
def test_a_stumble_is_tried_once_more_and_both_calls_are_counted(stumble: Exception) -> None:
    time = Time()
    call = call_of(time, stumble, {"MetricDataResults": []})
    assert call("cloudwatch", "GetMetricData", MetricDataQueries=[]) == {"MetricDataResults": []}
    assert call.meter.usage(time.ms).calls == {"cloudwatch:GetMetricData": 2}
    assert sum(time.waits) < 1


@pytest.mark.parametrize(
    "failure",
    [
        refused("ThrottlingException", 400),
        refused("ExpiredTokenException", 400),
        refused("AccessDeniedException", 403),
        ReadTimeoutError(endpoint_url="http://x"),
    ],
)
def test_what_another_try_does_not_help_is_not_tried_again(failure: Exception) -> None:
    time = Time()
    call = call_of(time, failure)
    with pytest.raises(SourceFailure):
        call("cloudwatch", "GetMetricData", MetricDataQueries=[])
    assert call.meter.usage(time.ms).calls == {"cloudwatch:GetMetricData": 1}


@pytest.mark.parametrize(
    ("stumble", "calls"),
    [
        (ConnectionClosedError(endpoint_url="http://x"), 1),
        (ResponseParserError("the answer was cut short"), 1),
        (EndpointConnectionError(endpoint_url="http://x"), 2),
        (refused("ServiceUnavailable", 503), 2),
    ],
)
def test_a_query_that_may_have_been_started_is_not_started_again(stumble: Exception, calls: int) -> None:
    time = Time()
    call = call_of(time, stumble, stumble)
    with pytest.raises(SourceFailure):
        call("logs", "StartQuery", queryString="")
    assert call.meter.usage(time.ms).calls == {"logs:StartQuery": calls}


def test_two_stumbles_are_a_failure() -> None:
    call = call_of(Time(), *[ConnectionClosedError(endpoint_url="http://x")] * 2)
    with pytest.raises(SourceFailure, match="broke off"):
        call("cloudwatch", "GetMetricData", MetricDataQueries=[])


def test_a_limit_on_cost_is_kept_by_waiting() -> None:
    time = Time()
    queries: list[dict[str, Any]] = [{}] * 500
    call = call_of(time, *[{}] * 400, cap=CostCap(0.10))
    started_ms = time.ms
    for _ in range(400):
        call("cloudwatch", "GetMetricData", MetricDataQueries=queries)
    hours = (time.ms - started_ms) / 3_600_000
    usage = call.meter.usage(time.ms)
    assert usage.cost_usd == pytest.approx(400 * 0.005)
    assert usage.cost_usd <= 0.10 * (hours + 1 / 12)
    assert usage.cost_usd_last_hour <= 0.10 * 13 / 12
    assert hours < 26


def test_the_dearest_operation_waits_while_cheap_ones_go_on() -> None:
    cap, now_ms = CostCap(0.10), 0
    while cap.reserve("GetMetricData", 0.005, now_ms) == 0:
        now_ms += 1_000
    assert cap.slowed(now_ms) == ("GetMetricData",)
    assert cap.reserve("GetQueueAttributes", 0.000_000_4, now_ms) == 0
    assert cap.reserve("FilterLogEvents", 0.0, now_ms) == 0


def test_a_skewed_clock_is_found_from_answers_and_from_refusals() -> None:
    time = Time()
    date = {"HTTPHeaders": {"date": "Thu, 18 Nov 2026 03:13:20 GMT"}, "HTTPStatusCode": 200}
    call = call_of(time, {"ResponseMetadata": date}, refused("InvalidSignatureException", 403))
    call("cloudwatch", "GetMetricData", MetricDataQueries=[])
    assert abs(call.skew.now_ms() - 1_794_971_600_000) < 2_000
    with pytest.raises(SourceFailure, match=r"clock is 47\d min ahead") as raised:
        call("cloudwatch", "GetMetricData", MetricDataQueries=[])
    assert "timedatectl" in (raised.value.remedy or "")
