"""The intervals of one stream's invocations in its function's timeline of concurrency."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.occurrence import Occurrence

OPEN_MARGIN_MS = 10_000
"""How long beyond its timeout an invocation without a REPORT still counts as in flight."""

_Start = tuple[str, int]
"""Request ID and time of a START."""


class OpenIntervals:
    """Ends of the intervals that stand in the timeline for invocations without a REPORT."""

    __slots__ = ("_ends", "_function")

    def __init__(self, function: FunctionLedger) -> None:
        self._function = function
        self._ends: dict[_Start, int] = {}

    def __bool__(self) -> bool:
        return bool(self._ends)

    def settle(self, starts: Sequence[_Start], begins: Sequence[int]) -> None:
        """Keep an interval for each of these STARTs and for no other.

        It ends a little after the function's timeout or, as a stream is serial, at the next of `begins` (ascending).
        """
        longest_ms = self._function.timeout_ms + OPEN_MARGIN_MS
        due: dict[_Start, int] = {}
        for request_id, start_ms in starts:
            following = bisect_right(begins, start_ms)
            until_ms = begins[following] if following < len(begins) else start_ms + longest_ms
            due[request_id, start_ms] = min(start_ms + longest_ms, until_ms)
        if due == self._ends:
            return
        for (request_id, start_ms), end_ms in self._ends.items():
            if due.get((request_id, start_ms)) != end_ms:
                self._function.leave_timeline(start_ms, end_ms)
        for (request_id, start_ms), end_ms in due.items():
            if self._ends.get((request_id, start_ms)) != end_ms:
                self._function.enter_timeline(start_ms, end_ms)
        self._ends = due

    def forget(self, start: _Start) -> None:
        """Leave an interval as it is, for good."""
        self._ends.pop(start, None)

    def running(self, at_ms: int) -> Iterable[str]:
        """The request IDs of those that have not come to their end at a moment."""
        return (request_id for (request_id, _), end_ms in self._ends.items() if end_ms > at_ms)


def enter_timeline(function: FunctionLedger, occurrence: Occurrence, previous: Occurrence | None) -> None:
    """Put `[end - duration - init, end]` in, not before its START without the init, nor the previous end.

    A REPORT is logged some milliseconds after the end, when another environment may have the place already: where
    the START is known, the interval ends a duration after it.
    """
    end_ms, start_ms = occurrence.end_ms or 0, occurrence.start_ms
    duration_ms = int(occurrence.duration_ms or 0)
    begin_ms, until_ms = end_ms - duration_ms, end_ms
    if start_ms is not None and start_ms + duration_ms + 1 < end_ms:
        begin_ms, until_ms = start_ms, start_ms + duration_ms + 1
    elif start_ms is not None and start_ms > begin_ms:
        begin_ms = start_ms
    if occurrence.init_duration_ms or occurrence.restore_duration_ms:
        begin_ms -= int((occurrence.init_duration_ms or 0) + (occurrence.restore_duration_ms or 0))
    if previous is not None:
        previous_ms = previous.end_ms or 0
        if begin_ms < previous_ms and not function.is_concurrent:
            begin_ms = min(previous_ms, until_ms)
    known_ms = occurrence.begin_ms
    if known_ms != begin_ms or occurrence.until_ms != until_ms:
        if known_ms is not None:
            function.leave_timeline(known_ms, occurrence.until_ms or end_ms)
        occurrence.begin_ms, occurrence.until_ms = begin_ms, until_ms
        function.enter_timeline(begin_ms, until_ms)
