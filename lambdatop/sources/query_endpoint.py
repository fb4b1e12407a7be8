"""What queries have taught of the endpoint that they are asked of: whether its answers can be trusted, and estimates.

An endpoint that is not AWS may take any query and answer with every event, so it is first asked for lines that cannot
be, to be counted: one that filters and counts finds none, one that does neither gives itself away.
"""

from msgspec.structs import replace

from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.sources.query_text import source_of
from lambdatop.sources.query_words import MALFORMED

COUNT = "lambdatop_count"
CHECK = f"filter @message like /no line of lambdatop is like this 6f1c/ | stats count(*) as {COUNT}"
CHECK_BYTES = 100_000_000
"""A check that scans so much is stopped: what counts bytes like this and finds nothing does filter."""
ASK_AGAIN_MS = 3_600_000


class QueryEndpoint:
    """Remembers for one account and region; `is_trusted` is None until a check has decided, one at a time."""

    def __init__(self, *, is_trusted: bool | None = True) -> None:
        self.is_trusted = is_trusted
        self._checker: object | None = None
        self._no_estimate_until_ms = 0

    def may_check(self, checker: object) -> bool:
        """Whether nobody else checks it already; who does says so when it is `done`."""
        self._checker = self._checker or checker
        return self._checker is checker

    def done(self, checker: object) -> None:
        """Let somebody else check it."""
        if self._checker is checker:
            self._checker = None

    def offers_estimate(self, now_ms: int) -> bool:
        """Whether asking for an estimate is worth a call."""
        return now_ms >= self._no_estimate_until_ms

    def refused_estimate(self, now_ms: int) -> None:
        """Take note that there is none, for an hour."""
        self._no_estimate_until_ms = now_ms + ASK_AGAIN_MS


def check_of(run: QueryRun) -> QueryRun:
    """Return the query that shows whether an endpoint does what queries say, over the same log groups and time."""
    source = "" if run.log_groups else f"{source_of(run.text)} | "
    return replace(run, text=source + CHECK, limit=None, max_bytes=CHECK_BYTES, is_estimate=False)


def verdict(check: QueryProgress) -> bool | None:
    """Return whether the endpoint is to be trusted, by the check that has ended; None where it tells nothing.

    A check that is refused speaks for it, since it refuses what it does not understand.
    """
    if check.rows:
        counts = [dict(zip(check.columns, row, strict=True)).get(COUNT) for row in check.rows]
        return all(count is not None and count.strip("0.") == "" for count in counts)
    has_scanned = check.statistics is not None and check.statistics.records_scanned > 0
    is_refused = check.problem is not None and check.problem.code == MALFORMED
    return True if has_scanned or is_refused or check.status == "cancelled" else None
