"""What has come of a query, put together from its answers."""

import msgspec

from lambdatop.model.query import ENDED, QueryProgress, QueryRun
from lambdatop.model.question import QueryAnswer


class QueryResult:
    """Collects a query's rows, of which an answer holds ten thousand at most."""

    def __init__(self, task: QueryRun) -> None:
        self.task = task
        self.progress = QueryProgress(number=task.number, status="waiting")
        """As it stands, with all rows collected."""
        self._row_count = 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens at AWS."""
        return self.progress.status in ENDED

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to come here either."""
        is_whole = len(self.progress.rows) >= self._row_count or self.progress.status == "refused"
        return self.has_ended and is_whole

    @property
    def rows_from(self) -> int:
        """The first row that is wanted next: while it runs, its rows may all be others each time."""
        return len(self.progress.rows) if self.has_ended and not self.is_done else 0

    def take(self, answer: QueryAnswer) -> None:
        """Take in an answer."""
        said = answer.outcome
        if not isinstance(said, QueryProgress):
            return
        held = self.progress
        if answer.rows_from == 0:
            self.progress = said
        elif said.revision != held.revision or answer.rows_from > len(held.rows):
            self.progress = msgspec.structs.replace(said, rows=(), pointers=())
        else:
            self.progress = msgspec.structs.replace(
                said,
                rows=held.rows[: answer.rows_from] + said.rows,
                pointers=held.pointers[: answer.rows_from] + said.pointers,
            )
        self._row_count = answer.row_count

    def stop(self) -> None:
        """Say that it was stopped here; what has come of it stays."""
        if not self.has_ended:
            self.progress = msgspec.structs.replace(self.progress, status="cancelled")
        self._row_count = len(self.progress.rows)
