"""Partial screen updates that send only the cells that changed.

Textual 8.2.8 knows which cells of a line are to be painted, but sends the widget's line from its left edge up to
them. In a table as wide as the screen that is most
of the bytes.
"""

from rich.console import Console, RenderableType
from rich.control import Control
from textual._compositor import ChopsUpdate


class CroppedUpdate(ChopsUpdate):
    """The same update, each line cut at both ends."""

    def render_segments(self, console: Console) -> str:
        """Return the escape sequences and text of the changed cells alone."""
        sequences: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                start = max(x, x1)
                sequences.append(Control.move_to(start, y).segment.text)
                sequences.append(strip.crop(start - x, min(end, x2) - x).render(console))
        return "".join(sequences)


def cropped(update: RenderableType | None) -> RenderableType | None:
    """Return an update that sends less where there is one; anything else as it is."""
    if type(update) is ChopsUpdate:
        return CroppedUpdate(update.chops, update.spans, update.chop_ends)
    return update
