"""Which stretch of a log group to read next, and which of its events are new.

A state machine given pages and a clock, so that completeness can be tested without either (DESIGN 5.1). Reading the
present starts an overlap behind what is read already: a short one mostly, twice a minute one by the ingestion lag that
was seen, and a slow deep sweep goes back further. What has never been
read is kept as stretches of time: a gap is cut into slices that several threads read at once, oldest first, while the
present goes on. Event ids are remembered by event time for as long as any sweep may return them again.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.event_memory import EventMemory
from lambdatop.sources.ingestion_lag import MIN_OVERLAP_MS, IngestionLag

DEEP_OVERLAP_MS = 900_000
DEEP_EVERY_MS = 300_000
WIDE_EVERY_MS = 30_000
BEHIND_OVERLAP_MS = 3_000
"""While there is something never read, looking for late events waits."""
DEEP_AT_ONCE_EVENTS = 2_000
"""Where a quarter of an hour holds no more than this, the deep sweep and the present are read together."""

SweepKind = Literal["present", "backfill", "deep"]
"""`present` ends now, `backfill` reads what was never read, `deep` looks once more for what came late."""


class Sweep(NamedTuple):
    """A stretch of event time to read, both ends included as FilterLogEvents has it."""

    start_ms: int
    end_ms: int
    kind: SweepKind


class LogCursor:
    """Reads one log group from `since_ms` on, to `until_ms` (excluded) or for ever.

    Each sweep that `begin` returns ends in one of three ways: `finish` when all of it was read, `stop` when reading
    broke off, `split` when there is so much unread that it is better read in slices.
    """

    def __init__(self, since_ms: int, until_ms: int | None) -> None:
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._memory = EventMemory()
        self._lag = IngestionLag()
        self._frontier_ms: int | None = None
        """Everything up to here was read once, but for `_waiting` and `_reading`."""
        self._waiting: list[Sweep] = []
        self._reading: list[Sweep] = []
        self._wide_ms: int | None = None
        self._deep_ms: int | None = None
        self._looked_to_ms = since_ms
        """Where the last deep sweep ended: the next one begins there, should it be longer ago."""
        self._was_present = False
        self._deepened_ms = 0
        self._newest_ms = 0
        self._is_broken_off = False
        self._complete_to_ms: int | None = None
        self.newest_ingestion_ms = 0
        self.fetched = 0
        self.delivered = 0
        self.recovered = 0
        self.late = 0

    @property
    def is_bounded(self) -> bool:
        """Whether there is an end to read to."""
        return self._until_ms is not None

    @property
    def newest_known_ms(self) -> int:
        """Nothing newer was read: an event, or the time that a reading of the present ended."""
        return max(self._newest_ms, self._frontier_ms or 0)

    @property
    def whole_from_ms(self) -> int:
        """Event time from which on everything was read that it is complete to."""
        complete_to_ms = self._complete_to_ms or 0
        unread = [sweep.end_ms + 1 for sweep in self._unread() if sweep.start_ms < complete_to_ms]
        return max([self._since_ms, *unread])

    def extend_back(self, since_ms: int) -> None:
        """Read from an earlier time on as well."""
        if since_ms < self._since_ms:
            if self._frontier_ms is not None or self._reading:
                self._wait(Sweep(since_ms, self._since_ms - 1, "backfill"))
            self._since_ms = since_ms

    @property
    def is_caught_up(self) -> bool:
        """Whether everything up to the last reading of the present was read at least once."""
        return self._frontier_ms is not None and not self._is_broken_off and self.unread_ms == 0

    @property
    def wants_present(self) -> bool:
        """Whether there is, or will be, a present to read that is not being read now."""
        is_read = self._until_ms is not None and self._frontier_ms is not None and not self._is_short()
        return not is_read and all(sweep.kind != "present" for sweep in self._reading)

    @property
    def is_finished(self) -> bool:
        """Whether a bounded range has been read."""
        return (
            self._until_ms is not None
            and self._frontier_ms is not None
            and self._frontier_ms >= self._until_ms - 1
            and not self._waiting
            and not self._reading
        )

    @property
    def has_slices(self) -> bool:
        """Whether stretches wait that can be read beside the present."""
        return bool(self._waiting)

    @property
    def unread_ms(self) -> int:
        """How much time of the past was never read."""
        return sum(sweep.end_ms - sweep.start_ms + 1 for sweep in self._unread())

    @property
    def remembered_from_ms(self) -> int:
        """No sweep will return events from before."""
        starts = [sweep.start_ms for sweep in (*self._waiting, *self._reading)]
        if not self.is_finished:
            starts.append(min(self._frontier_ms or 0, self._newest_ms) - DEEP_OVERLAP_MS)
            starts.append(self._looked_to_ms)
        return min(starts, default=self._frontier_ms or 0)

    @property
    def forgotten_before_ms(self) -> tuple[int, int]:
        """Events from before the first no sweep returns; those from before the second, only deep ones do."""
        packed_ms = min(self._frontier_ms or 0, self._newest_ms) - self.overlap_ms
        return self.remembered_from_ms - 1_000, packed_ms - 1_000

    @property
    def overlap_ms(self) -> int:
        """How far behind what is read the present is read twice a minute; between, it is the least overlap."""
        return self._lag.overlap_ms

    @property
    def remembered(self) -> int:
        """How many event ids are held."""
        return len(self._memory)

    def count_on(self, before: "LogCursor") -> None:
        """Go on with the accounts of a cursor in whose place this one reads."""
        self.fetched, self.delivered = before.fetched, before.delivered
        self.recovered, self.late = before.recovered, before.late

    def deepen(self) -> None:
        """Note that lines not asked for before are asked for from now on, of the last quarter of an hour as well.

        What is found of the past is then neither late nor recovered.
        """
        self._deepened_ms = self._frontier_ms or 0
        self._deep_ms = self._wide_ms = None

    def begin(self, now_ms: int, *, is_present_due: bool = True) -> Sweep | None:
        """Return the stretch to read now; None when all that there is to read is being read.

        The present and what waits take turns, so that neither starves.
        """
        if is_present_due and self.wants_present and not (self._was_present and self._waiting):
            sweep = self._present(now_ms)
        elif self._waiting:
            sweep = self._waiting.pop(0)
        else:
            return None
        self._was_present = sweep.kind == "present"
        self._reading.append(sweep)
        return sweep

    def take(self, events: Sequence[LogEvent], now_ms: int) -> list[LogEvent]:
        """Return the events of a page that were never seen before, and remember them."""
        fresh = self._memory.new(events)
        self.fetched += len(events)
        self.delivered += len(fresh)
        frontier_ms, newest_ms = self._frontier_ms, self._newest_ms
        ingestion_ms = self.newest_ingestion_ms
        known_ms = newest_ms if frontier_ms is None else min(newest_ms, frontier_ms + 1)
        """What is older is late; of what nothing was read to its end, filters let events through in turn."""
        unread = self._unread()
        for event in fresh:
            timestamp_ms = event.timestamp_ms
            ingestion_ms = max(ingestion_ms, event.ingestion_time_ms)
            if timestamp_ms > newest_ms:
                newest_ms = timestamp_ms
            elif frontier_ms is None or timestamp_ms <= self._deepened_ms:
                continue
            elif not any(sweep.start_ms <= timestamp_ms <= sweep.end_ms for sweep in unread):
                self.late += timestamp_ms < known_ms
                self.recovered += timestamp_ms <= frontier_ms
        self._newest_ms, self.newest_ingestion_ms = newest_ms, ingestion_ms
        if frontier_ms is not None and fresh:
            self._lag.observe([event.ingestion_time_ms - event.timestamp_ms for event in fresh], now_ms)
        return fresh

    def finish(self, sweep: Sweep, now_ms: int) -> int | None:
        """End a sweep that was read to its end; returns the event time that the group is complete to."""
        self._reading.remove(sweep)
        if sweep.kind == "present":
            self._frontier_ms = max(self._frontier_ms or 0, sweep.end_ms)
            self._is_broken_off = False
        self._forget()
        return self._complete_to(now_ms)

    def stop(self, sweep: Sweep, reached_ms: int) -> None:
        """End a sweep that broke off after everything before `reached_ms` was read; the rest is read later."""
        self._reading.remove(sweep)
        if sweep.kind != "present":
            self._wait(sweep._replace(start_ms=max(sweep.start_ms, reached_ms)))
            return
        self._is_broken_off = True
        if self._frontier_ms is not None and sweep.start_ms < self._frontier_ms - MIN_OVERLAP_MS:
            self._deep_ms = self._wide_ms = None
        if reached_ms > sweep.start_ms:
            self._frontier_ms = max(self._frontier_ms or 0, min(reached_ms, sweep.end_ms) - 1)

    def unread_from_ms(self, sweep: Sweep) -> int:
        """Return where a sweep leaves what was read before and comes to what was not."""
        if sweep.kind != "present" or self._frontier_ms is None:
            return sweep.start_ms
        return min(max(sweep.start_ms, self._frontier_ms + 1), sweep.end_ms + 1)

    def split(self, sweep: Sweep, reached_ms: int, slices: int) -> Sweep | None:
        """Let what a sweep was not to read again wait as equal slices; returns what is left of the sweep, if anything.

        Everything before `reached_ms` was read.
        """
        self._reading.remove(sweep)
        from_ms = max(reached_ms, self.unread_from_ms(sweep))
        if sweep.kind == "present":
            self._frontier_ms = max(self._frontier_ms or 0, sweep.end_ms)
            self._is_broken_off = False
        length_ms = max(1, -(-(sweep.end_ms + 1 - from_ms) // slices))
        for start_ms in range(from_ms, sweep.end_ms + 1, length_ms):
            end_ms = min(start_ms + length_ms - 1, sweep.end_ms)
            self._wait(Sweep(start_ms, end_ms, "deep" if sweep.kind == "deep" else "backfill"))
        if from_ms <= reached_ms:
            return None
        rest = sweep._replace(end_ms=from_ms - 1)
        self._reading.append(rest)
        return rest

    def _present(self, now_ms: int) -> Sweep:
        end_ms = now_ms if self._until_ms is None else self._until_ms - 1
        if self._frontier_ms is None:
            self._deep_ms = self._wide_ms = now_ms
            self._looked_to_ms = end_ms - self.overlap_ms
            return Sweep(min(self._since_ms, end_ms), end_ms, "present")
        if self._frontier_ms > now_ms and self._until_ms is None:  # a clock that was ahead has been set right
            self._frontier_ms = min(now_ms, max(self._since_ms, self._newest_ms))
            self._deep_ms = self._wide_ms = None
        read_ms = min(self._frontier_ms, end_ms)
        back_ms = BEHIND_OVERLAP_MS if self._unread() else self._back_ms(read_ms, now_ms)
        return Sweep(min(max(self._since_ms, read_ms - back_ms), end_ms), end_ms, "present")

    def _back_ms(self, read_ms: int, now_ms: int) -> int:
        """Return how far to go back behind what is read, for events that came late; what was never read comes first."""
        back_ms = MIN_OVERLAP_MS
        if self._wide_ms is None or now_ms - self._wide_ms >= WIDE_EVERY_MS:
            self._wide_ms, back_ms = now_ms, self.overlap_ms
        is_deep_due = self._deep_ms is None or now_ms - self._deep_ms >= DEEP_EVERY_MS
        is_deep_under_way = any(sweep.kind == "deep" for sweep in (*self._waiting, *self._reading))
        if self.is_bounded or not is_deep_due or is_deep_under_way:
            return back_ms
        start_ms = max(self._since_ms, min(read_ms - DEEP_OVERLAP_MS, self._looked_to_ms))
        self._deep_ms, self._looked_to_ms = now_ms, read_ms - back_ms
        if len(self._memory) <= DEEP_AT_ONCE_EVENTS:
            return read_ms - start_ms
        if self._looked_to_ms > start_ms:
            self._wait(Sweep(start_ms, self._looked_to_ms, "deep"))
        return back_ms

    def _is_short(self) -> bool:
        """Whether a bounded range broke off before its end."""
        return self._frontier_ms is not None and self._until_ms is not None and self._frontier_ms < self._until_ms - 1

    def _wait(self, sweep: Sweep) -> None:
        self._waiting.append(sweep)
        self._waiting.sort(key=lambda one: (one.kind == "deep", one.start_ms))

    def _unread(self) -> list[Sweep]:
        """Return the stretches that are, or will be, read for the first time."""
        return [sweep for sweep in (*self._waiting, *self._reading) if sweep.kind == "backfill"]

    def _overlaps(self) -> list[Sweep]:
        """Return what is left of presents that were split: read before, but not yet again for what came since."""
        edge_ms = self._frontier_ms or 0
        return [sweep for sweep in self._reading if sweep.kind == "present" and sweep.end_ms < edge_ms]

    def _complete_to(self, now_ms: int) -> int | None:
        if self._frontier_ms is None:
            return None
        edge_ms = self._frontier_ms + 1
        settled_ms = (now_ms if self._until_ms is not None else edge_ms) - self._lag.settle_ms
        open_ms = [sweep.start_ms for sweep in (*self._unread(), *self._overlaps())]
        complete_to_ms = max(self._complete_to_ms or 0, min([edge_ms, settled_ms, *open_ms]))
        self._complete_to_ms = min(complete_to_ms, now_ms)
        return self._complete_to_ms

    def _forget(self) -> None:
        """Drop what no sweep returns any more, and pack what only deep sweeps do."""
        forgotten_ms, packed_ms = self.forgotten_before_ms
        self._memory.forget_before(forgotten_ms)
        self._memory.pack_before(packed_ms)
