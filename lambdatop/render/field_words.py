"""Fields of a structured line as `key=value`, without what a row of the log view says anyway."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from lambdatop.render.printable import printable
from lambdatop.render.span import Span
from lambdatop.render.words import said

VALUE_LIMIT = 160
"""Characters of one value in a row."""
_DEPTH_MAX = 5
_BOILERPLATE = frozenset((
    "timestamp", "time", "ts", "t", "eventtime", "timemillis", "date", "datetime", "asctime", "instant",
    "level", "loglevel", "levelname", "levelno", "levelvalue", "severity", "severitytext", "severitynumber", "lvl", "l",
    "requestid", "awsrequestid", "functionrequestid", "lambdarequestid",
    "functionname", "functionversion", "functionmemorysize", "functionarn", "memorylimitinmb", "memorysize",
    "invokedfunctionarn", "lambdafunction", "loggroup", "loggroupname", "logstream", "logstreamname",
    "xraytraceid", "traceid", "trace", "tr", "sp", "spanid", "span", "spans", "tracing", "samplingrate", "sampled",
    "service", "servicename", "env", "environment", "stage", "region", "awsregion", "runtime", "architecture",
    "hostname", "host", "pid", "process", "processname", "processid", "ppid", "v", "version", "schemaversion",
    "thread", "threadname", "threadid", "threadpriority", "processthreadname", "taskname", "endofbatch", "ecsversion",
    "location", "caller", "callsite", "filename", "funcname", "func", "function", "file", "line", "lineno",
    "linenumber", "module", "pathname", "source", "target", "loggerfqcn", "i", "r", "messagetemplate", "mt", "aws",
    "relativecreated", "created", "msecs", "stackinfo", "excinfo", "metadata", "sourcecontext",
))  # fmt: skip
"""Keys, in lower case and letters alone, that repeat the row's columns or are the same on all lines of a service."""
_STACK_KEYS = frozenset((
    "stacktrace", "stack", "exception", "x", "errorstacktrace", "exctext", "traceback", "extendedstacktrace",
    "exceptionstacktrace",
))  # fmt: skip
"""Keys, written alike, whose values are stack traces."""
_MAYBE_STACK_KEYS = frozenset(("exception", "x"))
"""Those of them that may also hold the error's message: a stack trace is a list or has several lines."""
ERROR_HOLDERS = frozenset(("error", "err", "thrown", "exception", "stacktrace", "reason"))
_ERROR_KEYS = frozenset((
    "type", "name", "class", "errortype", "message", "localizedmessage", "errormessage", "value", "location", "frames",
    "commonelementcount", "module", "source", "hresult", "targetsite", "helplink",
))  # fmt: skip
"""What an error's object says beside its stack, which the row says with the error's type and message."""
_NAMES_A_LOGGER = (
    "hostname",
    "v",
    "levelno",
    "function_name",
    "FunctionName",
    "functionName",
    "ColdStart",
    "coldStart",
)
"""Keys beside which `name` is that of the logger or of the service, not of a thing that the line is about."""
_KEEP_ALWAYS = frozenset(("version", "source", "function", "file", "line", "region", "environment", "stage", "module"))
"""Boilerplate at the top of an object, but a fact within `order` or `request`."""


def bare_key(key: str) -> str:
    """Return a key as the tables here have it.

    >>> bare_key("@timestamp"), bare_key("function_request_id"), bare_key("log.level")
    ('timestamp', 'functionrequestid', 'loglevel')
    """
    return "".join(filter(str.isalnum, key)).lower()


def fields_that_matter(fields: Mapping[str, Any], known: frozenset[str] = frozenset()) -> Iterator[tuple[str, object]]:
    """Yield keys, dotted where they lie deeper, and values; `known` are values that the row says already."""
    has_logger_name = "name" in fields and any(key in fields for key in _NAMES_A_LOGGER)
    for key, value in fields.items():
        bare = bare_key(key)
        if bare in _BOILERPLATE or (bare == "name" and has_logger_name):
            continue
        if bare == "coldstart" and value in (False, "false", "False"):
            continue
        if bare == "properties" and isinstance(value, dict):
            yield from fields_that_matter(value, known)
        elif isinstance(value, dict):
            inner = _without_error(value) if bare in ERROR_HOLDERS else value
            yield from _flat(f"{key}.", inner, known, 1)
        elif not is_stack(bare, value) and _says_something(value, known):
            yield key, value


def is_stack(bare: str, value: object) -> bool:
    """Return whether a field, by its bare key, holds a stack trace: lines in a list or in a text."""
    if bare not in _STACK_KEYS or not isinstance(value, list | str):
        return False
    return bare not in _MAYBE_STACK_KEYS or isinstance(value, list) or "\n" in value or "\r" in value


def field_spans(fields: Iterable[tuple[str, object]], limit: int, value_limit: int = VALUE_LIMIT) -> Iterator[Span]:
    """Yield `key=value` with blanks between, until `limit` characters are full."""
    for key, value in fields:
        shown = value_text(value, value_limit)
        yield said(f" {printable(key, 80)}=", "dim")
        yield said(shown)
        limit -= len(key) + len(shown) + 2
        if limit < 0:
            return


def value_text(value: object, limit: int) -> str:
    """Return a value in few characters: text bare where it is a word, a list of objects as their number.

    >>> value_text("eu", 9), value_text("two words", 11), value_text([1, 2], 9), value_text([{"a": 1}], 9)
    ('eu', '"two words"', '[1,2]', '[1 item]')
    """
    if isinstance(value, str):
        shown = printable(value, limit)
        return f'"{shown}"' if not shown or " " in shown or "=" in shown else shown
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value[:100]):
        return f"[{len(value)} {'item' if len(value) == 1 else 'items'}]"
    items = value[:limit] if isinstance(value, list) else value
    return printable(msgspec.json.encode(items).decode("utf-8", "replace"), limit)


def _flat(prefix: str, fields: Mapping[str, Any], known: frozenset[str], depth: int) -> Iterator[tuple[str, object]]:
    for key, value in fields.items():
        bare = bare_key(key)
        if bare in _BOILERPLATE and bare not in _KEEP_ALWAYS:
            continue
        if isinstance(value, dict) and value and depth < _DEPTH_MAX:
            yield from _flat(f"{prefix}{key}.", value, known, depth + 1)
        elif not is_stack(bare, value) and _says_something(value, known):
            yield prefix + key, len(value) if isinstance(value, dict) else value


def _says_something(value: object, known: frozenset[str]) -> bool:
    return not (value is None or value in ("", [], {}) or (isinstance(value, str) and value in known))


def _without_error(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if bare_key(key) not in _ERROR_KEYS}
