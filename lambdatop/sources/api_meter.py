"""What calling AWS has cost: counted calls and their price."""

import threading
from collections import Counter, deque

from lambdatop.model.source_status import ApiUsage

RATE_WINDOW_MS = 600_000
HOUR_MS = 3_600_000
MIN_RATE_SPAN_MS = 120_000


class ApiMeter:
    """Counts calls and dollars from any thread; the hourly rate is that of the last ten minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._throttled = 0
        self._cost_usd = 0.0
        self._spent: deque[tuple[int, float]] = deque()
        self._first_ms: int | None = None

    def count(self, service: str, operation: str, now_ms: int) -> None:
        """Count one call."""
        with self._lock:
            self._calls[f"{service}:{operation}"] += 1
            self._first_ms = now_ms if self._first_ms is None else self._first_ms

    def charge(self, cost_usd: float, now_ms: int) -> None:
        """Add dollars, spent now."""
        if cost_usd:
            with self._lock:
                self._cost_usd += cost_usd
                self._spent.append((now_ms, cost_usd))

    def throttled(self) -> None:
        """Count one throttled call."""
        with self._lock:
            self._throttled += 1

    def usage(self, now_ms: int) -> ApiUsage:
        """Return the counts; the hourly cost is scaled from at least two minutes."""
        with self._lock:
            while self._spent and self._spent[0][0] < now_ms - HOUR_MS:
                self._spent.popleft()
            first_ms = now_ms if self._first_ms is None else self._first_ms
            span_ms = min(RATE_WINDOW_MS, max(MIN_RATE_SPAN_MS, now_ms - first_ms))
            return ApiUsage(
                calls=dict(self._calls),
                throttled=self._throttled,
                cost_usd=self._cost_usd,
                cost_usd_per_hour=sum(cost for spent_ms, cost in self._spent if spent_ms >= now_ms - RATE_WINDOW_MS)
                * HOUR_MS
                / span_ms,
                cost_usd_last_hour=sum(cost for _, cost in self._spent),
            )
