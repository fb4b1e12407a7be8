"""What AWS answers about a query, and queries to ask."""

from typing import Any

from lambdatop.model.query import QueryRun
from lambdatop.model.source_status import SourceState
from lambdatop.sources.failure import SourceFailure
from tests.sources.fake_call import SCOPE

STARTED: dict[str, Any] = {"queryId": "q"}
TEXT = "fields @message"


class AwsError(Exception):
    """As botocore raises it."""

    def __init__(self, response: dict[str, Any]) -> None:
        super().__init__("An error occurred")
        self.response = response


def run_of(text: str = TEXT, *, number: int = 1, groups: tuple[str, ...] = ("/g",), **more: Any) -> QueryRun:  # noqa: ANN401
    return QueryRun(number=number, scope=SCOPE, text=text, log_groups=groups, start_s=100, end_s=160, **more)


def results(
    status: str, *rows: dict[str, str], token: str | None = None, scanned: float = 0.0, matched: float | None = None
) -> dict[str, Any]:
    """A GetQueryResults answer."""
    found: dict[str, Any] = {
        "status": status,
        "results": [[{"field": field, "value": value} for field, value in row.items()] for row in rows],
        "statistics": {"bytesScanned": scanned, "recordsScanned": 9.0, "recordsMatched": matched},
    }
    return found | ({"nextToken": token} if token else {})


def events(*messages: str) -> list[dict[str, str]]:
    return [{"@message": message, "@ptr": f"p-{message}"} for message in messages]


def of_aws(
    code: str,
    message: str = "",
    *,
    state: SourceState = "failed",
    status: int = 400,
    **members: Any,  # noqa: ANN401
) -> SourceFailure:
    """A failure as AwsCall raises it for an answer of AWS's."""
    failure = SourceFailure(state, f"logs:X failed: {code} {message}".rstrip(), "help", code=code)
    error = {"Code": code, "Message": message}
    failure.__cause__ = AwsError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}, **members})
    return failure


def out_of_reach(code: str = "EndpointConnectionError") -> SourceFailure:
    failure = SourceFailure("failed", "AWS cannot be reached.", "Check the network.", code=code)
    failure.__cause__ = OSError("no route")
    return failure


def login_lost() -> SourceFailure:
    return SourceFailure("credentials", "The AWS login has expired.", "Run `aws sso login`.", 3, "ExpiredToken")


def throttled() -> SourceFailure:
    return of_aws("ThrottlingException", "Rate exceeded", state="throttled")


def out_of_places() -> SourceFailure:
    return of_aws("LimitExceededException", state="throttled")
