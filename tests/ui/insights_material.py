"""Queries for the screen's tests: an engine that does what the tests say of each task."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from lambdatop.model.query import (
    DefinitionList,
    DefinitionsFound,
    FieldList,
    FieldsFound,
    QueryOutcome,
    QueryProgress,
    QueryRun,
    QueryStatistics,
    QueryTask,
    RecordFound,
    RecordLookup,
)
from lambdatop.model.question import Answer, QueryAnswer, QueryQuestion, Question
from lambdatop.model.snapshot import Snapshot
from lambdatop.ui.screens.insights import InsightsScreen
from tests.ui import pictures
from tests.ui.test_keys import Session, opened

COLUMNS = ("@timestamp", "@message", "@log", "@logStream", "@duration")
GIGABYTE = 1_000_000_000


def row(index: int) -> tuple[str | None, ...]:
    """A log event of the first function, a second after the one before."""
    return (
        f"2026-11-21 02:{index // 60 % 60:02d}:{index % 60:02d}.000",
        f"REPORT RequestId: 8f5cbb0e-51a1-4c2f-9d5f-{index:012d} Duration: {index}.5 ms",
        "123456789012:/aws/lambda/checkout-api",
        "2026/11/21/[42]0123456789abcdef0123456789abcdef",
        f"{index}.5",
    )


def complete(rows: int = 3, *, revision: int = 1, bytes_scanned: float = GIGABYTE) -> QueryProgress:
    """A query that has ended with so many rows."""
    return QueryProgress(
        number=0,
        status="complete",
        revision=revision,
        columns=COLUMNS,
        rows=tuple(map(row, range(rows))),
        pointers=tuple(f"pointer-{index}" for index in range(rows)),
        statistics=QueryStatistics(records_matched=rows, records_scanned=1e6, bytes_scanned=bytes_scanned),
        cost_usd=bytes_scanned / GIGABYTE * 0.005,
        started_ms=pictures.NOW_MS - 4_000,
        ended_ms=pictures.NOW_MS - 1_000,
    )


class Account:
    """What Logs Insights says, by what is asked; a test changes it and tells the screen."""

    def __init__(self) -> None:
        self.engine = pictures.FakeEngine(pictures.incident())
        self.engine.answer = self.answer
        self.progress: Callable[[QueryRun], QueryProgress] = lambda _run: complete()
        self.estimate: Callable[[QueryRun], QueryProgress] = lambda _run: QueryProgress(
            number=0, status="complete", estimated_bytes=2.0 * GIGABYTE
        )
        self.record: QueryOutcome = RecordFound(number=0, fields={"@message": "whole", "level": "ERROR"})
        self.definitions: QueryOutcome | None = DefinitionsFound(number=0)
        self.fields: QueryOutcome = FieldsFound(number=0, fields=(("cartId", 90), ("level", 80)))
        self.seen: dict[int, QueryTask] = {}
        """Every task that was ever named, by its number."""

    @property
    def tasks(self) -> tuple[QueryTask, ...]:
        """What the view names now."""
        return self.engine.views[-1].query_tasks if self.engine.views else ()

    @property
    def runs(self) -> list[QueryRun]:
        """The queries that were ever run, estimates aside."""
        self._see()
        return [task for task in self.seen.values() if isinstance(task, QueryRun) and not task.is_estimate]

    @property
    def estimates(self) -> list[QueryRun]:
        """The estimates that were ever asked for."""
        self._see()
        return [task for task in self.seen.values() if isinstance(task, QueryRun) and task.is_estimate]

    def answer(self, question: Question) -> Answer | None:
        """Answer at once with what is so now."""
        if not isinstance(question, QueryQuestion):
            return None
        self._see()
        outcome = self._outcome(self.seen[question.task])
        if not isinstance(outcome, QueryProgress):
            return QueryAnswer(topic=question.topic, number=question.number, outcome=outcome)
        start = question.rows_from
        shown = 1_000 if outcome.status not in ("complete", "cancelled", "failed") else 10_000
        part = msgspec.structs.replace(
            outcome, rows=outcome.rows[start : start + shown], pointers=outcome.pointers[start : start + shown]
        )
        return QueryAnswer(
            topic=question.topic,
            number=question.number,
            outcome=part,
            rows_from=start,
            row_count=len(outcome.rows),
        )

    def tell(self) -> None:
        """Answer all standing questions again, as when something has changed."""
        for question in tuple(self.engine.questions):
            answer = self.answer(question)
            if answer is not None:
                self.engine.hear(answer)

    def _see(self) -> None:
        for view in self.engine.views:
            self.seen.update({task.number: task for task in view.query_tasks})

    def _outcome(self, task: QueryTask) -> QueryOutcome | None:
        match task:
            case QueryRun(is_estimate=True):
                return self.estimate(task)
            case QueryRun():
                return self.progress(task)
            case RecordLookup():
                return self.record
            case DefinitionList():
                return self.definitions
            case FieldList():
                return self.fields


@asynccontextmanager
async def opened_queries(
    account: Account, *keys: str, size: tuple[int, int] = (120, 40), snapshot: Snapshot | None = None
) -> AsyncIterator[Session]:
    """Open the place of queries, with the keys pressed before it."""
    if snapshot is not None:
        account.engine.latest = snapshot
    async with opened(account.engine.latest, size, account.engine) as session:
        await session.press(*keys, "8")
        await session.until(lambda: isinstance(session.app.screen, InsightsScreen))
        yield session


def place(session: Session) -> InsightsScreen:
    """Return the place."""
    screen = session.app.screen
    assert isinstance(screen, InsightsScreen)
    return screen
