"""The log groups of the tail: which there are, who writes to them, and whose turn it is."""

import threading
from collections import defaultdict

from lambdatop.model.identity import FunctionKey
from lambdatop.parsers.time_text import epoch_ms
from lambdatop.sources.attention import Attention, deserving
from lambdatop.sources.log_cursor import DEEP_OVERLAP_MS, LogCursor, Sweep
from lambdatop.sources.log_group import NEAR_MS, LogGroup
from lambdatop.sources.log_schedule import Lane, LogSchedule
from lambdatop.sources.watch import Watch

MINUTE_MS = 60_000
FOCUSED_LOGS = 8
"""Functions whose log lines are read at the pace of the opened one; of more, each is read as one on screen is."""


class LogGroups:
    """Follows the catalogue, what the user looks at and new logins; safe to use from any thread."""

    def __init__(self, watch: Watch, since_ms: int, until_ms: int | None) -> None:
        self._watch = watch
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._groups: dict[str, LogGroup] = {}
        self._group_of: dict[FunctionKey, LogGroup] = {}
        self._schedule = LogSchedule()
        self._lock = threading.Lock()
        self._catalogue: object = None
        self._interesting: frozenset[FunctionKey] = frozenset()
        self._full: frozenset[FunctionKey] = frozenset()
        self._pattern: str | None = None
        self._generation = 0
        self._now_ms = 0
        """As of the last turn."""
        self._changed_ms: dict[FunctionKey, int] = {}
        """When functions were changed."""
        self._seen: object = None
        """What the groups that are wanted were chosen by."""

    def used(self) -> list[LogGroup]:
        """Return the groups that functions write to and that are swept."""
        return [group for group in list(self._groups.values()) if group.functions and group.is_wanted]

    def known(self) -> int:
        """Return how many groups functions write to."""
        return sum(bool(group.functions) for group in list(self._groups.values()))

    @property
    def is_undecided(self) -> bool:
        """Whether it is still to be chosen how logs are read."""
        return self._watch.is_reading_chosen and self._watch.reading is None

    def named(self, name: str) -> LogGroup | None:
        """Return a group by its name."""
        return self._groups.get(name)

    def lane(self, group: LogGroup) -> Lane:
        """Return how much a group matters now."""
        view = self._watch.view
        if view.focus in group.functions:
            return Lane.FOCUSED
        if len(view.logs) <= FOCUSED_LOGS and not group.functions.isdisjoint(view.logs):
            return Lane.FOCUSED
        near = self._watch.interesting() | self._watch.read_in_full()
        return Lane.QUIET if group.functions.isdisjoint(near) else Lane.NEAR

    def next_due_ms(self) -> int | None:
        """Return when the next sweep is due."""
        with self._lock:
            self._look()
            return None if self.is_undecided else self._schedule.next_due_ms()

    def are_answered(self) -> bool:
        """Return whether all groups have been read once, well or badly."""
        with self._lock:
            self._look()
            if self.is_undecided:
                return False
            return all(group.is_tried or group.is_answered for group in self.used())

    def take(self, now_ms: int) -> tuple[LogGroup, Sweep] | None:
        """Take the sweep that matters most of those that are due; `give_back` must follow."""
        with self._lock:
            self._now_ms = now_ms
            while (name := self._schedule.take(now_ms)) is not None:
                group = self._groups[name]
                with group.lock:
                    if not group.is_opened and not group.readers:
                        group.open(self._sweeps_from_ms(now_ms), self._until_ms)
                    sweep = group.cursor.begin(now_ms, is_present_due=group.present_due_ms <= now_ms)
                if sweep is not None:
                    group.readers += 1
                    group.polled_ms = now_ms
                    self._put(group)
                    return group, sweep
            return None

    def give_back(self, group: LogGroup) -> None:
        """End a turn; the group's own times say when the next one is."""
        with self._lock:
            group.readers -= 1
            group.is_tried = group.is_tried or group.is_answered
            self._put(group)

    def retry_failed(self) -> None:
        """Let groups be tried now that failed in passing."""
        with self._lock:
            for group in self._groups.values():
                if group.failure is not None and group.failure.state == "failed":
                    group.not_before_ms = 0
                    self._put(group)

    def _put(self, group: LogGroup) -> None:
        due_ms = group.due_ms() if group.functions and group.is_wanted else None
        if due_ms is None:
            self._schedule.drop(group.name)
        else:
            self._schedule.put(group.name, due_ms, self.lane(group))

    def _look(self) -> None:
        """Take in a new catalogue, what has come into sight, and a new login."""
        if self._watch.functions is not self._catalogue:
            self._catalogue = self._watch.functions
            self._regroup()
        self._choose()
        full, interesting = self._watch.read_in_full(), self._watch.interesting()
        if interesting != self._interesting or full != self._full:
            for key in (interesting - self._interesting) | (full - self._full):
                group = self._group_of.get(key)
                if group is not None:
                    self._bring_forward(group)
            self._interesting, self._full = interesting, full
        if self._pattern != self._watch.view.log_pattern:
            self._pattern = self._watch.view.log_pattern
            for group in {self._group_of[key] for key in self._watch.view.logs if key in self._group_of}:
                self._bring_forward(group)
        if self._generation != self._watch.generation:
            self._generation = self._watch.generation
            for group in self._groups.values():
                if group.failure is not None:
                    group.not_before_ms = group.present_due_ms = 0
                    self._put(group)

    def _bring_forward(self, group: LogGroup) -> None:
        if group.failure is not None:
            return
        soon_ms = 0 if self.lane(group) is Lane.FOCUSED else group.polled_ms + NEAR_MS
        group.present_due_ms = min(group.present_due_ms, soon_ms)
        self._put(group)

    def _regroup(self) -> None:
        """Give each group its functions; the cursor of a group that has none now is kept, should they come back."""
        functions: dict[str, set[FunctionKey]] = defaultdict(set)
        for function in self._watch.functions or ():
            functions[function.log_group].add(function.key)
        for name in functions.keys() - self._groups.keys():
            self._groups[name] = LogGroup(name, LogCursor(self._since_ms, self._until_ms))
            self._groups[name].is_opened = not self._watch.is_reading_chosen
        for group in self._groups.values():
            before, group.functions = group.functions, frozenset(functions.get(group.name, ()))
            if bool(before) != bool(group.functions):
                self._put(group)
        self._group_of = {key: group for group in self._groups.values() for key in group.functions}
        changed = ((one.key, epoch_ms(one.last_modified)) for one in self._watch.functions or ())
        self._changed_ms = {key: changed_ms for key, changed_ms in changed if changed_ms is not None}

    def _sweeps_from_ms(self, now_ms: int) -> int:
        """Return where sweeps of a group begin that are not under way: a little ago, where Insights told the past."""
        reading = self._watch.reading
        if reading is None:
            return self._since_ms
        if reading.choice == "sweep" or self._until_ms is not None:
            return reading.sweeps_from_ms
        recent_ms = now_ms - DEEP_OVERLAP_MS
        return max(self._since_ms, recent_ms - recent_ms % MINUTE_MS)

    def _choose(self) -> None:
        """Choose which groups are swept: all, or where Insights counts them those that deserve it."""
        watch, reading = self._watch, self._watch.reading
        if reading is None:
            return
        view, minute = watch.view, self._now_ms // MINUTE_MS
        is_all = reading.choice == "sweep"
        looked_at = None if is_all else (view.focus, view.logs, view.visible, watch.sick, minute)
        seen = self._catalogue, is_all, reading.sweeps_from_ms, reading.swept_groups, looked_at
        if seen == self._seen:
            return
        self._seen = seen
        wanted = set(self._groups) if is_all else self._deserving(reading.swept_groups)
        for group in self._groups.values():
            is_wanted = group.name in wanted
            if is_wanted and is_all:
                with group.lock:
                    if group.is_opened:
                        group.cursor.extend_back(reading.sweeps_from_ms)
            if is_wanted != group.is_wanted:
                group.is_wanted = is_wanted
                group.is_opened = False
                group.present_due_ms = min(group.present_due_ms, group.polled_ms + NEAR_MS)
            self._put(group)

    def _deserving(self, room: int) -> set[str]:
        watch = self._watch
        attention = Attention(
            opened=watch.read_in_full(),
            visible=frozenset(watch.view.visible),
            failing=watch.sick,
            changed_ms=self._changed_ms if self._now_ms else {},
        )
        keys = deserving(attention, self._now_ms, room)
        return {self._group_of[key].name for key in keys if key in self._group_of}
