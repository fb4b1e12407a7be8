"""Asks before a query that may cost noticeably, or that may not work."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from lambdatop.render.query_place_words import cost_question_lines
from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LINE_CLASSES, LineWidget


class CostQuestion(ModalScreen[bool]):
    """y runs it; any other key, or a click, does not."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES

    def __init__(self, estimated_bytes: float | None, hours: float, groups: str, warning: str | None) -> None:
        super().__init__()
        self._told = estimated_bytes, hours, groups, warning

    def compose(self) -> ComposeResult:
        """The question."""
        yield _Question(*self._told)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        self.dismiss(event.key == "y")

    def on_click(self) -> None:
        """Leave."""
        self.dismiss(result=False)


class _Question(LineWidget):
    def __init__(self, estimated_bytes: float | None, hours: float, groups: str, warning: str | None) -> None:
        super().__init__(id="question")
        self._told = estimated_bytes, hours, groups, warning

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the question, its end in any case."""
        lines = cost_question_lines(*self._told, width)
        return lines if len(lines) <= height else (*lines[: height - 1], lines[-1])
