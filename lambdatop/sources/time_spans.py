"""Stretches of event time that were read, joined where they touch."""

SPANS_KEPT = 64


class TimeSpans:
    """A set of milliseconds, both ends of each stretch included; the oldest stretches are forgotten."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    @property
    def newest_from_ms(self) -> int | None:
        """Where the newest stretch without a gap begins."""
        return self._spans[-1][0] if self._spans else None

    @property
    def newest_to_ms(self) -> int | None:
        """Where the newest stretch ends."""
        return self._spans[-1][1] if self._spans else None

    def add(self, start_ms: int, end_ms: int) -> None:
        """Take in a stretch; one that ends before it starts is none."""
        if end_ms < start_ms:
            return
        apart = [span for span in self._spans if span[1] < start_ms - 1 or span[0] > end_ms + 1]
        joined = [span for span in self._spans if span not in apart]
        start_ms = min([start_ms, *(span[0] for span in joined)])
        end_ms = max([end_ms, *(span[1] for span in joined)])
        self._spans = sorted([*apart, (start_ms, end_ms)])[-SPANS_KEPT:]
