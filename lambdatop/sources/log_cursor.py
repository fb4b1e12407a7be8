"""Which stretch of a log group to ask for next, and which of its events are new.

A state machine given pages and a clock, so that completeness can be tested without either. A sweep starts an overlap
before the watermark, the watermark moves only when a whole sweep is over, and event ids are remembered by event time
for as long as any sweep may return them again (DESIGN 5.1).
"""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import TailLedger

MINUTE_MS = 60_000
MIN_OVERLAP_MS = 120_000
DEEP_OVERLAP_MS = 900_000
DEEP_EVERY_MS = 300_000
MIN_SETTLE_MS = 2_000
MAX_SETTLE_MS = 30_000


class Sweep(NamedTuple):
    """A stretch of event time to read, both ends included as FilterLogEvents has it."""

    start_ms: int
    end_ms: int
    is_deep: bool


class LogCursor:
    """Reads one log group from `since_ms` on, to `until_ms` (excluded) or for ever."""

    def __init__(self, since_ms: int, until_ms: int | None) -> None:
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._watermark_ms: int | None = None
        self._seen: dict[int, set[str]] = {}
        """Event ids by minute of event time, so that forgetting is dropping whole minutes."""
        self._newest_ms = 0
        self._deep_ms: int | None = None
        self._deepened_ms = 0
        self._lag_ms = 0.0
        self.fetched = 0
        self.delivered = 0
        self.recovered = 0
        self.late = 0

    @property
    def is_caught_up(self) -> bool:
        """Whether the first sweep is over."""
        return self._watermark_ms is not None

    @property
    def is_finished(self) -> bool:
        """Whether a bounded range has been read."""
        return self._until_ms is not None and self._watermark_ms is not None

    @property
    def overlap_ms(self) -> int:
        """How far before the watermark the next sweep starts: at least two minutes, more where events come later."""
        return min(DEEP_OVERLAP_MS, max(MIN_OVERLAP_MS, round(2 * self._lag_ms)))

    @property
    def remembered(self) -> int:
        """How many event ids are held."""
        return sum(map(len, self._seen.values()))

    def deepen(self) -> None:
        """Note that lines not asked for before are asked for from now on: older ones are neither late nor recovered."""
        self._deepened_ms = self._watermark_ms or 0

    def begin(self, now_ms: int) -> Sweep:
        """Return the stretch to read now."""
        end_ms = now_ms if self._until_ms is None else self._until_ms - 1
        if self._watermark_ms is None:
            self._deep_ms = now_ms
            return Sweep(min(self._since_ms, end_ms), end_ms, is_deep=False)
        is_deep = self._deep_ms is None or now_ms - self._deep_ms >= DEEP_EVERY_MS
        back_ms = DEEP_OVERLAP_MS if is_deep else self.overlap_ms
        return Sweep(max(self._since_ms, min(self._watermark_ms, end_ms) - back_ms), end_ms, is_deep)

    def take(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        """Return the events of a page that were never seen before, and remember them."""
        fresh = [event for event in events if self._is_new(event)]
        self.fetched += len(events)
        self.delivered += len(fresh)
        watermark_ms, newest_ms = self._watermark_ms, self._newest_ms
        for event in fresh:
            timestamp_ms = event.timestamp_ms
            if timestamp_ms > newest_ms:
                newest_ms = timestamp_ms
            elif watermark_ms is not None and self._deepened_ms < timestamp_ms < self._newest_ms:
                self.late += 1
            if watermark_ms is not None and self._deepened_ms < timestamp_ms <= watermark_ms:
                self.recovered += 1
        self._newest_ms = newest_ms
        if watermark_ms is not None and fresh:
            lag_ms = max(event.ingestion_time_ms - event.timestamp_ms for event in fresh)
            self._lag_ms = max(float(lag_ms), self._lag_ms * 0.9)
        return fresh

    def _is_new(self, event: LogEvent) -> bool:
        """Return whether an event was never seen before, and remember it."""
        minute = event.timestamp_ms // MINUTE_MS
        ids = self._seen.get(minute)
        if ids is None:
            ids = self._seen[minute] = set()
        elif event.event_id in ids:
            return False
        ids.add(event.event_id)
        return True

    def finish(self, sweep: Sweep, now_ms: int) -> int:
        """End a whole sweep; returns the event time that the group is complete to."""
        self._watermark_ms = max(self._watermark_ms or 0, sweep.end_ms)
        if sweep.is_deep:
            self._deep_ms = now_ms
        floor_ms = self._watermark_ms - DEEP_OVERLAP_MS - 1_000
        if self._until_ms is None:
            for minute in [minute for minute in self._seen if minute < floor_ms // MINUTE_MS]:
                del self._seen[minute]
        settle_ms = 0 if self._until_ms is not None else min(MAX_SETTLE_MS, max(MIN_SETTLE_MS, round(self._lag_ms)))
        return sweep.end_ms + 1 - settle_ms


def total_ledger(cursors: Sequence[LogCursor], behind: int) -> TailLedger:
    """Return the accounts of several groups in one."""
    fetched, delivered = sum(one.fetched for one in cursors), sum(one.delivered for one in cursors)
    return TailLedger(
        fetched=fetched,
        delivered=delivered,
        repeated=fetched - delivered,
        recovered=sum(one.recovered for one in cursors),
        late=sum(one.late for one in cursors),
        groups=len(cursors),
        groups_behind=behind,
    )
