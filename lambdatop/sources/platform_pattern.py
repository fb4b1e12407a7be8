"""The server-side filter for platform and failure lines, and whether an endpoint honours it."""

from collections.abc import Iterable

from lambdatop.model.log_event import LogEvent

TERMS = (
    "START RequestId",
    "END RequestId",
    "REPORT RequestId",
    "INIT_START",
    "INIT_REPORT",
    "RESTORE_",
    "platform.",
    "Task timed out",
    "Runtime exited",
    "Process exited",
    "[ERROR]",
    "Invoke Error",
    "Uncaught Exception",
    "Unhandled Promise",
    "errorType",
    "Error: ",
    "Exception",
    "Traceback",
    "panic",
    "fatal error: ",
    "LAMBDA_WARNING",
)
"""A line with any of these is wanted, be it text or JSON; CloudWatch matches phrases in JSON as it does in text."""

PATTERN = " ".join(f'?"{term}"' for term in TERMS)
"""Terms in the `?a ?b` form are alternatives; a pattern holds 1,024 characters (AWS-FACTS 4.2, 4.3)."""

IMPOSSIBLE_PATTERN = '?"no line of lambdatop" ?"is ever like this"'
"""The same form with terms that no line has: an endpoint that finds any ignores patterns of this form."""


def is_match(message: str) -> bool:
    """Return whether the pattern lets a message through, by substring and case."""
    return any(term in message for term in TERMS)


def is_filtered(events: Iterable[LogEvent]) -> bool:
    """Return whether all events could have passed the filter; one that could not shows it was ignored."""
    return all(is_match(event.message) for event in events)
