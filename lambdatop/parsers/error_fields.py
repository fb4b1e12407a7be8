"""Type and message of the error that a structured log line carries, wherever its logger puts them (AWS-FACTS 3.1)."""

import re
from typing import Any, NamedTuple

_STACK_HEAD = re.compile(r"((?:[A-Za-z_$][\w$]*[.+])*[A-Za-z_$][\w$]*)(?: \((?:0x)?[0-9A-Fa-f]+\))?(?:: ([^\r\n]*))?")
_HOLDERS = ("error", "err", "thrown", "exception", "Exception", "stack_trace")
_TYPE_KEYS = ("errorType", "error_type", "exception_name", "exceptionName", "ExceptionName", "error.type")
_MESSAGE_KEYS = ("errorMessage", "error_message", "error.message")


class ErrorFields(NamedTuple):
    """The error, and the top-level keys it was read from."""

    error_type: str | None
    error_message: str | None
    keys: frozenset[str]


def error_fields(fields: dict[str, Any]) -> ErrorFields:
    """Return the error a line carries; a stack trace is read only where nothing says it plainer."""
    keys: set[str] = set()
    error_type = _text(fields, _TYPE_KEYS, keys)
    error_message = _text(fields, _MESSAGE_KEYS, keys)
    for holder in _HOLDERS:
        inner = fields.get(holder)
        if isinstance(inner, dict):
            error_type = error_type or _text(inner, ("errorType", "type", "Type", "name", "class"), set())
            error_message = error_message or _text(inner, ("errorMessage", "message", "Message", "value"), set())
        elif error_message is None and isinstance(inner, str) and holder in ("error", "err") and "\n" not in inner:
            error_message = inner or None
            keys.add(holder)
    for holder in ("@x", "exception", "Exception", "stack_trace", "stack", "error.stack_trace"):
        inner = fields.get(holder)
        if isinstance(inner, str) and inner and (error_type is None or error_message is None):
            from_stack = error_of_stack(inner)
            error_type, error_message = error_type or from_stack[0], error_message or from_stack[1]
    return ErrorFields(error_type, error_message, frozenset(keys))


def _text(fields: dict[str, Any], names: tuple[str, ...], keys: set[str]) -> str | None:
    for name in names:
        value = fields.get(name, "")
        if value is None:
            keys.add(name)
        elif isinstance(value, str) and value:
            keys.add(name)
            return value
    return None


def error_of_stack(stack: str) -> tuple[str | None, str | None]:
    r"""Return type and message of a stack trace as Python (last line), Java, .NET and Node print it.

    >>> error_of_stack("java.lang.IllegalStateException: no cart\n\tat a.B.c(B.java:1)")
    ('java.lang.IllegalStateException', 'no cart')
    """
    lines = stack.strip()
    head = lines.rsplit("\n", 1)[-1] if lines.startswith("Traceback") else lines
    match = _STACK_HEAD.match(head[:2000])
    if match is None or (match[2] is None and "\n" not in lines):
        return None, None
    return match[1], match[2] or None
