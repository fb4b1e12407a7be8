"""The fields that Logs Insights finds in one log event, without a database.

`README.md` beside this file says which they are; `sql_fields.py` says the same in SQL.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

MOST_FIELDS = 200
"""Values of a JSON document that become fields."""
_MOST_BRACES = 8

_ID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"
_TYPE = re.compile(rf"(START|END|REPORT) RequestId: ({_ID})")
_REQUEST_ID = re.compile(
    rf"(?:RequestId: ({_ID})|{_TIME}[\t ]({_ID})[\t ]|\[[A-Z]+\]\t{_TIME}\t({_ID})\t)",
)
_DIGITS = r"([0-9]+(?:\.[0-9]+)?)"
_REPORT = {
    "@duration": re.compile(rf"(?:^REPORT RequestId: {_ID}\s+|(?:ms|MB) +|[\t\n])Duration: {_DIGITS} ms"),
    "@billedDuration": re.compile(rf"Billed Duration: {_DIGITS} ms"),
    "@initDuration": re.compile(rf"Init Duration: {_DIGITS} ms"),
    "@memorySize": re.compile(r"Memory Size: ([0-9]+) MB"),
    "@maxMemoryUsed": re.compile(r"Max Memory Used: ([0-9]+) MB"),
    "@xrayTraceId": re.compile(r"XRAY TraceId: (\S+)"),
    "@xraySegmentId": re.compile(r"SegmentId: (\S+)"),
}


class LogRecord(NamedTuple):
    """A log event as Logs Insights sees it; `pointer` is what GetLogRecord is asked with."""

    timestamp_ms: int
    ingestion_ms: int
    log_stream: str
    log_group: str
    message: str
    pointer: str


def discovered_fields(record: LogRecord, account_id: str) -> dict[str, str]:
    """Every field of an event by name, as GetLogRecord answers them: times in epoch milliseconds."""
    return {
        **json_fields(record.message),
        **lambda_fields(record.message),
        "@timestamp": str(record.timestamp_ms),
        "@ingestionTime": str(record.ingestion_ms),
        "@message": record.message,
        "@logStream": record.log_stream,
        "@log": f"{account_id}:{record.log_group}",
        "@ptr": record.pointer,
    }


def json_fields(message: str) -> dict[str, str]:
    """The flattened values of the first JSON object in a message."""
    return {f"@{name}" if name.startswith("@") else name: text for name, text in flat_json(message).items()}


def flat_json(message: str) -> dict[str, str]:
    """The same under the names that the document itself uses."""
    place = -1
    for _ in range(_MOST_BRACES):
        place = message.find("{", place + 1)
        if place < 0:
            break
        try:
            content, _end = _DECODER.raw_decode(message, place)
        except (ValueError, RecursionError):
            continue
        fields: dict[str, str] = {}
        for count, (name, text) in enumerate(_flattened(content, "")):
            if count == MOST_FIELDS:
                break
            fields.setdefault(sound_text(name), sound_text(text))
        return fields
    return {}


def sound_text(text: str) -> str:
    """A text with a question mark for each half of a surrogate pair, which JSON can have and UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def first_of_equal_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which a key that comes again says nothing, as DuckDB reads it."""
    content: dict[str, Any] = {}
    for key, item in pairs:
        content.setdefault(key, item)
    return content


_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=first_of_equal_keys
)


def _flattened(content: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is of any type
    if isinstance(content, bool):
        yield path, "1" if content else "0"
    elif isinstance(content, str):
        yield path, content
    elif content is not None:
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, item in items:
            yield from _flattened(item, f"{path}.{key}" if path else str(key))


def lambda_fields(message: str) -> dict[str, str]:
    """What is found in the lines that Lambda and its runtimes write as text."""
    line = _TYPE.match(message)
    if line is None:
        found = _REQUEST_ID.match(message)
        return {} if found is None else {"@requestId": next(group for group in found.groups() if group)}
    fields = {"@requestId": line[2], "@type": line[1]}
    if line[1] == "REPORT":
        for name, pattern in _REPORT.items():
            at = pattern.search(message)
            if at is not None:
                fields[name] = str(int(at[1]) * 1_000_000) if "emory" in name else at[1]
    return fields
