"""Numbers as people read them, in few cells; what cannot be known is an en dash, never a zero.

Each function states the widest text it returns for values that occur, so that columns can have fixed widths.
"""

from datetime import UTC, datetime

from lambdatop.render.span import Printable

UNKNOWN = Printable("–")  # noqa: RUF001  an en dash, as it is read everywhere for "no number"

_SECOND_MS = 1000
_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000
_DAY_MS = 86_400_000


def milliseconds(value_ms: float | None) -> Printable:
    """Return a duration in at most 6 cells.

    >>> [milliseconds(value) for value in (0, 4.21, 812.3, 4210, 42_100, 312_000, 7_200_000)]
    ['0 ms', '4.2 ms', '812 ms', '4.21 s', '42.1 s', '312 s', '2.0 h']
    """
    if value_ms is None:
        return UNKNOWN
    if value_ms < 9.95:
        return Printable(f"{value_ms:.1f} ms" if value_ms else "0 ms")
    if value_ms < 999.5:
        return Printable(f"{value_ms:.0f} ms")
    if value_ms < 999_500:
        return Printable(f"{_three_digits(value_ms / _SECOND_MS)} s")
    if value_ms < 5_970_000:
        return Printable(f"{value_ms / _MINUTE_MS:.0f} min")
    hours = value_ms / _HOUR_MS
    return Printable(f"{hours:.1f} h" if hours < 99.95 else f"{hours:.0f} h")


def seconds(value_s: float | None) -> Printable:
    """Return a duration given in seconds, in at most 6 cells.

    >>> [seconds(value) for value in (0.0421, 4.21, 61)]
    ['42 ms', '4.21 s', '61.0 s']
    """
    return milliseconds(None if value_s is None else value_s * _SECOND_MS)


def megabytes(value_mb: float | None) -> Printable:
    """Return a memory size in at most 7 cells; megabytes to 9999, so that Lambda's own settings are recognised.

    >>> [megabytes(value) for value in (128, 1769, 10240)]
    ['128 MB', '1769 MB', '10.0 GB']
    """
    if value_mb is None:
        return UNKNOWN
    return Printable(f"{value_mb:.0f} MB" if value_mb < 9999.5 else f"{_three_digits(value_mb / 1024, 1)} GB")


def count(value: float | None) -> Printable:
    """Return a count in at most 4 cells, exact to 9999.

    >>> [count(value) for value in (0, 9999, 12_345, 345_678, 3_456_789, 34_567_890, 2_000_000_000)]
    ['0', '9999', '12k', '346k', '3.5M', '35M', '2.0G']
    """
    if value is None:
        return UNKNOWN
    if abs(value) < 9999.5:
        return Printable(f"{value:.0f}")
    if abs(value) < 999_500:
        return Printable(f"{value / 1e3:.0f}k")
    scaled, letter = (value / 1e6, "M") if abs(value) < 999_500_000 else (value / 1e9, "G")
    return Printable(f"{scaled:.1f}{letter}" if abs(scaled) < 9.95 else f"{scaled:.0f}{letter}")


def percent(share: float | None) -> Printable:
    """Return a share (0 to 1) in at most 5 cells; only nothing is 0% and only all is 100%.

    >>> [percent(value) for value in (0, 0.0001, 0.0621, 0.314, 0.998, 1)]
    ['0%', '<0.1%', '6.2%', '31%', '>99%', '100%']
    """
    if share is None:
        return UNKNOWN
    if share <= 0 or share >= 1:
        return Printable("0%" if share <= 0 else "100%")
    if share < 0.0005:
        return Printable("<0.1%")
    if share < 0.0995:
        return Printable(f"{share:.1%}")
    return Printable(f"{share:.0%}" if share < 0.995 else ">99%")


def rate(per_second: float | None) -> Printable:
    """Return a frequency in at most 7 cells.

    >>> [rate(value) for value in (0, 0.001, 0.05, 12.34, 312, 12_345)]
    ['0/s', '<0.01/s', '0.05/s', '12.3/s', '312/s', '12k/s']
    """
    if per_second is None:
        return UNKNOWN
    if not per_second:
        return Printable("0/s")
    if per_second < 0.005:
        return Printable("<0.01/s")
    return Printable(f"{count(per_second) if per_second >= 999.5 else _three_digits(per_second)}/s")


def dollars(value_usd: float | None) -> Printable:
    """Return an amount in at most 7 cells.

    >>> [dollars(value) for value in (0, 0.0002, 0.0123, 0.12, 4.5, 312.4, 12_345)]
    ['$0', '<$0.001', '$0.012', '$0.12', '$4.50', '$312', '$12k']
    """
    if value_usd is None:
        return UNKNOWN
    if not value_usd:
        return Printable("$0")
    if value_usd < 0.0005:
        return Printable("<$0.001")
    if value_usd < 0.0995:
        return Printable(f"${value_usd:.3f}")
    return Printable(f"${value_usd:.2f}" if value_usd < 99.995 else f"${count(value_usd)}")


def age(value_ms: float | None) -> Printable:
    """Return how long ago in at most 6 cells, rounded down; the future is now.

    >>> [age(value) for value in (-5, 4_900, 200_000, 7_300_000, 200_000_000)]
    ['0 s', '4 s', '3 min', '2 h', '2 d']
    """
    if value_ms is None:
        return UNKNOWN
    for unit_ms, name in ((_DAY_MS, "d"), (_HOUR_MS, "h"), (_MINUTE_MS, "min")):
        if value_ms >= unit_ms:
            return Printable(f"{value_ms // unit_ms:.0f} {name}")
    return Printable(f"{max(0, value_ms) // _SECOND_MS:.0f} s")


def clock(timestamp_ms: int | None, is_utc: bool) -> Printable:
    """Return a time of day in 8 cells, in the local zone or UTC.

    >>> clock(1_795_229_602_000, True)
    '02:53:22'
    """
    moment = _moment(timestamp_ms, is_utc)
    return UNKNOWN if moment is None else Printable(f"{moment:%H:%M:%S}")


def timestamp(timestamp_ms: int | None, is_utc: bool) -> Printable:
    """Return date, time and zone in at most 25 cells.

    >>> timestamp(1_795_229_602_000, True)
    '2026-11-21 02:53:22Z'
    """
    moment = _moment(timestamp_ms, is_utc)
    if moment is None:
        return UNKNOWN
    return Printable(f"{moment:%Y-%m-%d %H:%M:%S}{'Z' if is_utc else f'{moment:%z}'}")


def iso_8601(timestamp_ms: int | None) -> str | None:
    """Return a UTC time as machines read it, None for None.

    >>> iso_8601(1_795_229_602_007)
    '2026-11-21T02:53:22.007Z'
    """
    moment = _moment(timestamp_ms, is_utc=True)
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(timestamp_ms: int | None, is_utc: bool) -> datetime | None:
    if timestamp_ms is None:
        return None
    try:
        moment = datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC)
        return moment if is_utc else moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None  # outside the years that calendars have, such as a log line's own nonsense


def _three_digits(value: float, decimals: int = 2) -> str:
    """Return a number below 1000 with three digits, at most `decimals` of them after the point."""
    if value < 9.995:
        return f"{value:.{decimals}f}"
    return f"{value:.{min(1, decimals)}f}" if value < 99.95 else f"{value:.0f}"
