"""When all lines of a log group were read, and not only the platform's and those that tell of a failure."""

from lambdatop.model.delivery import LogEventsDelivered

SPANS_KEPT = 32


class FullText:
    """The stretches of event time of which every line was asked for, as far as what was delivered tells.

    Where all lines are asked for from now on, those of the last minutes are as well. Where a sweep does not say how far
    back, the oldest line that came does: a stretch may then be longer than it is said to be, but not shorter.
    """

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._oldest_ms: int | None = None
        """Of the sweeps under way."""
        self._is_open = False

    def apply(self, delivery: LogEventsDelivered) -> None:
        """Take note of a page."""
        if delivery.depth != "full":
            self._is_open, self._oldest_ms = False, None
            return
        times = [event.timestamp_ms for event in delivery.events]
        if self._oldest_ms is not None:
            times.append(self._oldest_ms)
        self._oldest_ms = min(times, default=None)
        if delivery.swept_to_ms is not None:
            begin_ms = delivery.swept_to_ms if self._oldest_ms is None else self._oldest_ms
            if delivery.full_from_ms is not None:
                begin_ms = delivery.full_from_ms
            self._extend(min(begin_ms, delivery.swept_to_ms), delivery.swept_to_ms)
            self._is_open, self._oldest_ms = True, None

    @property
    def open_from_ms(self) -> int | None:
        """Since when all lines have been read, also those that come; None while they are not."""
        return self._spans[-1][0] if self._is_open else None

    def covers(self, start_ms: int, end_ms: int) -> bool:
        """Return whether all lines between two moments were read, or are being read where the end is yet to come."""
        for index, (first_ms, last_ms) in enumerate(reversed(self._spans)):
            if first_ms <= start_ms and (end_ms <= last_ms or (self._is_open and index == 0)):
                return True
        return False

    def _extend(self, first_ms: int, last_ms: int) -> None:
        while self._spans and (self._is_open or first_ms <= self._spans[-1][1]):
            before = self._spans.pop()
            first_ms, last_ms = min(first_ms, before[0]), max(last_ms, before[1])
            self._is_open = False
        self._spans.append((first_ms, last_ms))
        del self._spans[:-SPANS_KEPT]
