"""What counting all functions by Insights may cost: a steady rate of dollars, of which some can be saved up."""

from collections import deque
from math import inf

SAVED_HOURS = 0.2
SPARE_SHARE = 0.5
"""What is not pressing waits until this share of what can be saved up is there."""
HOUR_MS = 3_600_000
LEAST_SPAN_MS = 600_000


class WidePace:
    """Money that comes in as time goes by, and what was spent of it."""

    def __init__(self) -> None:
        self._balance_usd: float | None = None
        self._at_ms = 0
        self._spent: deque[tuple[int, float]] = deque()
        self._first_ms: int | None = None

    def pay(self, cost_usd: float, usd_per_hour: float, now_ms: int) -> None:
        """Spend money on a query.

        >>> pace = WidePace()
        >>> pace.pay(0.06, usd_per_hour=0.25, now_ms=0)
        >>> pace.wait_ms(usd_per_hour=0.25, now_ms=0) / 60_000
        2.4
        """
        self._fill(usd_per_hour, now_ms)
        self._balance_usd = (self._balance_usd or 0.0) - cost_usd
        self._first_ms = now_ms if self._first_ms is None else self._first_ms
        self._spent.append((now_ms, cost_usd))
        while self._spent[0][0] <= now_ms - HOUR_MS:
            self._spent.popleft()

    def wait_ms(self, usd_per_hour: float, now_ms: int) -> int:
        """Return how long nothing can be paid."""
        return self._until_ms(0.0, usd_per_hour, now_ms)

    def is_rich(self, usd_per_hour: float, now_ms: int) -> bool:
        """Whether there is money for what is not pressing."""
        return self._until_ms(SPARE_SHARE * usd_per_hour * SAVED_HOURS, usd_per_hour, now_ms) == 0

    def usd_per_hour(self, now_ms: int) -> float:
        """Return what was spent in the last hour; of a shorter time, what that is an hour."""
        spent_usd = sum(cost_usd for at_ms, cost_usd in self._spent if at_ms > now_ms - HOUR_MS)
        span_ms = HOUR_MS if self._first_ms is None else now_ms - self._first_ms
        return spent_usd * HOUR_MS / min(HOUR_MS, max(LEAST_SPAN_MS, span_ms))

    def _until_ms(self, wanted_usd: float, usd_per_hour: float, now_ms: int) -> int:
        if usd_per_hour == inf:
            return 0
        self._fill(usd_per_hour, now_ms)
        missing_usd = wanted_usd - (self._balance_usd or 0.0)
        return max(0, round(missing_usd / max(usd_per_hour, 1e-9) * HOUR_MS))

    def _fill(self, usd_per_hour: float, now_ms: int) -> None:
        if usd_per_hour == inf:
            return
        most_usd = usd_per_hour * SAVED_HOURS
        if self._balance_usd is None:
            self._balance_usd = most_usd
        earned_usd = max(0, now_ms - self._at_ms) / HOUR_MS * usd_per_hour if self._at_ms else 0.0
        self._balance_usd = min(most_usd, self._balance_usd + earned_usd)
        self._at_ms = max(self._at_ms, now_ms)
