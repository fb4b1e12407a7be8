"""Lines that functions, loggers and runtimes write: level, message, request ID, error and time (AWS-FACTS 1.8, 3)."""

import re
from typing import Any

from lambdatop.model.record import Application, Level, Record, UnhandledError
from lambdatop.parsers.platform_json import decoded
from lambdatop.parsers.platform_text import UUID
from lambdatop.parsers.time_text import epoch_ms

TIME_KEYS = ("timestamp", "@timestamp", "time", "@t", "ts", "Timestamp", "eventTime")
LEVEL_KEYS = ("level", "log_level", "severity", "severityText", "@l", "lvl", "Level", "log.level")
MESSAGE_KEYS = ("message", "msg", "@m", "event", "@mt", "Message", "body", "RenderedMessage", "MessageTemplate")
_REQUEST_KEYS = {"requestid", "awsrequestid", "functionrequestid", "lambdarequestid"}
_NAMES: dict[str, Level] = {
    **dict.fromkeys(("trace", "trce", "verbose", "finest", "silly"), "TRACE"),
    **dict.fromkeys(("debug", "dbug", "fine"), "DEBUG"),
    **dict.fromkeys(("info", "information", "notice", "log"), "INFO"),
    **dict.fromkeys(("warn", "warning"), "WARN"),
    **dict.fromkeys(("error", "err", "fail", "severe"), "ERROR"),
    **dict.fromkeys(("fatal", "crit", "critical", "panic", "dpanic", "emerg", "alert"), "FATAL"),
}
_PINO: dict[int, Level] = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}
_PYTHON: dict[int, Level] = {10: "DEBUG", 20: "INFO", 30: "WARN", 40: "ERROR", 50: "FATAL"}
_NODE = re.compile(rf"(\S+Z)\t({UUID}|undefined)\t(\w+)\t(.*)\Z", re.DOTALL)
_PYTHON_LOGGER = re.compile(rf"\[(\w+)\]\t(\S+Z)\t({UUID})?\t(.*)\Z", re.DOTALL)
_PYTHON_UNHANDLED = re.compile(r"\[ERROR\] ([\w.]+)(?:: (.*?))?[\r\n]+Traceback", re.DOTALL)
_UNHANDLED_NODE = re.compile(r"(Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\s*\t", re.ASCII)
_BRACKETED = re.compile(r"\[(\w+)\]\s+(.*)\Z", re.DOTALL)


def level_of(value: object, fields: dict[str, Any]) -> Level | None:
    """Return the canonical level of a level name or number."""
    if isinstance(value, str):
        return _NAMES.get(re.split(r"[+-]", value.strip().lower())[0])
    if isinstance(value, int) and not isinstance(value, bool):
        is_pino = "pid" in fields and "hostname" in fields or isinstance(fields.get("time"), int)
        return (_PINO if is_pino else _PYTHON).get(value)
    return None


def application_json(text: str, fields: dict[str, Any]) -> Record:
    """Return the record of a structured application line."""
    raw_level = next((fields[key] for key in LEVEL_KEYS if key in fields), None)
    level = level_of(raw_level, fields)
    time_key = next((key for key in TIME_KEYS if key in fields), None)
    message = next((fields[key] for key in MESSAGE_KEYS if key in fields), None)
    error = next((fields[key] for key in ("error", "err", "thrown") if isinstance(fields.get(key), dict)), {})
    error_type = _first(fields, "errorType", "error_type", "exception_name", "error.type") or _first(error, "name", "type")
    error_message = _first(fields, "errorMessage", "error_message", "error.message") or _first(error, "message")
    if isinstance(message, dict):
        error_type = error_type or _first(message, "errorType")
        error_message = error_message or _first(message, "errorMessage")
        message = error_message
    base: dict[str, Any] = {
        "text": text,
        "timestamp": epoch_ms(fields[time_key]) if time_key else None,
        "request_id": _request_id(fields),
        "level": level,
        "message": message if isinstance(message, str) else None,
        "error_type": error_type,
        "error_message": error_message,
    }
    if "errorType" in fields and "message" not in fields and "msg" not in fields and level in (None, "ERROR"):
        return UnhandledError(**base)
    return Application(**base, fields=fields, trace_id=_first(fields, "xray_trace_id", "traceId"))


def _first(fields: dict[str, Any], *keys: str) -> str | None:
    return next((fields[key] for key in keys if isinstance(fields.get(key), str)), None)


def _request_id(fields: dict[str, Any]) -> str | None:
    for key, value in fields.items():
        if isinstance(value, str) and key.lower().replace("_", "") in _REQUEST_KEYS:
            return value
    return None


def application_text(text: str) -> Record:
    """Return the record of a line that is no JSON object."""
    if "\t" in text[:64]:
        match = _NODE.match(text)
        if match is not None:
            return _node(text, match)
        match = _PYTHON_LOGGER.match(text)
        if match is not None:
            return Application(
                text=text,
                timestamp=epoch_ms(match[2]),
                request_id=match[3],
                level=level_of(match[1], {}),
                message=match[4].rstrip("\n"),
            )
    if text.startswith("[ERROR] "):
        match = _PYTHON_UNHANDLED.match(text)
        if match is not None:
            return UnhandledError(text=text, level="ERROR", error_type=match[1], error_message=match[2])
    match = _BRACKETED.match(text)
    if match is not None and match[1].lower() in _NAMES:
        return Application(text=text, level=_NAMES[match[1].lower()], message=match[2].rstrip("\n"))
    return Application(text=text, message=text.rstrip("\n"))


def _node(text: str, match: re.Match[str]) -> Record:
    request_id = None if match[2] == "undefined" else match[2]
    level, rest = level_of(match[3], {}), match[4].rstrip("\n")
    if level == "ERROR" and _UNHANDLED_NODE.match(rest):
        fields = decoded(rest[rest.index("\t") + 1 :]) or {}
        return UnhandledError(
            text=text,
            timestamp=epoch_ms(match[1]),
            request_id=request_id,
            level=level,
            error_type=_first(fields, "errorType"),
            error_message=_first(fields, "errorMessage"),
        )
    fields = decoded(rest) if rest.startswith("{") else None
    if fields is not None:
        inner = application_json(text, fields)
        if isinstance(inner, Application) and inner.level is not None:
            return inner
    return Application(text=text, timestamp=epoch_ms(match[1]), request_id=request_id, level=level, message=rest)
