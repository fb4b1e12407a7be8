"""Asks before Live Tail is started, since it is paid by the minute."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from lambdatop.model.view import LiveTailChoice
from lambdatop.render.live_tail_words import question_lines
from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LINE_CLASSES, LineWidget


class LiveTailQuestion(ModalScreen[bool]):
    """y starts it; any other key, or a click, leaves everything as it is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES

    def __init__(self, choice: LiveTailChoice) -> None:
        super().__init__()
        self._choice = choice

    def compose(self) -> ComposeResult:
        """The question."""
        yield _Question(self._choice)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        self.dismiss(event.key == "y")

    def on_click(self) -> None:
        """Leave."""
        self.dismiss(result=False)


class _Question(LineWidget):
    def __init__(self, choice: LiveTailChoice) -> None:
        super().__init__(id="question")
        self._choice = choice

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  the style sheet leaves room
        """Return the question."""
        return question_lines(self._choice, width)
