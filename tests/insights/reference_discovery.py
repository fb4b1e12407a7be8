"""The fields of a log event, found slowly and plainly."""

import re
from typing import Protocol

from tests.insights.reference_values import JSON_DECODER, Time, Value, boolean, sound

_ID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"
_REQUEST_IDS = (
    rf"(?:START|END|REPORT) RequestId: ({_ID})",
    rf"RequestId: ({_ID})",
    rf"{_TIME}[\t ]({_ID})[\t ]",
    rf"\[[A-Z]+\]\t{_TIME}\t({_ID})\t",
)
_MOST_FIELDS = 200
_MOST_BRACES = 8


class Record(Protocol):
    """What of a log record is looked at."""

    @property
    def timestamp_ms(self) -> int: ...
    @property
    def ingestion_ms(self) -> int: ...
    @property
    def log_stream(self) -> str: ...
    @property
    def log_group(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def pointer(self) -> str: ...


def fields_of(record: Record, account_id: str) -> dict[str, Value]:
    """Every field of an event, by name."""
    return {
        **json_fields(record.message),
        **lambda_fields(record.message),
        "@timestamp": Time(record.timestamp_ms),
        "@ingestionTime": Time(record.ingestion_ms),
        "@message": record.message,
        "@logStream": record.log_stream,
        "@log": f"{account_id}:{record.log_group}",
        "@ptr": record.pointer,
    }


def json_fields(message: str) -> dict[str, str]:
    """The flattened values of the first JSON object in a message."""
    place = -1
    for _ in range(_MOST_BRACES):
        place = message.find("{", place + 1)
        if place < 0:
            break
        try:
            found, _ = JSON_DECODER.raw_decode(message, place)
        except ValueError:
            continue
        return dict(reversed(_flattened(found, "")[:_MOST_FIELDS]))
    return {}


def _flattened(content: object, path: str) -> list[tuple[str, str]]:
    if isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        found = []
        for key, item in items:
            shown = f"@{key}" if not path and str(key).startswith("@") else str(key)
            found += _flattened(item, f"{path}.{shown}" if path else shown)
        return found
    if content is None:
        return []
    return [(sound(path), boolean(content) if isinstance(content, bool) else sound(str(content)))]


def lambda_fields(message: str) -> dict[str, str]:
    """What is found in the lines that Lambda and its runtimes write as text."""
    found = {}
    for pattern in _REQUEST_IDS:
        if at := re.match(pattern, message):
            found["@requestId"] = at[1]
            break
    if at := re.match(rf"(START|END|REPORT) RequestId: {_ID}", message):
        found["@type"] = at[1]
    if found.get("@type") == "REPORT":
        found |= _report_fields(message)
    return found


def _report_fields(message: str) -> dict[str, str]:
    found = {}
    for name, label in (
        ("@duration", r"(?<!Billed )(?<!Init )(?<!Restore )Duration: ([0-9.]+) ms"),
        ("@billedDuration", r"Billed Duration: ([0-9.]+) ms"),
        ("@initDuration", r"Init Duration: ([0-9.]+) ms"),
        ("@memorySize", r"Memory Size: ([0-9]+) MB"),
        ("@maxMemoryUsed", r"Max Memory Used: ([0-9]+) MB"),
        ("@xrayTraceId", r"XRAY TraceId: (\S+)"),
        ("@xraySegmentId", r"SegmentId: (\S+)"),
    ):
        if at := re.search(label, message):
            found[name] = str(int(at[1]) * 1_000_000) if "emory" in name else at[1]
    return found
