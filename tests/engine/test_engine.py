"""The engine with scripted sources: by hand with `step`, and with its own threads."""

import queue
import threading
import time

import pytest

from lambdatop.engine.engine import Engine
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Answer, LogAnswer, LogQuestion
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure
from tests.fakes import FakeAccount, FakeClock, ScriptedSource

SCOPE = Scope("123456789012", "eu-west-1")
CHECKOUT = FunctionKey(*SCOPE, "checkout")
START_MS = 1_795_000_000_000
REQUEST_ID = "8d5958b5-559f-43f3-b278-b71dd7dd0e01"


def catalogue() -> FunctionsDelivered:
    function = LambdaFunction(key=CHECKOUT, log_group="/aws/lambda/checkout", memory_size_mb=128, timeout_s=3)
    return FunctionsDelivered(scope=SCOPE, functions=(function,))


def reports(count: int, first_ms: int = START_MS + 1000) -> LogEventsDelivered:
    events = [
        LogEvent(
            log_stream="2026/11/21/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
            timestamp_ms=first_ms + number,
            message=f"REPORT RequestId: 8d5958b5-559f-43f3-b278-{number:012x}\tDuration: 2.46 ms\t"
            "Billed Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 95 MB\t\n",
            ingestion_time_ms=first_ms + number + 10,
            event_id=str(number),
        )
        for number in range(count)
    ]
    return LogEventsDelivered(
        scope=SCOPE,
        log_group="/aws/lambda/checkout",
        events=events,
        depth="platform",
        swept_to_ms=first_ms + count,
    )


def test_step_polls_what_is_due_and_publishes_the_result() -> None:
    logs = ScriptedSource("logs", [[catalogue(), reports(3)]])
    not_yet = ScriptedSource("metrics", [], due_ms=None)
    engine = Engine([FakeAccount([logs, not_yet])], START_MS, now_ms=FakeClock(START_MS + 5000))

    snapshot = engine.step(START_MS + 5000)

    assert [(row.key, row.window.invocations) for row in snapshot.functions] == [(CHECKOUT, 3)]
    assert not_yet.polls == []
    assert [status.name for status in snapshot.sources] == ["logs", "metrics"]
    assert engine.latest is snapshot


def test_view_reaches_the_sources_and_the_next_snapshot() -> None:
    account = FakeAccount([ScriptedSource("logs", [[catalogue(), reports(1)]])])
    engine = Engine([account], START_MS, now_ms=FakeClock(START_MS + 5000))

    engine.set_view(View(window="1m", focus=CHECKOUT))
    snapshot = engine.step(START_MS + 5000)

    assert account.watch.view.focus == CHECKOUT
    assert snapshot.window == "1m"
    assert snapshot.detail is not None
    assert snapshot.detail.key == CHECKOUT
    assert account.watch.active == frozenset({CHECKOUT})


def test_threads_deliver_everything_through_a_bounded_inbox() -> None:
    pages = 100
    per_page = 50
    script: list[list[Delivery]] = [[catalogue()]]
    script += [[reports(per_page, START_MS + 1000 * number)] for number in range(pages)]
    engine = Engine([FakeAccount([ScriptedSource("logs", script)])], START_MS, now_ms=FakeClock(START_MS + 200_000))
    engine.set_view(View(window="start"))
    engine.start()
    try:
        assert engine.wait_until_first_answers(timeout_s=30, interval_s=0.001)
        assert [row.window.invocations for row in engine.latest.functions] == [pages * per_page]
    finally:
        engine.stop()


def test_one_defective_source_costs_only_itself() -> None:
    broken = ScriptedSource("traces", [ValueError("surprise")])
    logs = ScriptedSource("logs", [[catalogue(), reports(2)]])
    engine = Engine([FakeAccount([broken, logs])], START_MS, now_ms=FakeClock(START_MS + 5000))
    engine.start()
    try:
        assert engine.wait_until_first_answers(timeout_s=30, interval_s=0.001)
        deadline = time.monotonic() + 30
        while not engine.defects and time.monotonic() < deadline:
            time.sleep(0.001)
        before = engine.latest
        engine.set_view(View(window="5m"))
        snapshot = engine.wait_for_snapshot(before, 30)
        failed = [status for status in snapshot.sources if status.state == "failed"]
        assert [status.detail for status in failed] == ["internal error: ValueError: surprise"]
        assert [row.window.invocations for row in engine.latest.functions] == [2]
        assert "surprise" in engine.defects[0]
    finally:
        engine.stop()


def test_an_account_that_cannot_connect_is_said_and_the_other_goes_on() -> None:
    failure = SourceFailure(state="credentials", sentence="No region is set.", remedy="pass --region", exit_code=3)
    broken = FakeAccount([], label="nowhere", failure=failure)
    working = FakeAccount([ScriptedSource("logs", [[catalogue(), reports(2)]])], label="main")
    engine = Engine([broken, working], START_MS, now_ms=FakeClock(START_MS + 5000))
    engine.start()
    try:
        assert engine.wait_until_first_answers(timeout_s=30, interval_s=0.001)
        assert [(status.name, status.state) for status in engine.latest.sources] == [
            ("connection · nowhere", "credentials"),
            ("logs · main", "working"),
        ]
        assert engine.latest.notice == "No region is set. pass --region"
        assert engine.latest.api.cost_usd == pytest.approx(1.0)
    finally:
        engine.stop()


def lines_asked(number: int = 1) -> LogQuestion:
    return LogQuestion(topic="logs", number=number, lines_before=2)


def test_step_answers_what_was_asked_and_again_when_lines_have_come() -> None:
    logs = ScriptedSource("logs", [[catalogue(), reports(3)]])
    later = ScriptedSource("later", [[reports(1, START_MS + 9_000)]], due_ms=START_MS + 60_000)
    engine = Engine([FakeAccount([logs, later])], START_MS, now_ms=FakeClock(START_MS + 5000), log_lines=1_000)
    answers: list[Answer] = []
    engine.listen(answers.append)
    engine.ask(lines_asked())

    engine.step(START_MS + 5_000)
    engine.withdraw("nothing")
    engine.step(START_MS + 70_000)

    told = [answer for answer in answers if isinstance(answer, LogAnswer)]
    assert [[line.timestamp_ms - START_MS for line in answer.page.lines] for answer in told] == [
        [1_001, 1_002],
        [1_002, 9_000],
    ]
    assert told[-1].lines_above == 2


def test_an_engine_that_keeps_no_lines_answers_with_none() -> None:
    engine = Engine([FakeAccount([ScriptedSource("logs", [[catalogue(), reports(3)]])])], START_MS)
    answers: list[Answer] = []
    engine.listen(answers.append)
    engine.ask(lines_asked())

    engine.step(START_MS + 5_000)

    assert [answer.page.lines for answer in answers if isinstance(answer, LogAnswer)] == [()]


def test_a_question_is_answered_at_once_and_without_a_snapshot() -> None:
    logs = ScriptedSource("logs", [[catalogue(), reports(3)]])
    engine = Engine([FakeAccount([logs])], START_MS, snapshot_interval_ms=600_000, log_lines=1_000)
    answers: queue.Queue[Answer] = queue.Queue()
    engine.listen(answers.put)
    engine.start()
    try:
        assert engine.wait_until_first_answers(timeout_s=30, interval_s=0.001)
        before = engine.latest
        engine.ask(lines_asked())
        assert answers.get(timeout=30).number == 1
        engine.ask(lines_asked(2))
        assert answers.get(timeout=30).number == 2
        engine.withdraw("logs")
        assert engine.latest is before
    finally:
        engine.stop()


def test_a_defect_in_an_answer_is_kept_and_reading_goes_on() -> None:
    logs = ScriptedSource("logs", [[catalogue(), reports(3)]])
    engine = Engine([FakeAccount([logs])], START_MS, now_ms=FakeClock(START_MS + 5000))

    def break_down(_answer: Answer) -> None:
        raise ValueError("nobody listens")

    engine.listen(break_down)
    engine.ask(lines_asked())
    engine.step(START_MS + 5_000)
    snapshot = engine.step(START_MS + 6_000)

    assert [row.window.invocations for row in snapshot.functions] == [3]
    assert [status.detail for status in snapshot.sources if status.state == "failed"] == [
        "internal error: ValueError: nobody listens"
    ]


def test_no_account_at_all_raises_why() -> None:
    failure = SourceFailure(state="credentials", sentence="No region is set.", remedy=None, exit_code=3)
    engine = Engine([FakeAccount([], failure=failure)], START_MS, now_ms=FakeClock(START_MS))
    engine.start()
    try:
        with pytest.raises(SourceFailure, match="No region"):
            engine.wait_until_first_answers(timeout_s=30, interval_s=0.001)
    finally:
        engine.stop()


def test_stopping_ends_the_threads() -> None:
    engine = Engine([FakeAccount([ScriptedSource("logs", [])])], START_MS)
    engine.start()
    engine.stop()

    assert not [thread for thread in threading.enumerate() if thread.name == "lambdatop-engine"]
