"""Log events as lines for people, as the log view reads them, but whole: nothing is folded away or cut to a width."""

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import LogLine
from lambdatop.render import units
from lambdatop.render.log_lines import REQUEST_WIDTH, is_background, level_shape
from lambdatop.render.log_message import LINE_LIMIT, first_line, readable_length, styled, worded
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Span, line_text, pad, text_width
from lambdatop.render.words import line, said

NAME_WIDTH_MAX = 64
LATE_MS = 1_000
"""An event so far behind the newest one that was printed of its log group is marked."""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r]")
_INDENT = said("    ")
_BLANK = said(" ")


class TailedEvent(NamedTuple):
    """An event, where it was found, and the function that wrote it, None where that cannot be known."""

    event: LogEvent
    scope: Scope
    log_group: str
    function: str | None

    @property
    def order(self) -> tuple[int, int, str]:
        """AWS's order: by time, then by arrival."""
        return self.event.timestamp_ms, self.event.ingestion_time_ms, self.event.event_id


class TailLines:
    """Words events; remembers how far each log group was printed, so as to mark what comes out of its place.

    Columns are as wide as what they have held so far: what comes next is not known.
    """

    def __init__(self, *, is_utc: bool, is_ascii: bool = False) -> None:
        self._is_utc = is_utc
        self._is_ascii = is_ascii
        self._name_width = 0
        self._request_width = 0
        self._newest_ms: dict[tuple[Scope, str], int] = {}

    def lines(self, tailed: TailedEvent, log_line: LogLine, now_ms: int) -> list[Line]:
        """Return an event's lines, those after the first one indented; `log_line` is what reading the event said."""
        first, *more = _message_lines(log_line)
        if is_background(log_line):
            first, more = _dimmed(first), [_dimmed(one) for one in more]
        return [(*self._head(tailed, log_line, now_ms), *first), *((_INDENT, *one) for one in more)]

    def _head(self, tailed: TailedEvent, log_line: LogLine, now_ms: int) -> Line:
        """Return time, level, function and, from the first one on that was seen, request ID."""
        name, style = tailed.function or tailed.log_group, "heading" if tailed.function else "dim"
        self._name_width = max(self._name_width, _name_width(name))
        if log_line.request_id:
            self._request_width = REQUEST_WIDTH
        head = (
            said(f"{self._moment(tailed.event.timestamp_ms, now_ms)} ", "dim"),
            level_shape(log_line, is_ascii=self._is_ascii),
            _BLANK,
            *_cell(name, self._name_width, NAME_WIDTH_MAX, style),
        )
        if self._request_width:
            head += _cell((log_line.request_id or "")[:REQUEST_WIDTH], self._request_width, REQUEST_WIDTH, "dim")
        return head + self._lateness(tailed)

    def _moment(self, timestamp_ms: int, now_ms: int) -> str:
        """Return the time of day to the millisecond, after its date where that is not today's."""
        date, time = _date_and_time(timestamp_ms // 1000, self._is_utc)
        today, _ = _date_and_time(now_ms // 1000, self._is_utc)
        milliseconds = f"{time}.{timestamp_ms % 1000:03d}"
        return milliseconds if date == today else f"{date} {milliseconds}"

    def _lateness(self, tailed: TailedEvent) -> Line:
        key, timestamp_ms = (tailed.scope, tailed.log_group), tailed.event.timestamp_ms
        newest_ms = self._newest_ms.get(key, timestamp_ms)
        self._newest_ms[key] = max(newest_ms, timestamp_ms)
        late_ms = newest_ms - timestamp_ms
        return line(said(f"~late {units.age(late_ms)} ", "warning")) if late_ms >= LATE_MS else ()


def _message_lines(log_line: LogLine) -> list[Line]:
    """Return all of an event's lines; of one that is too long to be read as one, what is left over as it came."""
    message, left_over = _readable(log_line.message)
    if left_over:
        log_line = replace(log_line, message=message)
    wording = worded(log_line, LINE_LIMIT, is_raw=False)
    if not (wording.rest or left_over):
        return [wording.first]
    style = "bad" if log_line.level in {"ERROR", "FATAL"} else ""
    more = [*wording.lines(len(wording.rest) + 1, style)]
    if left_over:
        more += [styled(text, LINE_LIMIT, style) for text in _LINE_BREAKS.split(left_over)]
    return [wording.first, *more]


def _readable(message: str) -> tuple[str, str]:
    """Return as much of an event as is read, whole lines where it can be, and the lines after that."""
    length = readable_length(message)
    if length == len(message):
        return message, ""
    end = max(message.rfind("\n", 0, length), message.rfind("\r", 0, length))
    end = end if end > 0 else length
    return message[:end], first_line(message[end:])[1].rstrip()


def _dimmed(one: Line) -> Line:
    return (Span(line_text(one), "dim"),)


@lru_cache(maxsize=4096)
def _cell(text: str, width: int, limit: int, style: str) -> Line:
    return (*pad(line(said(printable(text, limit), style)), width), _BLANK)


@lru_cache(maxsize=4096)
def _name_width(name: str) -> int:
    return min(NAME_WIDTH_MAX, text_width(printable(name, NAME_WIDTH_MAX)))


@lru_cache(maxsize=64)
def _date_and_time(timestamp_s: int, is_utc: bool) -> tuple[str, str]:
    timestamp_ms = timestamp_s * 1000
    return units.timestamp(timestamp_ms, is_utc)[:10], units.clock(timestamp_ms, is_utc)
