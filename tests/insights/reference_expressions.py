"""Expressions of the reference, evaluated over one row."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lambdatop.insights import syntax
from tests.insights import reference_functions, reference_times, reference_values
from tests.insights.reference_values import Structure, Time, Value, boolean, compare, holds, number_of, number_text


class UnknownNameError(Exception):
    """A name after `stats` that is none of its columns."""


@dataclass
class Row:
    """One row: what commands have named, what was discovered (None after `stats`), and where it came from."""

    named: dict[str, Value]
    discovered: Mapping[str, Value] | None
    place: tuple[int, ...]
    pointer: str | None = None


@dataclass
class Surroundings:
    """What an expression can ask for beside its row."""

    text: str
    start_ms: int
    end_ms: int
    now_ms: int
    aggregate: Callable[[syntax.Call], Value] | None = None
    times: set[str] = field(default_factory=set)
    """The names that commands have given to timestamps."""
    named: set[str] = field(default_factory=set)
    """All names that commands have given."""


def look_up(name: str, row: Row) -> Value:
    """A name given by a command, a part of a structure so named, a discovered field."""
    if name in row.named:
        return row.named[name]
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        whole = row.named.get(".".join(parts[:length]))
        if isinstance(whole, Structure):
            return reference_values.from_json(_descend(whole.content, parts[length:]))
        if row.discovered is None and ".".join(parts[:length]) in row.named:
            return None
    if row.discovered is None:
        raise UnknownNameError(name)
    return row.discovered.get(name)


def _descend(content: object, parts: list[str]) -> object:
    for part in parts:
        if isinstance(content, dict):
            content = content.get(part)
        elif isinstance(content, list) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        else:
            return None
    return content


def value_of(expression: syntax.Expression, row: Row, around: Surroundings) -> Value:  # noqa: C901, PLR0911 - one case each
    """The value of an expression in a row."""
    written = around.text[expression.span.start : expression.span.end]
    column = next((text for text in (written, f"({written})") if text in row.named), None)
    if row.discovered is None and column is not None:
        return row.named[column]
    match expression:
        case syntax.Name():
            return look_up(expression.name, row)
        case syntax.Number():
            return number_text(float(expression.text))
        case syntax.Text():
            return expression.value
        case syntax.Boolean():
            return boolean(expression.value)
        case syntax.Regex():
            return expression.pattern
        case syntax.Unary():
            return _unary(expression, value_of(expression.operand, row, around))
        case syntax.Binary():
            return _binary(expression, value_of(expression.left, row, around), value_of(expression.right, row, around))
        case syntax.Like():
            return _like(expression, value_of(expression.subject, row, around))
        case syntax.Membership():
            subject = value_of(expression.subject, row, around)
            items = [value_of(item, row, around) for item in expression.items]
            return _membership(subject, items, expression.is_negated)
        case syntax.Call():
            return _call(expression, row, around)
        case _:
            raise UnknownNameError(written)


def _unary(expression: syntax.Unary, operand: Value) -> Value:
    if expression.operator == "not":
        return boolean(not holds(operand))
    number = number_of(operand)
    return None if number is None else number_text(-number)


def _binary(expression: syntax.Binary, left: Value, right: Value) -> Value:
    operator = expression.operator
    if operator == "and":
        return boolean(holds(left) and holds(right))
    if operator == "or":
        return boolean(holds(left) or holds(right))
    if operator in ("=", "!=", "<", "<=", ">", ">="):
        return boolean(compare(operator, left, right))
    one, two = number_of(left), number_of(right)
    if one is None or two is None:
        return None
    try:
        return number_text(_ARITHMETIC[operator](one, two))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": math.pow,
}


def _like(expression: syntax.Like, subject: Value) -> Value:
    if not isinstance(subject, str):
        return "0"
    if isinstance(expression.pattern, syntax.Text):
        is_found = expression.pattern.value in subject
    else:
        is_found = reference_values.python_regex(expression.pattern.pattern).search(subject) is not None
    return boolean(is_found != expression.is_negated)


def _membership(subject: Value, items: list[Value], is_negated: bool) -> Value:
    if not isinstance(subject, str):
        return "0"
    return boolean(any(compare("=", subject, item) for item in items) != is_negated)


def _call(expression: syntax.Call, row: Row, around: Surroundings) -> Value:
    function = expression.function
    if around.aggregate is not None and is_aggregate(function):
        return around.aggregate(expression)
    constants = {
        "now": around.now_ms // 1000,
        "querystarttime": around.start_ms,
        "queryendtime": around.end_ms,
        "querytimerange": around.end_ms - around.start_ms,
    }
    if function in constants:
        return str(constants[function])
    if function in ("bin", "datefloor", "dateceil"):
        *timestamps, period = expression.arguments
        at = value_of(timestamps[0], row, around) if timestamps else look_up("@timestamp", row)
        return _period(function, at, period)
    if function == "messagesize" and not expression.arguments:
        return reference_functions.call(function, [look_up("@message", row)])
    arguments = [value_of(argument, row, around) for argument in expression.arguments]
    if function == "frommillis":
        return reference_times.time_value(reference_times.moment(arguments[0]))
    if function in ("formatdate", "strftime"):
        return reference_times.format_date(arguments[0], arguments[1], (*arguments, None)[2])
    if function == "parsedate":
        return reference_times.parse_date(arguments[0], arguments[1], (*arguments, None)[2])
    value = reference_functions.call(function, arguments)
    return str(value) if isinstance(value, Time) and not is_time(expression, around) else value


def is_time(expression: syntax.Expression, around: Surroundings) -> bool:
    """Whether an expression makes timestamps, whatever the row."""
    written = around.text[expression.span.start : expression.span.end]
    if isinstance(expression, syntax.Name) or written in around.named:
        name = expression.name if isinstance(expression, syntax.Name) else written
        return name in (around.times if name in around.named else ("@timestamp", "@ingestionTime"))
    if not isinstance(expression, syntax.Call):
        return False
    arguments = expression.arguments
    chosen: dict[str, tuple[syntax.Expression, ...]] = {
        **dict.fromkeys(("bin", "datefloor", "dateceil", "frommillis"), ()),
        **dict.fromkeys(("min", "max", "earliest", "latest", "sortsfirst", "sortslast", "coalesce"), arguments),
        "if": arguments[1:],
        "case": (*arguments[1::2], *(arguments[-1:] if len(arguments) % 2 else ())),
    }
    return expression.function in chosen and all(is_time(each, around) for each in chosen[expression.function])


def _period(function: str, at: Value, period: syntax.Expression) -> Value:
    moment = reference_times.moment(at)
    assert isinstance(period, syntax.Period)
    if moment is None:
        return None
    round_to = reference_times.ceil_to if function == "dateceil" else reference_times.floor_to
    return reference_times.time_value(round_to(moment, period))


def is_aggregate(function: str) -> bool:
    """Whether a function is one of groups."""
    return function in (
        [
            "avg",
            "count",
            "count_distinct",
            "countdistinct",
            "max",
            "min",
            "pct",
            "stddev",
            "variance",
            "sum",
            "values",
            "topk",
            "earliest",
            "latest",
            "sortsfirst",
            "sortslast",
        ]
    )
