"""What Insights is asked for, and how its rows are read: platform and failure lines, as log events."""

import re
from datetime import UTC, datetime

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.fast_decode import whole_text
from lambdatop.sources.insights_query import Row
from lambdatop.sources.platform_pattern import TERMS

REGEX = "|".join(re.sub(r"([^\w\s:_-])", r"\\\1", term) for term in TERMS)
"""What `platform_pattern.is_match` finds, as a regular expression."""


def query_text(limit: int) -> str:
    """Return the query for platform and failure lines, oldest first."""
    return (
        f"fields @timestamp, @ingestionTime, @logStream, @log, @message | filter @message like /{REGEX}/"
        f" | sort @timestamp asc | limit {limit}"
    )


def event_of(row: Row) -> tuple[str, LogEvent] | None:
    """Return a row's log group and event; None where it has no time or text.

    >>> event_of({"@timestamp": "1970-01-01 00:00:01.250", "@log": "123456789012:/g", "@message": "END"})
    ('/g', LogEvent(log_stream='', timestamp_ms=1250, message='END', ingestion_time_ms=0, event_id=''))
    """
    timestamp_ms = epoch_ms(row.get("@timestamp", ""))
    message, log = row.get("@message"), row.get("@log")
    if timestamp_ms is None or message is None or log is None:
        return None
    event = LogEvent(
        log_stream=row.get("@logStream", ""),
        timestamp_ms=timestamp_ms,
        message=whole_text(message),
        ingestion_time_ms=epoch_ms(row.get("@ingestionTime", "")) or 0,
    )
    return log.rpartition(":")[2], event


def epoch_ms(text: str) -> int | None:
    """Return a time as Insights writes it, in UTC, or as a number of milliseconds; None for anything else.

    >>> epoch_ms("2026-11-21 03:00:00.007"), epoch_ms("1795230000007"), epoch_ms("today")
    (1795230000007, 1795230000007, None)
    """
    if text.isdecimal() and text.isascii():
        return int(text)
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    return round(moment.timestamp() * 1000)
