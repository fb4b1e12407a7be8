"""A trace summary in words."""

from lambdatop.model.trace import TraceSummary
from lambdatop.render.span import Line
from lambdatop.render.words import foreign, line, said

_STATUS: dict[str, tuple[str, str]] = {
    "fault": ("■ fault", "bad"),
    "throttle": ("▼ throttle", "warning"),
    "error": ("▲ error", "warning"),
    "ok": ("● ok", "good"),
}


def trace_status(trace: TraceSummary, *, is_ok_shown: bool = True) -> Line:
    """Return the worst that the trace met, as shape and word."""
    if trace.status == "ok" and not is_ok_shown:
        return ()
    return line(said(*_STATUS[trace.status]))


def entry_point(trace: TraceSummary) -> Line:
    """Return where the trace began, and the service at its root cause where another one is."""
    name = trace.entry_point or trace.http_url or trace.trace_id
    cause = trace.root_cause_service
    if cause and cause != name:
        return line(foreign(name), said(" ← ", "dim"), foreign(cause, "accent"))
    return line(foreign(name))


def duration_s(trace: TraceSummary) -> float | None:
    """Return the response time, else the duration."""
    return trace.duration_s if trace.response_time_s is None else trace.response_time_s
