"""Plain text lines that runtimes and text loggers write (AWS-FACTS 1.8); the first character says whose it may be."""

import re
from typing import Any

from lambdatop.model.record import Application, Record, UnhandledError
from lambdatop.parsers.error_fields import error_of_stack
from lambdatop.parsers.log_level import level_of_name
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.runtime_failure import RUST_PANICS, plain_failure, python_failure
from lambdatop.parsers.structured_log import NODE_UNHANDLED, structured_record
from lambdatop.parsers.time_text import epoch_ms

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_BRACKETED = re.compile(r"\[(\w+)\]\s+(.*)\Z", re.DOTALL)
_GO_FAILURE = re.compile(r"(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? )?(?=\{\"error)")
_RUBY = re.compile(rf"[DIWEFA], \[(\S+) #\d+\]\s+(\w+) +(?:({_UUID}) )?-- ([^:]*): (.*)\Z", re.DOTALL)
_RUST = re.compile(r"(?:[0-9]\S*Z)?\s*(TRACE|DEBUG|INFO|WARN|ERROR) (.*)\Z", re.DOTALL)
_PATTERN = re.compile(
    rf"(\d{{4}}-\d\d-\d\d[ T]\S+?)\s+(?:\[[^\]]*\]\s+)?(?:({_UUID})\s+)?"
    r"(?:\[[^\]]*\]\s+)?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b:?\s*(.*)\Z",
    re.DOTALL,
)
_DASHED = re.compile(
    r"(\d{4}-\d\d-\d\d[ T]\S+) - (\S+) - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - (.*)\Z",
    re.DOTALL,
)
"""`%(asctime)s - %(name)s - %(levelname)s - %(message)s`, the format of Python's logging tutorial."""
_LOGFMT = re.compile(r"\b(\w+)=(\"(?:[^\"\\]|\\.)*\"|\S*)")
_SPAN_REQUEST = re.compile(rf"requestId=\"?({_UUID})")


def text_record(text: str) -> Record:
    """Return the record of a line that is no JSON object."""
    first = text[:1]
    record: Record | None = None
    if first == "[":
        record = _bracketed(text)
    elif first == "{":
        record = None
    elif first.isdigit():
        record = _columns(text) or _go(text) or _pattern(text)
    elif text.startswith("LAMBDA_WARNING"):
        record = _advised(text)
    else:
        record = plain_failure(text) or _other_logger(text)
    return record or Application(text=text, message=text.rstrip("\r\n"))


def _bracketed(text: str) -> Record | None:
    """Tell Python's and Java's `[LEVEL]` lines; only an exception that reached the runtime has blank and type next."""
    failure = python_failure(text, text) if text.startswith("[ERROR] ") else None
    if failure is not None:
        return failure
    match = _BRACKETED.match(text)
    level = None if match is None else level_of_name(match[1])
    if match is None or level is None:
        return None
    columns = text.rstrip("\r\n").split("\t", 3)
    moment = epoch_ms(columns[1]) if len(columns) == 4 else None
    if moment is None:
        return Application(text=text, level=level, message=match[2].rstrip("\r\n"))
    is_advice = level == "WARN" or not columns[3].startswith("LAMBDA_WARNING")
    return Application(
        text=text,
        timestamp=moment,
        request_id=columns[2] or None,
        level=level if is_advice else "WARN",
        message=columns[3],
    )


def _advised(text: str) -> Record:
    """Read what may follow the runtime's advice in one event; the advice alone is a warning."""
    advice, separator, rest = text.partition("\r")
    record: Record | None = None
    if separator and rest.startswith("{"):
        fields = decoded(rest)
        record = None if fields is None else structured_record(text, fields)
    elif separator and rest.startswith("[ERROR] "):
        record = python_failure(rest, text)
    return record or Application(text=text, level="WARN", message=advice.rstrip("\r\n"))


def _columns(text: str) -> Record | None:
    r"""Read `time\trequest ID\tlevel\tmessage` of Node.js, pino-lambda and .NET; `undefined` is no request ID."""
    columns = text.rstrip("\r\n").split("\t", 3)
    if len(columns) < 4:
        return None
    moment, level, rest = epoch_ms(columns[0]), level_of_name(columns[2]), columns[3]
    if level is None or columns[0][19:][-1:] != "Z" or " " in columns[0]:
        return None
    request_id = None if columns[1] in ("undefined", "") else columns[1]
    common: dict[str, Any] = {"text": text, "timestamp": moment, "request_id": request_id, "level": level}
    if level in ("ERROR", "FATAL"):
        failure = _node_failure(common, rest) or _dotnet_failure(common, columns[2], rest)
        if failure is not None:
            return failure
    start = 0 if rest.startswith("{") else rest.find("\t{") + 1
    fields = decoded(rest[start:]) if rest.startswith("{", start) else None
    if fields is None:
        return Application(**common, message=rest)
    inner = structured_record(text, fields, may_nest=False)
    if not isinstance(inner, Application):
        return Application(**common, message=rest, error_type=inner_type(fields), fields=fields)
    return Application(
        text=text,
        timestamp=inner.timestamp if inner.timestamp is not None else moment,
        request_id=request_id or inner.request_id,
        level=inner.level or level,
        message=inner.message or (rest[: start - 1] if start else rest),
        error_type=inner.error_type,
        error_message=inner.error_message,
        trace_id=inner.trace_id,
        logger=inner.logger,
        fields=inner.fields,
        metrics=inner.metrics,
    )


def inner_type(fields: dict[str, Any]) -> str | None:
    """Return the error type of a runtime's error object."""
    value = fields.get("errorType")
    return value if isinstance(value, str) else None


def _node_failure(common: dict[str, Any], rest: str) -> Record | None:
    r"""Read `Invoke Error \t{…}`: Node's runtime writes a blank and a tab, `console.error` only a blank."""
    head, separator, tail = rest.partition("\t")
    if not separator or head.rstrip() not in NODE_UNHANDLED:
        return None
    fields = decoded(tail) or {}
    message = fields.get("errorMessage")
    rest_of = {key: value for key, value in fields.items() if key not in ("errorType", "errorMessage")}
    return UnhandledError(
        **common,
        error_type=inner_type(fields),
        error_message=message if isinstance(message, str) else None,
        message=head.rstrip(),
        fields=rest_of or None,
    )


def _dotnet_failure(common: dict[str, Any], word: str, rest: str) -> Record | None:
    r"""Read `fail\t<Exception.ToString()>`: the runtime writes the exception alone, a logger words around it."""
    if word != "fail" or "\n   at " not in rest:
        return None
    error_type, error_message = error_of_stack(rest)
    if error_type is None or "." not in error_type:
        return None
    return UnhandledError(**common, error_type=error_type, error_message=error_message)


def _go(text: str) -> Record | None:
    match = _GO_FAILURE.match(text)
    fields = None if match is None else decoded(text[match.end() :])
    return None if fields is None else structured_record(text, fields)


def _pattern(text: str) -> Record | None:
    dashed = _DASHED.match(text)
    if dashed is not None:
        return Application(
            text=text,
            timestamp=epoch_ms(dashed[1]),
            level=level_of_name(dashed[3]),
            logger=dashed[2],
            message=dashed[4].rstrip("\r\n"),
        )
    match = _PATTERN.match(text)
    if match is None:
        return _rust(text)
    return Application(
        text=text,
        timestamp=epoch_ms(match[1]),
        request_id=match[2] or _span_request_id(text),
        level=level_of_name(match[3]),
        message=match[4].rstrip("\r\n"),
    )


def _span_request_id(text: str) -> str | None:
    """Return the request ID of the span that Rust's runtime opens around an invocation."""
    match = _SPAN_REQUEST.search(text[:400])
    return None if match is None else match[1]


def _other_logger(text: str) -> Record | None:
    match = _RUBY.match(text) if text[1:4] == ", [" else None
    if match is not None:
        return Application(
            text=text,
            timestamp=epoch_ms(match[1]),
            request_id=match[3],
            level=level_of_name(match[2]),
            logger=match[4] or None,
            message=match[5].rstrip("\r\n"),
        )
    if text.startswith(("time=", "level=", "ts=")):
        return _logfmt(text)
    return _rust(text)


def _rust(text: str) -> Record | None:
    match = _RUST.match(text)
    if match is None:
        return None
    level, message, request_id = level_of_name(match[1]), match[2].rstrip("\r\n"), _span_request_id(text)
    if level == "ERROR" and any(panic in message[:400] for panic in RUST_PANICS):
        return UnhandledError(
            text=text, request_id=request_id, level=level, error_type="panic", error_message=message, message=message
        )
    return Application(text=text, request_id=request_id, level=level, message=message)


def _logfmt(text: str) -> Record | None:
    fields = {key: _unquoted(value) for key, value in _LOGFMT.findall(text)}
    if "level" not in fields:
        return None
    return structured_record(text, fields)


def _unquoted(value: str) -> str:
    """Return a value of logfmt without its quotes, which are Go's and escape as JSON does."""
    if value[:1] != '"':
        return value
    inner = decoded(f'{{"value":{value}}}') if "\\" in value else None
    return inner["value"] if inner is not None else value[1:-1]
