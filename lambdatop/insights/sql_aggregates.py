"""The aggregates of `stats` as SQL over the rows of a group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import unsupported
from lambdatop.insights.sql_value import Kind, SqlValue, as_number, as_text, number_result
from lambdatop.insights.syntax import QuerySyntaxError


@dataclass(frozen=True, slots=True)
class GroupRows:
    """What an aggregate is computed from: how to compile its arguments, and what says when and where a row was."""

    value: Callable[[syntax.Expression], SqlValue]
    timestamp: Callable[[syntax.Call], SqlValue]
    places: Sequence[str]

    def moment(self, call: syntax.Call) -> str:
        """The order of rows by time, then by loading."""
        return f"row({', '.join((as_number(self.timestamp(call)), *self.places))})"


_Compile = Callable[[GroupRows, syntax.Call, SqlValue], SqlValue]


def compile_aggregate(rows: GroupRows, call: syntax.Call) -> SqlValue:
    """An aggregate as SQL."""
    compile_call = _AGGREGATES.get(call.function)
    if compile_call is None:
        raise unsupported(f"the aggregate {call.function}", call.span)
    if not call.arguments or isinstance(call.arguments[0], syntax.Star):
        if call.function != "count":
            raise QuerySyntaxError(f"{call.function} needs a field.", call.span)
        return SqlValue("CAST(count(*) AS DOUBLE)", Kind.NUMBER)
    place = 1 if call.function == "topk" else 0
    if len(call.arguments) <= place:
        raise QuerySyntaxError("topk needs a number and a field.", call.span)
    return compile_call(rows, call, rows.value(call.arguments[place]))


def _of_numbers(template: str) -> _Compile:
    def compile_call(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
        del rows, call
        return number_result(template.format(as_number(value)))

    return compile_call


def _count(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
    del rows, call
    return SqlValue(f"CAST(count({value.sql}) AS DOUBLE)", Kind.NUMBER)


def _count_distinct(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
    del rows, call
    counted = as_text(value) if value.kind is Kind.STRUCTURE else value.sql
    return SqlValue(f"CAST(count(DISTINCT {counted}) AS DOUBLE)", Kind.NUMBER)


def _parameter(argument: syntax.Expression) -> float | None:
    """A number that is written out."""
    return float(argument.text) if isinstance(argument, syntax.Number) else None


def _pct(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
    del rows
    percent = _parameter(call.arguments[1])
    if percent is None or not 0 <= percent <= 100:
        raise QuerySyntaxError("The second argument of pct is a number from 0 to 100.", call.arguments[1].span)
    # Written as a fraction of whole numbers it is exact: ⌈n·p/100⌉ depends on it.
    return SqlValue(f"quantile_disc({as_number(value)}, {percent!r} / 100)", Kind.NUMBER)


def _extreme(best: str) -> _Compile:
    """The least or greatest number, or text where no value is a number."""

    def compile_call(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
        del rows, call
        if value.kind is Kind.TIME:
            return SqlValue(f"{best}({value.sql})", Kind.TIME)
        number = as_number(value)
        if value.kind is not Kind.TEXT and value.kind is not Kind.STRUCTURE:
            return SqlValue(f"{best}({number})", Kind.NUMBER)
        text = as_text(value)
        by_text = f"arg_{best}({text}, CASE WHEN {number} IS NULL THEN natural_key({text}) END)"
        return SqlValue(f"COALESCE(number_text({best}({number})), {by_text})", Kind.TEXT)

    return compile_call


def _sorted_end(best: str) -> _Compile:
    """The value that sorts first or last: texts are before numbers."""

    def compile_call(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
        del call
        if value.kind in (Kind.TIME, Kind.NUMBER):
            return SqlValue(f"{best}({value.sql})", value.kind)
        text, number = as_text(value), as_number(value)
        by_text = f"arg_{best}({text}, CASE WHEN {number} IS NULL THEN natural_key({text}) END)"
        places = ", ".join(rows.places)
        by_number = f"arg_{best}({text}, row({number}, {places})) FILTER ({number} IS NOT NULL)"
        first, second = (by_text, by_number) if best == "min" else (by_number, by_text)
        return SqlValue(f"COALESCE({first}, {second})", Kind.TEXT)

    return compile_call


def _by_time(best: str) -> _Compile:
    def compile_call(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
        kept = value if value.kind is not Kind.STRUCTURE else SqlValue(as_text(value), Kind.TEXT)
        kind = Kind.NUMBER if kept.kind is Kind.BOOLEAN else kept.kind
        sql = as_number(kept) if kept.kind is Kind.BOOLEAN else kept.sql
        return SqlValue(f"arg_{best}({sql}, {rows.moment(call)}) FILTER ({sql} IS NOT NULL)", kind)

    return compile_call


def _values(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
    del rows
    if len(call.arguments) > 1:
        raise unsupported("values with two arguments", call.span)
    text = as_text(value)
    return SqlValue(f"list_json(sorted_texts(list(DISTINCT {text}) FILTER ({text} IS NOT NULL)))", Kind.STRUCTURE)


def _topk(rows: GroupRows, call: syntax.Call, value: SqlValue) -> SqlValue:
    del rows
    count = _parameter(call.arguments[0])
    if count is None or count < 1 or count != int(count):
        raise QuerySyntaxError("The first argument of topk is a whole number.", call.arguments[0].span)
    return SqlValue(f"list_json(frequent_texts(histogram({as_text(value)}), {int(count)}))", Kind.STRUCTURE)


_AGGREGATES: dict[str, _Compile] = {
    "count": _count,
    "count_distinct": _count_distinct,
    "countdistinct": _count_distinct,
    "avg": _of_numbers("favg({0})"),
    "sum": _of_numbers("fsum({0})"),
    "stddev": _of_numbers("stddev_pop({0})"),
    "variance": _of_numbers("var_pop({0})"),
    "pct": _pct,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "sortsfirst": _sorted_end("min"),
    "sortslast": _sorted_end("max"),
    "earliest": _by_time("min"),
    "latest": _by_time("max"),
    "values": _values,
    "topk": _topk,
}
