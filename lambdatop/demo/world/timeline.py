"""What will happen when, in order of time and then of planning."""

import heapq
import itertools
from collections.abc import Callable


class Timeline:
    """Actions that are due at a time in epoch ms and are called with it."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Callable[..., None], tuple[object, ...]]] = []
        self._sequence = itertools.count()

    def at(self, time_ms: int, action: Callable[..., None], *arguments: object) -> None:
        """Plan a call of `action(time_ms, *arguments)`."""
        heapq.heappush(self._heap, (time_ms, next(self._sequence), action, arguments))

    def run_until(self, now_ms: int) -> None:
        """Call everything that is due, and what that plans if it is due as well."""
        while self._heap and self._heap[0][0] <= now_ms:
            time_ms, _, action, arguments = heapq.heappop(self._heap)
            action(time_ms, *arguments)
