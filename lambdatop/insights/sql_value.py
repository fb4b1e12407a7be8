"""Values of the query language as SQL: text of an expression with the kind of value that it makes.

A value is null, a text or a structure. What is known to be a number, a Boolean or a time keeps DuckDB's own type until
a text is wanted, because that is faster; `README.md` beside this file says what each of them is as text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Kind(Enum):
    """How a value is held by DuckDB; every kind may be null but BOOLEAN."""

    TEXT = "VARCHAR"
    NUMERAL = "VARCHAR, digits"
    """A text that counts as a number, always."""
    NUMBER = "DOUBLE"
    BOOLEAN = "BOOLEAN"
    TIME = "BIGINT"
    """Milliseconds since the epoch."""
    STRUCTURE = "JSON"
    """JSON text of a map or a list, or of a scalar that was taken out of one."""


@dataclass(frozen=True, slots=True)
class SqlValue:
    """An SQL expression and the kind of value that it makes."""

    sql: str
    kind: Kind
    constant: str | None = None
    """The text that it says where that is known without a row."""
    loose: str | None = None
    """Of a BOOLEAN: the same, but null may stand for false; a filter runs faster on it."""


NULL = SqlValue("CAST(NULL AS VARCHAR)", Kind.TEXT)


def text_literal(text: str) -> str:
    """A text as SQL, whatever characters it has."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in sound.split("\0")]
    return pieces[0] if len(pieces) == 1 else "(" + " || chr(0) || ".join(pieces) + ")"


def text_value(text: str) -> SqlValue:
    """A text that is known."""
    return SqlValue(text_literal(text), Kind.TEXT, text)


def number_value(number: float) -> SqlValue:
    """A finite number that is known."""
    digits = repr(float(number))
    literal = digits if "e" in digits else f"{digits}e0"
    # Two signs beside each other would begin a comment, minus zero's too.
    return SqlValue(f"({literal})" if literal.startswith("-") else literal, Kind.NUMBER, number_text(number))


def number_text(number: float) -> str:
    """A computed number as text: the shortest digits that read back the same, without `.0`."""
    return "0" if number == 0 else repr(float(number)).removesuffix(".0")


def number_of(text: str) -> float | None:
    """The number that a text counts as."""
    if _NUMBER.fullmatch(text) is None:
        return None
    number = float(text)
    return number if abs(number) != float("inf") else None


def as_number(value: SqlValue) -> str:
    """The value as a DOUBLE, null where it does not count as a number."""
    match value.kind:
        case Kind.NUMBER:
            return value.sql
        case Kind.BOOLEAN | Kind.TIME:
            return f"CAST({value.sql} AS DOUBLE)"
        case Kind.NUMERAL:
            return f"CAST({value.sql} AS DOUBLE)"
        case Kind.STRUCTURE:
            return f"text_number(json_scalar({value.sql}))"
    if value.constant is not None:
        number = number_of(value.constant)
        return "CAST(NULL AS DOUBLE)" if number is None else number_value(number).sql
    return f"text_number({value.sql})"


def as_text(value: SqlValue) -> str:
    """The value as a VARCHAR; null for a map or a list."""
    match value.kind:
        case Kind.TEXT | Kind.NUMERAL:
            return value.sql
        case Kind.NUMBER:
            return text_literal(value.constant) if value.constant is not None else f"number_text({value.sql})"
        case Kind.BOOLEAN:
            return f"CAST(CAST({value.sql} AS TINYINT) AS VARCHAR)"
        case Kind.TIME:
            return f"CAST({value.sql} AS VARCHAR)"
    return f"json_scalar({value.sql})"


def as_json(value: SqlValue) -> str:
    """The value as JSON text, so that it can stand where a structure may stand too."""
    return value.sql if value.kind is Kind.STRUCTURE else f"CAST(to_json({as_text(value)}) AS VARCHAR)"


def as_condition(value: SqlValue) -> str:
    """Whether the value holds: true or false, never null."""
    if value.kind is Kind.BOOLEAN:
        return value.sql
    return f"COALESCE({as_number(value)} <> 0, FALSE)"


def as_loose_condition(value: SqlValue) -> str:
    """The same where null and false are one."""
    return value.loose or as_condition(value)


def boolean_value(loose: str) -> SqlValue:
    """A condition whose null means false."""
    return SqlValue(f"COALESCE({loose}, FALSE)", Kind.BOOLEAN, loose=loose)


def number_result(sql: str) -> SqlValue:
    """What was computed in doubles; null where it is not finite."""
    return SqlValue(f"finite({sql})", Kind.NUMBER)


def common_kind(values: Sequence[SqlValue]) -> Kind:
    """The kind that can hold each of these values without a change of what it says."""
    kinds = {value.kind for value in values if value is not NULL}
    if len(kinds) == 1:
        return kinds.pop()
    if Kind.STRUCTURE in kinds:
        return Kind.STRUCTURE
    if kinds == {Kind.NUMBER, Kind.BOOLEAN}:
        return Kind.NUMBER
    return Kind.NUMERAL if kinds <= {Kind.NUMBER, Kind.BOOLEAN, Kind.NUMERAL} else Kind.TEXT


def as_kind(value: SqlValue, kind: Kind) -> str:
    """The value held as that kind, one of those that `common_kind` answers."""
    if value is NULL:
        return f"CAST(NULL AS {'VARCHAR' if kind in (Kind.STRUCTURE, Kind.NUMERAL) else kind.value})"
    match kind:
        case Kind.STRUCTURE:
            return as_json(value)
        case Kind.TEXT | Kind.NUMERAL:
            return as_text(value)
        case Kind.NUMBER:
            return as_number(value)
    return value.sql
