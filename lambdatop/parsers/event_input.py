"""Log events out of a file or pipe: plain text, JSON lines with a `message`, or what `aws logs` prints (DESIGN 6.3)."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct

from lambdatop.parsers.platform_text import PLATFORM_PREFIXES
from lambdatop.parsers.runtime_failure import RUBY_FAILURES

_CONTINUES = re.compile(
    r"[ \t\u00a0]|XRAY TraceId: |Traceback \(most recent|(?:Caused by|Suppressed): |Runtime\.\w+\s*\Z|\}"
)
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)(?:: |\s*\Z)")
_EVENT_LINES = 2_000
_DOCUMENT_CHARACTERS = 512 * 1024 * 1024


class InputEvent(Struct, frozen=True, gc=False):
    """One event read, with what its JSON line said about it."""

    message: str
    timestamp: int | None = None
    ingestion_time: int | None = None
    log_group: str | None = None
    log_stream: str | None = None
    event_id: str | None = None


def input_events(lines: Iterable[str]) -> Iterator[InputEvent]:
    """Yield the events of lines (with or without their line ends), holding one event at a time.

    A document that begins with a brace or bracket alone, as pretty-printed JSON does, is held whole.
    """
    source = iter(lines)
    first = next((line for line in source if line.strip()), None)
    if first is None:
        return
    source = chain((first,), source)
    if first.strip() in ("{", "["):
        yield from _document(source)
        return
    yield from _lines(source)


def _document(lines: Iterator[str]) -> Iterator[InputEvent]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line if line.endswith("\n") else line + "\n")
        size += len(line)
        if size > _DOCUMENT_CHARACTERS:
            break
    try:
        document = msgspec.json.decode("".join(held).encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        yield from _lines(chain(held, lines))
        return
    found = _events_of(document)
    if found is None:
        yield InputEvent("".join(held))
    else:
        yield from found


def _events_of(document: object) -> list[InputEvent] | None:
    """Return the events of a page, a list or one envelope; None where the object is a log line itself."""
    if isinstance(document, dict) and "events" not in document:
        single = _event(document)
        return None if single is None else [single]
    is_page = isinstance(document, dict) and _PAGE.issuperset(document)
    events = document["events"] if isinstance(document, dict) and is_page else document
    if not isinstance(events, list):
        return None
    read = [_event(event) for event in events if isinstance(event, dict)]
    known = [event for event in read if event is not None]
    return known if len(known) == len(events) else None


def _event(fields: dict[str, Any]) -> InputEvent | None:
    """Return the event of an envelope; an application's own line has a message too but names no stream or event."""
    message = fields.get("message", fields.get("@message"))
    if not isinstance(message, str) or not _ENVELOPE.issuperset(fields):
        return None
    return InputEvent(
        message,
        _whole(fields, "timestamp"),
        _whole(fields, "ingestionTime", "ingestion_time"),
        _text(fields, "logGroupIdentifier", "log_group", "logGroupName"),
        _text(fields, "logStreamName", "log_stream"),
        _text(fields, "eventId", "event_id"),
    )


_ENVELOPE = frozenset({
    "message", "@message", "timestamp", "ingestionTime", "ingestion_time", "logGroupIdentifier", "log_group",
    "logGroupName", "logStreamName", "log_stream", "eventId", "event_id", "function", "searchedCompletely",
})  # fmt: skip
_PAGE = frozenset({"events", "searchedLogStreams", "nextToken", "nextForwardToken", "nextBackwardToken"})


def _whole(fields: dict[str, Any], *keys: str) -> int | None:
    return next((fields[key] for key in keys if type(fields.get(key)) is int), None)


def _text(fields: dict[str, Any], *keys: str) -> str | None:
    return next((fields[key] for key in keys if isinstance(fields.get(key), str)), None)


def _lines(lines: Iterable[str]) -> Iterator[InputEvent]:
    held: list[str] = []
    for line in lines:
        text = line.rstrip("\r\n") if line.endswith("\n") else line
        if text == "{" and len(held) == 1 and held[0].startswith(RUBY_FAILURES):
            held.append(text)
        elif text.startswith(("{", "[{")):
            if held:
                yield InputEvent("\n".join(held))
                held = []
            events = _events_of_line(text)
            if events is None:
                held = [text]
            else:
                yield from events
        elif held and len(held) < _EVENT_LINES and _belongs(text, held):
            held.append(text)
        elif text.strip():
            if held:
                yield InputEvent("\n".join(held))
            held = [text]
    if held:
        yield InputEvent("\n".join(held))


def _events_of_line(text: str) -> list[InputEvent] | None:
    if not ('"message"' in text or '"@message"' in text or '"events"' in text):
        return None
    try:
        return _events_of(msgspec.json.decode(text.encode("utf-8", "surrogatepass")))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _belongs(text: str, held: list[str]) -> bool:
    if text[:6] in PLATFORM_PREFIXES:
        return False
    if _CONTINUES.match(text):
        return True
    return bool(_EXCEPTION.match(text)) and held[-1][:1] in (" ", "\t", "\u00a0")
