"""The menu of columns to sort by."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from lambdatop.render.columns import COLUMNS, COLUMNS_BY_ID, Column
from lambdatop.render.span import Line, pad
from lambdatop.render.words import line, said, wrapped
from lambdatop.ui.line_widget import LINE_CLASSES, LineWidget

_CHOICES = tuple(column for column in COLUMNS if column.id != "health")


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
        self._index = _CHOICES.index(COLUMNS_BY_ID[sort_column]) if COLUMNS_BY_ID[sort_column] in _CHOICES else 0

    def compose(self) -> ComposeResult:
        """The menu."""
        yield LineWidget(id="menu")

    def on_mount(self) -> None:
        """Show it as soon as it has a size."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Fill the new size."""
        self.call_after_refresh(self._draw)

    def on_key(self, event: events.Key) -> None:
        """Choose by letter."""
        index = ord(event.character) - ord("a") if event.character and len(event.character) == 1 else -1
        if 0 <= index < len(_CHOICES):
            event.stop()
            self.dismiss(_CHOICES[index])

    def on_click(self, event: events.Click) -> None:
        """Choose the row that is clicked; beside the menu, leave."""
        menu = self.query_one("#menu", LineWidget)
        row = event.screen_y - menu.content_region.y - 1 if menu.region.contains(event.screen_x, event.screen_y) else -1
        self.dismiss(_CHOICES[row] if 0 <= row < len(_CHOICES) else None)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._index = max(0, min(self._index + rows, len(_CHOICES) - 1))
        self._draw()

    def action_choose(self) -> None:
        """Sort by the column under the cursor."""
        self.dismiss(_CHOICES[self._index])

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def _draw(self) -> None:
        menu = self.query_one("#menu", LineWidget)
        width, height = menu.size
        rows = [self._row(index, column, width) for index, column in enumerate(_CHOICES)]
        top = max(0, min(self._index - max(0, height - 2) // 2, len(rows) - max(1, height - 1)))
        title = line(said("Sort by", "heading"), said("  letter, or arrows and enter; esc leaves", "dim"))
        menu.show((title, *rows[top : top + max(1, height - 1)]))

    def _row(self, index: int, column: Column, width: int) -> Line:
        is_here = index == self._index
        head = line(said("▸ " if is_here else "  ", "accent"), said(f"{chr(ord('a') + index)} ", "key"))
        row = pad((*head, *pad(line(said(column.title)), 18), *_short_help(column, width - 22)), width)
        return tuple(span._replace(style=f"{span.style} selected".strip()) for span in row) if is_here else row


def _short_help(column: Column, width: int) -> Line:
    """Return the first words of the column's help that fit, whole ones."""
    words = column.help.split(";")[0].split(":")[0]
    return wrapped(words, max(1, width), "dim")[0]
