"""Functions of times as SQL: periods counted as the documentation says, dates written and read."""

import re
from zoneinfo import ZoneInfo

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import CompileCall, Compiling, constant_text, unsupported
from lambdatop.insights.sql_value import Kind, SqlValue, as_number, as_text, number_result, text_literal
from lambdatop.insights.syntax import QuerySyntaxError

_DAY_MS = 86_400_000
_FIXED_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": _DAY_MS, "w": 7 * _DAY_MS}
_MOST = {"ms": 1000, "s": 60, "m": 60, "h": 24}
_MONTHS = {"mo": 1, "q": 3, "y": 12}
_LARGEST_COUNT = 10_000
_FIRST_MONDAY_MS = 4 * _DAY_MS

_WRITTEN = frozenset("YmdHMSfyjaAbBpI%")
"""Letters of strftime that DuckDB and C write alike."""

_READ = {
    "yyyy": ("year", "([0-9]{4})"),
    "MM": ("month", "([0-9]{2})"),
    "dd": ("day", "([0-9]{2})"),
    "HH": ("hour", "([0-9]{2})"),
    "mm": ("minute", "([0-9]{2})"),
    "ss": ("second", "([0-9]{2})"),
    "SSS": ("millisecond", "([0-9]{3})"),
    "X": ("offset", "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)"),
    "Z": ("offset", "([+-][0-9]{4})"),
}


def _moment(value: SqlValue) -> str:
    return value.sql if value.kind is Kind.TIME else f"moment({as_number(value)})"


def _rounded(moment: str, period: syntax.Expression, *, is_up: bool) -> SqlValue:
    if not isinstance(period, syntax.Period):
        raise QuerySyntaxError("Expected a period such as 5m or 1h.", period.span)
    count = min(period.count, _MOST.get(period.unit, _LARGEST_COUNT))
    if count < 1:
        raise QuerySyntaxError("A period is at least 1.", period.span)
    if period.unit in _MONTHS:
        macro = "ceil_to_months" if is_up else "floor_to_months"
        return SqlValue(f"{macro}({moment}, {count * _MONTHS[period.unit]})", Kind.TIME)
    size = count * _FIXED_MS[period.unit]
    shift = _FIRST_MONDAY_MS if period.unit == "w" else 0
    raised = size - 1 if is_up else 0
    return SqlValue(f"(floor_to({moment} + {raised - shift}, {size}) + {shift})", Kind.TIME)


def _bin(compiling: Compiling, call: syntax.Call) -> SqlValue:
    timestamp = compiling.look_up(syntax.Name("@timestamp", call.span))
    return _rounded(_moment(timestamp), call.arguments[0], is_up=False)


def _date_floor(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return _rounded(_moment(compiling.once(call.arguments[0])), call.arguments[1], is_up=False)


def _date_ceil(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return _rounded(_moment(compiling.once(call.arguments[0])), call.arguments[1], is_up=True)


def _from_millis(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(_moment(compiling.once(call.arguments[0])), Kind.TIME)


def _zone(compiling: Compiling, call: syntax.Call) -> str | None:
    """The zone that the third argument names, if it does."""
    if len(call.arguments) < 3:
        return None
    name = constant_text(compiling, call, 2, "the time zone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise QuerySyntaxError(f"There is no time zone {name[:40]!r}.", call.arguments[2].span) from error
    return None if name == "UTC" else name


def _format_date(compiling: Compiling, call: syntax.Call) -> SqlValue:
    moment = _moment(compiling.once(call.arguments[0]))
    pattern = constant_text(compiling, call, 1, "the format")
    for letter in re.findall(r"%(.|$)", pattern, re.DOTALL):
        if letter not in _WRITTEN:
            raise unsupported(f"%{letter} in a date", call.arguments[1].span)
    zone = _zone(compiling, call)
    date = f"make_timestamp({moment} * 1000)"
    if zone is not None:
        date = f"timezone({text_literal(zone)}, make_timestamptz({moment} * 1000))"
    return SqlValue(f"strftime({date}, {text_literal(pattern)})", Kind.TEXT)


def _parse_date(compiling: Compiling, call: syntax.Call) -> SqlValue:
    text = as_text(compiling.once(call.arguments[0]))
    regex, places = _date_regex(call, constant_text(compiling, call, 1, "the format"))
    zone = _zone(compiling, call)
    literal = text_literal(regex)

    def part(name: str, otherwise: int) -> str:
        if name not in places:
            return str(otherwise)
        return f"CAST(regexp_extract({text}, {literal}, {places[name]}) AS BIGINT)"

    day = f"epoch_ms(TRY(make_timestamp({part('year', 1)}, {part('month', 1)}, {part('day', 1)}, 0, 0, 0)))"
    time = (
        f"(({part('hour', 0)} * 60 + {part('minute', 0)}) * 60 + {part('second', 0)}) * 1000 + {part('millisecond', 0)}"
    )
    moment = f"({day} + {time})"
    if "offset" in places:
        moment = f"({moment} - zone_offset_ms(regexp_extract({text}, {literal}, {places['offset']})))"
    elif zone is not None:
        moment = f"epoch_ms(timezone({text_literal(zone)}, make_timestamp({moment} * 1000)))"
    return number_result(f"CASE WHEN regexp_matches({text}, {literal}) THEN CAST({moment} AS DOUBLE) END")


def _date_regex(call: syntax.Call, pattern: str) -> tuple[str, dict[str, int]]:
    """A pattern of Java's DateTimeFormatter as a regular expression, and which group has what."""
    regex = ""
    places: dict[str, int] = {}
    for found in re.finditer(r"'[^']*'|([A-Za-z])\1*|.", pattern, re.DOTALL):
        piece = found[0]
        if piece in _READ:
            name, group = _READ[piece]
            if name in places:
                raise unsupported("a date with the same part twice", call.arguments[1].span)
            places[name] = len(places) + 1
            regex += group
        elif piece[0].isalpha():
            raise unsupported(f"{piece[:20]} in a date", call.arguments[1].span)
        else:
            regex += re.sub(r"[^A-Za-z0-9_ ]", _escaped, piece.strip("'") or "'")
    return f"^{regex}$", places


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{{{ord(found[0]):x}}}"


DATE_FUNCTIONS: dict[str, CompileCall] = {
    "bin": _bin,
    "datefloor": _date_floor,
    "dateceil": _date_ceil,
    "frommillis": _from_millis,
    "formatdate": _format_date,
    "strftime": _format_date,
    "parsedate": _parse_date,
}
