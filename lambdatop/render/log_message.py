"""What a log line says after its columns: its first line as styled text, and the lines folded away beneath it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lambdatop.model.log_line import LogLine
from lambdatop.model.record import Application, Record, RuntimeExit, Timeout, UnhandledError
from lambdatop.parsers.embedded_metric import embedded_metrics, metric_keys
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.stack_frame import frames_of_list
from lambdatop.render.field_words import ERROR_HOLDERS, bare_key, field_spans, fields_that_matter, is_stack
from lambdatop.render.platform_words import platform_line
from lambdatop.render.printable import printable, printable_spans
from lambdatop.render.span import Line, Printable, Span
from lambdatop.render.words import said

LINE_LIMIT = 20_000
"""Characters of one line that are ever shown."""
TEXT_LIMIT = 64 * 1024
"""Characters of a text event that are read; of the rest only line breaks are counted."""
JSON_LIMIT = 256 * 1024
"""A JSON event that is longer is shown as the text it is, of which `TEXT_LIMIT` is read."""
SECRET_LENGTH_MAX = 4096
"""What is redacted must be seen whole, so so much is let go of where an event is cut."""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r]")
_LEVEL_STYLES = {"ERROR": "bad", "FATAL": "bad", "WARN": "warning", "DEBUG": "dim", "TRACE": "dim"}
_REQUEST_PREFIX = re.compile(r"\ARequestId: \S+ ")
_RUST_SPAN = re.compile(r"\ALambda runtime invoke\{requestId=[^}]*\}: ")
_TIMEOUT_AT = "Task timed out after"
_PYTHON_HEAD = re.compile(r"\[ERROR\]\s+")
_COLUMNS_MAX = 200
_UNITS = {
    "Milliseconds": "ms", "Seconds": "s", "Microseconds": "µs", "Percent": "%", "Bytes": "B", "Kilobytes": "kB",
    "Megabytes": "MB", "Gigabytes": "GB", "Count/Second": "/s", "Bytes/Second": "B/s", "Count": "", "None": "",
}  # fmt: skip


class Wording(NamedTuple):
    """An event in words: its first line, and the text of the lines after it."""

    first: Line
    rest: str
    left_out: int = 0
    """Lines beyond those of `rest`."""

    @property
    def hidden(self) -> int:
        """How many lines there are after the first."""
        return (break_count(self.rest) + 1 if self.rest else 0) + self.left_out

    def lines(self, limit: int, style: str = "") -> Iterator[Line]:
        """Yield the lines after the first, at most `limit`, the last saying how many are left out."""
        if not self.rest:
            return
        *lines, last = _LINE_BREAKS.split(self.rest, maxsplit=limit)
        if len(lines) < limit:
            lines.append(last)
        for text in lines:
            yield styled(text, LINE_LIMIT, style)
        if self.hidden > len(lines):
            yield (said(f"… (+{self.hidden - len(lines)} lines)", "dim"),)


def worded(line: LogLine, limit: int, *, is_raw: bool, redacts: Callable[[str], str] | None = None) -> Wording:
    """Return an event in words, `limit` characters of its first line."""
    text, left_out = readable_part(line.message, redacts)
    style = "" if line.level is None else _LEVEL_STYLES.get(line.level, "")
    if is_raw:
        return _split(text, limit, style, left_out)
    record = parse_log_line(text)
    platform = platform_line(record)
    if platform is not None:
        return Wording(platform, "")
    message, fields = _message(record)
    if fields is None:
        return _split(message, limit, style, left_out)
    return _structured(record, message, fields, line, limit, style)


def readable_part(message: str, redacts: Callable[[str], str] | None) -> tuple[str, int]:
    """Return as much of an event as is read, redacted, and how many line breaks are in the rest."""
    bound = readable_length(message)
    if bound == len(message):
        return (redacts(message) if redacts is not None else message), 0
    left_out = break_count(message[bound:].rstrip())
    if redacts is None:
        return message[:bound], left_out
    return redacts(message[:bound])[:-SECRET_LENGTH_MAX], left_out


def readable_length(message: str) -> int:
    """Return how many characters of an event are read."""
    limit = JSON_LIMIT if len(message) <= JSON_LIMIT and "{" in message[:_COLUMNS_MAX] else TEXT_LIMIT
    return min(limit, len(message))


def break_count(text: str) -> int:
    r"""Return how many line breaks a text has: `\n`, `\r\n` and lone `\r`."""
    breaks = text.count("\n")
    return breaks + text.count("\r") - text.count("\r\n") if "\r" in text else breaks


def styled(text: str, limit: int, style: str) -> Line:
    """Return foreign text in its own colours, and in `style` where it has none."""
    spans = printable_spans(text[:limit], limit)
    if len(text) > limit:
        spans = (*spans, said("…", "dim"))
    return tuple(span if span.style else Span(span.text, style) for span in spans) if style else spans


def _split(text: str, limit: int, style: str, left_out: int) -> Wording:
    text = text if left_out else text.rstrip()
    first, rest = first_line(text)
    return Wording(styled(first, limit, style), rest, left_out)


def first_line(text: str) -> tuple[str, str]:
    r"""Return what stands before the first line break, and what after it.

    >>> first_line("one\r\ntwo\nthree"), first_line("one\rtwo\n"), first_line("one")
    (('one', 'two\nthree'), ('one', 'two\n'), ('one', ''))
    """
    end = text.find("\n")
    lone = text.find("\r", 0, end if end >= 0 else len(text))
    end = lone if lone >= 0 else end
    if end < 0:
        return text, ""
    return text[:end], text[end + (2 if text.startswith("\r\n", end) else 1) :]


def _message(record: Record) -> tuple[str, dict[str, Any] | None]:
    """Return what the row's columns do not say, and fields where the record has any to show."""
    text = record.text
    match record:
        case Timeout():
            return text[max(0, text.find(_TIMEOUT_AT)) :], None
        case RuntimeExit():
            return _REQUEST_PREFIX.sub("", text, count=1), None
        case UnhandledError() if not _is_structured(record):
            return _unhandled_text(record), None
        case Application() | UnhandledError() if _is_structured(record):
            return record.message or "", record.fields or {}
        case Application():
            prefix = f"{record.logger}: " if record.logger else ""
            return prefix + _RUST_SPAN.sub("", record.message if record.message is not None else text, count=1), None
        case _:
            return text, None


def _is_structured(record: Application | UnhandledError) -> bool:
    if isinstance(record, UnhandledError):
        return record.message is not None or record.fields is not None or record.text.startswith("{")
    return bool(record.fields or record.metrics) or record.text.startswith("{")


def _unhandled_text(record: UnhandledError) -> str:
    """Return the text of an error that reached the runtime, without the columns before it."""
    head = _PYTHON_HEAD.match(record.text)
    if head is not None:
        return record.text[head.end() :]
    columns = record.text.split("\t", 3)
    return columns[3] if len(columns) == 4 and len(columns[0]) == 24 else record.text


def _structured(record: Record, message: str, fields: dict[str, Any], line: LogLine, limit: int, style: str) -> Wording:
    """Word a structured line: message, error, metrics, the fields that matter; the stack trace is folded."""
    metrics = record.metrics if isinstance(record, Application) else None
    if message.startswith("{"):
        inner = decoded(message)
        if inner is not None:
            metrics = embedded_metrics(inner)
            used = metric_keys(inner, metrics) if metrics else set()
            message, fields = "", {key: value for key, value in inner.items() if key not in used} | fields
    message = _RUST_SPAN.sub("", message.strip("\r\n"), count=1)
    head, rest = first_line(message)
    spans = [*_with_error(record, head, message, limit, style)]
    room = limit - sum(len(span.text) for span in spans)
    for index, metric in enumerate(metrics or () if room > 0 else ()):
        spans.extend(_metric(metric, is_first=not index))
    known = frozenset(value for value in (line.request_id, line.function.name, line.log_stream, message) if value)
    logger = getattr(record, "logger", None)
    beside = {"logger": logger} if logger and logger not in {"root", "Root", "App"} else {}
    spans.extend(field_spans(fields_that_matter(fields | beside, known), room))
    if not spans:
        return _split(record.text, limit, style, 0)
    spans[0] = Span(Printable(spans[0].text.lstrip(" ")), spans[0].style)
    stack = stack_text(fields)
    if stack and stack.rsplit("\n", 1)[-1].strip() not in message:
        rest = f"{rest}\n{stack}" if rest else stack
    return Wording(tuple(span for span in spans if span.text), rest)


def _with_error(record: Record, head: str, message: str, limit: int, style: str) -> Iterator[Span]:
    """Yield the message and, where it does not say so itself, the error's type and message."""
    error_type, error_message = getattr(record, "error_type", None), getattr(record, "error_message", None)
    if error_type is not None and message == error_message:
        yield said(f"{printable(error_type, 200)}: ", style)
        error_type = None
    yield from styled(head, limit, style)
    parts = [part for part in (error_type, error_message) if part is not None and part not in message]
    if parts:
        error = ": ".join(printable(first_line(part)[0], 1000) for part in parts)
        yield said(f": {error}" if head else error, style or "bad")


def _metric(metric: dict[str, Any], *, is_first: bool) -> Iterator[Span]:
    if is_first and metric["namespace"]:
        yield said(f" {printable(str(metric['namespace']), 80)}:", "dim")
    value, unit = metric["value"], str(metric["unit"])
    values = value if isinstance(value, list) else [value]
    more = f",… ({len(values)} values)" if len(values) > 5 else ""
    shown = ",".join(printable(str(one), 40) for one in values[:5]) + more
    unit = _UNITS.get(unit, unit)
    yield said(f" {printable(str(metric['name']), 80)}=", "dim")
    yield said(shown + (f" {printable(unit, 40)}" if unit else ""))


def _frame_text(part: object) -> str:
    """Return a line of a stack trace, or an object that stands for a frame, such as Go's, as a line."""
    frame = next(frames_of_list([part]), None) if isinstance(part, dict) else None
    if frame is None or not isinstance(part, dict) or not (frame.function or frame.file):
        return str(part)
    number = part.get("line", part.get("lineno", part.get("lineNumber")))
    file = f"{frame.file}:{number}" if isinstance(number, int) else frame.file
    return f"at {frame.function} ({file})" if frame.function and file else f"at {frame.function or file}"


def stack_text(fields: dict[str, Any], depth: int = 0) -> str:
    """Return the first stack trace among fields, its lines apart."""
    for key, value in fields.items():
        bare = bare_key(key)
        if is_stack(bare, value):
            parts = value if isinstance(value, list) else [value]
            lines = "\n".join(_frame_text(part).strip("\r\n") for part in parts)
            if lines.strip():
                return lines
        if isinstance(value, dict) and depth < 2 and bare in ERROR_HOLDERS:
            found = stack_text(value, depth + 1)
            if found:
                return found
    return ""
