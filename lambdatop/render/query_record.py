"""One row of a query's answer, or the whole log event behind it: its fields below each other."""

from collections.abc import Iterator, Mapping

import msgspec

from lambdatop.model.query import RecordFound
from lambdatop.parsers.query_value import natural_key, number_of, plain_number, time_ms
from lambdatop.render import units
from lambdatop.render.drawing import Drawing
from lambdatop.render.event_page import wrapped_rows
from lambdatop.render.json_lines import json_lines, text_lines
from lambdatop.render.printable import printable, printable_spans
from lambdatop.render.query_cells import NO_VALUE, shown_time
from lambdatop.render.saved_lines import Redact, message_text
from lambdatop.render.span import Line
from lambdatop.render.words import said, wrapped

VALUE_LIMIT = 20_000
"""Characters of a value in one line."""
_FIRST = ("@timestamp", "@ingestionTime", "@log", "@logStream", "@requestId", "@type", "@message")
_LAST = ("@ptr",)
_EPOCH_FIELDS = ("@timestamp", "@ingestionTime")
"""Fields that GetLogRecord gives in epoch milliseconds."""
_INDENT = "  "


def record_lines(fields: Mapping[str, str | None], width: int, drawing: Drawing) -> tuple[Line, ...]:
    """Return the fields in their order; JSON and texts of several lines are opened below their names."""
    return tuple(
        row for name, value in fields.items() for row in wrapped_rows(_field_lines(name, value, drawing), width)
    )


def found_lines(found: RecordFound, width: int, drawing: Drawing) -> tuple[Line, ...]:
    """Return a log event's fields, those of every event first, or why there are none."""
    if found.problem is not None:
        return wrapped(printable(found.problem.sentence, 2_000), width, "bad")
    return record_lines(ordered_fields(found.fields), width, drawing)


def ordered_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return a log event's fields, those of every event first, the others by name.

    >>> list(ordered_fields({"@ptr": "", "b": "", "a10": "", "a9": "", "@message": "", "@timestamp": ""}))
    ['@timestamp', '@message', 'a9', 'a10', 'b', '@ptr']
    """
    others = sorted((name for name in fields if name not in _FIRST and name not in _LAST), key=natural_key)
    return {name: fields[name] for name in (*_FIRST, *others, *_LAST) if name in fields}


def record_text(fields: Mapping[str, str | None], redact: Redact) -> str:
    r"""Return the fields as they are copied: safe to write to a terminal, their line breaks kept.

    >>> record_text({"@message": "no stock\n  at main", "a": "\x1b[2J"}, str)
    '@message: no stock\n  at main\na: ␛[2J'
    """
    return "\n".join(
        f"{printable(name, 200)}: {units.UNKNOWN if value is None else message_text(value, redact)}"
        for name, value in fields.items()
    )


def _field_lines(name: str, value: str | None, drawing: Drawing) -> Iterator[Line]:
    head = (said(printable(name, 200), "accent"), said(":", "dim"))
    if value is None:
        yield (*head, said(" "), *NO_VALUE)
        return
    inner = _json(value)
    if inner is not None:
        yield (*head, said(" JSON", "dim"))
        yield from json_lines(inner, _INDENT)
    elif "\n" in value.strip() or "\r" in value.strip():
        yield head
        yield from text_lines(value, _INDENT)
    else:
        yield (*head, said(" "), *_scalar(name, value, drawing))


def _scalar(name: str, value: str, drawing: Drawing) -> Line:
    if time_ms(value) is not None:
        return (said(f"{shown_time(value, is_utc=drawing.is_utc)}{'Z' if drawing.is_utc else ''}"),)
    number = number_of(value)
    if number is None:
        return printable_spans(value, VALUE_LIMIT)
    if name in _EPOCH_FIELDS and 0 < number < 1e15:
        at_ms = int(number)
        moment, clock = units.timestamp(at_ms, drawing.is_utc), units.clock(at_ms, drawing.is_utc)
        return (said(moment.replace(clock, f"{clock}.{at_ms % 1000:03d}")), said(f"  {at_ms} ms", "dim"))
    return (said(printable(plain_number(value), 400), "good"),)


def _json(value: str) -> object:
    """Return the object or list that a text is, None for any other text and for empty ones."""
    if value[:1] not in ("{", "["):
        return None
    try:
        return msgspec.json.decode(value) or None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
