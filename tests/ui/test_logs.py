"""What the log view shows for each key, over a real archive."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from lambdatop.engine.log_reading import LogReading
from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Answer, LogQuestion, Question
from lambdatop.render.span import line_text
from lambdatop.render.units import clock
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.widgets.log_view import LogView
from tests.ui import pictures
from tests.ui.log_material import API, STREAM
from tests.ui.test_keys import Session, opened, palette

WORKER = FunctionKey(*pictures.SCOPE, "checkout-worker")
START_MS = pictures.NOW_MS - 6_000_000


class Log:
    """An archive, and an engine's thread for it without the thread."""

    def __init__(self) -> None:
        self.archive = LogArchive()
        self._store = Store(START_MS)
        self._last: dict[str, LogQuestion] = {}

    def write(self, *messages: str, function: FunctionKey = API, second: int | None = None) -> None:
        """Add events a second apart, the first one after all others or at a second of its own."""
        newest = self.archive.last_key
        start_ms = START_MS if newest is None else newest.timestamp_ms + 1_000
        if second is not None:
            start_ms = START_MS + second * 1_000
        index = self.archive.function_index(function)
        events = [
            (index, LogEvent(STREAM, start_ms + at * 1_000, message, start_ms)) for at, message in enumerate(messages)
        ]
        self.archive.append(events)

    def answer(self, question: Question) -> Answer | None:
        """Answer as the engine does once it has had all its slices."""
        if not isinstance(question, LogQuestion):
            return None
        self._last[question.topic] = question
        reading = LogReading(question, self._store, self.archive)
        answer: Answer | None = None
        while not reading.is_done:
            answer = reading.step(pictures.NOW_MS) or answer
        return answer

    def tell(self, session: Session) -> None:
        """Answer the log view's standing question again, as after new lines."""
        answer = self.answer(self._last["logs"])
        assert answer is not None
        session.engine.hear(answer)


@asynccontextmanager
async def opened_log(log: Log, *keys: str, size: tuple[int, int] = (120, 30)) -> AsyncIterator[Session]:
    """Open the log of the first function in the table, or what the keys open."""
    async with opened(pictures.incident(), size) as session:
        session.engine.answer = log.answer
        await session.press(*(keys or ("l",)))
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        yield session


def messages(session: Session) -> list[str]:
    """Return the messages on screen."""
    return [line.message for line in session.app.screen.query_one(LogView).on_screen]


def cursor(session: Session) -> str | None:
    line = session.app.screen.query_one(LogView).window.cursor
    return None if line is None else line.message


def of(*numbers: int) -> list[str]:
    return [f"line {number}" for number in numbers]


def saved(name: str) -> list[str]:
    return Path(name).read_text().splitlines()


def log_of(count: int) -> Log:
    log = Log()
    log.write(*of(*range(count)))
    return log


async def test_l_opens_the_functions_log_which_follows_and_has_it_read_in_full() -> None:
    log = log_of(100)
    async with opened_log(log) as session:
        await session.until(lambda: messages(session)[-1:] == ["line 99"])
        assert list(session.engine.views[-1].logs) == [API]
        assert "● follows" in session.text()
        log.write("line 100")
        log.tell(session)
        await session.until(lambda: messages(session)[-1:] == ["line 100"])
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
        assert not session.engine.views[-1].logs
        assert session.engine.questions == []


async def test_what_the_engines_own_thread_tells_is_followed() -> None:
    log = log_of(100)
    async with opened_log(log) as session:
        await session.until(lambda: messages(session)[-1:] == ["line 99"])
        log.write("line 100")
        thread = threading.Thread(target=log.tell, args=(session,))
        thread.start()
        thread.join()
        await session.until(lambda: messages(session)[-1:] == ["line 100"])


async def test_scrolling_lets_go_and_says_how_many_lines_wait_below() -> None:
    log = log_of(100)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 99")
        await session.press("up", "up")
        assert cursor(session) == "line 97"
        before = messages(session)
        log.write(*of(*range(100, 130)))
        log.tell(session)
        await session.until(lambda: "‖ 30 below" in session.text())
        assert messages(session) == before
        await session.press("G")
        await session.until(lambda: cursor(session) == "line 129")
        assert "● follows" in session.text()


async def test_g_goes_to_the_oldest_line_and_paging_reads_on_to_the_newest() -> None:
    log = log_of(2_000)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 1999")
        await session.press("g")
        await session.until(lambda: cursor(session) == "line 0")
        seen = set(messages(session))
        for _ in range(200):
            await session.press("pagedown")
            seen |= set(messages(session))
        assert seen == set(of(*range(2_000)))
        assert "● follows" in session.text()


async def test_search_goes_to_the_newest_match_and_n_and_capital_n_to_others() -> None:
    log = Log()
    log.write(*(f"order {number}" + (" declined" if number % 40 == 7 else "") for number in range(200)))
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "order 199")
        await session.press("slash", *"DECLINED".lower(), "enter")
        await session.until(lambda: cursor(session) == "order 167 declined")
        assert "5 of 5" in session.text()
        await session.press("N")
        await session.until(lambda: cursor(session) == "order 127 declined")
        await session.press("N", "n")
        await session.until(lambda: cursor(session) == "order 127 declined")
        await session.until(lambda: "4 of 5" in session.text())
        await session.press("escape")
        assert cursor(session) == "order 127 declined"
        assert "declined  4 of 5" not in session.text()
        assert isinstance(session.app.screen, LogsScreen)


async def test_going_on_at_the_last_match_goes_on_from_the_other_end() -> None:
    log = Log()
    log.write(*(f"order {number}" + (" declined" if number in (7, 90) else "") for number in range(200)))
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "order 199")
        await session.press("slash", *"declined", "enter")
        await session.until(lambda: cursor(session) == "order 90 declined")
        await session.press("n")
        await session.until(lambda: cursor(session) == "order 7 declined")
        await session.until(lambda: any("from the oldest line" in said for said in notices(session)))
        await session.press("N")
        await session.until(lambda: cursor(session) == "order 90 declined")
        await session.press("g")
        await session.until(lambda: cursor(session) == "order 0")
        await session.press("N")
        await session.until(lambda: cursor(session) == "order 90 declined")


async def test_a_regular_expression_shows_nothing_until_its_end_and_a_bad_one_says_why() -> None:
    async with opened_log(log_of(50)) as session:
        await session.until(lambda: cursor(session) == "line 49")
        await session.press("ampersand", *"/lin")
        await session.until(lambda: "it is a regular expression" in session.text())
        assert messages(session)[-1] == "line 49"
        await session.press("escape", "slash", *"/li(/")
        await session.until(lambda: "Not a regular expression" in session.text())


def notices(session: Session) -> list[str]:
    return [notification.message for notification in session.app._notifications]


async def test_a_search_without_a_match_says_so_and_stays() -> None:
    async with opened_log(log_of(50)) as session:
        await session.until(lambda: cursor(session) == "line 49")
        await session.press("up", "slash", *"nowhere", "enter")
        await session.until(lambda: "no match" in session.text())
        assert cursor(session) == "line 48"


async def test_a_filter_previews_while_it_is_typed_and_escape_takes_it_back() -> None:
    log = Log()
    log.write(*(f"{'even' if number % 2 == 0 else 'odd'} {number}" for number in range(60)))
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "odd 59")
        await session.press("up", "up")
        assert cursor(session) == "odd 57"
        await session.press("ampersand", *"even")
        await session.until(lambda: all(text.startswith("even") for text in messages(session)))
        assert cursor(session) == "even 58"
        await session.press("escape")
        await session.until(lambda: "odd 57" in messages(session))


async def test_filters_stack_and_backspace_takes_off_the_last() -> None:
    log = Log()
    log.write(*(f"order {number} {'paid' if number % 3 else 'declined'}" for number in range(90)))
    async with opened_log(log) as session:
        await session.until(lambda: len(messages(session)) > 5)
        await session.press("ampersand", *"declined", "enter", "ampersand", *"!order 3", "enter")
        await session.until(
            lambda: cursor(session) == "order 87 declined" and "order 33 declined" not in messages(session)
        )
        assert all("declined" in text and "order 3" not in text for text in messages(session))
        text = session.text()
        assert "!" in text
        await session.press("backspace")
        await session.until(lambda: "order 33 declined" in messages(session))
        await session.press("backspace")
        await session.until(lambda: "order 89 paid" in messages(session))


async def test_a_condition_that_is_none_is_said_and_changes_nothing() -> None:
    async with opened_log(log_of(30)) as session:
        await session.until(lambda: cursor(session) == "line 29")
        await session.press("ampersand", *"/(/", "enter")
        await session.until(lambda: bool(session.app._notifications))
        assert messages(session)[-1] == "line 29"


async def test_a_condition_that_is_none_is_said_in_printable_words() -> None:
    async with opened_log(log_of(30)) as session:
        await session.until(lambda: cursor(session) == "line 29")
        await session.press("ampersand")
        session.app.screen.query_one(Input).value = "level:\x1b[2J"
        await session.until(lambda: "␛[2J is no level" in session.text())
        await session.press("enter")
        await session.until(lambda: any("␛[2J" in one.message for one in session.app._notifications))


async def test_levels_hide_what_is_below_and_e_goes_through_errors() -> None:
    log = Log()
    log.write(*(f"[{'ERROR' if number % 20 == 5 else 'INFO'}] line {number}" for number in range(100)))
    async with opened_log(log) as session:
        await session.until(lambda: len(messages(session)) > 5)
        await session.press("E")
        await session.until(lambda: cursor(session) == "[ERROR] line 85")
        await session.press("E")
        await session.until(lambda: cursor(session) == "[ERROR] line 65")
        await session.press("e")
        await session.until(lambda: cursor(session) == "[ERROR] line 85")
        await session.press("l", "l", "l")
        await session.until(lambda: messages(session) == [f"[ERROR] line {number}" for number in (5, 25, 45, 65, 85)])
        assert cursor(session) == "[ERROR] line 85"
        await session.press("l")
        await session.until(lambda: "[INFO] line 86" in messages(session))


async def test_late_lines_are_put_where_they_belong() -> None:
    log = log_of(20)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 19")
        log.write("came late", second=10)
        log.tell(session)
        await session.until(lambda: "came late" in messages(session))
        shown = messages(session)
        assert shown.index("came late") == shown.index("line 10") + 1


async def test_enter_opens_the_event_with_its_invocation_and_escape_comes_back() -> None:
    log = Log()
    request = "8f5f3a0a-0000-4000-8000-000000000001"
    of_request = f"RequestId: {request}"
    numbers = "Duration: 12.00 ms\tBilled Duration: 12 ms\tMemory Size: 128 MB\tMax Memory Used: 60 MB"
    log.write(
        f"START {of_request} Version: $LATEST",
        "placing the order",
        f"END {of_request}",
        f"REPORT {of_request}\t{numbers}",
        "START RequestId: 8f5f3a0a-0000-4000-8000-000000000002 Version: $LATEST",
    )
    async with opened_log(log) as session:
        await session.until(lambda: len(messages(session)) == 5)
        await session.press("up", "up", "up", "enter")
        await session.until(lambda: type(session.app.screen).__name__ == "EventScreen")
        await session.until(lambda: "12.0 ms" in session.text() or "12 ms" in session.text())
        assert "placing the order" in session.text()
        assert "0002" not in session.text()
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        assert cursor(session) == "placing the order"


async def test_all_functions_lines_are_merged_and_one_functions_picked_out() -> None:
    log = Log()
    for number in range(20):
        log.write(f"api {number}")
        log.write(f"worker {number}", function=WORKER)
    async with opened_log(log, "7") as session:
        await session.until(lambda: messages(session)[-2:] == ["api 19", "worker 19"])
        assert API in session.engine.views[-1].logs
        assert "checkout-worker" in session.text()
        await session.press("F")
        await session.until(lambda: set(messages(session)) == {f"worker {number}" for number in range(20)})


async def test_seven_goes_from_one_functions_log_to_that_of_all_and_leaves_it_again() -> None:
    log = Log()
    log.write("api")
    log.write("worker", function=WORKER)
    async with opened_log(log) as session:
        await session.until(lambda: messages(session) == ["api"])
        await session.press("7")
        await session.until(lambda: messages(session) == ["api", "worker"])
        await session.press("7")
        await session.until(lambda: messages(session) == ["api"])


async def test_the_palette_goes_to_a_time() -> None:
    log = log_of(600)
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == "line 599")
        moment = clock(START_MS + 100_000, is_utc=True)
        await session.press("colon", *f"goto {moment}")
        await session.until(lambda: any(moment in name for name in palette(session)))
        await session.press("enter")
        await session.until(lambda: cursor(session) == "line 100")


async def test_the_log_of_the_functions_that_the_filter_shows() -> None:
    log = Log()
    log.write("api", "api again")
    log.write("worker", function=WORKER)
    log.write("login", function=FunctionKey(*pictures.SCOPE, "login"))
    async with opened_log(log, "slash", *"checkout", "enter", "7") as session:
        await session.until(lambda: messages(session) == ["api", "api again", "worker"])
        assert set(session.engine.views[-1].logs) == {API, WORKER}


async def test_marks_are_gone_through_in_turn() -> None:
    async with opened_log(log_of(50)) as session:
        await session.until(lambda: cursor(session) == "line 49")
        await session.press("up", "m", "pageup", "m")
        first = cursor(session)
        await session.press("apostrophe")
        await session.until(lambda: cursor(session) == "line 48")
        await session.press("apostrophe")
        await session.until(lambda: cursor(session) == first)


async def test_copies_and_files_hold_no_secret_unless_one_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(_app: object, text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr("lambdatop.ui.screens.log_line_actions.copy_text", copy)
    log = Log()
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    log.write(f"using {secret}")
    async with opened_log(log) as session:
        await session.until(lambda: cursor(session) == f"using {secret}")
        await session.press("Y")
        await session.press("R", "Y")
        assert "unredacted" in session.text()
        await session.press("R", "y")
    assert secret not in copied[0]
    assert secret in copied[1]
    assert secret not in copied[2]
    assert copied[2].startswith("2026-11-21T")


async def test_saving_writes_every_line_that_passes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    log = Log()
    log.write(*(f"[{'WARN' if number % 2 else 'INFO'}] line {number}" for number in range(3_000)))
    async with opened_log(log) as session:
        await session.until(lambda: len(messages(session)) > 5)
        await session.press("l", "l", "s")
        for _ in range(60):
            await session.press("backspace")
        await session.press(*"out.log", "enter")
        await session.until(lambda: bool(session.app._notifications))
    texts = saved("out.log")
    assert len(texts) == 1_500
    assert "[WARN] line 2999" in texts[-1]


@pytest.mark.parametrize("size", [(160, 48), (120, 30), (80, 24), (61, 15)])
async def test_every_row_fits_in_every_size(size: tuple[int, int]) -> None:
    log = log_of(100)
    log.write('{"level":"ERROR","message":"' + "x" * 300 + '","order":{"id":7}}', "Traceback:\n" + "  File\n" * 30)
    async with opened_log(log, size=size) as session:
        await session.until(lambda: len(messages(session)) > 5)
        for keys in ((), ("x",), ("w",), ("j",), ("right",), ("X",), ("ampersand", *"line", "enter")):
            await session.press(*keys)
            assert_fits(session)


def assert_fits(session: Session) -> None:
    from lambdatop.render.span import line_width
    from lambdatop.ui.line_widget import LineWidget

    for widget in session.app.screen.query(LineWidget):
        lines: Sequence[object] = widget.lines
        assert len(lines) <= max(widget.size.height, 1)
        for line in widget.lines:
            assert line_width(line) <= widget.size.width, line_text(line)
