"""Finds the request that is asked for: by its ID, the beginning of that, or its trace."""

from collections.abc import Callable, Generator, Iterable

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LAST_KEY, LogFilter, LogLine, TextCondition
from lambdatop.model.question import RequestQuestion
from lambdatop.parsers.correlation import xray_trace_id
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_slices import page_in_slices
from lambdatop.store.occurrence import Occurrence
from lambdatop.store.request_occurrence import ToldOccurrence, remembered, told_by_lines
from lambdatop.store.store import Store

LINES_SEARCHED = 2_000
"""Lines looked at for a request that no log stream remembers."""

Found = Generator[None, None, list[ToldOccurrence]]
_Identity = tuple[FunctionKey, str]


class RequestFinder:
    """Finds all times that a request was invoked; what it was found to be, it stays."""

    def __init__(self, question: RequestQuestion, store: Store, archive: LogArchive) -> None:
        self._store = store
        self._archive = archive
        self._function = question.function
        self._request_id = (question.request_id or "").strip().lower()
        trace_id = question.trace_id
        self._trace_id = None if trace_id is None else xray_trace_id(trace_id) or trace_id.strip()
        self._known: _Identity | None = None

    def find(self) -> Found:
        """Return the request's occurrences, oldest first; those of several requests where the ID's beginning fits all.

        Of a trace it is the request that began first.
        """
        if self._known is not None:
            return (yield from self._of(*self._known))
        if self._trace_id is not None:
            return (yield from self._of_trace(self._trace_id))
        if not self._request_id:
            return []
        told = self._remembered(lambda one: (one.request_id or "").lower().startswith(self._request_id))
        if not told:
            told = yield from self._told_by_lines(LogFilter(request_id=self._request_id), self._is_meant)
        exact = [one for one in told if one.invocation.request_id.lower() == self._request_id]
        return self._remember(exact or told)

    def _of(self, function: FunctionKey, request_id: str) -> Found:
        streams = self._store.log_streams(function)
        told = remembered(streams, lambda one: one.request_id == request_id)
        if told:
            return told
        named = LogFilter(request_id=request_id, functions=(function,))
        return (yield from self._told_by_lines(named, lambda line: line.request_id == request_id))

    def _of_trace(self, trace_id: str) -> Found:
        told = self._remembered(lambda one: one.trace_id == trace_id)
        if not told:
            named = LogFilter(texts=(TextCondition(trace_id),))
            told = yield from self._told_by_lines(named, lambda line: line.request_id is not None)
        if not told:
            return []
        self._known = _identity(told[0])
        return (yield from self._of(*self._known))

    def _remembered(self, is_wanted: Callable[[Occurrence], bool]) -> list[ToldOccurrence]:
        return remembered(self._store.log_streams(self._function), is_wanted)

    def _is_meant(self, line: LogLine) -> bool:
        return line.request_id is not None and line.request_id.lower().startswith(self._request_id)

    def _told_by_lines(self, log_filter: LogFilter, is_meant: Callable[[LogLine], bool]) -> Found:
        """Return what the newest lines that a filter lets through tell of the requests they name."""
        page = yield from page_in_slices(self._archive, log_filter, LAST_KEY, lines_before=LINES_SEARCHED)
        named: dict[_Identity, list[LogLine]] = {}
        for line in filter(is_meant, page.lines):
            if self._function in (None, line.function) and line.request_id is not None:
                named.setdefault((line.function, line.request_id), []).append(line)
        told: list[ToldOccurrence] = []
        for (function, request_id), lines in named.items():
            ledger = self._store.ledger(function)
            if ledger is not None:
                told += told_by_lines(lines, request_id, ledger)
        return told

    def _remember(self, told: list[ToldOccurrence]) -> list[ToldOccurrence]:
        identities = set(map(_identity, told))
        if len(identities) == 1:
            (self._known,) = identities
        return told


def is_one_request(told: Iterable[ToldOccurrence]) -> bool:
    """Whether all occurrences, of which there must be some, are of one request."""
    return len(set(map(_identity, told))) == 1


def _identity(told: ToldOccurrence) -> _Identity:
    return told.key, told.invocation.request_id
