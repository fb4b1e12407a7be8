"""A log event as CloudWatch Logs stores it."""

from msgspec import Struct, field


class LogEvent(Struct, frozen=True, gc=False, rename="camel"):
    """One event of FilterLogEvents: `timestamp_ms` is the event's time, `ingestion_time_ms` CloudWatch's.

    The wire names are AWS's (`logStreamName`, `timestamp`, `message`, `ingestionTime`, `eventId`), so that a page
    decodes straight into these.
    """

    log_stream: str = field(name="logStreamName")
    timestamp_ms: int = field(name="timestamp")
    message: str = field(name="message")
    ingestion_time_ms: int = field(name="ingestionTime", default=0)
    event_id: str = field(name="eventId", default="")
