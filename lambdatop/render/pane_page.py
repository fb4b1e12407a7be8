"""A pane's own page: its number, where that comes from, and every row."""

from lambdatop.render.drawing import Drawing
from lambdatop.render.pane_layout import row_line, trend_line
from lambdatop.render.panes import Pane, PaneContent
from lambdatop.render.span import Line
from lambdatop.render.words import line, said, wrapped


def pane_page(pane: Pane, content: PaneContent, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return the page; names and numbers stand no further apart than the eye can follow."""
    lines: list[Line] = [line(said(content.title, "heading"), said("  "), *content.origin)]
    lines.extend(wrapped(pane.help, width, "dim"))
    lines.append(())
    if content.trouble is not None:
        return (*lines, *wrapped(content.trouble, width, "warning"))
    lines.append(line(said("now  ", "dim"), *content.number))
    lines.append(line(said("15m  ", "dim"), *trend_line(content, drawing)))
    lines.append(())
    rows = [row_line(row, min(width, 100)) for row in content.worst]
    return (*lines, *(rows or [line(said(f" {content.calm}", "dim"))]))
