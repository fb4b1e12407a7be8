"""The commands of a query as SQL: each puts SELECTs over those before it."""

import re
from collections.abc import Callable
from typing import Any

from lambdatop.insights import syntax
from lambdatop.insights.expression_walk import walk
from lambdatop.insights.sql_aggregates import GroupRows, compile_aggregate
from lambdatop.insights.sql_pattern import add_pattern
from lambdatop.insights.sql_stages import OrderKey, Stages, order_keys
from lambdatop.insights.sql_value import Kind, SqlValue, as_text, text_literal
from lambdatop.insights.syntax import Column, QuerySyntaxError

_LARGEST_GLOB = 100


def add_command(stages: Stages, command: syntax.Command) -> None:
    """Put what a command does over the stages before it."""
    _COMMANDS[type(command)](stages, command)


def _add_fields(stages: Stages, fields: syntax.Fields) -> None:
    _compute(stages, fields.columns)
    stages.has_fields = True
    stages.show(column.name for column in fields.columns)


def _add_display(stages: Stages, display: syntax.Display) -> None:
    _compute(stages, display.columns)
    stages.displayed = list(dict.fromkeys(column.name for column in display.columns))


def _add_filter(stages: Stages, filtering: syntax.Filter) -> None:
    stages.extract([filtering.condition])
    stages.add("*", f"WHERE {stages.expressions().condition(filtering.condition)}")


def _add_limit(stages: Stages, limit: syntax.Limit) -> None:
    stages.add("*", f"{stages.order_clause()} LIMIT {limit.count}")


def _add_nothing(stages: Stages, estimate: syntax.Estimate) -> None:
    del stages, estimate


def _compute(stages: Stages, columns: tuple[Column, ...]) -> None:
    given: set[str] = set()
    needed: list[syntax.Name] = []
    for column in columns:
        names = [each for each in walk(column.expression) if isinstance(each, syntax.Name)]
        needed += [name for name in names if name.name not in given]
        if column.is_alias:
            given.add(column.name)
    stages.extract(needed)
    for column in columns:
        stages.extract([column.expression])
        stages.name(column.name, stages.expressions().value(column.expression))


def _add_sort(stages: Stages, sort: syntax.Sort) -> None:
    stages.extract([key.expression for key in sort.keys])
    order: list[OrderKey] = []
    for key in sort.keys:
        # A constant, too, says whether equal rows are reversed, but DuckDB sorts by no literal.
        value = stages.new_column(stages.expressions().value(key.expression))
        order += order_keys(value, is_descending=key.is_descending)
    stages.order = order


def _add_dedup(stages: Stages, dedup: syntax.Dedup) -> None:
    stages.extract(dedup.keys)
    keys = [as_text(stages.column(stages.expressions().value(key))) for key in dedup.keys]
    is_partial = " OR ".join(f"{key} IS NULL" for key in keys)
    first = f"row_number() OVER (PARTITION BY {', '.join(keys)} {stages.order_clause()}) = 1"
    stages.add("*", f"QUALIFY {is_partial} OR {first}")


def _add_unnest(stages: Stages, unnest: syntax.Unnest) -> None:
    stages.extract([unnest.subject])
    value = stages.column(stages.expressions().value(unnest.subject))
    if value.kind is not Kind.STRUCTURE:
        stages.add("*", f"WHERE {value.sql} IS NOT NULL")
        stages.names[unnest.name] = value
    else:
        items, item, place = stages.fresh("l"), stages.fresh("c"), stages.fresh("p")
        stages.add(
            f"*, CASE WHEN starts_with({value.sql}, '[') THEN json_items({value.sql}) ELSE [{value.sql}] END AS {items}"
        )
        # A row without a list has one item, null, and is left out.
        stages.add(
            f"*, unnest({items}) AS {item}, unnest(range(len({items}))) AS {place}", f"WHERE {value.sql} IS NOT NULL"
        )
        stages.items = [*stages.items, place]
        stages.names[unnest.name] = SqlValue(f"NULLIF({item}, 'null')", Kind.STRUCTURE)
    stages.show([unnest.name])


def _add_parse(stages: Stages, parse: syntax.ParseGlob | syntax.ParseRegex) -> None:
    stages.extract([parse.subject])
    expressions = stages.expressions()
    subject = as_text(expressions.value(parse.subject))
    groups: tuple[int, ...]
    if isinstance(parse, syntax.ParseGlob):
        if len(parse.names) > _LARGEST_GLOB:
            raise QuerySyntaxError(f"A pattern of parse has at most {_LARGEST_GLOB} stars here.", parse.span)
        pattern = text_literal(_glob_regex(parse.literals))
        groups = tuple(range(1, len(parse.names) + 1))
    else:
        pattern = expressions.regex(parse.regex.pattern, parse.regex.span)
        groups = parse.groups or tuple(range(1, len(parse.names) + 1))
    found = stages.fresh("m")
    labels = ", ".join(f"'g{number}'" for number in range(1, max(groups) + 1))
    stages.add(f"*, regexp_extract({subject}, {pattern}, [{labels}]) AS {found}")
    columns = {name: stages.fresh("c") for name in parse.names}
    parts = [
        f"NULLIF({found}.g{group}, '') AS {columns[name]}"
        for name, group in dict(zip(parse.names, groups, strict=True)).items()
    ]
    stages.add(f"*, {', '.join(parts)}")
    stages.names.update({name: SqlValue(column, Kind.TEXT) for name, column in columns.items()})
    stages.show(parse.names)


def _glob_regex(literals: tuple[str, ...]) -> str:
    """A glob as a regular expression: each star the shortest text, one at the end all the rest."""
    pieces = [re.sub(r"[^A-Za-z0-9_ ]", lambda found: f"\\x{{{ord(found[0]):x}}}", literal) for literal in literals]
    stars = ["(.*?)"] * (len(literals) - 1)
    if not literals[-1]:
        stars[-1] = "(.*)"
    middle = "".join(star + piece for star, piece in zip(stars, pieces[1:], strict=True))
    return f"(?s){pieces[0]}{middle}"


def _add_stats(stages: Stages, stats: syntax.Stats) -> None:
    """Rows become groups; each aggregate is computed once, then what is computed of aggregates."""
    stages.extract(column.expression for column in (*stats.groups, *stats.aggregates))
    rows = stages.expressions()
    group_rows = GroupRows(
        lambda expression: stages.column(rows.value(expression)),
        lambda call: rows.look_up(syntax.Name("@timestamp", call.span)),
        (*stages.places, *stages.items),
    )
    groups = {column.name: _group_value(stages, rows.value(column.expression)) for column in stats.groups}
    keys = {name: SqlValue(stages.fresh("g"), value.kind) for name, value in groups.items()}
    made: list[str] = []

    def aggregated(call: syntax.Call) -> SqlValue:
        value = compile_aggregate(group_rows, call)
        column = stages.fresh("a")
        made.append(f"{value.sql} AS {column}")
        return SqlValue(column, value.kind)

    known: dict[str, SqlValue] = dict(keys)
    results: list[tuple[str, SqlValue]] = []
    outer = stages.expressions(aggregated, look_up=lambda name: _group_column(name, known))
    outer.written = lambda expression: known.get(stages.around.text[expression.span.start : expression.span.end])
    for column in stats.aggregates:
        value = outer.value(column.expression)
        known[column.name] = SqlValue(f"({value.sql})", value.kind, value.constant)
        results.append((column.name, known[column.name]))
    _group(stages, groups, keys, made)
    stages.become_groups()
    stages.names = dict(keys)
    for name, value in results:
        stages.name(name, value)
    stages.show([*groups, *(name for name, _ in results)])


def _group_value(stages: Stages, value: SqlValue) -> SqlValue:
    if value.constant is not None:
        # As a literal it would stand for every same literal in the aggregates, where DuckDB wants constants.
        column = stages.fresh("c")
        stages.add(f"*, {value.sql} AS {column}")
        return SqlValue(column, value.kind)
    if value.kind is Kind.STRUCTURE:
        return SqlValue(as_text(value), Kind.TEXT)
    return SqlValue(f"({value.sql})", value.kind)


def _group_column(name: syntax.Name, known: dict[str, SqlValue]) -> SqlValue:
    if name.name in known:
        return known[name.name]
    raise QuerySyntaxError(f"Expected an aggregate or a column of by, found {name.name[:60]!r}.", name.span)


def _group(stages: Stages, groups: dict[str, SqlValue], keys: dict[str, SqlValue], made: list[str]) -> None:
    selected = [f"{value.sql} AS {keys[name].sql}" for name, value in groups.items()]
    rest = f"GROUP BY {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    stages.add(", ".join([*selected, *made, "count(*) AS e_rows"]), rest)
    order = [key.clause() for value in keys.values() for key in (*order_keys(value, is_descending=False),)]
    texts = [
        OrderKey(as_text(value), is_descending=False).clause()
        for value in keys.values()
        if value.kind in (Kind.TEXT, Kind.NUMERAL)
    ]
    stages.grouped.append(len(stages.bodies) - 1)
    stages.add(f"*, row_number() OVER ({'ORDER BY ' + ', '.join([*order, *texts]) if order else ''}) AS e_place")


_COMMANDS: dict[type[syntax.Command], Callable[[Stages, Any], None]] = {
    syntax.Fields: _add_fields,
    syntax.Display: _add_display,
    syntax.Filter: _add_filter,
    syntax.Stats: _add_stats,
    syntax.Sort: _add_sort,
    syntax.Limit: _add_limit,
    syntax.ParseGlob: _add_parse,
    syntax.ParseRegex: _add_parse,
    syntax.Dedup: _add_dedup,
    syntax.Unnest: _add_unnest,
    syntax.Pattern: add_pattern,
    syntax.Estimate: _add_nothing,
}
