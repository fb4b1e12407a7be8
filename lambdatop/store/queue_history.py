"""Depth of dead-letter queues, now and at the end of each of the last fifteen minutes."""

from msgspec.structs import replace

from lambdatop.model.delivery import QueuesDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.queue_depth import QueueDepth
from lambdatop.model.statistics import FunctionQueue

MINUTE_MS = 60_000
MINUTES = 15


class QueueHistory:
    """The queues of all scopes; fifteen numbers each are kept."""

    def __init__(self) -> None:
        self._queues: dict[Scope, tuple[QueueDepth, ...]] = {}
        self._depths: dict[tuple[Scope, str], dict[int, tuple[int, int | None]]] = {}
        self._by_function: dict[FunctionKey, list[QueueDepth]] = {}

    def apply(self, delivery: QueuesDelivered, now_ms: int) -> set[FunctionKey]:
        """Take in the depths of a scope's queues; returns the functions whose queues changed."""
        before = {key: self.of_function(key) for key in self._by_function}
        known = {queue.arn: queue for queue in self._queues.get(delivery.scope, ())}
        self._queues[delivery.scope] = tuple(_newer(known.get(queue.arn), queue) for queue in delivery.queues)
        for queue in delivery.queues:
            read_at_ms = queue.read_at_ms if queue.read_at_ms is not None else now_ms
            minute_ms = read_at_ms - read_at_ms % MINUTE_MS
            depths = self._depths.setdefault((delivery.scope, queue.arn), {})
            if minute_ms not in depths or depths[minute_ms][0] <= read_at_ms:
                depths[minute_ms] = read_at_ms, queue.depth
            for old_ms in sorted(depths)[: -MINUTES - 1]:
                del depths[old_ms]
        arns = {queue.arn for queue in delivery.queues}
        for scope, arn in list(self._depths):
            if scope == delivery.scope and arn not in arns:
                del self._depths[scope, arn]
        self._index()
        keys = before.keys() | self._by_function.keys()
        return {key for key in keys if before.get(key) != self.of_function(key)}

    def of_function(self, key: FunctionKey) -> FunctionQueue | None:
        """The dead-letter queues of one function, summed."""
        queues = self._by_function.get(key)
        if not queues:
            return None
        depths = [queue.depth for queue in queues if queue.depth is not None]
        ages = [queue.age_of_oldest_s for queue in queues if queue.age_of_oldest_s is not None]
        deepest = max(queues, key=lambda queue: (queue.depth or 0, queue.name))
        return FunctionQueue(
            name=deepest.name, depth=sum(depths) if depths else None, age_of_oldest_s=max(ages, default=None)
        )

    def growth(self, key: FunctionKey, end_ms: int, minutes: int = MINUTES) -> int | None:
        """By how many messages a function's queues grew over the last minutes; None when that is not known."""
        growths = [
            known[-1] - known[0]
            for queue in self._by_function.get(key, ())
            if (known := [depth for depth in self._trend(queue, end_ms)[-minutes:] if depth is not None])
        ]
        return sum(growths) if growths else None

    def frozen(self, end_ms: int) -> tuple[QueueDepth, ...]:
        """All queues with their history, by name."""
        queues = [queue for queues in self._queues.values() for queue in queues]
        return tuple(
            replace(queue, trend=self._trend(queue, end_ms)) for queue in sorted(queues, key=lambda each: each.name)
        )

    def total_trend(self, end_ms: int) -> tuple[int | None, ...]:
        """Messages in all queues together by minute, None where no depth is known."""
        trends = [self._trend(queue, end_ms) for queues in self._queues.values() for queue in queues]
        if not trends:
            return (None,) * MINUTES
        columns = [[depth for depth in column if depth is not None] for column in zip(*trends, strict=True)]
        return tuple(sum(column) if column else None for column in columns)

    def _trend(self, queue: QueueDepth, end_ms: int) -> tuple[int | None, ...]:
        """Depth by minute; a minute without a reading between two others has the earlier one's depth."""
        depths = self._depths.get((queue.scope, queue.arn), {})
        last_ms = end_ms - end_ms % MINUTE_MS
        first_ms = last_ms - (MINUTES - 1) * MINUTE_MS
        trend: list[int | None] = []
        depth = next((depths[at_ms][1] for at_ms in sorted(depths, reverse=True) if at_ms < first_ms), None)
        for at_ms in range(first_ms, last_ms + 1, MINUTE_MS):
            depth = depths[at_ms][1] if at_ms in depths else depth
            trend.append(depth)
        return tuple(trend)

    def _index(self) -> None:
        by_function: dict[FunctionKey, list[QueueDepth]] = {}
        for queues in self._queues.values():
            for queue in queues:
                for key in {source.function for source in queue.sources}:
                    by_function.setdefault(key, []).append(queue)
        self._by_function = by_function


def _newer(known: QueueDepth | None, read: QueueDepth) -> QueueDepth:
    """The later reading of a queue; equal when nothing but the time of reading differs is still the later one."""
    if known is None or known.read_at_ms is None or read.read_at_ms is None or read.read_at_ms >= known.read_at_ms:
        return read
    return known
