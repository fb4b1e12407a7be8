"""A query as SQL for DuckDB, over the table of events that `table_loading.py` makes."""

from collections.abc import Collection
from dataclasses import dataclass

from lambdatop.insights import syntax
from lambdatop.insights.sql_commands import add_command
from lambdatop.insights.sql_expression import Surroundings
from lambdatop.insights.sql_stages import OrderKey, Stages
from lambdatop.insights.sql_value import Kind, SqlValue, text_literal
from lambdatop.insights.syntax import Query, Span

DEFAULT_LIMIT = 10_000
"""Rows of a query that does not say how many."""
ESTIMATE_COLUMN = "estimatedBytes"

_MATERIALIZED = "MATERIALIZED "
_KEEPING = (syntax.Fields, syntax.Display, syntax.ParseGlob, syntax.ParseRegex, syntax.Limit, syntax.Estimate)
"""Commands that neither drop nor reorder nor multiply rows, so that a limit before them can be the answer's."""
_EACH = (
    syntax.Filter,
    syntax.Fields,
    syntax.Display,
    syntax.ParseGlob,
    syntax.ParseRegex,
    syntax.Sort,
    syntax.Estimate,
)
"""Commands after which each row is an event that matched so far; a filter after others says nothing of events."""


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """The SQL of a query, and how to read what it answers."""

    prepare_sql: str | None
    """Makes the table `chosen` of the events that match, for the others to use."""
    rows_sql: str
    """Answers the rows: a column for each of `columns`, then the pointer where rows are events, or what matched."""
    scanned_sql: str
    """Answers one row: how many events are in the range of time, and their bytes."""
    matched_sql: str | None
    """Answers how many events matched; None where all that are in the range did."""
    has_matched_in_rows: bool
    """Whether the last column of the rows says how many events matched."""
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    is_of_events: bool
    is_estimate: bool
    regexes: tuple[tuple[str, Span], ...]
    """Every regular expression as SQL, with its place in the query."""


def compile_query(
    query: Query, around: Surroundings, limit: int | None = None, log_groups: Collection[str] | None = None
) -> CompiledQuery:
    """The SQL of a query over the events of some log groups (of all: None); QuerySyntaxError for what cannot be run."""
    inside = [f"e_time BETWEEN {int(around.start_ms)} AND {int(around.end_ms)}"]
    if log_groups is not None:
        names = ", ".join(text_literal(name) for name in sorted(log_groups))
        inside.append(f"e_group IN ({names})" if names else "FALSE")
    events = f"SELECT * FROM events WHERE {' AND '.join(inside)}"
    stages = Stages(around, [events])
    own_limit: int | None = None
    is_plain = True
    for place, command in enumerate(query.commands):
        if isinstance(command, syntax.Limit) and all(isinstance(later, _KEEPING) for later in query.commands[place:]):
            own_limit = command.count if own_limit is None else min(command.count, own_limit)
            continue
        if isinstance(command, syntax.Stats | syntax.Pattern) and is_plain and not stages.grouped:
            stages.has_all_matches = True
        add_command(stages, command)
        is_plain = is_plain and isinstance(command, _EACH)
        if isinstance(command, syntax.Filter) and is_plain:
            stages.matching = len(stages.bodies) - 1
    given = [each for each in (own_limit, limit) if each is not None]
    most = min(given, default=DEFAULT_LIMIT)
    is_estimate = bool(query.commands) and isinstance(query.commands[-1], syntax.Estimate)
    return _compiled(stages, most, is_plain=is_plain, is_estimate=is_estimate)


def _compiled(stages: Stages, most: int, *, is_plain: bool, is_estimate: bool) -> CompiledQuery:
    columns = _answer_columns(stages)
    names = [syntax.Name(name, Span(0, 0)) for name in columns]
    before = len(stages.bodies)
    stages.extract(names)
    values = [_answered(stages.look_up(name)) for name in names]
    selected = [f"{value.sql} AS o{place}" for place, value in enumerate(values)]
    prepare_sql, matched_sql, bodies = None, _matched_sql(stages), list(stages.bodies)
    if stages.is_of_events:
        selected.append("e_pointer AS o_pointer")
    elif stages.has_all_matches:
        bodies[stages.grouped[0]] = _MATERIALIZED + bodies[stages.grouped[0]]
        selected.append(f"(SELECT COALESCE(sum(e_rows), 0) FROM s{stages.grouped[0]}) AS o_matched")
    if is_plain:
        chosen = _chosen(stages, before)
        matched_sql = matched_sql and "SELECT count(*) FROM chosen"
        prepare_sql = f"CREATE OR REPLACE TEMP TABLE chosen AS {chosen}"
        bodies[0] = (
            f"SELECT * FROM events WHERE e_place IN (SELECT e_place FROM chosen {_chosen_order(stages)} LIMIT {most})"
        )
    rest = f"FROM {stages.source} {stages.order_clause()} LIMIT {most}"
    return CompiledQuery(
        prepare_sql=prepare_sql,
        rows_sql=f"{_with(bodies)} SELECT {', '.join(selected)} {rest}",
        scanned_sql=f"{_with(stages.bodies[:1])} SELECT count(*), COALESCE(sum(e_bytes), 0) FROM s0",
        matched_sql=matched_sql,
        has_matched_in_rows=not stages.is_of_events and stages.has_all_matches,
        columns=tuple(columns),
        kinds=tuple(value.kind for value in values),
        is_of_events=stages.is_of_events,
        is_estimate=is_estimate,
        regexes=tuple(stages.regexes),
    )


def _chosen(stages: Stages, count: int) -> str:
    """The events that match, and what they are sorted by: so little that the rest is computed for those shown alone."""
    keys = [f"{key.sql} AS k{place}" for place, key in enumerate(stages.order)]
    return f"{_with(stages.bodies[:count])} SELECT e_place, {', '.join(keys)} FROM s{count - 1}"


def _chosen_order(stages: Stages) -> str:
    keys = [OrderKey(f"k{place}", key.is_descending) for place, key in enumerate(stages.order)]
    keys.append(OrderKey("e_place", stages.order[0].is_descending))
    return f"ORDER BY {', '.join(key.clause() for key in keys)}"


def _with(bodies: list[str]) -> str:
    named = []
    for place, body in enumerate(bodies):
        select = body.removeprefix(_MATERIALIZED)
        named.append(f"s{place} AS {'' if select == body else _MATERIALIZED}({select})")
    return f"WITH {', '.join(named)}"


def _answer_columns(stages: Stages) -> list[str]:
    if stages.displayed is not None:
        return stages.displayed
    if stages.has_fields:
        return stages.columns
    return list(dict.fromkeys(["@timestamp", "@message", *stages.columns]))


def _answered(value: SqlValue) -> SqlValue:
    """What is fetched of a value; a time is written by DuckDB, which is faster at it."""
    if value.kind is Kind.TIME:
        return SqlValue(f"strftime(make_timestamp({value.sql} * 1000), '%Y-%m-%d %H:%M:%S.%g')", Kind.TEXT)
    return value


def _matched_sql(stages: Stages) -> str | None:
    if stages.matching == 0:
        return None
    bodies = stages.bodies[: stages.matching + 1]
    return f"{_with(bodies)} SELECT count(*) FROM s{stages.matching}"
