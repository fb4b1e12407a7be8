"""One Logs Insights query from its start to its last row: what to ask next, when, and what has come of it.

It has neither a clock nor threads: whoever drives it calls `poll` when `due_ms` has come.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from lambdatop.model.query import ENDED, PARTIAL_ROWS, QueryProblem, QueryProgress, QueryRun, QueryStatus
from lambdatop.sources import query_words as words
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.failure import SourceFailure, is_about_all
from lambdatop.sources.fast_decode import QueryResultsPage
from lambdatop.sources.query_at_aws import InsightsCall, QueryAtAws
from lambdatop.sources.query_endpoint import QueryEndpoint, check_of, verdict
from lambdatop.sources.query_estimate import estimated_bytes
from lambdatop.sources.query_rows import POINTER, QueryRows

PAUSES_S = (1, 1, 2, 2, 5)
"""Before each question of a running query; the last one from then on. One a second is what AWS asks for at most."""
RETRIES_S = (1, 2, 5, 10, 15, 30)
"""After each failure in a row that passes."""
MOST_MS = 65 * 60_000
"""AWS ends a query after 60 minutes; one that still runs by then is stopped."""
STOP_TRIES = 20
CHECK_WAIT_MS = 250
"""How often a query looks whether another one has found out about the endpoint."""
EMPTY_PAGES = 10
_STATUSES: dict[str, QueryStatus] = {
    "Scheduled": "scheduled", "Running": "running", "Cancelled": "cancelled", "Timeout": "timeout",
}  # fmt: skip
_MAY_HAVE_STARTED = frozenset(
    {"ConnectionClosedError", "HTTPClientError", "IncompleteReadError", "ReadTimeoutError", "ResponseParserError"}
)
"""After these nobody knows whether a query was started, and starting it again could be paid for twice."""


class QueryExecution:
    """A query, or an estimate of one; not for several threads at once. It raises nothing that AWS does.

    The scanned bytes are charged when it is over, however it ended. `partial_rows` is how many rows are asked for
    while it runs, None for all of a page.
    """

    def __init__(
        self,
        call: InsightsCall,
        run: QueryRun,
        endpoint: QueryEndpoint | None = None,
        *,
        partial_rows: int | None = PARTIAL_ROWS,
    ) -> None:
        self._call = call
        self._run = run
        self._endpoint = endpoint or QueryEndpoint()
        self._partial_rows = partial_rows
        self._aws = QueryAtAws(call, run)
        self._check: QueryExecution | None = None
        self._rows = QueryRows()
        self._tokens: list[str] = []
        self._empty_pages = 0
        self._is_complete = False
        """Whether AWS is done, so that only pages are to be read."""
        self._stopping: tuple[QueryStatus, QueryProblem | None] | None = None
        """What it will have ended as once it is stopped."""
        self._answers = 0
        self._failures = 0
        self.progress = QueryProgress(number=run.number, status="waiting")
        self.failure: SourceFailure | None = None
        """The trouble of the newest call, None once one has succeeded."""
        self.due_ms = 0

    @property
    def is_over(self) -> bool:
        """Whether `progress` is final."""
        return self.progress.status in ENDED

    @property
    def query_id(self) -> str | None:
        """AWS's name of it, once it is started."""
        return self._aws.query_id

    @property
    def bytes_scanned(self) -> float:
        """What is paid for, as far as AWS has told."""
        return self._aws.bytes_scanned

    def poll(self, now_ms: int) -> QueryProgress:
        """Do the one thing that is next: start it, ask how far it is, or read a page; returns what is known then."""
        if self.is_over:
            return self.progress
        try:
            self._step(now_ms)
        except SourceFailure as failure:
            self._failures += 1
            self.failure = failure
            self._fail(failure, now_ms)
        return self.progress

    def stop(self, now_ms: int, problem: QueryProblem | None = None) -> QueryProgress:
        """Have AWS stop it and take the final figures; where that cannot be told now, `poll` goes on trying."""
        return self._stop(now_ms, "cancelled", problem)

    def abandon(self) -> None:
        """Tell AWS once to stop it, and ask nothing more: for leaving at once."""
        if self.is_over:
            return
        if self._check is not None:
            self._check.abandon()
            self._endpoint.done(self)
        if self.query_id is not None and not self._is_complete:
            self._aws.stop_in_passing()
        self._end("cancelled", None)

    def _step(self, now_ms: int) -> None:
        if self._stopping is not None:
            self._aws.stop()
            self._finish_stopping(now_ms, *self._stopping)
        elif self.query_id is None:
            self._begin(now_ms)
        elif self._is_complete:
            self._take_page(self._aws.ask(token=self._tokens[-1] if self._tokens else None), now_ms)
        else:
            self._ask(now_ms)

    def _begin(self, now_ms: int) -> None:
        problem = words.objection(self._run)
        if self._run.is_estimate and not self._endpoint.offers_estimate(now_ms):
            problem = problem or words.NO_ESTIMATE
        if problem is not None:
            self._end("refused", now_ms, problem)
        elif self._endpoint.is_trusted is None and (self._check is None or not self._check.is_over):
            self._check_endpoint(now_ms)
        elif self._endpoint.is_trusted is False:
            self._end("refused", now_ms, words.DOUBTFUL)
        elif (wait_s := self._call.cap.shortage_s("StartQuery", now_ms)) > 0:
            self._say(problem=words.no_money(wait_s))
            self.due_ms = now_ms + round(wait_s * 1000)
        else:
            self._aws.start()
            self._settle()
            self._say(status="scheduled", started_ms=now_ms)
            self.due_ms = now_ms + PAUSES_S[0] * 1000

    def _check_endpoint(self, now_ms: int) -> None:
        """Find out whether the endpoint does what queries say; the query itself waits for that."""
        if not self._endpoint.may_check(self):
            self.due_ms = now_ms + CHECK_WAIT_MS
            return
        if self._check is None:
            self._check = QueryExecution(self._call, check_of(self._run))
        check = self._check.poll(now_ms)
        self.failure = None if self._check.is_over else self._check.failure
        self.due_ms = self._check.due_ms
        self._say(problem=check.problem if check.status == "waiting" else None)
        if self._check.is_over:
            self._endpoint.is_trusted = verdict(check)
            self._endpoint.done(self)
            self.due_ms = now_ms

    def _ask(self, now_ms: int) -> None:
        page = self._aws.ask(self._partial_rows)
        self._settle()
        self._answers += 1
        status = page.status or "Unknown"
        if status in ("Scheduled", "Running"):
            self._go_on(page, _STATUSES[status], now_ms)
        elif status != "Complete":
            self._end(_STATUSES.get(status, "failed"), now_ms, words.ended_badly(status))
        elif self._run.is_estimate:
            self._end_estimate(page, now_ms)
        else:
            self._is_complete = True
            if page.next_token and self._partial_rows is not None:
                self._say(status="running")  # a part was asked for: the pages are read from their beginning
                self.due_ms = now_ms
            else:
                self._take_page(page, now_ms)

    def _go_on(self, page: QueryResultsPage, status: QueryStatus, now_ms: int) -> None:
        self.due_ms = now_ms + PAUSES_S[min(self._answers, len(PAUSES_S) - 1)] * 1000
        part = QueryRows()
        if not self._run.is_estimate:
            part.add(page.rows()[: self._partial_rows])
        self._show(part, status)
        limit = self._run.max_bytes
        if limit is not None and self._aws.bytes_scanned > limit:
            self._stop(now_ms, "cancelled", words.passed_limit(self._aws.bytes_scanned, limit))
        elif now_ms - (self.progress.started_ms or now_ms) > MOST_MS:
            self._stop(now_ms, "timeout", words.TOO_LONG)

    def _take_page(self, page: QueryResultsPage, now_ms: int) -> None:
        """Take in a page of a query that AWS has done."""
        self._settle()
        rows, token = page.rows(), page.next_token
        self._rows.add(rows[: self._aws.limit - len(self._rows.rows)])
        self._empty_pages = 0 if rows else self._empty_pages + 1
        self._show(self._rows, "running")
        self.due_ms = now_ms
        if not token or len(self._rows.rows) >= self._aws.limit:
            self._end("complete", now_ms)
        elif token in self._tokens or self._empty_pages >= EMPTY_PAGES:
            self._end("failed", now_ms, words.CIRCLES)
        else:
            self._tokens.append(token)

    def _end_estimate(self, page: QueryResultsPage, now_ms: int) -> None:
        rows = page.rows()
        if any(POINTER in row for row in rows):  # it was run, as if the command were not there
            self._endpoint.refused_estimate(now_ms)
            self._aws.charge()
            scanned = self._aws.bytes_scanned
            problem = None if self._aws.statistics else words.NO_ESTIMATE
            size = scanned if self._aws.statistics else None
            self._end("complete", now_ms, problem, estimated_bytes=size, cost_usd=insights_price_usd(scanned))
            return
        found = estimated_bytes(rows)
        if found is None:
            found = self._aws.bytes_scanned or None
        self._end("complete", now_ms, words.NOT_READ if found is None else None, estimated_bytes=found)

    def _stop(self, now_ms: int, status: QueryStatus, problem: QueryProblem | None) -> QueryProgress:
        if self.is_over or self._stopping is not None:
            return self.progress
        if self._check is not None:
            self._check.stop(now_ms)
            self._endpoint.done(self)
        if self.query_id is None or self._is_complete:
            self._end(status, now_ms, problem)
            return self.progress
        self._stopping = status, problem
        return self.poll(now_ms)

    def _finish_stopping(self, now_ms: int, status: QueryStatus, problem: QueryProblem | None) -> None:
        """End it with the figures that AWS has now, where it tells them."""
        try:
            self._aws.ask(1)
        except SourceFailure:
            self.failure = None
        self._end(status, now_ms, problem)

    def _fail(self, failure: SourceFailure, now_ms: int) -> None:
        may_pass = passes(failure)
        self.due_ms = now_ms + RETRIES_S[min(self._failures, len(RETRIES_S)) - 1] * 1000
        if self._stopping is not None:
            if may_pass and self._failures < STOP_TRIES:
                self._say(problem=words.not_stopped(failure))
            else:
                self._end(self._stopping[0], now_ms, words.not_stopped(failure))
        elif self.query_id is None:
            self._fail_to_start(failure, now_ms, may_pass=may_pass)
        elif may_pass:
            self._say(problem=None if failure.state == "throttled" else words.goes_on(failure))
        else:
            self._aws.stop_in_passing()
            self._end("failed", now_ms, words.problem_of(failure, self._aws.text))

    def _fail_to_start(self, failure: SourceFailure, now_ms: int, *, may_pass: bool) -> None:
        problem = words.problem_of(failure, self._aws.text)
        if failure.code in _MAY_HAVE_STARTED:
            self._end("failed", now_ms, words.LOST_START)
        elif may_pass:
            self._say(problem=problem)
        elif self._run.is_estimate and words.is_about_estimate(problem, self._run.text):
            self._endpoint.refused_estimate(now_ms)
            self._end("refused", now_ms, words.NO_ESTIMATE)
        else:
            self._end("refused", now_ms, problem)

    def _settle(self) -> None:
        """Forget the trouble, since a call has succeeded."""
        self._failures, self.failure = 0, None

    def _show(self, found: QueryRows, status: QueryStatus) -> None:
        """Tell of rows, and of the revision where they are not those of before with more behind them."""
        before, rows = self.progress, tuple(found.rows)
        is_other = found.columns != before.columns or rows[: len(before.rows)] != before.rows
        self._say(
            status=status,
            columns=found.columns,
            rows=rows,
            pointers=tuple(found.pointers),
            revision=before.revision + (is_other and bool(before.rows)),
        )

    def _end(
        self, status: QueryStatus, now_ms: int | None, problem: QueryProblem | None = None, **changes: object
    ) -> None:
        if not self._run.is_estimate:
            self._aws.charge()
        self.due_ms = 0
        is_cut = status == "complete" and self._is_cut(self.progress.rows)
        self._say(status=status, ended_ms=now_ms, problem=problem, is_cut=is_cut, **changes)

    def _is_cut(self, rows: Sequence[object]) -> bool:
        """Whether the limit was reached and AWS does not say that there is no more."""
        statistics = self._aws.statistics
        is_all = statistics is not None and statistics.records_matched == len(rows)
        return len(rows) >= self._aws.limit and not is_all

    def _say(self, *, problem: QueryProblem | None = None, **changes: object) -> None:
        """Change the progress; a problem stays only as long as it is said."""
        if not self._run.is_estimate:
            changes |= {"statistics": self._aws.statistics, "cost_usd": insights_price_usd(self._aws.bytes_scanned)}
        self.progress = replace(self.progress, problem=problem, **changes)


def passes(failure: SourceFailure) -> bool:
    """Return whether asking again later may help: a throttle, a lost login, the network, or AWS's own trouble."""
    return is_about_all(failure) and (failure.state != "failed" or bool(failure.code))
