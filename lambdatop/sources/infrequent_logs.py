"""Log groups of the Infrequent Access class, which FilterLogEvents refuses: read by Logs Insights at a gentle pace."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from lambdatop.model.delivery import Delivery, LogEventsDelivered, LogGroupsNoted
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.infrequent_words import (
    CLASS,
    WATCH_FEWER,
    dollars,
    groups_words,
    late_note,
    minutes,
    unread_note,
)
from lambdatop.sources.insights_cursor import TOGETHER_MS, InsightsCursor
from lambdatop.sources.insights_pace import USD_PER_HOUR, InsightsPace
from lambdatop.sources.insights_query import MAX_GROUPS, InsightsQuery, Row
from lambdatop.sources.insights_rows import event_of, query_text
from lambdatop.sources.log_ledger import total_ledger
from lambdatop.sources.polled_source import LATE_AFTER_INTERVALS, PolledSource
from lambdatop.sources.watch import Watch

EVERY_MS = 120_000
END_S = 2.0
LOOK_S = 0.25
"""How often a query that waits looks whether it is to end."""
RETRY_GROUP_MS = 240_000
ROW_LIMITS = (10_000, 100_000)
"""A query's limit, and the highest that AWS allows, once the first one was met."""
_ONE_GROUPS_OWN = frozenset({"ResourceNotFoundException", "InvalidParameterException", "InvalidOperationException"})


class _Group:
    """A log group: how far it is read, and why it cannot be."""

    def __init__(self, name: str, cursor: InsightsCursor) -> None:
        self.name = name
        self.cursor = cursor
        self.failure: SourceFailure | None = None
        self.not_before_ms = 0
        """No query reads it earlier: not soon after the last one, nor after a failure."""


class InfrequentLogs(PolledSource):
    """Reads the groups that the tail found to be of this class, up to fifty with a query, every two minutes."""

    name = "infrequent access logs"
    interval_ms = EVERY_MS
    needs_functions = True

    def __init__(
        self,
        call: AwsCall,
        watch: Watch,
        random_source: random.Random,
        since_ms: int,
        until_ms: int | None,
        wait: Callable[[float], None],
        row_limits: tuple[int, int] = ROW_LIMITS,
    ) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._wait = wait
        self._range = since_ms, until_ms
        self._groups: dict[str, _Group] = {}
        self._tried: frozenset[str] = frozenset()
        self._pace = InsightsPace()
        self._limit, self._highest_limit = row_limits
        self._cut_seconds = 0
        self._is_ending = False
        self._querying = threading.Lock()
        self.say(f"no log group {CLASS} was met")

    def is_ready(self) -> bool:
        """There must be something to read."""
        return bool(self.watch.infrequent_groups) and super().is_ready()

    def next_due_ms(self) -> int | None:
        """When the next poll should start; a group that was met just now makes it now."""
        due_ms = super().next_due_ms()
        is_news = not self.watch.infrequent_groups <= self._tried and self._failures == 0
        return 0 if due_ms is not None and is_news else due_ms

    def has_first_answer(self) -> bool:
        """Whether each group that the tail has met was asked for."""
        names = self.watch.infrequent_groups
        return not names or (names <= self._tried and self._has_answer) or self.obstacle() is not None

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Read all groups up to half a minute ago, or as far as the money goes."""
        scope, names = self.watch.scope, self.watch.infrequent_groups
        if scope is None:
            return
        for name in names - self._groups.keys():
            self._groups[name] = _Group(name, InsightsCursor(*self._range))
        groups = [self._groups[name] for name in sorted(names)]
        failure: SourceFailure | None = None
        try:
            while not self._pace.wait_ms(now_ms) and (batch := next_batch(groups, now_ms)):
                yield from self._read_batch(batch, scope, now_ms)
        except SourceFailure as broken:
            failure = broken
        finally:
            self._tried |= names
        self.interval_ms = max(EVERY_MS, self._pace.wait_ms(now_ms))
        refused = [group.failure for group in groups if group.failure is not None]
        yield LogGroupsNoted(
            scope=scope, notes={one.name: note for one in groups if (note := self._note(one, failure))}
        )
        if failure is not None:
            raise failure
        if len(refused) == len(groups):
            raise refused[0]
        self._say_how_it_went(groups, refused, now_ms)

    def end(self) -> None:
        """Have the query that runs stopped, and begin none."""
        self._is_ending = True
        if self._querying.acquire(timeout=END_S):
            self._querying.release()

    def status(self, now_ms: int) -> SourceStatus:
        """How reading goes; the lag is that of the group which is furthest behind."""
        status = super().status(now_ms)
        groups = [self._groups[name] for name in sorted(self.watch.infrequent_groups & self._groups.keys())]
        begun = [group.cursor.complete_to_ms for group in groups if group.cursor.is_begun]
        is_bounded = self._range[1] is not None
        late_after_ms = LATE_AFTER_INTERVALS * self.interval_ms
        return replace(
            status,
            lag_ms=max(0, now_ms - min(begun)) if begun and not is_bounded else None,
            ledger=total_ledger([one.cursor.ledger(now_ms, late_after_ms) for one in groups]) if groups else None,
        )

    def _read_batch(self, batch: Sequence[_Group], scope: Scope, now_ms: int) -> Iterator[Delivery]:
        """Read one stretch of some groups; where a group of them spoils the query, the others are read without it."""
        try:
            yield from self._read_stretch(batch, scope, now_ms)
        except SourceFailure as failure:
            if failure.code not in _ONE_GROUPS_OWN and failure.state != "denied":
                raise
            if len(batch) == 1:
                batch[0].failure, batch[0].not_before_ms = failure, now_ms + RETRY_GROUP_MS
                return
            middle = len(batch) // 2
            yield from self._read_batch(batch[:middle], scope, now_ms)
            yield from self._read_batch(batch[middle:], scope, now_ms)

    def _read_stretch(self, batch: Sequence[_Group], scope: Scope, now_ms: int) -> Iterator[Delivery]:
        """Read from where the first group has to start, query by query where one cannot hold all rows."""
        start_ms = min(group.cursor.start_ms(now_ms) or 0 for group in batch)
        unread_ms = min(group.cursor.complete_to_ms for group in batch)
        end_ms = min(batch[0].cursor.head_ms(now_ms), unread_ms + self._pace.stretch_ms)
        names = [group.name for group in batch]
        read_to_ms = start_ms
        while read_to_ms < end_ms:
            events, read_to_ms = self._events(names, read_to_ms, end_ms, now_ms)
            for group in batch:
                fresh = group.cursor.take(events.get(group.name, ()))
                group.cursor.finish(start_ms, read_to_ms, now_ms)
                group.failure = None
                if group.cursor.start_ms(now_ms) is None:
                    group.not_before_ms = now_ms + EVERY_MS // 2
                yield LogEventsDelivered(
                    scope=scope,
                    log_group=group.name,
                    events=fresh,
                    depth="platform",
                    swept_to_ms=group.cursor.complete_to_ms,
                )

    def _events(
        self, names: Sequence[str], start_ms: int, end_ms: int, now_ms: int
    ) -> tuple[Mapping[str, list[LogEvent]], int]:
        """Return the events of a stretch by group, and where it ended: at the last row, where there were too many."""
        rows = self._rows(names, start_ms, end_ms, now_ms)
        if len(rows) >= self._limit < self._highest_limit:
            self._limit = self._highest_limit
            rows = self._rows(names, start_ms, end_ms, now_ms)
        events: dict[str, list[LogEvent]] = defaultdict(list)
        newest_ms = start_ms
        for name, event in filter(None, map(event_of, rows)):
            events[name].append(event)
            newest_ms = max(newest_ms, event.timestamp_ms)
        if rows and not events:
            raise SourceFailure("absent", "The answers of this endpoint's Insights cannot be read.")
        if len(rows) < self._limit:
            return events, end_ms
        if newest_ms // 1000 > start_ms // 1000:
            return events, newest_ms
        self._cut_seconds += 1
        return events, (start_ms // 1000 + 1) * 1000

    def _rows(self, names: Sequence[str], start_ms: int, end_ms: int, now_ms: int) -> list[Row]:
        start_s, end_s, limit = start_ms // 1000, -(-end_ms // 1000), self._limit
        query = InsightsQuery(self._call, self._wait_or_leave, query_text(limit), names, start_s, end_s, limit)
        try:
            with self._querying:
                self._leave_if_ending()
                return query.rows()
        finally:
            self._pace.pay(query.bytes_scanned, end_ms - start_ms, now_ms)

    def _wait_or_leave(self, seconds: float) -> None:
        while seconds > 0:
            self._wait(min(LOOK_S, seconds))
            self._leave_if_ending()
            seconds -= LOOK_S

    def _leave_if_ending(self) -> None:
        if self._is_ending:
            raise SourceFailure("failed", "lambdatop is being left.")

    def _note(self, group: _Group, failure: SourceFailure | None) -> str | None:
        """Return what is to be said of the numbers of a group's functions; a bounded range needs nothing once read."""
        if group.cursor.is_finished:
            return None
        reason = group.failure or (None if group.cursor.is_begun else failure)
        return late_note(self.interval_ms) if reason is None else unread_note(reason)

    def _say_how_it_went(self, groups: Sequence[_Group], refused: Sequence[SourceFailure], now_ms: int) -> None:
        how = f"{groups_words(len(groups))}, read by Insights"
        cut = f"; {self._cut_seconds} s held more lines than a query can tell of" if self._cut_seconds else ""
        if refused:
            sentence = (
                f"{groups_words(len(groups))}, {len(refused)} of which Insights cannot read: {refused[0].sentence}"
            )
            self.say(sentence, refused[0].state, refused[0].remedy)
        elif self._pace.wait_ms(now_ms) and next_batch(groups, now_ms):
            least = f"to read it all costs {dollars(self._pace.least_usd_per_hour)} an hour or more"
            self.say(f"{how} for up to {dollars(USD_PER_HOUR)} an hour: {least}{cut}", "late", WATCH_FEWER)
        elif all(group.cursor.is_finished for group in groups):
            self.say(f"{how}{cut}")
        else:
            cost = f"{dollars(self._pace.usd_per_hour(now_ms))} an hour"
            self.say(f"{how} every {minutes(self.interval_ms)}: numbers are late; {cost}{cut}")


def next_batch(groups: Sequence[_Group], now_ms: int) -> list[_Group]:
    """Return the groups to read with the next query: the one that is furthest behind, and those next to it."""
    wanting = [
        (start_ms, group.name, group)
        for group in groups
        if group.not_before_ms <= now_ms and (start_ms := group.cursor.start_ms(now_ms)) is not None
    ]
    wanting.sort(key=lambda one: one[:2])
    return [group for start_ms, _, group in wanting[:MAX_GROUPS] if start_ms <= wanting[0][0] + TOGETHER_MS]
