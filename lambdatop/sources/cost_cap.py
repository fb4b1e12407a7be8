"""A hard limit on dollars an hour: what costs most waits first.

Four fifths of the limit fill one pot for all, the rest fills a small pot for each priced operation. A call is paid
from its operation's small pot if that has enough, else from the common one; one that finds neither waits. Cheap calls
thus live on their small pots, and the dearest operation is the one that finds the common pot empty.
"""

import threading
from typing import Final

OPERATIONS: Final = ("GetMetricData", "GetTraceSummaries", "GetQueueAttributes", "StartLiveTail", "StartQuery")
COMMON_SHARE: Final = 0.8
SAVED_HOURS: Final = 1 / 12
"""A pot holds five minutes' money, so that a start is quick."""
COMMON: Final = ""


class _Pot:
    """Money that comes in at a steady rate, up to what it holds; a dearer call waits until it is paid for in full."""

    def __init__(self, usd_per_hour: float, now_ms: int) -> None:
        self._usd_per_hour = usd_per_hour
        self.capacity_usd = usd_per_hour * SAVED_HOURS
        self.balance_usd = self.capacity_usd
        self._at_ms = now_ms

    def fill(self, now_ms: int) -> None:
        hours = max(0, now_ms - self._at_ms) / 3_600_000
        self._at_ms = max(self._at_ms, now_ms)
        self.balance_usd = min(self.capacity_usd, self.balance_usd + hours * self._usd_per_hour)

    def wait_s(self, price_usd: float) -> float:
        """Return when the price will be there."""
        return round(max(0.0, (price_usd - self.balance_usd) / self._usd_per_hour * 3_600), 3)


class CostCap:
    """Lets priced calls through at no more than `usd_per_hour` in the long run; None lets everything through."""

    def __init__(self, usd_per_hour: float | None) -> None:
        self.usd_per_hour = usd_per_hour
        self._lock = threading.Lock()
        self._pots: dict[str, _Pot] = {}
        self._waits_until_ms: dict[str, int] = {}

    def reserve(self, operation: str, price_usd: float, now_ms: int) -> float:
        """Pay for a call and return how many seconds to wait before making it.

        >>> cap = CostCap(0.60)
        >>> cap.reserve("GetMetricData", 0.04, now_ms=0), cap.reserve("GetMetricData", 0.04, now_ms=0)
        (0.0, 300.0)
        """
        if not self.usd_per_hour or operation not in OPERATIONS:
            return 0.0
        with self._lock:
            own, common = self._pot(operation, now_ms), self._pot(COMMON, now_ms)
            pot = own if own.balance_usd >= price_usd else common
            wait_s = pot.wait_s(price_usd)
            pot.balance_usd -= price_usd
            if wait_s > 0:
                self._waits_until_ms[operation] = now_ms + round(wait_s * 1000)
            return wait_s

    def spend(self, operation: str, price_usd: float, now_ms: int) -> None:
        """Pay for what only the answer told the price of; the next call waits until it is earned."""
        if not self.usd_per_hour or not price_usd:
            return
        with self._lock:
            own = self._pot(operation, now_ms)
            pot = own if own.balance_usd >= price_usd else self._pot(COMMON, now_ms)
            pot.balance_usd -= price_usd

    def shortage_s(self, operation: str, now_ms: int) -> float:
        """Return how many seconds what costs an unknown amount should wait: until all that was spent is earned.

        >>> cap = CostCap(0.60)
        >>> cap.spend("StartQuery", 0.06, now_ms=0)
        >>> cap.shortage_s("StartQuery", now_ms=0)
        150.0
        """
        if not self.usd_per_hour or operation not in OPERATIONS:
            return 0.0
        with self._lock:
            return max(self._pot(operation, now_ms).wait_s(0.0), self._pot(COMMON, now_ms).wait_s(0.0))

    def slowed(self, now_ms: int) -> tuple[str, ...]:
        """Return the operations that wait for money now."""
        with self._lock:
            return tuple(sorted(name for name, until_ms in self._waits_until_ms.items() if until_ms > now_ms))

    def _pot(self, name: str, now_ms: int) -> _Pot:
        pot = self._pots.get(name)
        if pot is None:
            share = COMMON_SHARE if name == COMMON else (1 - COMMON_SHARE) / len(OPERATIONS)
            pot = self._pots[name] = _Pot((self.usd_per_hour or 0.0) * share, now_ms)
        pot.fill(now_ms)
        return pot
