"""The engine in a process of its own, against the embedded account and against processes that misbehave."""

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.engine import remote_engine
from lambdatop.engine.child import AnswerBox
from lambdatop.engine.remote_engine import RemoteEngine
from lambdatop.model.log_line import LAST_KEY, LogPage
from lambdatop.model.question import Answer, LogAnswer, LogQuestion
from lambdatop.model.view import View
from lambdatop.sources.account_options import AccountOptions

STREAM = "2026/11/21/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
TIMEOUT_S = 30.0


@pytest.fixture
def account() -> EmbeddedAccount:
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
    return account


@pytest.fixture
def endpoint(account: EmbeddedAccount, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedEndpoint]:
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


class Reader:
    """An engine that is asked about lines, and all that it answers."""

    def __init__(self) -> None:
        self.engine = RemoteEngine([options()], options().since_ms, log_lines=10_000)
        self.answers: list[LogAnswer] = []
        self.engine.listen(self._hear)

    def ask(self, number: int, lines: int, *, is_standing: bool = True) -> None:
        question = LogQuestion(topic="logs", number=number, lines_before=lines, is_standing=is_standing)
        self.engine.ask(question)

    def until_last_line(self, text: str, number: int) -> LogAnswer:
        until(lambda: self.answers and self.answers[-1].number == number and text in self._last_line)
        return self.answers[-1]

    @property
    def _last_line(self) -> str:
        lines = self.answers[-1].page.lines
        return lines[-1].message if lines else ""

    def _hear(self, answer: Answer) -> None:
        assert isinstance(answer, LogAnswer)
        self.answers.append(answer)


@pytest.fixture
def reader(endpoint: EmbeddedEndpoint) -> Iterator[Reader]:
    assert endpoint.url
    reader = Reader()
    yield reader
    reader.engine.stop()


def test_a_question_is_answered_and_followed_lines_arrive(reader: Reader, account: EmbeddedAccount) -> None:
    reader.ask(number=1, lines=3)
    reader.engine.start()

    first = reader.until_last_line("-000000000027", number=1)

    assert len(first.page.lines) == 3
    key = first.page.lines[0].function
    assert key.name == "checkout"
    until(lambda: reader.answers[-1].lines_above == 37)

    reader.engine.set_view(View(logs=(key,)))
    account.logs.put("/aws/lambda/checkout", STREAM, time.time_ns() // 1_000_000, "an application's own line")

    newest = reader.until_last_line("own line", number=1)
    assert newest.page.lines[-1].kind == "application"
    until(lambda: reader.answers[-1].in_part_count == 0 and reader.answers[-1].full_from_ms)

    reader.ask(number=2, lines=1)
    assert len(reader.until_last_line("own line", number=2).page.lines) == 1


def test_what_stands_is_asked_again_of_the_next_process_and_what_was_asked_once_is_not(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_engine, "RESTART_AFTER_S", 0.0)
    reader.engine.start()
    reader.ask(number=1, lines=3)
    reader.until_last_line("-000000000027", number=1)
    first = reader.engine._process
    assert first is not None
    once = LogQuestion(topic="once", number=9, lines_before=1, is_standing=False)
    reader.engine.ask(once)
    until(lambda: reader.answers[-1].topic == "once")
    reader.answers.clear()

    first.kill()

    reader.until_last_line("-000000000027", number=1)
    assert reader.engine._process is not first
    assert {answer.topic for answer in reader.answers} == {"logs"}


def test_what_is_withdrawn_is_not_asked_of_the_next_process() -> None:
    engine = RemoteEngine([options()], 0)
    engine.ask(LogQuestion(topic="logs", number=1))
    engine.ask(LogQuestion(topic="save", number=2))

    engine.withdraw("logs")
    engine.withdraw("never asked")

    assert list(engine._questions) == ["save"]


def test_answers_that_nobody_takes_in_time_give_way_to_newer_ones_of_their_topic() -> None:
    box = AnswerBox()
    page = LogPage(lines=(), lines_before=0, is_complete=True)
    for topic, number in (("logs", 1), ("save", 2), ("logs", 3)):
        box.put(LogAnswer(topic=topic, number=number, page=page, place=LAST_KEY))

    assert [(answer.topic, answer.number) for answer in box.take()] == [("logs", 3), ("save", 2)]


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
