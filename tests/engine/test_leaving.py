"""What runs at AWS is stopped when the engine's process ends, however it is ended; against the embedded account."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.demo.services.insights_service import InsightsService
from lambdatop.engine import remote_engine
from lambdatop.engine.engine import Engine
from lambdatop.engine.remote_engine import RemoteEngine
from lambdatop.model.identity import Scope
from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.model.question import Answer, QueryAnswer, QueryQuestion
from lambdatop.model.view import View
from lambdatop.sources.account_options import AccountOptions
from tests.fakes import FakeAccount, ScriptedSource

GROUP = "/aws/lambda/checkout"
TIMEOUT_S = 30.0


class EndlessQueries:
    """Takes the place of the account's queries: the check of the endpoint is done at once, all others never."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.stopped: list[str] = []
        self.scanned = 0.0

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        if "lambdatop_count" in request["queryString"]:
            return {"queryId": "check"}
        self.started.append(request["queryString"])
        return {"queryId": f"query-{len(self.started)}"}

    def results(self, request: dict[str, Any]) -> dict[str, Any]:
        status = "Complete" if request["queryId"] == "check" else "Running"
        return {"status": status, "results": [], "statistics": {"recordsScanned": 1.0, "bytesScanned": self.scanned}}

    def stop(self, request: dict[str, Any]) -> dict[str, Any]:
        self.stopped.append(request["queryId"])
        return {"success": True}


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> EndlessQueries:
    queries = EndlessQueries()
    for name, answer in (
        ("start_query", queries.start), ("get_query_results", queries.results), ("stop_query", queries.stop),
    ):  # fmt: skip
        monkeypatch.setattr(InsightsService, name, lambda _self, request, answer=answer: answer(request))
    return queries


class Place:
    """The embedded account and an engine's process that reads it."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self.scope = Scope(account.account_id, account.region)
        now_ms = time.time_ns() // 1_000_000
        options = AccountOptions(since_ms=now_ms - 900_000, can_listen_live=True)
        self.engine = RemoteEngine([options], options.since_ms)
        self.answers: list[QueryProgress] = []
        self.engine.listen(self._hear)
        self.engine.start()

    def want(self, *numbers: int) -> None:
        self.engine.set_view(View(query_tasks=tuple(map(self._run, numbers))))

    def pid(self) -> int:
        assert self.engine._process is not None
        return self.engine._process.pid

    def _run(self, number: int) -> QueryRun:
        text = f"fields @message | limit {number}"
        return QueryRun(number=number, scope=self.scope, text=text, log_groups=(GROUP,), start_s=1, end_s=2)

    def _hear(self, answer: Answer) -> None:
        if isinstance(answer, QueryAnswer) and isinstance(answer.outcome, QueryProgress):
            self.answers.append(answer.outcome)


@pytest.fixture
def place(queries: EndlessQueries, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    assert not queries.started
    account = EmbeddedAccount(Clock())
    account.functions.put({"FunctionName": "checkout", "MemorySize": 128, "Timeout": 3, "Runtime": "python3.13"})
    account.logs.put(GROUP, "s", time.time_ns() // 1_000_000, "a line")
    endpoint = EmbeddedEndpoint(account)
    endpoint.start()
    for name, value in endpoint.environment().items():
        monkeypatch.setenv(name, value)
    place = Place(account)
    yield place
    place.engine.stop()
    endpoint.stop()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_queries_are_stopped_when_the_screen_is_left(place: Place, queries: EndlessQueries) -> None:
    place.want(1, 2, 3)
    until(lambda: len(queries.started) == 3)

    place.engine.stop()

    assert sorted(queries.stopped) == ["query-1", "query-2", "query-3"]
    assert place.engine._process is not None
    assert place.engine._process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_queries_are_stopped_when_a_signal_ends_the_process_and_are_not_run_again_by_the_next(
    place: Place, queries: EndlessQueries, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_engine, "RESTART_AFTER_S", 0.0)
    place.want(1)
    until(lambda: queries.started)
    place.engine.ask(QueryQuestion(topic="query", number=1, task=1))
    first = place.pid()

    os.kill(first, number)

    until(lambda: queries.stopped)
    until(lambda: place.pid() != first)
    until(lambda: place.answers and place.answers[-1].status == "failed")
    problem = place.answers[-1].problem
    assert problem is not None
    assert problem.remedy == "Run the query again."
    assert len(queries.started) == 1
    place.want(1, 2)
    until(lambda: len(queries.started) == 2)


def test_a_query_that_the_view_names_no_more_is_stopped_and_the_others_run_on(
    place: Place, queries: EndlessQueries
) -> None:
    queries.scanned = 2e9
    place.want(1, 2)
    until(lambda: len(queries.started) == 2)

    place.want(2)

    until(lambda: queries.stopped)
    assert queries.stopped == ["query-1"]
    until(lambda: place.engine.latest.api.cost_usd >= 0.01)


class Stubborn(ScriptedSource):
    """A source that takes as long to end as it is let."""

    def __init__(self) -> None:
        super().__init__("stubborn", [])
        self.is_ending, self.may_end = threading.Event(), threading.Event()

    def end(self) -> None:
        self.is_ending.set()
        self.may_end.wait(TIMEOUT_S)


def test_a_source_that_does_not_end_is_not_waited_for_long() -> None:
    stubborn = Stubborn()
    engine = Engine([FakeAccount([stubborn])], 0)
    engine.start()

    engine.stop(timeout_s=0.1)

    assert stubborn.is_ending.wait(TIMEOUT_S)
    stubborn.may_end.set()
