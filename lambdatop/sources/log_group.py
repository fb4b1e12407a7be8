"""One log group of the tail: its cursor, who writes to it, and how long to leave it alone."""

import threading
from collections.abc import Sequence

from lambdatop.model.delivery import PatternReading
from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.live_match import LiveMatch
from lambdatop.sources.log_cursor import LogCursor, Sweep
from lambdatop.sources.log_depth import Asked, PatternTally
from lambdatop.sources.log_schedule import Lane
from lambdatop.sources.platform_pattern import is_match
from lambdatop.sources.time_spans import TimeSpans

FOCUSED_MS = 1_500
NEAR_MS = 5_000
QUIET_MS = 60_000
MISSING_MS = 300_000
UNREADABLE_MS = 600_000
GROWTH = 1.5
PARALLEL = 3
"""Slices of one group that are read at once; a thread is left for all others."""
LASTING_FAILURES = 7
"""A group that failed so often in a row is taken to have answered, badly."""
IS_MISSING = "ResourceNotFoundException"
_UNREADABLE = ("InvalidOperationException", "InvalidParameterException")
_RETRY_MS = {"throttled": 2_000, "failed": 1_000, "denied": 300_000, "absent": 600_000, "credentials": 5_000}
_MAX_RETRY_MS = {"throttled": 60_000, "failed": 60_000, "denied": 1_800_000, "absent": 1_800_000}
_LASTING = ("denied", "absent", "credentials")


class LogGroup:
    """A group and its rhythm; the tail guards it, and `lock` its cursor, which several threads may share."""

    def __init__(self, name: str, cursor: LogCursor) -> None:
        self.name = name
        self.cursor = cursor
        self.live: LiveMatch | None = None
        """What Live Tail has brought, once it has listened to this group."""
        self.lock = threading.Lock()
        self.functions: frozenset[FunctionKey] = frozenset()
        self.is_wanted = True
        """Whether it is to be swept, and not left to Insights."""
        self.is_opened = False
        """Whether its sweeps know where to begin."""
        self.readers = 0
        """Threads that read it now."""
        self.is_tried = False
        """Whether its first sweep is over, well or badly."""
        self.asked = Asked()
        """What the last sweep asked for."""
        self._tally: PatternTally | None = None
        self.full_until_ms = 0
        """Event time to which all lines are asked for."""
        self.full_spans = TimeSpans()
        """Event time of which all lines were read."""
        self.progress = 0.0
        """Share of the sweep of the present that is done."""
        self.polled_ms = 0
        self.present_due_ms = 0
        self.not_before_ms = 0
        """No sweep is tried earlier, after a failure."""
        self.swept_to_ms: int | None = None
        self.failure: SourceFailure | None = None
        self.is_missing = False
        """Whether it does not exist yet: nothing was ever logged."""
        self.is_infrequent = False
        """Whether its class is one that FilterLogEvents does not read."""
        self._failures = 0
        self._interval_ms = float(NEAR_MS)

    @property
    def first_share(self) -> float:
        """Share of the first reading of the whole range that is done."""
        return 1.0 if self.is_tried else min(1.0, max(0.0, self.progress))

    @property
    def is_answered(self) -> bool:
        """Whether the whole range was read once, or cannot be."""
        if self.readers:
            return False
        if self.failure is not None:
            is_lasting = self.failure.state in _LASTING or self.failure.code in _UNREADABLE
            return is_lasting or self._failures >= LASTING_FAILURES
        return self.is_missing or self.cursor.is_finished or (not self.cursor.is_bounded and self.cursor.is_caught_up)

    def open(self, since_ms: int, until_ms: int | None) -> None:
        """Begin sweeping at a time, or where sweeps left off unless that was before; needs the lock."""
        self.is_opened = True
        if self.cursor.newest_known_ms < since_ms:
            before, self.cursor = self.cursor, LogCursor(since_ms, until_ms)
            self.cursor.count_on(before)
            self.swept_to_ms, self.is_tried, self.present_due_ms = None, False, 0

    def due_ms(self) -> int | None:
        """When the next sweep should start; None while there is nothing to read that is not being read."""
        if self.cursor.has_slices and self.readers < PARALLEL:
            return max(self.not_before_ms, self.polled_ms)  # behind groups that have waited for longer
        return max(self.not_before_ms, self.present_due_ms) if self.cursor.wants_present else None

    def ask(self, asked: Asked) -> None:
        """Take note of what is asked for from now on; needs the lock."""
        if not self.asked.covers(asked):
            self.cursor.deepen()
        self.asked = asked
        if asked.pushed is None:
            self._tally = None
        elif self._tally is None or self._tally.pattern != asked.pushed:
            self._tally = PatternTally(asked.pushed, self.full_spans.newest_to_ms or 0)

    def count_pattern(self, pattern: str | None, events: Sequence[LogEvent]) -> None:
        """Count what a pattern let through, if it is still the one that is wanted; needs the lock."""
        if self._tally is not None and self._tally.pattern == pattern:
            self._tally.take(events)

    def take_swept(self, events: Sequence[LogEvent], now_ms: int) -> list[LogEvent]:
        """Return the events of a page that nobody was told of; needs the lock."""
        fresh = self.cursor.take(events, now_ms)
        return fresh if self.live is None else self.live.take_swept(fresh, None if self.asked.is_full else is_match)

    def note_pattern_read(self, pattern: str | None, start_ms: int, end_ms: int) -> None:
        """Note that what a pattern lets through was read of a stretch; needs the lock."""
        if self._tally is not None and self._tally.pattern == pattern:
            self._tally.note_read(start_ms, end_ms)

    def told_pattern(self) -> PatternReading | None:
        """Return how reading by the user's pattern goes, None where there is none; needs the lock."""
        if self._tally is not None:
            return self._tally.told()
        return None if self.asked.pattern is None else PatternReading(pattern=self.asked.pattern)

    def finish(self, sweep: Sweep, now_ms: int) -> int | None:
        """End a sweep that was read to its end; returns the event time the group is complete to. Needs the lock."""
        self.swept_to_ms = self.cursor.finish(sweep, now_ms)
        if self._tally is not None:
            self._tally.forget(*self.cursor.forgotten_before_ms)
        if self.live is not None and self.swept_to_ms is not None:
            self.live.finish(self.swept_to_ms, self.cursor.remembered_from_ms)
        return self.swept_to_ms

    def succeed(self, lane: Lane, *, has_news: bool) -> float:
        """Note a whole sweep; returns how long to wait: quiet groups grow slower with each empty one."""
        self.failure, self._failures, self.is_missing = None, 0, False
        if lane is Lane.FOCUSED:
            self._interval_ms = FOCUSED_MS
        elif has_news or lane is Lane.NEAR:
            self._interval_ms = NEAR_MS
        else:
            self._interval_ms = min(QUIET_MS, max(NEAR_MS, self._interval_ms * GROWTH))
        return self._interval_ms

    def fail(self, failure: SourceFailure, lane: Lane) -> float:
        """Note a failure; returns how long to wait. A group that does not exist yet is none."""
        if failure.code == IS_MISSING:
            self.failure, self.is_missing = None, True
            self._interval_ms = min(MISSING_MS if lane is Lane.QUIET else QUIET_MS, self._interval_ms * GROWTH)
            return self._interval_ms
        if failure.code in _UNREADABLE and "class" in failure.sentence.lower():
            sentence = f"Log group {self.name} has a log class that cannot be tailed (Infrequent Access)."
            self.failure, self.is_infrequent = SourceFailure("absent", sentence, code=failure.code), True
            return UNREADABLE_MS
        self.failure = failure
        failures = self._failures = self._failures + 1  # others may set it to 0 meanwhile
        wait_ms = _RETRY_MS.get(failure.state, 1_000) << min(10, failures - 1)
        return min(wait_ms, _MAX_RETRY_MS.get(failure.state, _RETRY_MS["credentials"]))
