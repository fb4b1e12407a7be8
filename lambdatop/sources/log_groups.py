"""The log groups of the tail: which there are, who writes to them, and whose turn it is."""

import threading
from collections import defaultdict

from lambdatop.model.identity import FunctionKey
from lambdatop.sources.log_cursor import LogCursor, Sweep
from lambdatop.sources.log_group import NEAR_MS, LogGroup
from lambdatop.sources.log_schedule import Lane, LogSchedule
from lambdatop.sources.watch import Watch

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

    def used(self) -> list[LogGroup]:
        """Return the groups that functions write to."""
        return [group for group in list(self._groups.values()) if group.functions]

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
            return self._schedule.next_due_ms()

    def are_answered(self) -> bool:
        """Return whether all groups have been read once, well or badly."""
        with self._lock:
            self._look()
            return all(group.is_tried or group.is_answered for group in self.used())

    def take(self, now_ms: int) -> tuple[LogGroup, Sweep] | None:
        """Take the sweep that matters most of those that are due; `give_back` must follow."""
        with self._lock:
            while (name := self._schedule.take(now_ms)) is not None:
                group = self._groups[name]
                with group.lock:
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
        due_ms = group.due_ms() if group.functions else None
        if due_ms is None:
            self._schedule.drop(group.name)
        else:
            self._schedule.put(group.name, due_ms, self.lane(group))

    def _look(self) -> None:
        """Take in a new catalogue, what has come into sight, and a new login."""
        if self._watch.functions is not self._catalogue:
            self._catalogue = self._watch.functions
            self._regroup()
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
        for group in self._groups.values():
            before, group.functions = group.functions, frozenset(functions.get(group.name, ()))
            if bool(before) != bool(group.functions):
                self._put(group)
        self._group_of = {key: group for group in self._groups.values() for key in group.functions}
