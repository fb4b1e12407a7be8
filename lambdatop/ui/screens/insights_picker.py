"""The menu of queries: ready ones, one's own, the account's, and those that were run."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from lambdatop.render.span import Line
from lambdatop.render.words import foreign, line, said
from lambdatop.ui.line_widget import LINE_CLASSES
from lambdatop.ui.query_shelf import KINDS, ShelfKind, ShelfQuery, found_in
from lambdatop.ui.widgets.query_shelf_list import QueryShelfList


class QueryPicker(ModalScreen[tuple[ShelfQuery, bool] | None]):
    """Choose with the arrows and enter; what is typed filters, tab shows one kind after the other."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("tab", "kind(1)", show=False, priority=True),
        Binding("shift+tab", "kind(-1)", show=False, priority=True),
        Binding("ctrl+t", "choose(True)", show=False, priority=True),
    ]

    def __init__(
        self, shelf: Callable[[], tuple[ShelfQuery, ...]], problem: Callable[[], str], *, is_utc: bool
    ) -> None:
        super().__init__()
        self._is_utc = is_utc
        self._shelf_now = shelf
        self._problem = problem
        self._shelf = shelf()
        self._kind: ShelfKind | None = None
        self._list = QueryShelfList()

    def compose(self) -> ComposeResult:
        """What is typed, and the queries."""
        field = Input(placeholder="words of its name, question or text", compact=True, select_on_focus=False)
        field.cursor_blink = False
        with Vertical(id="shelf"):
            yield field
            yield self._list

    def on_mount(self) -> None:
        """Show all that is known by now."""
        self.query_one(Input).focus()
        self.refresh_shelf()

    def refresh_shelf(self) -> None:
        """Take in what has come meanwhile."""
        if self.query(Input):
            self._shelf = self._shelf_now()
            self._show()

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose()

    @on(QueryShelfList.Opened)
    def _clicked(self) -> None:
        self.action_choose()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._list.move(rows)

    def action_kind(self, direction: int) -> None:
        """Show the next kind alone, or all."""
        kinds: list[ShelfKind | None] = [None, *KINDS]
        self._kind = kinds[(kinds.index(self._kind) + direction) % len(kinds)]
        self._show()

    def action_choose(self, is_for_new_tab: bool = False) -> None:
        """Take the query under the cursor."""
        chosen = self._list.chosen
        if chosen is not None:
            self.dismiss((chosen, is_for_new_tab))

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)

    def _show(self) -> None:
        found = found_in(self._shelf, self._kind, self.query_one(Input).value)
        self._list.show_queries(found, self._title(), "none", is_utc=self._is_utc)

    def _title(self) -> Line:
        kinds = [
            said(f" {kind or 'all'} ", "heading selected" if kind == self._kind else "dim") for kind in (None, *KINDS)
        ]
        problem = self._problem()
        keys = said("  tab kind · enter opens · ctrl+t in a new tab", "dim")
        return line(*kinds, foreign(f"  {problem}", "warning", 300) if problem else keys)
