"""One log group of the tail: its cursor, who writes to it, and how long to leave it alone."""

from lambdatop.model.identity import FunctionKey
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_cursor import LogCursor
from lambdatop.sources.log_schedule import Lane
from lambdatop.sources.polled_source import RETRY_MS

FOCUSED_MS = 1_500
NEAR_MS = 5_000
QUIET_MS = 60_000
MISSING_MS = 300_000
UNREADABLE_MS = 600_000
GROWTH = 1.5
IS_MISSING = "ResourceNotFoundException"
_UNREADABLE = ("InvalidOperationException", "InvalidParameterException")


class LogGroup:
    """A group and its rhythm; the tail guards it, as one thread sweeps it at a time."""

    def __init__(self, name: str, cursor: LogCursor) -> None:
        self.name = name
        self.cursor = cursor
        self.functions: frozenset[FunctionKey] = frozenset()
        self.is_busy = False
        self.is_tried = False
        self.is_full = False
        """Whether the last sweep asked for all lines."""
        self.progress = 0.0
        """Share of the first sweep that is done."""
        self.polled_ms = 0
        self.swept_to_ms: int | None = None
        self.failure: SourceFailure | None = None
        self._failures = 0
        self._interval_ms = float(NEAR_MS)

    def wait_after_sweep_ms(self, lane: Lane, *, has_news: bool) -> float:
        """Return how long to wait after a whole sweep: quiet groups grow slower with each empty one."""
        self.failure, self._failures = None, 0
        if lane is Lane.FOCUSED:
            self._interval_ms = FOCUSED_MS
        elif has_news or lane is Lane.NEAR:
            self._interval_ms = NEAR_MS
        else:
            self._interval_ms = min(QUIET_MS, max(NEAR_MS, self._interval_ms * GROWTH))
        return self._interval_ms

    def wait_after_failure_ms(self, failure: SourceFailure, lane: Lane) -> float:
        """Return how long to wait after a failure; a group that does not exist yet is none: nothing was ever logged."""
        if failure.code == IS_MISSING:
            self.failure = None
            self._interval_ms = min(MISSING_MS if lane is Lane.QUIET else QUIET_MS, self._interval_ms * GROWTH)
            return self._interval_ms
        if failure.code in _UNREADABLE and "class" in failure.sentence.lower():
            sentence = f"Log group {self.name} has a log class that cannot be tailed (Infrequent Access)."
            self.failure = SourceFailure("absent", sentence, code=failure.code)
            return UNREADABLE_MS
        self.failure = failure
        self._failures += 1
        wait_ms = RETRY_MS.get(failure.state, RETRY_MS["failed"])
        return wait_ms if failure.state == "credentials" else wait_ms * min(8, 2 ** (self._failures - 1))
