"""The formats of `tail`: each writes a list of events to stdout."""

import sys
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from lambdatop.cli import output
from lambdatop.cli.parse import encoded, for_terminal
from lambdatop.engine import clock
from lambdatop.parsers.event_input import InputEvent
from lambdatop.render.redaction import Redaction
from lambdatop.render.tail_lines import TailedEvent, TailLines

TailFormat = Literal["pretty", "json", "raw"]
Write = Callable[[Sequence[TailedEvent]], None]
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


def _pretty_writer(is_utc: bool) -> Write:
    wording = TailLines(is_utc=is_utc)

    def write(events: Sequence[TailedEvent]) -> None:
        now_ms = clock.now_ms()
        output.write_lines(one for tailed in events for one in wording.lines(tailed, now_ms))

    return write
