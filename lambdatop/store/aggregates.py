"""Takes in the answers of aggregate queries: what each function version did, by the minute, or longer ago in sum."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from lambdatop.model.aggregated import AggregatedBin, MinutesAggregated
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.store.bucket import Bucket
from lambdatop.store.failure_kind import kind_of_status
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.log_groups import LogGroups
from lambdatop.store.provenance import MINUTE_MS
from lambdatop.store.quantile_sketch import QuantileSketch
from lambdatop.store.rolling_window import MINUTES_KEPT_MS


class Aggregates:
    """Holds nothing: buckets go to the functions' windows, what they cover to the log groups' provenance."""

    def __init__(
        self,
        groups: LogGroups,
        ledger_of: Callable[[FunctionKey], FunctionLedger],
        state_of: Callable[[Scope, str], LogGroupState],
    ) -> None:
        self._groups = groups
        self._ledger_of = ledger_of
        self._state_of = state_of

    def apply(self, delivery: MinutesAggregated, end_ms: int) -> set[FunctionLedger]:
        """Take in an answer; returns the functions whose numbers, or what is known of them, may have changed.

        Minutes within the hour before `end_ms` may be told again; what is older is counted once.
        """
        folded_ms = end_ms - end_ms % MINUTE_MS - MINUTES_KEPT_MS
        by_group: dict[str, list[AggregatedBin]] = defaultdict(list)
        for each in delivery.bins:
            by_group[each.log_group].append(each)
        changed: set[FunctionLedger] = set()
        for log_group in delivery.log_groups:
            state = self._state_of(delivery.scope, log_group)
            self._apply_group(delivery, state, by_group[log_group], folded_ms)
            changed |= state.aggregated
            changed.update(map(self._ledger_of, self._groups.functions(delivery.scope, log_group)))
        return changed

    def _apply_group(
        self, delivery: MinutesAggregated, state: LogGroupState, bins: Iterable[AggregatedBin], folded_ms: int
    ) -> None:
        provenance, asked_ms, bin_ms = state.provenance, delivery.asked_at_ms, delivery.bin_ms
        starts = range(delivery.from_ms - delivery.from_ms % bin_ms, delivery.until_ms, bin_ms)
        old = {at_ms for at_ms in starts if at_ms < folded_ms and not provenance.is_settled(at_ms)}
        minutes = {at_ms for at_ms in starts if at_ms >= folded_ms and provenance.accepts(at_ms, asked_ms)}
        for ledger in state.aggregated:
            ledger.drop_aggregates(minutes)
        for each in bins:
            if each.start_ms in old or each.start_ms in minutes:
                self._count(delivery.scope, state, each, is_old=each.start_ms in old)
        provenance.take(minutes, asked_ms)
        for start_ms in old:
            provenance.take_old(start_ms, start_ms + bin_ms)

    def _count(self, scope: Scope, state: LogGroupState, each: AggregatedBin, *, is_old: bool) -> None:
        key = self._groups.function_of(scope, each.log_group, each.function_name)
        if key is None:
            return
        ledger = self._ledger_of(key)
        state.aggregated.add(ledger)
        ledger.count_by(state.provenance)
        window = ledger.window_of(each.version)
        if is_old:
            window.add_before(bucket_of(each))
        else:
            window.add_aggregate(each.start_ms, bucket_of(each))
        ledger.saw(each.version, each.start_ms)


def bucket_of(each: AggregatedBin) -> Bucket:
    """Return the sums of a bin."""
    bucket = Bucket()
    bucket.invocations = each.invocations
    bucket.cold_starts = each.cold_starts
    bucket.restores = each.restores
    bucket.billed_duration_ms = each.billed_duration_ms
    bucket.billed_mb_ms = each.billed_mb_ms
    bucket.max_memory_used_mb = each.max_memory_used_mb
    bucket.durations.add_many(each.durations, each.max_duration_ms)
    if each.init_durations:
        bucket.init_durations = QuantileSketch()
        bucket.init_durations.add_many(each.init_durations, each.max_init_duration_ms)
    if each.restore_durations:
        bucket.restore_durations = QuantileSketch()
        bucket.restore_durations.add_many(each.restore_durations, each.max_restore_duration_ms)
    for failure in each.failures:
        kind = kind_of_status(failure.status, failure.error_type)
        if kind is not None:
            bucket.add_failure(kind, failure.invocations)
    return bucket
