"""The log tail: every function's log group swept with FilterLogEvents, complete and without repeats.

All groups are swept for platform and failure lines with a server-side filter; the opened function's group is read in
full. An endpoint that is not AWS may ignore the filter, or answer it with nothing: both are found out and said, and
groups are then read in full.
"""

import heapq
import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lambdatop.model.delivery import Delivery, LogDepth, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.fast_decode import log_events_page
from lambdatop.sources.log_cursor import LogCursor, Sweep, total_ledger
from lambdatop.sources.platform_pattern import PATTERN, is_filtered, is_match
from lambdatop.sources.polled_source import RETRY_MS
from lambdatop.sources.watch import Watch

FOCUS_MS = 1_500
INTERESTING_MS = 5_000
QUIET_MS = 60_000
MISSING_MS = 60_000
PROBE_EVENTS = 50
LATE_MS = 90_000


class _Group:
    """One log group's cursor and schedule."""

    def __init__(self, name: str, cursor: LogCursor) -> None:
        self.name = name
        self.cursor = cursor
        self.functions: set[FunctionKey] = set()
        self.interval_ms = float(INTERESTING_MS)
        self.due_ms = 0
        self.is_busy = False
        self.is_tried = False
        self.swept_to_ms: int | None = None
        self.failure: SourceFailure | None = None


class LogTail:
    """Sweeps the group that has waited longest; up to four at once."""

    name = "logs"
    parallel = 4

    def __init__(
        self, call: AwsCall, watch: Watch, random_source: random.Random, since_ms: int, until_ms: int | None
    ) -> None:
        self._call = call
        self._watch = watch
        self._random = random_source
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._groups: dict[str, _Group] = {}
        self._due: list[tuple[int, str]] = []
        self._catalogue: object = None
        self._lock = threading.Lock()
        self._is_filter_trusted: bool | None = None
        self._last_success_ms: int | None = None
        self._focused: FunctionKey | None = None
        self._generation = 0

    def next_due_ms(self) -> int | None:
        """When the next group is due."""
        if self._watch.scope is None or self._watch.functions is None:
            return None
        with self._lock:
            self._look()
            while self._due and self._groups[self._due[0][1]].due_ms != self._due[0][0]:
                heapq.heappop(self._due)
            return self._due[0][0] if self._due else None

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Sweep one group."""
        scope = self._watch.scope
        group = self._take(now_ms)
        if group is None or scope is None:
            return
        delivered = group.cursor.delivered
        try:
            yield from self._sweep(group, scope, now_ms)
        except SourceFailure as failure:
            self._fail(group, failure, now_ms)
        else:
            group.failure = None
            self._last_success_ms = now_ms
            self._give_back(group, now_ms, has_news=group.cursor.delivered > delivered)

    def status(self, now_ms: int) -> SourceStatus:
        """How the tail is doing, over all groups."""
        groups = list(self._groups.values())
        failures = [group.failure for group in groups if group.failure is not None]
        swept = [group.swept_to_ms for group in groups if group.swept_to_ms is not None]
        behind = sum(one.cursor.is_caught_up and now_ms - (one.swept_to_ms or 0) > LATE_MS for one in groups)
        tried = sum(group.is_tried for group in groups)
        lag_ms = None if not swept else max(0, now_ms - max(swept))
        state, detail, remedy = self._words(failures, len(groups))
        return SourceStatus(
            name=self.name,
            state=state,
            detail=detail,
            remedy=remedy,
            lag_ms=lag_ms if self._until_ms is None else None,
            progress=tried / len(groups) if groups and tried < len(groups) else None,
            last_success_ms=self._last_success_ms,
            ledger=total_ledger([group.cursor for group in groups], behind),
        )

    def has_first_answer(self) -> bool:
        """Whether all groups have been swept once, well or badly."""
        if self._watch.functions is None:
            return self._watch.functions_obstacle is not None
        with self._lock:
            self._look()
            return all(group.is_tried for group in self._groups.values())

    def _words(self, failures: list[SourceFailure], groups: int) -> tuple[SourceState, str, str | None]:
        obstacle = self._watch.functions_obstacle
        if obstacle is not None:
            return obstacle.state, obstacle.sentence, obstacle.remedy
        if self._watch.functions is None:
            return "starting", "waiting for the functions", None
        if failures and self._last_success_ms is None:
            return failures[0].state, failures[0].sentence, failures[0].remedy
        depth = "read in full, since this endpoint ignores filters" if self._is_filter_trusted is False else "swept"
        if failures:
            count = f"{len(failures)} of {groups} log groups cannot be read: {failures[0].sentence}"
            return failures[0].state, count, failures[0].remedy
        return "working", f"{groups} log groups {depth}", None

    def _look(self) -> None:
        """Take in a new catalogue, a new focus and a new login."""
        if self._watch.functions is not self._catalogue:
            self._catalogue = self._watch.functions
            self._regroup()
        focus = self._watch.view.focus
        if focus != self._focused:
            self._focused = focus
            for group in self._groups.values():
                if focus in group.functions:
                    self._schedule(group, 0)
        if self._generation != self._watch.generation:
            self._generation = self._watch.generation
            for group in self._groups.values():
                if group.failure is not None:
                    self._schedule(group, 0)

    def _regroup(self) -> None:
        functions: dict[str, set[FunctionKey]] = defaultdict(set)
        for function in self._watch.functions or ():
            functions[function.log_group].add(function.key)
        for name in self._groups.keys() - functions.keys():
            del self._groups[name]
        self._due = [entry for entry in self._due if entry[1] in self._groups]
        heapq.heapify(self._due)
        for name, keys in functions.items():
            group = self._groups.get(name)
            if group is None:
                group = self._groups[name] = _Group(name, LogCursor(self._since_ms, self._until_ms))
                heapq.heappush(self._due, (0, name))
            group.functions = keys

    def _schedule(self, group: _Group, due_ms: int) -> None:
        group.due_ms = due_ms
        if not group.is_busy and not group.cursor.is_finished:
            heapq.heappush(self._due, (due_ms, group.name))

    def _take(self, now_ms: int) -> _Group | None:
        with self._lock:
            while self._due:
                due_ms, name = self._due[0]
                group = self._groups.get(name)
                if group is None or group.is_busy or group.due_ms != due_ms:
                    heapq.heappop(self._due)
                    continue
                if due_ms > now_ms:
                    return None
                heapq.heappop(self._due)
                group.is_busy = True
                return group
        return None

    def _give_back(self, group: _Group, now_ms: int, *, has_news: bool) -> None:
        interesting = self._watch.interesting()
        if self._watch.view.focus in group.functions:
            group.interval_ms = FOCUS_MS
        elif has_news or group.functions & interesting:
            group.interval_ms = INTERESTING_MS
        else:
            group.interval_ms = min(QUIET_MS, max(INTERESTING_MS, group.interval_ms * 1.5))
        self._put(group, now_ms + round(group.interval_ms * self._random.uniform(0.9, 1.1)))

    def _fail(self, group: _Group, failure: SourceFailure, now_ms: int) -> None:
        is_missing = failure.code == "ResourceNotFoundException"
        group.failure = None if is_missing else failure
        if is_missing:
            self._last_success_ms = now_ms
            group.swept_to_ms = now_ms
        wait_ms = MISSING_MS if is_missing else RETRY_MS.get(failure.state, 10_000)
        self._put(group, now_ms + round(wait_ms * self._random.uniform(0.9, 1.1)))

    def _put(self, group: _Group, due_ms: int) -> None:
        with self._lock:
            group.is_busy = False
            group.is_tried = True
            if group.name in self._groups:
                self._schedule(group, due_ms)

    def _sweep(self, group: _Group, scope: Scope, now_ms: int) -> Iterator[Delivery]:
        sweep = group.cursor.begin(now_ms)
        is_filtered_wanted = self._is_filter_trusted is not False and self._watch.view.focus not in group.functions
        pattern: dict[str, Any] = {"filterPattern": PATTERN} if is_filtered_wanted else {}
        token: dict[str, Any] = {}
        count = 0
        while True:
            answer = self._ask(group, sweep, pattern | token)
            page = log_events_page(answer)
            count += len(page.events)
            depth: LogDepth = "platform" if pattern else "full"
            if pattern and not is_filtered(page.events):
                depth, self._is_filter_trusted, pattern = "full", False, {}
            has_more = bool(page.next_token) and page.next_token != token.get("nextToken")
            if not has_more and count == 0 and pattern and self._is_filter_a_trap(group, sweep):
                self._is_filter_trusted, pattern, token = False, {}, {}
                continue
            events = group.cursor.take(page.events)
            swept_to_ms = None if has_more else group.cursor.finish(sweep, now_ms)
            if events or not has_more:
                yield LogEventsDelivered(
                    scope=scope, log_group=group.name, events=events, depth=depth, swept_to_ms=swept_to_ms
                )
            if not has_more:
                group.swept_to_ms = swept_to_ms
                return
            token = {"nextToken": page.next_token or ""}

    def _ask(self, group: _Group, sweep: Sweep, more: dict[str, Any]) -> dict[str, Any]:
        return self._call(
            "logs",
            "FilterLogEvents",
            logGroupName=group.name,
            startTime=sweep.start_ms,
            endTime=sweep.end_ms,
            **more,
        )

    def _is_filter_a_trap(self, group: _Group, sweep: Sweep) -> bool:
        """Return whether the filter hid platform lines, asked once for an endpoint that is not AWS."""
        if not self._call.clients.is_custom_endpoint or self._is_filter_trusted is not None:
            return False
        answer = self._call(
            "logs",
            "FilterLogEvents",
            logGroupName=group.name,
            startTime=sweep.start_ms,
            endTime=sweep.end_ms,
            limit=PROBE_EVENTS,
        )
        events = log_events_page(answer).events
        if any(is_match(event.message) for event in events):
            return True
        if events:
            self._is_filter_trusted = True
        return False
