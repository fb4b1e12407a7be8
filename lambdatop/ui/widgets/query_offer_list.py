"""What completes a query, in a list below or above the cursor."""

from collections.abc import Sequence

from lambdatop.render.span import Line, pad, text_width
from lambdatop.render.words import foreign, line, marked, said
from lambdatop.ui.line_widget import LineWidget

ROWS_MAX = 8
_WIDTH_MAX = 60


class QueryOfferList(LineWidget):
    """Shows offers around the chosen one, each with what it is."""

    def __init__(self) -> None:
        super().__init__(id="query-offers")
        self._offers: Sequence[tuple[str, str]] = ()
        self._index = 0

    def show_offers(
        self, offers: Sequence[tuple[str, str]], index: int, cell: tuple[int, int], room: tuple[int, int]
    ) -> None:
        """Show texts with their summaries at a cell of the screen, below it where there is room, else above."""
        self._offers, self._index = offers, index
        self.display = bool(offers)
        if not offers:
            return
        rows = min(ROWS_MAX, len(offers))
        (x, y), (width, height) = cell, room
        wanted = max(text_width(text) + (2 + text_width(summary) if summary else 0) for text, summary in offers) + 2
        shown = min(_WIDTH_MAX, wanted, width)
        self.styles.width, self.styles.height = shown, rows
        self.styles.offset = (max(0, min(x, width - shown)), y + 1 if y + 1 + rows <= height else max(0, y - rows))
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the offers around the chosen one."""
        first = max(0, min(self._index - height // 2, len(self._offers) - height))
        shown = range(first, min(first + height, len(self._offers)))
        return tuple(self._row(at, width) for at in shown)

    def _row(self, at: int, width: int) -> Line:
        text, summary = self._offers[at]
        drawn = line(
            said(" "), foreign(text, "accent", 120), said("  "), foreign(summary, "dim", 160) if summary else said("")
        )
        row = pad(drawn, width)
        return marked(row) if at == self._index else row
