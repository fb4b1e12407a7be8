"""The formats of `tail`: each writes a list of events to stdout."""

import sys
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from lambdatop.cli import output
from lambdatop.cli.parse import encoded, for_terminal
from lambdatop.engine import clock
from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LineKey, LogLine
from lambdatop.parsers.event_input import InputEvent
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.render.redaction import Redaction
from lambdatop.render.tail_lines import TailedEvent, TailLines
from lambdatop.store.log_archive_mark import kind_of_mark, level_of_mark, mark_and_request

TailFormat = Literal["pretty", "json", "raw"]
Write = Callable[[Sequence[TailedEvent]], None]
_SHAPES = "✖▲·∙▷◁◇▫"
"""Those of levels and of the platform's lines."""
AT_ONCE = 2_000
"""Events worded before they are written, so that a pipe's reader has the first ones soon."""


def write_raw(events: Sequence[TailedEvent]) -> None:
    """Write the messages as they came, each with one newline at its end."""
    output.write("".join(tailed.event.message.rstrip("\n") + "\n" for tailed in events))


def write_json(events: Sequence[TailedEvent]) -> None:
    """Write what `parse` prints of each, with what is known of where it comes from."""
    encoder, shown = msgspec.json.Encoder(), for_terminal if output.is_terminal(sys.stdout) else bytes
    output.write(b"".join(shown(json_of(tailed, encoder)) for tailed in events).decode())


def json_of(tailed: TailedEvent, encoder: msgspec.json.Encoder) -> bytes:
    """Return one event's JSON object and a line end; its function is null where it cannot be known."""
    event = tailed.event
    return encoded(
        InputEvent(
            event.message,
            event.timestamp_ms,
            event.ingestion_time_ms,
            tailed.log_group,
            event.log_stream,
            event.event_id,
        ),
        encoder,
        function=tailed.function,
    )


def writer_of(tail_format: TailFormat, *, is_utc: bool, redaction: Redaction | None = None) -> Write:
    """Return what writes events in a format, some at once, without what the redaction takes out of their messages."""
    write_some = {"raw": write_raw, "json": write_json}.get(tail_format) or _pretty_writer(is_utc)

    def write(events: Sequence[TailedEvent]) -> None:
        for start in range(0, len(events), AT_ONCE):
            some = events[start : start + AT_ONCE]
            write_some(some if redaction is None else [_without_secrets(tailed, redaction) for tailed in some])

    return write


def _without_secrets(tailed: TailedEvent, redaction: Redaction) -> TailedEvent:
    message = redaction.redacted(tailed.event.message)
    if message == tailed.event.message:
        return tailed
    return tailed._replace(event=msgspec.structs.replace(tailed.event, message=message))


def log_line_of(tailed: TailedEvent) -> LogLine:
    """Return an event as the log view reads it: with its kind, its level and its request ID."""
    event = tailed.event
    record = parse_log_line(event.message)
    mark, _ = mark_and_request(event.message, record)
    return LogLine(
        key=LineKey(event.timestamp_ms, 0),
        ingestion_time_ms=event.ingestion_time_ms,
        function=FunctionKey(*tailed.scope, tailed.function or tailed.log_group),
        log_stream=event.log_stream,
        message=event.message,
        kind=kind_of_mark(mark),
        level=level_of_mark(mark),
        request_id=getattr(record, "request_id", None),
    )


def _pretty_writer(is_utc: bool) -> Write:
    wording = TailLines(is_utc=is_utc, is_ascii=not _has_shapes(getattr(sys.stdout, "encoding", None)))

    def write(events: Sequence[TailedEvent]) -> None:
        now_ms = clock.now_ms()
        output.write_lines(one for tailed in events for one in wording.lines(tailed, log_line_of(tailed), now_ms))

    return write


def _has_shapes(encoding: str | None) -> bool:
    """Return whether the shapes can be written in an encoding."""
    try:
        _SHAPES.encode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        return False
    return True
