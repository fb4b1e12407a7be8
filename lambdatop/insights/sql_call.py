"""What a function needs to turn its call into SQL."""

from collections.abc import Callable
from typing import Protocol

from lambdatop.insights import syntax
from lambdatop.insights.sql_value import SqlValue, as_number, as_text
from lambdatop.insights.syntax import Expression, QuerySyntaxError, Span


class Surrounding(Protocol):
    """The moments that a query knows."""

    @property
    def start_ms(self) -> int:
        """The first moment of its range of time."""

    @property
    def end_ms(self) -> int:
        """The last moment of its range of time."""

    @property
    def now_ms(self) -> int:
        """When it began to run."""


class Compiling(Protocol):
    """The compiler of expressions, as functions see it."""

    @property
    def around(self) -> Surrounding:
        """What an expression can ask for beside its row."""

    @property
    def look_up(self) -> Callable[[syntax.Name], SqlValue]:
        """Says what a name is."""

    def once(self, expression: Expression) -> SqlValue:
        """The expression as SQL that may be written several times, as what is long is computed beforehand."""

    def regex(self, pattern: str, span: Span) -> str:
        """A pattern as SQL."""


CompileCall = Callable[[Compiling, syntax.Call], SqlValue]


def texts(compiling: Compiling, call: syntax.Call) -> list[str]:
    """The arguments as texts."""
    return [as_text(compiling.once(argument)) for argument in call.arguments]


def numbers(compiling: Compiling, call: syntax.Call) -> list[str]:
    """The arguments as numbers."""
    return [as_number(compiling.once(argument)) for argument in call.arguments]


def constant_text(compiling: Compiling, call: syntax.Call, place: int, what: str) -> str:
    """An argument that must be known before the query runs."""
    argument = call.arguments[place]
    constant = compiling.once(argument).constant
    if constant is None:
        message = f"On this machine {what} of {call.function} has to be written out."
        raise QuerySyntaxError(message, argument.span, is_unsupported=True)
    return constant


def unsupported(what: str, span: Span) -> QuerySyntaxError:
    """The error for what Logs Insights knows and this machine does not run."""
    return QuerySyntaxError(
        f"Logs Insights knows {what}, but it is not run on this machine.", span, is_unsupported=True
    )


def check_count(call: syntax.Call, most: int) -> None:
    """Refuse arguments beyond those that are run here."""
    if len(call.arguments) > most:
        raise unsupported(f"{call.function} with {len(call.arguments)} arguments", call.span)
