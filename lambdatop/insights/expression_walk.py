"""Walks through an expression, and the exchange of parts of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from lambdatop.insights import syntax
from lambdatop.insights.syntax import Expression


def children_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that this one is made of, from left to right."""
    match expression:
        case syntax.Call():
            return expression.arguments
        case syntax.Unary():
            return (expression.operand,)
        case syntax.Binary():
            return (expression.left, expression.right)
        case syntax.Like():
            return (expression.subject, expression.pattern)
        case syntax.Membership():
            return (expression.subject, *expression.items)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all that is in it, from left to right."""
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children_of(each)))


def depth_of(expression: Expression) -> int:
    """How many expressions are in one another; one for a field."""
    deepest = 0
    waiting = [(expression, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in children_of(each))
    return deepest


def exchanged(expression: Expression, instead: Callable[[Expression], Expression | None]) -> Expression:
    """The expression with each part for which `instead` has another one exchanged, the largest parts first."""
    other = instead(expression)
    if other is not None:
        return other
    match expression:
        case syntax.Call():
            arguments = tuple(exchanged(argument, instead) for argument in expression.arguments)
            return replace(expression, arguments=arguments)
        case syntax.Unary():
            return replace(expression, operand=exchanged(expression.operand, instead))
        case syntax.Binary():
            left, right = exchanged(expression.left, instead), exchanged(expression.right, instead)
            return replace(expression, left=left, right=right)
        case syntax.Like():
            return replace(expression, subject=exchanged(expression.subject, instead))
        case syntax.Membership():
            items = tuple(exchanged(item, instead) for item in expression.items)
            return replace(expression, subject=exchanged(expression.subject, instead), items=items)
        case _:
            return expression
