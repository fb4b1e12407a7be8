"""The lines above a page that do not scroll with it."""

from collections.abc import Callable

from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LineWidget


class PageHead(LineWidget):
    """Shows what a function returns for the width that it has."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._lines_of: Callable[[int], tuple[Line, ...]] | None = None

    def show_head(self, lines_of: Callable[[int], tuple[Line, ...]]) -> None:
        """Show the lines that a function returns for a width."""
        self._lines_of = lines_of
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return as many of the lines as there is room for."""
        return () if self._lines_of is None else self._lines_of(width)[:height]
