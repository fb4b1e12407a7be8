"""How late log events come, from those that came, so that sweeps overlap as far as it takes."""

from collections.abc import Sequence

MINUTE_MS = 60_000
REMEMBERED_MINUTES = 15
ENOUGH_EVENTS = 200
"""Fewer events than this say little of what the next ones will do."""
FIRST_OVERLAP_MS = 120_000
MIN_OVERLAP_MS = 15_000
MAX_OVERLAP_MS = 900_000
USUAL_OVER_EVENTS = 200
MIN_SETTLE_MS = 2_000
MAX_SETTLE_MS = 30_000


class IngestionLag:
    """The longest ingestion lag of the last quarter of an hour: a rare late event is what an overlap is for."""

    def __init__(self) -> None:
        self._usual_ms = 0.0
        self._longest_ms: dict[int, int] = {}
        """By the minute in which they were seen."""
        self._events = 0

    def observe(self, lags_ms: Sequence[int], now_ms: int) -> None:
        """Take in the lags of some events, at least one, that were seen now."""
        minute, ordered = now_ms // MINUTE_MS, sorted(lags_ms)
        self._events += len(ordered)
        self._longest_ms[minute] = max(ordered[-1], self._longest_ms.get(minute, 0))
        nine_of_ten_ms = ordered[len(ordered) * 9 // 10]
        self._usual_ms += (nine_of_ten_ms - self._usual_ms) * min(1.0, len(ordered) / USUAL_OVER_EVENTS)
        for old in [old for old in self._longest_ms if old <= minute - REMEMBERED_MINUTES]:
            del self._longest_ms[old]

    @property
    def longest_ms(self) -> int:
        """The longest lag seen lately, 0 where none was."""
        return max(self._longest_ms.values(), default=0)

    @property
    def overlap_ms(self) -> int:
        """How far sweeps go back behind what they have read: twice the longest lag, two minutes until it is known."""
        least_ms = MIN_OVERLAP_MS if self._events >= ENOUGH_EVENTS else FIRST_OVERLAP_MS
        return min(MAX_OVERLAP_MS, max(least_ms, 2 * self.longest_ms))

    @property
    def settle_ms(self) -> int:
        """How long the newest moments stay open for events that are on their way: as long as nine of ten take."""
        return min(MAX_SETTLE_MS, max(MIN_SETTLE_MS, round(self._usual_ms)))
