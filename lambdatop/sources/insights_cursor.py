"""Which stretch of a log group to ask Insights for next, and which of its events are new.

Insights has no event id that two queries share, so an event is known by stream, times and message. Identical lines
in a millisecond are legal, so copies are counted: delivered = the most that any one query held (DESIGN 5.1).
"""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import TailLedger
from lambdatop.sources.event_memory import EventMemory

SETTLE_MS = 30_000
"""Insights finds events a little after they were ingested; what is newer than this is left to the next query."""
OVERLAP_MS = 300_000
"""Every stretch is read again until it was read at this age."""
DEEP_OVERLAP_MS = 900_000
DEEP_EVERY_MS = 900_000
"""This often, what was not read at the age of the deep overlap is read once more, if the group is up to date."""
TOGETHER_MS = 60_000
"""A query may start this much earlier than a group of it needs."""


class InsightsCursor:
    """Reads one log group from `since_ms` on, to `until_ms` (excluded) or for ever."""

    def __init__(self, since_ms: int, until_ms: int | None) -> None:
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._settled_ms = since_ms
        self._deep_ms = since_ms
        self._memory = EventMemory()
        self._forgotten_ms = 0
        self._newest_ms = 0
        self._fetched = 0
        self._delivered = 0
        self._recovered = 0
        self._late = 0
        self.complete_to_ms = since_ms
        """Event time up to which everything was read once, but for what Insights finds later."""

    @property
    def is_begun(self) -> bool:
        """Whether anything has been read."""
        return self.complete_to_ms > self._since_ms

    @property
    def is_finished(self) -> bool:
        """Whether a bounded range has been read."""
        return self._until_ms is not None and self.complete_to_ms >= self._until_ms

    def head_ms(self, now_ms: int) -> int:
        """Return how far can be read now, in whole seconds as Insights has it."""
        head_ms = (now_ms - SETTLE_MS) // 1000 * 1000
        return head_ms if self._until_ms is None else min(head_ms, self._until_ms)

    def start_ms(self, now_ms: int) -> int | None:
        """Return where the next query has to start; None when all was read."""
        if self.complete_to_ms >= self.head_ms(now_ms):
            return None
        is_up_to_date = now_ms - self.complete_to_ms < OVERLAP_MS
        is_deep_due = now_ms - self._deep_ms >= DEEP_OVERLAP_MS + DEEP_EVERY_MS
        return self._deep_ms if is_up_to_date and is_deep_due else self._settled_ms

    def take(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        """Return the events of one query that were never delivered, with ids of ours, and remember them."""
        copies: Counter[tuple[str, int, int, str]] = Counter()
        known: list[LogEvent] = []
        for event in events:
            if event.timestamp_ms < self._forgotten_ms:
                continue
            key = event.log_stream, event.timestamp_ms, event.ingestion_time_ms, event.message
            copies[key] += 1
            known.append(replace(event, event_id=f"{hash(key)}-{copies[key]}"))
        fresh = self._memory.new(known)
        if self.is_begun:
            self._recovered += sum(event.timestamp_ms < self.complete_to_ms for event in fresh)
            self._late += sum(event.timestamp_ms < self._newest_ms for event in fresh)
        self._newest_ms = max([self._newest_ms, *(event.timestamp_ms for event in fresh)])
        self._fetched += len(known)
        self._delivered += len(fresh)
        return fresh

    def finish(self, start_ms: int, end_ms: int, now_ms: int) -> None:
        """Note that a complete query held everything from `start_ms` to `end_ms` (excluded)."""
        if start_ms <= self._settled_ms:
            self._settled_ms = max(self._settled_ms, min(end_ms, now_ms - OVERLAP_MS))
        if start_ms <= self._deep_ms:
            self._deep_ms = max(self._deep_ms, min(end_ms, now_ms - DEEP_OVERLAP_MS))
        self._deep_ms = max(self._deep_ms, self._settled_ms - DEEP_OVERLAP_MS - DEEP_EVERY_MS)
        self.complete_to_ms = max(self.complete_to_ms, end_ms)
        self._forgotten_ms = self._deep_ms - TOGETHER_MS - 1_000
        self._memory.forget_before(self._forgotten_ms)
        self._memory.pack_before(self._settled_ms - TOGETHER_MS)

    def ledger(self, now_ms: int, late_after_ms: int) -> TailLedger:
        """Return the group's accounts; it is behind when it was not read up to `late_after_ms` ago."""
        is_behind = not self.is_finished and now_ms - self.complete_to_ms > late_after_ms
        return TailLedger(
            fetched=self._fetched,
            delivered=self._delivered,
            repeated=self._fetched - self._delivered,
            recovered=self._recovered,
            late=self._late,
            remembered=len(self._memory),
            overlap_ms=OVERLAP_MS,
            groups=1,
            groups_behind=int(is_behind),
        )
