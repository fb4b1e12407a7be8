"""Application lines as the loggers of each language write them.

Source of the shapes: each library's own documentation; the platform's columns follow the runtimes' public clients.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lambdatop.demo.world.time_text import iso_ms, iso_s, strftime

Fields: TypeAlias = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that application code logs."""

    time_ms: int
    level: str
    """DEBUG, INFO, WARN or ERROR."""
    message: str
    request_id: str
    function: str
    fields: Fields


Logger: TypeAlias = Callable[[Entry], str]

_PINO_LEVELS = {"DEBUG": 20, "INFO": 30, "WARN": 40, "ERROR": 50}
_PYTHON_LEVELS = {"WARN": "WARNING"}
_SGR = {"DEBUG": "\x1b[36m", "INFO": "\x1b[32m", "WARN": "\x1b[33m", "ERROR": "\x1b[31m"}


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def python_text(entry: Entry) -> str:
    """The standard library's logger under Lambda's Python runtime."""
    level = _PYTHON_LEVELS.get(entry.level, entry.level)
    return f"[{level}]\t{iso_ms(entry.time_ms)}\t{entry.request_id}\t{entry.message}{_pairs(entry.fields)}\n"


def python_json(entry: Entry) -> str:
    """Lambda's JSON format for Python: whole seconds, and json.dumps's own spacing."""
    return json.dumps(
        {
            "timestamp": iso_s(entry.time_ms),
            "level": _PYTHON_LEVELS.get(entry.level, entry.level),
            "message": entry.message,
            "logger": "root",
            "requestId": entry.request_id,
            **entry.fields,
        }
    )


def powertools_python(entry: Entry) -> str:
    """Powertools for Python: a comma before the milliseconds."""
    return json.dumps(
        {
            "level": _PYTHON_LEVELS.get(entry.level, entry.level),
            "location": "handler:42",
            "message": entry.message,
            "timestamp": f"{strftime(entry.time_ms, '%Y-%m-%d %H:%M:%S')},{entry.time_ms % 1000:03d}+0000",
            "service": entry.function,
            "cold_start": False,
            "function_name": entry.function,
            "function_request_id": entry.request_id,
            **entry.fields,
        }
    )


def structlog(entry: Entry) -> str:
    """What JSONRenderer of structlog writes: the message is the event."""
    return json.dumps(
        {
            **entry.fields,
            "aws_request_id": entry.request_id,
            "event": entry.message,
            "level": entry.level.lower().replace("warn", "warning"),
            "timestamp": iso_ms(entry.time_ms).replace("Z", "000Z"),
        }
    )


def node_text(entry: Entry) -> str:
    """console.* under Lambda's Node.js runtime."""
    return f"{iso_ms(entry.time_ms)}\t{entry.request_id}\t{entry.level}\t{entry.message}{_pairs(entry.fields)}\n"


def node_json(entry: Entry) -> str:
    """Lambda's JSON format for Node.js."""
    return _json(
        {
            "timestamp": iso_ms(entry.time_ms),
            "level": entry.level,
            "requestId": entry.request_id,
            "message": entry.message + _pairs(entry.fields),
        }
    )


def pino(entry: Entry) -> str:
    """pino: numbers for time and level."""
    return _json(
        {
            "level": _PINO_LEVELS[entry.level],
            "time": entry.time_ms,
            "pid": 8,
            "hostname": "169.254.76.1",
            "awsRequestId": entry.request_id,
            **entry.fields,
            "msg": entry.message,
        }
    )


def winston(entry: Entry) -> str:
    """The winston logger's JSON format with its timestamp() format."""
    return _json(
        {
            **entry.fields,
            "level": entry.level.lower(),
            "message": entry.message,
            "requestId": entry.request_id,
            "timestamp": iso_ms(entry.time_ms),
        }
    )


def zap(entry: Entry) -> str:
    """The zap logger's production encoder: seconds with a fraction."""
    return _json(
        {
            "level": entry.level.lower(),
            "ts": entry.time_ms / 1000,
            "caller": "handler/main.go:57",
            "msg": entry.message,
            "request_id": entry.request_id,
            **entry.fields,
        }
    )


def zerolog(entry: Entry) -> str:
    """zerolog: RFC 3339 in whole seconds."""
    return _json(
        {
            "level": entry.level.lower(),
            "request_id": entry.request_id,
            **entry.fields,
            "time": iso_s(entry.time_ms),
            "message": entry.message,
        }
    )


def slog(entry: Entry) -> str:
    """Go's log/slog JSON handler: nanoseconds."""
    return _json(
        {
            "time": iso_ms(entry.time_ms).replace("Z", "482913Z"),
            "level": entry.level,
            "msg": entry.message,
            "requestId": entry.request_id,
            **entry.fields,
        }
    )


def log4j2(entry: Entry) -> str:
    """log4j2's LambdaAppender with the usual pattern."""
    time = strftime(entry.time_ms, "%Y-%m-%d %H:%M:%S")
    return f"{time} {entry.request_id} {entry.level:<5} Handler:88 - {entry.message}{_pairs(entry.fields)}\n"


def serilog(entry: Entry) -> str:
    """Serilog's compact format: no level means Information."""
    levels = {"DEBUG": "Debug", "WARN": "Warning", "ERROR": "Error"}
    level = {"@l": levels[entry.level]} if entry.level in levels else {}
    return _json(
        {
            "@t": iso_ms(entry.time_ms).replace("Z", "1234Z"),
            "@m": entry.message,
            "@i": "7a8b9c0d",
            **level,
            "AwsRequestId": entry.request_id,
            **entry.fields,
        }
    )


def ruby(entry: Entry) -> str:
    """Ruby's Logger under Lambda's runtime."""
    micro = f"{strftime(entry.time_ms, '%Y-%m-%dT%H:%M:%S')}.{entry.time_ms % 1000:03d}214"
    level = entry.level
    message = entry.message + _pairs(entry.fields)
    return f"{level[0]}, [{micro} #8] {level:>5} {entry.request_id} -- : {message}\n"


def coloured(entry: Entry) -> str:
    """A development logger that was left to colour its levels in production."""
    level = f"{_SGR[entry.level]}{entry.level}\x1b[0m"
    return f"{level} \x1b[2m{entry.request_id}\x1b[0m {entry.message}{_pairs(entry.fields)}\n"


def _pairs(fields: Fields) -> str:
    return "".join(f" {name}={value}" for name, value in fields.items())


def embedded_metric(entry: Entry, name: str, unit: str, value: float) -> str:
    """A metric in a log line, in the embedded metric format."""
    return _json(
        {
            "_aws": {
                "Timestamp": entry.time_ms,
                "CloudWatchMetrics": [
                    {"Namespace": "Shop", "Dimensions": [["service"]], "Metrics": [{"Name": name, "Unit": unit}]}
                ],
            },
            "service": entry.function,
            name: value,
            "requestId": entry.request_id,
        }
    )


LOGGERS: dict[str, Logger] = {
    "python": python_text,
    "python-json": python_json,
    "powertools": powertools_python,
    "structlog": structlog,
    "node": node_text,
    "node-json": node_json,
    "pino": pino,
    "winston": winston,
    "zap": zap,
    "zerolog": zerolog,
    "slog": slog,
    "log4j2": log4j2,
    "serilog": serilog,
    "ruby": ruby,
    "coloured": coloured,
}
