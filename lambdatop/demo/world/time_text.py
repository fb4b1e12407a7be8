"""Times as log lines write them."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=4_096)
def _second(epoch_s: int, pattern: str) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime(pattern)


def iso_ms(epoch_ms: int) -> str:
    """ISO 8601 with milliseconds and Z.

    >>> iso_ms(1_791_480_629_470)
    '2026-10-08T17:30:29.470Z'
    """
    return f"{_second(epoch_ms // 1000, '%Y-%m-%dT%H:%M:%S')}.{epoch_ms % 1000:03d}Z"


def iso_s(epoch_ms: int) -> str:
    """ISO 8601 in whole seconds."""
    return _second(epoch_ms // 1000, "%Y-%m-%dT%H:%M:%S") + "Z"


def strftime(epoch_ms: int, pattern: str) -> str:
    """The whole second in a strftime pattern."""
    return _second(epoch_ms // 1000, pattern)
