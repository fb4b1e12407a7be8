"""A stretch of time as it is typed: `1h`, or two times with `to` between them."""

import re
from typing import NamedTuple

from lambdatop.parsers.goto_time import parse_goto

RANGES_ACCEPTED = "a span such as 15m or 2h30m, or two times: 14:00 to 14:30, yesterday 22:00 to now"
_BETWEEN = re.compile(r"\s+(?:to|until|-|\.\.)\s+|\s*\.\.\s*", re.IGNORECASE)
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?\s*[smhdw]\s*)+", re.IGNORECASE)


class TimeRange(NamedTuple):
    """A stretch of time as typed: what ends now moves with the clock."""

    text: str = "1h"

    def bounds_s(self, now_ms: int, is_utc: bool) -> tuple[int, int]:
        """Return its first and its last second; raises ValueError, naming the accepted forms, where it is none.

        The end is widened to the next second, since AWS reads up to the very beginning of the last one.

        >>> TimeRange("15m").bounds_s(1_795_229_602_500, True)
        (1795228702, 1795229603)
        """
        first, *rest = _BETWEEN.split(self.text.strip())
        start_ms = parse_goto(first, now_ms, is_utc)
        end_ms = parse_goto(rest[0], now_ms, is_utc) if rest else now_ms
        if start_ms is None or end_ms is None or len(rest) > 1:
            raise ValueError(f"say {RANGES_ACCEPTED}")
        if start_ms >= end_ms:
            raise ValueError("it ends before it begins")
        return start_ms // 1000, -(-end_ms // 1000)

    @property
    def words(self) -> str:
        """How it is said.

        >>> TimeRange("2h30m").words, TimeRange("14:00 to 14:30").words
        ('last 2h30m', '14:00 to 14:30')
        """
        said = " ".join(self.text.split())
        return f"last {said}" if _SPAN.fullmatch(said) else said if _BETWEEN.search(said) else f"since {said}"
