"""What of a query's answer can be drawn: which columns are time, groups and values, and the series they make."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from lambdatop.parsers.query_value import number_of, time_ms
from lambdatop.render.query_layout import QueryColumn
from lambdatop.render.query_table import QueryTable
from lambdatop.render.query_units import is_additive

MOST_SERIES = 5
_AGGREGATE = re.compile(
    r"(?:count|sum|avg|min|max|pct|stddev|variance|rate|count_distinct|earliest|latest)\w*\s*\(", re.IGNORECASE
)
_PERIOD = re.compile(r"\s*bin\s*\(\s*(\d+)\s*(ms|[smhdw]|sec|min|hr|second|minute|hour|day|week)s?\s*\)\s*\Z")
_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
"""By a unit's first letter, but for milliseconds; months and longer are not all as long."""
_LONE_PERIOD_MS = 60_000
"""Of a single bin whose column does not say."""
_LOG_EVENTS = "These rows are log events. A chart is drawn of numbers, such as `stats count(*) by bin(5m)`."


class ChartChoice(NamedTuple):
    """What somebody has chosen of a chart."""

    kind: Literal["auto", "lines", "bars"] = "auto"
    """`auto` is bars for what can be added up, else lines."""
    value_column: str | None = None
    """None is the first column that can be drawn."""
    series: int = MOST_SERIES
    """Most groups that are drawn, five at most; the others are named."""


class Roles(NamedTuple):
    """Which columns are what."""

    time: QueryColumn | None
    groups: tuple[QueryColumn, ...]
    values: tuple[QueryColumn, ...]


class Series(NamedTuple):
    """The values of one group, by the time of their bins."""

    name: str
    points: dict[int, float]
    total: float
    """The largest value where adding up makes no sense."""


class Chart(NamedTuple):
    """Series with the largest total first, or the largest value where adding up makes no sense."""

    value: QueryColumn
    by: str
    """The names of the columns that make the series."""
    series: tuple[Series, ...]
    others: tuple[Series, ...]
    """Those that are not drawn one by one."""
    rest: dict[int, float]
    """The others' values by bin, added up."""
    times: tuple[int, ...]
    """Of all bins that have a value, in order; none where the answer has no time."""
    period_ms: int
    is_additive: bool
    missing: int
    """Rows without a value."""
    repeated: int
    """Rows that fell on a bin which had a larger value of the same group."""

    @property
    def group_count(self) -> int:
        """How many groups there are, drawn or not."""
        return len(self.series) + len(self.others)


def value_columns(table: QueryTable) -> tuple[str, ...]:
    """Return the names of the columns that can be drawn."""
    return tuple(column.name for column in roles_of(table).values)


def chart_problem(table: QueryTable, choice: ChartChoice = ChartChoice()) -> str | None:  # noqa: B008  immutable
    """Return why nothing can be drawn, in a sentence; None where something can."""
    if not table.total:
        return "There are no rows to draw."
    if not table.is_aggregate:
        return _LOG_EVENTS
    names = value_columns(table)
    if not names:
        return "No column holds numbers to draw."
    if choice.value_column is not None and choice.value_column not in names:
        return f"{choice.value_column} holds no numbers to draw; these do: {', '.join(names)}."
    if not table.row_count:
        return "The filter hides all rows."
    chart = chart_of(table, choice)
    return None if chart.series else f"{chart.value.name} has no value in any row."


@lru_cache(maxsize=2)
def roles_of(table: QueryTable) -> Roles:
    """Return which columns are time, groups and values.

    Texts are groups. Numbers are values, but for those that are needed to tell rows apart, such as a status code: the
    first ones, unless they are named like an aggregate.
    """
    columns = table.columns
    time = next((column for column in columns if column.type == "time"), None)
    groups = [column for column in columns if column.type in ("text", "boolean", "json")]
    values = [column for column in columns if column.type == "number"]
    groups += [column for column in columns if column.type == "time" and column is not time]
    candidates = [column for column in values if not _AGGREGATE.match(column.name)]
    while len(values) > 1 and candidates and not _tell_apart(table, [*groups, *([time] if time else [])]):
        column = candidates.pop(0)
        groups.append(column)
        values.remove(column)
    return Roles(time, tuple(sorted(groups, key=lambda column: column.place)), tuple(values))


@lru_cache(maxsize=2)
def chart_of(table: QueryTable, choice: ChartChoice) -> Chart:
    """Return the series of a table that has numbers, of the rows that its filter lets through."""
    roles = roles_of(table)
    value = next((column for column in roles.values if column.name == choice.value_column), roles.values[0])
    points: dict[str, dict[int, float]] = {}
    missing = repeated = 0
    time_of = lru_cache(maxsize=None)(time_ms)
    rows = table.rows
    for place in table.places:
        row = rows[place]
        number = number_of(row[value.place])
        at_ms = 0 if roles.time is None else time_of(row[roles.time.place])
        if number is None or at_ms is None or not math.isfinite(number):
            missing += 1
            continue
        known = points.setdefault(_group_name(row, roles.groups), {})
        if at_ms in known:
            repeated += 1
        known[at_ms] = max(number, known.get(at_ms, number))
    can_add = is_additive(value.name)
    every = sorted(
        (Series(name, its, (sum if can_add else max)(its.values())) for name, its in points.items()),
        key=lambda series: (-series.total, series.name),
    )
    times = tuple(sorted({at_ms for its in points.values() for at_ms in its})) if roles.time else ()
    count = max(1, min(choice.series, MOST_SERIES)) if times else len(every)
    return Chart(
        value=value,
        by=", ".join(column.name for column in roles.groups),
        series=tuple(every[:count]),
        others=tuple(every[count:]),
        rest=_added_up(every[count:]),
        times=times,
        period_ms=period_ms(roles.time.name if roles.time else "", times),
        is_additive=can_add,
        missing=missing,
        repeated=repeated,
    )


def period_ms(name: str, times: Sequence[int]) -> int:
    """Return how long a bin is: as the column's name says, unless bins are nearer to each other than that.

    AWS bounds the count of a unit, so that bin(300s) makes bins of 60 seconds (AWS-FACTS 5.2).

    >>> period_ms("bin(5m)", [0, 900_000]), period_ms("bin(300s)", [0, 60_000]), period_ms("t", [0, 7_000, 9_000])
    (300000, 60000, 2000)
    """
    nearest = min((after - before for before, after in pairwise(times)), default=None)
    match = _PERIOD.match(name)
    said = int(match[1]) * _UNITS_MS[match[2] if match[2] == "ms" else match[2][0]] if match else 0
    if said and (nearest is None or said <= nearest):
        return said
    return nearest or _LONE_PERIOD_MS


def _tell_apart(table: QueryTable, columns: Sequence[QueryColumn]) -> bool:
    """Return whether no two rows have the same values in these columns."""
    seen = {tuple(row[column.place] for column in columns) for row in table.rows}
    return len(seen) == table.total


def _group_name(row: Sequence[str | None], groups: Iterable[QueryColumn]) -> str:
    values = (row[column.place] for column in groups)
    return " · ".join("–" if value is None else value or '""' for value in values)  # noqa: RUF001  an en dash


def _added_up(series: Iterable[Series]) -> dict[int, float]:
    totals: dict[int, float] = {}
    for one in series:
        for at_ms, value in one.points.items():
            totals[at_ms] = totals.get(at_ms, 0.0) + value
    return totals
