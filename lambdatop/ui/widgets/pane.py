"""One of the six panes."""

from textual import events
from textual.message import Message

from lambdatop.render.drawing import Drawing
from lambdatop.render.pane_layout import pane_block, pane_line
from lambdatop.render.panes import Pane, PaneContent
from lambdatop.render.span import Line
from lambdatop.render.words import marked
from lambdatop.ui.line_widget import LineWidget


class PaneWidget(LineWidget, can_focus=True):
    """Shows a pane as a block where there is room, else as one line."""

    class Opened(Message):
        """The pane was clicked."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, pane: Pane, digit: str) -> None:
        super().__init__(id=f"pane-{pane.kind}")
        self.pane = pane
        self._digit = digit
        self._content: tuple[PaneContent, Drawing] | None = None

    def show_content(self, content: PaneContent, drawing: Drawing) -> None:
        """Show what the pane says."""
        self._content = (content, drawing)
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the pane as a block or as a line, its first line marked where the pane has the keys."""
        if self._content is None:
            return ()
        content, drawing = self._content
        if height > 1:
            lines = pane_block(content, self._digit, width, height, drawing)
        else:
            lines = (pane_line(content, self._digit, width, drawing),)
        return (marked(lines[0]), *lines[1:]) if self.has_focus else lines

    def on_focus(self) -> None:
        """Mark the pane."""
        self.update_lines()

    def on_blur(self) -> None:
        """Take the mark away."""
        self.update_lines()

    def on_click(self, event: events.Click) -> None:
        """Open the pane."""
        event.stop()
        self.post_message(self.Opened(self.pane))
