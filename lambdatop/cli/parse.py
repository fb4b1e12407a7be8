"""`lambdatop parse`: log text in, one JSON object an event out."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import cast

import click
import msgspec

from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.output import is_terminal
from lambdatop.parsers.event_input import InputEvent, input_events
from lambdatop.render.event_json import event_json
from lambdatop.render.printable import COMBINING_LIMIT, is_mark, printable

_BUFFER_BYTES = 256 * 1024
_READ_BYTES = 1024 * 1024
_CARRIED = ("timestamp", "ingestion_time", "log_group", "log_stream", "event_id")


def encoded(event: InputEvent, encoder: msgspec.json.Encoder, **known: str | None) -> bytes:
    """Return the event's JSON object and a line end; what the input said and what is known stand beside the record."""
    carried = {name: value for name in _CARRIED if (value := getattr(event, name)) is not None}
    return event_json(event.message, carried | known, encoder) + b"\n"


class _Escapes(dict[int, str]):
    """What to write for a code point of JSON text: its JSON escape where the printable gate would change it."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        return character if printable(character) == character else _escape(character)


_ESCAPES = _Escapes()


def for_terminal(line: bytes) -> bytes:
    """Return a line of JSON that a terminal cannot be driven by, and that decodes to the same object."""
    text = line[:-1].decode().translate(_ESCAPES)
    return (text if printable(text, len(text)) == text else _flat(text)).encode() + b"\n"


def _flat(text: str) -> str:
    """Return JSON text with escapes for the marks that the printable gate would take off a pile of them."""
    pieces: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        pieces.append(character if marks <= COMBINING_LIMIT else _escape(character))
    return "".join(pieces)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


@click.command("parse")
@click.argument("file", default="-")
def parse_command(file: str) -> None:
    """Read log text or JSON lines from FILE or stdin and print one JSON object an event.

    A line that continues the event before it, as those of a stack trace do, belongs to it. A JSON line with a
    `message` and otherwise only the keys of a log event (timestamp, ingestionTime, eventId, logStreamName, …) is an
    event around that message, as `aws logs filter-log-events` prints it; an application's own line of just those keys
    looks the same and is read so too. Any other JSON line is the log line itself.
    """
    if sys.stdout is None:
        raise CommandError(ExitCode.USAGE, "stdout is closed, so there is nowhere to write to")
    with contextlib.ExitStack() as stack:
        _copy(_opened(file, stack), file)


def _opened(file: str, stack: contextlib.ExitStack) -> BufferedReader:
    if file == "-":
        if sys.stdin is None:
            raise click.UsageError("stdin is closed, so there is nothing to read")
        return cast("BufferedReader", sys.stdin.buffer)
    try:
        return stack.enter_context(Path(file).open("rb"))
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: OSError) -> click.UsageError:
    return click.UsageError(f"{file} cannot be read: {error.strerror or error}")


def _copy(source: BufferedReader, file: str) -> None:
    encoder, output, held = msgspec.json.Encoder(), sys.stdout.buffer, bytearray()
    shown = for_terminal if is_terminal(sys.stdout) else bytes

    def flush() -> None:
        output.write(held)
        output.flush()
        held.clear()

    for event in input_events(_decoded(source, file, flush)):
        held += shown(encoded(event, encoder))
        if len(held) >= _BUFFER_BYTES:
            flush()
    flush()


def _decoded(source: BufferedReader, file: str, flush: Callable[[], None]) -> Iterator[str]:
    """Yield lines; `flush` is called before each read, so that a slow pipe's events are not held back."""
    pieces: list[bytes] = []
    while True:
        flush()
        try:
            chunk = source.read1(_READ_BYTES)
        except OSError as error:
            raise _unreadable(file, error) from error
        if not chunk:
            break
        if b"\n" not in chunk:
            pieces.append(chunk)
            continue
        *lines, rest = b"".join((*pieces, chunk)).split(b"\n")
        pieces = [rest] if rest else []
        for line in lines:
            yield line.decode("utf-8", "replace") + "\n"
    if pieces:
        yield b"".join(pieces).decode("utf-8", "replace")
