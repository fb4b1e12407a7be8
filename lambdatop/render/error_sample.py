"""The line that tells of a failure, with its stack trace; what a JSON line holds is laid out as runtimes print it."""

from typing import NamedTuple

import msgspec

from lambdatop.parsers.error_signature import stack_lines
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Printable, crop
from lambdatop.render.words import line, said, wrapped

LINES_MAX = 400
"""Of a stack trace, which Java's chains of causes may exceed."""
_HEAD_LINES = 4
"""Lines of the message at most, as it is wrapped."""
_ABOVE_OWN, _BELOW_OWN = 2, 1
"""Frames shown around the function's own one where the others are folded."""


class _Texts(NamedTuple):
    message: str
    rest: tuple[str, ...]


def sample_lines(text: str, frame: str | None, width: int, limit: int | None = None) -> tuple[Line, ...]:
    """Return the message, and the lines below it cropped to the width; what `frame` names stands out.

    At most `limit` of the lines below are shown, those around the frame among them, and what is folded is counted.
    """
    message, rest = _texts(text)
    own = _own_index(rest, frame)
    shown: list[Line] = list(wrapped(printable(message, 2_000), width)[:_HEAD_LINES])
    for index in _kept(len(rest), own, limit):
        if isinstance(index, str):
            shown.append(line(said(index, "dim")))
        else:
            shown.append(crop((said(printable(rest[index], 500), "accent" if index == own else "dim"),), width))
    return tuple(shown)


def _texts(text: str) -> _Texts:
    record = parse_log_line(text)
    stack = stack_lines(record)
    error_type = getattr(record, "error_type", None)
    said_so = getattr(record, "error_message", None) or getattr(record, "message", None) or ""
    if stack:
        message = said_so if not error_type or error_type in said_so else f"{error_type}: {said_so}"
        rest = stack[1:] if stack[0].strip() in message or message in stack[0] else stack
        return _Texts(message.rstrip(": "), rest[:LINES_MAX])
    laid_out = _laid_out(text)
    if laid_out is not None:
        return _Texts(said_so, tuple(laid_out[:LINES_MAX]))
    first, *rest_lines = text.rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n").split("\n") or [""]
    return _Texts(first, tuple(rest_lines[:LINES_MAX]))


def _laid_out(text: str) -> list[str] | None:
    """Return a JSON object's lines, None for other text."""
    try:
        return msgspec.json.format(text, indent=2).splitlines() if text.startswith("{") else None
    except msgspec.DecodeError:
        return None


def _own_index(rest: tuple[str, ...], frame: str | None) -> int | None:
    """Return which line is the frame's: it names the file and the function, or the class and the method."""
    if not frame:
        return None
    file, _, function = frame.rpartition(":")
    return next((at for at, one in enumerate(rest) if file in one and function in one), None)


def _kept(count: int, own: int | None, limit: int | None) -> list[int | str]:
    """Return the indexes of the lines that are shown, with words where some are folded."""
    if limit is None or count <= limit:
        return list(range(count))
    if own is None or own < limit - 2:
        return [*range(limit - 1), _folded(count - limit + 1)]
    first, last = own - _ABOVE_OWN, min(count, own + _BELOW_OWN + 1)
    head = max(1, limit - (last - first) - 2)
    before = [*range(min(head, first)), *([_folded(first - head)] if first > head else [])]
    after = [_folded(count - last)] if last < count else []
    return [*before, *range(first, last), *after]


def _folded(lines: int) -> Printable:
    return Printable(f"… {lines} more lines: x unfolds" if lines > 1 else "… 1 more line: x unfolds")
