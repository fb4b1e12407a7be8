"""One value of a query's answer as it is drawn in a table."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from lambdatop.parsers.query_value import ValueType, plain_number
from lambdatop.render.printable import printable_spans
from lambdatop.render.span import Line, Span
from lambdatop.render.units import UNKNOWN
from lambdatop.render.words import said

NO_VALUE: Line = (Span(UNKNOWN, "unknown"),)
"""A row without the field; a field with an empty text is blank."""
_MINUTE_END = 16
"""Of `YYYY-MM-DD HH:MM:SS.mmm`."""


def value_cell(value: str | None, type_: ValueType, limit: int, *, is_utc: bool, time_end: int | None = None) -> Line:
    """Return a value, safe to draw; of texts no more than `limit` characters, of times those before `time_end`.

    >>> "".join(span.text for span in value_cell("1.28E8", "number", 20, is_utc=True))
    '128000000'
    """
    if value is None:
        return NO_VALUE
    if type_ == "number":
        return (*printable_spans(plain_number(value), limit),)
    if type_ == "time" and value:
        shown = shown_time(value, is_utc=is_utc)
        return (said(f"{shown[:time_end]}{'Z' if is_utc else ''}"),)
    return printable_spans(value, limit)


def shown_time(value: str, *, is_utc: bool) -> str:
    """Return a time as AWS writes it, which is in UTC, in the local zone or as it is.

    >>> shown_time("2026-11-21 02:53:22.007", is_utc=True)
    '2026-11-21 02:53:22.007'
    """
    return value if is_utc else _local_minute(value[:_MINUTE_END]) + value[_MINUTE_END:]


def shown_times(values: Iterable[str | None], *, is_utc: bool) -> Iterator[str]:
    """Yield many times as they are shown, nothing for None; a minute is looked up in the zone once."""
    if is_utc:
        yield from (value or "" for value in values)
        return
    minute_of = lru_cache(maxsize=None)(_local_minute)
    yield from (minute_of(value[:_MINUTE_END]) + value[_MINUTE_END:] if value else "" for value in values)


def _local_minute(minute: str) -> str:
    """Return a minute of UTC in the local zone, whose distance is a number of whole minutes."""
    try:
        return datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return minute  # outside the years that calendars have
