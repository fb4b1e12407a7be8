"""One error group, opened: what it is, where it is seen, and its failures, each of which leads to its request."""

from typing import ClassVar

from textual.binding import BindingType

from lambdatop.model.log_line import key_of_time
from lambdatop.model.question import Answer, ErrorAnswer, ErrorFailure, ErrorQuestion, LogMoment
from lambdatop.model.snapshot import ErrorGroup
from lambdatop.render.error_page import error_page
from lambdatop.render.page import Page
from lambdatop.render.saved_lines import message_text
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.function_actions import copy_lines_and_say, open_request
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.line_page import LinePage


class ErrorGroupScreen(PageScreen):
    """An error group's place; it asks for the failures that snapshots do not hold."""

    KEYS: ClassVar[KeyPlace] = "error"
    TOPIC: ClassVar[str] = "error"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("error")]

    def __init__(self, session: Session, group: ErrorGroup) -> None:
        super().__init__(session)
        self.group: ErrorGroup | None = group
        self._signature = group.signature
        self._answer: ErrorAnswer | None = None
        self._is_unfolded = False

    def question(self) -> ErrorQuestion:
        """Ask for the group's failures."""
        return ErrorQuestion(topic=self.TOPIC, number=0, signature=self._signature)

    def show_answer(self, answer: Answer) -> None:
        """Show the group as it is now."""
        if isinstance(answer, ErrorAnswer):
            self._answer, self.group = answer, answer.group
            self.redraw()

    def page(self, picture: Picture, width: int) -> Page:
        """Return the group's page."""
        return error_page(
            self.group, self._answer, picture.snapshot, picture.drawing, width, is_unfolded=self._is_unfolded
        )

    def open_target(self, target: object) -> None:
        """Open the request of a failure; where none is named, the one that was served at its moment."""
        if not isinstance(target, ErrorFailure):
            return
        reference = target.reference
        moment = LogMoment(reference.log_stream, reference.timestamp_ms)
        open_request(self.app, self.session, reference.request_id, reference.function, moment)

    def action_logs(self) -> None:
        """Read the log of the selected failure's function, at its moment."""
        target = self.query_one(LinePage).target
        if isinstance(target, ErrorFailure):
            self._open_log(target)

    def action_copy(self) -> None:
        """Copy what tells of the newest failure, its stack trace included."""
        text = self._answer.sample_text if self._answer is not None else None
        if text is None:
            self.notify("No line that tells of it is held.", timeout=4, markup=False)
        else:
            copy_lines_and_say(self.app, message_text(text, self.session.redact))

    def action_fold(self) -> None:
        """Show the whole stack trace, or a part of it."""
        self._is_unfolded = not self._is_unfolded
        self.redraw()

    def _open_log(self, failure: ErrorFailure) -> None:
        from lambdatop.ui.screens.logs import LogsScreen

        reference = failure.reference
        place = key_of_time(reference.timestamp_ms)
        self.app.push_screen(LogsScreen(self.session, (reference.function,), at=place))
