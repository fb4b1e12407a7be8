"""Small charts out of block characters, one line high."""

from collections.abc import Sequence

from lambdatop.render.span import Line, Printable, Span

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII_BLOCKS = "_.:-=+*#"
_PARTIAL = " ▏▎▍▌▋▊▉"


def sparkline(
    values: Sequence[float | None],
    width: int,
    provisional: int = 0,
    maximum: float | None = None,
    is_ascii: bool = False,
) -> Line:
    """Return the newest `width` values (oldest first) as columns, right-aligned in exactly `width` cells.

    Zero is the lowest block and anything above it is at least the next one, so that a single error can be seen;
    None is a dim dot. `maximum` is the value of a full column (default: the largest shown). The newest `provisional`
    columns are drawn in the style "provisional", as they may still change.

    >>> [span.text for span in sparkline([0, 1, None, 8], 6, provisional=1)]
    ['  ', '▁▂', '·', '█']
    >>> [span.text for span in sparkline([0, 1, None, 8], 4, is_ascii=True)]
    ['_.', ' ', '#']
    """
    shown = values[-width:] if width > 0 else ()
    top = maximum if maximum is not None else max((value for value in shown if value is not None), default=0)
    blocks = _ASCII_BLOCKS if is_ascii else _BLOCKS
    cells: list[tuple[str, str]] = [(" ", "")] * (max(0, width) - len(shown))
    for index, value in enumerate(shown):
        if value is None:
            cells.append((" " if is_ascii else "·", "dim"))
        else:
            style = "provisional" if index >= len(shown) - provisional else "bar"
            cells.append((blocks[_level(value, top)], style))
    return cells_line(cells)


def bar(value: float | None, peak: float | None, limit: float | None, width: int, is_ascii: bool = False) -> Line:
    """Return a horizontal bar of `value` in exactly `width` cells, its recent `peak` shaded and its `limit` marked.

    The right edge is the limit, or what is largest where that is more or there is no limit. Styles: "bar",
    "bar_peak", "bar_limit"; an unknown value is drawn in dim dots.

    >>> [span.text for span in bar(3, 5, 8, 8)]
    ['███', '░░', '  ', '│']
    >>> [span.text for span in bar(8, 8, 8, 4)], bar(None, None, 10, 3)
    (['███', '█'], (Span(text='···', style='dim'),))
    """
    if width <= 0:
        return ()
    if value is None:
        return (Span(Printable(("." if is_ascii else "·") * width), "dim"),)
    scale = max(value, peak or 0, limit or 0)
    share = value / scale if scale > 0 else float(limit is not None)
    cells = _filled(share, width, is_ascii)
    peak_cells = round(min(1.0, (peak or 0) / scale) * width) if scale > 0 else 0
    for index in range(width):
        if cells[index][0] == " " and index < peak_cells:
            cells[index] = ("-" if is_ascii else "░", "bar_peak")
    if limit is not None:
        at = max(0, min(width - 1, -(-int(limit * width) // max(1, int(scale))) - 1))
        character = cells[at][0] if cells[at][1] == "bar" else ("|" if is_ascii else "│")
        cells[at] = (character, "bar_limit")
    return cells_line(cells)


def cells_line(cells: Sequence[tuple[str, str]]) -> Line:
    """Return cells as a line, neighbours of one style in one span."""
    spans: list[Span] = []
    for character, style in cells:
        if spans and spans[-1].style == style:
            spans[-1] = Span(Printable(spans[-1].text + character), style)
        else:
            spans.append(Span(Printable(character), style))
    return tuple(spans)


def _level(value: float, top: float) -> int:
    """Return the block (0 to 7) for a value: 0 for zero alone."""
    if value <= 0:
        return 0
    return 7 if value >= top else 1 + int(value / top * 6.999)


def _filled(share: float, width: int, is_ascii: bool) -> list[tuple[str, str]]:
    """Return cells filled up to `share` of `width`, to an eighth of a cell; more than nothing is seen."""
    eighths = min(width * 8, round(share * width * 8))
    if share > 0:
        eighths = max(1, eighths)
    whole, part = divmod(eighths, 8)
    if is_ascii:
        whole, part = max(1 if share > 0 else 0, round(eighths / 8)), 0
    cells = [("#" if is_ascii else "█", "bar")] * whole
    if part:
        cells.append((_PARTIAL[part], "bar"))
    return cells + [(" ", "")] * (width - len(cells))
