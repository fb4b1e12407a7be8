"""CloudWatch's minutes: values as last asked for, and which minutes have been asked for at all.

A window covers the whole minutes that start in it. Minutes asked for without a point are zero for sums. Memory: one
entry for each minute with a value other than zero, at most three hours of them; sums of older minutes are kept.
"""

from lambdatop.model.delivery import MetricName, MetricSeries

MINUTE_MS = 60_000
KEPT_MS = 3 * 3_600_000
SUMS: frozenset[MetricName] = frozenset(
    ("Invocations", "Errors", "Throttles", "DeadLetterErrors", "AsyncEventsDropped")
)


class MetricMinutes:
    """One metric of one function or account."""

    __slots__ = ("_before_ms", "_before_sum", "_is_sum", "_known", "_values")

    def __init__(self, metric: MetricName) -> None:
        self._is_sum = metric in SUMS
        self._values: dict[int, float] = {}
        self._known: list[tuple[int, int]] = []
        """Stretches that have been asked for, ascending and apart."""
        self._before_ms = 0
        self._before_sum = 0.0

    def replace(self, series: MetricSeries, counted_from_ms: int) -> bool:
        """Put in the minutes that were asked for; returns whether anything but the asking changed."""
        asked_from_ms, asked_until_ms = _whole(series.asked_from_ms), _floor(series.asked_until_ms)
        if asked_until_ms <= asked_from_ms:
            return False
        points = {
            at_ms: value
            for at_ms, value in series.points.items()
            if max(asked_from_ms, self._before_ms) <= at_ms < asked_until_ms and (value or not self._is_sum)
        }
        stale = [at_ms for at_ms in self._values if asked_from_ms <= at_ms < asked_until_ms]
        is_changed = {at_ms: self._values[at_ms] for at_ms in stale} != points or not self._known
        for at_ms in stale:
            del self._values[at_ms]
        self._values.update(points)
        self._known = _joined([*self._known, (asked_from_ms, asked_until_ms)])
        self._forget(asked_until_ms - KEPT_MS, counted_from_ms)
        return is_changed

    @property
    def known_until_ms(self) -> int:
        """End of the newest minute asked for, 0 before the first."""
        return self._known[-1][1] if self._known else 0

    def sum(self, start_ms: int, end_ms: int) -> int | None:
        """The window's sum over minutes asked for; None when there is none, or the window's beginning is unknown."""
        if not self._covers_start(start_ms, end_ms):
            return None
        total = sum(value for at_ms, value in self._values.items() if start_ms <= at_ms < end_ms)
        if start_ms < self._before_ms:
            total += self._before_sum
        return round(total)

    def maximum(self, start_ms: int, end_ms: int) -> float | None:
        """The window's largest value, None without a point."""
        return max((value for at_ms, value in self._values.items() if start_ms <= at_ms < end_ms), default=None)

    def latest(self, start_ms: int, end_ms: int) -> float | None:
        """The window's newest value, None without a point."""
        newest_ms = max((at_ms for at_ms in self._values if start_ms <= at_ms < end_ms), default=None)
        return None if newest_ms is None else self._values[newest_ms]

    def minute(self, at_ms: int) -> float | None:
        """One minute's value; None when it was not asked for, or has no point and is no sum."""
        value = self._values.get(at_ms)
        if value is not None:
            return value
        is_known = any(from_ms <= at_ms < until_ms for from_ms, until_ms in self._known)
        return 0.0 if self._is_sum and is_known else None

    def _covers_start(self, start_ms: int, end_ms: int) -> bool:
        first_ms = _whole(start_ms)
        return any(from_ms <= first_ms < min(until_ms, end_ms) for from_ms, until_ms in self._known)

    def _forget(self, before_ms: int, counted_from_ms: int) -> None:
        if before_ms <= self._before_ms:
            return
        self._before_ms = before_ms
        for at_ms in [at_ms for at_ms in self._values if at_ms < before_ms]:
            value = self._values.pop(at_ms)
            if at_ms >= counted_from_ms:
                self._before_sum += value


def _floor(timestamp_ms: int) -> int:
    return timestamp_ms - timestamp_ms % MINUTE_MS


def _whole(timestamp_ms: int) -> int:
    """Start of the first whole minute from a moment on."""
    return -(-timestamp_ms // MINUTE_MS) * MINUTE_MS


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for from_ms, until_ms in sorted(stretches):
        if joined and from_ms <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], until_ms)
        else:
            joined.append((from_ms, until_ms))
    return joined
