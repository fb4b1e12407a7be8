"""A page of lines longer than the screen."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from lambdatop.render.span import Line
from lambdatop.render.words import line, said
from lambdatop.ui.line_widget import LineWidget


class LinePage(LineWidget, can_focus=True):
    """Scrolls by line and by screen; what does not fit below is counted in the last line."""

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
        self._page_for: Callable[[int], tuple[Line, ...]] | None = None
        self.top = 0
        """Index of the first line on screen."""

    def show_page(self, page_for: Callable[[int], tuple[Line, ...]]) -> None:
        """Show the page that a function returns for a width, keeping the place where the reader is."""
        self._page_for = page_for
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the lines on screen."""
        page = () if self._page_for is None else self._page_for(width)
        self.top = max(0, min(self.top, len(page) - height))
        below = len(page) - self.top - height
        shown = page[self.top : self.top + height]
        return (*shown[:-1], line(said(f"↓ {below + 1} more lines", "dim"))) if below > 0 else shown

    def action_move(self, lines: int) -> None:
        """Scroll by some lines."""
        self.top = max(0, self.top + lines)
        self.update_lines()

    def action_page(self, pages: int) -> None:
        """Scroll by some screens."""
        self.action_move(pages * max(1, self.size.height - 2))

    def action_edge(self, direction: int) -> None:
        """Go to the first or the last line."""
        self.action_move(direction * 1_000_000)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll as the wheel says."""
        event.stop()
        self.action_move(-3)
