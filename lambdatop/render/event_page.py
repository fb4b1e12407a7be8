"""A log event, whole: where it came from, what it says field by field, and the lines of its invocation."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lambdatop.model.log_line import LogLine
from lambdatop.model.record import Application, UnhandledError
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.parsers.platform_json import decoded
from lambdatop.render import units
from lambdatop.render.json_lines import json_lines, text_lines
from lambdatop.render.log_lines import LogDrawing, is_background, level_shape, log_rows
from lambdatop.render.log_message import readable_length, readable_part
from lambdatop.render.page import Page, stacked, with_targets
from lambdatop.render.span import Line, broken, line_text
from lambdatop.render.words import foreign, line, said

LINES_MAX = 2_000
"""Of the event itself; what is left out is counted."""
_LABEL_WIDTH = 12
_INDENT = "  "


def event_page(event: LogLine, context: Sequence[LogLine], drawing: LogDrawing) -> Page:
    """Return the page; each line of the context leads to its own key."""
    text, _ = readable_part(event.message, drawing.redacts)
    body = _raw(text) if drawing.is_raw else _read(event, text)
    return stacked([
        [*wrapped_rows(_head(event, drawing), drawing.width), ()],
        list(wrapped_rows(body, drawing.width)),
        _left_out(event),
        _context(event, context, drawing),
    ])  # fmt: skip


def _head(event: LogLine, drawing: LogDrawing) -> Iterator[Line]:
    stream = parse_log_stream(event.log_stream)
    kind = event.kind.replace("_", " ")
    level = event.level or ("" if is_background(event) else "no level")
    shape = level_shape(event, is_ascii=drawing.is_ascii)
    yield line(
        said(shape.text.strip() and f"{shape.text} ", shape.style),
        said(f"{level} ".lstrip(), shape.style),
        said(kind if kind != "application" else "log event", "heading"),
    )
    time = units.timestamp(event.timestamp_ms, drawing.is_utc)
    clock = units.clock(event.timestamp_ms, drawing.is_utc)
    yield _fact("time", time.replace(clock, f"{clock}.{event.timestamp_ms % 1000:03d}"))
    yield _ingestion(event, drawing)
    version = stream.version if stream is not None else None
    of_version = f"  version {version}" if version is not None else ""
    yield (*_fact("function", event.function.name), *line(foreign(of_version, "dim")))
    yield _fact("log stream", event.log_stream)
    yield _fact("request ID", event.request_id)


def _fact(label: str, value: str | None, style: str = "") -> Line:
    return line(said(f"{label:<{_LABEL_WIDTH}}", "dim"), foreign(value, style, 600))


def _ingestion(event: LogLine, drawing: LogDrawing) -> Line:
    ingested_ms = event.ingestion_time_ms
    if ingested_ms <= 0:
        return _fact("ingested", None)
    lag_ms = ingested_ms - event.timestamp_ms
    words = f"{units.clock(ingested_ms, drawing.is_utc)}.{ingested_ms % 1000:03d}"
    words += (
        f", {units.milliseconds(lag_ms)} later" if lag_ms >= 0 else f", {units.milliseconds(-lag_ms)} before its time"
    )
    late = said("  late" if event.is_late else "", "late")
    return (*_fact("ingested", words), *line(late))


def _raw(text: str) -> Iterator[Line]:
    yield _heading("Text", "as it came")
    yield from text_lines(text.rstrip(), _INDENT)


def _read(event: LogLine, text: str) -> Iterator[Line]:
    """Yield the event's message, then its fields."""
    record = parse_log_line(text)
    style = {"ERROR": "bad", "FATAL": "bad", "WARN": "warning"}.get(event.level or "", "")
    fields, message = json_in(text), None
    if isinstance(record, Application | UnhandledError) and record.message:
        message = record.message if fields is not None or isinstance(record, Application) else text
    if fields is None:
        yield _heading("Message")
        text = message or text
        is_report = is_background(event) or event.kind in ("report", "init_report", "restore_report")
        yield from text_lines((re.sub(r"\t\s*", "\n", text) if is_report else text).rstrip(), _INDENT, style)
        return
    if message and not message.startswith("{"):
        yield _heading("Message")
        yield from text_lines(message.rstrip(), _INDENT, style)
        yield ()
    yield _heading("Fields")
    yield from json_lines(fields, _INDENT)


def json_in(text: str) -> dict[str, Any] | None:
    r"""Return the JSON object that an event is, or that ends it, after a logger's columns or the runtime's advice.

    >>> json_in('2026-11-21T03:00:00.000Z\tid\tINFO\tpaid\t{"order":7}\n')
    {'order': 7}
    """
    for start in (0, text.find("\t{") + 1, text.find("\r{") + 1, text.find("\n{") + 1):
        if text.startswith("{", start):
            fields = decoded(text[start:])
            if fields is not None:
                return fields
    return None


def wrapped_rows(lines: Iterator[Line], width: int) -> Iterator[Line]:
    """Yield lines as rows that fit, each line's rows indented like it, and not without end."""
    for text in islice(lines, LINES_MAX):
        shown = line_text(text)
        hanging = max(0, min(len(shown) - len(shown.lstrip(" ")) + len(_INDENT), width // 2, width - 2))
        first, *rest = broken(text, max(2, width), hanging)
        yield first
        yield from ((said(" " * hanging), *row) for row in rest)
    left_out = sum(1 for _ in lines)
    if left_out:
        yield line(said(f"{_INDENT}… (+{left_out} lines)", "dim"))


def _left_out(event: LogLine) -> list[Line]:
    read = readable_length(event.message)
    if read == len(event.message):
        return [()]
    words = f"{_INDENT}… of {len(event.message):,} characters the first {read:,} were read"
    return [line(said(words, "dim")), ()]


def _context(event: LogLine, context: Sequence[LogLine], drawing: LogDrawing) -> Page:
    """Return the lines of the invocation, this one marked, each leading to its event."""
    if not context:
        return Page((_heading("Invocation"), line(said("  looking for its lines", "provisional"))))
    narrow = drawing._replace(
        width=max(2, drawing.width - 2), wraps=False, is_raw=False, shows_function=False, dims_platform=True, left=0
    )
    arrow = ">" if drawing.is_ascii else "▸"
    rows: list[Line] = []
    for one in context:
        is_this = one.key == event.key
        row = log_rows(one, narrow, is_unfolded=False, is_marked=False)[0]
        rows.append((said(f"{arrow} " if is_this else "  ", "accent"), *row))
    count = f"{len(context)} {'line' if len(context) == 1 else 'lines'}"
    return stacked([[_heading("Invocation", count)], with_targets(rows, [one.key for one in context])])


def _heading(text: str, beside: str = "") -> Line:
    return line(said(text, "heading"), said(f"  {beside}" if beside else "", "dim"))
