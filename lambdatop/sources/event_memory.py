"""Which log events were seen, in as little memory as knowing it exactly allows.

An id is kept as a 64-bit hash: among a million remembered events, two different ones are taken for one with a
probability of 3 in 100 million. Minutes that sweeps rarely come back to are packed, at 8 bytes an event.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from lambdatop.model.log_event import LogEvent

MINUTE_MS = 60_000


class EventMemory:
    """Event ids by the minute of the event's time, so that forgetting and packing deal with whole minutes."""

    def __init__(self) -> None:
        self._open: dict[int, set[int]] = {}
        self._packed: dict[int, array[int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._open.values())) + sum(map(len, self._packed.values()))

    def new(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        """Return the events that were never seen before, and remember them."""
        fresh: list[LogEvent] = []
        minute, ids, packed = -1, set[int](), self._packed.get(-1)
        for event in events:
            if event.timestamp_ms // MINUTE_MS != minute:
                minute = event.timestamp_ms // MINUTE_MS
                ids, packed = self._open.setdefault(minute, set()), self._packed.get(minute)
            number = hash(event.event_id or event)
            if number in ids or (packed is not None and _holds(packed, number)):
                continue
            ids.add(number)
            fresh.append(event)
        return fresh

    def pack_before(self, time_ms: int) -> None:
        """Pack minutes that ended before a time; late events of theirs are still taken in."""
        for minute in [minute for minute in self._open if (minute + 1) * MINUTE_MS <= time_ms]:
            numbers = self._open.pop(minute)
            if numbers:
                self._packed[minute] = array("q", sorted(numbers.union(self._packed.get(minute, ()))))

    def forget_before(self, time_ms: int) -> None:
        """Drop minutes that ended before a time."""
        for minutes in (self._open, self._packed):
            for minute in [minute for minute in minutes if (minute + 1) * MINUTE_MS <= time_ms]:
                del minutes[minute]


def _holds(numbers: "array[int]", number: int) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number
