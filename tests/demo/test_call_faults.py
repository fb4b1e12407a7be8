"""Calls in bad weather, as botocore tells of them."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.quotas import Quotas
from lambdatop.demo.service_error import ServiceError
from tests.demo.clients import START_MS, Client, client

Serve = Callable[..., str]

CALLS: Mapping[str, Callable[[Client], Any]] = {
    "logs": lambda logs: logs.filter_log_events(logGroupName="/g"),
    "lambda": lambda functions: functions.list_functions(),
    "cloudwatch": lambda cloudwatch: cloudwatch.list_metrics(),
    "sqs": lambda sqs: sqs.list_queues(),
    "xray": lambda xray: xray.get_trace_summaries(StartTime=1, EndTime=2),
    "sts": lambda sts: sts.get_caller_identity(),
}


@pytest.fixture(autouse=True)
def group(account: EmbeddedAccount) -> None:
    account.logs.put_batch("/g", "s", [(START_MS, f"line {number}") for number in range(100)])


def refusal(service: str, url: str) -> tuple[str, str, int]:
    """The class, code and status that one attempt meets."""
    with pytest.raises(ClientError) as raised:
        CALLS[service](client(service, url, attempts=1))
    answer = raised.value.response
    return type(raised.value).__name__, answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


THROTTLED = {
    "logs": ("ThrottlingException", "ThrottlingException", 400),
    "lambda": ("TooManyRequestsException", "TooManyRequestsException", 429),
    "cloudwatch": ("ClientError", "Throttling", 400),
    "sqs": ("RequestThrottled", "RequestThrottled", 400),
    "xray": ("ThrottledException", "ThrottledException", 429),
    "sts": ("ClientError", "Throttling", 400),
}
FAILED = {
    "logs": ("ServiceUnavailableException", "ServiceUnavailableException", 503),
    "lambda": ("ServiceException", "ServiceException", 500),
    "cloudwatch": ("InternalServiceFault", "InternalServiceError", 500),
    "sqs": ("ClientError", "InternalError", 500),
    "xray": ("ClientError", "InternalFailure", 500),
    "sts": ("ClientError", "InternalFailure", 500),
}
EXPIRED = {
    "logs": ("ClientError", "ExpiredTokenException", 400),
    "lambda": ("ClientError", "ExpiredTokenException", 403),
    "cloudwatch": ("ClientError", "ExpiredToken", 400),
    "sqs": ("ClientError", "ExpiredToken", 400),
    "xray": ("ClientError", "ExpiredTokenException", 403),
    "sts": ("ClientError", "ExpiredToken", 403),
}
DENIED = {
    "logs": ("AccessDeniedException", "AccessDeniedException", 400),
    "lambda": ("ClientError", "AccessDeniedException", 403),
    "cloudwatch": ("ClientError", "AccessDenied", 400),
    "sqs": ("ClientError", "AccessDenied", 400),
    "xray": ("ClientError", "AccessDeniedException", 403),
    "sts": ("ClientError", "AccessDenied", 403),
}


@pytest.mark.parametrize(
    ("faults", "refusals"),
    [
        (["throttle"], THROTTLED),
        (["error"], FAILED),
        (["expired-credentials"], EXPIRED),
        ([f"deny={service}:*" for service in CALLS], DENIED),
    ],
)
def test_each_service_refuses_with_its_own_code(
    serve: Serve, faults: list[str], refusals: dict[str, tuple[str, str, int]]
) -> None:
    url = serve(*faults)
    assert {service: refusal(service, url) for service in CALLS} == refusals


@pytest.mark.parametrize("fault", ["reset", "outage"])
def test_a_connection_that_breaks_is_a_closed_connection(serve: Serve, fault: str) -> None:
    url = serve(fault)
    for service, call in CALLS.items():
        with pytest.raises(ConnectionClosedError):
            call(client(service, url, attempts=1))


def test_json_that_is_cut_off_is_an_empty_answer_to_botocore(account: EmbeddedAccount, serve: Serve) -> None:
    url = serve("truncate")
    members = {"logs": "events", "lambda": "Functions", "cloudwatch": "Metrics", "xray": "TraceSummaries"}
    for service, member in members.items():
        assert member not in CALLS[service](client(service, url, attempts=1))
    account.weather.forecast([])
    for service, member in members.items():
        assert member in CALLS[service](client(service, url, attempts=1))


def test_xml_that_is_cut_off_is_no_answer_to_botocore(serve: Serve) -> None:
    with pytest.raises(ResponseParserError):
        CALLS["sts"](client("sts", serve("truncate"), attempts=1))


def test_a_slow_answer_trickles_and_is_whole(serve: Serve) -> None:
    assert len(CALLS["logs"](client("logs", serve("slow=100ms")))["events"]) == 100


def test_a_throttle_ends_with_its_window(account: EmbeddedAccount, serve: Serve) -> None:
    url = serve("throttle=logs:FilterLogEvents@60s+60s")
    logs = client("logs", url, attempts=1)
    CALLS["logs"](logs)
    account.clock.advance(60_000)
    assert refusal("logs", url)[1] == "ThrottlingException"
    assert logs.describe_log_groups()["logGroups"]
    account.clock.advance(60_000)
    assert len(CALLS["logs"](logs)["events"]) == 100


def test_what_is_not_denied_is_allowed(serve: Serve) -> None:
    url = serve("deny=logs:FilterLogEvents", "deny=sqs:SendMessage")
    assert client("logs", url).describe_log_groups()["logGroups"]
    with pytest.raises(ClientError, match=r"not authorized to perform: sqs:SendMessage on resource"):
        client("sqs", url).send_message_batch(QueueUrl=f"{url}/1/q", Entries=[{"Id": "1", "MessageBody": "x"}])


def test_some_errors_are_outlived_by_retries(account: EmbeddedAccount, serve: Serve) -> None:
    url = serve("error=30%", "reset=10%")
    retries = [CALLS["logs"](client("logs", url, 8))["ResponseMetadata"]["RetryAttempts"] for _ in range(10)]
    assert sum(retries) > 0
    account.weather.forecast([])
    assert CALLS["logs"](client("logs", url))["ResponseMetadata"]["RetryAttempts"] == 0


def date_ms(url: str) -> float:
    headers = CALLS["sts"](client("sts", url))["ResponseMetadata"]["HTTPHeaders"]
    return parsedate_to_datetime(headers["date"]).timestamp() * 1000


@pytest.mark.parametrize(("faults", "skew_ms"), [((), 0), (("skew=-300",), -300_000), (("skew=2m",), 120_000)])
def test_answers_are_dated_by_the_accounts_clock(serve: Serve, faults: tuple[str, ...], skew_ms: int) -> None:
    assert date_ms(serve(*faults)) == START_MS + skew_ms


def told(service: str, url: str) -> dict[str, Any]:
    answer: dict[str, Any] = CALLS[service](client(service, url))
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    return answer | {"ResponseMetadata": {name: headers[name] for name in headers if name != "x-amzn-requestid"}}


def test_faults_that_do_not_strike_leave_answers_as_they_are(serve: Serve) -> None:
    url = serve()
    fair = {service: told(service, url) for service in CALLS}
    url = serve("deny=lambda:Delete*", "throttle=logs:PutLogEvents", "error@1h", "outage@1h+1m", "truncate@1h")
    assert {service: told(service, url) for service in CALLS} == fair


@pytest.mark.parametrize(
    ("region", "operation", "per_second"),
    [
        ("us-east-1", "FilterLogEvents", 25),
        ("eu-central-1", "FilterLogEvents", 5),
        ("eu-west-1", "FilterLogEvents", 10),
        ("us-east-1", "GetLogEvents", 25),
        ("eu-west-1", "GetLogEvents", 10),
        ("eu-west-3", "GetLogEvents", 30),
        ("eu-west-1", "DescribeLogGroups", 10),
        ("us-east-1", "StartQuery", 10),
    ],
)
def test_quotas_are_those_of_the_region(account: EmbeddedAccount, region: str, operation: str, per_second: int) -> None:
    quotas = Quotas(account.clock, region)
    for _ in range(per_second):
        quotas.take("logs", operation)
    with pytest.raises(ServiceError, match="ThrottlingException"):
        quotas.take("logs", operation)
