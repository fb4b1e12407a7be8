"""JSON log lines of loggers and runtimes: which key is the level, the message, the time (AWS-FACTS 2.4, 3)."""

import re
from typing import Any

import msgspec

from lambdatop.model.record import Application, Level, Record, UnhandledError
from lambdatop.parsers.embedded_metric import embedded_metrics, metric_keys
from lambdatop.parsers.error_fields import error_fields
from lambdatop.parsers.log_level import level_of
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.runtime_failure import RUST_PANICS, java_failure
from lambdatop.parsers.time_text import epoch_ms

_TIME_KEYS = ("timestamp", "@timestamp", "time", "@t", "ts", "Timestamp", "eventTime", "timeMillis")
_LEVEL_KEYS = ("level", "log_level", "severity", "severityText", "@l", "lvl", "Level", "log.level")
_MESSAGE_KEYS = ("message", "msg", "@m", "event", "@mt", "Message", "body", "RenderedMessage", "MessageTemplate")
_LOGGER_KEYS = ("logger", "loggerName", "logger_name", "log.logger", "Logger", "SourceContext")
_TRACE_KEYS = ("xray_trace_id", "xrayTraceId", "XrayTraceId", "XRayTraceId", "traceId", "trace_id", "trace.id", "@tr")
_REQUEST_KEYS = frozenset({"requestid", "awsrequestid", "functionrequestid", "lambdarequestid"})
_HOLE = re.compile(r"\{[@$]?(\w+)(?:,-?\d+)?(?::[^{}]*)?\}")
_NODE_RUNTIME_ERRORS = frozenset({
    "ImportModuleError", "HandlerNotFound", "MalformedHandlerName", "UserCodeSyntaxError", "MalformedStreamingHandler",
    "InvalidStreamingOperation", "UnhandledPromiseRejection",
})  # fmt: skip
"""Classes that only Node's runtime has; text mode writes `Runtime.` before them, JSON mode does not."""
NODE_UNHANDLED = ("Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection")


def structured_record(text: str, fields: dict[str, Any], *, may_nest: bool = True) -> Record:
    """Return the record of a structured line, an unhandled error where `_is_unhandled` says the runtime wrote it."""
    used: set[str] = set()
    fields = _flattened(fields)
    level = level_of(_first(fields, _LEVEL_KEYS, used), fields)
    if level is None and "@t" in fields and ("@mt" in fields or "@m" in fields) and "@l" not in fields:
        level = "INFO"
    message = _message(fields, used)
    nested = decoded(message) if may_nest and isinstance(message, str) and message.startswith("{") else None
    if nested is not None and any(key in nested for key in (*_LEVEL_KEYS, *_MESSAGE_KEYS)):
        return _nested(text, fields, nested, level)
    error, beside = error_fields(fields), {}
    if isinstance(message, dict) and isinstance(message.get("errorType"), str):
        error = error_fields(message)
        beside = {key: value for key, value in message.items() if key not in error.keys}
    else:
        used |= error.keys
    metrics = embedded_metrics(fields)
    if metrics:
        used |= metric_keys(fields, metrics)
    common: dict[str, Any] = {
        "text": text,
        "timestamp": _time(fields, used),
        "request_id": _request_id(fields, used),
        "level": level,
        "error_type": error.error_type,
        "error_message": error.error_message,
        "message": _worded(message, error.error_message),
    }
    trace_id, logger = _text(fields, _TRACE_KEYS, used), _logger(fields, used)
    rest = {key: value for key, value in fields.items() if key not in used} | beside
    if _is_unhandled(fields, message, level):
        if isinstance(message, dict):
            common["error_type"] = f"Runtime.{error.error_type}"
        return _unhandled(common, rest or None)
    return Application(**common, fields=rest or None, trace_id=trace_id, logger=logger, metrics=metrics)


def _flattened(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a line of Rust's `tracing`, whose message and values lie within `fields`, as a flat one."""
    inner = fields.get("fields")
    if not isinstance(inner, dict) or "message" not in inner or "message" in fields:
        return fields
    return inner | {key: value for key, value in fields.items() if key != "fields"}


def _is_unhandled(fields: dict[str, Any], message: object, level: Level | None) -> bool:
    """Whether the runtime wrote the line, and not a handler that caught the error and logged it.

    Who logs writes a level and a message. Runtimes differ from that: Node's and Rust's messages begin with words of
    their own and Node's own error classes are known; Java's message repeats its type before the stack trace; Python
    has `log_level` and no message; .NET has a level and a message that is null; Go and Ruby have neither, only
    `errorType` with `errorMessage` or `stackTrace`. Node's JSON mode writes any other unhandled error exactly as
    `console.error(error)` does: it stays an application line at ERROR, and the Errors metric counts it.
    """
    if level not in (None, "ERROR", "FATAL"):
        return False
    if isinstance(message, str):
        is_own_words = message.startswith((*NODE_UNHANDLED, *RUST_PANICS))
        return level is not None and (is_own_words or java_failure(message) is not None)
    if isinstance(message, dict):
        return message.get("errorType") in _NODE_RUNTIME_ERRORS if isinstance(message.get("errorType"), str) else False
    if message is not None or not isinstance(fields.get("errorType"), str):
        return False
    if level is not None and "log_level" not in fields:
        return "message" in fields and isinstance(fields.get("stackTrace"), list)
    return "log_level" in fields or "errorMessage" in fields or "stackTrace" in fields


def _unhandled(common: dict[str, Any], rest: dict[str, Any] | None) -> UnhandledError:
    message = common["message"] or ""
    if message.startswith(RUST_PANICS):
        common["error_type"] = "panic"
    elif common["error_type"] is None and "{" in message:
        inner = decoded(message[message.index("{") :]) or {}
        common["error_type"] = _text(inner, ("errorType",), set())
        common["error_message"] = _text(inner, ("errorMessage",), set())
    elif common["error_type"] is None:
        common["error_type"], common["error_message"] = java_failure(message) or (None, None)
    return UnhandledError(**{**common, "level": common["level"] or "ERROR"}, fields=rest)


def _nested(text: str, outer: dict[str, Any], inner: dict[str, Any], level: Level | None) -> Record:
    """Join a logger's own object with the runtime's around it: `console.log(JSON.stringify(…))` in JSON mode."""
    around, record = structured_record(text, outer, may_nest=False), structured_record(text, inner, may_nest=False)
    if not isinstance(record, Application) or not isinstance(around, Application):
        return record
    fields = {**(around.fields or {}), **(record.fields or {})}
    return msgspec.structs.replace(
        record,
        level=record.level or level,
        timestamp=record.timestamp if record.timestamp is not None else around.timestamp,
        request_id=record.request_id or around.request_id,
        trace_id=record.trace_id or around.trace_id,
        fields=fields or None,
        metrics=None,
    )


def _first(fields: dict[str, Any], keys: tuple[str, ...], used: set[str]) -> object:
    for key in keys:
        if key in fields:
            used.add(key)
            return fields[key]
    return _of_log(fields, "level", used) if "level" in keys else None


def _of_log(fields: dict[str, Any], name: str, used: set[str]) -> object:
    """Return a value of ECS's nested `log` object, which is used up where it says level and logger alone."""
    log = fields.get("log")
    if not isinstance(log, dict) or name not in log:
        return None
    if log.keys() <= {"level", "logger"}:
        used.add("log")
    return log[name]


def _logger(fields: dict[str, Any], used: set[str]) -> str | None:
    nested = _of_log(fields, "logger", used)
    return _text(fields, _LOGGER_KEYS, used) or (nested if isinstance(nested, str) else None)


def _message(fields: dict[str, Any], used: set[str]) -> object:
    for key in _MESSAGE_KEYS:
        if key in fields and (key != "event" or isinstance(fields[key], str)):
            if key == "MessageTemplate" and isinstance(fields.get("Properties"), dict):
                used.add(key)
                return _rendered(fields[key], fields["Properties"])
            used.add(key)
            return _rendered(fields[key], fields) if key == "@mt" else fields[key]
    return None


def _rendered(template: object, properties: dict[str, Any]) -> object:
    """Return a Serilog message template with its holes filled from the properties beside it."""
    if not isinstance(template, str):
        return template

    def filled(match: re.Match[str]) -> str:
        if match[1] not in properties:
            return match[0]
        value = properties[match[1]]
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    return _HOLE.sub(filled, template)


def _worded(message: object, error_message: str | None) -> str | None:
    if message is None or isinstance(message, str):
        return message
    if isinstance(message, dict) and error_message is not None:
        return error_message
    return msgspec.json.encode(message).decode()


def _text(fields: dict[str, Any], keys: tuple[str, ...], used: set[str]) -> str | None:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and value:
            used.add(key)
            return value
    return None


def _time(fields: dict[str, Any], used: set[str]) -> int | None:
    for key in _TIME_KEYS:
        moment = epoch_ms(fields.get(key))
        if moment is not None and not (key == "time" and "_aws" in fields):
            used.add(key)
            return moment
    instant, root = fields.get("instant"), fields.get("_aws")
    if isinstance(instant, dict):
        used.add("instant")
        seconds, nanos = epoch_ms(instant.get("epochSecond")), instant.get("nanoOfSecond")
        return None if seconds is None else seconds + (nanos // 1_000_000 if isinstance(nanos, int) else 0)
    return epoch_ms(root.get("Timestamp")) if isinstance(root, dict) else None


def _request_id(fields: dict[str, Any], used: set[str]) -> str | None:
    for key, value in fields.items():
        if isinstance(value, str) and value and key.lower().replace("_", "").replace("-", "") in _REQUEST_KEYS:
            used.add(key)
            return value
    span = fields.get("span")
    request_id = span.get("requestId") if isinstance(span, dict) else None
    return request_id if isinstance(request_id, str) else None
