"""One of the six panes."""

from textual import events
from textual.message import Message

from lambdatop.render.drawing import Drawing
from lambdatop.render.pane_layout import pane_block, pane_line
from lambdatop.render.panes import Pane, PaneContent
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
        self._shown: tuple[PaneContent, Drawing] | None = None

    def show_content(self, content: PaneContent, drawing: Drawing) -> None:
        """Show what the pane says."""
        self._shown = (content, drawing)
        width, height = self.size
        if not width or not height:
            return
        if height > 1:
            lines = pane_block(content, self._digit, width, height, drawing)
        else:
            lines = (pane_line(content, self._digit, width, drawing),)
        if self.has_focus:
            lines = (tuple(span._replace(style=f"{span.style} selected".strip()) for span in lines[0]), *lines[1:])
        self.show(lines)

    def on_focus(self) -> None:
        """Mark the pane."""
        self._again()

    def on_blur(self) -> None:
        """Take the mark away."""
        self._again()

    def on_resize(self) -> None:
        """Fill the new place."""
        self._again()

    def on_click(self, event: events.Click) -> None:
        """Open the pane."""
        event.stop()
        self.post_message(self.Opened(self.pane))

    def _again(self) -> None:
        if self._shown is not None:
            self.show_content(*self._shown)
