"""Lines of the log view as they are copied and saved: plain text that no terminal is driven by, or JSON lines."""

import re
from collections.abc import Callable

from lambdatop.model.log_line import LogLine
from lambdatop.render import units
from lambdatop.render.event_json import line_json
from lambdatop.render.printable import printable

TEXT_LIMIT = 1_100_000
"""Longer than any event of CloudWatch Logs (1 MB)."""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r]")
Redact = Callable[[str], str]


def event_text(line: LogLine, redact: Redact) -> str:
    """Return the event's whole message, safe to write to a terminal, its line breaks kept."""
    return message_text(line.message, redact)


def message_text(message: str, redact: Redact) -> str:
    """Return a whole message, safe to write to a terminal, its line breaks kept."""
    lines = _LINE_BREAKS.split(redact(message).rstrip("\r\n"))
    return "\n".join(printable(one, TEXT_LIMIT) for one in lines)


def text_line(line: LogLine, redact: Redact) -> str:
    r"""Return a line of a log file: time in UTC, level, function, log stream and message; it may hold line breaks.

    >>> from lambdatop.model.identity import FunctionKey
    >>> from lambdatop.model.log_line import LineKey
    >>> key, function = LineKey(1_795_229_602_007, 1), FunctionKey("1", "eu-west-1", "api")
    >>> known = {"key": key, "function": function, "ingestion_time_ms": 0, "log_stream": "s", "kind": "application"}
    >>> text_line(LogLine(message="no stock\x1b[2J", level="ERROR", **known), str)
    '2026-11-21T02:53:22.007Z ERROR api s no stock␛[2J'
    """
    words = (
        units.iso_8601(line.timestamp_ms) or str(line.timestamp_ms),
        line.level or "-",
        printable(line.function.name, 200),
        printable(line.log_stream, 600),
    )
    return f"{' '.join(words)} {event_text(line, redact)}"


def saved_line(line: LogLine, redact: Redact, *, is_json: bool) -> bytes:
    """Return a line of a saved file with its line end."""
    if is_json:
        return line_json(line, redact(line.message)) + b"\n"
    return text_line(line, redact).encode("utf-8", "replace") + b"\n"
