"""`lambdatop report` over an engine whose sources are scripted: from deliveries to bytes and exit codes."""

import csv
import io
import json
from collections.abc import Callable, Sequence

import pytest

from lambdatop.cli.main import run
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.engine.engine import Engine
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure
from tests.fakes import FakeAccount, ScriptedSource

SCOPE = Scope("123456789012", "eu-west-1")
AT_MS = 1_795_230_000_000
WINDOW = ("--since", "2026-11-21T02:45:00Z", "--until", "2026-11-21T03:15:00Z")
REPORT_LINE = (
    "REPORT RequestId: {id}\tDuration: {ms} ms\tBilled Duration: {ms} ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t"
)


def invocation(number: int, duration_ms: int, *more: str) -> list[LogEvent]:
    request_id = f"8f5e2c1a-0000-4000-8000-{number:012d}"
    at_ms = AT_MS + number * 1000
    lines = [
        f"START RequestId: {request_id} Version: $LATEST\n",
        *more,
        f"END RequestId: {request_id}\n",
        REPORT_LINE.format(id=request_id, ms=duration_ms) + "\n",
    ]
    return [
        LogEvent(
            log_stream="2026/11/21/[$LATEST]a", timestamp_ms=at_ms + index, message=line, event_id=f"{number}-{index}"
        )
        for index, line in enumerate(lines)
    ]


def deliveries() -> list[Delivery]:
    function = LambdaFunction(
        key=FunctionKey(*SCOPE, "checkout"), runtime="python3.13", memory_size_mb=128, log_group="/aws/lambda/checkout"
    )
    events = [event for number in range(9) for event in invocation(number, 10 + number)]
    events += invocation(9, 500, "[ERROR] KeyError: 'sku'\nTraceback (most recent call last):\n")
    return [
        FunctionsDelivered(scope=SCOPE, functions=(function,)),
        LogEventsDelivered(
            scope=SCOPE, log_group="/aws/lambda/checkout", events=events, depth="full", swept_to_ms=AT_MS + 60_000
        ),
    ]


Wire = Callable[..., None]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Let the command meet an engine over these deliveries."""

    def put(script: Sequence[Delivery], failure: SourceFailure | None = None) -> None:
        def engine_of(settings: ConnectionSettings) -> Engine:
            account = FakeAccount([ScriptedSource("logs", [script])], failure=failure)
            return Engine([account], settings.since_ms, settings.until_ms)

        monkeypatch.setattr("lambdatop.cli.collect.engine_of", engine_of)

    return put


def test_json(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire(deliveries())
    assert run(["report", *WINDOW, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["window"] == {"start": "2026-11-21T02:45:00.000Z", "end": "2026-11-21T03:15:00.000Z"}
    (function,) = report["functions"]
    assert (function["name"], function["invocations"], function["runtime"]) == ("checkout", 10, "python3.13")
    assert function["duration_ms"]["max"] == 500
    assert function["billed_duration_ms"] == sum(range(10, 19)) + 500
    assert (function["errors"], function["error_rate"], function["error_kinds"]["unhandled_exception"]) == (1, 0.1, 1)
    assert function["throttles"] is None
    assert report["sources"][0]["status"] == "working"


@pytest.mark.parametrize(
    ("arguments", "wish", "allowed_usd"),
    [
        ((), "auto", 0.10),
        (("--wide-logs", "insights", "--max-cost", "2"), "insights", 2.0),
        (("--max-cost", "0"), "sweep", 0.0),
    ],
)
def test_how_logs_are_read_and_for_how_much_is_handed_on(
    arguments: tuple[str, ...], wish: str, allowed_usd: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[View] = []

    def engine_of(settings: ConnectionSettings) -> Engine:
        account = FakeAccount([ScriptedSource("logs", [deliveries()])])
        engine = Engine([account], settings.since_ms, settings.until_ms)
        monkeypatch.setattr(engine, "set_view", views.append)
        return engine

    monkeypatch.setattr("lambdatop.cli.collect.engine_of", engine_of)
    assert run(["report", *WINDOW, *arguments]) == 0
    assert [(view.wide_logs, view.backfill_usd) for view in views] == [(wish, allowed_usd)]


def test_the_other_formats(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire(deliveries())
    assert run(["report", *WINDOW]) == 0
    assert any(line.startswith("checkout") for line in capsys.readouterr().out.splitlines())
    assert run(["report", *WINDOW, "--format", "csv"]) == 0
    assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["invocations"] == "10"
    assert run(["report", *WINDOW, "--format", "prometheus"]) == 0
    assert 'function="checkout"} 10\n' in capsys.readouterr().out
    assert run(["report", *WINDOW, "--format", "markdown"]) == 0
    assert "| checkout | " in capsys.readouterr().out


def test_a_condition_that_matches_fails_the_report_after_it_is_printed(
    wire: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    wire(deliveries())
    conditions = (
        "--fail-on",
        "duration_max_ms>=500ms",
        "--fail-on",
        "invocations>10",
        "--fail-on",
        "total.throttles>0",
    )
    assert run(["report", *WINDOW, *conditions]) == 1
    printed = capsys.readouterr()
    assert "checkout" in printed.out
    assert printed.err.splitlines() == [
        "lambdatop: total: throttles is unknown, so total.throttles>0 was not judged",
        "lambdatop: --fail-on matched: checkout: duration_max_ms is 500 ms (duration_max_ms>=500ms)",
    ]


def test_no_function_by_that_name(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire(deliveries())
    assert run(["report", "chekout", *WINDOW]) == 4
    printed = capsys.readouterr()
    assert printed.err.startswith("lambdatop: no function matches chekout; there is checkout.")
    assert not printed.out


@pytest.mark.parametrize("exit_code", [3, 4])
def test_an_account_that_cannot_be_connected_to(exit_code: int, wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire([], SourceFailure("credentials", "The login has expired", "aws sso login", exit_code))
    assert run(["report", *WINDOW]) == exit_code
    assert capsys.readouterr().err == "lambdatop: The login has expired. Try: aws sso login\n"


def test_several_accounts_are_one_for_each_profile_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[ConnectionSettings] = []

    def engine_of(settings: ConnectionSettings) -> Engine:
        seen.append(settings)
        return Engine([FakeAccount([ScriptedSource("logs", [deliveries()])])], settings.since_ms, settings.until_ms)

    monkeypatch.setattr("lambdatop.cli.collect.engine_of", engine_of)
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    run(["report", *WINDOW])
    monkeypatch.setenv("LAMBDATOP_REGION", "eu-west-1 us-east-1")
    monkeypatch.setenv("LAMBDATOP_QUOTA_SHARE", "50%")
    run(["--profile", "a", "report", "--profile", "b", *WINDOW])
    assert [settings.regions for settings in seen] == [("eu-north-1",), ("eu-west-1", "us-east-1")]
    assert seen[1].profiles == ("a", "b")
    assert seen[1].quota_share == 0.5
