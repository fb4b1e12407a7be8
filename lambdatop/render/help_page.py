"""The help page: keys, columns, panes and marks, all from the tables that the screen itself is made of."""

from collections.abc import Iterable

from lambdatop.render.columns import COLUMNS
from lambdatop.render.panes import PANES
from lambdatop.render.span import Line, pad
from lambdatop.render.units import UNKNOWN
from lambdatop.render.words import line, said, wrapped

_MARKS: tuple[tuple[str, str, str], ...] = (
    (UNKNOWN, "unknown", "cannot be known; the reason is one key away (i)"),
    ("≥", "provisional", "a lower bound: the function's settings hide reports from its logs"),
    ("~", "provisional", "partial, late or from another source: a note says which (i)"),
    ("~6.2%", "late", "older than it should be, as its source is behind: ! says why"),
    ("▁▂▃", "provisional", "the newest minutes of a trend, which late data may still change"),
    ("·", "dim", "in a trend: a minute that nothing is known of"),
    ("✖ ▲ ·", "", "in a log: a line at ERROR or above, at WARN, at INFO"),
    ("◇ ▷ ◁", "dim", "in a log: an init or a restore begins or is reported; START; END and REPORT"),
    ("~", "late", "in a log, before a time: ingested ten seconds or more after it was logged"),
    ("▸ +5 lines", "accent", "in a log: lines of the same event that are folded; x unfolds them"),
    ("● ○ ◐ ◆ ·", "", "execution environments: busy, idle, starting, idle and just cold (began lately), gone"),
    ("⊗ ✗", "bad", "execution environments: busy, idle, where the last invocation or most of the last ten failed"),
    ("MB/100", "", "execution environments: megabytes by which memory rises in 100 invocations"),
    ("left", "", "execution environments: invocations until memory is used up, where a leak is suspected"),
)
_MARKS_IN_ASCII = {"·": " ", "✖ ▲ ·": "E W I"}
"""Marks for which a screen in ASCII has others than those that stand for the same shapes elsewhere."""

Entries = Iterable[tuple[str, str]]


def help_page(
    keys_here: Entries, moves: Entries, keys_elsewhere: Entries, width: int, *, is_ascii: bool = False
) -> tuple[Line, ...]:
    """Return the page; the keys of the place that it was opened from come first."""
    lines: list[Line] = [line(said("Keys here", "heading")), ()]
    lines.extend(_entries(keys_here, 14, "key", width))
    lines.extend(_entries(moves, 14, "key", width))
    lines += [(), line(said("Keys elsewhere", "heading")), ()]
    lines.extend(_entries(keys_elsewhere, 14, "key", width))
    lines += [(), line(said("Panes", "heading")), ()]
    lines.extend(_entries(((f"{digit} {pane.title}", pane.help) for digit, pane in enumerate(PANES, 1)), 20, "", width))
    lines += [(), line(said("Columns", "heading")), ()]
    lines.extend(_entries(((column.heading or column.title, column.help) for column in COLUMNS), 20, "", width))
    lines += [(), line(said("Marks", "heading")), ()]
    for mark, style, words in _MARKS:
        shown = _MARKS_IN_ASCII.get(mark, mark) if is_ascii else mark
        lines.extend(_entry(shown, words, 14, style, width))
    return tuple(lines)


def _entries(entries: Entries, name_width: int, style: str, width: int) -> list[Line]:
    return [row for name, words in entries for row in _entry(name, words, name_width, style, width)]


def _entry(name: str, words: str, name_width: int, style: str, width: int) -> list[Line]:
    texts = wrapped(words, max(20, width - name_width - 4), "dim" if style == "" else "")
    rows: list[Line] = []
    for index, text in enumerate(texts):
        head = line(said(name, style)) if index == 0 else ()
        rows.append((said("  "), *pad(head, name_width), said("  "), *text))
    return rows
