"""The main table's rows: made again only for functions where something changed, else the very same objects."""

from collections.abc import Callable, Iterable

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.store.account_totals import Entry
from lambdatop.store.frame import Frame
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.function_row import RowMaker, read_frame
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.metric_ledger import MetricLedger
from lambdatop.store.queue_history import QueueHistory
from lambdatop.store.rolling_window import MINUTES_KEPT_MS, TEN_S_MS


class RowTable:
    """Rows by function, with what they were made from.

    A function that did something within the hour is made again when a delivery touched it and every ten seconds,
    since its windows move; an idle one only when its unknown minutes or its throttles' certainty change. One that
    aggregates tell of is made again with each of them.
    """

    def __init__(self, metrics: MetricLedger, queues: QueueHistory) -> None:
        self._metrics = metrics
        self._maker = RowMaker(metrics, queues)
        self._entries: dict[FunctionLedger, Entry] = {}

    @property
    def maker(self) -> RowMaker:
        """What makes rows."""
        return self._maker

    def entries(
        self,
        ledgers: Iterable[FunctionLedger],
        frame: Frame,
        group_of: Callable[[FunctionLedger], LogGroupState | None],
    ) -> list[Entry]:
        """An entry for each function, in the order given."""
        busy_stamp: object = (frame.window, frame.end_ms // TEN_S_MS)
        idle_stamps: dict[Scope, object] = {}
        kept: dict[FunctionLedger, Entry] = {}
        for ledger in ledgers:
            stamp = busy_stamp
            group = group_of(ledger)
            if group is not None and read_frame(group, frame) is not frame:
                stamp = (frame.window, frame.minutes[0], group.read_to_ms)
            elif not self._is_busy(ledger, frame):
                if ledger.scope not in idle_stamps:
                    idle_stamps[ledger.scope] = self._idle_stamp(ledger.key, frame)
                stamp = idle_stamps[ledger.scope]
            entry = self._entries.get(ledger)
            if entry is None or ledger.is_changed or entry.stamp != stamp:
                row, bucket, minutes = self._maker.row(ledger, group, frame, entry.row if entry else None)
                if entry is not None and row == entry.row:
                    row = entry.row
                entry = Entry(stamp, row, bucket, minutes)
                ledger.is_changed = False
            kept[ledger] = entry
        self._entries = kept
        return list(kept.values())

    def _is_busy(self, ledger: FunctionLedger, frame: Frame) -> bool:
        last_seen_ms = ledger.last_seen_ms
        return (last_seen_ms is not None and last_seen_ms >= frame.end_ms - MINUTES_KEPT_MS) or (
            self._metrics.has(ledger.key)
        )

    def _idle_stamp(self, key: FunctionKey, frame: Frame) -> object:
        """What an idle function's row depends on: nothing of its own."""
        account = key._replace(name="")
        return (
            frame.window,
            sum(at_ms < frame.started_at_ms for at_ms in frame.minutes),
            self._metrics.throttles(account, frame.start_ms(frame.window), frame.end_ms),
            self._metrics.throttle_trend(account, frame.minutes),
        )
