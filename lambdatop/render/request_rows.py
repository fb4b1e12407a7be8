"""The lines of one occurrence of a request, each with its time since START, and the pauses between them."""

from lambdatop.model.log_line import LogLine
from lambdatop.model.question import RequestOccurrence
from lambdatop.render import units
from lambdatop.render.log_lines import LogDrawing, log_rows
from lambdatop.render.page import Page
from lambdatop.render.span import Line, crop, pad
from lambdatop.render.words import line, said

PAUSE_MS = 1_000
"""How long nothing must be logged to be told."""
LINES_AN_END = 1_000
"""Where lines are left out, so many come before them."""
_OFFSET_WIDTH = 9


def request_rows(one: RequestOccurrence, drawing: LogDrawing) -> Page:
    """Return the lines; each leads to its own key. Failures are unfolded, with their stack traces."""
    lines, zero_ms = one.lines, zero_of(one)
    rows: list[Line] = []
    targets: dict[int, object] = {}
    inner = drawing._replace(width=max(1, drawing.width - _OFFSET_WIDTH - 1))
    blank = said(" " * (_OFFSET_WIDTH + 1))
    for index, event in enumerate(lines):
        if one.lines_left_out and index == LINES_AN_END:
            rows.append(_dim(f"… {one.lines_left_out:,} lines are not shown here …"))
        elif index and event.timestamp_ms - lines[index - 1].timestamp_ms > PAUSE_MS:
            rows.append(_dim(f"… {units.milliseconds(event.timestamp_ms - lines[index - 1].timestamp_ms)} …"))
        first, *rest = log_rows(event, inner, is_unfolded=event.level in {"ERROR", "FATAL"})
        targets[len(rows)] = event.key
        rows.append((*_offset(event, zero_ms), said(" "), *first))
        rows.extend((blank, *row) for row in rest)
    return Page(tuple(crop(row, drawing.width) for row in rows), targets)


def offset_words(offset_ms: int) -> str:
    """Return a time before or since START.

    >>> offset_words(0), offset_words(12), offset_words(-1_500)
    ('0', '+12 ms', '-1.50 s')
    """
    if not offset_ms:
        return "0"
    sign = "+" if offset_ms > 0 else "-"
    return f"{sign}{units.milliseconds(abs(offset_ms))}"


def zero_of(one: RequestOccurrence) -> int:
    """Return the time that offsets are counted from: START, else what is known to be nearest after it."""
    invocation = one.invocation
    if invocation.started_ms is not None:
        return invocation.started_ms
    if invocation.ended_ms is not None and invocation.duration_ms is not None:
        return invocation.ended_ms - int(invocation.duration_ms)
    return one.lines[0].timestamp_ms if one.lines else 0


def _offset(event: LogLine, zero_ms: int) -> Line:
    words = offset_words(event.timestamp_ms - zero_ms)
    return pad(line(said(words, "dim")), _OFFSET_WIDTH, "right")


def _dim(text: str) -> Line:
    return (*pad((), _OFFSET_WIDTH + 1), said(f"  {text}", "dim"))
