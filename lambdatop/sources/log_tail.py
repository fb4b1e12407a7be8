"""The log tail: every function's log group swept with FilterLogEvents, complete and without repeats.

All groups are swept for platform and failure lines with a server-side filter; those of the opened function and of the
log view are read in full, or by a pattern of the user's, and all are where nothing but the logs is wanted. What Live
Tail brings is matched with what sweeps find.
"""

import random
from collections.abc import Iterator
from heapq import nsmallest

from lambdatop.model.delivery import Delivery, LogDepth
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.live_match import LiveMatch
from lambdatop.sources.live_tail import LiveWish
from lambdatop.sources.log_depth import Asked
from lambdatop.sources.log_group import LogGroup
from lambdatop.sources.log_groups import LogGroups
from lambdatop.sources.log_ledger import ledger_of, total_ledger
from lambdatop.sources.log_pages import LogPages
from lambdatop.sources.log_sweep import LogSweep
from lambdatop.sources.watch import Watch

LATE_MS = 90_000
OUTAGE_MS = 10_000
"""A success after so long without any ends an outage: groups that failed in it need not wait any longer."""
GROUPS_TOLD = 20
LIVE_GROUPS = 10
LIVE_AFTERMATH_MS = 30_000
"""How long a session for a group's full text may outlive the moment the function was left."""


class LogTail:
    """Reads the stretch that matters most and is due; up to four at once."""

    name = "logs"
    parallel = 4

    def __init__(
        self,
        call: AwsCall,
        watch: Watch,
        random_source: random.Random,
        since_ms: int,
        until_ms: int | None,
        *,
        is_full: bool = False,
        filter_pattern: str | None = None,
    ) -> None:
        self._call = call
        self._watch = watch
        self._random = random_source
        self._is_bounded = until_ms is not None
        self._is_full = is_full
        self._pages = LogPages(call, filter_pattern)
        self._groups = LogGroups(watch, since_ms, until_ms)
        self._last_success_ms: int | None = None

    def next_due_ms(self) -> int | None:
        """When the next group is due; not before a lost login is renewed."""
        if self._watch.scope is None or self._watch.functions is None or self._call.is_login_lost:
            return None
        return self._groups.next_due_ms()

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Read one stretch of one group."""
        scope, turn = self._watch.scope, self._groups.take(now_ms)
        if turn is None or scope is None:
            return
        group, sweep = turn
        delivered, wait_ms = group.cursor.delivered, 0.0
        try:
            asked = self._ask(group, now_ms)
            yield from LogSweep(self._pages, group, sweep, scope, asked).read(now_ms)
        except SourceFailure as failure:
            wait_ms = group.fail(failure, self._groups.lane(group))
            due_ms = now_ms + round(wait_ms * self._random.uniform(0.9, 1.1))
            if group.is_missing:
                group.present_due_ms = due_ms
            else:
                group.not_before_ms = due_ms
            self._note_class(group)
        else:
            if self._last_success_ms is not None and now_ms - self._last_success_ms > OUTAGE_MS:
                self._groups.retry_failed()
            self._last_success_ms = now_ms
            wait_ms = group.succeed(self._groups.lane(group), has_news=group.cursor.delivered > delivered)
            group.not_before_ms = 0
            if sweep.kind == "present":
                group.present_due_ms = now_ms + round(wait_ms * self._random.uniform(0.9, 1.1))
        finally:
            self._groups.give_back(group)

    def status(self, now_ms: int) -> SourceStatus:
        """How the tail is doing, over all groups; the lag is that of the groups which matter."""
        groups = self._groups.used()
        interesting = self._watch.interesting() | self._watch.read_in_full()
        near = [group for group in groups if not group.functions.isdisjoint(interesting)]
        oldest_ms = _oldest_ms(near) or _oldest_ms(groups)
        behind = {group for group in groups if group.swept_to_ms is not None and now_ms - group.swept_to_ms > LATE_MS}
        state, detail, remedy = self._words(groups, 0 if self._is_bounded else len(behind))
        ledgers = [ledger_of(group, is_behind=group in behind) for group in groups]
        told = [ledger for ledger in ledgers if ledger.is_told]
        return SourceStatus(
            name=self.name,
            state=state,
            detail=detail,
            remedy=remedy,
            lag_ms=None if oldest_ms is None or self._is_bounded else max(0, now_ms - oldest_ms),
            progress=None if all(g.is_tried for g in groups) else sum(g.first_share for g in groups) / len(groups),
            last_success_ms=self._last_success_ms,
            ledger=total_ledger([one.ledger for one in ledgers]),
            log_groups=tuple(nsmallest(GROUPS_TOLD, told, key=lambda ledger: ledger.rank)),
        )

    def has_first_answer(self) -> bool:
        """Whether all groups have been swept once, well or badly, or cannot even be asked for."""
        if self._watch.functions is None:
            return self._watch.functions_obstacle is not None
        return self._call.is_login_lost or self._groups.are_answered()

    def wish(self) -> tuple[LiveWish, ...]:
        """Return what Live Tail should listen to: the groups that are read in full, then those on screen.

        A group that AWS filters as the user wants is not among the first: a session takes one pattern, and would bring
        its lines or the platform's, but sweeps bring both.
        """
        choice, view = self._watch.view.live_tail, self._watch.view
        if choice == "off":
            return ()
        readable = [group for group in self._groups.used() if group.failure is None and not group.is_missing]
        full = self._watch.read_in_full()
        focused = nsmallest(
            LIVE_GROUPS,
            (one for one in readable if not one.functions.isdisjoint(full) and self._pushed(one) is None),
            key=lambda group: (view.focus not in group.functions, group.name),
        )
        wishes = [LiveWish(depth="full", groups=tuple(group.name for group in focused))]
        if choice == "all":
            looked_at, interesting = self._watch.looked_at(), self._watch.interesting()
            others = nsmallest(
                LIVE_GROUPS,
                (group for group in readable if group not in focused),
                key=lambda group: (
                    group.functions.isdisjoint(looked_at), group.functions.isdisjoint(interesting), group.name
                ),
            )  # fmt: skip
            depth: LogDepth = "full" if self._pages.is_filter_trusted is False or self._is_full else "platform"
            wishes.append(LiveWish(depth=depth, groups=tuple(group.name for group in others)))
        return tuple(wish for wish in wishes if wish.groups)

    def listen(self, name: str) -> None:
        """Match what Live Tail brings of a group with what sweeps find, from now on."""
        group = self._groups.named(name)
        if group is None:
            return
        with group.lock:
            if group.live is None:
                group.live = LiveMatch(group.cursor.newest_ingestion_ms)
            else:
                group.live.listen()

    def stop_listening(self, name: str) -> None:
        """Leave what is still under way of a group to the sweeps."""
        group = self._groups.named(name)
        if group is not None and group.live is not None:
            with group.lock:
                group.live.stop()

    def take_live(self, name: str, events: list[LogEvent]) -> list[LogEvent]:
        """Return the events that no sweep has delivered."""
        group = self._groups.named(name)
        if group is None or group.live is None:
            return []
        with group.lock:
            return group.live.take_live(events)

    def _pushed(self, group: LogGroup) -> str | None:
        """Return the user's pattern for a group, if AWS can be left to filter by it."""
        pattern = self._watch.pattern_of(group.functions)
        return None if pattern is None or self._pages.obstacle(pattern) else pattern

    def _ask(self, group: LogGroup, now_ms: int) -> Asked:
        """Return what to ask for; a group that was read in full stays so until what came live is confirmed."""
        pattern, is_pushed = self._watch.pattern_of(group.functions), self._pushed(group) is not None
        if not is_pushed and not group.functions.isdisjoint(self._watch.read_in_full()):
            group.full_until_ms = now_ms + LIVE_AFTERMATH_MS if group.live is not None else now_ms
        is_open = group.full_until_ms > (group.swept_to_ms or 0) and not (is_pushed and group.live is None)
        is_full = self._is_full or self._pages.is_filter_trusted is False or is_open
        with group.lock:
            group.ask(Asked(is_full=is_full, pattern=pattern))
            return group.asked

    def _note_class(self, group: LogGroup) -> None:
        if group.is_infrequent:
            self._watch.infrequent_groups |= {group.name}

    def _words(self, groups: list[LogGroup], behind: int) -> tuple[SourceState, str, str | None]:
        obstacle = self._watch.functions_obstacle
        if obstacle is not None:
            return obstacle.state, obstacle.sentence, obstacle.remedy
        if self._watch.functions is None or self._groups.is_undecided:
            return "starting", "waiting for the functions", None
        if self._call.is_login_lost:
            return "credentials", "waiting for a new login", None
        infrequent = sum(group.is_infrequent for group in groups if not self._is_full)
        failures = [group.failure for group in groups if group.failure and (self._is_full or not group.is_infrequent)]
        if failures and self._last_success_ms is None:
            return failures[0].state, failures[0].sentence, failures[0].remedy
        if failures:
            count = f"{len(failures)} of {len(groups)} log groups cannot be read: {failures[0].sentence}"
            return failures[0].state, count, failures[0].remedy
        is_unfiltered = self._pages.is_filter_trusted is False and not self._is_full
        depth = "read in full, since this endpoint ignores filters" if is_unfiltered else "swept"
        known, reading = self._groups.known(), self._watch.reading
        if reading is not None and reading.choice == "insights":
            how = (
                f"{len(groups)} of {known:,} log groups {depth}: opened, in sight, failing or new; Insights counts all"
            )
            return ("late", f"{how}; {behind} wait for their turn", None) if behind else ("working", how, None)
        patterned = sum(group.asked.pushed is not None for group in groups)
        if patterned:
            depth += f", {patterned} of them also by the log view's filter pattern"
        if infrequent:
            depth += f", {infrequent} of the Infrequent Access class, which Insights reads"
        if behind:
            return "late", f"{len(groups)} log groups {depth}; {behind} wait for their turn", None
        return "working", f"{len(groups)} log groups {depth}", None


def _oldest_ms(groups: list[LogGroup]) -> int | None:
    return min((group.swept_to_ms for group in groups if group.swept_to_ms is not None), default=None)
