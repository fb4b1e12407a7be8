"""How rows of a query's text are drawn: what its words are, the cursor, the selection, a problem's place."""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from lambdatop.insights.highlight import bracket_pair, highlights
from lambdatop.render.span import Line
from lambdatop.render.words import line, said
from lambdatop.ui.query_layout import LayoutRow, shown

MARGIN_WIDTH = 2
_STYLES = {
    "comment": "dim",
    "command": "key",
    "keyword": "heading",
    "function": "series_1",
    "aggregate": "series_1",
    "automatic": "accent",
    "text": "good",
    "regex": "good",
    "number": "warning",
    "period": "warning",
    "pipe": "heading",
    "error": "bad",
}


class Marks(NamedTuple):
    """What is marked beside the words, by offsets; no cursor is shown where it is None."""

    cursor: int | None = None
    selection: tuple[int, int] | None = None
    problem: tuple[int, int] | None = None


def styles_of(text: str, marks: Marks) -> list[str]:
    """Return the style of each character, and of the place after the last one."""
    styles = [*_word_styles(text), ""]
    if marks.problem is not None:
        start = min(marks.problem[0], len(text))
        for at in range(start, max(start + 1, min(marks.problem[1], len(text)))):
            styles[at] += " problem"
    if marks.cursor is not None:
        for span in bracket_pair(text, marks.cursor) or ():
            styles[span.start] += " match"
    for at in range(*(marks.selection or (0, 0))):
        styles[at] += " selected"
    return styles


def row_picture(
    text: str, row: LayoutRow, styles: list[str], marks: Marks, *, has_focus: bool, is_cut: bool = False
) -> Line:
    """Return a row behind its margin; `is_cut` says that there are more rows beyond it."""
    margin = said("┆ " if is_cut else "│ ", "accent" if has_focus else "rule")
    pieces = [(text[at], styles[at]) for at in range(row.start, row.end)]
    cursor = marks.cursor
    if cursor is not None and row.start <= cursor < row.end:
        at = cursor - row.start
        pieces[at] = pieces[at][0], pieces[at][1] + " cursor"
    elif cursor is not None and cursor == row.end and row.ends_line:
        pieces.append((" ", "cursor"))
    elif row.ends_line and "problem" in styles[row.end]:
        pieces.append((" ", "problem"))
    runs = (("".join(piece for piece, _ in run), style) for style, run in groupby(pieces, key=lambda piece: piece[1]))
    return line(margin, *(said(shown(run), style.strip()) for run, style in runs))


@lru_cache(maxsize=8)
def _word_styles(text: str) -> tuple[str, ...]:
    styles = [""] * len(text)
    for word in highlights(text):
        style = _STYLES.get(word.kind, "")
        if style:
            styles[word.start : word.end] = [style] * (word.end - word.start)
    return tuple(styles)
