"""What calling AWS costs: counted calls and their price.

Prices are us-east-1's list prices, read 2026-11 (AWS-FACTS 10), without free tiers.
"""

from collections import Counter, deque

from lambdatop.model.source_status import ApiUsage

GET_METRIC_DATA_USD_PER_METRIC = 0.01 / 1000
SQS_USD_PER_REQUEST = 0.40 / 1_000_000
XRAY_USD_PER_TRACE = 0.50 / 1_000_000
RATE_WINDOW_MS = 600_000


class ApiMeter:
    """Counts calls and dollars; the hourly rate is that of the last ten minutes."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()
        self._throttled = 0
        self._cost_usd = 0.0
        self._spent: deque[tuple[int, float]] = deque()
        self._first_ms: int | None = None

    def count(self, service: str, operation: str, now_ms: int, cost_usd: float = 0.0) -> None:
        """Count one call."""
        self._calls[f"{service}:{operation}"] += 1
        self._first_ms = now_ms if self._first_ms is None else self._first_ms
        if cost_usd:
            self._cost_usd += cost_usd
            self._spent.append((now_ms, cost_usd))

    def charge(self, cost_usd: float, now_ms: int | None = None) -> None:
        """Add to the cost of calls already counted, known only from their answers."""
        self._cost_usd += cost_usd
        if now_ms is not None:
            self._spent.append((now_ms, cost_usd))

    def throttled(self) -> None:
        """Count one throttled call."""
        self._throttled += 1

    def usage(self, now_ms: int) -> ApiUsage:
        """Return the counts; the hourly cost is scaled from at least two minutes."""
        while self._spent and self._spent[0][0] < now_ms - RATE_WINDOW_MS:
            self._spent.popleft()
        span_ms = min(RATE_WINDOW_MS, max(120_000, now_ms - (self._first_ms or now_ms)))
        return ApiUsage(
            calls=dict(self._calls),
            throttled=self._throttled,
            cost_usd=self._cost_usd,
            cost_usd_per_hour=sum(cost for _, cost in self._spent) * 3_600_000 / span_ms,
        )
