"""The first screen: six panes and the table of functions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from lambdatop.model.identity import FunctionKey
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.columns import COLUMNS_BY_ID, Column
from lambdatop.render.empty_words import empty_reason
from lambdatop.render.panes import PANES, pane_content
from lambdatop.render.row_order import ordered, selected
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.function_actions import copy_function_name, show_console_link, show_reasons
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.function_table import FunctionTable
from lambdatop.ui.widgets.pane import PaneWidget

if TYPE_CHECKING:
    from lambdatop.ui.widgets.filter_bar import FilterBar

BLOCKS_WIDTH_MIN, BLOCKS_HEIGHT_MIN = 100, 30
"""Below this size panes are one line each."""


class OverviewScreen(PlaceScreen):
    """Everything at a glance, and the way to everything else."""

    KEYS: ClassVar[KeyPlace] = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("overview")]
    AUTO_FOCUS: ClassVar[str | None] = "FunctionTable"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.filter_text = ""
        self.sort_column = "state"
        self.is_descending = False

    def body(self) -> Iterable[Widget]:
        """Return the panes and the table."""
        yield Container(*(PaneWidget(pane, str(index)) for index, pane in enumerate(PANES, start=1)), id="panes")
        yield FunctionTable(id="functions")

    def redraw(self) -> None:
        """Draw again with the filter in force."""
        chosen = selected(self.session.snapshot.functions, self.filter_text)
        self.show(self.session.picture(self.filter_text, len(chosen)))

    def draw(self, picture: Picture) -> None:
        """Show the panes' contents and the rows in their order."""
        for widget in self.query(PaneWidget):
            widget.show_content(pane_content(widget.pane, picture.snapshot, picture.drawing), picture.drawing)
        table = self.query_one(FunctionTable)
        table.show_functions(
            self._rows(picture),
            picture.drawing,
            self.sort_column,
            is_descending=self.is_descending,
            empty=empty_reason(picture.snapshot, self.filter_text, self.session.settings.patterns),
        )
        self._tell_visible()

    def on_resize(self, event: events.Resize) -> None:
        """Fold the panes where there is no room for blocks."""
        is_wide = event.size.width >= BLOCKS_WIDTH_MIN and event.size.height >= BLOCKS_HEIGHT_MIN
        self.query_one("#panes").set_class(not is_wide, "-folded")
        super().on_resize(event)

    def sort_by(self, column: Column) -> None:
        """Sort by a column; by the same one again, turn the order round."""
        if column.id == self.sort_column:
            self.is_descending = not self.is_descending
        else:
            self.sort_column, self.is_descending = column.id, column.is_descending
        self.redraw()

    def filter_by(self, text: str) -> None:
        """Show the functions that match."""
        self.filter_text = text
        self.redraw()

    def on_filter_bar_changed(self, message: "FilterBar.Changed") -> None:
        """Filter while one types."""
        self.filter_by(message.text)

    def on_filter_bar_closed(self) -> None:
        """Give the keys back to the table."""
        self.query("#filter-bar").remove()
        self.query_one(FunctionTable).focus()

    @on(FunctionTable.HeadingClicked)
    def _sort_by_heading(self, message: FunctionTable.HeadingClicked) -> None:
        self.sort_by(message.column)

    @on(FunctionTable.Opened)
    async def _open_clicked(self) -> None:
        await self.action_open()

    @on(FunctionTable.Moved)
    def _tell_visible(self) -> None:
        self.session.look_at(function.key for function in self.query_one(FunctionTable).on_screen)

    @on(PaneWidget.Opened)
    async def _open_pane(self, message: PaneWidget.Opened) -> None:
        await self.run_action(f"app.pane('{message.pane.kind}')")

    async def action_open(self) -> None:
        """Open the pane or the function that the cursor is on."""
        if isinstance(self.focused, PaneWidget):
            await self.run_action(f"app.pane('{self.focused.pane.kind}')")
        elif (function := self._selected) is not None:
            from lambdatop.ui.screens.function import FunctionScreen

            self.app.push_screen(FunctionScreen(self.session, function.key))

    @property
    def chosen(self) -> tuple[FunctionKey, ...]:
        """The functions that the filter shows, none where there is no filter."""
        if not self.filter_text:
            return ()
        return tuple(function.key for function in selected(self.session.snapshot.functions, self.filter_text))

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The functions that the filter shows."""
        return self.chosen

    def action_environments(self) -> None:
        """Show the execution environments of the function under the cursor."""
        if self._selected is not None:
            from lambdatop.ui.screens.environments import EnvironmentsScreen

            self.app.push_screen(EnvironmentsScreen(self.session, self._selected.key))

    def action_logs(self) -> None:
        """Read the log of the function under the cursor."""
        if self._selected is not None:
            from lambdatop.ui.screens.logs import LogsScreen

            self.app.push_screen(LogsScreen(self.session, (self._selected.key,)))

    def action_back(self) -> None:
        """Leave the panes for the table, then the filter."""
        if isinstance(self.focused, PaneWidget):
            self.query_one(FunctionTable).focus()
        else:
            self.filter_by("")

    def action_filter(self) -> None:
        """Ask for a filter below the table."""
        from lambdatop.ui.widgets.filter_bar import FilterBar

        if not self.query(FilterBar):
            self.mount(FilterBar(self.filter_text), after="#functions")

    def action_sort(self) -> None:
        """Ask which column to sort by."""
        from lambdatop.ui.screens.sort_menu import SortMenu

        def chosen(column: Column | None) -> None:
            if column is not None:
                self.sort_by(column)

        self.app.push_screen(SortMenu(self.sort_column), chosen)

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.is_descending = not self.is_descending
        self.redraw()

    def action_columns(self, direction: int) -> None:
        """Scroll the columns."""
        self.query_one(FunctionTable).scroll_columns(direction)

    def action_reasons(self) -> None:
        """Say why the function is as it is."""
        if self._selected is not None:
            show_reasons(self.app, self._selected)

    def action_console(self) -> None:
        """Show and copy the function's console link."""
        if self._selected is not None:
            show_console_link(self.app, self.session, self._selected.key)

    def action_copy(self) -> None:
        """Copy the function's name."""
        if self._selected is not None:
            copy_function_name(self.app, self._selected.key)

    @property
    def _selected(self) -> FunctionStatistics | None:
        return self.query_one(FunctionTable).selected

    def _rows(self, picture: Picture) -> tuple[FunctionStatistics, ...]:
        column = COLUMNS_BY_ID[self.sort_column]
        chosen = selected(picture.snapshot.functions, self.filter_text)
        return ordered(chosen, column.sort_key, is_descending=self.is_descending)
