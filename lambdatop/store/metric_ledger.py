"""CloudWatch metrics by function and by account."""

from lambdatop.model.delivery import MetricName, MetricsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.store.metric_minutes import MetricMinutes

NOT_READ = MetricMinutes("Throttles")
"""Stands for a metric that nothing has been delivered of."""


class MetricLedger:
    """Minutes of every metric that has been delivered."""

    def __init__(self, started_at_ms: int) -> None:
        self._started_at_ms = started_at_ms
        self._minutes: dict[tuple[FunctionKey | Scope, MetricName], MetricMinutes] = {}
        self._functions: set[FunctionKey] = set()
        self._account_trends: dict[Scope, tuple[tuple[int, ...], tuple[int | None, ...]]] = {}

    def apply(self, delivery: MetricsDelivered) -> set[FunctionKey | Scope]:
        """Take in answers; returns the functions and accounts whose values changed."""
        self._account_trends.clear()
        changed: set[FunctionKey | Scope] = set()
        for series in delivery.series:
            owner = delivery.scope if series.function is None else series.function
            minutes = self._minutes.get((owner, series.metric))
            if minutes is None:
                minutes = self._minutes[owner, series.metric] = MetricMinutes(series.metric)
            if minutes.replace(series, self._started_at_ms):
                changed.add(owner)
            if series.function is not None:
                self._functions.add(series.function)
        return changed

    def minutes(self, owner: FunctionKey | Scope, metric: MetricName) -> MetricMinutes:
        """One metric's minutes, empty ones when it was never delivered."""
        return self._minutes.get((owner, metric), NOT_READ)

    def has(self, key: FunctionKey) -> bool:
        """Whether any metric of this function has been delivered."""
        return key in self._functions

    def throttles(self, key: FunctionKey, start_ms: int, end_ms: int) -> int | None:
        """A function's throttles: by its own metric, or 0 where the whole account had none."""
        own = self.minutes(key, "Throttles").sum(start_ms, end_ms)
        if own is not None:
            return own
        return 0 if self.minutes(key.scope, "Throttles").sum(start_ms, end_ms) == 0 else None

    def throttle_trend(self, key: FunctionKey, minutes: tuple[int, ...]) -> tuple[int | None, ...]:
        """A function's throttles by minute, by the same rule."""
        nothing = self._no_throttles(key.scope, minutes)
        own = self._minutes.get((key, "Throttles"))
        if own is None:
            return nothing
        values = [own.minute(at_ms) for at_ms in minutes]
        return tuple(default if value is None else round(value) for value, default in zip(values, nothing, strict=True))

    def _no_throttles(self, scope: Scope, minutes: tuple[int, ...]) -> tuple[int | None, ...]:
        """0 for the minutes in which the whole account had no throttle, None for the others."""
        known = self._account_trends.get(scope)
        if known is None or known[0] != minutes:
            account = self.minutes(scope, "Throttles")
            trend = tuple(0 if account.minute(at_ms) == 0 else None for at_ms in minutes)
            known = self._account_trends[scope] = minutes, trend
        return known[1]
