"""A place that is one long page of text."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from lambdatop.render.page import Page
from lambdatop.render.span import Line
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.widgets.line_page import LinePage


class PageScreen(PlaceScreen):
    """Shows what `page` says and opens what its lines lead to; escape goes back."""

    KEYS: ClassVar[KeyPlace] = "page"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("page")]
    AUTO_FOCUS: ClassVar[str | None] = "LinePage"

    def page(self, picture: Picture, width: int) -> Page | tuple[Line, ...]:
        """Return the page's lines, as a `Page` where some lead somewhere."""
        raise NotImplementedError

    def open_target(self, target: object) -> None:
        """Open what a line leads to; for places whose page has targets."""

    def body(self) -> Iterable[Widget]:
        """Return the page's widget."""
        yield LinePage(id="page")

    def draw(self, picture: Picture) -> None:
        """Show the page as it is now, keeping the reader's place."""
        self.query_one(LinePage).show_page(partial(self.page, picture))

    def action_open(self) -> None:
        """Open what the selected line leads to."""
        target = self.query_one(LinePage).target
        if target is not None:
            self.open_target(target)

    @on(LinePage.Opened)
    def _open_clicked(self, message: LinePage.Opened) -> None:
        self.open_target(message.target)

    def action_back(self) -> None:
        """Go back."""
        self.app.pop_screen()
