"""The engine in a process of its own, against the embedded account and against processes that misbehave."""

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.engine.remote_engine import RemoteEngine
from lambdatop.model.view import View
from lambdatop.sources.account_options import AccountOptions

STREAM = "2026/11/21/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
TIMEOUT_S = 30.0


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedEndpoint]:
    account = EmbeddedAccount(Clock())
    account.functions.put({"FunctionName": "checkout", "MemorySize": 128, "Timeout": 3, "Runtime": "python3.13"})
    now_ms = time.time_ns() // 1_000_000
    for number in range(40):
        request_id = f"8d5958b5-559f-43f3-b278-{number:012x}"
        report = (
            f"REPORT RequestId: {request_id}\tDuration: 2.46 ms\tBilled Duration: 3 ms\t"
            "Memory Size: 128 MB\tMax Memory Used: 95 MB\t\n"
        )
        account.logs.put("/aws/lambda/checkout", STREAM, now_ms - 60_000 + number * 100, report)
    served = EmbeddedEndpoint(account)
    served.start()
    for name, value in served.environment().items():
        monkeypatch.setenv(name, value)
    yield served
    served.stop()


def options() -> AccountOptions:
    return AccountOptions(since_ms=time.time_ns() // 1_000_000 - 900_000)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_snapshots_come_and_views_go(endpoint: EmbeddedEndpoint) -> None:
    assert endpoint.url
    engine = RemoteEngine([options()], options().since_ms)
    engine.set_view(View(window="start"))
    engine.start()
    try:
        until(lambda: [row.window.invocations for row in engine.latest.functions] == [40])
        key = engine.latest.functions[0].key

        engine.set_view(View(window="5m", focus=key))

        until(lambda: engine.latest.detail is not None and engine.latest.window == "5m")
        assert engine.latest.detail is not None
        assert len(engine.latest.detail.recent_invocations) == 40
    finally:
        engine.stop()
    assert engine._process is not None
    assert engine._process.returncode == 0


def test_a_failure_to_connect_reaches_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    engine = RemoteEngine([options()], 0)
    engine.start()
    try:
        until(lambda: engine.failure)
        assert engine.failure is not None
        assert engine.failure.exit_code == 3
    finally:
        engine.stop()


def test_a_process_that_ends_by_itself_is_said_and_its_last_words_are_kept() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('out of luck')"]
    engine = RemoteEngine([options()], 0, command=command)
    engine.start()
    try:
        until(lambda: engine.latest.notice and engine.defects)
        assert "ended unexpectedly" in (engine.latest.notice or "")
        assert engine.defects == ["out of luck\n"]
    finally:
        engine.stop()


def test_a_process_that_does_not_end_is_killed() -> None:
    engine = RemoteEngine([options()], 0, command=[sys.executable, "-c", "import time; time.sleep(600)"])
    engine.start()
    until(lambda: engine._process is not None)

    engine.stop(timeout_s=0.1)

    assert engine._process is not None
    assert engine._process.returncode == -9
