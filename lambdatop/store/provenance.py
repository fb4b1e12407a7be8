"""By what each minute of a log group is counted: by its lines where sweeps read all of it, else by an aggregate.

Sweeps go on finding what was late; of the last minutes before they ended, an aggregate that was asked for later may
know more. Both may tell of the same minute, in any order and again: lines go first, and of two aggregates the one that
was asked for later.
"""

from collections.abc import Collection

from lambdatop.store.covered_spans import CoveredSpans

MINUTE_MS = 60_000
LATE_MS = 300_000
"""Lines that are later than this are rare."""


class Provenance:
    """What is known of the minutes of one log group, by their start; minutes are whole minutes of epoch time.

    Memory: one number a minute until `forget_before`, spans thereafter.
    """

    __slots__ = ("_asked_ms", "_lines", "_old", "_ruled", "_since_ms", "_until_ms", "aggregated_to_ms", "revision")

    def __init__(self, since_ms: int, until_ms: int | None) -> None:
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._lines = CoveredSpans()
        """Event time whose lines were all read."""
        self._asked_ms: dict[int, int] = {}
        """When what is known of a minute was asked for, by the minute."""
        self._old = CoveredSpans()
        """Event time of which aggregates were taken in, and of which none is taken any more."""
        self._ruled: frozenset[int] = frozenset()
        self.aggregated_to_ms: int | None = None
        """Where the newest minute ends that an aggregate told of."""
        self.revision = 0
        """Raised when a minute changes hands."""

    @property
    def has_aggregates(self) -> bool:
        """Whether an aggregate was ever taken in."""
        return self.aggregated_to_ms is not None

    def cover_by_lines(self, from_ms: int | None, to_ms: int) -> None:
        """Note that all lines between two moments were read; None is since counting began."""
        self._lines.add(self._since_ms if from_ms is None else min(from_ms, to_ms), to_ms)
        self._settle()

    def accepts(self, start_ms: int, asked_at_ms: int) -> bool:
        """Whether an aggregate of a minute replaces what is known of it."""
        return asked_at_ms > self._asked_ms.get(start_ms, -1) and not self._old.covers(start_ms, start_ms + 1)

    def take(self, minutes: Collection[int], asked_at_ms: int) -> None:
        """Note aggregates that were accepted."""
        if not minutes:
            return
        newest_ms = self.aggregated_to_ms or 0
        for start_ms in minutes:
            self._asked_ms[start_ms] = asked_at_ms
            newest_ms = max(newest_ms, start_ms + MINUTE_MS)
        self.aggregated_to_ms = newest_ms
        self._settle()

    def take_old(self, from_ms: int, until_ms: int) -> None:
        """Note aggregates of a time long ago, which nothing will replace."""
        self._old.add(from_ms, until_ms)
        self.aggregated_to_ms = max(self.aggregated_to_ms or 0, until_ms)
        self.revision += 1

    def is_settled(self, start_ms: int) -> bool:
        """Whether nothing that an aggregate tells of a time long ago is wanted."""
        return self._old.covers(start_ms, start_ms + 1) or self._is_read(start_ms)

    def is_aggregated(self, minute_ms: int) -> bool:
        """Whether a minute is counted by an aggregate."""
        if minute_ms in self._asked_ms:
            return minute_ms in self._ruled
        return self._old.covers(minute_ms, minute_ms + 1) and not self._is_read(minute_ms)

    def is_known(self, minute_ms: int) -> bool:
        """Whether a minute was told of by an aggregate, or its lines were read."""
        return self.is_aggregated(minute_ms) or self._is_read(minute_ms)

    def aggregated_since(self, start_ms: int | None) -> bool:
        """Whether any minute from then on is counted by an aggregate."""
        if start_ms is None:
            return bool(self._ruled) or bool(self._old)
        return any(minute_ms + MINUTE_MS > start_ms for minute_ms in self._ruled) or self._old.end_ms > start_ms

    def unknown_minutes(self, start_ms: int, end_ms: int) -> int:
        """Return how many minutes between two moments nothing told of."""
        first_ms = start_ms - start_ms % MINUTE_MS
        return sum(not self.is_known(minute_ms) for minute_ms in range(first_ms, end_ms, MINUTE_MS))

    def forget_before(self, before_ms: int) -> None:
        """Let nothing more be replaced that is older."""
        for minute_ms in [minute_ms for minute_ms in self._asked_ms if minute_ms < before_ms]:
            del self._asked_ms[minute_ms]
            self._old.add(minute_ms, minute_ms + MINUTE_MS)
        self._ruled = frozenset(minute_ms for minute_ms in self._ruled if minute_ms >= before_ms)

    def _is_read(self, minute_ms: int) -> bool:
        """Whether all lines of a minute were read, as far as it is counted at all, and will be where they are late.

        Where sweeps have ended since, they have not found what came late of the last minutes before that.
        """
        start_ms, end_ms = max(minute_ms, self._since_ms), minute_ms + MINUTE_MS
        if self._until_ms is not None:
            end_ms = min(end_ms, self._until_ms)
        swept_to_ms = self._lines.end_around_ms(start_ms, end_ms)
        if swept_to_ms is None:
            return False
        has_ended = self.aggregated_to_ms is not None and self.aggregated_to_ms > swept_to_ms
        return not has_ended or end_ms + LATE_MS <= swept_to_ms

    def _settle(self) -> None:
        if not self._asked_ms:
            return
        ruled = frozenset(minute_ms for minute_ms in self._asked_ms if not self._is_read(minute_ms))
        if ruled != self._ruled:
            self._ruled = ruled
            self.revision += 1
