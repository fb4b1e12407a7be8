"""Metrics of the embedded account: statistic sets by the minute that become visible late."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lambdatop.demo.clock import Clock
from lambdatop.demo.weather import Weather

MINUTE_MS = 60_000
MAX_MINUTES = 1_500
MAX_PENDING = 256

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, order=True)
class MetricKey:
    """What CloudWatch tells metrics apart by; dimensions are sorted by name."""

    namespace: str
    name: str
    dimensions: Dimensions


@dataclass(slots=True)
class StatisticSet:
    """The values of one minute (or of several, merged); values keep three significant digits for percentiles."""

    count: float = 0.0
    total: float = 0.0
    minimum: float = float("inf")
    maximum: float = float("-inf")
    values: dict[float, float] = field(default_factory=dict)

    def add(self, value: float, count: float = 1.0) -> None:
        """Add `count` samples of one value."""
        self.merge(StatisticSet(count, value * count, value, value, {float(f"{value:.3g}"): count}))

    def merge(self, other: "StatisticSet") -> None:
        """Add every sample of another set."""
        self.count += other.count
        self.total += other.total
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)
        for value, count in other.values.items():
            self.values[value] = self.values.get(value, 0.0) + count

    def percentile(self, percent: float) -> float:
        """The value below or at which `percent` of the samples lie."""
        wanted = self.count * percent / 100
        reached = 0.0
        for value in sorted(self.values):
            reached += self.values[value]
            if reached >= wanted - 1e-9:
                return min(max(value, self.minimum), self.maximum)
        return self.maximum


@dataclass(slots=True)
class _Series:
    """One metric: the minutes readers can see, and what is still on its way as (visible_ms, minute_ms, set)."""

    minutes: dict[int, StatisticSet] = field(default_factory=dict)
    pending: list[tuple[int, int, StatisticSet]] = field(default_factory=list)

    def settle(self, now_ms: int) -> None:
        """Make visible what is due."""
        still_pending = []
        for visible_ms, minute_ms, statistic_set in self.pending:
            if visible_ms > now_ms:
                still_pending.append((visible_ms, minute_ms, statistic_set))
            else:
                self.minutes.setdefault(minute_ms, StatisticSet()).merge(statistic_set)
        self.pending = still_pending
        for minute_ms in sorted(self.minutes)[: max(0, len(self.minutes) - MAX_MINUTES)]:
            del self.minutes[minute_ms]


class MetricStore:
    """Every metric of the account; safe to use from any thread. The newest 25 hours of each are kept."""

    def __init__(self, clock: Clock, weather: Weather) -> None:
        self._clock = clock
        self._weather = weather
        self._lock = threading.RLock()
        self._series: defaultdict[MetricKey, _Series] = defaultdict(_Series)
        self.before_read: list[Callable[[], None]] = []
        """Called before every read: the place of metrics that derive from another store's state."""

    def add(
        self,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        timestamp_ms: int,
        value: float,
        count: float = 1.0,
        publish_delay_ms: int = 0,
    ) -> None:
        """Add `count` samples of a value to its minute; readers see them `publish_delay_ms` from now."""
        statistic_set = StatisticSet()
        statistic_set.add(value, count)
        self.add_set(metric_key(namespace, name, dimensions), timestamp_ms, statistic_set, publish_delay_ms)

    def add_set(
        self, key: MetricKey, timestamp_ms: int, statistic_set: StatisticSet, publish_delay_ms: int = 0
    ) -> None:
        """Add a whole statistic set to its minute."""
        now_ms = self._clock.now_ms()
        minute_ms = timestamp_ms - timestamp_ms % MINUTE_MS
        visible_ms = now_ms + publish_delay_ms
        late_ms = self._weather.delay_ms("late-metrics")
        if late_ms is not None:
            visible_ms = max(visible_ms, minute_ms + MINUTE_MS + late_ms)
        with self._lock:
            series = self._series[key]
            series.pending.append((visible_ms, minute_ms, statistic_set))
            if len(series.pending) >= MAX_PENDING and series.pending[0][0] <= now_ms:
                series.settle(now_ms)

    def read(self, key: MetricKey, start_ms: int, end_ms: int) -> dict[int, StatisticSet]:
        """The visible minutes with start_ms ≤ minute < end_ms."""
        self._derive()
        with self._lock:
            series = self._series.get(key)
            if series is None:
                return {}
            series.settle(self._clock.now_ms())
            found: dict[int, StatisticSet] = {}
            for minute_ms, statistic_set in series.minutes.items():
                if start_ms <= minute_ms < end_ms:
                    found[minute_ms] = StatisticSet()
                    found[minute_ms].merge(statistic_set)
            return found

    def keys(self) -> list[tuple[MetricKey, int]]:
        """Every metric that has a visible minute, with the newest one."""
        self._derive()
        with self._lock:
            now_ms = self._clock.now_ms()
            for series in self._series.values():
                series.settle(now_ms)
            return sorted((key, max(series.minutes)) for key, series in self._series.items() if series.minutes)

    def _derive(self) -> None:
        for derive in self.before_read:
            derive()


def metric_key(namespace: str, name: str, dimensions: Mapping[str, str]) -> MetricKey:
    """The key of a metric whose dimensions come in any order."""
    return MetricKey(namespace, name, tuple(sorted(dimensions.items())))
