"""What makes two failures the same: kind, type, normalised message, root cause and the top frame of its own code."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from lambdatop.model.record import Application, InitReport, Record, RestoreReport, RuntimeExit, UnhandledError
from lambdatop.parsers.normalised_message import normalised_message
from lambdatop.parsers.stack_frame import TEXT_LIMIT, Frame, frames_of_list, frames_of_text, own_frame

_STACK_KEYS = (
    "stackTrace", "stack", "stack_trace", "stacktrace", "trace", "exception", "Exception", "exc_info", "error", "err",
    "thrown", "@x", "error.stack_trace", "exception_stack", "extendedStackTrace", "frames", "backtrace",
    "errorVerbose", "cause", "reason", "stack-trace",
)  # fmt: skip
"""Where runtimes and loggers put a stack trace: a text, a list, or an object that holds one."""
_HOLDING = 4
"""How deep objects that hold a stack trace are searched."""
SAME_WHATEVER_IT_SAYS = ("timeout", "out_of_memory")
"""Kinds whose texts differ by log format and runtime alone."""
_PARTS = 8
"""Of an aggregate error's, so many are looked at."""
_LINES = re.compile(r"(?::\d+)+\Z")
_CAUSES = (
    re.compile(r"^Caused by: ([^\r\n]{1,300})", re.MULTILINE),
    re.compile(r"^ ?-{3}> ([^\r\n]{1,300})", re.MULTILINE),
    re.compile(r"^ *\[cause\]: ([^\r\n]{1,300})", re.MULTILINE),
)
_PYTHON_ERROR = re.compile(r"^(?![ \t\u00a0]|Traceback )([^\r\n]{1,600})", re.MULTILINE)
_GROUPED = re.compile(
    r"^[ \t\u00a0|]*\| (?!ExceptionGroup|BaseExceptionGroup)([A-Za-z_][\w.]*(?:: [^\r\n]{0,300})?)$", re.MULTILINE
)
"""The errors within a Python exception group."""
_BEFORE_FRAMES = re.compile(r"\n[ \t]*(?:at |-{3}> )")
_ERROR = re.compile(
    r"(?:^| )([A-Z][\w$]{0,100}|(?=[\w.$+`]{1,200}:)[a-zA-Z][\w.$+`]*\.[A-Z][\w$+`]*)(?: \[\w+\]| \(0x\w+\))?: (.*)\Z"
)


class ErrorIdentity(NamedTuple):
    """What failures of one cause have in common but for their kind; empty where the failure does not say."""

    error_type: str = ""
    message: str = ""
    """Normalised: see `normalised_message`."""
    frame: str = ""
    """The top frame of the function's own code as `file:function`, without the line."""


def error_identity(record: Record) -> ErrorIdentity:
    """Return what identifies the failure that a record tells of."""
    if not isinstance(record, UnhandledError | Application):
        message = (record.error_message or "") if isinstance(record, RuntimeExit) else ""
        if isinstance(record, RestoreReport | InitReport) and record.status is not None:
            message = f"{'restore' if isinstance(record, RestoreReport) else 'init'} {record.status}"
        return ErrorIdentity(getattr(record, "error_type", None) or "", normalised_message(message))
    stacks = tuple(_stacks(record))
    error_type, said = _said(record, stacks)
    parts = dict.fromkeys(normalised_message(part, error_type) for part in said)
    frames = chain.from_iterable(frames_of_text(one) if isinstance(one, str) else frames_of_list(one) for one in stacks)
    frame = own_frame(frames) or _logged_at(record.fields or {})
    return ErrorIdentity(error_type, " | ".join(parts), frame)


def error_signature(kind: str, identity: ErrorIdentity) -> str:
    """Return a text that is equal for failures of one cause; timeouts and exhausted memory are told by kind alone."""
    return kind if kind in SAME_WHATEVER_IT_SAYS else f"{kind}|{'|'.join(identity)}"


def stack_lines(record: Record) -> tuple[str, ...]:
    """Return the stack trace that a record's fields hold, a frame or a line of text each; empty without one."""
    for stack in _held_stacks(record.fields or {}, _HOLDING):
        if isinstance(stack, str):
            return tuple(stack.splitlines())
        texts = [one for one in stack if isinstance(one, str)]
        frames = (f"    at {frame.function} ({frame.file})" for frame in frames_of_list(stack)) if not texts else ()
        return (*(line for text in texts for line in text.splitlines()), *frames)
    return ()


def _stacks(record: UnhandledError | Application) -> Iterator[str | list[Any]]:
    """Yield what may be a stack trace: fields first, then the text of a line that is no JSON."""
    yield from _held_stacks(record.fields or {}, _HOLDING)
    text = record.message or "" if record.text.startswith("{") else record.text
    if "\n" in text or "\r" in text:
        text = text[:TEXT_LIMIT]
        yield text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _held_stacks(fields: dict[str, Any], depth: int) -> Iterator[str | list[Any]]:
    for key in _STACK_KEYS:
        value = fields.get(key)
        if not value:
            continue
        if isinstance(value, str) and ("\n" in value or "\r" in value):
            yield value[:TEXT_LIMIT].replace("\r\n", "\n").replace("\r", "\n")
        elif isinstance(value, list):
            inner = value[0].get("frames") if isinstance(value[0], dict) else None
            yield inner if isinstance(inner, list) else value
        elif isinstance(value, dict) and depth:
            yield from _held_stacks(value, depth - 1)


def _said(record: UnhandledError | Application, stacks: tuple[str | list[Any], ...]) -> tuple[str, list[str]]:
    """Return the error's type, and the texts that tell the cause: the logger's words, the error's, the root cause's."""
    error_type, error_message, message = record.error_type or "", record.error_message, record.message or ""
    if isinstance(record, UnhandledError):
        said = [error_message or _said_by_parts(record.fields or {}) or message or ("" if error_type else record.text)]
    else:
        said = [message if message or error_message else record.text]
        if error_message and error_message not in message.split("\n    at ", 1)[0]:
            said.append(error_message)
    for stack in stacks:
        text = stack if isinstance(stack, str) else "\n".join(line for line in stack if isinstance(line, str))
        if error_message is None and not error_type:
            error_type, error = _error_of(text)
            if error and error not in said[0].split("\n", 1)[0].split("\r", 1)[0]:
                said.append(error)
        cause = _root_cause(text)
        if cause is not None:
            said.append(cause)
    return error_type, said


def _said_by_parts(fields: dict[str, Any]) -> str:
    """Return what the errors within Node's AggregateError say, else its code; its own message is empty."""
    parts = fields.get("errors")
    held = [one for one in parts[:_PARTS] if isinstance(one, dict)] if isinstance(parts, list) else []
    texts = [text for one in held if isinstance(text := one.get("errorMessage", one.get("message")), str) and text]
    code = fields.get("code")
    return " | ".join(dict.fromkeys(texts)) or (code if isinstance(code, str) else "")


def _error_of(text: str) -> tuple[str, str]:
    """Return the type and the message that stand after Python's frames, or before those of the other runtimes."""
    if "Traceback (most recent call last)" in text:
        match = _PYTHON_ERROR.search(text, text.rfind("Traceback (most recent call last)"))
        error_type, _, message = ("" if match is None else match[1]).partition(": ")
        return error_type.rpartition(".")[2], message
    frames = _BEFORE_FRAMES.search(text)
    line = "" if frames is None else text[text.rfind("\n", 0, frames.start()) + 1 : frames.start()]
    error = _ERROR.search(line[:600])
    return ("", "") if error is None else (error[1], error[2])


def _root_cause(text: str) -> str | None:
    """Return `Type: message` of the error at the bottom of a chain; None where there is no chain."""
    if "Exception Group Traceback" in text:
        grouped = _GROUPED.findall(text)
        return str(grouped[-1]) if grouped else None
    first = text.find("Traceback (most recent call last)")
    if first >= 0:
        match = _PYTHON_ERROR.search(text, first) if text.find("\nTraceback ", first) > 0 else None
        return None if match is None else match[1]
    for pattern in _CAUSES:
        causes = pattern.findall(text)
        if causes:
            return str(causes[-1])
    return None


def _logged_at(fields: dict[str, Any]) -> str:
    """Return where a line was logged, as its logger says, for a failure without a stack trace."""
    source = fields.get("source")
    if isinstance(source, dict):
        return own_frame(frames_of_list([source]))
    for key in ("location", "caller"):
        value = fields.get(key)
        if isinstance(value, str):
            return own_frame([Frame(_without_line(value), "")])
    file, function = fields.get("filename"), fields.get("func_name")
    return own_frame([Frame(file, function if isinstance(function, str) else "")]) if isinstance(file, str) else ""


def _without_line(place: str) -> str:
    """Return `file:function` of `file:function:line`, `file:line` or `file:line:column`."""
    return _LINES.sub("", place[:300])
