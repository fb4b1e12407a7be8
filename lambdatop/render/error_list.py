"""Error groups as a list: failures of invocations, application lines at ERROR, then the functions that fail most."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from lambdatop.model.snapshot import ErrorGroup, Snapshot
from lambdatop.render import units
from lambdatop.render.block_chart import sparkline
from lambdatop.render.cells import error_style
from lambdatop.render.drawing import Drawing
from lambdatop.render.event_lines import kind_words
from lambdatop.render.page import Page, stacked, with_targets
from lambdatop.render.pane_layout import trend_line
from lambdatop.render.panes import PANES_BY_KIND, commonest_kind, most_failing, pane_content
from lambdatop.render.printable import printable_spans
from lambdatop.render.span import Line
from lambdatop.render.text_table import Align, text_table
from lambdatop.render.words import fitting, foreign, line, said, wrapped

ErrorOrder = Literal["count", "last_seen", "new", "rate"]
ORDERS: dict[ErrorOrder, str] = {
    "count": "most first",
    "last_seen": "last seen first",
    "new": "new first",
    "rate": "fastest first",
}
"""What a list of errors can be sorted by, and how that is said."""
TREND_FROM_WIDTH = 100
"""How wide the list must be for trends and rates, whole function names and kinds in full."""
_SHORT_KINDS = {"out_of_memory": "memory", "runtime_exit": "exit", "init_failure": "init", "application": "ERROR"}
_FUNCTIONS_SHOWN = 20


class ErrorList(NamedTuple):
    """What stands above the list and does not scroll, and the list, whose targets are signatures and functions."""

    head: tuple[Line, ...]
    page: Page


def error_list(snapshot: Snapshot, drawing: Drawing, width: int, order: ErrorOrder, filter_text: str) -> ErrorList:
    """Return the list that fits into a width."""
    groups = ordered(selected(snapshot.error_groups, filter_text), order)
    content = pane_content(PANES_BY_KIND["errors"], snapshot, drawing, _FUNCTIONS_SHOWN)
    title = [
        line(said(content.title, "heading")),
        content.origin,
        line(said(f"sorted {ORDERS[order]}", "dim")),
        _filter_words(filter_text, len(groups), len(snapshot.error_groups)),
        line(said(PANES_BY_KIND["errors"].help, "dim")),
    ]
    numbers = [content.number, trend_line(content, drawing)]
    table = _table(groups, drawing, width)
    head = (fitting(title, width), fitting(numbers, width), table[0] if groups else ())
    rows = dict(zip((group.signature for group in groups), table[1:], strict=True))
    if content.trouble is not None and not groups:
        return ErrorList(head, Page(wrapped(content.trouble, width, "warning")))
    failures = [group for group in groups if group.kind != "application"]
    logged = [group for group in groups if group.kind == "application"]
    if groups:
        parts = [_rows(failures, rows)] if failures else []
        parts += [*_gap(parts), *_section("Application lines at ERROR", _rows(logged, rows))] if logged else []
    else:
        parts = [Page((_none_words(filter_text, len(snapshot.error_groups)),))]
    return ErrorList(head, stacked([*parts, *_functions(snapshot, filter_text, width)]))


def selected(groups: Sequence[ErrorGroup], filter_text: str) -> tuple[ErrorGroup, ...]:
    """Return the groups whose message, type, kind, place, functions and versions have every word of the filter."""
    words = filter_text.casefold().split()
    return tuple(group for group in groups if not words or _has(group, words))


def ordered(groups: Sequence[ErrorGroup], order: ErrorOrder) -> tuple[ErrorGroup, ...]:
    """Return groups in an order; those that are alike in it by count, then as they came."""
    keys = {
        "count": lambda group: -group.count,
        "last_seen": lambda group: -group.last_seen_ms,
        "new": lambda group: (group.is_new is not True, -group.count),
        "rate": lambda group: (-(speed(group) or 0.0), -group.count),
    }
    return tuple(sorted(groups, key=keys[order]))


def speed(group: ErrorGroup) -> float | None:
    """Return failures a minute: the mean of five whole minutes, or those of the running one where they are more."""
    running = group.trend[-1] if group.trend else None
    known = [number for number in (group.rate_per_minute, running) if number is not None]
    return max(known, default=None)


def _has(group: ErrorGroup, words: Sequence[str]) -> bool:
    names = (function.name for function in group.functions)
    texts = (group.message, group.error_type or "", group.frame or "", group.kind, kind_words(group.kind))
    text = "\n".join((*texts, *names, *group.versions)).casefold()
    return all(word in text for word in words)


def _filter_words(filter_text: str, shown: int, total: int) -> Line:
    if not filter_text:
        return ()
    return line(said("filter ", "dim"), foreign(filter_text, "accent", 40), said(f" {shown} of {total}", "dim"))


def _none_words(filter_text: str, total: int) -> Line:
    if total:
        return line(said("No error matches ", "dim"), foreign(filter_text, "accent", 40),
                    said(f"; press esc to show all {total}.", "dim"))  # fmt: skip
    return line(said("No failure has been seen yet, nor a line at ERROR.", "dim"))


def _rows(groups: Sequence[ErrorGroup], rows: dict[str, Line]) -> Page:
    return with_targets([rows[group.signature] for group in groups], [group.signature for group in groups])


def _gap(parts: Sequence[object]) -> list[Page]:
    return [Page(((),))] if parts else []


def _section(heading: str, page: Page) -> list[Page]:
    return [Page((line(said(heading, "heading")),)), page]


def _functions(snapshot: Snapshot, filter_text: str, width: int) -> list[Page]:
    """Return the functions that fail most in the window, those that a filter names."""
    words = filter_text.casefold().split()
    found = [
        function
        for function in most_failing(snapshot, _FUNCTIONS_SHOWN)
        if all(word in function.key.name.casefold() for word in words)
    ]
    if not found:
        return []
    rows = [
        [
            line(said(units.count(one.window.errors), error_style(one.window.error_rate))),
            line(said(units.percent(one.window.error_rate), error_style(one.window.error_rate))),
            line(foreign(one.key.name, "", 64)),
            line(said(f"mostly {kind}" if (kind := commonest_kind(one)) else "as its metric says", "dim")),
        ]
        for one in found
    ]
    table = text_table(rows, ("right", "right", "left", "left"), width)
    return [
        Page(((),)),
        *_section("Functions that fail most, in the window", with_targets(table, (one.key for one in found))),
    ]


def _table(groups: Sequence[ErrorGroup], drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return headings and one line for each group."""
    is_wide = width >= TREND_FROM_WIDTH
    headings: dict[str, Align] = {
        "count": "right", "last 15m": "left", "/min": "right", "last seen": "left", "kind": "left",
        "functions": "left", "error": "left",
    }  # fmt: skip
    rows = [[line(said(heading, "dim")) for heading in headings]]
    rows.extend(_row(group, drawing, is_wide=is_wide) for group in groups)
    aligns = list(headings.values())
    if not is_wide:
        rows, aligns = [[row[0], *row[3:]] for row in rows], [aligns[0], *aligns[3:]]
    return text_table(rows, aligns, width, flexible=len(aligns) - 1)


def _row(one: ErrorGroup, drawing: Drawing, *, is_wide: bool) -> list[Line]:
    others = one.function_count - 1
    return [
        line(said(units.count(one.count), "warning" if one.kind == "application" else "bad")),
        sparkline(one.trend, len(one.trend), drawing.provisional_log_minutes, is_ascii=drawing.is_ascii),
        line(said(units.count(speed(one)), "dim")),
        line(said(units.clock(one.last_seen_ms, drawing.is_utc), "dim")),
        line(said(_kind(one.kind, is_wide=is_wide))),
        line(
            foreign(one.functions[0].name if one.functions else None, "", 28 if is_wide else 16),
            said(f" +{others}" if others > 0 else "", "dim"),
        ),
        line(said("new " if one.is_new else "", "warning"), *error_words(one)),
    ]


def _kind(kind: str, *, is_wide: bool) -> str:
    if is_wide and kind != "application":
        return kind_words(kind)
    return _SHORT_KINDS.get(kind, kind_words(kind))


def error_words(one: ErrorGroup, limit: int = 200) -> Line:
    """Return an error as type, message and where it was raised, in one line."""
    first = one.message.lstrip()[:limit].split("\n", 1)[0].split("\r", 1)[0]
    is_typed = one.error_type is not None and one.error_type not in first
    typed = line(foreign(f"{one.error_type} " if is_typed else "", "accent", 60))
    if not first and not typed and not one.frame:
        return line(said("no message; its REPORT alone tells", "dim"))
    return (*typed, *printable_spans(first, limit), *line(foreign(f"  {one.frame}" if one.frame else "", "dim", 80)))
