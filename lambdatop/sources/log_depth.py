"""Which lines of a log group are asked for, and what a filter pattern of the user's has brought of one."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.delivery import PatternReading
from lambdatop.model.log_event import LogEvent
from lambdatop.sources.event_memory import EventMemory
from lambdatop.sources.time_spans import TimeSpans


class Asked(NamedTuple):
    """Platform and failure lines always; beside them all others, or what a pattern lets through."""

    is_full: bool = False
    pattern: str | None = None
    """What the user wants AWS to let through; where `is_full`, it cannot be so, and all lines are asked for."""

    @property
    def pushed(self) -> str | None:
        """The pattern that AWS is asked with."""
        return None if self.is_full else self.pattern

    def covers(self, other: "Asked") -> bool:
        """Return whether who asks so is told all that the other asks for."""
        return self.is_full or (not other.is_full and other.pattern in (None, self.pattern))


class PatternTally:
    """Counts the lines that a pattern let through since it was set, each once however many sweeps bring it."""

    def __init__(self, pattern: str, full_to_ms: int) -> None:
        self.pattern = pattern
        self.lines = 0
        self._full_to_ms = full_to_ms
        """Event time before which all lines were read, so that none of those is the pattern's."""
        self._memory = EventMemory()
        self._spans = TimeSpans()

    def take(self, events: Sequence[LogEvent]) -> None:
        """Count a page of what the pattern let through."""
        self.lines += len(self._memory.new([event for event in events if event.timestamp_ms > self._full_to_ms]))

    def note_read(self, start_ms: int, end_ms: int) -> None:
        """Note a stretch that was read by the pattern."""
        self._spans.add(max(start_ms, self._full_to_ms + 1), end_ms)

    def forget(self, before_ms: int, packed_before_ms: int) -> None:
        """Drop what no sweep returns any more, and pack what few do."""
        self._memory.forget_before(before_ms)
        self._memory.pack_before(packed_before_ms)

    def told(self) -> PatternReading:
        """Return the count, and since when."""
        return PatternReading(pattern=self.pattern, lines=self.lines, from_ms=self._spans.newest_from_ms)
