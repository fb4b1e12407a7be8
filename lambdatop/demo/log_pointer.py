"""What `@ptr` points at: a log event, as one query found it."""

import base64
import binascii
from typing import NamedTuple


class LogPointer(NamedTuple):
    """A log event by its group, time and id; the query's id makes each query's pointers its own, as AWS's are."""

    query_id: str
    log_group: str
    timestamp_ms: int
    event_id: str

    @property
    def text(self) -> str:
        """As a row carries it."""
        return base64.b64encode("\n".join(map(str, self)).encode()).decode()


def parse_pointer(text: str) -> LogPointer | None:
    """What a pointer points at; None where it is none.

    >>> parse_pointer(LogPointer("q", "/g", 7, "e").text)
    LogPointer(query_id='q', log_group='/g', timestamp_ms=7, event_id='e')
    >>> parse_pointer("nonsense")
    """
    try:
        query_id, log_group, timestamp_ms, event_id = base64.b64decode(text, validate=True).decode().split("\n")
        return LogPointer(query_id, log_group, int(timestamp_ms), event_id)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
