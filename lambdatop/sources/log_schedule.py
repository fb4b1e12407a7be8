"""Which log group to sweep next: the opened one first, then near and quiet ones by turns, so that none starves."""

import heapq
from enum import IntEnum


class Lane(IntEnum):
    """How much a group matters now."""

    FOCUSED = 0
    NEAR = 1
    """On screen, or with functions that run."""
    QUIET = 2


class LogSchedule:
    """Groups waiting for their time, a heap a lane; what is superseded in a heap is dropped when it comes up."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[int, Lane]] = {}
        self._heaps: dict[Lane, list[tuple[int, str]]] = {lane: [] for lane in Lane}
        self._is_quiets_turn = False

    def put(self, name: str, due_ms: int, lane: Lane) -> None:
        """Let a group wait until a time; one that waits already is moved."""
        self._waiting[name] = due_ms, lane
        heapq.heappush(self._heaps[lane], (due_ms, name))

    def drop(self, name: str) -> None:
        """Let a group wait no more."""
        self._waiting.pop(name, None)

    def waiting(self, name: str) -> tuple[int, Lane] | None:
        """Return until when and in which lane a group waits; None while it is swept or dropped."""
        return self._waiting.get(name)

    def next_due_ms(self) -> int | None:
        """Return when the next group is due; None when none waits."""
        return min((due_ms for lane in Lane if (due_ms := self._head_ms(lane)) is not None), default=None)

    def take(self, now_ms: int) -> str | None:
        """Take the group to sweep now, None when none is due."""
        due = [lane for lane in Lane if (head_ms := self._head_ms(lane)) is not None and head_ms <= now_ms]
        if not due:
            return None
        lane = due[0]
        if due == [Lane.NEAR, Lane.QUIET]:
            lane = Lane.QUIET if self._is_quiets_turn else Lane.NEAR
            self._is_quiets_turn = not self._is_quiets_turn
        _, name = heapq.heappop(self._heaps[lane])
        del self._waiting[name]
        return name

    def _head_ms(self, lane: Lane) -> int | None:
        heap = self._heaps[lane]
        while heap:
            due_ms, name = heap[0]
            if self._waiting.get(name) == (due_ms, lane):
                return due_ms
            heapq.heappop(heap)
        return None
