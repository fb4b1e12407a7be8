"""The errors place: all groups of failures that look the same, and the functions that fail most."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from lambdatop.model.identity import FunctionKey
from lambdatop.model.snapshot import Snapshot
from lambdatop.render.drawing import Drawing
from lambdatop.render.error_list import ORDERS, ErrorList, ErrorOrder, error_list
from lambdatop.render.page import Page
from lambdatop.render.panes import PANES_BY_KIND
from lambdatop.render.span import Line
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.pane import PaneScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.line_page import LinePage
from lambdatop.ui.widgets.page_head import PageHead

if TYPE_CHECKING:
    from lambdatop.ui.widgets.filter_bar import FilterBar


_Asked = tuple[Snapshot, Drawing, int, ErrorOrder, str]


class ErrorsScreen(PaneScreen):
    """The errors pane's own place."""

    KEYS: ClassVar[KeyPlace] = "errors"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("errors")]

    def __init__(self, session: Session) -> None:
        super().__init__(session, PANES_BY_KIND["errors"])
        self.order: ErrorOrder = "count"
        self.filter_text = ""
        self._listed: tuple[_Asked, ErrorList] | None = None

    def body(self) -> Iterable[Widget]:
        """Return what stands above the list, and the list."""
        yield PageHead(id="page-head")
        yield from super().body()

    def draw(self, picture: Picture) -> None:
        """Show the list as it is now, keeping the reader's place."""
        self.query_one(PageHead).show_head(partial(self._head, picture))
        super().draw(picture)

    def page(self, picture: Picture, width: int) -> Page:
        """Return the list."""
        return self._list(picture, width).page

    def open_target(self, target: object) -> None:
        """Open an error, or a function."""
        if isinstance(target, FunctionKey):
            from lambdatop.ui.screens.function import FunctionScreen

            self.app.push_screen(FunctionScreen(self.session, target))
            return
        groups = self.picture.snapshot.error_groups if self.picture is not None else ()
        group = next((group for group in groups if group.signature == target), None)
        if group is not None:
            from lambdatop.ui.screens.error_group import ErrorGroupScreen

            self.app.push_screen(ErrorGroupScreen(self.session, group))

    def action_sort(self) -> None:
        """Sort by the next order."""
        orders = list(ORDERS)
        self.order = orders[(orders.index(self.order) + 1) % len(orders)]
        self.redraw()

    def action_filter(self) -> None:
        """Ask for a filter below the list."""
        from lambdatop.ui.widgets.filter_bar import FilterBar

        if not self.query(FilterBar):
            bar = FilterBar(self.filter_text, placeholder="words of the message, the type, the kind or a function")
            self.mount(bar, after="#page")

    def filter_by(self, text: str) -> None:
        """Show the errors that match."""
        self.filter_text = text
        self.redraw()

    def on_filter_bar_changed(self, message: "FilterBar.Changed") -> None:
        """Filter while one types."""
        self.filter_by(message.text)

    def on_filter_bar_closed(self) -> None:
        """Give the keys back to the list."""
        self.query("#filter-bar").remove()
        self.query_one(LinePage).focus()

    def action_back(self) -> None:
        """Leave the filter, then the place."""
        if self.filter_text:
            self.filter_by("")
        else:
            super().action_back()

    def _head(self, picture: Picture, width: int) -> tuple[Line, ...]:
        return self._list(picture, width).head

    def _list(self, picture: Picture, width: int) -> ErrorList:
        """Return the list, worked out once for its head and its lines and whichever is selected of them."""
        asked = (picture.snapshot, picture.drawing, width, self.order, self.filter_text)
        if self._listed is None or not _is_same(self._listed[0], asked):
            self._listed = asked, error_list(*asked)
        return self._listed[1]


def _is_same(one: _Asked, other: _Asked) -> bool:
    return one[0] is other[0] and one[2:] == other[2:]
