"""Log events as lines for people: time, function and message, all of it through the printable gate."""

import re
from typing import NamedTuple

from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.record import Application, Record, RuntimeExit, Timeout, UnhandledError
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.render import units
from lambdatop.render.printable import printable_spans
from lambdatop.render.span import Line, pad, text_width
from lambdatop.render.words import foreign, line, said

NAME_WIDTH_MAX = 64
LINE_LIMIT = 20_000
LATE_MS = 1_000
"""An event so far behind the newest one that was printed of its log group is marked."""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r]")
_LEVEL_STYLES = {"ERROR": "bad", "FATAL": "bad", "WARN": "warning"}


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
    """Words events; remembers how far each log group was printed, so as to mark what comes out of its place."""

    def __init__(self, *, is_utc: bool) -> None:
        self._is_utc = is_utc
        self._name_width = 0
        self._newest_ms: dict[tuple[Scope, str], int] = {}

    def lines(self, tailed: TailedEvent, now_ms: int) -> list[Line]:
        """Return an event's lines, those after the first one indented."""
        event, name = tailed.event, tailed.function or tailed.log_group
        style = style_of(parse_log_line(event.message))
        function = line(foreign(name, "heading" if tailed.function else "dim", NAME_WIDTH_MAX))
        self._name_width = max(self._name_width, min(NAME_WIDTH_MAX, text_width(function[0].text if function else "")))
        head = (
            said(f"{self._moment(event.timestamp_ms, now_ms)}  ", "dim"),
            *pad(function, self._name_width),
            said("  "),
            *self._lateness(tailed),
        )
        first, *more = _LINE_BREAKS.split(event.message.rstrip())
        return [(*head, *_styled(first, style)), *((said("    "), *_styled(text, style)) for text in more)]

    def _moment(self, timestamp_ms: int, now_ms: int) -> str:
        """Return the time of day to the millisecond, after its date where that is not today's."""
        time = f"{units.clock(timestamp_ms, self._is_utc)}.{timestamp_ms % 1000:03d}"
        date, today = (units.timestamp(moment_ms, self._is_utc)[:10] for moment_ms in (timestamp_ms, now_ms))
        return time if date == today else f"{date} {time}"

    def _lateness(self, tailed: TailedEvent) -> Line:
        key, timestamp_ms = (tailed.scope, tailed.log_group), tailed.event.timestamp_ms
        newest_ms = self._newest_ms.get(key, timestamp_ms)
        self._newest_ms[key] = max(newest_ms, timestamp_ms)
        late_ms = newest_ms - timestamp_ms
        return line(said(f"~late {units.age(late_ms)} ", "warning")) if late_ms >= LATE_MS else ()


def style_of(record: Record) -> str:
    """Return how a line stands out: failures, warnings, and what the platform says in the background."""
    if isinstance(record, Application):
        return _LEVEL_STYLES.get(record.level or "", "")
    return "bad" if isinstance(record, Timeout | RuntimeExit | UnhandledError) else "dim"


def _styled(text: str, style: str) -> Line:
    """Return a line of foreign text in its own colours, and in `style` where it has none."""
    return tuple(span if span.style else span._replace(style=style) for span in printable_spans(text, LINE_LIMIT))
