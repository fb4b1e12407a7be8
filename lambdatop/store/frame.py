"""What one snapshot is about: its window and its fifteen minutes."""

from msgspec import Struct
from msgspec.structs import replace

from lambdatop.model.view import WINDOW_MS, Window
from lambdatop.store.rolling_window import MINUTE_MS, TEN_S_MS

TREND_MINUTES = 15


class Frame(Struct, frozen=True):
    """The window `[start_ms, end_ms)` rounded outward to whole buckets, and the minutes of the trends."""

    window: Window
    started_at_ms: int
    end_ms: int
    minutes: tuple[int, ...]
    """Start of each of the last fifteen minutes, the last one being the running minute."""

    def ending(self, end_ms: int) -> "Frame":
        """Return the same of what can be told of a function that is read to a moment before the end."""
        return self if end_ms >= self.end_ms else replace(self, end_ms=max(end_ms, self.started_at_ms + 1))

    def bucket_start_ms(self, window: Window) -> int | None:
        """Where a window's first bucket begins; None for everything since the start."""
        length_ms = WINDOW_MS[window]
        return None if length_ms is None else rounded_down(self.end_ms - length_ms, length_ms)

    def start_ms(self, window: Window) -> int:
        """Where a window begins, never before counting began."""
        return max(self.started_at_ms, self.bucket_start_ms(window) or 0)


def frame_of(window: Window, started_at_ms: int, end_ms: int) -> Frame:
    """The frame of a snapshot whose windows end at `end_ms`."""
    end_ms = max(end_ms, started_at_ms + 1)
    last_ms = (end_ms - 1) // MINUTE_MS * MINUTE_MS
    minutes = tuple(range(last_ms - (TREND_MINUTES - 1) * MINUTE_MS, last_ms + 1, MINUTE_MS))
    return Frame(window, started_at_ms, end_ms, minutes)


def rounded_down(timestamp_ms: int, length_ms: int) -> int:
    """The start of a window of some length, rounded down to a bucket."""
    return timestamp_ms - timestamp_ms % (TEN_S_MS if length_ms <= 5 * MINUTE_MS else MINUTE_MS)
