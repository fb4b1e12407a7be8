"""Stretches of event time that something is known of, joined where they touch."""

from bisect import bisect_right

SPANS_KEPT = 64


class CoveredSpans:
    """A set of milliseconds as stretches `[from, to)`; beyond so many, the oldest stretches are forgotten."""

    __slots__ = ("_spans",)

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._spans)

    @property
    def end_ms(self) -> int:
        """Where the newest stretch ends; 0 without any."""
        return self._spans[-1][1] if self._spans else 0

    def add(self, from_ms: int, to_ms: int) -> None:
        """Take in a stretch; one that ends before it starts is none."""
        if to_ms <= from_ms:
            return
        if self._spans and self._spans[-1][0] <= from_ms <= self._spans[-1][1]:
            self._spans[-1] = self._spans[-1][0], max(to_ms, self._spans[-1][1])
            return
        apart = [span for span in self._spans if span[1] < from_ms or span[0] > to_ms]
        joined = [span for span in self._spans if span not in apart]
        from_ms = min([from_ms, *(span[0] for span in joined)])
        to_ms = max([to_ms, *(span[1] for span in joined)])
        self._spans = sorted([*apart, (from_ms, to_ms)])[-SPANS_KEPT:]

    def covers(self, from_ms: int, to_ms: int) -> bool:
        """Return whether all of a stretch is in the set."""
        return self.end_around_ms(from_ms, to_ms) is not None

    def end_around_ms(self, from_ms: int, to_ms: int) -> int | None:
        """Return where the stretch ends that all of another one lies in; None where there is none."""
        index = bisect_right(self._spans, (from_ms, 1 << 62)) - 1
        return self._spans[index][1] if index >= 0 and to_ms <= self._spans[index][1] else None
