"""What one snapshot is about: its window and its fifteen minutes."""

from msgspec import Struct

from lambdatop.model.view import WINDOW_MS, Window
from lambdatop.store.rolling_window import MINUTE_MS, TEN_S_MS

TREND_MINUTES = 15


class Frame(Struct, frozen=True):
    """The window `[start_ms, end_ms)` rounded outward to whole buckets, and the minutes of the trends."""

    window: Window
    started_at_ms: int
    end_ms: int

    @property
    def minutes(self) -> tuple[int, ...]:
        """Start of each of the last fifteen minutes, the last one being the running minute."""
        last_ms = (self.end_ms - 1) // MINUTE_MS * MINUTE_MS
        return tuple(last_ms - (TREND_MINUTES - 1 - index) * MINUTE_MS for index in range(TREND_MINUTES))

    def bucket_start_ms(self, window: Window) -> int | None:
        """Where a window's first bucket begins; None for everything since the start."""
        length_ms = WINDOW_MS[window]
        return None if length_ms is None else bucket_start_ms(self.end_ms - length_ms, length_ms)

    def start_ms(self, window: Window) -> int:
        """Where a window begins, never before counting began."""
        return max(self.started_at_ms, self.bucket_start_ms(window) or 0)


def bucket_start_ms(timestamp_ms: int, length_ms: int) -> int:
    """Round the start of a window of some length down to a bucket."""
    return timestamp_ms - timestamp_ms % (TEN_S_MS if length_ms <= 5 * MINUTE_MS else MINUTE_MS)
