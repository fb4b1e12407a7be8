"""The editor of a query."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.query_buffer import QueryBuffer
from lambdatop.ui.query_layout import column_of, layout_rows, offset_at, row_of
from lambdatop.ui.query_offers import Offers, QueryOffers
from lambdatop.ui.query_picture import MARGIN_WIDTH, Marks, row_picture, styles_of

_WHEEL_ROWS = 3
_CHANGES: Mapping[str, Callable[[QueryBuffer], object]] = {
    "newline": lambda buffer: buffer.newline(),
    "delete_left": lambda buffer: buffer.delete(-1),
    "delete_right": lambda buffer: buffer.delete(1),
    "delete_word_left": lambda buffer: buffer.delete_word(-1),
    "delete_word_right": lambda buffer: buffer.delete_word(1),
    "kill_left": lambda buffer: buffer.kill_line(-1),
    "kill_right": lambda buffer: buffer.kill_line(1),
    "yank": lambda buffer: buffer.yank(),
    "undo": lambda buffer: buffer.undo(),
    "redo": lambda buffer: buffer.redo(),
}


class QueryEditor(LineWidget, can_focus=True):
    """Shows a buffer with its cursor and changes it as keys say; what does not fit is scrolled after the cursor."""

    takes_lines = True
    """Whether pasted text keeps its lines."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,ctrl+b", "step(-1)", show=False),
        Binding("right,ctrl+f", "step(1)", show=False),
        Binding("shift+left", "step(-1, True)", show=False),
        Binding("shift+right", "step(1, True)", show=False),
        Binding("up", "line(-1)", show=False),
        Binding("down,ctrl+n", "line(1)", show=False),
        Binding("shift+up", "line(-1, True)", show=False),
        Binding("shift+down", "line(1, True)", show=False),
        Binding("pageup", "screens(-1)", show=False),
        Binding("pagedown", "screens(1)", show=False),
        Binding("ctrl+left,alt+left,alt+b", "word(-1)", show=False),
        Binding("ctrl+right,alt+right,alt+f", "word(1)", show=False),
        Binding("ctrl+shift+left", "word(-1, True)", show=False),
        Binding("ctrl+shift+right", "word(1, True)", show=False),
        Binding("home,ctrl+a", "edge(-1)", show=False),
        Binding("end,ctrl+e", "edge(1)", show=False),
        Binding("shift+home", "edge(-1, True)", show=False),
        Binding("shift+end", "edge(1, True)", show=False),
        Binding("ctrl+home", "go(-1)", show=False),
        Binding("ctrl+end", "go(1)", show=False),
        Binding("enter,ctrl+j", "change('newline')", show=False),
        Binding("backspace", "change('delete_left')", show=False),
        Binding("delete,ctrl+d", "change('delete_right')", show=False),
        Binding("ctrl+w,alt+backspace", "change('delete_word_left')", show=False),
        Binding("alt+d,ctrl+delete", "change('delete_word_right')", show=False),
        Binding("ctrl+u", "change('kill_left')", show=False),
        Binding("ctrl+k", "change('kill_right')", show=False),
        Binding("ctrl+y", "change('yank')", show=False),
        Binding("ctrl+z,ctrl+underscore", "change('undo')", show=False),
        Binding("alt+z,ctrl+shift+z", "change('redo')", show=False),
        Binding("tab,ctrl+space,ctrl+at", "complete", show=False),
    ]

    class Changed(Message):
        """Another text stands there."""

    class Moved(Message):
        """The cursor went somewhere else, or offers came or went."""

    class Copying(Message):
        """What is selected is to be copied."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Full(Message):
        """What was typed or pasted did not fit whole."""

    def __init__(self) -> None:
        super().__init__(id="query-editor")
        self.buffer = QueryBuffer()
        self.offers = QueryOffers()
        self._problem: tuple[int, int] | None = None
        self._top = 0
        self._rows = layout_rows("", 1)
        self._drawn: tuple[str, int, int | None] = ("", 0, None)
        """Text, cursor and the selection's beginning as they were drawn last."""
        self._goal: int | None = None
        """The column that up and down keep to."""

    def show_buffer(self, buffer: QueryBuffer) -> None:
        """Edit this buffer."""
        if buffer is not self.buffer:
            self.buffer, self._top, self._goal = buffer, 0, None
            self.offers.close()
        if self._drawn != (buffer.text, buffer.cursor, buffer.anchor):
            self.update_lines()

    def show_problem(self, problem: tuple[int, int] | None) -> None:
        """Mark a stretch of the text as the place of a problem, by offsets."""
        if problem != self._problem:
            self._problem = problem
            self.update_lines()

    def offer_from(self, source: Callable[[str, int], Offers | None]) -> None:
        """Say what completes the text at an offset."""
        self.offers.source = source

    def rows_needed(self, width: int) -> int:
        """Return how many rows the whole text takes in a width."""
        return len(layout_rows(self.buffer.text, max(1, width - MARGIN_WIDTH - 1)))

    @property
    def cursor_cell(self) -> tuple[int, int]:
        """Where the start of what would be completed is drawn, else the cursor: column and row of the widget."""
        offset = self.offers.start if self.offers.is_open else self.buffer.cursor
        row = row_of(self._rows, offset)
        return MARGIN_WIDTH + column_of(self.buffer.text, self._rows[row], offset), row - self._top

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the rows around the cursor; the first ones while one writes elsewhere."""
        buffer, text = self.buffer, self.buffer.text
        self._drawn = text, buffer.cursor, buffer.anchor
        room = max(1, width - MARGIN_WIDTH - 1)
        self._rows = rows = layout_rows(text, room)
        here, has_focus = row_of(rows, buffer.cursor), self.has_focus
        self._top = max(0, min(self._top, here, len(rows) - height)) if has_focus else 0
        self._top = max(self._top, here - height + 1) if has_focus else 0
        marks = Marks(buffer.cursor if has_focus else None, buffer.selection, self._problem)
        styles = styles_of(text, marks)
        shown = range(self._top, min(self._top + height, len(rows)))
        more = (self._top > 0, self._top + height < len(rows))
        return tuple(
            row_picture(
                text,
                rows[at],
                styles,
                marks,
                has_focus=has_focus,
                is_cut=(at == shown[0] and more[0]) or (at == shown[-1] and more[1]),
            )
            for at in shown
        )

    def on_focus(self) -> None:
        """Show the cursor."""
        self.update_lines()

    def on_blur(self) -> None:
        """Show no cursor, and offer nothing."""
        self.offers.close()
        self.update_lines()
        self.post_message(self.Moved())

    def on_key(self, event: events.Key) -> None:
        """Write what is typed; while something is offered, choose among it."""
        if self.offers.is_open and event.key in ("escape", "up", "down", "tab", "enter"):
            event.stop()
            self._choose(event.key)
        elif event.key == "ctrl+c" and self.buffer.selection is not None:
            event.stop()
            self.post_message(self.Copying(self.buffer.selected_text))
        elif event.is_printable and event.character is not None:
            event.stop()
            self._told(self.buffer.type(event.character))
            self.offers.follow(self.buffer)
            self._changed()

    def on_paste(self, event: events.Paste) -> None:
        """Write what is pasted."""
        event.stop()
        self._told(self.buffer.insert(event.text))
        self._changed()

    def action_change(self, change: str) -> None:
        """Change the text in one of the ways that keys do."""
        self._told(_CHANGES[change](self.buffer) is not False or change in ("undo", "redo"))
        self.offers.follow(self.buffer)
        self._changed()

    def action_complete(self) -> None:
        """Offer what may stand here; where there is one thing, write it."""
        if self.offers.open(self.buffer):
            self._changed()
        self._moved()

    def action_step(self, direction: int, selects: bool = False) -> None:
        """Go a character on or back."""
        ends = self.buffer.selection
        if ends is not None and not selects:
            self._go(ends[0] if direction < 0 else ends[1])
        else:
            self._go(self.buffer.cursor + direction, selects=selects)

    def action_word(self, direction: int, selects: bool = False) -> None:
        """Go a word on or back."""
        self._go(self.buffer.word_edge(direction), selects=selects)

    def action_edge(self, direction: int, selects: bool = False) -> None:
        """Go to the beginning or the end of the line."""
        self._go(self.buffer.line_edge(direction), selects=selects)

    def action_go(self, direction: int) -> None:
        """Go to the beginning or the end of the text."""
        self._go(0 if direction < 0 else len(self.buffer.text))

    def action_line(self, rows: int, selects: bool = False) -> None:
        """Go rows up or down, in the same column where there is one."""
        text, here = self.buffer.text, row_of(self._rows, self.buffer.cursor)
        goal = column_of(text, self._rows[here], self.buffer.cursor) if self._goal is None else self._goal
        to = here + rows
        if 0 <= to < len(self._rows):
            self._go(offset_at(text, self._rows[to], goal), selects=selects)
            self._goal = goal
        else:
            self._go(0 if to < 0 else len(text), selects=selects)

    def action_screens(self, screens: int) -> None:
        """Go screens up or down."""
        rows = screens * max(1, self.size.height - 1)
        here = row_of(self._rows, self.buffer.cursor)
        self.action_line(max(-here, min(rows, len(self._rows) - 1 - here)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the mouse is."""
        row = min(self._top + event.y, len(self._rows) - 1)
        self._go(offset_at(self.buffer.text, self._rows[row], max(0, event.x - MARGIN_WIDTH)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_line(_WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move as the wheel says."""
        event.stop()
        self.action_line(-_WHEEL_ROWS)

    def _choose(self, key: str) -> None:
        if key in ("up", "down"):
            self.offers.move(-1 if key == "up" else 1)
        elif key == "escape":
            self.offers.close()
        else:
            self.offers.take(self.buffer)
            self._changed()
        self._moved()

    def _go(self, offset: int, *, selects: bool = False) -> None:
        self.buffer.go(offset, selects=selects)
        self._goal = None
        self.offers.close()
        self._moved()

    def _told(self, is_whole: object) -> None:
        if not is_whole:
            self.post_message(self.Full())

    def _changed(self) -> None:
        self._goal = None
        self.update_lines()
        self.post_message(self.Changed())

    def _moved(self) -> None:
        self.update_lines()
        self.post_message(self.Moved())
