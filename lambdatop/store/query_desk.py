"""What has come of the tasks that the view names, the newest of each."""

from collections.abc import Iterable

import msgspec

from lambdatop.model.query import ENDED, PARTIAL_ROWS, ROWS_AN_ANSWER, QueryOutcome, QueryProgress, QueryTask
from lambdatop.model.question import QueryAnswer, QueryQuestion


class QueryDesk:
    """Outcomes by the number of their task, until the view names the task no more."""

    def __init__(self) -> None:
        self._outcomes: dict[int, QueryOutcome] = {}

    def put(self, outcome: QueryOutcome) -> None:
        """Keep an outcome in place of an older one of its task."""
        self._outcomes[outcome.number] = outcome

    def keep(self, tasks: Iterable[QueryTask]) -> None:
        """Forget what belongs to none of the tasks."""
        if self._outcomes:
            numbers = {task.number for task in tasks}
            self._outcomes = {number: one for number, one in self._outcomes.items() if number in numbers}

    def answer(self, question: QueryQuestion) -> QueryAnswer:
        """Return what has come of a task, of many rows those from `rows_from` on."""
        outcome = self._outcomes.get(question.task)
        rows_from, row_count = 0, 0
        if isinstance(outcome, QueryProgress):
            row_count = len(outcome.rows)
            is_ended = outcome.status in ENDED
            rows_from = min(question.rows_from, row_count) if is_ended else 0
            outcome = _cut(outcome, rows_from, rows_from + (ROWS_AN_ANSWER if is_ended else PARTIAL_ROWS))
        return QueryAnswer(
            topic=question.topic, number=question.number, outcome=outcome, rows_from=rows_from, row_count=row_count
        )


def _cut(progress: QueryProgress, first: int, end: int) -> QueryProgress:
    if first == 0 and end >= len(progress.rows):
        return progress
    return msgspec.structs.replace(progress, rows=progress.rows[first:end], pointers=progress.pointers[first:end])
