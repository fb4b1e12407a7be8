"""Which lines of a log stream belong to one occurrence of a request."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.log_line import LogLine
from lambdatop.store.request_occurrence import ToldOccurrence

EARLY_MS = 1_000
"""Python's JSON format cuts times to whole seconds, so a line may seem to be before its START (AWS-FACTS 2.4)."""
LATE_MS = 10_000
"""How long after REPORT lines that name the request are still looked for."""
INIT_MAX_MS = 15_000
"""An init within a request takes 10 s at most; where no report tells of one, this far before START it is looked for."""
_INITS = frozenset(("init_start", "restore_start"))
_OF_REQUESTS = frozenset(("start", "end", "report"))


class Stretch(NamedTuple):
    """Event times between which an occurrence's lines lie, both included; None is as far as there are lines."""

    start_ms: int | None
    end_ms: int | None


def stretch_of(told: ToldOccurrence) -> Stretch:
    """Return where to look for an occurrence's lines: not into what came before and after it in its environment."""
    begin_ms, ended_ms = told.begin_ms, told.invocation.ended_ms
    if begin_ms is None:
        return Stretch(None, None)
    back_ms = EARLY_MS
    if told.init_ms:
        back_ms += int(told.init_ms) + EARLY_MS
    elif _may_be_cold(told):
        back_ms = INIT_MAX_MS
    start_ms = max(begin_ms - back_ms, told.previous_end_ms if told.previous_end_ms is not None else 0)
    ends = [end_ms for end_ms in (ended_ms and ended_ms + LATE_MS, told.following_start_ms) if end_ms is not None]
    return Stretch(start_ms, min(ends, default=None))


def lines_of(lines: Sequence[LogLine], told: ToldOccurrence) -> list[LogLine]:
    """Return those of the lines of its log stream, in order, that are of the occurrence.

    In a serial environment that is everything from START to REPORT, the init phase before it where the occurrence was
    cold, and what names the request around that. Where the stream is shared, it is what names the request.
    """
    request_id = told.invocation.request_id
    if told.is_stream_shared or told.begin_ms is None:
        return [line for line in lines if _names(line, request_id)]
    first, last = _bounds(lines, told)
    others = {line.request_id for line in lines if line.kind in _OF_REQUESTS} - {request_id}
    kept = []
    for index, line in enumerate(lines):
        if first <= index <= last:
            if line.request_id not in others:
                kept.append(line)
        elif _is_of(line, told) or (index > last and _is_xray(line, told)):
            kept.append(line)
    return kept


def _bounds(lines: Sequence[LogLine], told: ToldOccurrence) -> tuple[int, int]:
    """Return the indexes of the first and the last line between which all belong to the occurrence."""
    one = told.invocation
    begin_ms = told.begin_ms or 0
    start = next((i for i, line in enumerate(lines) if _is(line, "start", one.request_id, one.started_ms)), None)
    if start is None:
        start = next((i for i, line in enumerate(lines) if line.timestamp_ms >= begin_ms), len(lines))
    if one.ended_ms is None:
        last = next(
            (i - 1 for i in range(start + 1, len(lines)) if lines[i].kind in ("start", *_INITS)), len(lines) - 1
        )
    else:
        reports = (i for i, line in enumerate(lines) if _is(line, "report", one.request_id, one.ended_ms))
        within = [i for i, line in enumerate(lines) if i >= start and line.timestamp_ms <= one.ended_ms]
        last = next(reports, within[-1] if within else start)
    return _with_init(lines, start, told), last


def _with_init(lines: Sequence[LogLine], start: int, told: ToldOccurrence) -> int:
    """Return where the init phase before a START begins, or the START where the environment was warm."""
    if not told.init_ms and not _may_be_cold(told):
        return start
    for index in range(start - 1, -1, -1):
        if lines[index].kind in _INITS:
            return index
        if lines[index].kind in _OF_REQUESTS:
            break
    return start


def _may_be_cold(told: ToldOccurrence) -> bool:
    """Whether nothing says that the environment was warm."""
    return told.invocation.ended_ms is None or told.invocation.failure == "init_failure"


def _is(line: LogLine, kind: str, request_id: str, timestamp_ms: int | None) -> bool:
    return line.kind == kind and line.request_id == request_id and timestamp_ms in (None, line.timestamp_ms)


def _names(line: LogLine, request_id: str) -> bool:
    return line.request_id == request_id or (line.request_id is None and request_id in line.message)


def _is_of(line: LogLine, told: ToldOccurrence) -> bool:
    """Whether a line names the request, and is no START or REPORT of another time it was invoked."""
    one = told.invocation
    if line.kind == "start" and one.started_ms not in (None, line.timestamp_ms):
        return False
    if line.kind == "report" and line.timestamp_ms != one.ended_ms:
        return False
    return _names(line, one.request_id)


def _is_xray(line: LogLine, told: ToldOccurrence) -> bool:
    trace_id = told.invocation.trace_id
    return trace_id is not None and line.message.startswith("XRAY TraceId:") and trace_id in line.message
