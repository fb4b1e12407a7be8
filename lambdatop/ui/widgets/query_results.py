"""What came of a query: a table, a chart, or a sentence."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatop.render.query_table import QueryTable
from lambdatop.render.span import Line, Printable, Span, line_width
from lambdatop.render.words import marked
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.query_columns import shown_columns

LinesFor = Callable[[int, int], tuple[Line, ...]]


class QueryResults(LineWidget, can_focus=True):
    """Shows a table with a cursor for its row and its column, or else the lines that a function returns for a size."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("left,h", "column(-1)", show=False),
        Binding("right", "column(1)", show=False),
    ]

    class Moved(Message):
        """Another row or column is under the cursor."""

        def __init__(self, row: int, column: int) -> None:
            super().__init__()
            self.row, self.column = row, column

    class Opened(Message):
        """The row under the cursor was clicked."""

    class HeadingClicked(Message):
        """A column's heading was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__(id="query-results")
        self._table: QueryTable | None = None
        self._lines_of: LinesFor | None = None
        self._row = self._column = self._top = 0

    def show_table(self, table: QueryTable, row: int, column: int) -> None:
        """Show a table with its cursor at a row and a column."""
        if self._lines_of is None and (table, row, column) == (self._table, self._row, self._column):
            return
        self._table, self._lines_of = table, None
        self._row, self._column = row, column
        self.update_lines()

    def show_lines_of(self, lines_of: LinesFor) -> None:
        """Show what a function returns for a width and a height, such as a chart."""
        self._table, self._lines_of = None, lines_of
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the headings and the rows around the cursor, or the lines."""
        table = self._table
        if table is None:
            return () if self._lines_of is None else self._lines_of(width, height)[:height]
        rows = max(0, height - 1)
        here = max(0, min(self._row, table.row_count - 1))
        self._top = max(0, min(self._top, table.row_count - rows, here))
        self._top = max(self._top, here - rows + 1)
        shown = table.lines(self._top, rows, width)
        body = tuple(marked(row) if self._top + at == here else row for at, row in enumerate(shown))
        return (self._heading(table, width), *body)

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._go(self._row + rows, self._column)

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self._go(self._row + pages * max(1, self.size.height - 2), self._column)

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last row."""
        self._go(0 if direction < 0 else self._table.row_count if self._table is not None else 0, self._column)

    def action_column(self, columns: int) -> None:
        """Go to another column."""
        self._go(self._row, self._column + columns)

    def on_focus(self) -> None:
        """Show which column has the cursor."""
        self.update_lines()

    def on_blur(self) -> None:
        """Show it no longer."""
        self.update_lines()

    def on_click(self, event: events.Click) -> None:
        """Choose a row or a heading; the row under the cursor is opened."""
        event.stop()
        table = self._table
        if table is None:
            return
        if event.y == 0:
            column = table.layout(self.size.width).column_at(event.x)
            names = [each.name for each in shown_columns(table)]
            if column is not None and column.name in names:
                self.post_message(self.HeadingClicked(names.index(column.name)))
            return
        row = self._top + event.y - 1
        if row == self._row:
            self.post_message(self.Opened())
        elif row < table.row_count:
            self._go(row, self._column)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_move(-3)

    def _go(self, row: int, column: int) -> None:
        table = self._table
        if table is None:
            return
        self._row = max(0, min(row, table.row_count - 1))
        self._column = max(0, min(column, len(shown_columns(table)) - 1))
        self.update_lines()
        self.post_message(self.Moved(self._row, self._column))

    def _heading(self, table: QueryTable, width: int) -> Line:
        """Return the headings, the one of the cursor's column marked while one moves here."""
        heading = table.header(width)
        names = [each.name for each in shown_columns(table)]
        if not self.has_focus or not names:
            return heading
        here = names[min(self._column, len(names) - 1)]
        spots = [(one.x, one.x + one.width) for one in table.layout(width).placed if one.column.name == here]
        return _with_style(heading, *spots[0], "selected") if spots else heading


def _with_style(row: Line, start: int, end: int, style: str) -> Line:
    """Return a row whose cells from `start` to `end` have a style more."""
    spans: list[Span] = []
    x = 0
    for span in row:
        if x >= end or x + line_width((span,)) <= start:
            spans.append(span)
            x += line_width((span,))
            continue
        for letter in span.text:
            piece = Span(Printable(letter), span.style)
            is_inside = start <= x < end
            spans.append(piece._replace(style=f"{piece.style} {style}".strip()) if is_inside else piece)
            x += line_width((piece,))
    return tuple(spans)
