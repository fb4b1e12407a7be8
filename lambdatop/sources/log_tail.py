"""The log tail: every function's log group swept with FilterLogEvents, complete and without repeats.

All groups are swept for platform and failure lines with a server-side filter; the opened function's group is read in
full. An endpoint that is not AWS may ignore the filter, or answer it with nothing: both are found out and said, and
groups are then read in full.
"""

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
from lambdatop.sources.fast_decode import LogEventsPage, log_events_page
from lambdatop.sources.log_cursor import LogCursor, Sweep, total_ledger
from lambdatop.sources.log_group import NEAR_MS, LogGroup
from lambdatop.sources.log_schedule import Lane, LogSchedule
from lambdatop.sources.platform_pattern import IMPOSSIBLE_PATTERN, PATTERN, is_filtered, is_match
from lambdatop.sources.watch import Watch

PROBE_EVENTS = 50
LATE_MS = 90_000
ASK_TIMES = 4
"""How often a page is asked for while AWS throttles; the budget makes each wait longer."""


class LogTail:
    """Sweeps the group that matters most and is due; up to four at once."""

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
        self._groups: dict[str, LogGroup] = {}
        self._group_of: dict[FunctionKey, LogGroup] = {}
        self._schedule = LogSchedule()
        self._lock = threading.Lock()
        self._is_filter_trusted: bool | None = None
        self._probing = threading.Lock()
        self._last_success_ms: int | None = None
        self._catalogue: object = None
        self._interesting: frozenset[FunctionKey] = frozenset()
        self._focus: FunctionKey | None = None
        self._generation = 0

    def next_due_ms(self) -> int | None:
        """When the next group is due; not before a lost login is renewed."""
        if self._watch.scope is None or self._watch.functions is None or self._call.is_login_lost:
            return None
        with self._lock:
            self._look()
            return self._schedule.next_due_ms()

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Sweep one group."""
        scope, group = self._watch.scope, self._take(now_ms)
        if group is None or scope is None:
            return
        delivered = group.cursor.delivered
        wait_ms = float(NEAR_MS)
        try:
            yield from self._sweep(group, scope, now_ms)
        except SourceFailure as failure:
            wait_ms = group.wait_after_failure_ms(failure, self._lane(group))
        else:
            self._last_success_ms = now_ms
            wait_ms = group.wait_after_sweep_ms(self._lane(group), has_news=group.cursor.delivered > delivered)
        finally:
            self._give_back(group, now_ms + round(wait_ms * self._random.uniform(0.9, 1.1)))

    def status(self, now_ms: int) -> SourceStatus:
        """How the tail is doing, over all groups; the lag is that of the groups which matter."""
        groups = [group for group in list(self._groups.values()) if group.functions]
        swept = [(group.swept_to_ms, self._lane(group)) for group in groups if group.swept_to_ms is not None]
        near = [swept_to_ms for swept_to_ms, lane in swept if lane is not Lane.QUIET]
        oldest_ms = min(near or [swept_to_ms for swept_to_ms, _ in swept], default=None)
        behind = sum(now_ms - swept_to_ms > LATE_MS for swept_to_ms, _ in swept)
        state, detail, remedy = self._words(groups, behind)
        is_first_pass = not all(group.is_tried for group in groups)
        done = sum(1.0 if group.is_tried else group.progress for group in groups)
        return SourceStatus(
            name=self.name,
            state=state,
            detail=detail,
            remedy=remedy,
            lag_ms=None if oldest_ms is None or self._until_ms is not None else max(0, now_ms - oldest_ms),
            progress=done / len(groups) if is_first_pass else None,
            last_success_ms=self._last_success_ms,
            ledger=total_ledger([group.cursor for group in groups], behind),
        )

    def has_first_answer(self) -> bool:
        """Whether all groups have been swept once, well or badly, or cannot even be asked for."""
        if self._watch.functions is None:
            return self._watch.functions_obstacle is not None
        with self._lock:
            self._look()
            return self._call.is_login_lost or all(group.is_tried for group in self._groups.values())

    def _words(self, groups: list[LogGroup], behind: int) -> tuple[SourceState, str, str | None]:
        obstacle = self._watch.functions_obstacle
        if obstacle is not None:
            return obstacle.state, obstacle.sentence, obstacle.remedy
        if self._watch.functions is None:
            return "starting", "waiting for the functions", None
        failures = [group.failure for group in groups if group.failure is not None]
        if failures and self._last_success_ms is None:
            return failures[0].state, failures[0].sentence, failures[0].remedy
        if failures:
            count = f"{len(failures)} of {len(groups)} log groups cannot be read: {failures[0].sentence}"
            return failures[0].state, count, failures[0].remedy
        depth = "read in full, since this endpoint ignores filters" if self._is_filter_trusted is False else "swept"
        if behind and self._until_ms is None:
            return "late", f"{len(groups)} log groups {depth}, {behind} of them wait for their turn", None
        return "working", f"{len(groups)} log groups {depth}", None

    def _look(self) -> None:
        """Take in a new catalogue, what has come into sight, and a new login."""
        if self._watch.functions is not self._catalogue:
            self._catalogue = self._watch.functions
            self._regroup()
        focus, interesting = self._watch.view.focus, self._watch.interesting()
        if interesting != self._interesting or focus != self._focus:
            for key in interesting - self._interesting | ({focus} if focus != self._focus else set()):
                group = None if key is None else self._group_of.get(key)
                if group is not None:
                    self._bring_forward(group)
            self._interesting, self._focus = interesting, focus
        if self._generation != self._watch.generation:
            self._generation = self._watch.generation
            for group in self._groups.values():
                if group.failure is not None and not group.is_busy:
                    self._schedule.put(group.name, 0, self._lane(group))

    def _bring_forward(self, group: LogGroup) -> None:
        waiting = self._schedule.waiting(group.name)
        if waiting is None or group.failure is not None:
            return
        lane = self._lane(group)
        due_ms = 0 if lane is Lane.FOCUSED else group.polled_ms + NEAR_MS
        self._schedule.put(group.name, min(waiting[0], due_ms), lane)

    def _regroup(self) -> None:
        """Give each group its functions; the cursor of a group that has none now is kept, should they come back."""
        functions: dict[str, set[FunctionKey]] = defaultdict(set)
        for function in self._watch.functions or ():
            functions[function.log_group].add(function.key)
        for group in self._groups.values():
            if group.name not in functions:
                group.functions = frozenset()
                self._schedule.drop(group.name)
        for name, keys in functions.items():
            known = self._groups.get(name)
            group = known or LogGroup(name, LogCursor(self._since_ms, self._until_ms))
            was_idle = not group.functions and not group.is_busy and not group.cursor.is_finished
            self._groups[name], group.functions = group, frozenset(keys)
            if was_idle:
                self._schedule.put(name, 0, self._lane(group))
        self._group_of = {key: group for group in self._groups.values() for key in group.functions}

    def _lane(self, group: LogGroup) -> Lane:
        if self._watch.view.focus in group.functions:
            return Lane.FOCUSED
        return Lane.QUIET if group.functions.isdisjoint(self._watch.interesting()) else Lane.NEAR

    def _take(self, now_ms: int) -> LogGroup | None:
        with self._lock:
            name = self._schedule.take(now_ms)
            group = None if name is None else self._groups[name]
            if group is not None:
                group.is_busy, group.polled_ms = True, now_ms
            return group

    def _give_back(self, group: LogGroup, due_ms: int) -> None:
        with self._lock:
            group.is_busy, group.is_tried = False, True
            if group.functions and not group.cursor.is_finished:
                self._schedule.put(group.name, due_ms, self._lane(group))

    def _sweep(self, group: LogGroup, scope: Scope, now_ms: int) -> Iterator[Delivery]:
        is_full = self._is_filter_trusted is False or self._watch.view.focus in group.functions
        if is_full and not group.is_full:
            group.cursor.deepen()
        group.is_full = is_full
        sweep = group.cursor.begin(now_ms)
        tokens: set[str] = set()
        token: str | None = None
        count = 0
        while True:
            page, is_full = self._page(group, sweep, token, is_full=is_full)
            count += len(page.events)
            token = page.next_token
            if token is None and count == 0 and not is_full and self._is_filter_a_trap(group, sweep):
                self._is_filter_trusted, is_full = False, True
                continue
            events = group.cursor.take(page.events)
            if token is not None and token in tokens and page.events:
                raise SourceFailure("failed", f"The pages of {group.name} go in circles.")
            is_over = token is None or token in tokens
            swept_to_ms = group.cursor.finish(sweep, now_ms) if is_over else None
            if events or is_over:
                depth: LogDepth = "full" if is_full else "platform"
                yield LogEventsDelivered(
                    scope=scope, log_group=group.name, events=events, depth=depth, swept_to_ms=swept_to_ms
                )
            if is_over:
                group.swept_to_ms = swept_to_ms
                return
            tokens.add(token or "")
            if page.events:
                span_ms = max(1, sweep.end_ms - sweep.start_ms)
                group.progress = min(1.0, max(0.0, (page.events[-1].timestamp_ms - sweep.start_ms) / span_ms))

    def _page(self, group: LogGroup, sweep: Sweep, token: str | None, *, is_full: bool) -> tuple[LogEventsPage, bool]:
        """Return a page and whether it holds all lines, asked for or not."""
        more: dict[str, Any] = {} if is_full else {"filterPattern": PATTERN}
        if token is not None:
            more["nextToken"] = token
        try:
            page = self._ask(group, sweep, more)
        except SourceFailure as failure:
            if is_full or failure.code != "InvalidParameterException" or "pattern" not in failure.sentence.lower():
                raise
            self._is_filter_trusted = False
            return self._ask(group, sweep, {}), True
        if is_full or not page.events or not self._call.clients.is_custom_endpoint:
            return page, is_full
        with self._probing:
            is_honoured = self._is_filter_trusted is not False and is_filtered(page.events)
            if is_honoured and self._is_filter_trusted is None:
                moment = Sweep(page.events[0].timestamp_ms, page.events[0].timestamp_ms, is_deep=False)
                is_honoured = not self._ask(group, moment, {"filterPattern": IMPOSSIBLE_PATTERN, "limit": 1}).events
            self._is_filter_trusted = is_honoured
        return page, not is_honoured

    def _ask(self, group: LogGroup, sweep: Sweep, more: dict[str, Any]) -> LogEventsPage:
        """Ask for a page; what is throttled is asked again at once, at the pace that the budget allows then."""
        for _ in range(ASK_TIMES - 1):
            try:
                return self._ask_once(group, sweep, more)
            except SourceFailure as failure:
                if failure.state != "throttled":
                    raise
        return self._ask_once(group, sweep, more)

    def _ask_once(self, group: LogGroup, sweep: Sweep, more: dict[str, Any]) -> LogEventsPage:
        return log_events_page(
            self._call(
                "logs",
                "FilterLogEvents",
                logGroupName=group.name,
                startTime=sweep.start_ms,
                endTime=sweep.end_ms,
                **more,
            )
        )

    def _is_filter_a_trap(self, group: LogGroup, sweep: Sweep) -> bool:
        """Return whether the filter hid platform lines, asked for endpoints that are not AWS until it is known."""
        if not self._call.clients.is_custom_endpoint or self._is_filter_trusted is not None:
            return False
        events = self._ask(group, sweep, {"limit": PROBE_EVENTS}).events
        if any(is_match(event.message) for event in events):
            return True
        if events:
            self._is_filter_trusted = True
        return False
