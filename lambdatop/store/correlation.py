"""Finds the other requests whose lines have the same correlation ID, or whose reports name the same trace."""

from collections.abc import Generator, Iterable

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LogFilter, LogLine, TextCondition, key_of_time
from lambdatop.model.question import LinkedRequest
from lambdatop.parsers.correlation import correlation_ids
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_slices import page_in_slices
from lambdatop.store.request_occurrence import RememberedOccurrence, remembered, request_at
from lambdatop.store.store import Store

LINKED_TOLD = 50
IDS_TOLD = 8
VALUES_SEARCHED = 4
LINES_SEARCHED = 500
"""With a value, before and after the request began."""
TRACE_FIELD = "X-Ray trace"
"""What stands for a field where only the trace ID of reports links requests."""

CorrelationIds = tuple[tuple[str, str], ...]
_Tally = dict[tuple[FunctionKey, str, str], LinkedRequest]


def correlation_ids_of(lines: Iterable[LogLine]) -> CorrelationIds:
    """Return the distinct correlation IDs of a request's lines, with the field that names each first."""
    found: dict[str, str] = {}
    for line in lines:
        if line.kind in ("application", "unhandled_error"):
            for field, value in correlation_ids(line.message):
                found.setdefault(value, field)
    return tuple((field, value) for value, field in found.items())[:IDS_TOLD]


def linked_requests(
    store: Store, archive: LogArchive, ids: CorrelationIds, trace_id: str | None, request_id: str, begin_ms: int
) -> Generator[None, None, tuple[LinkedRequest, ...]]:
    """Return the other requests with one of the values as a field's value, in the order they began to have it."""
    tally: _Tally = {}
    for _, value in ids[:VALUES_SEARCHED]:
        having = LogFilter(texts=(TextCondition(value),))
        place = key_of_time(begin_ms)
        page = yield from page_in_slices(archive, having, place, LINES_SEARCHED, LINES_SEARCHED)
        for line in page.lines:
            _count(tally, store, line, value, request_id)
        yield None
    if trace_id is not None:
        traced = yield from remembered(store.log_streams(), lambda one: one.trace_id == trace_id)
        _count_traced(tally, traced, trace_id, request_id)
    return tuple(sorted(tally.values(), key=lambda one: (one.first_ms, one.request_id)))[:LINKED_TOLD]


def _count(tally: _Tally, store: Store, line: LogLine, value: str, own_id: str) -> None:
    field = next((field for field, found in correlation_ids(line.message) if found == value), None)
    if field is None or line.request_id == own_id:
        return
    request_id = line.request_id
    if request_id is None:
        request_id = request_at(store.log_streams(line.function), line.log_stream, line.timestamp_ms)
    if request_id is None or request_id == own_id:
        return
    key = line.function, request_id, value
    known = tally.get(key)
    tally[key] = LinkedRequest(
        field=field if known is None else known.field,
        value=value,
        function=line.function,
        request_id=request_id,
        first_ms=line.timestamp_ms if known is None else min(known.first_ms, line.timestamp_ms),
        line_count=1 if known is None else known.line_count + 1,
    )


def _count_traced(tally: _Tally, found: Iterable[RememberedOccurrence], trace_id: str, own_id: str) -> None:
    """Add the requests of a trace that nothing else links."""
    linked = {(function, request_id) for function, request_id, _ in tally}
    for one in found:
        function, request_id = one.identity
        if request_id in {"", own_id} or (function, request_id) in linked:
            continue
        tally[function, request_id, trace_id] = LinkedRequest(
            field=TRACE_FIELD,
            value=trace_id,
            function=function,
            request_id=request_id,
            first_ms=one.occurrence.start_ms or one.occurrence.end_ms or 0,
            line_count=0,
        )
