"""Expressions of a query, read by the strength of their operators.

From the weakest: `or`, `and`, `not`, comparison (with `like`, `=~` and `in`), `+ -`, `* / %`, `-x` and `!x`, `^`. All
of them take from the left, but for `^`.
"""

from dataclasses import replace
from typing import Literal, cast

from lambdatop.insights import syntax
from lambdatop.insights.expression_walk import depth_of, exchanged, walk
from lambdatop.insights.literals import is_name, name_of, period_of, regex_of, span_of, text_value
from lambdatop.insights.syntax import Expression, QuerySyntaxError, Span
from lambdatop.insights.token_cursor import TokenCursor, compact, did_you_mean, quoted, unsupported
from lambdatop.insights.tokens import Token
from lambdatop.insights.vocabulary import AGGREGATES, FUNCTIONS, Function

DEEPEST = 100
"""How many operations may be in one another; whoever walks a tree by recursion relies on it."""

_BinaryOperator = Literal["+", "-", "*", "/", "^", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
_NEGATION, _COMPARISON, _SIGN = 3, 4, 7
_POWERS = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "^": 8} | dict.fromkeys(
    ("=", "==", "!=", "<", "<=", ">", ">=", "=~", "like", "in", "not"), _COMPARISON
)
_OPERAND = "a field, a value or a function"
_TOO_DEEP = f"The expression has more than {DEEPEST} operations in one another."
_PERIOD_PLACES = {"bin": 0, "datefloor": 1, "dateceil": 1, "rate": 1}
_REGEX_PLACES = {"regexReplace": 1}


def parse_expression(cursor: TokenCursor, *, is_aggregated: bool = False) -> Expression:
    """Read the expression that is next; what follows it is left.

    Where it `is_aggregated`, an aggregate is one, though an earlier `stats` has a column that is written like it.
    """
    expression = _ExpressionParser(cursor).expression(0)
    if depth_of(expression) > DEEPEST:
        raise QuerySyntaxError(_TOO_DEEP, expression.span)
    return _with_columns(expression, cursor, is_aggregated=is_aggregated) if cursor.stats_columns else expression


def _with_columns(expression: Expression, cursor: TokenCursor, *, is_aggregated: bool) -> Expression:
    """After a `stats`, what is written as one of its columns is: `sort count(*) desc`, `stats max(count(*))`."""

    def column(part: Expression) -> Expression | None:
        if not isinstance(part, syntax.Call | syntax.Binary | syntax.Unary | syntax.Like | syntax.Membership):
            return None
        name = cursor.stats_columns.get(compact(cursor.text[part.span.start : part.span.end]))
        return None if name is None else syntax.Name(name, part.span)

    def within_aggregates(part: Expression) -> Expression | None:
        if isinstance(part, syntax.Call) and part.function in AGGREGATES:
            return replace(part, arguments=tuple(exchanged(argument, column) for argument in part.arguments))
        has_aggregate = any(isinstance(each, syntax.Call) and each.function in AGGREGATES for each in walk(part))
        return None if has_aggregate else column(part)

    return exchanged(expression, within_aggregates if is_aggregated else column)


class _ExpressionParser:
    """Reads one expression; each method leaves the cursor after what it read."""

    def __init__(self, cursor: TokenCursor) -> None:
        self.cursor = cursor
        self.depth = 0

    def expression(self, weakest: int) -> Expression:
        """Read on for as long as the operators are stronger than `weakest`."""
        if self.depth >= DEEPEST:
            raise QuerySyntaxError(_TOO_DEEP, self.cursor.here())
        self.depth += 1
        start = self.cursor.start
        left = self.prefix(weakest)
        while self.power() > weakest:
            left = self.operation(left, start)
        self.depth -= 1
        return left

    def power(self) -> int:
        """How strong the operator is that is next; 0 where none is."""
        token = self.cursor.token
        if token is None or token.kind not in ("operator", "keyword"):
            return 0
        return _POWERS.get(token.text.lower(), 0)

    def operation(self, left: Expression, start: int) -> Expression:
        """Read the operator that is next and what it takes on its right."""
        sign = self.cursor.take().text.lower()
        if sign in ("like", "=~"):
            return self.like(left, start, is_negated=False)
        if sign == "in":
            return self.membership(left, start, is_negated=False)
        if sign == "not":
            return self.negated(left, start)
        power = _POWERS[sign]
        right = self.expression(_SIGN if sign == "^" else power)
        operator = cast("_BinaryOperator", "=" if sign == "==" else sign)
        return syntax.Binary(operator, left, right, self.cursor.span_from(start))

    def negated(self, left: Expression, start: int) -> Expression:
        if self.cursor.took_word("like"):
            return self.like(left, start, is_negated=True)
        if self.cursor.took_word("in"):
            return self.membership(left, start, is_negated=True)
        raise self.cursor.expected("'like' or 'in'")

    def like(self, subject: Expression, start: int, *, is_negated: bool) -> syntax.Like:
        token = self.cursor.token
        if token is None or token.kind not in ("text", "regex"):
            raise self.cursor.expected("a string or a regular expression")
        self.cursor.take()
        pattern = regex_of(token) if token.kind == "regex" else syntax.Text(text_value(token), span_of(token))
        return syntax.Like(subject, pattern, is_negated, self.cursor.span_from(start))

    def membership(self, subject: Expression, start: int, *, is_negated: bool) -> syntax.Membership:
        cursor = self.cursor
        following = cursor.following
        if cursor.is_sign("(") and following is not None and following.text.lower() == "source":
            raise unsupported("subqueries", Span(cursor.start, following.end))
        cursor.take_sign("[")
        items: list[Expression] = []
        while not items or cursor.took_sign(","):
            items.append(self.expression(_COMPARISON))
        if not cursor.took_sign("]"):
            raise cursor.expected("',' or ']'")
        return syntax.Membership(subject, tuple(items), is_negated, cursor.span_from(start))

    def prefix(self, weakest: int) -> Expression:
        """Read an operand with the signs before it."""
        cursor = self.cursor
        start = cursor.start
        if weakest < _NEGATION and cursor.is_word("not"):
            cursor.take()
            return syntax.Unary("not", self.expression(_NEGATION - 1), cursor.span_from(start))
        if cursor.is_sign("-", "!"):
            operator: Literal["-", "not"] = "-" if cursor.take().text == "-" else "not"
            return syntax.Unary(operator, self.expression(_SIGN), cursor.span_from(start))
        return self.operand()

    def operand(self) -> Expression:
        cursor = self.cursor
        token = cursor.token
        if token is None:
            raise cursor.expected(_OPERAND)
        if token.kind == "keyword" and token.text.lower() in ("true", "false"):
            cursor.take()
            return syntax.Boolean(token.text.lower() == "true", span_of(token))
        if token.kind == "text":
            return syntax.Text(text_value(cursor.take()), span_of(token))
        if token.kind == "number":
            return syntax.Number(cursor.take().text, span_of(token))
        if cursor.took_sign("("):
            return self.parenthesis()
        following = cursor.following
        if token.kind in ("function", "aggregate", "field") and following is not None and following.text == "(":
            return self.call(cursor.take())
        if is_name(token):
            return self.name(cursor.take())
        raise cursor.expected(_OPERAND)

    def name(self, token: Token) -> syntax.Name:
        """A field, with the places in lists that follow it: `users[1].action` is `users.1.action`."""
        cursor = self.cursor
        name = name_of(token)
        while cursor.is_sign("[") and cursor.start == cursor.end:
            cursor.take()
            index = cursor.token
            if index is None or index.kind != "number" or not index.text.isdigit():
                raise cursor.expected("the place in a list, such as 0,")
            name += f".{cursor.take().text}"
            cursor.take_sign("]")
            following = cursor.token
            if following is not None and following.text.startswith(".") and following.start == cursor.end:
                name += name_of(cursor.take())
        return syntax.Name(name, cursor.span_from(token.start))

    def parenthesis(self) -> Expression:
        """What stands between the bracket that was taken and its partner."""
        following = self.cursor.following
        if self.cursor.is_word("source") and following is not None and is_name(following):
            raise unsupported("subqueries", self.cursor.here())
        inner = self.expression(0)
        if not self.cursor.took_sign(")"):
            raise self.cursor.expected("')'")
        return inner

    def call(self, token: Token) -> syntax.Call:
        cursor = self.cursor
        function = FUNCTIONS.get(token.text.lower())
        if function is None:
            hint = did_you_mean(token.text, (each.name for each in FUNCTIONS.values()))
            raise QuerySyntaxError(f"There is no function {quoted(token.text)}.{hint}", span_of(token))
        if not function.is_run_here:
            raise unsupported(f"the function {function.name}", span_of(token))
        cursor.take_sign("(")
        arguments: list[Expression] = []
        while not cursor.is_sign(")"):
            if arguments and not cursor.took_sign(","):
                raise cursor.expected("',' or ')'")
            arguments.append(self.argument(function, len(arguments)))
        cursor.take()
        call = syntax.Call(function.name.lower(), tuple(arguments), cursor.span_from(token.start))
        _check_count(call, function)
        part = cursor.token
        if part is not None and part.text.startswith(".") and part.start == cursor.end:
            raise unsupported("a part of what a function returns", span_of(part))
        return call

    def argument(self, function: Function, place: int) -> Expression:
        token = self.cursor.token
        if token is not None and token.text == "*" and function.name == "count":
            return syntax.Star(span_of(self.cursor.take()))
        if _PERIOD_PLACES.get(function.name) == place:
            period = None if token is None or token.kind != "period" else period_of(token)
            if period is None:
                raise self.cursor.expected("a period such as 5m or 1h")
            self.cursor.take()
            return period
        if token is not None and token.kind == "regex" and _REGEX_PLACES.get(function.name) == place:
            return regex_of(self.cursor.take())
        return self.expression(0)


def _check_count(call: syntax.Call, function: Function) -> None:
    """Refuse a call with too few or too many arguments."""
    count = len(call.arguments)
    if count < function.least or (function.most is not None and count > function.most):
        raise QuerySyntaxError(f"{function.name} takes {_how_many(function)}, found {count}.", call.span)


def _how_many(function: Function) -> str:
    least, most = function.least, function.most
    if most is None:
        return f"{least} or more arguments"
    count = f"{least} to {most}" if least != most else str(least or "no")
    return f"{count} {'argument' if most == 1 else 'arguments'}"
