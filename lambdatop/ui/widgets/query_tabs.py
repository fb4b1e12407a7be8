"""The tabs of several queries, in one line."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message

from lambdatop.render.span import Line, crop, line_width
from lambdatop.render.words import foreign, line, said
from lambdatop.ui.line_widget import LineWidget

_TITLE_MIN, _TITLE_MAX = 6, 28


class TabPicture(NamedTuple):
    """A tab's title, and a word about its query with the style of that word."""

    title: str
    word: str
    style: str


class QueryTabs(LineWidget):
    """Shows each tab's number, title and state; those around the one on screen where there is no room for all."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__(id="query-tabs")
        self._tabs: Sequence[TabPicture] = ()
        self._index = 0
        self._spots: list[tuple[int, int, int]] = []

    def show_tabs(self, tabs: Sequence[TabPicture], index: int) -> None:
        """Show these tabs, one of them being on screen."""
        self._tabs, self._index = tabs, index
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  always one line
        """Return the tabs that fit, the one on screen among them."""
        if not self._tabs:
            return ()
        room = width // len(self._tabs) - 8
        drawn = [self._tab(at, max(_TITLE_MIN, min(room, _TITLE_MAX))) for at in range(len(self._tabs))]
        first = last = self._index
        used = line_width(drawn[first])
        while True:
            grown = used
            if last + 1 < len(drawn) and used + line_width(drawn[last + 1]) <= width - 2:
                last += 1
                used += line_width(drawn[last])
            if first > 0 and used + line_width(drawn[first - 1]) <= width - 2:
                first -= 1
                used += line_width(drawn[first])
            if used == grown:
                break
        spans: list[Line] = [line(said("<" if first else " ", "dim"))]
        self._spots, x = [], 1
        for at in range(first, last + 1):
            spans.append(drawn[at])
            self._spots.append((x, x + line_width(drawn[at]), at))
            x += line_width(drawn[at])
        spans.append(line(said(">" if last + 1 < len(drawn) else "", "dim")))
        return (tuple(span for part in spans for span in part),)

    def on_click(self, event: events.Click) -> None:
        """Go to the tab under the mouse."""
        event.stop()
        for start, end, at in self._spots:
            if start <= event.x < end:
                self.post_message(self.Chosen(at))

    def _tab(self, at: int, room: int) -> Line:
        tab = self._tabs[at]
        is_here = at == self._index
        title = crop((foreign(tab.title, "heading" if is_here else "dim", 200),), room)
        drawn = line(said(f" {at + 1} ", "key"), *title, said(f" {tab.word}" if tab.word else "", tab.style), said(" "))
        return tuple(span._replace(style=f"{span.style} selected".strip()) for span in drawn) if is_here else drawn
