"""Which lines of a log stream belong to one line's invocation."""

from collections.abc import Sequence

from lambdatop.model.log_line import LogFilter, LogLine

CONTEXT_LINES = 1_000
"""So many lines of the stream before and after a line are looked at for its invocation."""
_INITS = frozenset(("init_start", "restore_start"))
_BEGINNINGS = _INITS | {"start"}


def context_filter(line: LogLine) -> LogFilter:
    """Return the filter that lets the line's log stream through, whatever else is hidden."""
    return LogFilter(functions=(line.function,), log_streams=(line.log_stream,))


def invocation_lines(lines: Sequence[LogLine], line: LogLine) -> tuple[LogLine, ...]:
    """Return those of a stream's lines, in order, that are of the same invocation as one of them.

    An environment serves one invocation after the other, so it is all from START, or from the init before it, to what
    follows REPORT before anything else begins, but for lines of another request whose START has not come yet. Where
    invocations overlap, as on Managed Instances, it is the lines that name the request.
    """
    index = next((at for at, one in enumerate(lines) if one.key == line.key), None)
    if index is None:
        return (line,)
    if _overlaps(lines):
        is_named = line.request_id is not None
        return tuple(one for one in lines if one.key == line.key or (is_named and one.request_id == line.request_id))
    start = _start(lines, index)
    around = lines[start : _end(lines, start, index)]
    requests = _requests(around)
    asked = requests[index - start]
    return tuple(one for one, request in zip(around, requests, strict=True) if request == asked)


def _requests(lines: Sequence[LogLine]) -> list[str | None]:
    """Return whose lines they are: one that names no request belongs with the next that does, else with the last."""
    requests: list[str | None] = []
    named: str | None = None
    for one in reversed(lines):
        named = one.request_id or named
        requests.append(named)
    requests.reverse()
    last = next((request for request in reversed(requests) if request is not None), None)
    return [request or last for request in requests]


def _start(lines: Sequence[LogLine], index: int) -> int:
    """Return where the invocation begins; what follows a REPORT directly belongs to it."""
    at = index
    if lines[at].kind not in _BEGINNINGS:
        at -= 1
        while at >= 0 and lines[at].kind not in _BEGINNINGS:
            at -= 1
    if at > 0 and lines[at].kind == "start":
        before = at - 1
        while before >= 0 and lines[before].kind not in ("start", "report", *_INITS):
            before -= 1
        if before >= 0 and lines[before].kind in _INITS:
            return before
    return max(0, at)


def _end(lines: Sequence[LogLine], start: int, index: int) -> int:
    """Return the index after the invocation's last line: where the next one, or its init, begins."""
    is_started = lines[start].kind not in _INITS
    for at in range(start + 1, len(lines)):
        if lines[at].kind == "start" and not is_started:
            is_started = True
        elif lines[at].kind in _BEGINNINGS and at > index:
            return at
    return len(lines)


def _overlaps(lines: Sequence[LogLine]) -> bool:
    """Return whether an invocation is reported that began before another one which began meanwhile."""
    started: set[str] = set()
    newest: str | None = None
    for one in lines:
        if one.kind == "start" and one.request_id is not None:
            newest = one.request_id
            started.add(newest)
        elif one.kind == "report" and one.request_id != newest and one.request_id in started:
            return True
    return False
