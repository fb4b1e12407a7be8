"""The table of functions."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatop.model.identity import FunctionKey
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.columns import Column
from lambdatop.render.drawing import Drawing
from lambdatop.render.empty_words import Empty, empty_lines
from lambdatop.render.span import Line
from lambdatop.render.table_layout import TableLayout, heading_line, row_line, table_layout
from lambdatop.ui.line_widget import LineWidget

_ROWS_KEPT = 500


class FunctionTable(LineWidget, can_focus=True):
    """Rows of functions below a line of headings; the cursor stays on its function whatever the order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
    ]

    class HeadingClicked(Message):
        """A heading was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    class Opened(Message):
        """The selected row was clicked."""

    class Moved(Message):
        """Other rows are on screen, or another one is selected."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._functions: tuple[FunctionStatistics, ...] = ()
        self._drawing = Drawing()
        self._sort_column = "state"
        self._is_descending = False
        self._empty = Empty()
        self._cursor = 0
        self._cursor_key: FunctionKey | None = None
        self._top = 0
        self._skip = 0
        self._layout = table_layout(0)
        self._drawn: dict[FunctionKey, tuple[object, Line]] = {}

    @property
    def selected(self) -> FunctionStatistics | None:
        """The function under the cursor."""
        return self._functions[self._cursor] if self._cursor < len(self._functions) else None

    @property
    def on_screen(self) -> tuple[FunctionStatistics, ...]:
        """The functions on screen."""
        return self._functions[self._top : self._top + self._rows]

    @property
    def _rows(self) -> int:
        return max(0, self.size.height - 1)

    def show_functions(
        self,
        functions: tuple[FunctionStatistics, ...],
        drawing: Drawing,
        sort_column: str,
        *,
        is_descending: bool,
        empty: Empty,
    ) -> None:
        """Show rows in this order, or `empty` where there are none."""
        self._functions, self._drawing, self._empty = functions, drawing, empty
        self._sort_column, self._is_descending = sort_column, is_descending
        if self._cursor_key is not None:
            keys = (index for index, function in enumerate(functions) if function.key == self._cursor_key)
            self._cursor = next(keys, self._cursor)
        self.update_lines()

    def scroll_columns(self, direction: int) -> None:
        """Hide one column more or less at the left."""
        step = direction if direction < 0 or self._layout.hidden_after else 0
        self._skip = max(0, self._skip + step)
        self.update_lines()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by some screens."""
        self._move_to(self._cursor + pages * max(1, self._rows - 1))

    def action_edge(self, direction: int) -> None:
        """Move the cursor to the first or the last row."""
        self._move_to(0 if direction < 0 else len(self._functions) - 1)

    def on_resize(self) -> None:
        """Say that other rows may be on screen."""
        self.post_message(self.Moved())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_move(-3)

    def on_click(self, event: events.Click) -> None:
        """Sort by a heading, select a row, open the row that is selected."""
        event.stop()
        if event.y == 0:
            column = self._layout.column_at(event.x)
            if column is not None:
                self.post_message(self.HeadingClicked(column))
            return
        row = self._top + event.y - 1
        if row >= len(self._functions):
            return
        if row == self._cursor and self._cursor_key is not None:
            self.post_message(self.Opened())
        else:
            self._move_to(row)

    def _move_to(self, row: int) -> None:
        self._cursor = max(0, min(row, len(self._functions) - 1))
        self._cursor_key = self.selected.key if self.selected else None
        self.update_lines()
        self.post_message(self.Moved())

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the headings and the rows around the cursor."""
        rows = max(0, height - 1)
        self._cursor = max(0, min(self._cursor, len(self._functions) - 1))
        self._top = max(0, min(self._top, len(self._functions) - rows, self._cursor))
        self._top = max(self._top, self._cursor - rows + 1)
        self._layout = self._fitted_layout(width)
        heading = heading_line(
            self._layout, self._sort_column, is_descending=self._is_descending, is_ascii=self._drawing.is_ascii
        )
        lines = tuple(
            self._row(function, is_selected=self._top + index == self._cursor)
            for index, function in enumerate(self.on_screen)
        )
        return (heading, *(lines or empty_lines(self._empty, width)))

    def _row(self, function: FunctionStatistics, *, is_selected: bool) -> Line:
        """Return a row, the one drawn before where nothing that it shows has changed."""
        minute = self._drawing._replace(now_ms=self._drawing.now_ms // 60_000)
        inputs = (function, self._layout, minute, is_selected)
        drawn = self._drawn.get(function.key)
        if drawn is None or drawn[0] != inputs:
            if len(self._drawn) >= _ROWS_KEPT:
                self._drawn.clear()
            row = row_line(function, self._layout, self._drawing, is_selected=is_selected)
            drawn = self._drawn[function.key] = (inputs, row)
        return drawn[1]

    def _fitted_layout(self, width: int) -> TableLayout:
        layout = table_layout(width, self._skip)
        self._skip = layout.hidden_before
        return layout
