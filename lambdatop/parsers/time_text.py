"""Times as loggers write them, to epoch milliseconds."""

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?\d*\s*(Z|[+-]\d\d:?\d\d)?(?: [A-Z]{3,5})?\Z"
)


def epoch_ms(value: object) -> int | None:
    """Return epoch milliseconds of an ISO 8601 text or an epoch number in s, ms, µs or ns; None for anything else.

    >>> epoch_ms("2025-10-31 22:38:21,010+0000"), epoch_ms(1494567715), epoch_ms(1494567715123.0)
    (1761950301010, 1494567715000, 1494567715123)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    return _of_text(value) if isinstance(value, str) else None


def _of_number(value: float) -> int | None:
    if not 0 < value < 1e20:
        return None
    for limit, factor in ((1e11, 1e3), (1e14, 1.0), (1e17, 1e-3)):
        if value < limit:
            return round(value * factor)
    return round(value * 1e-6)


def _of_text(text: str) -> int | None:
    if len(text) == 24 and text[23] == "Z" and text[10] == "T":
        try:
            return round(datetime.fromisoformat(text).timestamp() * 1000)
        except (ValueError, OverflowError):
            pass
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    fraction = (match[7] or "0").ljust(9, "0")[:9]
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(match[8]))
        return int(moment.timestamp()) * 1000 + int(fraction) // 1_000_000
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
