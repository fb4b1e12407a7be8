"""Queries made at random as trees, written as text; and trees compared without regard to where things stand."""

import dataclasses
from typing import Any, cast

from hypothesis import strategies as st

from lambdatop.insights import syntax
from lambdatop.insights.literals import written_name
from lambdatop.insights.syntax import Command, Expression, Span

NOWHERE = Span(0, 0)


def without_places(node: object) -> object:
    """A tree as tuples, without spans and texts."""
    if dataclasses.is_dataclass(node):
        fields = [field.name for field in dataclasses.fields(node) if field.name not in ("span", "text")]
        text = (node.text,) if isinstance(node, syntax.Number) else ()
        return (type(node).__name__, *text, *(without_places(getattr(node, name)) for name in fields))
    if isinstance(node, tuple):
        return tuple(without_places(item) for item in node)
    return node


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _written_regex(pattern: str) -> str:
    return f"/{pattern.replace('/', chr(92) + '/')}/"


def written(expression: Expression) -> str:  # noqa: C901, PLR0911  one case for each kind of node
    """An expression with a pair of brackets around each operation."""
    match expression:
        case syntax.Name(name):
            return written_name(name)
        case syntax.Number(text):
            return text
        case syntax.Text(value):
            return _quoted(value)
        case syntax.Boolean(value):
            return "true" if value else "false"
        case syntax.Regex(pattern):
            return _written_regex(pattern)
        case syntax.Period(count, unit):
            return f"{count}{unit}"
        case syntax.Star():
            return "*"
        case syntax.Call(function, arguments):
            return f"{function}({', '.join(written(argument) for argument in arguments)})"
        case syntax.Unary(operator, operand):
            return f"({operator} {written(operand)})"
        case syntax.Binary(operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
        case syntax.Like(subject, pattern, is_negated):
            return f"({written(subject)} {'not ' if is_negated else ''}like {written(pattern)})"
        case syntax.Membership(subject, items, is_negated):
            listed = ", ".join(written(item) for item in items)
            return f"({written(subject)} {'not ' if is_negated else ''}in [{listed}])"


def _columns(columns: tuple[syntax.Column, ...]) -> str:
    return ", ".join(
        written(column.expression) + (f" as {written_name(column.name)}" if column.is_alias else "")
        for column in columns
    )


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(written_name(name) for name in names)


def written_command(command: Command) -> str:  # noqa: C901, PLR0911  one case for each command
    """A command as a query writes it."""
    match command:
        case syntax.Fields(columns):
            return f"fields {_columns(columns)}"
        case syntax.Display(columns):
            return f"display {_columns(columns)}"
        case syntax.Filter(condition):
            return f"filter {written(condition)}"
        case syntax.Stats(aggregates, groups):
            return f"stats {_columns(aggregates)}" + (f" by {_columns(groups)}" if groups else "")
        case syntax.Sort(keys):
            return "sort " + ", ".join(f"{written(k.expression)} {'desc' if k.is_descending else 'asc'}" for k in keys)
        case syntax.Limit(count, is_any):
            return f"limit {'any ' if is_any else ''}{count}"
        case syntax.ParseGlob(subject, literals, names):
            return f"parse {written(subject)} {_quoted('*'.join(literals))} as {_names(names)}"
        case syntax.ParseRegex(subject, regex):
            return f"parse {written(subject)} {written(regex)}"
        case syntax.Dedup(keys):
            return f"dedup {', '.join(written(key) for key in keys)}"
        case syntax.Unnest(subject, name):
            return f"unnest {written(subject)} into {written_name(name)}"
        case syntax.Pattern(subject):
            return f"pattern {written(subject)}"
        case syntax.Estimate():
            return "estimate"


NAMES = st.sampled_from(["a", "@duration", "b.c", "x-y", "in", "desc", "Größe", "@aws.tag.a:b", "2xx", "limit"])
_TEXTS = st.text(alphabet=st.sampled_from("ab'\"\\/\n\t*% |#`d"), max_size=6)
_PATTERNS = st.sampled_from(["a", "a/b", r"\d+", "(?i)x|y", "[/]", r"\\", " ", "a#b"])
_ARITHMETIC = st.sampled_from(["+", "-", "*", "/", "^", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
_LEAVES: st.SearchStrategy[Expression] = st.one_of(
    NAMES.map(lambda name: syntax.Name(name, NOWHERE)),
    st.sampled_from(["0", "12", "0.5", "1e3", "7.25E-2"]).map(lambda text: syntax.Number(text, NOWHERE)),
    _TEXTS.map(lambda value: syntax.Text(value, NOWHERE)),
    st.booleans().map(lambda value: syntax.Boolean(value, NOWHERE)),
    st.sampled_from(["5m", "1h"]).map(
        lambda p: syntax.Call("bin", (syntax.Period(int(p[0]), p[1], NOWHERE),), NOWHERE)
    ),
)


def _larger(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pattern = st.one_of(
        _TEXTS.map(lambda value: syntax.Text(value, NOWHERE)), _PATTERNS.map(lambda p: syntax.Regex(p, NOWHERE))
    )
    items = st.lists(parts, min_size=1, max_size=3).map(tuple)
    nowhere = st.just(NOWHERE)
    return st.one_of(
        st.builds(syntax.Binary, cast("Any", _ARITHMETIC), parts, parts, nowhere),
        st.builds(syntax.Unary, cast("Any", st.sampled_from(["-", "not"])), parts, nowhere),
        st.builds(syntax.Like, parts, pattern, st.booleans(), nowhere),
        st.builds(syntax.Membership, parts, items, st.booleans(), nowhere),
        st.builds(syntax.Call, st.sampled_from(["concat", "coalesce"]), items, nowhere),
    )


EXPRESSIONS = st.recursive(_LEAVES, _larger, max_leaves=8)


def _aliased(expression: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[syntax.Column, ...]]:
    column = st.builds(syntax.Column, expression, NAMES, st.just(value=True), st.just(NOWHERE))
    return st.lists(column, min_size=1, max_size=3).map(tuple)


_AGGREGATES: st.SearchStrategy[Expression] = EXPRESSIONS.flatmap(
    lambda part: st.sampled_from(
        [
            syntax.Call("count", (syntax.Star(NOWHERE),), NOWHERE),
            syntax.Call("sum", (part,), NOWHERE),
            syntax.Binary("/", syntax.Call("max", (part,), NOWHERE), syntax.Number("2", NOWHERE), NOWHERE),
        ]
    )
)
_GLOBS = st.lists(NAMES, min_size=1, max_size=3).flatmap(
    lambda names: st.builds(
        syntax.ParseGlob,
        EXPRESSIONS,
        st.lists(st.sampled_from(["", "a=", ', "', "\\"]), min_size=len(names) + 1, max_size=len(names) + 1).map(tuple),
        st.just(tuple(names)),
        st.just(NOWHERE),
    )
)
_EARLY: st.SearchStrategy[Command] = st.one_of(
    st.builds(syntax.Fields, _aliased(EXPRESSIONS), st.just(NOWHERE)),
    st.builds(syntax.Display, _aliased(EXPRESSIONS), st.just(NOWHERE)),
    st.builds(syntax.Filter, EXPRESSIONS, st.just(NOWHERE)),
    st.builds(syntax.Unnest, EXPRESSIONS, NAMES, st.just(NOWHERE)),
    st.builds(syntax.Pattern, EXPRESSIONS, st.just(NOWHERE)),
    st.builds(syntax.Stats, _aliased(_AGGREGATES), st.one_of(st.just(()), _aliased(EXPRESSIONS)), st.just(NOWHERE)),
    _GLOBS,
    EXPRESSIONS.map(
        lambda subject: syntax.ParseRegex(
            subject, syntax.Regex("(x)(?:y)(?<n>[(]/)(?<m>.)", NOWHERE), ("n", "m"), NOWHERE, (2, 3)
        )
    ),
)
_LATE: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        syntax.Sort,
        st.lists(st.builds(syntax.SortKey, EXPRESSIONS, st.booleans(), st.just(NOWHERE)), min_size=1, max_size=2).map(
            tuple
        ),
        st.just(NOWHERE),
    ),
    st.builds(syntax.Limit, st.integers(1, 100_000), st.booleans(), st.just(NOWHERE)),
)
_LAST: st.SearchStrategy[Command] = st.one_of(
    st.builds(syntax.Dedup, st.lists(EXPRESSIONS, min_size=1, max_size=2).map(tuple), st.just(NOWHERE)),
    st.builds(syntax.Estimate, st.just(NOWHERE)),
)
COMMANDS = (
    st.tuples(st.lists(_EARLY, max_size=3), st.lists(_LATE, max_size=2), st.lists(_LAST, max_size=1))
    .map(lambda parts: tuple(part for group in parts for part in group))
    .filter(bool)
)
"""The commands of a query, in an order that is allowed."""
