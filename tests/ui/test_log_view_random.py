"""The log view under random keys, lines and delays, beside a plain list of the lines that should be shown."""

import asyncio
import random
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input

from lambdatop.engine.answering import Answering
from lambdatop.engine.log_reading import LogReading
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LineKey, LogFilter
from lambdatop.model.question import Answer, LogQuestion, Question
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from lambdatop.ui.screens.logs import LogsScreen
from tests.ui import pictures
from tests.ui.log_material import API, STREAM
from tests.ui.test_keys import Session, opened

START_MS = pictures.NOW_MS - 600_000
LINES_HELD = 2_400
FIRST_LINES = 1_800
SEEDS = range(4)
STEPS = 130
TEXTS = ("paid", "declined", "retry", "order 7", "/order [0-4]/", "nowhere")
MOVES = (
    "up", "up", "up", "down", "down", "pageup", "pageup", "pageup", "pagedown", "pagedown", "g", "G", "space",
    "apostrophe", "n", "N", "e", "E",
)  # fmt: skip
LOOKS = ("w", "x", "X", "m", "j", "right", "left")
FILTERS = ("l", "p", "backspace", "backspace", "backspace", "escape")


class Model:
    """Lines as they were written, and which of them a filter lets through."""

    def __init__(self, chance: random.Random, archive: LogArchive) -> None:
        self._chance = chance
        self._archive = archive
        self._index = archive.function_index(API)
        self._written: list[tuple[LineKey, str]] = []

    def write(self, count: int, ago_ms: int = 0) -> None:
        """Add lines after the newest, or around a time before it."""
        newest = self._archive.last_key
        moment = START_MS if newest is None else newest.timestamp_ms
        steps_ms = self._chance.choice(((0, 0, 1, 40), (0, 0, 0, 1)))
        events = []
        for _ in range(count):
            moment += self._chance.choice(steps_ms)
            events.append(LogEvent(STREAM, moment - ago_ms, self._message(), START_MS))
        self._archive.append((self._index, event) for event in events)
        first = len(self._written) + 1
        self._written += [(LineKey(event.timestamp_ms, first + at), event.message) for at, event in enumerate(events)]

    def lines(self, log_filter: LogFilter) -> list[LineKey]:
        """Return the lines held that should pass."""
        oldest = self._archive.first_key or FIRST_KEY
        held = sorted(line for line in self._written if line[0] >= oldest)
        assert len(held) == self._archive.lines_held
        return [key for key, message in held if _passes(log_filter, message)]

    def _message(self) -> str:
        kind = self._chance.random()
        number = self._chance.randrange(10)
        if kind < 0.1:
            return f"START RequestId: 8f5f3a0a-0000-4000-8000-00000000000{number} Version: $LATEST"
        if kind < 0.13:
            return f"[ERROR] order {number} declined"
        if kind < 0.2:
            return f"[WARN] retry order {number}"
        if kind < 0.24:
            return f"[INFO] order {number} paid " + "at length " * 40
        if kind < 0.27:
            return f"[INFO] order {number} paid\n" + "  step\n" * 40
        return f"[INFO] order {number} {'paid' if number % 3 else 'declined'}"


def _passes(log_filter: LogFilter, message: str) -> bool:
    level = 2 if message.startswith("[ERROR]") else 1 if message.startswith("[WARN]") else 0
    least = {None: 0, "INFO": 0, "WARN": 1, "ERROR": 2}[log_filter.least_level]
    if level < least or (log_filter.hides_platform and message.startswith("START")):
        return False
    for text in log_filter.texts:
        if text.is_regex:
            is_in = any(f"order {number}" in message for number in range(5))
        else:
            is_in = text.pattern in message.lower()
        if is_in is text.is_excluded:
            return False
    return True


class LateEngine(pictures.FakeEngine):
    """Answers in small slices, when it is told to, and sends of each topic the newest answer alone, late."""

    def __init__(self) -> None:
        super().__init__(pictures.incident())
        self.archive = LogArchive(max_lines=LINES_HELD, block_lines=32)
        self._now_ms = pictures.NOW_MS
        self._waiting: dict[str, Answer] = {}
        store = Store(START_MS)

        def reading(question: LogQuestion, store: Store, archive: LogArchive) -> LogReading:
            return LogReading(question, store, archive, step_text_bytes=9_000)

        self._answering = Answering(store, self.archive, {LogQuestion: reading})

    def ask(self, question: Question) -> None:
        self.questions.append(question)
        self._answering.ask(question)

    def withdraw(self, topic: str) -> None:
        super().withdraw(topic)
        self._answering.withdraw(topic)

    def work(self, slices: int, passed_ms: int = 0) -> bool:
        """Do some slices; returns whether there was anything to do."""
        self._now_ms += passed_ms
        for _ in range(slices):
            due_ms = self._answering.next_due_ms(self._now_ms)
            if due_ms is None or due_ms > self._now_ms:
                return False
            answer = self._answering.step(self._now_ms)
            if answer is not None:
                self._waiting[answer.topic] = answer
        return True

    def send(self) -> None:
        """Let the screen have what waits."""
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            self.hear(answer)


class Run:
    """A view, what is done to it, and what must hold."""

    def __init__(self, seed: int, session: Session, engine: LateEngine) -> None:
        self.chance = random.Random(seed)
        self.session, self.engine = session, engine
        self.model = Model(self.chance, engine.archive)
        self.done: list[str] = []

    @property
    def screen(self) -> LogsScreen:
        screen = self.session.app.screen
        assert isinstance(screen, LogsScreen), self.done[-5:]
        return screen

    async def step(self) -> None:
        """Do something, and see that the reader's line stays where only it may move it."""
        what = self.chance.random()
        if what < 0.25:
            await self._still(self._happen)
        elif what < 0.5:
            await self._still(self._answer)
        elif what < 0.8:
            await self._press(self.chance.choice(MOVES))
        elif what < 0.88:
            await self._still(lambda: self._press(self.chance.choice(LOOKS)))
        elif what < 0.94:
            await self._press_filter(self.chance.choice(FILTERS))
        else:
            await self._type()
        assert self.session.app.session.internal_error is None, self.done[-9:]

    async def settle(self) -> None:
        """Let everything be answered and told, then compare all with the list."""
        self.done.append("settle")
        engine, screen = self.engine, self.screen
        for _ in range(200):
            while engine.work(50, 2_000):
                """Until nothing is left to do."""
            engine.send()
            await self._handled()
            if not engine.work(1) and not engine._waiting and screen._delayed is None:
                break
            if screen._delayed is not None:
                await self.session.pilot.pause(0.05)
        self._check()

    def _check(self) -> None:
        view, window = self.screen.view, self.screen.view.window
        expected = self.model.lines(self.screen.choices.in_force)
        shown = [line.key for line in view.on_screen]
        assert self.screen._jump is None, self.done[-9:]
        if not expected:
            assert not shown
            return
        held = [line.key for line in window.lines]
        at = bisect_left(expected, held[0])
        assert held == expected[at : at + len(held)], self.done[-9:]
        assert window.key in shown
        first = bisect_left(expected, shown[0])
        assert shown == expected[first : first + len(shown)]
        assert view.waiting_below == len(expected) - first - len(shown), self.done[-9:]
        assert not window.needs_lines
        if window.is_following:
            assert window.key == expected[-1], self.done[-9:]
        height = view.size.height
        if len(expected) >= height:
            assert len(view._on_screen) == height

    async def _still(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do what must not move the reader off a line that is still there."""
        screen = self.screen
        window = screen.view.window
        before, place, was_held = window.key, window.place, not window.is_following
        is_jump = screen._jump is not None
        await act()
        if before is None or not was_held or is_jump or window.is_following:
            return
        expected = self.model.lines(screen.choices.in_force)
        if before in expected:
            assert window.key in {before, window.place}, (self.done[-9:], before, window.key)
        if place in expected:
            assert window.place == place, (self.done[-9:], place, window.place)

    async def _happen(self) -> None:
        what = self.chance.random()
        count = self.chance.choice((1, 3, 40, 400))
        ago_ms = 0 if what < 0.4 else self.chance.choice((200, 500, 1_000, 2_000, 5_000, 20_000))
        self.done.append(f"write {count} {ago_ms} ago")
        self.model.write(count, ago_ms)

    async def _answer(self) -> None:
        slices, is_sent = self.chance.choice((1, 3, 20)), self.chance.random() < 0.7
        self.done.append(f"slices {slices} sent {is_sent}")
        self.engine.work(slices, self.chance.choice((0, 100, 1_500)))
        if is_sent:
            self.engine.send()
            await self._handled()

    async def _press(self, key: str) -> None:
        self.done.append(key)
        await self._pressed(key)

    async def _pressed(self, key: str) -> None:
        self.session.app.simulate_key(key)
        await self._handled()

    async def _handled(self) -> None:
        """Let every widget handle its messages, without the rest that a pilot takes for safety."""
        for _ in range(3):
            await asyncio.sleep(0)
            await self.session.pilot._wait_for_screen()

    async def _press_filter(self, key: str) -> None:
        if key == "escape" and self.screen.choices.search is None:
            return
        await self._press(key)

    async def _type(self) -> None:
        prompt = self.chance.choice(("slash", "ampersand"))
        text = self.chance.choice(TEXTS)
        if prompt == "ampersand" and self.chance.random() < 0.4:
            text = f"!{text}"
        end = self.chance.choice(("enter", "enter", "escape"))
        self.done.append(f"{prompt} {text} {end}")
        await self._pressed(prompt)
        fields = self.screen.query(Input)
        if not fields:
            return
        fields.first().value = text
        await self._handled()
        await self._answer()
        await self._pressed(end)


@asynccontextmanager
async def opened_run(seed: int) -> AsyncIterator[Run]:
    engine = LateEngine()
    async with opened(pictures.incident(), (100, 24), engine) as session:
        run = Run(seed, session, engine)
        run.model.write(FIRST_LINES)
        await session.press("l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        yield run


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_view_agrees_with_a_plain_list_whatever_happens(seed: int) -> None:
    async with opened_run(seed) as run:
        for number in range(STEPS):
            await run.step()
            if number % 15 == 14:
                await run.settle()
        await run.settle()
