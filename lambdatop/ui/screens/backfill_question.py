"""Asks before the past is read by Insights, which is paid by the byte."""

from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from lambdatop.model.reading import BackfillOffer
from lambdatop.render.span import Line
from lambdatop.render.wide_logs_words import question_lines
from lambdatop.ui.line_widget import LINE_CLASSES, LineWidget

BackfillAnswer = Literal["read", "never", "later"]


class BackfillQuestion(ModalScreen[BackfillAnswer]):
    """y reads it, n never does; any other key, or a click, leaves the question open."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES

    def __init__(self, asked: tuple[BackfillOffer, ...]) -> None:
        super().__init__()
        self._asked = asked

    def compose(self) -> ComposeResult:
        """The question."""
        yield _Question(self._asked)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        answers: dict[str, BackfillAnswer] = {"y": "read", "n": "never"}
        self.dismiss(answers.get(event.key, "later"))

    def on_click(self) -> None:
        """Leave."""
        self.dismiss("later")


class _Question(LineWidget):
    def __init__(self, asked: tuple[BackfillOffer, ...]) -> None:
        super().__init__(id="question")
        self._asked = asked

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  the style sheet leaves room
        """Return the question."""
        return question_lines(self._asked, width)
