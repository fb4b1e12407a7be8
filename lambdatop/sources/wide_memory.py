"""What was told of each minute already, so that asking again delivers only what has changed since."""

from collections import defaultdict
from collections.abc import Iterable

from lambdatop.model.aggregated import AggregatedBin

NOTHING = 0


class WideMemory:
    """A digest of each minute of log groups that are asked for together, as far back as any may be asked for again."""

    def __init__(self) -> None:
        self._digests: dict[int, dict[str, int]] = {}

    def changed(self, log_groups: Iterable[str], minutes: range, bins: Iterable[AggregatedBin]) -> tuple[str, ...]:
        """Return the log groups of which any minute is not as it was told before, and remember all as told now."""
        told: dict[int, dict[str, int]] = {minute_ms: {} for minute_ms in minutes}
        by_minute: dict[tuple[int, str], set[AggregatedBin]] = defaultdict(set)
        for each in bins:
            by_minute[each.start_ms, each.log_group].add(each)
        for (minute_ms, log_group), held in by_minute.items():
            if minute_ms in told:
                told[minute_ms][log_group] = hash(frozenset(held))
        is_known = all(minute_ms in self._digests for minute_ms in minutes)
        found = tuple(
            log_group
            for log_group in log_groups
            if not is_known
            or any(
                told[minute_ms].get(log_group, NOTHING) != self._digests[minute_ms].get(log_group, NOTHING)
                for minute_ms in minutes
            )
        )
        self._digests |= told
        return found

    def forget_before(self, before_ms: int) -> None:
        """Forget minutes that are not asked for again."""
        for minute_ms in [minute_ms for minute_ms in self._digests if minute_ms < before_ms]:
            del self._digests[minute_ms]
