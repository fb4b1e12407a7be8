"""The execution environments of one function."""

from typing import ClassVar

from textual.binding import BindingType

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LogFilter
from lambdatop.model.question import Answer, EnvironmentAnswer, EnvironmentQuestion, Question
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.drawing import Drawing
from lambdatop.render.environment_map import EnvironmentTarget, environment_map
from lambdatop.render.page import Page
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.line_page import LinePage

_Drawn = tuple[EnvironmentAnswer | None, FunctionStatistics | None, Drawing, int]


class EnvironmentsScreen(PageScreen):
    """A function's environments as cells and rows; a row leads to what that environment logged."""

    KEYS: ClassVar[KeyPlace] = "environments"
    TOPIC: ClassVar[str] = "environments"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("environments")]

    def __init__(self, session: Session, key: FunctionKey) -> None:
        super().__init__(session)
        self.key = key
        self.answer: EnvironmentAnswer | None = None
        """The newest."""
        self._drawn: tuple[_Drawn, Page] | None = None

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The function."""
        return (self.key,)

    def question(self) -> Question:
        """Ask for the function's environments."""
        return EnvironmentQuestion(topic=self.TOPIC, number=0, function=self.key)

    def show_answer(self, answer: Answer) -> None:
        """Show the environments as they are now."""
        if isinstance(answer, EnvironmentAnswer):
            self.answer = answer
            self.redraw()

    def page(self, picture: Picture, width: int) -> Page:
        """Return the map and the table; the same page again, as long as nothing has changed that it is made of."""
        function = next((one for one in picture.snapshot.functions if one.key == self.key), None)
        made_of = self.answer, function, picture.drawing, width
        if self._drawn is None or self._drawn[0] != made_of:
            self._drawn = made_of, environment_map(self.answer, function, picture.drawing, width)
        return self._drawn[1]

    def selected_stream(self) -> str | None:
        """Return the log stream of the selected environment, None where there is none."""
        target = self.query_one(LinePage).target
        return target.log_stream if isinstance(target, EnvironmentTarget) else None

    def action_logs(self) -> None:
        """Read the function's log."""
        from lambdatop.ui.screens.logs import LogsScreen

        self.app.push_screen(LogsScreen(self.session, (self.key,)))

    def open_target(self, target: object) -> None:
        """Read what an environment logged."""
        if isinstance(target, EnvironmentTarget):
            from lambdatop.ui.screens.logs import LogsScreen

            streams = LogFilter(log_streams=(target.log_stream,))
            self.app.push_screen(LogsScreen(self.session, (target.function,), streams))
