"""Log groups, streams and events of the embedded account, sorted for paging."""

import bisect
import itertools
import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from lambdatop.demo.clock import Clock
from lambdatop.demo.log_faults import weathered
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.weather import Weather

MINUTE_MS = 60_000
RETENTION_MS = 4 * 3_600_000
MAX_EVENTS_PER_GROUP = 1_000_000
SWEEP_EVERY = 10_000
"""Events put between two looks for expired ones."""


class StoredEvent(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """One event in the shape FilterLogEvents returns, so that a page is encoded without a copy."""

    log_stream_name: str
    timestamp: int
    message: str
    ingestion_time: int
    event_id: str


EventKey = tuple[int, int, str]


def event_key(event: StoredEvent) -> EventKey:
    """AWS's order: timestamp, then ingestion time, then order of arrival (which the event ID ends with)."""
    return event.timestamp, event.ingestion_time, event.event_id


@dataclass(slots=True)
class LogStream:
    """What DescribeLogStreams says of one stream; times in epoch ms."""

    name: str
    creation_ms: int
    first_event_ms: int | None = None
    last_event_ms: int | None = None
    last_ingestion_ms: int | None = None

    def note(self, event: StoredEvent) -> None:
        """Widen the stream's times by one event."""
        first, last = self.first_event_ms, self.last_event_ms
        self.first_event_ms = event.timestamp if first is None else min(first, event.timestamp)
        self.last_event_ms = event.timestamp if last is None else max(last, event.timestamp)
        self.last_ingestion_ms = max(self.last_ingestion_ms or 0, event.ingestion_time)


@dataclass(slots=True)
class LogGroup:
    """One log group with its events in AWS's order."""

    name: str
    creation_ms: int
    log_group_class: str = "STANDARD"
    retention_days: int | None = None
    streams: dict[str, LogStream] = field(default_factory=dict)
    events: list[StoredEvent] = field(default_factory=list)
    stored_bytes: int = 0
    subscriptions: list[deque[StoredEvent]] = field(default_factory=list)
    puts_until_sweep: int = SWEEP_EVERY


class LogStore:
    """Every log group of the account; safe to use from any thread.

    An event is kept four hours from its ingestion and at most a million are kept for a group, the oldest going first.
    """

    def __init__(self, clock: Clock, weather: Weather) -> None:
        self._clock = clock
        self._weather = weather
        self._lock = threading.RLock()
        self._groups: dict[str, LogGroup] = {}
        self._taken_in: Counter[int] = Counter()
        self._sequence = itertools.count(1)

    def create_group(self, name: str, log_group_class: str = "STANDARD") -> None:
        """Create a group. Raises ResourceAlreadyExistsException."""
        with self._lock:
            if name in self._groups:
                raise ServiceError("ResourceAlreadyExistsException", "The specified log group already exists")
            self._groups[name] = LogGroup(name, self._clock.now_ms(), log_group_class)

    def create_stream(self, group_name: str, stream_name: str) -> None:
        """Create a stream. Raises ResourceNotFoundException and ResourceAlreadyExistsException."""
        with self._lock:
            group = self.group(group_name)
            if stream_name in group.streams:
                raise ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists")
            group.streams[stream_name] = LogStream(stream_name, self._clock.now_ms())

    def delete_group(self, name: str) -> None:
        """Forget a group with everything in it."""
        with self._lock:
            self.group(name)
            del self._groups[name]

    def set_retention(self, name: str, days: int | None) -> None:
        """Set what DescribeLogGroups shows as retentionInDays."""
        with self._lock:
            self.group(name).retention_days = days

    def group(self, name: str) -> LogGroup:
        """The group of that name. Raises ResourceNotFoundException."""
        group = self._groups.get(name)
        if group is None:
            raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
        return group

    def groups(self) -> list[LogGroup]:
        """Every group, by name in ASCII order."""
        with self._lock:
            return [self._groups[name] for name in sorted(self._groups)]

    def streams(self, group_name: str) -> list[LogStream]:
        """Every stream of a group, by name."""
        with self._lock:
            streams = self.group(group_name).streams
            return [streams[name] for name in sorted(streams)]

    def put(self, group: str, stream: str, timestamp_ms: int, message: str, ingestion_delay_ms: int = 0) -> None:
        """Write one event; readers see it `ingestion_delay_ms` from now. Group and stream come into being as needed."""
        self.put_batch(group, stream, [(timestamp_ms, message)], ingestion_delay_ms)

    def put_batch(
        self, group: str, stream: str, events: Iterable[tuple[int, str]], ingestion_delay_ms: int = 0
    ) -> None:
        """Write (timestamp_ms, message) pairs that arrive together `ingestion_delay_ms` from now."""
        ingestion_ms = self._clock.now_ms() + ingestion_delay_ms
        self.put_arrived(group, stream, ((timestamp_ms, ingestion_ms, message) for timestamp_ms, message in events))

    def put_arrived(self, group: str, stream: str, events: Iterable[tuple[int, int, str]]) -> None:
        """Write (timestamp_ms, ingestion_ms, message) triples: for history, whose ingestion time lies in the past."""
        with self._lock:
            target = self._groups.get(group)
            if target is None:
                target = self._groups[group] = LogGroup(group, self._clock.now_ms())
            log_stream = target.streams.get(stream)
            if log_stream is None:
                log_stream = target.streams[stream] = LogStream(stream, self._clock.now_ms())
            batch = [
                StoredEvent(log_stream.name, timestamp, message, ingestion, self._event_id(timestamp))
                for timestamp, ingestion, message in weathered(events, self._weather)
            ]
            _insert(target, batch)
            for event in batch:
                log_stream.note(event)
                target.stored_bytes += len(event.message)
                self._taken_in[event.ingestion_time // MINUTE_MS * MINUTE_MS] += len(event.message.encode())
            for subscription in target.subscriptions:
                subscription.extend(batch)
            self._sweep(target, len(batch))

    def take_counted(self, now_ms: int) -> dict[int, int]:
        """Bytes ingested by all groups in each whole minute that is over and was not taken yet."""
        with self._lock:
            over = [minute_ms for minute_ms in self._taken_in if minute_ms + MINUTE_MS <= now_ms]
            return {minute_ms: self._taken_in.pop(minute_ms) for minute_ms in over}

    def arrived(self, group_name: str) -> list[StoredEvent]:
        """Every event of a group that has been ingested by now, in AWS's order: what a complete tail has told."""
        with self._lock:
            events = self.group(group_name).events.copy()
        now_ms = self._clock.now_ms()
        return [event for event in events if event.ingestion_time <= now_ms]

    def window(self, group_name: str, first: EventKey, last: EventKey, limit: int) -> list[StoredEvent]:
        """Up to `limit` events with `first` ≤ key ≤ `last`, oldest first, arrived or still on their way."""
        with self._lock:
            events = self.group(group_name).events
            start = bisect.bisect_left(events, first, key=event_key)
            end = bisect.bisect_right(events, last, lo=start, key=event_key)
            return events[start : min(end, start + limit)]

    def window_before(self, group_name: str, first: EventKey, last: EventKey, limit: int) -> list[StoredEvent]:
        """Up to `limit` events with `first` ≤ key ≤ `last`, newest first."""
        with self._lock:
            events = self.group(group_name).events
            start = bisect.bisect_left(events, first, key=event_key)
            end = bisect.bisect_right(events, last, lo=start, key=event_key)
            return events[max(start, end - limit) : end][::-1]

    def subscribe(self, group_name: str, max_events: int) -> deque[StoredEvent]:
        """A queue of the group's events on their way and of every later one; it keeps the newest `max_events`."""
        with self._lock:
            group, now_ms = self.group(group_name), self._clock.now_ms()
            on_their_way = (event for event in group.events if event.ingestion_time > now_ms)
            subscription: deque[StoredEvent] = deque(on_their_way, maxlen=max_events)
            group.subscriptions.append(subscription)
            return subscription

    def unsubscribe(self, group_name: str, subscription: deque[StoredEvent]) -> None:
        """Stop adding to a queue that `subscribe` returned."""
        with self._lock:
            group = self._groups.get(group_name)
            if group is not None:
                group.subscriptions = [other for other in group.subscriptions if other is not subscription]

    def _event_id(self, timestamp_ms: int) -> str:
        """56 digits, as AWS's: unique, and in order of arrival within a millisecond."""
        return f"{timestamp_ms:016d}{next(self._sequence):040d}"

    def _sweep(self, group: LogGroup, put_count: int) -> None:
        group.puts_until_sweep -= put_count
        if group.puts_until_sweep > 0:
            return
        group.puts_until_sweep = SWEEP_EVERY
        oldest_ms = self._clock.now_ms() - RETENTION_MS
        expired = max(0, len(group.events) - MAX_EVENTS_PER_GROUP)
        while expired < len(group.events) and group.events[expired].ingestion_time < oldest_ms:
            expired += 1
        group.stored_bytes -= sum(len(event.message) for event in group.events[:expired])
        del group.events[:expired]
        group.streams = {
            name: stream
            for name, stream in group.streams.items()
            if stream.last_ingestion_ms is None or stream.last_ingestion_ms >= oldest_ms
        }


def _insert(group: LogGroup, batch: list[StoredEvent]) -> None:
    """Keep the group's events sorted: a large batch by one merge, a small one event by event near the end."""
    batch.sort(key=event_key)
    events = group.events
    if not events or (batch and event_key(batch[0]) >= event_key(events[-1])):
        events.extend(batch)
    elif len(batch) > 1_000:
        events.extend(batch)
        events.sort(key=event_key)
    else:
        for event in batch:
            bisect.insort(events, event, key=event_key)
