"""Which events of a log group Live Tail and the sweep have both brought, so that each is delivered once.

Live Tail gives no event id, so an event is known by stream, times and message. Two identical lines in a millisecond
are legal, so copies are counted: delivered = max(brought live, swept). What cannot be matched for certain is left to
the sweep, which misses nothing (DESIGN 5.1).
"""

from collections import Counter
from collections.abc import Callable, Sequence

from lambdatop.model.log_event import LogEvent

MINUTE_MS = 60_000
SLOT_MS = 5_000
LIVE_LAG_MS = 20_000
"""A live copy that comes this long after newer events were swept is left to the sweep; silence is cut at half of it."""
MAX_REMEMBERED = 100_000
"""Unmatched copies kept a side and log group, some 100 bytes each; beyond it, live events are left to the sweep."""


class _Copies:
    """Counted keys in buckets of time that are forgotten whole."""

    def __init__(self) -> None:
        self._buckets: dict[int, Counter[int]] = {}
        self.count = 0

    def add(self, bucket: int, key: int) -> None:
        """Count one more copy."""
        self._buckets.setdefault(bucket, Counter())[key] += 1
        self.count += 1

    def take(self, bucket: int, key: int) -> bool:
        """Take one copy away; returns whether there was one."""
        copies = self._buckets.get(bucket)
        if copies is None or key not in copies:
            return False
        copies[key] -= 1
        if copies[key] == 0:
            del copies[key]
        self.count -= 1
        return True

    def count_before(self, bucket: int) -> int:
        """Return how many copies lie in earlier buckets."""
        return sum(copies.total() for at, copies in self._buckets.items() if at < bucket)

    def forget_before(self, bucket: int) -> int:
        """Forget earlier buckets; returns how many copies were in them."""
        gone = sum(self._buckets.pop(at).total() for at in [at for at in self._buckets if at < bucket])
        self.count -= gone
        return gone

    def oldest(self) -> int:
        """Return the earliest bucket; there must be one."""
        return min(self._buckets)


class LiveMatch:
    """The two transports of one log group, side by side.

    `floor_ms` is the newest ingestion time that sweeps knew when listening began: live events at or below it are left
    to the sweep. It rises as swept events are forgotten, so that none of them can be repeated by a live copy.
    """

    def __init__(self, floor_ms: int) -> None:
        self._floor_ms = floor_ms
        self._newest_swept_ms = floor_ms
        self._is_listening = True
        self._swept_to_ms = 0
        self._open = _Copies()
        """Delivered live and not swept yet, by minute of event time, since that is what sweeps go by."""
        self._ahead = _Copies()
        """Swept before a live copy came, by slot of ingestion time, since that is what live copies go by."""
        self._ahead_total = 0
        self._passed = 0
        self._forgotten = 0
        self.live = 0
        """Events that Live Tail delivered first."""
        self.confirmed = 0
        """Of those, events that a sweep found as well."""
        self.live_repeated = 0
        """Live copies of events that a sweep had delivered."""

    @property
    def unconfirmed(self) -> int:
        """Live events that the last whole sweep passed, by whole minutes, without finding them."""
        return self._forgotten + min(self._passed, self._open.count_before(self._swept_to_ms // MINUTE_MS))

    @property
    def open(self) -> int:
        """Live events that a sweep has yet to come to."""
        return self.live - self.confirmed - self.unconfirmed

    @property
    def recovered(self) -> int:
        """Swept events that Live Tail has not brought though it was listening."""
        return max(0, self._ahead_total - self.live_repeated)

    @property
    def remembered(self) -> int:
        """How many unmatched copies are held."""
        return self._open.count + self._ahead.count

    def stop(self) -> None:
        """Listening has ended: events still under way are left to the sweep, and what it finds is no recovery."""
        self._is_listening = False
        self._ahead = _Copies()

    def listen(self) -> None:
        """Listening begins again; what has been swept meanwhile is not taken from Live Tail."""
        self._is_listening = True
        self._floor_ms = max(self._floor_ms, self._newest_swept_ms)

    def take_live(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        """Return the events to deliver now, of those that Live Tail brought."""
        fresh: list[LogEvent] = []
        for event in events:
            if event.ingestion_time_ms <= self._floor_ms or not self._is_listening:
                continue
            key = _key(event)
            if self._ahead.take(event.ingestion_time_ms // SLOT_MS, key):
                self.live_repeated += 1
            elif self._open.count < MAX_REMEMBERED:
                self._open.add(event.timestamp_ms // MINUTE_MS, key)
                fresh.append(event)
        self.live += len(fresh)
        return fresh

    def take_swept(
        self, events: Sequence[LogEvent], is_expected: Callable[[str], bool] | None = None
    ) -> list[LogEvent]:
        """Return the events that Live Tail has not delivered; all of `events` are new by their id.

        Where it listens with a filter, `is_expected` says whether a message is one that it should bring.
        """
        fresh: list[LogEvent] = []
        for event in events:
            key = _key(event)
            if self._open.take(event.timestamp_ms // MINUTE_MS, key):
                self.confirmed += 1
                continue
            fresh.append(event)
            ingestion_ms = event.ingestion_time_ms
            self._newest_swept_ms = max(self._newest_swept_ms, ingestion_ms)
            if ingestion_ms > self._floor_ms and self._is_listening:
                self._ahead.add(ingestion_ms // SLOT_MS, key)
                self._ahead_total += is_expected is None or is_expected(event.message)
        self._forget_ahead((self._newest_swept_ms - LIVE_LAG_MS) // SLOT_MS)
        while self._ahead.count > MAX_REMEMBERED:
            self._forget_ahead(self._ahead.oldest() + 1)
        return fresh

    def finish(self, swept_to_ms: int, forget_before_ms: int) -> None:
        """End a whole sweep: the group is complete to `swept_to_ms`, by event time.

        No later sweep may return events from before `forget_before_ms`: they are forgotten, in whole minutes.
        """
        self._swept_to_ms = max(self._swept_to_ms, swept_to_ms)
        self._forgotten += self._open.forget_before(forget_before_ms // MINUTE_MS)
        self._passed = self._open.count_before(self._swept_to_ms // MINUTE_MS)

    def _forget_ahead(self, slot: int) -> None:
        """Forget swept events of earlier slots, and take nothing of that time of ingestion live any more."""
        self._ahead.forget_before(slot)
        self._floor_ms = max(self._floor_ms, slot * SLOT_MS - 1)


def _key(event: LogEvent) -> int:
    """Return what both copies of an event share; a transport may trim white space at the end of a line."""
    return hash((event.log_stream, event.timestamp_ms, event.ingestion_time_ms, event.message.rstrip()))
