"""The embedded account's time: the machine's clock, faster, or moved by hand."""

import threading
import time


class Clock:
    """Epoch milliseconds that run `speed` times as fast as the machine's clock; `speed=0` moves by `advance` alone."""

    def __init__(self, *, start_ms: int | None = None, speed: float = 1.0) -> None:
        self.speed = speed
        self._lock = threading.Lock()
        self._origin_ms = time.time_ns() // 1_000_000 if start_ms is None else start_ms
        self._started_ns = time.monotonic_ns()

    def now_ms(self) -> int:
        """The account's time now."""
        elapsed_ms = (time.monotonic_ns() - self._started_ns) / 1_000_000
        return self._origin_ms + int(elapsed_ms * self.speed)

    def advance(self, milliseconds: int) -> None:
        """Move the account's time forward at once."""
        with self._lock:
            self._origin_ms += milliseconds
