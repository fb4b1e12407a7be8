"""What reading log groups by Insights may cost: a steady rate of dollars, and stretches of time that fit it."""

from collections import deque

from lambdatop.sources.api_price import insights_price_usd

USD_PER_HOUR = 0.25
"""What is spent without being asked."""
SAVED_MS = 720_000
"""This long's money may be spent at once, so that a start and a back-fill are quick."""
QUERY_BYTES = 1_000_000_000
"""What one query should scan at most, going by what the last one scanned."""
FIRST_STRETCH_MS = 900_000
STRETCH_MS = (60_000, 21_600_000)
HOUR_MS = 3_600_000
LEAST_SPAN_MS = 600_000


class InsightsPace:
    """Earns money as time goes by, and sizes stretches by the bytes that were scanned of earlier ones."""

    def __init__(self) -> None:
        self._earned_ms = 0.0
        """When everything spent so far is earned."""
        self._bytes_per_ms: float | None = None
        self._spent: deque[tuple[int, float]] = deque()
        self._first_ms: int | None = None

    def wait_ms(self, now_ms: int) -> int:
        """Return how long no query can be paid.

        >>> pace = InsightsPace()
        >>> pace.pay(scanned_bytes=20e9, stretch_ms=60_000, now_ms=0)
        >>> pace.wait_ms(now_ms=0) / 60_000
        12.0
        """
        return max(0, round(self._earned_ms - SAVED_MS - now_ms))

    def pay(self, scanned_bytes: float, stretch_ms: int, now_ms: int) -> None:
        """Spend money on a query."""
        cost_usd = insights_price_usd(scanned_bytes)
        self._earned_ms = max(self._earned_ms, float(now_ms)) + cost_usd / USD_PER_HOUR * HOUR_MS
        self._bytes_per_ms = scanned_bytes / max(1, stretch_ms)
        self._first_ms = now_ms if self._first_ms is None else self._first_ms
        self._spent.append((now_ms, cost_usd))
        while self._spent[0][0] <= now_ms - HOUR_MS:
            self._spent.popleft()

    @property
    def stretch_ms(self) -> int:
        """How much unread time the next query should take in."""
        if self._bytes_per_ms is None:
            return FIRST_STRETCH_MS
        least_ms, most_ms = STRETCH_MS
        return round(min(most_ms, max(least_ms, QUERY_BYTES / max(self._bytes_per_ms, 1e-9))))

    @property
    def least_usd_per_hour(self) -> float:
        """What it costs to read every line of the newest query's groups once."""
        return insights_price_usd((self._bytes_per_ms or 0.0) * HOUR_MS)

    def usd_per_hour(self, now_ms: int) -> float:
        """Return what was spent in the last hour; of a shorter time, what that is an hour."""
        spent_usd = sum(cost_usd for at_ms, cost_usd in self._spent if at_ms > now_ms - HOUR_MS)
        span_ms = HOUR_MS if self._first_ms is None else now_ms - self._first_ms
        return spent_usd * HOUR_MS / min(HOUR_MS, max(LEAST_SPAN_MS, span_ms))
