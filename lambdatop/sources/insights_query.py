"""One Logs Insights query: StartQuery, GetQueryResults until it is complete, StopQuery where it will not be."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any

from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure

Row = dict[str, str]
"""A row's values by field, all of them text; fields without a value are left out."""

MAX_GROUPS = 50
GIVE_UP_S = 300.0
_RUNNING = ("Scheduled", "Running")
_ENDED = {
    "Failed": "The Insights query failed.",
    "Cancelled": "Somebody stopped the Insights query.",
    "Timeout": "The Insights query took longer than AWS allows.",
}
_CONCURRENT = "As many Insights queries run in this account and region as AWS allows (100), dashboards' included."


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
        self._call = call
        self._wait = wait
        self._parameters = {
            "logGroupNames": list(log_groups),
            "startTime": start_s,
            "endTime": end_s,
            "queryString": text,
            "limit": limit,
        }
        self.bytes_scanned = 0.0
        """What is paid for, of a query that failed as well."""

    def rows(self) -> list[Row]:
        """Run it and return all rows once it is complete; raises SourceFailure."""
        query_id = self._start()
        try:
            answer = self._wait_for_end(query_id)
            return list(self._pages(query_id, answer))
        finally:
            self._call.charge("StartQuery", insights_price_usd(self.bytes_scanned))

    def _start(self) -> str:
        try:
            query_id = self._call("logs", "StartQuery", **self._parameters).get("queryId")
        except SourceFailure as failure:
            raise _in_words(failure) from failure
        if not query_id:
            raise SourceFailure("absent", "This endpoint starts no Insights query.")
        return str(query_id)

    def _wait_for_end(self, query_id: str) -> dict[str, Any]:
        """Return the first answer that is complete; stops the query where that does not come."""
        try:
            for wait_s in _pauses():
                self._wait(wait_s)
                answer = self._ask(query_id)
                if answer is not None and _is_complete(answer):
                    return answer
        except BaseException:
            self._stop(query_id)
            raise
        self._stop(query_id)
        raise SourceFailure("failed", f"The Insights query was not done after {GIVE_UP_S / 60:.0f} min.")

    def _stop(self, query_id: str) -> None:
        with contextlib.suppress(SourceFailure):
            self._call("logs", "StopQuery", queryId=query_id)

    def _ask(self, query_id: str, **token: str) -> dict[str, Any] | None:
        """Return an answer, None where AWS throttled the question."""
        try:
            answer = self._call("logs", "GetQueryResults", queryId=query_id, **token)
        except SourceFailure as failure:
            if failure.state == "throttled":
                return None
            raise
        scanned = (answer.get("statistics") or {}).get("bytesScanned")
        self.bytes_scanned = max(self.bytes_scanned, float(scanned or 0))
        return answer

    def _pages(self, query_id: str, answer: dict[str, Any]) -> Iterator[Row]:
        """Yield the rows of all pages, of up to 10,000 each."""
        tokens: set[str] = set()
        while True:
            for cells in answer.get("results") or ():
                yield {str(cell.get("field")): str(cell["value"]) for cell in cells if "value" in cell}
            token = answer.get("nextToken")
            if not token:
                return
            if token in tokens:
                raise SourceFailure("failed", "The pages of an Insights query go in circles.")
            tokens.add(token)
            answer = self._page(query_id, token)

    def _page(self, query_id: str, token: str) -> dict[str, Any]:
        for wait_s in _pauses():
            answer = self._ask(query_id, nextToken=token)
            if answer is not None:
                return answer
            self._wait(wait_s)
        raise SourceFailure("throttled", "AWS throttles logs:GetQueryResults.")


def _pauses() -> Iterator[float]:
    """Yield the seconds to wait before each question, until it is time to give up.

    >>> waits = list(_pauses())
    >>> waits[:4], sum(waits) >= GIVE_UP_S
    ([1.0, 2.0, 5.0, 5.0], True)
    """
    waited_s = 0.0
    for wait_s in chain((1.0, 2.0), repeat(5.0)):
        if waited_s >= GIVE_UP_S:
            return
        waited_s += wait_s
        yield wait_s


def _is_complete(answer: dict[str, Any]) -> bool:
    """Return whether all rows are there; raises SourceFailure where they never will be."""
    status = str(answer.get("status") or "Unknown")
    if status == "Complete":
        return True
    if status not in _RUNNING:
        raise SourceFailure("failed", _ENDED.get(status, f"The Insights query ended as {status}."))
    return False


def _in_words(failure: SourceFailure) -> SourceFailure:
    """Say what a refused StartQuery means."""
    if failure.code == "LimitExceededException":
        return SourceFailure("throttled", _CONCURRENT, code=failure.code)
    if failure.code == "MalformedQueryException":
        reason = failure.sentence.partition(failure.code)[2].strip()
        sentence = f"Logs Insights does not understand the query: {reason or 'it does not say why'}"
        return SourceFailure("failed", sentence, code=failure.code)
    return failure
