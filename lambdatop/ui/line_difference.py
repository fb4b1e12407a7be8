"""Which cells of a line changed, so that only those are sent to the terminal."""

from rich.cells import get_character_cell_size

from lambdatop.render.span import Line

NEAR_CELLS = 8
"""Moving the cursor costs about as many bytes as repeating this many cells."""


def changed_ranges(old: Line, new: Line, width: int) -> list[tuple[int, int]]:
    """Return ranges `[start, end)` of cells that differ; ranges near each other are one.

    >>> from lambdatop.render.words import line, said
    >>> changed_ranges(line(said("12:00:01")), line(said("12:00:02")), 80)
    [(7, 8)]
    """
    if old == new:
        return []
    before, after = _cells(old, width), _cells(new, width)
    ranges: list[tuple[int, int]] = []
    for index in range(width):
        if before[index] == after[index]:
            continue
        if ranges and index - ranges[-1][1] <= NEAR_CELLS:
            ranges[-1] = (ranges[-1][0], index + 1)
        else:
            ranges.append((index, index + 1))
    return ranges


def _cells(line: Line, width: int) -> list[tuple[str, str]]:
    """Return a character and a style for each cell; a wide character takes two, so that it is never cut in half."""
    cells: list[tuple[str, str]] = []
    for span in line:
        if span.text.isascii():
            cells.extend((character, span.style) for character in span.text)
            continue
        for character in span.text:
            size = get_character_cell_size(character)
            if size == 0 and cells:
                cells[-1] = (cells[-1][0] + character, span.style)
            cells.extend([(character, span.style)] * size)
    return (cells + [(" ", "")] * (width - len(cells)))[:width]
