"""What a row of an answer says about where it comes from: its function, log stream, time and request."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.snapshot import Snapshot
from lambdatop.parsers.query_value import time_ms

_REQUEST_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_REQUEST_FIELDS = (
    "@requestId",
    "record.requestId",
    "requestId",
    "AWSRequestId",
    "aws_request_id",
    "function_request_id",
)
_DEFAULT_FOLDER = "/aws/lambda/"

Fields = Mapping[str, str | None]


class RowOrigin(NamedTuple):
    """What is known of where a row comes from."""

    function: FunctionKey | None = None
    request_id: str | None = None
    log_stream: str | None = None
    timestamp_ms: int | None = None


def origin_of(fields: Fields, snapshot: Snapshot, scope: Scope) -> RowOrigin:
    """Return where a row, or a record, comes from, as far as its fields say so."""
    log_stream = fields.get("@logStream")
    timestamp = fields.get("@timestamp")
    return RowOrigin(
        function=_function(fields.get("@log") or "", log_stream or "", snapshot, scope),
        request_id=_request_id(fields),
        log_stream=log_stream,
        timestamp_ms=None if timestamp is None else _moment(timestamp),
    )


def _function(log: str, log_stream: str, snapshot: Snapshot, scope: Scope) -> FunctionKey | None:
    """Return the function that logs to a group; where several share it, the one that the stream's name names."""
    group = log.partition(":")[2] or log
    if not group:
        return None
    rows = [row for row in snapshot.functions if row.key.scope == scope]
    found = [row.key for row in rows if (row.function.log_group or f"{_DEFAULT_FOLDER}{row.key.name}") == group]
    if len(found) == 1:
        return found[0]
    return next((key for key in found if f"/{key.name}[" in log_stream), None)


def _request_id(fields: Fields) -> str | None:
    """Return the ID in a field that has one by name, else the only one among the values."""
    for name in _REQUEST_FIELDS:
        value = fields.get(name)
        if value and _REQUEST_ID.fullmatch(value.lower()):
            return value.lower()
    found = {value.lower() for value in fields.values() if value and _REQUEST_ID.fullmatch(value.lower())}
    if not found:
        found = set(_REQUEST_ID.findall((fields.get("@message") or "")[:10_000].lower()))
    return found.pop() if len(found) == 1 else None


def _moment(timestamp: str) -> int | None:
    """Return epoch milliseconds of what a row writes as a time and a record as a number."""
    return int(timestamp) if timestamp.isdecimal() and len(timestamp) == 13 else time_ms(timestamp)
