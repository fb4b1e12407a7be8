"""`lambdatop parse`: log text in, one JSON object an event out."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from lambdatop.model.record import Record
from lambdatop.parsers.event_input import InputEvent, input_events
from lambdatop.parsers.log_line import parse_log_line

_BUFFER_BYTES = 256 * 1024
_READ_BYTES = 1024 * 1024
_CARRIED = ("timestamp", "ingestion_time", "log_group", "log_stream", "event_id")


def encoded(event: InputEvent, encoder: msgspec.json.Encoder) -> bytes:
    """Return the event's JSON object and a line end; what the input said of the event stands beside the record."""
    record: Record = parse_log_line(event.message)
    carried = {name: value for name in _CARRIED if (value := getattr(event, name)) is not None}
    try:
        if not carried:
            return encoder.encode(record) + b"\n"
        return encoder.encode({**msgspec.to_builtins(record), **carried}) + b"\n"
    except (UnicodeError, msgspec.MsgspecError, ValueError, RecursionError):
        clean = event.message.encode("utf-8", "replace").decode()
        return encoder.encode({"kind": "application", "text": clean, "message": clean, **_clean(carried)}) + b"\n"


def _clean(carried: dict[str, object]) -> dict[str, object]:
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in carried.items()
    }


@click.command("parse")
@click.argument("file", default="-")
def parse_command(file: str) -> None:
    """Read log text or JSON lines from FILE or stdin and print one JSON object an event."""
    try:
        source = sys.stdin.buffer if file == "-" else Path(file).open("rb", buffering=_READ_BYTES)  # noqa: SIM115  closed below
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}") from error
    try:
        _copy(source)
    except BrokenPipeError:
        # Python flushes stdout once more as it ends, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}") from error
    finally:
        if file != "-":
            source.close()


def _copy(source: BinaryIO) -> None:
    encoder, output, held = msgspec.json.Encoder(), sys.stdout.buffer, bytearray()
    for event in input_events(_decoded(source)):
        held += encoded(event, encoder)
        if len(held) >= _BUFFER_BYTES:
            output.write(held)
            held.clear()
    output.write(held)
    output.flush()


def _decoded(source: BinaryIO) -> Iterator[str]:
    return (line.decode("utf-8", "replace") for line in source)
