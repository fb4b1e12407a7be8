"""A pane fitted into a place: as a block of lines, as one line, or as a page of all its rows."""

from lambdatop.render import units
from lambdatop.render.block_chart import sparkline
from lambdatop.render.drawing import Drawing
from lambdatop.render.panes import PaneContent, PaneRow
from lambdatop.render.span import Line, line_width, pad
from lambdatop.render.words import line, said, spread, wrapped

TREND_WIDTH = 15
_FOLDED_TITLE_WIDTH = 15
_FOLDED_NUMBER_WIDTH = 21


def pane_block(content: PaneContent, digit: str, width: int, height: int, drawing: Drawing) -> tuple[Line, ...]:
    """Return the pane as `height` lines of `width`: title and origin, number and trend, then the worst ones.

    Where there are no numbers the reason stands in their place, in whole words.
    """
    title = _title_line(content, digit, width, drawing)
    if content.trouble is not None:
        sentence = wrapped(content.trouble, width - 1, "warning", indent=" ")
        return _filled((title, *_bounded(sentence, height - 1)), height)
    chart = trend_line(content, drawing)
    numbers = spread(_number(content, width - TREND_WIDTH - 2), chart, width - 1)
    rows = [row_line(row, width) for row in content.worst[: max(0, height - 2)]]
    if not rows:
        rows = [line(said(f" {content.calm}", "dim"))]
    return _filled((title, (said(" "), *numbers), *rows), height)


def pane_line(content: PaneContent, digit: str, width: int, drawing: Drawing) -> Line:
    """Return the pane as one line: title, number, trend and the worst one, each left out where it does not fit."""
    title = pad(line(said(f"{digit} ", "key"), said(content.title, "heading")), _FOLDED_TITLE_WIDTH)
    room = width - _FOLDED_TITLE_WIDTH
    if content.trouble is not None:
        return pad((*title, *_whole_words(content.trouble, room)), width)
    number_width = min(_FOLDED_NUMBER_WIDTH, room)
    numbers = pad(_number(content, number_width), number_width)
    room -= line_width(numbers)
    chart = trend_line(content, drawing)
    parts = [*title, *numbers]
    if room >= TREND_WIDTH + 1:
        parts += [said(" "), *chart]
        room -= TREND_WIDTH + 1
    if room >= 12:
        worst = _folded_worst(content, room - 2)
        parts += [said("  "), *worst]
    return pad(tuple(parts), width)


def _folded_worst(content: PaneContent, width: int) -> Line:
    if content.worst:
        return row_line(content.worst[0], width + 1)[1:]
    return _whole_words(content.calm, width, "dim")


def row_line(row: PaneRow, width: int) -> Line:
    """Return a name and its numbers at both ends of a line, the name cut with an ellipsis where it must be.

    Where the numbers leave the name too little, only the first of them stays.
    """
    value = row.value
    room = width - 1 - line_width(value) - 1
    if room < min(12, line_width(row.name)):
        value = value[:1]
        room = width - 1 - line_width(value) - 1
    return (said(" "), *pad(row.name, max(1, room)), said(" "), *value)


def _title_line(content: PaneContent, digit: str, width: int, drawing: Drawing) -> Line:
    rule = "-" if drawing.is_ascii else "─"
    left = line(said(f"{digit} ", "key"), said(content.title, "heading"), said(" "))
    right = (said(" "), *content.origin) if content.origin else ()
    room = width - line_width(left) - line_width(right)
    if room < 1:
        return pad(left, width)
    return (*left, said(rule * room, "rule"), *right)


def _number(content: PaneContent, width: int) -> Line:
    """Return the number with as much of what belongs to it as fits; one older than it should be is marked."""
    number = content.number
    if content.is_behind:
        mark = "" if number[0].text == units.UNKNOWN else "~"
        number = (said(f"{mark}{number[0].text}", "late"), *(span._replace(style="late") for span in number[1:]))
    while len(number) > 1 and line_width(number) > width:
        number = number[:-1]
    return number


def trend_line(content: PaneContent, drawing: Drawing) -> Line:
    """Return the last fifteen minutes as columns."""
    return sparkline(content.trend, TREND_WIDTH, provisional=content.provisional, is_ascii=drawing.is_ascii)


def _whole_words(text: str, width: int, style: str = "warning") -> Line:
    return _bounded(wrapped(text, width - 1, style), 1)[0]


def _bounded(lines: tuple[Line, ...], height: int) -> tuple[Line, ...]:
    """Return at most `height` lines, the last ending in an ellipsis where some are left off."""
    if len(lines) <= height:
        return lines
    last = lines[height - 1]
    return (*lines[: height - 1], (*last, said("…", last[-1].style if last else "")))


def _filled(lines: tuple[Line, ...], height: int) -> tuple[Line, ...]:
    return (*lines[:height], *((),) * (height - len(lines)))
