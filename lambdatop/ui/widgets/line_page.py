"""A page of lines longer than the screen, with a cursor where its lines can be chosen."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from lambdatop.render.span import Line
from lambdatop.render.words import line, said
from lambdatop.ui.line_widget import LineWidget


class LinePage(LineWidget, can_focus=True):
    """Scrolls by line and by page; what is above and below is kept, what is on screen is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._page: tuple[Line, ...] = ()
        self.top = 0
        """Index of the first line on screen."""

    def show_page(self, page: tuple[Line, ...]) -> None:
        """Show a page, keeping the place where the reader is."""
        self._page = page
        self.scroll_to_line(self.top)

    def scroll_to_line(self, top: int) -> None:
        """Put a line at the top of the screen, or as near as the page's end allows."""
        height = max(1, self.size.height)
        self.top = max(0, min(top, len(self._page) - height))
        shown = self._page[self.top : self.top + height]
        below = len(self._page) - self.top - height
        if below > 0:
            shown = (*shown[:-1], line(said(f"↓ {below + 1} more lines", "dim")))
        self.show(shown)

    def action_move(self, lines: int) -> None:
        """Scroll by some lines."""
        self.scroll_to_line(self.top + lines)

    def action_page(self, pages: int) -> None:
        """Scroll by some screens."""
        self.scroll_to_line(self.top + pages * max(1, self.size.height - 1))

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        self.scroll_to_line(0 if direction < 0 else len(self._page))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(-3)

    def on_resize(self) -> None:
        """Fill the new height."""
        self.scroll_to_line(self.top)
