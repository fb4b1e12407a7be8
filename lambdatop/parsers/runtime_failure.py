"""Errors that reached the runtime, as Python, Java, Go, Ruby and Rust print them in plain text (AWS-FACTS 1.8)."""

import re

from lambdatop.model.record import Record, UnhandledError
from lambdatop.parsers.platform_json import decoded

_PYTHON = re.compile(r"\[ERROR\] ([\w.]+)(?:: (.*?))?[\r\n]Traceback \(most recent call last\)", re.DOTALL)
_PYTHON_FATAL = re.compile(r"\[ERROR\] ((?:Runtime|Function|Sandbox|Extension)\.\w+)(?:: ([^\r\n]*))?")
_JAVA = re.compile(r"(.{0,2000}?): ((?:[\w$]+\.)+[\w$]+)\n\2(?:[:\r\n])", re.DOTALL)
_THREAD_PANIC = re.compile(r"thread '[^']*' (?:\(\d+\) )?panicked at (?:'(.*?)', |[^\n]*:\n([^\n]*))?", re.DOTALL)
RUST_PANICS = ("user handler panicked", "Lambda panicked")
RUBY_FAILURES = ("Error raised from handler method", "Init error when loading handler")
may_fail = re.compile(
    r"[\d\[{]|LAMBDA_WARNING|panic: |fatal error: |thread '|Lambda panicked|user handler panicked"
    r"|Error raised from handler method|Init error when loading handler|\s*ERROR |[EF], \[|time=|level=|ts="
).match
"""Tells the lines that may speak of a failure by how they begin; so may any line with a Java stack trace."""


def python_failure(text: str, event: str) -> UnhandledError | None:
    """Return the error of `[ERROR] Type: message`, which has neither the time nor the request ID of a logged line.

    `event` is the whole text, of which `text` may be only the end.
    """
    match = _PYTHON.match(text) or _PYTHON_FATAL.match(text)
    if match is None:
        return None
    message = match[2]
    return UnhandledError(
        text=event, level="ERROR", error_type=match[1], error_message=message and message.rstrip("\r\n")
    )


def java_failure(text: str) -> tuple[str, str | None] | None:
    r"""Return type and message of `message: type`, the stack trace after it repeating the type.

    >>> java_failure("no cart: java.io.IOException\njava.io.IOException: no cart\n\tat a.B.c(B.java:1)")
    ('java.io.IOException', 'no cart')
    """
    match = _JAVA.match(text) if "\n\tat " in text else None
    if match is None:
        return None
    return match[2], None if match[1] == "null" else match[1]


def plain_failure(text: str) -> Record | None:
    """Return the error that Java, Go, Ruby or Rust printed, None for any other line."""
    if text.startswith(("panic: ", "fatal error: ")):
        return _panic(text, text.partition(": ")[2].split("\n", 1)[0])
    if text.startswith(RUBY_FAILURES):
        return _ruby(text)
    if text.startswith(RUST_PANICS):
        return _panic(text, text.partition(": ")[2])
    match = _THREAD_PANIC.match(text)
    if match is not None:
        return _panic(text, match[1] or match[2] or "")
    java = java_failure(text)
    if java is not None:
        return UnhandledError(text=text, level="ERROR", error_type=java[0], error_message=java[1])
    return None


def _panic(text: str, message: str) -> Record:
    return UnhandledError(text=text, level="FATAL", error_type="panic", error_message=message.strip() or None)


def _ruby(text: str) -> Record:
    """Read a sentence and the pretty-printed JSON after it; Lambda may deliver the two as separate events."""
    fields = (decoded(text[text.index("{") :]) if "{" in text else None) or {}
    error_type, message = fields.pop("errorType", None), fields.pop("errorMessage", None)
    return UnhandledError(
        text=text,
        level="ERROR",
        error_type=error_type if isinstance(error_type, str) else None,
        error_message=message if isinstance(message, str) else None,
        fields=fields or None,
    )
