"""The queries to choose from, with the text of the one under the cursor."""

from collections.abc import Sequence

from textual import events
from textual.message import Message

from lambdatop.render import units
from lambdatop.render.span import Line, crop, pad
from lambdatop.render.words import BLANK, foreign, line, marked, said
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.query_layout import shown
from lambdatop.ui.query_shelf import ShelfQuery

_PREVIEW_MAX = 10
_KIND_STYLES = {"ready": "series_1", "saved": "good", "account": "accent", "past": "dim"}


class QueryShelfList(LineWidget):
    """Shows queries around a cursor, and below them the text of the chosen one."""

    class Opened(Message):
        """The query under the cursor was clicked."""

    def __init__(self) -> None:
        super().__init__(id="shelf-list")
        self._queries: Sequence[ShelfQuery] = ()
        self._index = self._top = 0
        self._title: Line = ()
        self._empty = ""
        self._is_utc = False

    @property
    def chosen(self) -> ShelfQuery | None:
        """The query under the cursor."""
        return self._queries[self._index] if self._index < len(self._queries) else None

    def show_queries(self, queries: Sequence[ShelfQuery], title: Line, empty: str, *, is_utc: bool) -> None:
        """Show queries below a title, the cursor staying on its query where that is among them."""
        before = self.chosen
        self._queries, self._title, self._empty, self._is_utc = queries, title, empty, is_utc
        self._index = queries.index(before) if before is not None and before in queries else 0
        self.update_lines()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self._index = max(0, min(self._index + rows, len(self._queries) - 1))
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return the title, the queries around the cursor, and the chosen one's text."""
        chosen = self.chosen
        preview = self._preview(chosen, width, min(_PREVIEW_MAX, height // 3)) if chosen is not None else ()
        rows = max(1, height - 1 - len(preview))
        self._top = max(0, min(self._top, self._index, len(self._queries) - rows))
        self._top = max(self._top, self._index - rows + 1)
        last = min(self._top + rows, len(self._queries))
        listed = [self._row(at, width) for at in range(self._top, last)] or [line(said(f" {self._empty}", "dim"))]
        return (crop(self._title, width), *listed, *[BLANK] * (rows - len(listed)), *preview)

    def on_click(self, event: events.Click) -> None:
        """Choose a query; the one under the cursor is opened."""
        event.stop()
        at = self._top + event.y - 1
        if event.y < 1 or at >= len(self._queries):
            return
        if at == self._index:
            self.post_message(self.Opened())
        self._index = at
        self.update_lines()

    def _row(self, at: int, width: int) -> Line:
        query = self._queries[at]
        name_width = max(20, min(34, width // 3)) if query.question else width
        kind = said(f" {query.kind:<8}", _KIND_STYLES[query.kind])
        when = line(said(f"{units.timestamp(query.ran_ms, self._is_utc)[:16]}  ", "dim")) if query.ran_ms else ()
        name = line(foreign(query.name, "", 300))
        drawn = (kind, *when, *(pad(name, name_width) if query.question else name), said("  "))
        row = pad((*drawn, foreign(query.question, "dim", 300)) if query.question else drawn, width)
        return marked(row) if at == self._index else row

    def _preview(self, query: ShelfQuery, width: int, rows: int) -> tuple[Line, ...]:
        texts = query.text.split("\n")
        lines = [crop(line(said("  "), said(shown(text[:1_000]))), width) for text in texts[: max(0, rows - 1)]]
        if len(texts) > rows - 1 and lines:
            lines[-1] = line(said(f"  … {len(texts) - rows + 2} more lines", "dim"))
        return (line(said("─" * width, "rule")), *lines)
