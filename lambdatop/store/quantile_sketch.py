"""Quantiles in bounded memory: a histogram whose buckets grow by a constant ratio.

The method is DDSketch's (Masson, Rim, Lee, PVLDB 12(12), 2019, section 2): bucket `i` holds the values in
`(gamma^(i-1), gamma^i]` with `gamma = (1 + alpha) / (1 - alpha)`, and its middle is within `alpha` of all of them.
"""

from array import array
from collections.abc import Iterable
from math import ceil, log

from lambdatop.model.statistics import Percentiles

RELATIVE_ERROR = 0.01
"""A quantile is within one percent of the value of that rank."""
GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
BUCKETS_PER_E = 1 / log(GAMMA)
SMALLEST = 1e-3
"""Values up to this (a microsecond, in milliseconds) count as zero."""
ZERO_BUCKET = -1_000_000


def bucket_of(value: float) -> int:
    """The bucket a value falls into.

    >>> bucket_of(1.0), bucket_of(0.0) == ZERO_BUCKET
    (0, True)
    """
    return ceil(log(value) * BUCKETS_PER_E) if value > SMALLEST else ZERO_BUCKET


def value_of(bucket: int) -> float:
    """The value that is within the relative error of everything in the bucket."""
    return 0.0 if bucket == ZERO_BUCKET else float(2 * GAMMA**bucket / (GAMMA + 1))


class QuantileSketch:
    """Counts by bucket, with the exact maximum; sketches of the same values are equal in whatever order they came.

    At most some 1,000 buckets for 0.001 ms to 90 minutes; `pack` keeps 8 bytes a used bucket instead of about 100.
    """

    __slots__ = ("_counts", "_packed", "max")

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._packed: bytes | None = None
        self.max = 0.0

    @property
    def counts(self) -> dict[int, int]:
        """Values by bucket; unpacks."""
        if self._packed is not None:
            self._counts = _unpacked(self._packed)
            self._packed = None
        return self._counts

    def peek(self) -> dict[int, int]:
        """Values by bucket, to be read at once; stays packed."""
        return self._counts if self._packed is None else _unpacked(self._packed)

    @property
    def count(self) -> int:
        """How many values."""
        return sum(self.counts.values())

    def add(self, value: float) -> None:
        """Count one value, at or above zero."""
        counts = self._counts if self._packed is None else self.counts
        bucket = ceil(log(value) * BUCKETS_PER_E) if value > SMALLEST else ZERO_BUCKET
        counts[bucket] = counts.get(bucket, 0) + 1
        self.max = max(self.max, value)

    def add_many(self, values: Iterable[tuple[float, int]], maximum: float) -> None:
        """Count values that each stand for several near them, of which the largest is known exactly."""
        counts = self.counts
        for value, count in values:
            bucket = bucket_of(value)
            counts[bucket] = counts.get(bucket, 0) + count
        self.max = max(self.max, maximum)

    def merge(self, other: "QuantileSketch") -> None:
        """Count all of another sketch's values too."""
        counts = self.counts
        theirs = other.peek()
        if counts:
            for bucket, count in theirs.items():
                counts[bucket] = counts.get(bucket, 0) + count
        else:
            counts.update(theirs)
        self.max = max(self.max, other.max)

    def subtract(self, other: "QuantileSketch") -> None:
        """Take back values that were added before; the maximum stays."""
        counts = self.counts
        for bucket, count in other.counts.items():
            left = counts.get(bucket, 0) - count
            if left > 0:
                counts[bucket] = left
            else:
                counts.pop(bucket, None)

    def pack(self) -> None:
        """Make it small; the next use unpacks."""
        if self._packed is None:
            numbers = array("i")
            for bucket, count in self._counts.items():
                numbers.append(bucket)
                numbers.append(count)
            self._packed = numbers.tobytes()
            self._counts = {}

    def quantiles(self, ranks: Iterable[float]) -> list[float]:
        """The values of ascending ranks between 0 and 1 (the lower of two neighbours); not for an empty sketch."""
        counts = self.counts
        buckets = sorted(counts)
        last = sum(counts.values()) - 1
        found: list[float] = []
        position = 0
        seen = counts[buckets[0]]
        for rank in ranks:
            while seen <= rank * last:
                position += 1
                seen += counts[buckets[position]]
            found.append(min(value_of(buckets[position]), self.max))
        return found

    def percentiles(self) -> Percentiles | None:
        """The usual ones, None without values."""
        if not self.counts:
            return None
        p50, p95, p99 = self.quantiles((0.5, 0.95, 0.99))
        return Percentiles(count=self.count, p50=p50, p95=p95, p99=p99, max=self.max)


def _unpacked(packed: bytes) -> dict[int, int]:
    numbers = array("i")
    numbers.frombytes(packed)
    flat = numbers.tolist()
    return dict(zip(flat[::2], flat[1::2], strict=True))
