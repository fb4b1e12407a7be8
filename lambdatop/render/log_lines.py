"""A line of the log view as rows of cells: gutter, time, level, function, request ID, message.

Columns are as wide for every line of a drawing. Where the message would get fewer than `MESSAGE_WIDTH_MIN` cells, the
request ID is left out, then the milliseconds, then the function's name is cut short, and left out below 8 cells.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from lambdatop.model.log_line import LineKind, LogLine, TextCondition
from lambdatop.render import units
from lambdatop.render.highlight import Highlight, highlight_of
from lambdatop.render.log_message import LINE_LIMIT, Wording, worded
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Span, broken, crop, pad, shifted
from lambdatop.render.words import said

MESSAGE_WIDTH_MIN = 45
NAME_WIDTH_MIN, NAME_WIDTH_MAX = 8, 40
FOLDED_ROWS_MAX = 8
"""Rows of a long line that wraps, before it is unfolded."""
UNFOLDED_LINES_MAX = 1_000
REQUEST_WIDTH = 8
_FIXED_WIDTH = 2 + 8 + 1 + 1 + 1
"""Gutter, time to the second and level, with the blanks after them."""
_INDENT = 2
_NARROW_WIDTH = 40
"""Below, rows are cropped as a whole: gutter, time and a fold's count alone may be wider."""
_MILLISECONDS_WIDTH = 4
_LEVEL_SHAPES = {
    "FATAL": ("✖", "F", "bad"),
    "ERROR": ("✖", "E", "bad"),
    "WARN": ("▲", "W", "warning"),
    "INFO": ("·", "I", ""),
    "DEBUG": ("∙", "D", "dim"),
    "TRACE": ("∙", "T", "dim"),
}
_KIND_SHAPES: dict[LineKind, tuple[str, str, str]] = {
    "start": ("▷", ">", "dim"),
    "end": ("◁", "<", "dim"),
    "report": ("◁", "<", "dim"),
    "init_start": ("◇", "o", "accent"),
    "init_report": ("◇", "o", "accent"),
    "restore_start": ("◇", "o", "accent"),
    "restore_report": ("◇", "o", "accent"),
    "logs_dropped": ("▲", "W", "warning"),
}
_NO_SHAPE = (" ", " ", "")
_OTHER_PLATFORM = ("▫", "-", "dim")
_OWN_KINDS = frozenset(("application", "unhandled_error"))


class LogDrawing(NamedTuple):
    """How lines are drawn, the same for all lines on screen."""

    width: int
    is_utc: bool = False
    is_ascii: bool = False
    is_raw: bool = False
    wraps: bool = False
    dims_platform: bool = False
    shows_function: bool = False
    name_width: int = 0
    """Cells of the longest function name; more than 40 are cut short."""
    highlights: tuple[TextCondition, ...] = ()
    redacts: Callable[[str], str] | None = None
    """Applied to an event before anything is drawn of it."""
    left: int = 0
    """Cells by which messages are scrolled to the left where they do not wrap."""


class LogColumns(NamedTuple):
    """What of a line is shown before its message, and where that begins."""

    name_width: int
    shows_request: bool
    shows_milliseconds: bool
    message_start: int


@lru_cache(maxsize=64)
def columns_of(width: int, name_width: int, *, shows_function: bool) -> LogColumns:
    """Return the columns that leave the message `MESSAGE_WIDTH_MIN` cells."""
    room = width - MESSAGE_WIDTH_MIN - _FIXED_WIDTH
    name = min(name_width, NAME_WIDTH_MAX) if shows_function else 0
    name_cells = name + 1 if name else 0
    shows_request = room >= name_cells + _MILLISECONDS_WIDTH + REQUEST_WIDTH + 1
    shows_milliseconds = room >= name_cells + _MILLISECONDS_WIDTH
    if name_cells > room:
        name = room - 1 if room - 1 >= NAME_WIDTH_MIN else 0
        name_cells = name + 1 if name else 0
        shows_milliseconds = room >= name_cells + _MILLISECONDS_WIDTH
    start = _FIXED_WIDTH + name_cells
    start += (_MILLISECONDS_WIDTH if shows_milliseconds else 0) + (REQUEST_WIDTH + 1 if shows_request else 0)
    return LogColumns(name, shows_request, shows_milliseconds, start)


def log_rows(
    line: LogLine, drawing: LogDrawing, *, is_unfolded: bool = False, is_marked: bool = False
) -> tuple[Line, ...]:
    """Return the line as rows of at most `drawing.width` cells, one row unless it wraps or is unfolded."""
    columns = columns_of(drawing.width, drawing.name_width, shows_function=drawing.shows_function)
    head = _head(line, drawing, columns, is_marked=is_marked)
    room = max(2, drawing.width - columns.message_start)
    wording = worded(line, _limit(drawing, room, is_unfolded), is_raw=drawing.is_raw, redacts=drawing.redacts)
    highlight = highlight_of(drawing.highlights)
    dims = drawing.dims_platform and is_background(line)
    rows = (
        _unfolded(wording, line, drawing, room, highlight)
        if is_unfolded
        else _folded(wording, drawing, room, highlight)
    )
    if dims:
        rows = [tuple(Span(span.text, span.style if span.style == "match" else "dim") for span in row) for row in rows]
    blank = said(" " * columns.message_start)
    drawn = [(*head, *rows[0]), *((blank, *row) for row in rows[1:])]
    return tuple(crop(row, drawing.width) for row in drawn) if drawing.width < _NARROW_WIDTH else tuple(drawn)


def is_background(line: LogLine) -> bool:
    """Return whether the platform wrote the line about itself, and it tells of no failure."""
    return line.kind not in _OWN_KINDS and line.level not in {"ERROR", "FATAL"}


def level_shape(line: LogLine, *, is_ascii: bool) -> Span:
    """Return the line's level, or its platform kind where it has none, in one cell."""
    if line.level is not None and (line.kind in _OWN_KINDS or line.level in {"ERROR", "FATAL"}):
        shape, letter, style = _LEVEL_SHAPES[line.level]
    elif line.kind in _OWN_KINDS:
        shape, letter, style = _NO_SHAPE
    else:
        shape, letter, style = _KIND_SHAPES.get(line.kind, _OTHER_PLATFORM)
    return said(letter if is_ascii else shape, style)


def _head(line: LogLine, drawing: LogDrawing, columns: LogColumns, *, is_marked: bool) -> list[Span]:
    mark = ("*" if drawing.is_ascii else "◆") if is_marked else " "
    time = units.clock(line.timestamp_ms, drawing.is_utc).ljust(8)
    if columns.shows_milliseconds:
        time += f".{line.timestamp_ms % 1000:03d}"
    head = [
        said(mark, "mark" if is_marked else ""),
        said("~" if line.is_late else " ", "late" if line.is_late else ""),
        said(f"{time} ", "dim"),
        level_shape(line, is_ascii=drawing.is_ascii),
        said(" "),
    ]
    if columns.name_width:
        head.extend(_cell(line.function.name, columns.name_width, "heading"))
    if columns.shows_request:
        head.extend(_cell((line.request_id or "")[:REQUEST_WIDTH], REQUEST_WIDTH, "dim"))
    return head


@lru_cache(maxsize=4096)
def _cell(text: str, width: int, style: str) -> Line:
    return (*pad((said(printable(text, 200), style),), width), said(" "))


def _limit(drawing: LogDrawing, room: int, is_unfolded: bool) -> int:
    """Return how many characters of the first line can come to be seen."""
    if not drawing.wraps:
        return min(LINE_LIMIT, drawing.left + 2 * room + 1)
    return LINE_LIMIT if is_unfolded else min(LINE_LIMIT, (FOLDED_ROWS_MAX + 1) * room)


def _folded(wording: Wording, drawing: LogDrawing, room: int, highlight: Highlight | None) -> list[Line]:
    first = _highlighted(wording.first, highlight)
    if wording.hidden:
        count = wording.hidden
        fold = ">" if drawing.is_ascii else "▸"
        is_found = highlight is not None and highlight.is_in(wording.rest)
        suffix = said(f" {fold} +{count} {'line' if count == 1 else 'lines'}", "match" if is_found else "accent")
        return [(*crop(shifted(first, 0 if drawing.wraps else drawing.left), max(1, room - len(suffix.text))), suffix)]
    if not drawing.wraps:
        return [crop(shifted(first, drawing.left), room)]
    rows = list(broken(first, room))
    if len(rows) > FOLDED_ROWS_MAX:
        last = (*rows[FOLDED_ROWS_MAX - 1], said("…", "accent"))
        rows = [*rows[: FOLDED_ROWS_MAX - 1], crop(last, room)]
    return rows


def _unfolded(
    wording: Wording, line: LogLine, drawing: LogDrawing, room: int, highlight: Highlight | None
) -> list[Line]:
    rows = list(_fitted(_highlighted(wording.first, highlight), drawing, room))
    style = "bad" if line.level in {"ERROR", "FATAL"} else ""
    indent = said(" " * _INDENT) if room > 20 else said("")
    for text in wording.lines(UNFOLDED_LINES_MAX, style):
        fitted = _fitted(_highlighted(text, highlight), drawing, room - len(indent.text))
        rows.extend((indent, *row) for row in fitted)
    return rows


def _fitted(line: Line, drawing: LogDrawing, room: int) -> tuple[Line, ...]:
    return broken(line, room) if drawing.wraps else (crop(shifted(line, drawing.left), room),)


def _highlighted(line: Line, highlight: Highlight | None) -> Line:
    return line if highlight is None else highlight.line(line)
