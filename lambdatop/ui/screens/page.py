"""A place that is one long page of text."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from lambdatop.render.span import Line
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.widgets.line_page import LinePage


class PageScreen(PlaceScreen):
    """Shows what `page` says; escape goes back."""

    KEYS: ClassVar[KeyPlace] = "page"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("page")]
    AUTO_FOCUS: ClassVar[str | None] = "LinePage"

    def page(self, picture: Picture, width: int) -> tuple[Line, ...]:
        """Return the page's lines."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """Return the page's widget."""
        yield LinePage(id="page")

    def draw(self, picture: Picture) -> None:
        """Show the page as it is now, keeping the reader's place."""
        self.query_one(LinePage).show_page(partial(self.page, picture))

    def action_back(self) -> None:
        """Go back."""
        self.app.pop_screen()
