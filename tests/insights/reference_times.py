"""Times of the reference: periods, and dates read and written."""

import calendar
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from lambdatop.insights import syntax
from tests.insights.reference_values import Time, Value, number_of, number_text

_DAY = 86_400_000
_FIXED = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": _DAY}
_CAPS = {"ms": 1000, "s": 60, "m": 60, "h": 24}
_MONTHS = {"mo": 1, "q": 3, "y": 12}
_FIRST_MONDAY = 4 * _DAY
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 and 9999."""


def moment(value: Value) -> int | None:
    """The whole milliseconds of a timestamp, or of a number; None outside of the years 1 to 9999."""
    number = number_of(value)
    if number is None or not _EARLIEST <= math.trunc(number) <= _LATEST:
        return None
    return math.trunc(number)


def floor_to(at: int, period: syntax.Period) -> int:
    """The last border of a period that is not after a time."""
    count = min(period.count, _CAPS.get(period.unit, period.count))
    if period.unit in _FIXED:
        size = count * _FIXED[period.unit]
        return at // size * size
    if period.unit == "w":
        size = count * 7 * _DAY
        return (at - _FIRST_MONDAY) // size * size + _FIRST_MONDAY
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    size = count * _MONTHS[period.unit]
    return _month((date.year - 1970) * 12 + date.month - 1, size)


def _month(months: int, size: int) -> int:
    months = months // size * size
    return calendar.timegm((1970 + months // 12, months % 12 + 1, 1, 0, 0, 0)) * 1000


def ceil_to(at: int, period: syntax.Period) -> int:
    """The first border of a period that is not before a time."""
    border = floor_to(at, period)
    while border < at:
        # No period is longer than a step of its own size from the border, plus what a month may have more.
        border = next_border(border, period)
    return border


def next_border(border: int, period: syntax.Period) -> int:
    """The border after one."""
    step = 1 if period.unit in ("ms", "s", "m", "h") else _DAY
    if period.unit in _FIXED:
        return border + min(period.count, _CAPS.get(period.unit, period.count)) * _FIXED[period.unit]
    later = border + step
    while floor_to(later, period) == border:
        later += step
    return floor_to(later, period)


def time_value(at: int | None) -> Value:
    """A timestamp as value."""
    return None if at is None else Time(at)


def format_date(value: Value, pattern: Value, zone: Value) -> Value:
    """A timestamp by the letters of strftime."""
    at = moment(value)
    if at is None or not isinstance(pattern, str):
        return None
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return date.astimezone(_zone(zone)).strftime(pattern)


def _zone(zone: Value) -> ZoneInfo:
    return ZoneInfo(str(zone or "UTC"))


_JAVA = {
    "yyyy": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "dd": "(?P<day>[0-9]{2})",
    "HH": "(?P<hour>[0-9]{2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})",
    "SSS": "(?P<milli>[0-9]{3})",
    "X": "(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "Z": "(?P<offset>[+-][0-9]{4})",
}


def parse_date(value: Value, pattern: Value, zone: Value) -> Value:
    """Epoch milliseconds of a text, by a pattern of Java."""
    if not isinstance(value, str) or not isinstance(pattern, str):
        return None
    pieces = re.findall(r"'[^']*'|yyyy|MM|dd|HH|mm|SSS|ss|X|Z|.", pattern)
    regex = "".join(_JAVA.get(piece, re.escape(piece.strip("'"))) for piece in pieces)
    found = re.fullmatch(regex, value)
    if found is None:
        return None
    parts = found.groupdict(default="")
    try:
        date = datetime(*[int(parts.get(name) or 1) for name in ("year", "month", "day")])  # type: ignore[arg-type]  # noqa: DTZ001
        date += timedelta(hours=int(parts.get("hour") or 0), minutes=int(parts.get("minute") or 0))
    except ValueError:
        return None
    date += timedelta(seconds=int(parts.get("second") or 0), milliseconds=int(parts.get("milli") or 0))
    offset = parts.get("offset")
    aware = date.replace(tzinfo=_offset(offset) if offset else _zone(zone))
    return number_text((aware - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
