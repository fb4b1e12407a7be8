"""A page of lines longer than the screen, some of which may lead somewhere."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatop.render.page import Page
from lambdatop.render.span import Line, pad
from lambdatop.render.words import line, marked, said
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.page_cursor import PageCursor


class LinePage(LineWidget, can_focus=True):
    """Scrolls by line and by screen; what does not fit below is counted in the last line.

    Where the page has targets, the arrows go from one to the next on screen, and `target` is the selected one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
    ]

    class Opened(Message):
        """The selected line was clicked."""

        def __init__(self, target: object) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._page_for: Callable[[int], Page | tuple[Line, ...]] | None = None
        self.cursor = PageCursor()

    @property
    def top(self) -> int:
        """Index of the first line on screen."""
        return self.cursor.top

    @property
    def target(self) -> object:
        """What the selected line leads to, None where none is."""
        return self.cursor.target

    def show_page(self, page_for: Callable[[int], Page | tuple[Line, ...]]) -> None:
        """Show the page that a function returns for a width, keeping the place where the reader is.

        A `Page` may say what its lines lead to; plain lines lead nowhere.
        """
        self._page_for = page_for
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the lines on screen."""
        page = () if self._page_for is None else self._page_for(width)
        if not isinstance(page, Page):
            page = Page(page)
        cursor = self.cursor
        cursor.show(page, height)
        shown = list(page.lines[cursor.top : cursor.end])
        if cursor.selected is not None:
            row = cursor.selected - cursor.top
            shown[row] = marked(pad(shown[row], width))
        below = len(page.lines) - cursor.end
        return (*shown, line(said(f"↓ {below} more lines", "dim"))) if below > 0 else tuple(shown)

    def action_move(self, lines: int) -> None:
        """Go to the next line that leads somewhere, or scroll by some lines."""
        self.cursor.move(lines)
        self.update_lines()

    def action_page(self, pages: int) -> None:
        """Scroll by some screens."""
        self.cursor.page(pages)
        self.update_lines()

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        self.cursor.edge(direction)
        self.update_lines()

    def on_click(self, event: events.Click) -> None:
        """Select a line that leads somewhere; where it is selected, say that it is to be opened."""
        event.stop()
        if self.cursor.choose(self.cursor.top + event.y):
            self.post_message(self.Opened(self.cursor.target))
        self.update_lines()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(-3)
