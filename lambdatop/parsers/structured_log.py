"""JSON log lines of loggers and runtimes: which key is the level, the message, the time (AWS-FACTS 2.4, 3)."""

import re
from typing import Any

import msgspec

from lambdatop.model.record import Application, Level, Record, UnhandledError
from lambdatop.parsers.embedded_metric import embedded_metrics, metric_keys
from lambdatop.parsers.error_fields import error_fields
from lambdatop.parsers.log_level import level_of
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.time_text import epoch_ms

_TIME_KEYS = ("timestamp", "@timestamp", "time", "@t", "ts", "Timestamp", "eventTime", "timeMillis")
_LEVEL_KEYS = ("level", "log_level", "severity", "severityText", "@l", "lvl", "Level", "log.level")
_MESSAGE_KEYS = ("message", "msg", "@m", "event", "@mt", "Message", "body", "RenderedMessage", "MessageTemplate")
_LOGGER_KEYS = ("logger", "loggerName", "logger_name", "log.logger", "Logger", "SourceContext")
_TRACE_KEYS = ("xray_trace_id", "xrayTraceId", "XrayTraceId", "traceId", "trace_id", "trace.id", "@tr")
_REQUEST_KEYS = frozenset({"requestid", "awsrequestid", "functionrequestid", "lambdarequestid"})
_HOLE = re.compile(r"\{[@$]?(\w+)(?:,-?\d+)?(?::[^{}]*)?\}")
NODE_UNHANDLED = ("Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection")


def structured_record(text: str, fields: dict[str, Any], *, may_nest: bool = True) -> Record:
    """Return the record of a structured line.

    It is an unhandled error where the runtime wrote it: Node's `Invoke Error` and kin begin the message, Python's
    object has `log_level` and no `message`, Go's and Ruby's has `errorType` and neither level nor message. A handler
    that logs an exception it caught writes a level and a message, and stays an application line.
    """
    used: set[str] = set()
    level = level_of(_first(fields, _LEVEL_KEYS, used), fields)
    if level is None and "@t" in fields and ("@mt" in fields or "@m" in fields) and "@l" not in fields:
        level = "INFO"
    message = _message(fields, used)
    nested = decoded(message) if may_nest and isinstance(message, str) and message.startswith("{") else None
    if nested is not None and any(key in nested for key in (*_LEVEL_KEYS, *_MESSAGE_KEYS)):
        return _nested(text, fields, nested, level)
    error = error_fields(message if isinstance(message, dict) and "errorType" in message else fields)
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
    trace_id, logger = _text(fields, _TRACE_KEYS, used), _text(fields, _LOGGER_KEYS, used)
    rest = {key: value for key, value in fields.items() if key not in used} or None
    if _is_unhandled(fields, message, level):
        return _unhandled(common, rest)
    return Application(**common, fields=rest, trace_id=trace_id, logger=logger, metrics=metrics)


def _is_unhandled(fields: dict[str, Any], message: object, level: Level | None) -> bool:
    if level not in (None, "ERROR", "FATAL"):
        return False
    if isinstance(message, str):
        return level is not None and message.startswith((*NODE_UNHANDLED, "Lambda panicked", "user handler panicked"))
    if message is not None or not isinstance(fields.get("errorType"), str):
        return False
    return "log_level" in fields or (level is None and ("errorMessage" in fields or "stackTrace" in fields))


def _unhandled(common: dict[str, Any], rest: dict[str, Any] | None) -> UnhandledError:
    message = common["message"] or ""
    if common["error_type"] is None and "{" in message:
        inner = decoded(message[message.index("{") :]) or {}
        common["error_type"] = _text(inner, ("errorType",), set())
        common["error_message"] = _text(inner, ("errorMessage",), set())
    return UnhandledError(**common, fields=rest)


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
    log = fields.get("log")
    return log.get("level") if isinstance(log, dict) and "level" in keys else None


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
        seconds, nanos = epoch_ms(instant.get("epochSecond")), instant.get("nanoOfSecond")
        return None if seconds is None else seconds + (nanos // 1_000_000 if isinstance(nanos, int) else 0)
    return epoch_ms(root.get("Timestamp")) if isinstance(root, dict) else None


def _request_id(fields: dict[str, Any], used: set[str]) -> str | None:
    for key, value in fields.items():
        if isinstance(value, str) and value and key.lower().replace("_", "").replace("-", "") in _REQUEST_KEYS:
            used.add(key)
            return value
    return None
