"""The log view where answers are late, come in parts, or are to something asked beside what is shown."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Answer, LogAnswer, Question
from lambdatop.ui.screens.event import EventScreen
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.widgets.log_view import LogView
from tests.ui.log_material import API, STREAM
from tests.ui.test_keys import Session
from tests.ui.test_logs import START_MS, WORKER, cursor, log_of, messages, of, opened_log, saved


class LateSaves:
    """Lets questions about lines to save wait until they are answered by hand."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answer = session.engine.answer
        self._waiting: list[Question] = []
        session.engine.answer = self._late

    def _late(self, question: Question) -> Answer | None:
        if question.topic != "save":
            return self._answer(question)
        self._waiting.append(question)
        return None

    async def answer(self, pages: int) -> None:
        """Answer so many questions, as far as they come."""
        for _ in range(pages):
            for question in self._waiting[:1]:
                answer = self._answer(question)
                assert answer is not None
                self._session.engine.hear(answer)
            del self._waiting[:1]
            await self._session.pilot.pause()


def logs(session: Session) -> LogsScreen:
    return next(screen for screen in session.app.screen_stack if isinstance(screen, LogsScreen))


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def in_parts(whole: Callable[[Question], Answer | None], hear: Callable[[Answer], None]) -> Callable[..., object]:
    """Return an engine's answering that first says that it has not got far."""

    def answer(question: Question) -> Answer | None:
        made = whole(question)
        if isinstance(made, LogAnswer):
            page = msgspec.structs.replace(made.page, lines=(), lines_before=0, is_complete=False)
            hear(msgspec.structs.replace(made, page=page, is_found=None, lines_above=None, lines_below=None))
        return made

    return answer


async def test_an_answer_that_waited_is_not_shown_once_another_filter_is_chosen() -> None:
    log = log_of(0)
    log.write(*(f"[{'ERROR' if number % 20 == 5 else 'INFO'}] line {number}" for number in range(100)))
    async with opened_log(log) as session:
        await session.until(lambda: len(messages(session)) > 5)
        log.write("[INFO] more")
        log.tell(session)
        await session.until(lambda: logs(session)._delayed is not None)
        await session.press("l", "l", "l")
        errors = [f"[ERROR] line {number}" for number in (5, 25, 45, 65, 85)]
        await session.until(lambda: messages(session) == errors)
        await session.pilot.pause(0.4)
        assert messages(session) == errors


async def test_the_cursor_stays_when_more_late_lines_come_between_than_are_held() -> None:
    log = log_of(2_000)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 1999")
        await session.press(*["up", *["pageup"] * 5])
        here = cursor(session)
        assert here != "line 1998"
        late = LogEvent(STREAM, START_MS + 1_990_000, "late", START_MS)
        log.archive.append([(log.archive.function_index(API), late)] * 1_000)
        log.tell(session)
        window = session.app.screen.query_one(LogView).window
        await session.until(lambda: window.lines[-1].message == "late")
        assert cursor(session) == here


async def test_a_search_lands_and_a_file_is_saved_while_the_picture_is_frozen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    log = log_of(2_500)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 2499")
        session.app.session.toggle_freeze()
        session.engine.answer = in_parts(log.answer, session.engine.hear)  # type: ignore[assignment]
        await session.press("slash", *"line 17", "enter")
        await session.until(lambda: cursor(session) == "line 1799")
        logs(session).save("out.log")
        await session.until(lambda: bool(session.app._notifications))
        assert len(saved("out.log")) == 2_500


async def test_saving_goes_on_while_an_event_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened_log(log_of(5_000)) as session:
        await session.until(lambda: cursor(session) == "line 4999")
        saves = LateSaves(session)
        logs(session).save("out.log")
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, EventScreen))
        await saves.answer(10)
        await session.until(lambda: bool(session.app._notifications))
    assert [text.rpartition("  ")[2].rpartition("line ")[2] for text in saved("out.log")] == [
        str(number) for number in range(5_000)
    ]


async def test_one_file_is_saved_at_a_time_whichever_log_is_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened_log(log_of(3_000)) as session:
        await session.until(lambda: cursor(session) == "line 2999")
        saves = LateSaves(session)
        logs(session).save("one.log")
        above = LogsScreen(session.app.session, (API,))
        session.app.push_screen(above)
        await session.until(lambda: session.app.screen is above)
        above.save("two.log")
        await saves.answer(10)
        assert len(saved("one.log")) == 3_000
    assert names_in(tmp_path) == ["one.log"]


async def test_leaving_the_log_says_that_not_all_was_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened_log(log_of(3_000)) as session:
        await session.until(lambda: cursor(session) == "line 2999")
        saves = LateSaves(session)
        logs(session).save("out.log")
        await saves.answer(2)
        await session.press("escape")
        await session.until(lambda: bool(session.app._notifications))
        sentences = [note.message for note in session.app._notifications]
    assert sentences == ["2,000 lines saved to out.log, not all: the log was left"]
    assert len(saved("out.log")) == 2_000


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x", "/", "no folder/x", "a" * 300, "x\0y"])
async def test_a_file_that_cannot_be_made_is_said(name: str) -> None:
    async with opened_log(log_of(10)) as session:
        await session.until(lambda: cursor(session) == "line 9")
        logs(session).save(name)
        await session.until(lambda: bool(session.app._notifications))
        assert not logs(session).is_saving


async def test_an_invocation_is_copied_once_though_its_answer_comes_again_with_counts() -> None:
    log = log_of(50)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 49")

        def twice(question: Question) -> Answer | None:
            answer = log.answer(question)
            assert isinstance(answer, LogAnswer)
            session.engine.hear(msgspec.structs.replace(answer, lines_above=None))
            return answer

        session.engine.answer = twice
        await session.press("I")
        await session.until(lambda: bool(session.app._notifications))
        await session.pilot.pause()
        assert len(session.app._notifications) == 1


async def test_a_log_opened_from_another_one_leaves_that_one_read() -> None:
    async with opened_log(log_of(50)) as session:
        await session.until(lambda: cursor(session) == "line 49")

        def read() -> set[FunctionKey]:
            return set(session.engine.views[-1].logs)

        above = LogsScreen(session.app.session, (WORKER,))
        session.app.push_screen(above)
        await session.until(lambda: read() == {API, WORKER})
        await session.press("escape")
        await session.until(lambda: read() == {API})
        await session.press("escape")
        await session.until(lambda: read() == set())


async def test_escape_gives_up_a_search_that_is_still_going_on() -> None:
    async with opened_log(log_of(500)) as session:
        await session.until(lambda: cursor(session) == "line 499")
        await session.press("up")
        answer = session.engine.answer
        session.engine.answer = lambda _: None
        await session.press("slash", *"line 17", "enter")
        session.engine.answer = answer
        await session.press("escape")
        await session.pilot.pause()
        assert cursor(session) == "line 498"
        assert messages(session)[-1:] == of(499)
        assert session.engine.questions[-1].is_standing
        assert isinstance(session.app.screen, LogsScreen)
