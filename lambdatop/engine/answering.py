"""The questions that stand, and what to do next to answer them, a slice at a time.

How to answer another kind of question: write a maker, which takes the question, the store and the archive and returns
its `Work`, and name it in `MAKERS`. Work that fits into one slice is `AtOnce`.
"""

import queue
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lambdatop.engine.environment_reading import EnvironmentReading
from lambdatop.engine.error_reading import error_answer
from lambdatop.engine.log_reading import LogReading
from lambdatop.model.log_line import LAST_KEY
from lambdatop.model.question import (
    Answer,
    EnvironmentQuestion,
    ErrorQuestion,
    LogQuestion,
    QueryQuestion,
    Question,
    RequestQuestion,
)
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.request_story import RequestStory
from lambdatop.store.store import Store

ANSWER_INTERVAL_MS = 250
"""How often lines that are followed are sent at most."""
SLOW_INTERVAL_MS = 1_000
"""The same of all other answers."""


class Work(Protocol):
    """The answering of one question, for as long as it stands; all of it runs in the engine's thread."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do until something changes."""

    def step(self, now_ms: int) -> Answer | None:
        """Work for some 5 ms, 16 at most; returns what to send, which may be an answer that a later one completes."""

    def begin_again(self) -> None:
        """Take note that the store or the archive has changed, so that the next steps answer anew."""


class AtOnce:
    """Work that needs no more than one slice: `answer` looks at the store and says what is to be sent."""

    def __init__(self, answer: Callable[[int], Answer]) -> None:
        self._answer = answer
        self.is_done = False

    def step(self, now_ms: int) -> Answer | None:
        """Answer."""
        self.is_done = True
        return self._answer(now_ms)

    def begin_again(self) -> None:
        """Answer anew at the next step."""
        self.is_done = False


Maker = Callable[[Any, Store, LogArchive], Work]
"""Takes a question of its type; the archive is an empty one where no lines are kept."""


def _error_work(question: ErrorQuestion, store: Store, archive: LogArchive) -> Work:
    return AtOnce(lambda _: error_answer(question, store, archive))


def _query_work(question: QueryQuestion, store: Store, _archive: LogArchive) -> Work:
    return AtOnce(lambda _: store.query_desk.answer(question))


MAKERS: Mapping[type[Question], Maker] = {
    LogQuestion: LogReading,
    ErrorQuestion: _error_work,
    RequestQuestion: RequestStory,
    EnvironmentQuestion: EnvironmentReading,
    QueryQuestion: _query_work,
}
"""By type of question; one whose type is not here is never answered."""


class _Standing:
    """A question that stands, and how far its answering is."""

    __slots__ = ("due_ms", "last_answer", "question", "seen", "turn", "work")

    def __init__(self, question: Question, work: Work) -> None:
        self.question = question
        self.work = work
        self.last_answer: Answer | None = None
        self.seen: tuple[int, int] | None = None
        """The revisions that the work began with; None before its first step."""
        self.due_ms = 0
        """When it may be answered anew."""
        self.turn = 0
        """When it last had one, to take turns by."""


class Answering:
    """Answers the newest question of each topic; `ask` and `withdraw` may be called from any thread.

    A question that has had no answer yet goes before the others; where several wait, they take turns.
    """

    def __init__(self, store: Store, archive: LogArchive, makers: Mapping[type[Question], Maker] = MAKERS) -> None:
        self._store = store
        self._archive = archive
        self._makers = makers
        self._told: queue.SimpleQueue[Question | str] = queue.SimpleQueue()
        self._standing: dict[str, _Standing] = {}
        self._turns = 0

    def ask(self, question: Question) -> None:
        """Let a question stand, in place of what was asked before of the same topic."""
        self._told.put(question)

    def withdraw(self, topic: str) -> None:
        """Answer nothing more of a topic."""
        self._told.put(topic)

    def next_due_ms(self, now_ms: int) -> int | None:
        """Return when there is something to do; None when there is not until something else changes."""
        if not self._told.empty():
            return now_ms
        times = (self._due_ms(standing, now_ms) for standing in self._standing.values())
        return min((due_ms for due_ms in times if due_ms is not None), default=None)

    def step(self, now_ms: int) -> Answer | None:
        """Do one slice of what matters most; returns an answer that is new.

        What the work of a question raises ends that question.
        """
        self._take_in()
        times = ((one, self._due_ms(one, now_ms)) for one in self._standing.values())
        due = [one for one, due_ms in times if due_ms is not None and due_ms <= now_ms]
        if not due:
            return None
        standing = min(due, key=lambda one: (one.last_answer is not None, one.turn))
        self._turns += 1
        standing.turn = self._turns
        try:
            return self._work(standing, now_ms)
        except Exception:
            self._standing.pop(standing.question.topic)
            raise

    def _work(self, standing: _Standing, now_ms: int) -> Answer | None:
        work, question = standing.work, standing.question
        if standing.seen is None or self._is_to_begin_again(standing, now_ms):
            if standing.seen is not None:
                work.begin_again()
            standing.seen = self._revisions
            standing.due_ms = now_ms + (ANSWER_INTERVAL_MS if _is_following(question) else SLOW_INTERVAL_MS)
        answer = work.step(now_ms)
        if work.is_done and not question.is_standing:
            del self._standing[question.topic]
        if answer is None or answer == standing.last_answer:
            return None
        standing.last_answer = answer
        return answer

    @property
    def _revisions(self) -> tuple[int, int]:
        return self._store.revision, self._archive.revision

    def _take_in(self) -> None:
        while True:
            try:
                told = self._told.get_nowait()
            except queue.Empty:
                return
            topic = told if isinstance(told, str) else told.topic
            self._standing.pop(topic, None)
            maker = None if isinstance(told, str) else self._makers.get(type(told))
            if maker is not None and not isinstance(told, str):
                self._standing[topic] = _Standing(told, maker(told, self._store, self._archive))

    def _due_ms(self, standing: _Standing, now_ms: int) -> int | None:
        if not standing.work.is_done:
            return now_ms
        return standing.due_ms if standing.question.is_standing and standing.seen != self._revisions else None

    def _is_to_begin_again(self, standing: _Standing, now_ms: int) -> bool:
        """Whether to answer anew; what is under way is only so where lines are followed, which cannot wait for it."""
        is_ready = standing.work.is_done or (_is_following(standing.question) and standing.last_answer is not None)
        is_asked_again = standing.question.is_standing and standing.seen != self._revisions
        return is_ready and is_asked_again and standing.due_ms <= now_ms


def _is_following(question: Question) -> bool:
    return isinstance(question, LogQuestion) and question.place == LAST_KEY
