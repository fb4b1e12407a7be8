"""One Logs Insights query, run to its end in one go."""

from collections.abc import Callable, Sequence

from lambdatop.model.identity import Scope
from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_execution import QueryExecution

Row = dict[str, str]
"""A row's values by field, all of them text; fields without a value are left out."""

MAX_GROUPS = 50
GIVE_UP_S = 300.0


class InsightsQuery:
    """A query over up to 50 log groups; times are epoch seconds, both ends included (AWS-FACTS 4.5)."""

    def __init__(
        self,
        call: AwsCall,
        wait: Callable[[float], None],
        text: str,
        log_groups: Sequence[str],
        start_s: int,
        end_s: int,
        limit: int,
    ) -> None:
        self._wait = wait
        run = QueryRun(
            number=0,
            scope=Scope("", ""),
            text=text,
            log_groups=tuple(log_groups),
            start_s=start_s,
            end_s=end_s,
            limit=limit,
        )
        self._execution = QueryExecution(call, run, partial_rows=None)

    @property
    def bytes_scanned(self) -> float:
        """What is paid for, of a query that failed as well."""
        return self._execution.bytes_scanned

    def rows(self) -> list[Row]:
        """Run it and return all rows once it is complete; raises SourceFailure."""
        execution = self._execution
        try:
            progress = self._run_to_end()
        finally:
            execution.abandon()
        if progress.status != "complete":
            raise self._failure()
        columns = progress.columns
        return [
            {column: value for column, value in zip(columns, row, strict=True) if value is not None}
            for row in progress.rows
        ]

    def _run_to_end(self) -> QueryProgress:
        execution, waited_s = self._execution, 0.0
        while True:
            now_ms = round(waited_s * 1000)
            progress = execution.poll(now_ms)
            if execution.is_over:
                return progress
            trouble = execution.failure
            if trouble is not None and (execution.query_id is None or trouble.state != "throttled"):
                raise self._failure()
            if progress.status == "waiting" and progress.problem is not None:
                raise SourceFailure("throttled", progress.problem.sentence, progress.problem.remedy)
            if waited_s >= GIVE_UP_S:
                raise SourceFailure("failed", f"The Insights query was not done after {GIVE_UP_S / 60:.0f} min.")
            if execution.due_ms > now_ms:
                wait_s = (execution.due_ms - now_ms) / 1000
                self._wait(wait_s)
                waited_s += wait_s

    def _failure(self) -> SourceFailure:
        """Return why there will be no rows, with the state and code of what AWS said."""
        failure, problem = self._execution.failure, self._execution.progress.problem
        sentence = problem.sentence if problem is not None else "The Insights query failed."
        if failure is None:
            return SourceFailure("failed", sentence, problem.remedy if problem is not None else None)
        said = SourceFailure(failure.state, sentence, failure.remedy, failure.exit_code, failure.code)
        said.__cause__ = failure.__cause__
        return said
