"""A time to go to in a log, as it is typed: the newest that it can mean."""

import re
from datetime import UTC, datetime, timedelta

from lambdatop.parsers.time_text import epoch_ms

_AGO = re.compile(r"-?((?:\d+(?:\.\d+)?\s*[smhdw]\s*)+)(?:ago)?")
_AGO_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DAY_AND_CLOCK = re.compile(
    r"(?:(today|yesterday|\d{4}-\d\d-\d\d|\d\d-\d\d)(?:[ t]|\Z))?(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,3}))?)?)?"
)
_EPOCH_MS = re.compile(r"\d{13}")
_ONE_DAY = timedelta(days=1)


def parse_goto(text: str, now_ms: int, is_utc: bool) -> int | None:
    """Return the time that a text means in epoch milliseconds, None where it means none.

    `14:02`, `14:02:31`, `14:02:31.250` are of today, or of yesterday where today's is yet to come; `yesterday 14:02`,
    `2026-11-21T14:02` (also with a zone), `11-21` of this year or the last; `15m` and `-2h30m` are so long ago.

    >>> parse_goto("02:52", 1_795_229_602_000, True), parse_goto("-15m", 1_795_229_602_000, True)
    (1795229520000, 1795228702000)
    """
    said = " ".join(text.lower().split())
    if not said:
        return None
    try:
        return _ago(said, now_ms) or _epoch(said) or _day_and_clock(said, now_ms, is_utc) or _with_zone(text.strip())
    except (ValueError, OverflowError, OSError):
        return None


def _ago(said: str, now_ms: int) -> int | None:
    if said == "now":
        return now_ms
    match = _AGO.fullmatch(said)
    if match is None:
        return None
    return now_ms - round(sum(float(count) * _UNIT_MS[unit] for count, unit in _AGO_PART.findall(match[1])))


def _epoch(said: str) -> int | None:
    return int(said) if _EPOCH_MS.fullmatch(said) else None


def _with_zone(text: str) -> int | None:
    return epoch_ms(text.upper()) if re.search(r"(?i)\d(?:z|[+-]\d\d:?\d\d)\Z", text) else None


def _day_and_clock(said: str, now_ms: int, is_utc: bool) -> int | None:
    match = _DAY_AND_CLOCK.fullmatch(said)
    if match is None:
        return None
    day, hour, minute, second, fraction = match.groups()
    now = datetime.fromtimestamp(now_ms / 1000, tz=UTC)
    today = (now if is_utc else now.astimezone()).replace(tzinfo=None)
    time = datetime.min.time().replace(int(hour or 0), int(minute or 0), int(second or 0))
    moment = datetime.combine(_date(day, today), time) + timedelta(milliseconds=int((fraction or "0").ljust(3, "0")))
    if moment > today and day is None:
        moment -= _ONE_DAY
    if moment > today and day is not None and len(day) == 5:
        moment = moment.replace(year=moment.year - 1)
    zoned = moment.replace(tzinfo=UTC) if is_utc else moment.astimezone()
    return round(zoned.timestamp() * 1000)


def _date(day: str | None, today: datetime) -> datetime:
    if day in {None, "today"}:
        return today
    if day == "yesterday":
        return today - _ONE_DAY
    return datetime.fromisoformat(f"{today.year}-{day}" if len(str(day)) == 5 else str(day))
