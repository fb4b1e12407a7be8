"""A row for each execution environment: suspected leaks first, the fullest of them before others, then those in use.

Within these, the oldest come first; those that are gone are last.
"""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.question import Environment
from lambdatop.render import units
from lambdatop.render.block_chart import sparkline
from lambdatop.render.cells import number
from lambdatop.render.drawing import Drawing
from lambdatop.render.environment_cells import is_leaking, look_of, shape_of, short_id
from lambdatop.render.span import Line, Printable
from lambdatop.render.text_table import Align, text_table
from lambdatop.render.words import foreign, line, said

ROWS_MOST = 300
_NARROW, _WIDE = 100, 120
"""Below the first width, gaps are narrower; from the second on, charts have a column for each value there is."""
_NOW_WIDTH = 110
"""From which on there is room for what is used now."""
_CHART_WIDTH, _WIDE_CHART_WIDTH, _VERSIONED_CHART_WIDTH = 12, 24, 8
_FALLEN_SHARE = 0.95
"""Of the high-water mark, below which what is used now is said beside it."""
_ACTIVE_MS = 60_000
_NO_LIMIT = 1 << 60


class TableKind(NamedTuple):
    """What kind of environments the table is of."""

    is_managed: bool = False
    is_hidden: bool = False
    """Whether the function's settings hide reports."""
    has_versions: bool = False
    """Whether there are several."""
    has_fallen: bool = False
    """Whether some use clearly less memory than before, as another process runs."""


def table_order(environments: Sequence[Environment]) -> list[Environment]:
    """Return the environments in the order of the table, in which rows change their places rarely."""
    newest_ms = max((environment.last_seen_ms for environment in environments), default=0)
    return sorted(environments, key=lambda environment: _order(environment, newest_ms))


def environment_table(shown: Sequence[Environment], kind: TableKind, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return headings and a row for each environment; columns that do not fit are left out from the right."""
    has_fallen = width >= _NOW_WIDTH and any(_has_fallen(environment) for environment in shown)
    kind = kind._replace(has_fallen=has_fallen)
    columns = _columns(kind)
    chart_width = _VERSIONED_CHART_WIDTH if kind.has_versions and width < _NARROW else _CHART_WIDTH
    chart_width = _WIDE_CHART_WIDTH if width >= _WIDE else chart_width
    rows: list[list[Line]] = [[line(said(heading, "dim")) for heading, _ in columns]]
    rows.extend(_row(environment, kind, drawing, chart_width) for environment in shown)
    table = text_table(rows, [align for _, align in columns], width - 2, gap=1 if width < _NARROW else 2)
    return tuple((said("  "), *row) for row in table)


def _columns(kind: TableKind) -> list[tuple[str, Align]]:
    columns: list[tuple[str, Align]] = [("state", "left"), ("stream", "left")]
    columns += [("version", "left")] if kind.has_versions else []
    columns += [("age", "right"), ("served", "right"), ("fail", "right")]
    if kind.is_managed:
        return [*columns, ("in flight", "right"), ("last seen", "right")]
    now: list[tuple[str, Align]] = [("now", "right")] if kind.has_fallen else []
    return [
        *columns, ("memory", "right"), *now, ("MB/100", "right"), ("left", "right"), ("over time", "left"),
        ("last seen", "right"),
    ]  # fmt: skip


def _row(environment: Environment, kind: TableKind, drawing: Drawing, chart_width: int) -> list[Line]:
    look = look_of(environment, drawing, is_hidden=kind.is_hidden)
    shaped = shape_of(environment, drawing, is_hidden=kind.is_hidden)
    cells: list[Line] = [
        line(shaped, said(f" {look}", shaped.style)),
        line(said(short_id(environment.log_stream))),
    ]
    if kind.has_versions:
        cells.append(line(foreign(environment.version, "", 12)))
    cells += [
        _age(environment, drawing),
        number(units.UNKNOWN if kind.is_hidden else units.count(environment.invocations)),
        number(units.count(environment.failures), "bad" if environment.failures else "dim"),
    ]
    seen = number(units.age(drawing.now_ms - environment.last_seen_ms), "dim")
    if kind.is_managed:
        return [*cells, number(units.count(environment.in_flight), "" if environment.in_flight else "dim"), seen]
    chart = _chart(environment, chart_width, drawing)
    now = [_memory_now(environment)] if kind.has_fallen else []
    return [*cells, _memory(environment), *now, _rise(environment, drawing), _left(environment), chart, seen]


def _age(environment: Environment, drawing: Drawing) -> Line:
    """Return how long it is known to live; longer, where its beginning was not seen."""
    age = units.age(drawing.now_ms - environment.first_seen_ms)
    return number(age, mark="" if environment.is_begin_seen else "≥")


def _memory(environment: Environment) -> Line:
    """Return the most memory that was used."""
    used, size = environment.max_memory_used_mb, environment.memory_size_mb
    share = used / size if used is not None and size else 0.0
    style = "bad" if share >= 0.98 else "warning" if share >= 0.9 else ""
    if used is None:
        return number(units.UNKNOWN)
    return line(
        said(str(used), style), said("/", "dim"), *number(Printable(str(size)) if size else units.UNKNOWN, "dim")
    )


def _memory_now(environment: Environment) -> Line:
    """Return what is used now, where that is clearly less than the most."""
    return line(said(str(environment.memory_used_mb), "dim")) if _has_fallen(environment) else ()


def _has_fallen(environment: Environment) -> bool:
    used, most = environment.memory_used_mb, environment.max_memory_used_mb
    return used is not None and most is not None and used < most * _FALLEN_SHARE


def _chart(environment: Environment, width: int, drawing: Drawing) -> Line:
    """Return memory over time, the newest at the right: a column is full where no memory is left.

    The lowest column is the least that was used, so that a slow rise is seen as well.
    """
    values = environment.memory_mb
    step = max(1, -(-len(values) // width))
    values = tuple(max(values[max(0, end - step) : end]) for end in range(len(values), 0, -step))[::-1]
    least, most = min(values, default=0), environment.memory_size_mb or max(values, default=0)
    return sparkline([value - least for value in values], width, maximum=most - least, is_ascii=drawing.is_ascii)


def _rise(environment: Environment, drawing: Drawing) -> Line:
    trend = environment.memory_trend
    if trend is None:
        return number(units.UNKNOWN)
    text = rise_words(trend.rise_mb_per_invocation)
    if trend.is_leak_suspected and environment.state != "gone":
        return line(said("^ " if drawing.is_ascii else "▲ ", "warning"), said(text, "warning"))
    return line(said(text, "dim"))


def rise_words(mb_per_invocation: float) -> str:
    """Return megabytes per 100 invocations.

    >>> rise_words(0.018), rise_words(14.2), rise_words(0), rise_words(0.0002)
    ('+1.8', '+1420', '0', '+0.02')
    """
    rise = mb_per_invocation * 100
    if abs(rise) < 0.005:
        return "0"
    return f"{rise:+.0f}" if abs(rise) >= 99.95 else f"{rise:+.1f}" if abs(rise) >= 0.095 else f"{rise:+.2f}"


def _left(environment: Environment) -> Line:
    """Return after how many invocations its memory is used up, where a leak is suspected."""
    left = environment.memory_trend.invocations_left if environment.memory_trend is not None else None
    if left is None or environment.state == "gone":
        return ()
    return line(said(f"~{units.count(left)}", "bad" if left < 100 else "warning"))


def _order(environment: Environment, newest_ms: int) -> tuple[bool, bool, int, bool, int, str]:
    trend = environment.memory_trend
    left = trend.invocations_left if trend is not None and trend.is_leak_suspected else None
    return (
        environment.state == "gone",
        not is_leaking(environment),
        _NO_LIMIT if left is None else left.bit_length(),
        newest_ms - environment.last_seen_ms > _ACTIVE_MS,
        environment.first_seen_ms,
        environment.log_stream,
    )
