"""The server-side filter for platform and failure lines, and whether an endpoint honours it."""

from collections.abc import Iterable

from lambdatop.model.log_event import LogEvent

TERMS = (
    "START RequestId",
    "REPORT RequestId",
    "INIT_START",
    "INIT_REPORT",
    "RESTORE_",
    '"platform.',
    "Task timed out",
    "Runtime exited",
    "Error: ",
    "[ERROR]",
    "Invoke Error",
    "Uncaught Exception",
    "Unhandled Promise",
    "errorType",
    "Traceback",
    "panicked",
)
"""A line with any of these is wanted; matching is by substring and case, as CloudWatch's phrases are."""

PATTERN = " ".join('?"' + term.replace('"', '\\"') + '"' for term in TERMS)


def is_match(message: str) -> bool:
    """Return whether the pattern lets a message through."""
    return any(term in message for term in TERMS)


def is_filtered(events: Iterable[LogEvent]) -> bool:
    """Return whether all events could have passed the filter; one that could not shows it was ignored."""
    return all(is_match(event.message) for event in events)
