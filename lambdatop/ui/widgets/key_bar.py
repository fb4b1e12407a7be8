"""The keys that matter here, at the foot of the screen."""

from textual import events

from lambdatop.render.span import Line
from lambdatop.render.words import said
from lambdatop.ui.keys import Key, Place, key_bar
from lambdatop.ui.line_widget import LineWidget


class KeyBar(LineWidget):
    """Shows as many keys as fit whole; a click on one does what it says."""

    def __init__(self, place: Place) -> None:
        super().__init__(id="key-bar")
        self._keys = key_bar(place)
        self._spots: list[tuple[int, int, Key]] = []

    def show_place(self, place: Place) -> None:
        """Show another place's keys, such as those of the part that has the keyboard."""
        self._keys = key_bar(place)
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  always one line
        """Return the keys that fit whole."""
        line: Line = (said(" "),)
        x = 1
        self._spots = []
        for key in self._fitting(width):
            end = x + _width(key)
            line = (*line, said(key.shown, "key"), said(f" {key.word}", "dim"), said("  "))
            self._spots.append((x, end, key))
            x = end + 2
        return (line[:-1],)

    def _fitting(self, width: int) -> list[Key]:
        """Return the keys that fit; how to leave is always among them."""
        *others, leave = self._keys
        room = width - 1 - _width(leave)
        kept: list[Key] = []
        for key in others:
            room -= _width(key) + 2
            if room < 0:
                break
            kept.append(key)
        return [*kept, leave]

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for start, end, key in self._spots:
            if start <= event.x < end:
                await self.screen.run_action(key.action)


def _width(key: Key) -> int:
    return len(key.shown) + 1 + len(key.word)
