"""The menu of columns to sort by."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from lambdatop.render.columns import Column
from lambdatop.ui.line_widget import LINE_CLASSES
from lambdatop.ui.widgets.column_menu import CHOICES, ColumnMenu


class SortMenu(ModalScreen[Column | None]):
    """Choose with the arrows and enter, or with the letter beside a column."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, sort_column: str) -> None:
        super().__init__()
        self._menu = ColumnMenu(next((at for at, one in enumerate(CHOICES) if one.id == sort_column), 0))

    def compose(self) -> ComposeResult:
        """The menu."""
        yield self._menu

    def on_key(self, event: events.Key) -> None:
        """Choose by letter."""
        index = ord(event.character) - ord("a") if event.character and len(event.character) == 1 else -1
        if 0 <= index < len(CHOICES):
            event.stop()
            self.dismiss(CHOICES[index])

    def on_click(self, event: events.Click) -> None:
        """Choose the row that is clicked; beside the menu, leave."""
        is_inside = self._menu.region.contains(event.screen_x, event.screen_y)
        self.dismiss(self._menu.column_at(event.screen_y - self._menu.content_region.y) if is_inside else None)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._menu.move(rows)

    def action_choose(self) -> None:
        """Sort by the column under the cursor."""
        self.dismiss(CHOICES[self._menu.index])

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
