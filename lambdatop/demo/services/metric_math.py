"""Metric math: arithmetic over series and numbers.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html. Functions, SEARCH and
Metrics Insights are refused rather than answered wrongly.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import TypeAlias

from lambdatop.demo.service_error import ServiceError

Series: TypeAlias = dict[int, float]
"""Values by timestamp_ms."""

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def calculate(expression: str, series: Mapping[str, Series]) -> Series:
    """The expression's series. Raises ValidationError for what cannot be read or is not served.

    Points that only one side of an operation has, and divisions by zero, leave a gap.

    >>> calculate("100 * errors / (calls + 1)", {"errors": {0: 2.0, 60: 1.0}, "calls": {0: 3.0}})
    {0: 50.0}
    """
    try:
        tree = ast.parse(expression.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise _refused(expression) from error
    result = _value(tree.body, series, expression)
    if not isinstance(result, dict):
        raise _refused(expression)
    return result


def _value(node: ast.expr, series: Mapping[str, Series], expression: str) -> Series | float:
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        return float(node.value)  # type: ignore[arg-type]  # a number, as the line above says
    if isinstance(node, ast.Name) and node.id in series:
        return series[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _combine(operator.mul, -1.0, _value(node.operand, series, expression))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, series, expression), _value(node.right, series, expression)
        return _combine(_OPERATORS[type(node.op)], left, right)
    raise _refused(expression)


def _combine(operate: Callable[[float, float], float], left: Series | float, right: Series | float) -> Series | float:
    if not isinstance(left, dict) and not isinstance(right, dict):
        result = _operate(operate, left, right)
        return {} if result is None else result
    if not isinstance(left, dict):
        left = dict.fromkeys(right, left) if isinstance(right, dict) else {}
    if not isinstance(right, dict):
        right = dict.fromkeys(left, right)
    found = {time_ms: _operate(operate, left[time_ms], right[time_ms]) for time_ms in left if time_ms in right}
    return {time_ms: value for time_ms, value in found.items() if value is not None}


def _operate(operate: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        result = operate(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return None if isinstance(result, complex) else result


def _refused(expression: str) -> ServiceError:
    return ServiceError("ValidationError", f"The expression is not served by the embedded account: {expression}")
