"""Finds the request that is asked for: by its ID, the beginning of that, its trace, or where and when it was served."""

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LAST_KEY, LogFilter, LogLine, TextCondition
from lambdatop.model.question import RequestCandidate, RequestQuestion
from lambdatop.parsers.correlation import xray_trace_id
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_slices import page_in_slices
from lambdatop.store.occurrence import Occurrence
from lambdatop.store.request_occurrence import (
    Identity,
    RememberedOccurrence,
    ToldOccurrence,
    remembered,
    request_at,
    tell,
    told_by_lines,
)
from lambdatop.store.store import Store

LINES_SEARCHED = 2_000
"""Lines looked at for a request that no log stream remembers."""
CANDIDATES_TOLD = 50


class Finding(NamedTuple):
    """All times that the request which is meant was invoked, or the requests of which each may be meant."""

    told: Sequence[ToldOccurrence] = ()
    """Oldest first; none where no request is known, or several are meant."""
    candidates: tuple[RequestCandidate, ...] = ()
    """The newest first."""
    candidate_count: int = 0


class RequestFinder:
    """Finds a request in slices; what it was found to be, it stays."""

    def __init__(self, question: RequestQuestion, store: Store, archive: LogArchive) -> None:
        self._store = store
        self._archive = archive
        self._function = question.function
        self._wanted = (question.request_id or "").strip()
        trace_id = question.trace_id
        self._trace_id = None if trace_id is None else xray_trace_id(trace_id) or trace_id.strip()
        self._moment = question.moment
        self._known: Identity | None = None

    def find(self) -> Generator[None, None, Finding]:
        """Return what is known of the request, which of a trace is the one that began first."""
        if self._known is None:
            candidates = yield from self._traced() if self._trace_id is not None else self._meant()
            identities = {(one.function, one.request_id): one for one in candidates}
            if len(identities) > 1:
                newest = sorted(identities.values(), key=lambda one: one.started_ms or 0, reverse=True)
                return Finding((), tuple(newest[:CANDIDATES_TOLD]), len(newest))
            self._known = next(iter(identities), None)
        return Finding() if self._known is None else Finding((yield from self._of(*self._known)))

    def _of(self, function: FunctionKey, request_id: str) -> Generator[None, None, list[ToldOccurrence]]:
        """Return a request's occurrences, from its lines where no log stream remembers it."""
        found = yield from remembered(self._store.log_streams(function), lambda one: one.request_id == request_id)
        ledger = self._store.ledger(function)
        if found or ledger is None:
            return tell(found)
        named = LogFilter(request_id=request_id, functions=(function,))
        lines = yield from self._lines(named, lambda line: line.request_id == request_id)
        return told_by_lines(lines, request_id, ledger) if lines else []

    def _meant(self) -> Generator[None, None, list[RequestCandidate]]:
        """Return the requests whose ID begins as wanted, or that one alone whose ID it is."""
        if not self._wanted:
            return self._served()
        wanted = self._wanted, self._wanted.lower()
        found = yield from self._remembered(lambda one: (one.request_id or "").startswith(wanted))
        if not found and self._function is not None and self._moment is not None:
            found = yield from remembered(self._store.log_streams(None), lambda one: one.request_id in wanted)
        candidates = [_candidate(one) for one in found]
        if not candidates:
            named = LogFilter(request_id=wanted[1])
            lines = yield from self._lines(named, lambda line: (line.request_id or "").startswith(wanted))
            candidates = [_named(line) for line in lines if self._is_own(line)]
        return [one for one in candidates if one.request_id in wanted] or candidates or self._served()

    def _is_own(self, line: LogLine) -> bool:
        """Whether a line may be of the request that it names: not where another one was served when it was logged."""
        served = request_at(self._store.log_streams(line.function), line.log_stream, line.timestamp_ms)
        return served in (None, line.request_id)

    def _served(self) -> list[RequestCandidate]:
        """Return the request that was served where and when is asked."""
        if self._moment is None or self._function is None:
            return []
        request_id = request_at(self._store.log_streams(self._function), *self._moment)
        if request_id is None:
            return []
        return [RequestCandidate(function=self._function, request_id=request_id, started_ms=None)]

    def _traced(self) -> Generator[None, None, list[RequestCandidate]]:
        """Return the request that was the first of the trace to begin."""
        trace_id = self._trace_id or ""
        found = yield from self._remembered(lambda one: one.trace_id == trace_id)
        if found:
            return [_candidate(found[0])]
        named = LogFilter(texts=(TextCondition(trace_id),))
        lines = yield from self._lines(named, lambda line: line.request_id is not None)
        return [_named(line) for line in lines[:1]]

    def _remembered(self, is_wanted: Callable[[Occurrence], bool]) -> Generator[None, None, list[RememberedOccurrence]]:
        return remembered(self._store.log_streams(self._function), is_wanted)

    def _lines(
        self, log_filter: LogFilter, is_wanted: Callable[[LogLine], bool]
    ) -> Generator[None, None, list[LogLine]]:
        """Return the newest of the lines that a filter lets through, as far as they are of functions in question."""
        page = yield from page_in_slices(self._archive, log_filter, LAST_KEY, lines_before=LINES_SEARCHED)
        return [line for line in page.lines if self._function in (None, line.function) and is_wanted(line)]


def _candidate(found: RememberedOccurrence) -> RequestCandidate:
    function, request_id = found.identity
    one = found.occurrence
    return RequestCandidate(
        function=function, request_id=request_id, started_ms=one.start_ms or one.end_ms, failure=one.kind
    )


def _named(line: LogLine) -> RequestCandidate:
    return RequestCandidate(function=line.function, request_id=line.request_id or "", started_ms=line.timestamp_ms)
