"""Plain text lines that runtimes and text loggers write (AWS-FACTS 1.8); the first character says whose it may be."""

import re
from typing import Any

from lambdatop.model.record import Application, Record, UnhandledError
from lambdatop.parsers.error_fields import error_of_stack
from lambdatop.parsers.log_level import level_of_name
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.structured_log import NODE_UNHANDLED, structured_record
from lambdatop.parsers.time_text import epoch_ms

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_BRACKETED = re.compile(r"\[(\w+)\]\s+(.*)\Z", re.DOTALL)
_PYTHON_FAILURE = re.compile(r"\[ERROR\] ([\w.]+)(?:: (.*?))?[\r\n]Traceback \(most recent call last\)", re.DOTALL)
_PYTHON_FATAL = re.compile(r"\[ERROR\] ((?:Runtime|Function|Sandbox|Extension)\.\w+)(?:: ([^\r\n]*))?")
_JAVA_FAILURE = re.compile(r"(.{0,2000}?): ((?:[\w$]+\.)+[\w$]+)\n\2(?:[:\r\n])", re.DOTALL)
_GO_FAILURE = re.compile(r"(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? )?(?=\{\"error)")
_RUBY = re.compile(rf"[DIWEFA], \[(\S+) #\d+\]\s+(\w+) (?:({_UUID}) )?-- ([^:]*): (.*)\Z", re.DOTALL)
_RUST = re.compile(r"(?:[0-9]\S*Z)?\s*(TRACE|DEBUG|INFO|WARN|ERROR) (.*)\Z", re.DOTALL)
_PATTERN = re.compile(
    rf"(\d{{4}}-\d\d-\d\d[ T]\S+?)\s+(?:\[[^\]]*\]\s+)?(?:({_UUID})\s+)?"
    r"(?:\[[^\]]*\]\s+)?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b:?\s*(.*)\Z",
    re.DOTALL,
)
_LOGFMT = re.compile(r"(\w+)=(\"(?:[^\"\\]|\\.)*\"|\S*)")
_PANIC = re.compile(r"(?:thread '[^']*' (?:\(\d+\) )?panicked at |Lambda panicked|user handler panicked)")
may_fail = re.compile(
    r"[\d\[{]|LAMBDA_WARNING|panic: |thread '|Lambda panicked|user handler panicked|Error raised from handler method"
    r"|Init error when loading handler|\s*ERROR |[EF], \[|time=|level=|ts="
).match
"""Tells the lines that may speak of a failure by how they begin; so may any line with a Java stack trace."""
_RUBY_FAILURES = ("Error raised from handler method", "Init error when loading handler")


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
        record = _failure(text) or _other_logger(text)
    return record or Application(text=text, message=text.rstrip("\r\n"))


def _stripped(message: str | None) -> str | None:
    return None if message is None else message.rstrip("\r\n")


def _bracketed(text: str) -> Record | None:
    """Tell Python's and Java's `[LEVEL]` lines; only an exception that reached the runtime has blank and type next."""
    if text.startswith("[ERROR] "):
        match = _PYTHON_FAILURE.match(text) or _PYTHON_FATAL.match(text)
        if match is not None:
            return UnhandledError(text=text, level="ERROR", error_type=match[1], error_message=_stripped(match[2]))
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
        match = _PYTHON_FAILURE.match(rest) or _PYTHON_FATAL.match(rest)
        if match is not None:
            record = UnhandledError(text=text, level="ERROR", error_type=match[1], error_message=_stripped(match[2]))
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
    match = _PATTERN.match(text)
    if match is None:
        return _rust(text)
    return Application(
        text=text,
        timestamp=epoch_ms(match[1]),
        request_id=match[2],
        level=level_of_name(match[3]),
        message=match[4].rstrip("\r\n"),
    )


def _failure(text: str) -> Record | None:
    """Tell the errors that Java, Go, Ruby and Rust runtimes print."""
    if text.startswith("panic: "):
        head = text[7:].split("\n", 1)[0]
        return UnhandledError(text=text, level="FATAL", error_type="panic", error_message=head)
    if text.startswith(_RUBY_FAILURES):
        fields = decoded(text[text.index("{") :]) if "{" in text else None
        message = (fields or {}).get("errorMessage")
        return UnhandledError(
            text=text,
            level="ERROR",
            error_type=inner_type(fields or {}),
            error_message=message if isinstance(message, str) else None,
        )
    if _PANIC.match(text):
        return UnhandledError(
            text=text, level="FATAL", error_type="panic", error_message=text.partition(": ")[2].strip() or None
        )
    match = _JAVA_FAILURE.match(text) if "\n\tat " in text else None
    if match is not None:
        return UnhandledError(text=text, level="ERROR", error_type=match[2], error_message=match[1])
    return None


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
    level, message = level_of_name(match[1]), match[2].rstrip("\r\n")
    if level == "ERROR" and _PANIC.search(message[:300]):
        return UnhandledError(text=text, level=level, error_type="panic", error_message=message, message=message)
    return Application(text=text, level=level, message=message)


def _logfmt(text: str) -> Record | None:
    fields = {key: value[1:-1] if value[:1] == '"' else value for key, value in _LOGFMT.findall(text)}
    if "level" not in fields:
        return None
    return structured_record(text, fields)
