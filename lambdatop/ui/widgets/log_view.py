"""The lines of the log view."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatop.model.log_line import LineKey, LogLine
from lambdatop.model.question import LogAnswer
from lambdatop.render.log_lines import LogDrawing, log_rows
from lambdatop.render.span import Line, pad
from lambdatop.render.words import marked
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.log_window import LogWindow, ScreenRow

_ROWS_KEPT = 4_000
SCROLL_CELLS = 20
_WHEEL_LINES = 3


class LogView(LineWidget, can_focus=True):
    """Shows lines around a cursor; what is not held is asked for by whoever hears `Moved`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("left", "scroll_cells(-1)", show=False),
        Binding("right", "scroll_cells(1)", show=False),
    ]

    class Moved(Message):
        """The cursor is on another line, or other lines are on screen."""

    class Opened(Message):
        """The line under the cursor was clicked."""

    def __init__(self) -> None:
        super().__init__(id="log")
        self.window = LogWindow()
        self.marks: set[LineKey] = set()
        self._unfolded: set[LineKey] = set()
        self._is_all_unfolded = False
        self._drawing = LogDrawing(width=80)
        self._empty: tuple[Line, ...] = ()
        self._rows: dict[LineKey, Sequence[Line]] = {}
        self._on_screen: list[ScreenRow] = []

    @property
    def drawing(self) -> LogDrawing:
        """How lines are drawn; the width is the widget's."""
        return self._drawing

    @property
    def waiting_below(self) -> int | None:
        """How many lines stand below those on screen; None while that is not known."""
        return self.window.waiting_below(self._on_screen)

    @property
    def on_screen(self) -> tuple[LogLine, ...]:
        """The lines on screen."""
        indexes = dict.fromkeys(row.line_index for row in self._on_screen)
        return tuple(self.window.lines[index] for index in indexes)

    def draw_as(self, drawing: LogDrawing) -> None:
        """Draw in another way."""
        if drawing != self._drawing:
            self._drawing = drawing
            self._rows.clear()
            self.update_lines()

    def show_empty(self, lines: tuple[Line, ...]) -> None:
        """Say this where there is no line."""
        self._empty = lines
        self.update_lines()

    def show_answer(self, answer: LogAnswer, *, is_jump: bool) -> None:
        """Show an answer's lines."""
        self.window.take(answer, self.size.height, is_jump=is_jump)
        self.update_lines()

    def follow(self, *, is_wanted: bool) -> None:
        """Stay with the newest line, or let go of it."""
        if is_wanted:
            self.window.follow()
        else:
            self.window.let_go()
        self.update_lines()

    def toggle_fold(self) -> None:
        """Unfold the line under the cursor, or fold it."""
        key = self.window.key
        if key is not None:
            self._unfolded ^= {key}
            self._draw_again(key)

    def toggle_all_folds(self) -> None:
        """Unfold all lines, or fold them."""
        self._is_all_unfolded = not self._is_all_unfolded
        self._unfolded.clear()
        self._rows.clear()
        self.update_lines()

    def toggle_mark(self) -> None:
        """Mark the line under the cursor, or take its mark away."""
        key = self.window.key
        if key is not None:
            self.marks ^= {key}
            self._draw_again(key)

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the rows on screen, the cursor's marked."""
        if width != self._drawing.width:
            self._drawing = self._drawing._replace(width=width)
            self._rows.clear()
        if not self.window.lines:
            self._on_screen = []
            return self._empty
        self._on_screen = self.window.layout(height, self._rows_of)
        here = self.window.index
        return tuple(marked(pad(row, width)) if index == here else row for index, row in self._on_screen)

    def action_move(self, lines: int) -> None:
        """Move the cursor by lines; at the newest line, go on with it."""
        window = self.window
        if lines > 0 and window.is_at_end:
            window.follow()
        elif lines < 0 or not window.is_following:
            window.move(lines, self.size.height, self._rows_of)
        self._moved()

    def action_page(self, pages: int) -> None:
        """Move by screens; at the newest line, go on with it."""
        window = self.window
        if pages < 0 or not window.is_following:
            window.page(pages, self.size.height, self._rows_of)
        if pages > 0 and window.is_at_end:
            window.follow()
        self._moved()

    def action_scroll_cells(self, direction: int) -> None:
        """Scroll sideways, where long lines do not wrap."""
        left = max(0, self._drawing.left + direction * SCROLL_CELLS)
        self.draw_as(self._drawing._replace(left=left))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a line; a click on the cursor's line opens it."""
        event.stop()
        if not 0 <= event.y < len(self._on_screen):
            return
        if self._on_screen[event.y].line_index == self.window.index and not self.window.is_following:
            self.post_message(self.Opened())
        else:
            self.window.select(event.y, self._on_screen)
            self._moved()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(-_WHEEL_LINES)

    def _moved(self) -> None:
        self.update_lines()
        self.post_message(self.Moved())

    def _draw_again(self, key: LineKey) -> None:
        self._rows.pop(key, None)
        self.update_lines()

    def _rows_of(self, line: LogLine) -> Sequence[Line]:
        rows = self._rows.get(line.key)
        if rows is None:
            if len(self._rows) >= _ROWS_KEPT:
                self._rows.clear()
            is_unfolded = self._is_all_unfolded is not (line.key in self._unfolded)
            rows = log_rows(line, self._drawing, is_unfolded=is_unfolded, is_marked=line.key in self.marks)
            self._rows[line.key] = rows or ((),)
        return self._rows[line.key]
