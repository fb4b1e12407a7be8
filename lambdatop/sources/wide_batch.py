"""Log groups that are counted together: which stretch of time to ask for next, and when.

Every minute is asked for once soon after its end, and once more later for events that were late; the past before that
is asked for from its end back to its beginning, in bins of an hour where it is long ago. Pure.
"""

from typing import Literal, NamedTuple

from lambdatop.sources.wide_memory import WideMemory

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
SETTLE_MS = 35_000
"""Insights finds events a little after they were ingested, and Lambda's lines are ingested some seconds after."""
LATE_MS = 300_000
"""At this age minutes are asked for again, as many at once."""
FIRST_MINUTES = 3
"""So little is asked for first, so that it is there soon."""
MOST_MINUTES = 15
"""One query asks for no more minutes, since its rows are bounded."""
RECENT_MS = 63 * MINUTE_MS
"""What is older is asked for by the hour."""
MOST_HOURS = 12

StretchKind = Literal["new", "late", "past"]


class Stretch(NamedTuple):
    """What one query asks for, `[from_ms, until_ms)`; only the first of a range may begin within a bin."""

    from_ms: int
    until_ms: int
    bin_ms: int
    kind: StretchKind


class WideBatch:
    """Some log groups, named or by prefix, and how far they are counted."""

    def __init__(
        self, names: frozenset[str], prefix: str | None, since_ms: int, until_ms: int | None, now_ms: int
    ) -> None:
        self.names = names
        self.prefix = prefix
        """Where they are all that begin with it."""
        self._since_ms = since_ms
        self._until_ms = until_ms
        settled_ms = now_ms - SETTLE_MS if until_ms is None else min(until_ms, now_ms)
        self.begin_ms = max(since_ms, settled_ms - settled_ms % MINUTE_MS - FIRST_MINUTES * MINUTE_MS)
        """Where counting the present begins; what is before is the past."""
        self.counted_to_ms: int | None = None
        """Where the newest minute ends that was counted; None before the first."""
        self.late_from_ms = 0
        """Where the minutes begin that are to be asked for again."""
        self._past: list[Stretch] = []
        self._most_minutes = MOST_MINUTES
        self.is_asked = False
        """Whether a query runs."""
        self.not_before_ms = 0
        """Nothing is asked earlier, after a failure."""
        self.failures = 0
        self.memory = WideMemory()

    def part(self, names: frozenset[str], now_ms: int) -> "WideBatch":
        """Return a batch of some of the groups, counted as far as these are."""
        part = WideBatch(names, None, self._since_ms, self._until_ms, now_ms)
        part.begin_ms, part.counted_to_ms, part.late_from_ms = self.begin_ms, self.counted_to_ms, self.late_from_ms
        part._past, part._most_minutes = list(self._past), self._most_minutes
        return part

    def takes(self, other: "WideBatch", most: int) -> bool:
        """Return whether another batch's groups can be asked for with these, since all are counted equally far."""
        is_small = self.prefix is None and other.prefix is None and len(self.names) + len(other.names) <= most
        is_idle = not (
            self.is_asked or other.is_asked or self.has_past or other.has_past or self.failures or other.failures
        )
        is_equal = (self.counted_to_ms, self.late_from_ms) == (other.counted_to_ms, other.late_from_ms)
        return is_small and is_idle and is_equal and self.counted_to_ms is not None

    @property
    def has_past(self) -> bool:
        """Whether something of the past waits to be counted."""
        return bool(self._past)

    @property
    def past_ms(self) -> int:
        """How much of the past waits to be counted."""
        return sum(one.until_ms - one.from_ms for one in self._past)

    def want_past(self, from_ms: int, until_ms: int, now_ms: int) -> None:
        """Have the past counted, of which the end is recent: by the minute for an hour, by the hour before that."""
        end_ms = now_ms if self._until_ms is None else min(now_ms, self._until_ms)
        edge_ms = end_ms - RECENT_MS
        edge_ms = max(from_ms, edge_ms - edge_ms % HOUR_MS)
        self._past += _cut(edge_ms, until_ms, MINUTE_MS, MOST_MINUTES)
        self._past += _cut(from_ms, edge_ms, HOUR_MS, MOST_HOURS)

    def leave_past(self) -> None:
        """Ask nothing more of the past."""
        self._past.clear()

    def due_ms(self, *, is_counting: bool) -> int | None:
        """Return when the next query is due; None while one runs or nothing will be asked."""
        if self.is_asked:
            return None
        times = [0] if self._past else []
        if is_counting and not (self._until_ms is not None and self.counted_to_ms is not None):
            times += self._due_times_ms()
        return max(self.not_before_ms, min(times)) if times else None

    def next_stretch(self, now_ms: int, *, is_counting: bool, is_rich: bool, is_paid: bool) -> Stretch | None:
        """Return what to ask for now: new minutes, the past, and what may have been late where money is left.

        Where there is no money, minutes are left out, but for the newest.
        """
        if is_counting and is_paid:
            new = self._new(now_ms)
            if new is not None:
                return new
        if self._past:
            return self._past[0]
        return self._late(now_ms) if is_counting and is_rich else None

    def finish(self, stretch: Stretch) -> None:
        """Note that a stretch was counted."""
        if stretch.kind == "past":
            self._past = [one for one in self._past if one != stretch]
        elif stretch.kind == "late":
            self.late_from_ms = stretch.until_ms
        else:
            if self.counted_to_ms is None:
                self.late_from_ms = stretch.from_ms - stretch.from_ms % MINUTE_MS
            self.counted_to_ms = max(self.counted_to_ms or 0, stretch.until_ms)

    def halve(self, stretch: Stretch) -> bool:
        """Ask for half of a stretch from now on; returns whether it can be halved."""
        bins = -(-(stretch.until_ms - stretch.from_ms) // stretch.bin_ms)
        if bins <= 1 or (stretch.kind == "past" and stretch not in self._past):
            return False
        if stretch.kind != "past":
            self._most_minutes = -(-bins // 2)
            return True
        index = self._past.index(stretch)
        self._past[index : index + 1] = _cut(stretch.from_ms, stretch.until_ms, stretch.bin_ms, -(-bins // 2))
        return True

    def _due_times_ms(self) -> tuple[int, ...]:
        if self.counted_to_ms is None:
            return (0 if self._until_ms is not None else self.begin_ms + MINUTE_MS + SETTLE_MS,)
        new_ms = self.counted_to_ms - self.counted_to_ms % MINUTE_MS + MINUTE_MS + SETTLE_MS
        return (new_ms,) if self._until_ms is not None else (new_ms, self.late_from_ms + 2 * LATE_MS)

    def _new(self, now_ms: int) -> Stretch | None:
        if self._until_ms is not None:
            until_ms, from_ms = min(self._until_ms, now_ms), self.begin_ms
            if self.counted_to_ms is not None:
                return None
        else:
            settled_ms = now_ms - SETTLE_MS
            until_ms = settled_ms - settled_ms % MINUTE_MS
            from_ms = self.begin_ms if self.counted_to_ms is None else self.counted_to_ms
            until_ms = min(until_ms, from_ms - from_ms % MINUTE_MS + self._most_minutes * MINUTE_MS)
        return Stretch(from_ms, until_ms, MINUTE_MS, "new") if until_ms > from_ms else None

    def _late(self, now_ms: int) -> Stretch | None:
        if self._until_ms is not None or self.counted_to_ms is None:
            return None
        settled_ms = min(now_ms - LATE_MS, self.counted_to_ms)
        if settled_ms - self.late_from_ms < LATE_MS:
            return None
        from_ms = max(self.late_from_ms, settled_ms - MOST_MINUTES * MINUTE_MS)
        from_ms -= from_ms % MINUTE_MS
        until_ms = min(settled_ms - settled_ms % MINUTE_MS, from_ms + self._most_minutes * MINUTE_MS)
        return Stretch(from_ms, until_ms, MINUTE_MS, "late")


def _cut(from_ms: int, until_ms: int, bin_ms: int, most: int) -> list[Stretch]:
    """Return stretches of at most so many bins, the newest first.

    >>> [(one.from_ms, one.until_ms) for one in _cut(90_000, 300_000, 60_000, 2)]
    [(240000, 300000), (120000, 240000), (90000, 120000)]
    """
    found, length_ms = [], bin_ms * most
    while until_ms > from_ms:
        edge_ms = max(from_ms, (until_ms - 1) // length_ms * length_ms)
        found.append(Stretch(edge_ms, until_ms, bin_ms, "past"))
        until_ms = edge_ms
    return found
