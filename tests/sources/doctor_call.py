"""AWS as the doctor sees it: a small account that answers everything, to be changed one answer at a time."""

from typing import Any

from lambdatop.model.capability import AccountExamination, Capability
from lambdatop.model.source_status import ApiUsage
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.examination import Examination
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_group import IS_MISSING
from lambdatop.sources.reading_probe import ReadingTerms
from tests.fakes import FakeClock
from tests.sources.fake_call import Answer, FakeCall, FakeClients, refused

AT_MS = FakeClock().now_ms - 60_000
REPORT = {
    "eventId": "1", "timestamp": AT_MS, "message": "REPORT RequestId: 1\n", "logStreamName": "s",
    "ingestionTime": AT_MS + 1_500,
}  # fmt: skip
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:checkout"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:checkout-dlq"


def log_events(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
    """Answer FilterLogEvents as AWS does: the group's one line, unless it is filtered away."""
    if asked["logGroupName"] != "/aws/lambda/checkout":
        raise SourceFailure("failed", "There is no such group.", code=IS_MISSING)
    is_asked = asked["startTime"] <= AT_MS <= asked["endTime"]
    is_filtered = "no line of lambdatop" in asked.get("filterPattern", "")
    return {"events": [REPORT] if is_asked and not is_filtered else []}


ANSWERS: dict[str, Answer | list[Answer]] = {
    "GetCallerIdentity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/on-call"},
    "ListFunctions": {
        "Functions": [
            {"FunctionName": "never-ran", "FunctionArn": f"{ARN}-2"},
            {"FunctionName": "checkout", "FunctionArn": ARN, "DeadLetterConfig": {"TargetArn": QUEUE_ARN}},
        ]
    },
    "GetAccountSettings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
    "FilterLogEvents": log_events,
    "GetQueueUrl": {"QueueUrl": "https://sqs"},
    "GetQueueAttributes": {"Attributes": {"ApproximateNumberOfMessages": "7"}},
    "GetTraceSummaries": {"TraceSummaries": [{"Id": "1-0-0"}], "TracesProcessedCount": 4},
    "StartQuery": {"queryId": "q"},
    "GetQueryResults": [
        {"status": "Running"},
        {"status": "Complete", "statistics": {"bytesScanned": 2_000_000_000.0}},
    ],
}


class FakeMeter:
    """Counts nothing."""

    def usage(self, _now_ms: int) -> ApiUsage:
        return ApiUsage(calls={"sts:GetCallerIdentity": 1}, cost_usd=0.25)


class DoctorClients(FakeClients):
    """Credentials that do not end."""

    expires_at_ms: int | None = None


class DoctorCall(FakeCall):
    """The account's answers with some of them replaced; each call takes `takes_ms` of the clock."""

    def __init__(
        self, answers: dict[str, Any] | None = None, *, takes_ms: int = 0, is_custom_endpoint: bool = False
    ) -> None:
        super().__init__({**ANSWERS, **(answers or {})}, is_custom_endpoint=is_custom_endpoint)
        self.clock = FakeClock()
        self.takes_ms = takes_ms
        self.skew = ClockSkew(self.clock)
        self.meter = FakeMeter()
        self.charged: dict[str, float] = {}
        self.clients = DoctorClients(is_custom_endpoint=is_custom_endpoint)

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        self.clock.advance(self.takes_ms)
        return super().__call__(service, operation, **parameters)

    def charge(self, operation: str, cost_usd: float) -> None:
        self.charged[operation] = cost_usd


def examination_of(call: DoctorCall, *patterns: str, terms: ReadingTerms | None = None) -> Examination:
    """The doctor before a fake account."""
    clients: Any = call.clients
    return Examination(clients, 0.4, patterns, call.clock, wait=lambda _seconds: None, call=call.call, terms=terms)


def examine(call: DoctorCall, *patterns: str, timeout_s: float = 30, **options: bool) -> AccountExamination:
    """Run the doctor on a fake account."""
    return examination_of(call, *patterns).run(timeout_s, lambda: None, **options)


def capability(found: AccountExamination, name: str) -> Capability:
    """Return one of the findings."""
    return next(one for one in found.capabilities if one.name == name)


__all__ = ["ANSWERS", "DoctorCall", "capability", "examination_of", "examine", "log_events", "refused"]
