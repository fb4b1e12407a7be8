"""Everything that is known: takes in what sources deliver and answers with frozen snapshots."""

from collections.abc import Iterable, Iterator, Mapping

from lambdatop.model.aggregated import MinutesAggregated
from lambdatop.model.delivery import (
    AccountConcurrencyDelivered,
    Delivery,
    FunctionConcurrencyDelivered,
    FunctionsDelivered,
    LogEventsDelivered,
    LogGroupsNoted,
    MetricsDelivered,
    QueryOutcomeDelivered,
    QueuesDelivered,
    TracesDelivered,
)
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency, LambdaFunction
from lambdatop.model.snapshot import AccountSnapshot, Snapshot
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.statistics import FunctionDetail
from lambdatop.model.trace import TraceSummary
from lambdatop.model.view import View
from lambdatop.parsers.time_text import epoch_ms
from lambdatop.store.account_totals import Entry, row_totals, trends_of
from lambdatop.store.aggregates import Aggregates
from lambdatop.store.concurrency_timeline import ConcurrencyTimeline, let_go_of_oldest
from lambdatop.store.error_groups import ErrorGroups
from lambdatop.store.frame import Frame, frame_of
from lambdatop.store.function_ledger import FunctionLedger, Span
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.log_groups import DEFAULT_PREFIX, LogGroups
from lambdatop.store.log_ledger import LogLedger
from lambdatop.store.log_stream import LogStream
from lambdatop.store.metric_ledger import MetricLedger
from lambdatop.store.query_desk import QueryDesk
from lambdatop.store.queue_history import QueueHistory
from lambdatop.store.rolling_window import MINUTE_MS, MINUTES_KEPT_MS
from lambdatop.store.row_table import RowTable
from lambdatop.store.trace_window import TraceWindow

HELD = 100_000
"""Events and bins that may wait for their account's catalogue; beyond that they are mapped by names alone."""
FORGET_EVERY_MS = 60_000


class Store:
    """The only mutable state of the program; single-threaded, the clock is passed in.

    Counts events with `started_at_ms <= timestamp < until_ms`; others only help to pair. The outcome does not depend
    on the order of deliveries, as long as they lie within what is remembered: see `log_stream`, `rolling_window` and
    `concurrency_timeline` for what happens beyond.

    Memory is bounded by: 100,000 occurrences at 400 bytes (16 at least a stream), 850 bytes a stream beside them, a
    million timeline points at 44, 104 buckets a function version at 300 and its sketches, 100 failing lines a function
    at 1.3 kB, 500 error groups of 58 such lines, 20,000 trace summaries, 180 minutes of each metric. The lines
    themselves go to `archive`, if given.
    """

    def __init__(self, started_at_ms: int, until_ms: int | None = None, archive: LogArchive | None = None) -> None:
        self._span = Span(started_at_ms, until_ms)
        self.error_groups = ErrorGroups()
        self._ledgers: dict[FunctionKey, FunctionLedger] = {}
        self._visible: list[FunctionLedger] | None = None
        """The functions shown, by name; None when that must be found out again."""
        self._catalogue: dict[Scope, frozenset[FunctionKey]] = {}
        self._groups = LogGroups()
        self._logs = LogLedger(self._groups, self._ledger, self._span, archive)
        self._aggregates = Aggregates(self._groups, self._ledger, self._logs.state_of)
        self._timelines: dict[Scope, ConcurrencyTimeline] = {}
        self._metrics = MetricLedger(started_at_ms)
        self._queues = QueueHistory()
        self._traces = TraceWindow()
        self.query_desk = QueryDesk()
        self._ceilings: dict[Scope, AccountConcurrency] = {}
        self._concurrencies: dict[FunctionKey, FunctionConcurrency] = {}
        self._held: list[LogEventsDelivered | MinutesAggregated] = []
        self._rows = RowTable(self._metrics, self._queues)
        self._forget_due_ms = 0
        self.revision = 0
        """Raised with each delivery."""

    def apply(self, delivery: Delivery, now_ms: int) -> None:
        """Take in one delivery of any source; of event sources nothing is kept, as their queues come by themselves."""
        self.revision += 1
        if isinstance(delivery, LogEventsDelivered | MinutesAggregated):
            self._apply_or_hold(delivery, now_ms)
        elif isinstance(delivery, FunctionsDelivered):
            self._apply_functions(delivery, now_ms)
        elif isinstance(delivery, LogGroupsNoted):
            self._apply_notes(delivery)
        elif isinstance(delivery, MetricsDelivered):
            self._mark_changed(self._metrics.apply(delivery))
        elif isinstance(delivery, QueuesDelivered):
            self._mark_changed(self._queues.apply(delivery, now_ms))
        elif isinstance(delivery, TracesDelivered):
            self._traces.apply(delivery)
        elif isinstance(delivery, AccountConcurrencyDelivered):
            self._ceilings[delivery.scope] = delivery.account
        elif isinstance(delivery, FunctionConcurrencyDelivered):
            self._apply_concurrency(delivery)
        elif isinstance(delivery, QueryOutcomeDelivered):
            self.query_desk.put(delivery.outcome)

    def snapshot(
        self,
        now_ms: int,
        view: View,
        sources: tuple[SourceStatus, ...] = (),
        api: ApiUsage = ApiUsage(),  # noqa: B008  frozen
        notice: str | None = None,
        still_since_ms: int | None = None,
    ) -> Snapshot:
        """One frozen picture; rows that did not change are the same objects as in the last one.

        Windows end now, or at `still_since_ms` where nothing has been read since.
        """
        self._release(list(self._held), now_ms)
        self.query_desk.keep(view.query_tasks)
        end_ms = self._span.end_ms(now_ms if still_since_ms is None else still_since_ms)
        self._forget(now_ms, end_ms)
        frame = frame_of(view.window, self._span.started_at_ms, end_ms)
        if self._visible is None:
            self._visible = [self._ledgers[key] for key in sorted(self._ledgers) if self._is_visible(key)]
        entries = self._rows.entries(self._visible, frame, self._group_of)
        scopes = sorted({*self._catalogue, *self._ceilings, *self._timelines})
        start_ms = frame.start_ms(view.window)
        since_ms = min(frame.minutes[0], start_ms)
        timelines = None if self._logs.is_aggregated_since(since_ms) else self._timelines
        return Snapshot(
            taken_at_ms=now_ms,
            started_at_ms=self._span.started_at_ms,
            window=view.window,
            window_start_ms=start_ms,
            accounts=tuple(self._account(scope, frame, entries, timelines) for scope in scopes),
            functions=tuple(entry.row for entry in entries),
            total=row_totals(entries, frame, self._metrics, timelines, scopes),
            trends=trends_of(
                entries,
                frame,
                self._metrics,
                timelines,
                self._queues,
                self._traces,
                scopes,
                is_read=self._logs.is_read,
            ),
            queues=self._queues.frozen(frame.end_ms),
            traces=self._traces.statistics(start_ms, frame.end_ms),
            error_groups=self.error_groups.frozen(frame),
            sources=sources,
            api=api,
            detail=self._detail(view.focus, frame),
            complete_to_ms=self._logs.complete_to_ms,
            aggregated_functions=sum(entry.row.aggregated_to_ms is not None for entry in entries),
            notice=notice,
        )

    def active_functions(self, now_ms: int, within_ms: int = 900_000) -> frozenset[FunctionKey]:
        """The functions with a platform or failure line within the last `within_ms`."""
        after_ms = self._span.end_ms(now_ms) - within_ms
        return frozenset(key for key, ledger in self._ledgers.items() if (ledger.last_seen_ms or 0) > after_ms)

    def read_to_ms(self, ledger: FunctionLedger, now_ms: int) -> int:
        """The moment that a function's logs have been read to: now, unless reading them lags behind."""
        state = self._group_of(ledger)
        end_ms = self._span.end_ms(now_ms)
        if state is None or state.swept_to_ms is None:
            return end_ms
        return min(end_ms, max(state.swept_to_ms, state.newest_ms))

    def ledger(self, key: FunctionKey) -> FunctionLedger | None:
        """What is counted of a function."""
        return self._ledgers.get(key)

    def log_streams(self, key: FunctionKey | None = None) -> Iterable[LogStream]:
        """The remembered log streams of a function, or of all."""
        ledger = None if key is None else self._ledgers.get(key)
        return self._logs.streams_of(ledger) if key is None or ledger is not None else ()

    def is_read_in_full(self, ledger: FunctionLedger, start_ms: int, end_ms: int) -> bool:
        """Whether all lines of a function between two moments were read, and not only the platform's."""
        state = self._group_of(ledger)
        return state is not None and state.full_text.covers(start_ms, end_ms)

    def trace(self, scope: Scope, trace_id: str) -> TraceSummary | None:
        """The newest summary of a trace."""
        return self._traces.summary(scope, trace_id)

    def full_text_from(self, keys: Iterable[FunctionKey] = ()) -> Iterator[tuple[FunctionKey, int | None]]:
        """These functions, or all, as far as their logs were read, and since when they are read in full, if so."""
        for key in keys or self._ledgers:
            ledger = self._ledgers.get(key)
            state = None if ledger is None else self._group_of(ledger)
            if state is not None and self._is_visible(key):
                yield key, state.full_text.open_from_ms

    def patterns_of(self, keys: Iterable[FunctionKey] = ()) -> Iterator[tuple[FunctionKey, LogGroupState]]:
        """These functions, or all, whose logs are read by a filter pattern of the user's, or are meant to be."""
        for key in keys or self._ledgers:
            ledger = self._ledgers.get(key)
            state = None if ledger is None else self._group_of(ledger)
            if state is not None and state.pattern is not None and self._is_visible(key):
                yield key, state

    def _ledger(self, key: FunctionKey) -> FunctionLedger:
        ledger = self._ledgers.get(key)
        if ledger is None:
            function = LambdaFunction(key=key, log_group=DEFAULT_PREFIX + key.name, is_listed=False)
            self._visible = None
            ledger = self._ledgers[key] = FunctionLedger(function, self._span, self.error_groups)
            ledger.concurrency = self._concurrencies.get(key, ledger.concurrency)
        return ledger

    def _group_of(self, ledger: FunctionLedger) -> LogGroupState | None:
        return self._logs.state(ledger.key.scope, ledger.function.log_group or DEFAULT_PREFIX + ledger.key.name)

    def _is_visible(self, key: FunctionKey) -> bool:
        """Whether a function is listed, or known by the log group of its own name alone."""
        catalogue = self._catalogue.get(key.scope)
        if catalogue is None or key in catalogue:
            return True
        ledger = self._ledgers[key]
        return not ledger.was_listed and not self._groups.functions(key.scope, DEFAULT_PREFIX + key.name)

    def _apply_functions(self, delivery: FunctionsDelivered, now_ms: int) -> None:
        self._visible = None
        self._groups.learn(delivery.scope, delivery.functions)
        self._catalogue[delivery.scope] = frozenset(function.key for function in delivery.functions)
        for function in delivery.functions:
            ledger = self._ledger(function.key)
            before, ledger.function, ledger.was_listed = ledger.function, function, True
            self.error_groups.deploys.see_change(function.key, epoch_ms(function.last_modified))
            ledger.is_changed = ledger.is_changed or before != function
            if (before.timeout_s, before.is_managed_instances) != (function.timeout_s, function.is_managed_instances):
                self._logs.pair_again(ledger)
                self._settle_timelines((ledger,))
        self._settle_timelines(self._logs.map_waiting())
        self._release([held for held in self._held if held.scope == delivery.scope], now_ms)

    def _apply_or_hold(self, delivery: LogEventsDelivered | MinutesAggregated, now_ms: int) -> None:
        """What logs tell waits for its account's catalogue, so that it does not matter which comes first."""
        self._held.append(delivery)
        if delivery.scope in self._catalogue:
            self._release([delivery], now_ms)
        elif sum(len(held.events if isinstance(held, LogEventsDelivered) else held.bins) for held in self._held) > HELD:
            self._release(list(self._held), now_ms)

    def _release(self, deliveries: Iterable[LogEventsDelivered | MinutesAggregated], now_ms: int) -> None:
        for delivery in deliveries:
            self._held.remove(delivery)
            if isinstance(delivery, LogEventsDelivered):
                self._apply_log_events(delivery)
                continue
            for ledger in self._aggregates.apply(delivery, self._span.end_ms(now_ms)):
                ledger.is_changed = True

    def _apply_log_events(self, delivery: LogEventsDelivered) -> None:
        state = self._logs.state_of(delivery.scope, delivery.log_group)
        before = state.standing
        self._settle_timelines(self._logs.apply(delivery))
        if before != state.standing:
            names = self._groups.functions(delivery.scope, delivery.log_group)
            names = names or (FunctionKey(*delivery.scope, delivery.log_group.removeprefix(DEFAULT_PREFIX)),)
            self._mark_changed(names)
            for name in names:
                self.error_groups.deploys.see_log_event(name, state.oldest_ms)

    def _settle_timelines(self, ledgers: Iterable[FunctionLedger]) -> None:
        for ledger in ledgers:
            scope = ledger.key.scope
            timeline = self._timelines.get(scope)
            if timeline is None:
                timeline = self._timelines[scope] = ConcurrencyTimeline()
            timeline.extend(ledger.take_points())
            ledger.is_changed = True

    def _apply_concurrency(self, delivery: FunctionConcurrencyDelivered) -> None:
        for key, concurrency in delivery.functions.items():
            self._concurrencies[key] = concurrency
            ledger = self._ledgers.get(key)
            if ledger is not None and ledger.concurrency != concurrency:
                ledger.concurrency = concurrency
                ledger.is_changed = True

    def _apply_notes(self, delivery: LogGroupsNoted) -> None:
        for key, ledger in self._ledgers.items():
            note = delivery.notes.get(ledger.function.log_group)
            if key.scope == delivery.scope and ledger.log_group_note != note:
                ledger.log_group_note, ledger.is_changed = note, True

    def _mark_changed(self, keys: Iterable[object]) -> None:
        for key in keys:
            if isinstance(key, FunctionKey) and key in self._ledgers:
                self._ledgers[key].is_changed = True

    def _forget(self, now_ms: int, end_ms: int) -> None:
        if now_ms < self._forget_due_ms:
            return
        self._forget_due_ms = now_ms + FORGET_EVERY_MS
        for ledger in self._ledgers.values():
            for window in ledger.windows.values():
                window.roll(end_ms)
        self._logs.forget(end_ms - end_ms % MINUTE_MS - MINUTES_KEPT_MS)
        timelines = [*self._timelines.values(), *(ledger.timeline for ledger in self._ledgers.values())]
        let_go_of_oldest(timelines, end_ms - MINUTES_KEPT_MS)

    def _account(
        self,
        scope: Scope,
        frame: Frame,
        entries: Iterable[Entry],
        timelines: Mapping[Scope, ConcurrencyTimeline] | None,
    ) -> AccountSnapshot:
        """One scope; without timelines neither what is in flight nor the peak is known, but by metrics."""
        timeline = None if timelines is None else timelines.get(scope)
        start_ms = frame.start_ms(frame.window)
        in_use = [
            entry.row.concurrency_now
            for entry in entries
            if entry.row.key.scope == scope and entry.row.concurrency_now is not None
        ]
        largest = self._metrics.minutes(scope, "ConcurrentExecutions").maximum(start_ms, frame.end_ms)
        claimed = self._metrics.minutes(scope, "ClaimedAccountConcurrency").maximum(start_ms, frame.end_ms)
        return AccountSnapshot(
            scope=scope,
            ceilings=self._ceilings.get(scope),
            in_use=sum(in_use) if in_use and timelines is not None else None,
            peak=timeline.peak(start_ms, frame.end_ms) if timeline is not None else None,
            metric_max=None if largest is None else round(largest),
            claimed_max=None if claimed is None else round(claimed),
        )

    def _detail(self, focus: FunctionKey | None, frame: Frame) -> FunctionDetail | None:
        ledger = self._ledgers.get(focus) if focus is not None else None
        if ledger is None:
            return None
        return self._rows.maker.detail(ledger, self._group_of(ledger), self._logs.streams_of(ledger), frame)
