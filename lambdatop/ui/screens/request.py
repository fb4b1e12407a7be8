"""One request, from end to end."""

from typing import ClassVar

from textual.binding import BindingType

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LineKey, LogLine, key_of_time
from lambdatop.model.question import Answer, LogMoment, Question, RequestAnswer, RequestQuestion
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.page import Page, RequestTarget
from lambdatop.render.request_page import request_page, shown_first
from lambdatop.render.saved_lines import text_line
from lambdatop.render.units import clock
from lambdatop.ui.clipboard import copy_text
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.function_actions import copy_and_say, open_request, show_trace_link
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.line_page import LinePage


class RequestScreen(PageScreen):
    """A request's outcome, numbers, links and lines; while it is open its function's lines are all read."""

    KEYS: ClassVar[KeyPlace] = "request"
    TOPIC: ClassVar[str] = "request"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("request")]

    def __init__(
        self,
        session: Session,
        *,
        request_id: str | None = None,
        trace_id: str | None = None,
        function: FunctionKey | None = None,
        moment: LogMoment | None = None,
    ) -> None:
        super().__init__(session)
        self.request_id = request_id
        self.trace_id = trace_id
        self.function = function
        self.moment = moment
        self.answer: RequestAnswer | None = None
        """The newest."""
        self._focus_before = session.view.focus

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """All its lines, in order."""
        occurrences = self.answer.occurrences if self.answer is not None else ()
        return tuple(line for one in occurrences for line in one.lines)

    def shows(self, request_id: str) -> bool:
        """Return whether it is this request that is open."""
        return request_id in (self.request_id, self.answer.request_id if self.answer is not None else None)

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The function that served it, where that is known."""
        return () if self.function is None else (self.function,)

    def on_mount(self) -> None:
        """Have all lines of its function read, where that is known."""
        self._focus(self.function)
        super().on_mount()

    def on_unmount(self) -> None:
        """Look at what was looked at before."""
        self.session.focus(self._focus_before)

    def question(self) -> Question:
        """Ask for the request."""
        return RequestQuestion(
            topic=self.TOPIC,
            number=0,
            request_id=self.request_id,
            trace_id=self.trace_id,
            function=self.function,
            moment=self.moment,
        )

    def show_answer(self, answer: Answer) -> None:
        """Show what is known by now."""
        if isinstance(answer, RequestAnswer):
            self.answer = answer
            if answer.occurrences:
                self._focus(answer.occurrences[-1].function)
            self.redraw()

    def page(self, picture: Picture, width: int) -> Page:
        """Return the request's page."""
        drawing = picture.drawing
        log_drawing = LogDrawing(
            width=width, is_utc=drawing.is_utc, is_ascii=drawing.is_ascii, wraps=True, dims_platform=True
        )
        return request_page(self.answer, self._asked_for(picture), picture.snapshot, drawing, log_drawing, self.moment)

    def _asked_for(self, picture: Picture) -> str:
        if self.request_id is not None:
            return f"request {self.request_id}"
        if self.moment is None:
            return f"trace {self.trace_id}"
        time = clock(self.moment.timestamp_ms, picture.drawing.is_utc)
        return f"the request that {self.moment.log_stream} served at {time}"

    def open_target(self, target: object) -> None:
        """Open a line's event, or a linked request."""
        if isinstance(target, RequestTarget):
            open_request(self.app, self.session, target.request_id, target.function, target.moment)
        elif isinstance(target, LineKey):
            from lambdatop.ui.screens.event import EventScreen

            line = next((line for line in self.lines if line.key == target), None)
            if line is not None:
                self.app.push_screen(EventScreen(self.session, line))

    def action_logs(self) -> None:
        """Read its function's log at the selected line, or else where it was served."""
        from lambdatop.ui.screens.logs import LogsScreen

        answer = self.answer
        if answer is None or not answer.occurrences:
            self.notify("It is not known whose request it is.", timeout=4, markup=False)
            return
        occurrence = answer.occurrences[shown_first(answer, self.moment)]
        target = self.query_one(LinePage).target
        invocation = occurrence.invocation
        at_ms = invocation.started_ms if invocation.started_ms is not None else invocation.ended_ms
        at = target if isinstance(target, LineKey) else None if at_ms is None else key_of_time(at_ms)
        self.app.push_screen(LogsScreen(self.session, (occurrence.function,), at=at))

    def action_trace(self) -> None:
        """Show and copy the link to its trace."""
        answer = self.answer
        if answer is None or answer.trace_id is None or not answer.occurrences:
            self.notify("No line names a trace.", timeout=4, markup=False)
        elif answer.is_sampled is False and answer.trace is None:
            self.notify("Its trace was not sampled, so X-Ray has none.", timeout=5, markup=False)
        else:
            show_trace_link(self.app, answer.occurrences[-1].function.region, answer.trace_id)

    def action_copy(self) -> None:
        """Copy the request ID."""
        found = self.answer.request_id if self.answer is not None else None
        copy_and_say(self.app, found or self.request_id or self.trace_id or "")

    def action_copy_lines(self) -> None:
        """Copy all its lines."""
        lines = self.lines
        if not lines:
            self.notify("There are no lines to copy.", timeout=4, markup=False)
        elif copy_text(self.app, "\n".join(text_line(line, self.session.redact) for line in lines)):
            self.notify(f"{len(lines)} lines", title="copied", timeout=3, markup=False)
        else:
            self.notify("too long for a terminal's clipboard", title="not copied", timeout=5, markup=False)

    def _focus(self, function: FunctionKey | None) -> None:
        if function is not None and function != self.session.view.focus:
            self.session.focus(function)
