"""Expressions of the query language as SQL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lambdatop.insights import syntax
from lambdatop.insights.sql_functions import SCALAR_FUNCTIONS
from lambdatop.insights.sql_regex import re2_pattern
from lambdatop.insights.sql_value import (
    Kind,
    SqlValue,
    as_condition,
    as_loose_condition,
    as_number,
    as_text,
    boolean_value,
    number_of,
    number_result,
    number_value,
    text_literal,
    text_value,
)
from lambdatop.insights.syntax import Expression, QuerySyntaxError, Span

_LONGEST_REPEATED = 60
"""Characters of SQL that may be written more than once."""
_HARMLESS_DIVISORS = frozenset(number_value(number).sql for number in (2.0, 10.0, 60.0, 100.0, 1000.0, 1024.0, 1e6))
_NUMERIC = (Kind.NUMERAL, Kind.NUMBER, Kind.TIME, Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression can ask for beside its row."""

    text: str
    account_id: str
    start_ms: int
    end_ms: int
    now_ms: int


@dataclass(slots=True)
class ExpressionCompiler:
    """Turns expressions into SQL; `look_up` says what a name is, `written` which column has an expression's text."""

    around: Surroundings
    look_up: Callable[[syntax.Name], SqlValue]
    written: Callable[[Expression], SqlValue | None]
    aggregate: Callable[[syntax.Call], SqlValue] | None = None
    regexes: list[tuple[str, Span]] = field(default_factory=list)
    """Every pattern that was used, for who can try it."""
    _held: list[str] = field(default_factory=list)
    _frame: str = ""
    _frames: int = 0

    def value(self, expression: Expression) -> SqlValue:
        """The expression as SQL."""
        outer = self._frame, self._held
        self._frames += 1
        self._frame, self._held = f"h{self._frames}", []
        value = self._value(expression)
        frame, held = self._frame, self._held
        self._frame, self._held = outer
        if not held:
            return value
        sql = value.sql
        for place, one in enumerate(held):
            sql = f"list_transform([{one}], lambda {frame}_{place}: {sql})[1]"
        return SqlValue(sql, value.kind)

    def once(self, expression: Expression) -> SqlValue:
        """The expression as SQL that may be written several times: what is computed is computed before, for a lambda.

        Otherwise SQL would grow as a power of an expression's depth, and DuckDB would never be done with it.
        """
        value = self.value(expression)
        if value.constant is not None or "(" not in value.sql or len(value.sql) <= _LONGEST_REPEATED:
            return value
        self._held.append(value.sql)
        return SqlValue(f"{self._frame}_{len(self._held) - 1}", value.kind)

    def _value(self, expression: Expression) -> SqlValue:
        known = self.written(expression)
        if known is not None:
            return known
        compile_one = _COMPILERS.get(type(expression))
        if compile_one is None:
            raise QuerySyntaxError("This cannot stand here.", expression.span)
        return compile_one(self, expression)

    def condition(self, expression: Expression) -> str:
        """The expression as what a row must fulfil; null stands for false."""
        return as_loose_condition(self.value(expression))

    def regex(self, pattern: str, span: Span) -> str:
        """A pattern as SQL, kept for `regexes`."""
        literal = text_literal(re2_pattern(pattern))
        self.regexes.append((literal, span))
        return literal

    def unary(self, unary: syntax.Unary) -> SqlValue:
        """`-x` or `not x`."""
        operand = self.once(unary.operand) if unary.operator == "-" else self.value(unary.operand)
        if unary.operator == "not":
            return SqlValue(f"(NOT {as_condition(operand)})", Kind.BOOLEAN)
        return SqlValue(f"(-{as_number(operand)})", Kind.NUMBER)

    def binary(self, binary: syntax.Binary) -> SqlValue:
        """Arithmetic, logic or a comparison."""
        if binary.operator in ("and", "or"):
            left, right = self.value(binary.left), self.value(binary.right)
            word = binary.operator.upper()
            strict = f"({as_condition(left)} {word} {as_condition(right)})"
            loose = f"({as_loose_condition(left)} {word} {as_loose_condition(right)})"
            return SqlValue(strict, Kind.BOOLEAN, loose=loose)
        left, right = self.once(binary.left), self.once(binary.right)
        if binary.operator in ("+", "-", "*", "/", "%", "^"):
            return _arithmetic(binary.operator, as_number(left), as_number(right))
        return boolean_value(compared(binary.operator, left, right))

    def like(self, like: syntax.Like) -> SqlValue:
        """Whether a text has a part, or matches."""
        subject = as_text(self.value(like.subject))
        if isinstance(like.pattern, syntax.Text):
            found = f"contains({subject}, {text_literal(like.pattern.value)})"
        else:
            found = f"regexp_matches({subject}, {self.regex(like.pattern.pattern, like.pattern.span)})"
        return boolean_value(f"(NOT {found})" if like.is_negated else found)

    def membership(self, membership: syntax.Membership) -> SqlValue:
        """Whether a value is one of a list."""
        subject = self.once(membership.subject)
        items = [compared("=", subject, self.once(item)) for item in membership.items]
        if not membership.is_negated:
            return boolean_value(f"({' OR '.join(items)})")
        unequal = " AND ".join(f"NOT COALESCE({item}, FALSE)" for item in items)
        return boolean_value(f"({as_text(subject)} IS NOT NULL AND {unequal})")

    def call(self, call: syntax.Call) -> SqlValue:
        """A function, or an aggregate where there can be one."""
        compile_call = SCALAR_FUNCTIONS.get(call.function)
        if compile_call is not None:
            return compile_call(self, call)
        if self.aggregate is not None:
            return self.aggregate(call)
        raise QuerySyntaxError(f"{call.function} is not run here.", call.span, is_unsupported=True)


def _number(number: syntax.Number) -> SqlValue:
    value = float(number.text)
    if value in (float("inf"), float("-inf")):
        raise QuerySyntaxError("The number is too large.", number.span)
    return number_value(value)


def _arithmetic(operator: str, left: str, right: str) -> SqlValue:
    if operator == "^":
        # 0 to a negative power is a division by zero.
        return number_result(f"pow({left}, {right})")
    if operator == "/" and right in _HARMLESS_DIVISORS:
        return SqlValue(f"({left} / {right})", Kind.NUMBER)
    if operator in ("/", "%"):
        return number_result(f"({left} {operator} NULLIF({right}, 0))")
    return number_result(f"({left} {operator} {right})")


def compared(operator: str, left: SqlValue, right: SqlValue) -> str:
    """A comparison whose null means false: by number where both are numbers, by text where neither is."""
    is_left_text, is_right_text = _may_be_text(left), _may_be_text(right)
    sign = "<>" if operator == "!=" else operator
    if is_left_text and is_right_text:
        return _compared_texts(sign, left, right)
    if not is_left_text and not is_right_text:
        return f"({as_number(left)} {sign} {as_number(right)})"
    by_number = f"{as_number(left)} {sign} {as_number(right)}"
    if sign != "<>":
        return f"({by_number})"
    # A text that is no number differs from every number.
    text, number = (left, right) if is_left_text else (right, left)
    return f"COALESCE({by_number}, {as_text(text)} IS NOT NULL AND {as_number(number)} IS NOT NULL)"


def _may_be_text(value: SqlValue) -> bool:
    return value.kind not in _NUMERIC and (value.constant is None or number_of(value.constant) is None)


def _compared_texts(sign: str, left: SqlValue, right: SqlValue) -> str:
    by_text = f"{as_text(left)} {sign} {as_text(right)}"
    if left.constant is not None or right.constant is not None:
        # A constant that is no number equals only the very same text, and is less or greater only than another text.
        if sign in ("=", "<>"):
            return f"({by_text})"
        other = right if left.constant is not None else left
        return f"({by_text} AND {as_number(other)} IS NULL)"
    one, two = as_number(left), as_number(right)
    different = "TRUE" if sign == "<>" else "FALSE"
    return (
        f"(CASE WHEN {as_text(left)} IS NULL OR {as_text(right)} IS NULL THEN FALSE"
        f" WHEN {one} IS NOT NULL AND {two} IS NOT NULL THEN {one} {sign} {two}"
        f" WHEN {one} IS NULL AND {two} IS NULL THEN {by_text} ELSE {different} END)"
    )


_COMPILERS: dict[type[Expression], Callable[[ExpressionCompiler, Any], SqlValue]] = {
    syntax.Name: lambda compiler, name: compiler.look_up(name),
    syntax.Number: lambda _, number: _number(number),
    syntax.Text: lambda _, text: text_value(text.value),
    syntax.Boolean: lambda _, boolean: SqlValue("TRUE" if boolean.value else "FALSE", Kind.BOOLEAN),
    syntax.Regex: lambda _, regex: text_value(regex.pattern),
    syntax.Unary: ExpressionCompiler.unary,
    syntax.Binary: ExpressionCompiler.binary,
    syntax.Like: ExpressionCompiler.like,
    syntax.Membership: ExpressionCompiler.membership,
    syntax.Call: ExpressionCompiler.call,
}
