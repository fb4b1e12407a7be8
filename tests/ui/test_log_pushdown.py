"""Leaving it to AWS to filter a log: the prompt, what it would save, what the engine is told."""

import msgspec
from textual.widgets import Input

from lambdatop.engine.log_reading import LogReading
from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Answer, LogAnswer, LogQuestion, PushedPattern, Question
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from lambdatop.ui.screens.logs import LogsScreen
from tests.ui import pictures
from tests.ui.log_material import API, STREAM
from tests.ui.test_keys import Session, palette
from tests.ui.test_logs import Log, log_of, opened_log

MINUTE_MS = 60_000


class ReadLog(Log):
    """A log of one line a second for ten minutes, and since when all of its lines are read."""

    def __init__(self, full_from_ms: int | None) -> None:
        super().__init__()
        self.archive = LogArchive()
        self.store = Store(pictures.NOW_MS - 10 * MINUTE_MS, archive=self.archive)
        group = "/aws/lambda/checkout-api"
        function = LambdaFunction(key=API, log_group=group)
        self.store.apply(FunctionsDelivered(scope=pictures.SCOPE, functions=(function,)), pictures.NOW_MS)
        times = range(pictures.NOW_MS - 10 * MINUTE_MS, pictures.NOW_MS, 1_000)
        delivery = LogEventsDelivered(
            scope=pictures.SCOPE,
            log_group=group,
            events=[LogEvent(STREAM, at_ms, f"line {at_ms}", at_ms) for at_ms in times],
            depth="platform" if full_from_ms is None else "full",
            swept_to_ms=pictures.NOW_MS,
            full_from_ms=full_from_ms,
        )
        self.store.apply(delivery, pictures.NOW_MS)
        self.rates = 0

    def answer(self, question: Question) -> Answer | None:
        if not isinstance(question, LogQuestion):
            return None
        self.rates += question.topic == "log-rate"
        reading = LogReading(question, self.store, self.archive)
        answer: LogAnswer | None = None
        while not reading.is_done:
            answer = reading.step(pictures.NOW_MS) or answer
        return answer


def prompt(session: Session) -> Input:
    """The line in which the pattern is typed."""
    assert " AWS filter pattern " in session.text()
    return session.app.screen.query_one(Input)


def pattern_told(session: Session) -> str | None:
    return session.engine.views[-1].log_pattern


async def test_a_pattern_that_is_typed_goes_to_aws_with_the_view_and_leaves_with_it() -> None:
    async with opened_log(log_of(20)) as session:
        await session.press("P")
        await session.until(lambda: "AWS filter pattern" in session.text())
        assert prompt(session).placeholder.startswith("empty: read all lines")
        await session.press(*"WARN")
        assert pattern_told(session) is None, "each letter typed would read another log"
        await session.press("enter")
        await session.until(lambda: pattern_told(session) == "WARN")
        assert list(session.engine.views[-1].logs) == [API]
        assert "at AWS: WARN  not yet, all lines are read" in session.text()
        await session.press("escape")
        await session.until(lambda: not isinstance(session.app.screen, LogsScreen))
        assert (session.engine.views[-1].logs, pattern_told(session)) == ((), None)


async def test_the_pattern_is_there_to_be_changed_and_an_empty_one_reads_all_lines_again() -> None:
    async with opened_log(log_of(20)) as session:
        await session.press("P", *"WARN", "enter", "P")
        await session.until(lambda: prompt(session).value == "WARN")
        await session.press("S", "enter")
        await session.until(lambda: pattern_told(session) == "WARNS")
        await session.press("P", "escape")
        await session.until(lambda: "AWS filter pattern" not in session.text())
        assert pattern_told(session) == "WARNS", "escape changes nothing"
        await session.press("P", *["backspace"] * 5, "enter")
        await session.until(lambda: pattern_told(session) is None)
        assert list(session.engine.views[-1].logs) == [API]
        assert "at AWS" not in session.text()


async def test_the_head_says_what_the_answer_says_of_the_pattern() -> None:
    log = log_of(20)
    async with opened_log(log) as session:
        await session.press("P", *"WARN", "enter")
        answer = log.answer(log._last["logs"])
        assert isinstance(answer, LogAnswer)
        pushed = PushedPattern(pattern="WARN", functions=(API,), function_count=1, lines=312, from_ms=pictures.NOW_MS)
        session.engine.hear(msgspec.structs.replace(answer, functions_read=1, pattern=pushed))
        await session.until(lambda: "at AWS: WARN  312 lines of it read since" in session.text())


async def test_the_prompt_says_how_many_lines_a_minute_are_read_without_a_pattern() -> None:
    async with opened_log(ReadLog(pictures.NOW_MS - 8 * MINUTE_MS)) as session:
        await session.press("P")
        await session.until(lambda: "about 60 lines a minute are read now" in session.text())


async def test_only_time_of_which_all_lines_were_read_is_counted() -> None:
    log = ReadLog(pictures.NOW_MS - 2 * MINUTE_MS)
    async with opened_log(log) as session:
        await session.press("P")
        await session.until(lambda: "about 60 lines a minute are read now" in session.text())
        assert log.rates == 2


async def test_the_prompt_says_nothing_of_a_rate_that_is_not_known() -> None:
    for full_from_ms in (None, pictures.NOW_MS - 10_000):
        log = ReadLog(full_from_ms)
        async with opened_log(log) as session:
            await session.press("P")
            await session.until(lambda log=log: log.rates == 1)  # type: ignore[misc]  # a default
            await session.until(lambda: "AWS filter pattern" in session.text())
            assert "lines a minute" not in session.text()


async def test_a_pattern_longer_than_aws_takes_is_not_sent() -> None:
    async with opened_log(log_of(20)) as session:
        screen = session.app.screen
        assert isinstance(screen, LogsScreen)
        screen.push_down("x" * 1_025)
        said = "AWS takes patterns of 1,024 characters; this one has 1,025."
        await session.until(lambda: [one.message for one in session.app._notifications] == [said])
        assert pattern_told(session) is None
        screen.push_down("x" * 1_024)
        await session.until(lambda: pattern_told(session) == "x" * 1_024)


async def test_the_log_that_was_opened_last_says_whether_aws_filters() -> None:
    async with opened_log(log_of(20)) as session:
        await session.press("P", *"WARN", "enter")
        screen = session.app.screen
        assert isinstance(screen, LogsScreen)
        await session.app.push_screen(LogsScreen(screen.session, (API,)))
        await session.until(lambda: pattern_told(session) is None)
        await session.press("escape")
        await session.until(lambda: pattern_told(session) == "WARN")


async def test_the_palette_offers_the_pattern() -> None:
    async with opened_log(log_of(20)) as session:
        await session.press("colon")
        await session.until(lambda: "filter at AWS (P)" in palette(session))
