"""Queries over the wire: what botocore makes of AWS's refusals, and an AWS that is not ours (moto's server)."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from lambdatop.model.query import FieldList, QueryProgress, QueryRun
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.query_endpoint import QueryEndpoint
from lambdatop.sources.query_execution import QueryExecution
from lambdatop.sources.query_lookup import outcome_of
from tests import moto_account
from tests.sources.fake_call import SCOPE

REFUSAL = b"""{"__type": "MalformedQueryException",
"message": "unexpected symbol found | at line 1 and position 9 (Service: AWSLogs; Status Code: 400)",
"queryCompileError": {"location": {"startCharOffset": 7, "endCharOffset": 9},
"message": "unexpected symbol found |"}}"""


class Answer(AWSResponse):  # type: ignore[misc]  # botocore has no types
    """A response whose body is at hand."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__("http://127.0.0.1", status, {}, None)
        self._content = body


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    with moto_account.moto_server() as url:
        logs = moto_account.client("logs", url)
        for group in ("/full", "/empty"):
            logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName="/full", logStreamName="s")
        lines = [{"timestamp": time.time_ns() // 1_000_000, "message": f"line {number}"} for number in range(3)]
        logs.put_log_events(logGroupName="/full", logStreamName="s", logEvents=lines)
        yield url


@pytest.fixture
def call_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], AwsCall]:
    def build(url: str | None) -> AwsCall:
        for name, value in moto_account.environment(url or "").items():
            if name.startswith("AWS_") and value:
                monkeypatch.setenv(name, value)
        clients = AwsClients(None, "eu-west-1", url)
        clients.connect()
        return AwsCall(clients, 0.4, lambda: 0, lambda _: None, random.Random(1))

    return build


def run_to_end(call: AwsCall, *groups: str, text: str = "fields @message", **more: Any) -> QueryProgress:  # noqa: ANN401
    now_s = time.time_ns() // 1_000_000_000
    run = QueryRun(number=1, scope=SCOPE, text=text, log_groups=groups, start_s=now_s - 600, end_s=now_s + 60, **more)
    execution = QueryExecution(call, run, QueryEndpoint(is_trusted=None if call.clients.is_custom_endpoint else True))
    now_ms = 0
    while not execution.is_over:
        execution.poll(now_ms)
        now_ms = max(now_ms, execution.due_ms)
    return execution.progress


def test_the_place_of_a_mistake_comes_through_botocore(call_to: Callable[[str | None], AwsCall]) -> None:
    call = call_to(None)
    events = call.clients.client("logs").meta.events
    events.register("before-send.logs.StartQuery", lambda **_: Answer(400, REFUSAL))
    progress = run_to_end(call, "/g", text="fields || @message")
    assert progress.status == "refused"
    assert progress.problem is not None
    assert progress.problem.sentence == "Logs Insights does not understand the query: unexpected symbol found |"
    assert (progress.problem.start, progress.problem.end) == (7, 9)


def test_motos_answers_are_not_believed(moto_url: str, call_to: Callable[[str | None], AwsCall]) -> None:
    call = call_to(moto_url)
    for more in ({}, {"is_estimate": True}):
        progress = run_to_end(call, "/full", text="filter @message like /line 2/", **more)
        assert (progress.status, progress.rows, progress.estimated_bytes) == ("refused", (), None)
        assert progress.problem is not None
        assert "without doing what they say" in progress.problem.sentence
    assert run_to_end(call, "/empty").status == "complete"


def test_what_moto_lacks_is_said_in_words(moto_url: str, call_to: Callable[[str | None], AwsCall]) -> None:
    call = call_to(moto_url)
    missing = run_to_end(call, "/missing").problem
    assert missing is not None
    assert missing.sentence.startswith("A log group of the query does not exist: ")
    source = run_to_end(call, text="SOURCE logGroups()").problem
    assert source is not None
    assert source.sentence == "This endpoint does not offer logs:StartQuery."
    problem = outcome_of(call, FieldList(number=1, scope=SCOPE, log_group="/full")).problem
    assert problem is not None
    assert problem.sentence == "This endpoint does not offer logs:GetLogGroupFields."
