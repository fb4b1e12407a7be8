"""Times as people say them: "15m", "2h30m", "yesterday 14:00", "2026-11-21T03:00"."""

import contextlib
import re
from datetime import UTC, datetime, timedelta

from lambdatop.cli.settings import TIMES_ACCEPTED

_SPAN_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)\s*")
_UNITS_S = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DAY_AND_CLOCK = re.compile(r"(today|yesterday)?(?:(?:^| )(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = re.compile(r"\d{10}(\d{3})?")
_YEAR = re.compile(r"\b\d{4}\b")


def parse_time(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names, seen from the aware `now`, whose zone is that of times without one.

    A span is that long ago. Raises ValueError, naming the accepted forms.

    >>> parse_time("2h30m", datetime(2026, 11, 21, 3, 0, tzinfo=UTC)).isoformat()
    '2026-11-21T00:30:00+00:00'
    """
    moment: datetime | None = None
    said = " ".join(text.lower().split())
    if said:
        with contextlib.suppress(ValueError, OverflowError):
            moment = _span_ago(said, now) or _day_and_clock(said, now) or _epoch(said) or _calendar(text.strip(), now)
    if moment is None:
        raise ValueError(f"{text!r} is no time; say {TIMES_ACCEPTED}")
    return moment


def parse_time_ms(text: str, now_ms: int) -> int:
    """Return the moment that `text` names in epoch milliseconds, times without a zone being local ones."""
    from dateutil.tz import tzlocal

    moment = parse_time(text, datetime.fromtimestamp(now_ms / 1000, tz=tzlocal()))
    return round(moment.timestamp() * 1000)


def _span_ago(said: str, now: datetime) -> datetime | None:
    rest = said.removesuffix(" ago")
    seconds = 0.0
    while rest:
        part = _SPAN_PART.match(rest)
        if part is None:
            return None
        seconds += float(part[1]) * _UNITS_S[part[2][0]]
        rest = rest[part.end() :]
    return (now.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(now.tzinfo)


def _day_and_clock(said: str, now: datetime) -> datetime | None:
    """Return now, today, yesterday, a time of either, or the last time that the clock showed a time."""
    if said == "now":
        return now
    match = _DAY_AND_CLOCK.fullmatch(said)
    if match is None:
        return None
    day, hour, minute, second = match.groups()
    today = now.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0), microsecond=0, fold=0)
    is_yesterday = day == "yesterday" or (day is None and today > now)
    return today - timedelta(days=1) if is_yesterday else today


def _epoch(said: str) -> datetime | None:
    """Return the moment of epoch seconds (10 digits) or milliseconds (13), as log tools print them."""
    match = _EPOCH.fullmatch(said)
    return datetime.fromtimestamp(int(said) / (1000 if match[1] else 1), tz=UTC) if match else None


def _calendar(text: str, now: datetime) -> datetime | None:
    if not _YEAR.search(text):
        return None
    from dateutil import parser

    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moment: datetime = parser.parse(text, default=midnight, ignoretz=False)
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
