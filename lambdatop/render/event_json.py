"""A log event as one JSON object, as `parse`, `tail` and saved files have it."""

from collections.abc import Mapping

import msgspec

from lambdatop.model.log_line import LogLine
from lambdatop.model.record import Record
from lambdatop.parsers.log_line import parse_log_line

_ENCODER = msgspec.json.Encoder()


def event_json(message: str, known: Mapping[str, object], encoder: msgspec.json.Encoder = _ENCODER) -> bytes:
    r"""Return the event's JSON object without a line end: what its text says, and what is known beside it.

    >>> event_json("Order placed\n", {"log_stream": "a"})
    b'{"kind":"application","text":"Order placed\\n","message":"Order placed","log_stream":"a"}'
    """
    record: Record = parse_log_line(message)
    try:
        if not known:
            return encoder.encode(record)
        return encoder.encode({**msgspec.to_builtins(record), **known})
    except (UnicodeError, msgspec.MsgspecError, ValueError, RecursionError):
        clean = _clean(message)
        return encoder.encode({"kind": "application", "text": clean, "message": clean} | _cleaned(known))


def line_json(line: LogLine, message: str) -> bytes:
    """Return a line of the log view as `tail --format json` prints it; `message` is its text, redacted or not."""
    known = {
        "timestamp": line.timestamp_ms,
        "ingestion_time": line.ingestion_time_ms,
        "log_stream": line.log_stream,
        "function": line.function.name,
    }
    return event_json(message, known)


def _cleaned(known: Mapping[str, object]) -> dict[str, object]:
    return {name: _clean(value) if isinstance(value, str) else value for name, value in known.items()}


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
