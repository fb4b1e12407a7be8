"""One log event, whole, with the lines of its invocation."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from lambdatop.model.log_line import LogFilter, LogLine
from lambdatop.model.question import Answer, LogAnswer, LogQuestion, Question
from lambdatop.render.event_page import event_page
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.page import Page
from lambdatop.ui.invocation_lines import CONTEXT_LINES, context_filter, invocation_lines
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.log_line_actions import LogLineActions
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session


class EventScreen(LogLineActions, PageScreen):
    """The event pretty-printed, its context below; `enter` on a line of the context shows that one."""

    KEYS: ClassVar[KeyPlace] = "event"
    TOPIC: ClassVar[str] = "event"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("event"), Binding("j", "raw", show=False, priority=True)]

    def __init__(self, session: Session, line: LogLine) -> None:
        super().__init__(session)
        self._line = line
        self._around: tuple[LogLine, ...] = ()
        self._is_raw = False

    @property
    def line(self) -> LogLine:
        """The event shown."""
        return self._line

    @property
    def log_filter(self) -> LogFilter:
        """What saving writes: the environment's lines."""
        return context_filter(self._line)

    def question(self) -> Question:
        """Ask for the lines around the event in its log stream."""
        return LogQuestion(
            topic=self.TOPIC,
            number=0,
            log_filter=context_filter(self._line),
            place=self._line.key,
            lines_before=CONTEXT_LINES,
            lines_from=CONTEXT_LINES,
        )

    def show_answer(self, answer: Answer) -> None:
        """Show the invocation's lines."""
        if isinstance(answer, LogAnswer) and answer.page.is_complete:
            self._around = invocation_lines(answer.page.lines, self._line)
            self.redraw()

    def page(self, picture: Picture, width: int) -> Page:
        """Return the event's page; each line of the context leads to its event."""
        drawing = LogDrawing(
            width=width, is_utc=picture.drawing.is_utc, is_ascii=picture.drawing.is_ascii, is_raw=self._is_raw
        )
        return event_page(self._line, self._around, drawing)

    def open_target(self, target: object) -> None:
        """Show another event of the invocation."""
        line = next((line for line in self._around if line.key == target), None)
        if line is not None and line.key != self._line.key:
            self._line = line
            self.redraw()

    def action_raw(self) -> None:
        """Show the text as it came, or read."""
        self._is_raw = not self._is_raw
        self.redraw()
