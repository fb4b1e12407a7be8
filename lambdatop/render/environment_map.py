"""The execution environments of a function: one cell each, by version, and below it a row each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import Environment, EnvironmentAnswer
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render import units
from lambdatop.render.drawing import Drawing
from lambdatop.render.environment_cells import legend, shape_of
from lambdatop.render.environment_table import ROWS_MOST, TableKind, environment_table, table_order
from lambdatop.render.leak_words import leak_sentence
from lambdatop.render.page import Page, stacked, with_targets
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, crop, line_width, pad
from lambdatop.render.states import state_shape
from lambdatop.render.words import foreign, joined, line, said, wrapped

_LABEL_WIDTH = 16
_TEN = 10
_LOOSE_ROWS = 4
"""As long as they fit into so many rows, cells have gaps between them."""
_NOTED = ("invocations", "max_memory_used_mb")
_MANAGED = (
    "Managed Instances: each environment serves many requests at once, and the numbers are those in flight. "
    "Environments begin before any request, so there are no cold starts, and reports tell nothing of memory."
)


class EnvironmentTarget(NamedTuple):
    """A line that leads to an environment's log stream."""

    function: FunctionKey
    log_stream: str


def environment_map(
    answer: EnvironmentAnswer | None, function: FunctionStatistics | None, drawing: Drawing, width: int
) -> Page:
    """Return the page; rows of the table lead to their log streams. The answer is None while there is none yet."""
    if answer is None:
        return Page((*_head(function, None, drawing, width), (), *wrapped("Looking …", width, "dim")))
    head = _head(function, answer.function, drawing, width)
    hidden = function.function.hidden_reports if function is not None else None
    notes = _notes(answer, function, width)
    if not answer.environments:
        words = "No execution environment of this function has been seen yet: none of its log lines that were read."
        return Page((*head, *notes, (), *wrapped(words, width, "dim")))
    versions = _by_version(answer.environments)
    kind = TableKind(answer.is_managed_instances, hidden is not None, len(versions) > 1)
    leak = leak_sentence(answer.environments, drawing.now_ms)
    lines = [
        *head,
        *_summary(answer, drawing, width, is_hidden=kind.is_hidden),
        *notes,
        *(wrapped(leak, width, "warning", indent="  ") if leak else ()),
        (),
        *_cell_rows(versions, kind, drawing, width),
        (),
    ]
    shown = table_order(answer.environments)[:ROWS_MOST]
    table = environment_table(shown, kind, drawing, width)
    targets = [EnvironmentTarget(answer.function, environment.log_stream) for environment in shown]
    return stacked([lines, with_targets(table, targets, 1), _rest(answer)])


def _head(
    function: FunctionStatistics | None, key: FunctionKey | None, drawing: Drawing, width: int
) -> tuple[Line, ...]:
    known = function.key if function is not None else key
    if known is None:
        return ()
    state = (state_shape(function.health.state, is_ascii=drawing.is_ascii), said(" ")) if function is not None else ()
    title = "  execution environments"
    return (line(*state, foreign(known.name, "heading", max(8, width - len(title) - 2)), said(title, "dim")),)


def _summary(answer: EnvironmentAnswer, drawing: Drawing, width: int, *, is_hidden: bool) -> tuple[Line, ...]:
    count = len(answer.environments)
    number = line(said(units.count(count)), said(f" environment{'s' if count != 1 else ''}", "dim"))
    parts = [number, *legend(answer.environments, drawing, is_hidden=is_hidden)]
    lines: list[Line] = []
    while parts:
        count = next(count for count in range(len(parts), 0, -1) if count == 1 or _fits(parts[:count], width))
        lines.append(crop((said("  "), *joined(parts[:count])), width))
        del parts[:count]
    return tuple(lines)


def _fits(parts: Sequence[Line], width: int) -> bool:
    return line_width(joined(parts)) <= width - 2


def _notes(answer: EnvironmentAnswer, function: FunctionStatistics | None, width: int) -> list[Line]:
    """Return why numbers are missing or partial."""
    texts = [_MANAGED] if answer.is_managed_instances else []
    if function is not None:
        noted = _NOTED[:1] if answer.is_managed_instances else _NOTED
        hidden = function.function.hidden_reports
        found = [note.text for note in function.notes if note.field in noted]
        texts += dict.fromkeys([*([hidden] if hidden else []), *found])
    return [row for text in texts for row in wrapped(printable(text, 300), width, "provisional", indent="  ")]


def _by_version(environments: Iterable[Environment]) -> list[tuple[str | None, list[Environment]]]:
    """Return the environments of each version, that with the most in use first; within it, the oldest first.

    Cells keep their places while environments come to work and rest; those that are gone stand last.
    """
    groups: defaultdict[str | None, list[Environment]] = defaultdict(list)
    for environment in environments:
        groups[environment.version].append(environment)
    for group in groups.values():
        group.sort(key=lambda each: (each.state == "gone", each.first_seen_ms, each.log_stream))
    return sorted(groups.items(), key=lambda item: (-_in_use(item[1]), item[0] or ""))


def _in_use(group: Sequence[Environment]) -> int:
    return sum(environment.state != "gone" for environment in group)


def _cell_rows(
    versions: Sequence[tuple[str | None, list[Environment]]], kind: TableKind, drawing: Drawing, width: int
) -> Iterable[Line]:
    """Return each version's name before its cells."""
    labels = [_label(version) for version, _ in versions]
    label_width = max(line_width(label) for label in labels) + 2
    for label, (_, group) in zip(labels, versions, strict=True):
        for index, row in enumerate(_cells(group, kind, drawing, width - label_width - 2)):
            yield (said("  "), *pad(() if index else label, label_width), *row)


def _label(version: str | None) -> Line:
    if version is None:
        return line(said("no version", "dim"))
    return line(said("version " if version.isdigit() else "", "dim"), foreign(version, "dim", _LABEL_WIDTH))


def _cells(group: Sequence[Environment], kind: TableKind, drawing: Drawing, room: int) -> list[Line]:
    """Return cells in as many rows as they need."""
    cells = [_cell(environment, kind, drawing) for environment in group]
    size = max(line_width(cell) for cell in cells)
    gap = 1 if kind.is_managed or len(cells) * (size + 1) <= _LOOSE_ROWS * room else 0
    a_row = room // (size + 1) if gap else (room + 1) // (_TEN * size + 1) * _TEN
    rows: list[Line] = []
    for start in range(0, len(cells), a_row):
        row: list[Line] = []
        for index, cell in enumerate(cells[start : start + a_row]):
            is_apart = index and (gap or index % _TEN == 0)
            row.append((*((said(" "),) if is_apart else ()), *pad(cell, size)))
        rows.append(_merged(span for part in row for span in part))
    return rows


def _cell(environment: Environment, kind: TableKind, drawing: Drawing) -> Line:
    drawn = shape_of(environment, drawing, is_hidden=kind.is_hidden)
    if not kind.is_managed:
        return (drawn,)
    return line(drawn, said(units.count(environment.in_flight) if environment.in_flight else "", drawn.style))


def _merged(spans: Iterable[tuple[str, str]]) -> Line:
    """Return spans with neighbours of one style made one."""
    merged: list[tuple[str, str]] = []
    for text, style in spans:
        if merged and merged[-1][1] == style:
            merged[-1] = merged[-1][0] + text, style
        else:
            merged.append((text, style))
    return line(*(said(text, style) for text, style in merged))


def _rest(answer: EnvironmentAnswer) -> tuple[Line, ...]:
    """Return how many have no row."""
    more = len(answer.environments) - ROWS_MOST
    lines = [line(said(f"  {more} more are in the map alone.", "dim"))] if more > 0 else []
    if answer.left_out:
        lines.append(line(said(f"  {answer.left_out} older ones are left out.", "dim")))
    return tuple(lines)
