"""A query as SQL for DuckDB, over the table of events that `table_loading.py` makes."""

from collections.abc import Collection
from dataclasses import dataclass

from lambdatop.insights import syntax
from lambdatop.insights.sql_commands import add_command
from lambdatop.insights.sql_expression import Surroundings
from lambdatop.insights.sql_stages import Stages
from lambdatop.insights.sql_value import NULL, Kind, SqlValue, text_literal
from lambdatop.insights.syntax import Query, Span

DEFAULT_LIMIT = 10_000
"""Rows of a query that does not say how many."""
ESTIMATE_COLUMN = "estimatedBytes"

_KEEPING = (syntax.Fields, syntax.Display, syntax.ParseGlob, syntax.ParseRegex, syntax.Limit, syntax.Estimate)
"""Commands that neither drop nor reorder nor multiply rows, so that a limit before them can be the answer's."""
_EACH = (syntax.Filter, syntax.Fields, syntax.Display, syntax.ParseGlob, syntax.ParseRegex, syntax.Sort)
"""Commands after which each row is an event that matched so far; a filter after others says nothing of events."""


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """The SQL of a query, and how to read what it answers."""

    rows_sql: str
    """Answers the rows: a column for each of `columns`, and after them the pointer where rows are events."""
    scanned_sql: str
    """Answers one row: how many events are in the range of time, and their bytes."""
    matched_sql: str | None
    """Answers how many events matched; None where all that are in the range did."""
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
    most = DEFAULT_LIMIT if limit is None else limit
    own_limit: int | None = None
    for place, command in enumerate(query.commands):
        if isinstance(command, syntax.Limit) and all(isinstance(later, _KEEPING) for later in query.commands[place:]):
            own_limit = command.count if own_limit is None else min(command.count, own_limit)
            continue
        add_command(stages, command)
        if isinstance(command, syntax.Filter) and all(isinstance(before, _EACH) for before in query.commands[:place]):
            stages.matching = len(stages.bodies) - 1
    if own_limit is not None:
        most = own_limit if limit is None else min(own_limit, limit)
    return _compiled(stages, most, is_estimate=_is_estimate(query))


def _is_estimate(query: Query) -> bool:
    return bool(query.commands) and isinstance(query.commands[-1], syntax.Estimate)


def _compiled(stages: Stages, most: int, *, is_estimate: bool) -> CompiledQuery:
    columns = _answer_columns(stages)
    names = [syntax.Name(name, Span(0, 0)) for name in columns]
    stages.extract(names)
    values = [stages.look_up(name) for name in names]
    selected = [f"{_answered(value)} AS o{place}" for place, value in enumerate(values)]
    if stages.is_of_events:
        selected.append("e_pointer AS o_pointer")
    rest = f"FROM {stages.source} {stages.order_clause()} LIMIT {most}"
    return CompiledQuery(
        rows_sql=f"{_with(stages.bodies)} SELECT {', '.join(selected)} {rest}",
        scanned_sql=f"{_with(stages.bodies[:1])} SELECT count(*), COALESCE(sum(e_bytes), 0) FROM s0",
        matched_sql=_matched_sql(stages),
        columns=tuple(columns),
        kinds=tuple(value.kind for value in values),
        is_of_events=stages.is_of_events,
        is_estimate=is_estimate,
        regexes=tuple(stages.regexes),
    )


def _with(bodies: list[str]) -> str:
    named = [f"s{place} AS ({body})" for place, body in enumerate(bodies)]
    return f"WITH {', '.join(named)}"


def _answer_columns(stages: Stages) -> list[str]:
    if stages.displayed is not None:
        return stages.displayed
    if stages.has_fields:
        return stages.columns
    return list(dict.fromkeys(["@timestamp", "@message", *stages.columns]))


def _answered(value: SqlValue) -> str:
    if value is NULL:
        return "NULL"
    return value.sql


def _matched_sql(stages: Stages) -> str | None:
    if stages.matching == 0:
        return None
    bodies = stages.bodies[: stages.matching + 1]
    return f"{_with(bodies)} SELECT count(*) FROM s{stages.matching}"
