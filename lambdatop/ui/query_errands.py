"""Tasks of Logs Insights under way: named in the view, asked about, and named no longer once all has come of them."""

from collections.abc import Callable
from typing import Protocol

from lambdatop.model.query import QueryTask
from lambdatop.model.question import Answer, QueryAnswer, QueryQuestion
from lambdatop.ui.session import Session

_TOPIC = "query "


class Taker(Protocol):
    """What takes the answers of a task."""

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to come."""

    @property
    def rows_from(self) -> int:
        """The first row that is wanted next."""

    def take(self, answer: QueryAnswer) -> None:
        """Take in an answer."""


class OneOutcome:
    """Takes what comes of a task that has one outcome without rows."""

    rows_from = 0

    def __init__(self, hear: Callable[[object], None]) -> None:
        self.is_done = False
        self._hear = hear

    def take(self, answer: QueryAnswer) -> None:
        """Hand the outcome on."""
        if answer.outcome is not None:
            self.is_done = True
            self._hear(answer.outcome)


class QueryErrands:
    """Keeps the view's tasks and the questions about them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._takers: dict[int, tuple[QueryTask, Taker]] = {}
        self._asked: dict[str, tuple[int, int, int]] = {}
        """By topic, the number of the question, of its task, and the first row that it wants."""

    def begin(self, task: QueryTask, taker: Taker) -> None:
        """Have a task done."""
        self._takers[task.number] = task, taker
        self._name()
        self._ask(task.number, 0)

    def end(self, number: int) -> None:
        """Want a task no longer; a query that still runs is stopped."""
        if self._takers.pop(number, None) is None:
            return
        topic = f"{_TOPIC}{number}"
        asked = self._asked.pop(topic, None)
        if asked is not None:
            self._session.withdraw(topic, asked[0])
        self._name()

    def end_all(self) -> None:
        """Want nothing any longer."""
        for number in tuple(self._takers):
            self.end(number)

    def take(self, answer: Answer) -> bool:
        """Take an answer about one of the tasks; returns whether it was one."""
        asked = self._asked.get(answer.topic)
        if not isinstance(answer, QueryAnswer) or asked is None or asked[0] != answer.number:
            return False
        _, number, rows_from = asked
        _, taker = self._takers[number]
        taker.take(answer)
        if taker.is_done:
            self.end(number)
        elif taker.rows_from != rows_from:
            self._ask(number, taker.rows_from)
        return True

    def _ask(self, task: int, rows_from: int) -> None:
        topic = f"{_TOPIC}{task}"
        question = QueryQuestion(topic=topic, number=0, task=task, rows_from=rows_from)
        self._asked[topic] = self._session.ask(question), task, rows_from

    def _name(self) -> None:
        self._session.want_queries(task for task, _ in self._takers.values())
