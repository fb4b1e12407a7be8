"""The columns that rows can be sorted by, with a letter for each."""

import re

from lambdatop.render.columns import COLUMNS, Column
from lambdatop.render.span import Line, pad
from lambdatop.render.words import line, marked, said, wrapped
from lambdatop.ui.line_widget import LineWidget

CHOICES = tuple(column for column in COLUMNS if column.id not in {"health", "reason"})


class ColumnMenu(LineWidget):
    """Shows the choices around the cursor below a title."""

    def __init__(self, index: int) -> None:
        super().__init__(id="menu")
        self.index = index
        """The choice under the cursor."""
        self._top = 0

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self.index = max(0, min(self.index + rows, len(CHOICES) - 1))
        self.update_lines()

    def column_at(self, y: int) -> Column | None:
        """Return the choice drawn at a line of the menu."""
        row = self._top + y - 1
        return CHOICES[row] if y >= 1 and row < len(CHOICES) else None

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return a title and as many choices as fit."""
        rows = max(1, height - 1)
        self._top = max(0, min(self._top, self.index))
        self._top = max(self._top, self.index - rows + 1)
        title = line(said("Sort by", "heading"), said("  letter, or arrows and enter; esc leaves", "dim"))
        shown = range(self._top, min(self._top + rows, len(CHOICES)))
        return (title, *(self._row(index, CHOICES[index], width) for index in shown))

    def _row(self, index: int, column: Column, width: int) -> Line:
        is_here = index == self.index
        head = line(said("▸ " if is_here else "  ", "accent"), said(f"{chr(ord('a') + index)} ", "key"))
        row = pad((*head, *pad(line(said(column.title)), 18), *_short_help(column, width - 22)), width)
        return marked(row) if is_here else row


def _short_help(column: Column, width: int) -> Line:
    """Return the first words of the column's help that fit, whole ones."""
    words = re.split("[;:]", column.help, maxsplit=1)[0]
    return wrapped(words, max(1, width), "dim")[0]
