"""Which log groups are counted by one query: those with a common prefix by that, the others fifty at a time by name."""

from collections import Counter
from collections.abc import Iterable

from lambdatop.sources.insights_query import MAX_GROUPS
from lambdatop.sources.wide_batch import WideBatch

PREFIX = "/aws/lambda/"
MAX_PREFIX_GROUPS = 10_000
MISSING_MS = 600_000
MAX_MISSING_MS = 21_600_000


class WideGroups:
    """The batches; log groups stay in theirs as functions come and go."""

    def __init__(self, since_ms: int, until_ms: int | None) -> None:
        self._range = since_ms, until_ms
        self._is_prefix_good = True
        self._missing: dict[str, int] = {}
        self._misses: Counter[str] = Counter()
        self.batches: list[WideBatch] = []

    @property
    def missing(self) -> frozenset[str]:
        """Log groups that do not exist or cannot be queried, which no query may name."""
        return frozenset(self._missing)

    def miss(self, names: Iterable[str], now_ms: int) -> None:
        """Leave log groups out of queries for a while, longer each time."""
        for name in names:
            self._missing[name] = now_ms + min(MAX_MISSING_MS, MISSING_MS << min(8, self._misses[name]))
            self._misses[name] += 1

    def follow(self, groups: frozenset[str], now_ms: int) -> None:
        """Take in which log groups there are."""
        self._missing = {name: until_ms for name, until_ms in self._missing.items() if until_ms > now_ms}
        near = self._near(groups)
        by_prefix = next((one for one in self.batches if one.prefix is not None), None)
        if near and by_prefix is not None:
            by_prefix.names, by_prefix.prefix = near, common_prefix(near)
        elif near:
            self.batches.insert(0, self._batch(near, common_prefix(near), now_ms))
        for one in self.batches:
            if one.prefix is None or not near:
                one.names &= groups - near
        self.batches = [one for one in self.batches if one.names]
        self._join()
        self._place(groups - near, now_ms)

    def name_all(self, now_ms: int) -> None:
        """Ask for all log groups by their names from now on, and not by a prefix."""
        self._is_prefix_good = False
        for batch in [one for one in self.batches if one.prefix is not None]:
            names = sorted(batch.names)
            self.batches.remove(batch)
            self.batches += [
                batch.part(frozenset(names[start : start + MAX_GROUPS]), now_ms)
                for start in range(0, len(names), MAX_GROUPS)
            ]

    def halve(self, batch: WideBatch, now_ms: int) -> None:
        """Ask for the log groups of a batch in two queries."""
        if batch not in self.batches:
            return
        names = sorted(batch.names)
        middle = len(names) // 2
        self.batches.remove(batch)
        self.batches += [batch.part(frozenset(part), now_ms) for part in (names[:middle], names[middle:]) if part]

    def _near(self, groups: frozenset[str]) -> frozenset[str]:
        near = frozenset(name for name in groups if name.startswith(PREFIX))
        return near if self._is_prefix_good and MAX_GROUPS < len(near) <= MAX_PREFIX_GROUPS else frozenset()

    def _batch(self, names: frozenset[str], prefix: str | None, now_ms: int) -> WideBatch:
        return WideBatch(names, prefix, *self._range, now_ms)

    def _join(self) -> None:
        """Make one of small batches that are counted equally far."""
        kept: list[WideBatch] = []
        for one in self.batches:
            fit = next((other for other in kept if other.takes(one, MAX_GROUPS)), None)
            if fit is None:
                kept.append(one)
            else:
                fit.names |= one.names
        self.batches = kept

    def _place(self, groups: frozenset[str], now_ms: int) -> None:
        """Put log groups that are new where there is room."""
        known = frozenset[str]().union(*(one.names for one in self.batches))
        new = sorted(groups - known)
        for one in self.batches:
            room = MAX_GROUPS - len(one.names)
            if one.prefix is None and room > 0 and new:
                one.names |= frozenset(new[:room])
                new = new[room:]
        self.batches += [
            self._batch(frozenset(new[start : start + MAX_GROUPS]), None, now_ms)
            for start in range(0, len(new), MAX_GROUPS)
        ]


def common_prefix(names: Iterable[str]) -> str:
    """Return what all names begin with.

    >>> common_prefix(["/aws/lambda/orders-a", "/aws/lambda/orders-b"])
    '/aws/lambda/orders-'
    """
    first, last = min(names), max(names)
    length = next(
        (index for index, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    return first[:length]
