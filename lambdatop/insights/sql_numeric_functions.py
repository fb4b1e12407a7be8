"""Functions of numbers as SQL; each is null where an argument is no number or the result is not finite."""

from collections.abc import Callable

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import CompileCall, Compiling, check_count, numbers
from lambdatop.insights.sql_value import Kind, SqlValue, number_result

_EARTH_RADIUS_KM = 6371


def _of_one(template: str) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        check_count(call, 1)
        return number_result(template.format(numbers(compiling, call)[0]))

    return compile_call


def _choice(function: str) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        choices = numbers(compiling, call)
        present = " AND ".join(f"{choice} IS NOT NULL" for choice in choices)
        return SqlValue(f"CASE WHEN {present} THEN {function}({', '.join(choices)}) END", Kind.NUMBER)

    return compile_call


def _round(compiling: Compiling, call: syntax.Call) -> SqlValue:
    number, *places = numbers(compiling, call)
    if not places:
        return number_result(f"round({number})")
    return number_result(f"round_to({number}, trunc({places[0]}))")


def _haversine(compiling: Compiling, call: syntax.Call) -> SqlValue:
    one, east, two, west = (f"radians({number})" for number in numbers(compiling, call))
    half = f"pow(sin(({two} - {one}) / 2), 2) + cos({one}) * cos({two}) * pow(sin(({west} - {east}) / 2), 2)"
    return number_result(f"{2 * _EARTH_RADIUS_KM} * asin(sqrt({half}))")


_WITHIN = "CASE WHEN trunc({{0}}) >= -{bound}::DOUBLE AND trunc({{0}}) < {bound}::DOUBLE THEN trunc({{0}}) END"
_whole: Callable[[int], CompileCall] = lambda bits: _of_one(_WITHIN.format(bound=2 ** (bits - 1)))  # noqa: E731

NUMERIC_FUNCTIONS: dict[str, CompileCall] = {
    "abs": _of_one("abs({0})"),
    "ceil": _of_one("ceil({0})"),
    "floor": _of_one("floor({0})"),
    "log": _of_one("ln({0})"),
    "sqrt": _of_one("sqrt({0})"),
    "round": _round,
    "greatest": _choice("greatest"),
    "least": _choice("least"),
    "haversine": _haversine,
    "tonumber": _of_one("{0}"),
    "todouble": _of_one("{0}"),
    "toint": _whole(32),
    "tolong": _whole(64),
    "tomillis": _of_one("{0}"),
}
