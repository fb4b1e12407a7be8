"""One query at AWS as its operations see it: started, asked for its results page by page, stopped."""

import contextlib
from typing import Any, Protocol

from lambdatop.model.query import DEFAULT_QUERY_ROWS, MAX_QUERY_ROWS, QueryRun, QueryStatistics
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.fast_decode import QueryResultsPage, query_results_page
from lambdatop.sources.query_text import limit_of, names_source, with_estimate

ENDED_ALREADY = ("InvalidParameterException", "ResourceNotFoundException")
"""What StopQuery answers for a query that has ended."""


class InsightsCall(Protocol):
    """What a query needs of the way out to AWS, as `AwsCall` is."""

    @property
    def cap(self) -> CostCap:
        """The limit on dollars."""

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        """Return the answer's dictionary; raises SourceFailure."""

    def charge(self, operation: str, cost_usd: float) -> None:
        """Count dollars that only an answer told of."""


class QueryAtAws:
    """StartQuery, GetQueryResults and StopQuery of one query; times are epoch seconds, both ends included.

    All methods raise SourceFailure. The bytes scanned are paid for whatever becomes of the query.
    """

    def __init__(self, call: InsightsCall, run: QueryRun) -> None:
        self._call = call
        self._run = run
        self._is_charged = False
        self.text = with_estimate(run.text) if run.is_estimate else run.text
        self.query_id: str | None = None
        """AWS's, once it is started."""
        self.statistics: QueryStatistics | None = None
        self.bytes_scanned = 0.0

    @property
    def limit(self) -> int:
        """Rows at most: what the text says, else what was asked for, else AWS's default."""
        own = limit_of(self._run.text)
        return min(own if own is not None else self._run.limit or DEFAULT_QUERY_ROWS, MAX_QUERY_ROWS)

    def start(self) -> None:
        """Start it."""
        query_id = self._call("logs", "StartQuery", **self.parameters()).get("queryId")
        if not query_id:
            raise SourceFailure("absent", "This endpoint starts no Insights query.")
        self.query_id = str(query_id)

    def ask(self, max_items: int | None = None, token: str | None = None) -> QueryResultsPage:
        """Return the results so far, or a page of them."""
        more: dict[str, Any] = {"maxItems": max_items} if max_items else {}
        more |= {"nextToken": token} if token else {}
        page = query_results_page(self._call("logs", "GetQueryResults", queryId=self.query_id, **more))
        if page.statistics:
            told = _statistics(page.statistics)
            if told.bytes_scanned >= self.bytes_scanned:  # a stopped query may tell of nothing, and has scanned
                self.statistics, self.bytes_scanned = told, told.bytes_scanned
        return page

    def stop(self) -> None:
        """Stop it; one that has ended already is none the worse."""
        try:
            self._call("logs", "StopQuery", queryId=self.query_id)
        except SourceFailure as failure:
            if failure.code not in ENDED_ALREADY:
                raise

    def stop_in_passing(self) -> None:
        """Stop it if that can be; nobody waits for what came of it."""
        with contextlib.suppress(SourceFailure):
            self.stop()

    def charge(self) -> None:
        """Count the dollars of all bytes scanned, once."""
        if not self._is_charged:
            self._is_charged = True
            self._call.charge("StartQuery", insights_price_usd(self.bytes_scanned))

    def parameters(self) -> dict[str, Any]:
        """Return what StartQuery is told; log groups by ARN where one of them is given so."""
        run = self._run
        groups = [name.removesuffix(":*") for name in run.log_groups]
        are_arns = any(name.startswith("arn:") for name in groups)
        told: dict[str, Any] = {"logGroupIdentifiers" if are_arns else "logGroupNames": groups}
        if not groups and names_source(run.text):
            told = {}
        told |= {"startTime": run.start_s, "endTime": run.end_s, "queryString": self.text}
        if run.limit is not None and limit_of(run.text) is None and not run.is_estimate:
            told["limit"] = min(run.limit, MAX_QUERY_ROWS)
        return told


def _statistics(told: dict[str, float | None]) -> QueryStatistics:
    return QueryStatistics(
        records_matched=told.get("recordsMatched") or 0.0,
        records_scanned=told.get("recordsScanned") or 0.0,
        bytes_scanned=told.get("bytesScanned") or 0.0,
        log_groups_scanned=told.get("logGroupsScanned"),
        records_skipped=told.get("estimatedRecordsSkipped"),
        bytes_skipped=told.get("estimatedBytesSkipped"),
    )
