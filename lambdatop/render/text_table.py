"""Small tables of styled cells: widths from the content, whole or not at all."""

from collections.abc import Sequence
from typing import Literal

from lambdatop.render.span import Line, line_width, pad
from lambdatop.render.words import said

Align = Literal["left", "right"]


def text_table(
    rows: Sequence[Sequence[Line]],
    aligns: Sequence[Align],
    width: int,
    gap: int = 2,
    flexible: int | None = None,
) -> tuple[Line, ...]:
    """Return rows as lines with aligned columns; the first row is the headings.

    The `flexible` column takes what is left of `width`, or is cut to it; columns that do not fit are left out from
    the right.
    """
    widths = [max(line_width(row[index]) for row in rows) for index in range(len(aligns))]
    kept = list(range(len(aligns)))
    least = [min(one, 12) if index == flexible else one for index, one in enumerate(widths)]
    while len(kept) > 1 and sum(least[index] + gap for index in kept) - gap > width:
        kept.pop()
    if flexible is not None and flexible in kept:
        others = sum(widths[index] + gap for index in kept if index != flexible)
        widths[flexible] = min(widths[flexible], max(1, width - others))
    lines = []
    for row in rows:
        spans: list[Line] = []
        for index in kept:
            spans.append(pad(row[index], widths[index], aligns[index]))
            spans.append((said(" " * gap),))
        lines.append(tuple(span for part in spans[:-1] for span in part))
    return tuple(lines)
