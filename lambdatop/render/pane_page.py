"""A pane's own page: its number, where that comes from, and every row."""

from lambdatop.model.snapshot import Snapshot
from lambdatop.render.drawing import Drawing
from lambdatop.render.pane_layout import row_line, trend_line
from lambdatop.render.panes import Pane, pane_content
from lambdatop.render.span import Line
from lambdatop.render.words import line, said, wrapped

ROWS_SHOWN = 200


def pane_page(pane: Pane, snapshot: Snapshot, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return the page; names and numbers stand no further apart than the eye can follow."""
    content = pane_content(pane, snapshot, drawing, ROWS_SHOWN)
    lines: list[Line] = [line(said(content.title, "heading"), said("  "), *content.origin)]
    lines.extend(wrapped(pane.help, width, "dim"))
    lines.append(())
    if content.trouble is not None:
        return (*lines, *wrapped(content.trouble, width, "warning"))
    lines.append(line(said("now  ", "dim"), *content.number))
    lines.append(line(said("15m  ", "dim"), *trend_line(content, drawing)))
    lines.append(())
    rows = [row_line(row, min(width, 100)) for row in content.worst]
    lines.extend(rows or [line(said(f" {content.calm}", "dim"))])
    return tuple(lines)
