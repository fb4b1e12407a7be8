"""Expressions of a query; from the weakest operator: `or`, `and`, `not`, comparison, `+ -`, `* / %`, `-x`, `^`."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, cast

from lambdatop.insights import syntax
from lambdatop.insights.syntax import Expression, QuerySyntaxError, Span
from lambdatop.insights.token_cursor import TokenCursor, did_you_mean, quoted, unsupported
from lambdatop.insights.tokens import Token
from lambdatop.insights.vocabulary import FUNCTIONS, PERIOD_UNITS, RESERVED_WORDS, Function

DEEPEST = 150
"""How deep an expression may be; whoever walks a tree by recursion relies on it."""

_TOO_DEEP = f"The expression has more than {DEEPEST} operations in one another."
_PERIOD_PLACES = {"bin": 0, "datefloor": 1, "dateceil": 1}
_COMPARISONS = ("=", "==", "!=", "<", "<=", ">", ">=")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_BinaryOperator = Literal["+", "-", "*", "/", "^", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
_OPERAND = "a field, a value or a function"


def parse_expression(cursor: TokenCursor) -> Expression:
    """Read the expression that is next; what follows it is left."""
    expression = _ExpressionParser(cursor).disjunction()
    if depth_of(expression) > DEEPEST:
        raise QuerySyntaxError(_TOO_DEEP, expression.span)
    return expression


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
    """The expression and all that is in it."""
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


def name_of(token: Token) -> str:
    """The field that a token names, without its back-ticks."""
    return token.text.replace("`", "") if token.kind == "ticked" else token.text


def is_name(token: Token | None) -> bool:
    """Whether a token can name a field."""
    if token is None:
        return False
    if token.kind == "keyword":
        return token.text.lower() not in RESERVED_WORDS and token.text.lower() not in ("true", "false")
    return token.kind in ("field", "automatic", "ticked")


def text_value(token: Token) -> str:
    r"""What a string says; a backslash that escapes nothing known stays, as in `"\d"`."""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), token.text[1:-1], flags=re.DOTALL)


def regex_of(token: Token) -> syntax.Regex:
    r"""A regular expression between slashes, `\/` in it read as a slash."""
    pattern = re.sub(r"\\(.)", lambda found: "/" if found[1] == "/" else found[0], token.text[1:-1])
    return syntax.Regex(pattern, Span(token.start, token.end))


def span_of(token: Token) -> Span:
    """Where a token stands."""
    return Span(token.start, token.end)


class _ExpressionParser:
    """One method for each strength of operator; each leaves the cursor after what it read."""

    def __init__(self, cursor: TokenCursor) -> None:
        self.cursor = cursor
        self.depth = 0

    def disjunction(self) -> Expression:
        start = self.cursor.start
        left = self.conjunction()
        while self.cursor.took_word("or"):
            left = self.binary("or", left, self.conjunction(), start)
        return left

    def conjunction(self) -> Expression:
        start = self.cursor.start
        left = self.negation()
        while self.cursor.took_word("and"):
            left = self.binary("and", left, self.negation(), start)
        return left

    def negation(self) -> Expression:
        start = self.cursor.start
        if not self.cursor.took_word("not"):
            return self.comparison()
        return syntax.Unary("not", self.deeper(self.negation), self.cursor.span_from(start))

    def comparison(self) -> Expression:
        cursor = self.cursor
        start = cursor.start
        left = self.addition()
        while True:
            if cursor.is_sign(*_COMPARISONS):
                sign = cursor.take().text
                left = self.binary("=" if sign == "==" else sign, left, self.addition(), start)
            elif cursor.took_sign("=~") or cursor.took_word("like"):
                left = self.like(left, start, is_negated=False)
            elif cursor.took_word("in"):
                left = self.membership(left, start, is_negated=False)
            elif cursor.is_word("not"):
                cursor.take()
                left = self.negated(left, start)
            else:
                return left

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
            items.append(self.deeper(self.addition))
        if not cursor.is_sign("]"):
            raise cursor.expected("',' or ']'")
        cursor.take()
        return syntax.Membership(subject, tuple(items), is_negated, cursor.span_from(start))

    def addition(self) -> Expression:
        start = self.cursor.start
        left = self.multiplication()
        while self.cursor.is_sign("+", "-"):
            left = self.binary(self.cursor.take().text, left, self.multiplication(), start)
        return left

    def multiplication(self) -> Expression:
        start = self.cursor.start
        left = self.sign()
        while self.cursor.is_sign("*", "/", "%"):
            left = self.binary(self.cursor.take().text, left, self.sign(), start)
        return left

    def sign(self) -> Expression:
        start = self.cursor.start
        if not self.cursor.took_sign("-"):
            return self.power()
        return syntax.Unary("-", self.deeper(self.sign), self.cursor.span_from(start))

    def power(self) -> Expression:
        start = self.cursor.start
        left = self.operand()
        if not self.cursor.took_sign("^"):
            return left
        return self.binary("^", left, self.deeper(self.sign), start)

    def operand(self) -> Expression:
        cursor = self.cursor
        token = cursor.token
        if token is None:
            raise cursor.expected(_OPERAND)
        following = cursor.following
        is_called = following is not None and following.text == "(" and following.start == token.end
        if token.text.lower() in ("true", "false") and token.kind == "keyword":
            cursor.take()
            return syntax.Boolean(token.text.lower() == "true", span_of(token))
        if is_called and token.kind in ("function", "aggregate", "field", "automatic", "command"):
            return self.call(cursor.take())
        if is_name(token):
            return self.name(cursor.take())
        if token.kind in ("text", "number"):
            return _literal(cursor.take())
        if token.text == "(":
            return self.parenthesis()
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
            if following is not None and following.text[0] == "." and following.start == cursor.end:
                name += name_of(cursor.take())
        return syntax.Name(name, cursor.span_from(token.start))

    def parenthesis(self) -> Expression:
        cursor = self.cursor
        cursor.take_sign("(")
        if cursor.is_word("source") and cursor.following is not None and is_name(cursor.following):
            raise unsupported("subqueries", cursor.here())
        inner = self.deeper(self.disjunction)
        if not cursor.is_sign(")"):
            raise cursor.expected("')'")
        cursor.take()
        return inner

    def call(self, token: Token) -> syntax.Call:
        cursor = self.cursor
        function = FUNCTIONS.get(token.text.lower())
        if function is None:
            hint = did_you_mean(token.text, (each.name for each in FUNCTIONS.values()))
            raise QuerySyntaxError(f"There is no function {quoted(token.text)}.{hint}", span_of(token))
        cursor.take_sign("(")
        arguments: list[Expression] = []
        while not cursor.is_sign(")"):
            if arguments and not cursor.took_sign(","):
                raise cursor.expected("',' or ')'")
            arguments.append(self.argument(function))
        cursor.take()
        call = syntax.Call(token.text.lower(), tuple(arguments), cursor.span_from(token.start))
        _check_arguments(call, function)
        return call

    def argument(self, function: Function) -> Expression:
        token = self.cursor.token
        if token is not None and token.text == "*" and function.name == "count":
            return syntax.Star(span_of(self.cursor.take()))
        if token is not None and token.kind in ("period", "regex"):
            return _literal(self.cursor.take())
        return self.deeper(self.disjunction)

    def deeper(self, read: Callable[[], Expression]) -> Expression:
        """Read what stands one level further in, unless that is too deep to be walked."""
        if self.depth >= DEEPEST:
            raise QuerySyntaxError(_TOO_DEEP, self.cursor.here())
        self.depth += 1
        expression = read()
        self.depth -= 1
        return expression

    def binary(self, operator: str, left: Expression, right: Expression, start: int) -> syntax.Binary:
        return syntax.Binary(cast("_BinaryOperator", operator), left, right, self.cursor.span_from(start))


def _literal(token: Token) -> syntax.Text | syntax.Number | syntax.Period | syntax.Regex:
    """The value that a token says."""
    span = span_of(token)
    if token.kind == "text":
        return syntax.Text(text_value(token), span)
    if token.kind == "regex":
        return regex_of(token)
    if token.kind == "number":
        return syntax.Number(token.text, span)
    count = token.text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = token.text[len(count) :]
    return syntax.Period(int(count), PERIOD_UNITS.get(unit) or PERIOD_UNITS[unit.removesuffix("s")], span)


def _check_arguments(call: syntax.Call, function: Function) -> None:
    """Refuse a call with too few or too many arguments, or without the period that it needs."""
    count = len(call.arguments)
    if count < function.least or (function.most is not None and count > function.most):
        raise QuerySyntaxError(f"{function.name} takes {_how_many(function)}, found {count}.", call.span)
    place = _PERIOD_PLACES.get(function.name)
    if place is not None and not isinstance(call.arguments[place], syntax.Period):
        raise QuerySyntaxError(f"{function.name} needs a period such as 5m or 1h.", call.arguments[place].span)


def _how_many(function: Function) -> str:
    least, most = function.least, function.most
    if most is None:
        return f"{least} or more arguments"
    count = f"{least} to {most}" if least != most else str(least or "no")
    return f"{count} {'argument' if most == 1 else 'arguments'}"
