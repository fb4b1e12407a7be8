"""What Logs Insights says of single log events and of the fields in a log group."""

from collections import Counter

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.log_pointer import LogPointer, parse_pointer
from lambdatop.demo.log_store import StoredEvent
from lambdatop.demo.service_error import ServiceError
from lambdatop.insights.discovery import discovered_fields
from lambdatop.insights.log_table import LogRecord

SAMPLE_EVENTS = 1_000
DEFAULT_LOOK_BACK_MS = 900_000
AROUND_MS = 480_000
"""Fields are looked for in the eight minutes on each side of a time."""
END_OF_TIME_MS = 10**15


class LogRecordService:
    """Serves GetLogRecord and GetLogGroupFields."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._account = account
        self._arn_prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"

    def get_log_record(self, request: Document) -> Document:
        """GetLogRecord: every field of the event that a query's `@ptr` points at."""
        pointer = parse_pointer(request["logRecordPointer"])
        if pointer is None:
            raise ServiceError("InvalidParameterException", "Invalid log record pointer")
        at_ms = pointer.timestamp_ms
        found = self._account.logs.window(
            pointer.log_group, (at_ms, 0, ""), (at_ms, END_OF_TIME_MS, "~"), END_OF_TIME_MS
        )
        for event in found:
            if event.event_id == pointer.event_id:
                return {"logRecord": self._fields(event, pointer)}
        raise ServiceError("ResourceNotFoundException", "The specified log record does not exist.")

    def get_log_group_fields(self, request: Document) -> Document:
        """GetLogGroupFields: in how many of the newest events of that time a field is, in percent."""
        named = [request[key] for key in ("logGroupName", "logGroupIdentifier") if key in request]
        if len(named) != 1:
            raise ServiceError(
                "InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier is needed"
            )
        name = str(named[0]).removeprefix(self._arn_prefix).removesuffix(":*")
        now_ms = self._account.clock.now_ms()
        start_ms, end_ms = now_ms - DEFAULT_LOOK_BACK_MS, now_ms
        if "time" in request:
            start_ms, end_ms = request["time"] * 1000 - AROUND_MS, request["time"] * 1000 + AROUND_MS
        first, last = (start_ms, 0, ""), (end_ms, END_OF_TIME_MS, "~")
        events = [
            event
            for event in self._account.logs.window_before(name, first, last, SAMPLE_EVENTS)
            if event.ingestion_time <= now_ms
        ]
        counts = Counter[str]()
        for event in events:
            counts.update(self._fields(event, LogPointer("", name, event.timestamp, event.event_id)).keys())
        ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        return {"logGroupFields": [{"name": field, "percent": 100 * count // len(events)} for field, count in ranked]}

    def _fields(self, event: StoredEvent, pointer: LogPointer) -> dict[str, str]:
        record = LogRecord(
            event.timestamp, event.ingestion_time, event.log_stream_name, pointer.log_group, event.message, pointer.text
        )
        return discovered_fields(record, self._account.account_id)
