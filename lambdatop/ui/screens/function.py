"""One function, opened."""

from typing import ClassVar

from textual.binding import BindingType

from lambdatop.model.identity import FunctionKey
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.function_page import function_page
from lambdatop.render.page import Page, RequestTarget
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.function_actions import copy_and_say, open_request, show_console_link, show_reasons
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session


class FunctionScreen(PageScreen):
    """A function's numbers over every window, versions, settings, invocations and errors."""

    KEYS: ClassVar[KeyPlace] = "function"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("function")]

    def __init__(self, session: Session, key: FunctionKey) -> None:
        super().__init__(session)
        self.key = key

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The function."""
        return (self.key,)

    def on_mount(self) -> None:
        """Ask for everything about the function."""
        self.session.focus(self.key)
        super().on_mount()

    def on_unmount(self) -> None:
        """Ask for it no longer."""
        self.session.focus(None)

    def page(self, picture: Picture, width: int) -> Page:
        """Return the function's page."""
        detail = picture.snapshot.detail
        if detail is not None and detail.key != self.key:
            detail = None
        return function_page(self._function(picture), detail, picture.snapshot, picture.drawing, width)

    def action_reasons(self) -> None:
        """Say why the function is as it is."""
        function = self._function(self.picture)
        if function is not None:
            show_reasons(self.app, function)

    def action_environments(self) -> None:
        """Show the function's execution environments."""
        from lambdatop.ui.screens.environments import EnvironmentsScreen

        self.app.push_screen(EnvironmentsScreen(self.session, self.key))

    def action_logs(self) -> None:
        """Read the function's log."""
        from lambdatop.ui.screens.logs import LogsScreen

        self.app.push_screen(LogsScreen(self.session, (self.key,)))

    def open_target(self, target: object) -> None:
        """Open the request of an invocation or an error."""
        if isinstance(target, RequestTarget):
            open_request(self.app, self.session, target.request_id, target.function, target.moment)

    def action_console(self) -> None:
        """Show and copy the function's console link."""
        show_console_link(self.app, self.session, self.key)

    def action_copy(self) -> None:
        """Copy the function's ARN, or its name where the ARN is not known."""
        function = self._function(self.picture)
        copy_and_say(self.app, (function.function.arn if function else "") or self.key.name)

    def _function(self, picture: Picture | None) -> FunctionStatistics | None:
        functions = picture.snapshot.functions if picture is not None else ()
        return next((function for function in functions if function.key == self.key), None)
