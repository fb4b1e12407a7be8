"""Sums of what happened in one stretch of time."""

from collections.abc import Iterable

from lambdatop.model.statistics import ErrorKinds, FailureKind
from lambdatop.store.quantile_sketch import QuantileSketch

NO_ERRORS = ErrorKinds()


class Bucket:
    """Sums of what happened in one stretch of time; `billed_mb_ms` is billed duration times memory size."""

    __slots__ = (
        "application_errors",
        "billed_duration_ms",
        "billed_mb_ms",
        "cold_starts",
        "durations",
        "failures",
        "init_durations",
        "invocations",
        "max_memory_used_mb",
        "proactive_inits",
        "restore_durations",
        "restores",
        "suppressed_inits",
    )

    def __init__(self) -> None:
        self.invocations = 0
        self.cold_starts = 0
        self.restores = 0
        self.proactive_inits = 0
        self.suppressed_inits = 0
        self.application_errors = 0
        self.billed_duration_ms = 0
        self.billed_mb_ms = 0
        self.max_memory_used_mb = 0
        self.failures: dict[FailureKind, int] | None = None
        self.durations = QuantileSketch()
        self.init_durations: QuantileSketch | None = None
        self.restore_durations: QuantileSketch | None = None

    def add_failure(self, kind: FailureKind, number: int) -> None:
        """Count failed invocations of a kind; -1 takes one back."""
        failures = self.failures = self.failures or {}
        failures[kind] = failures.get(kind, 0) + number

    @property
    def is_used(self) -> bool:
        """Whether anything has been counted."""
        return bool(self.invocations or self.application_errors or self.proactive_inits or self.failures)

    def count_cold_start(self, init_duration_ms: float | None, restore_duration_ms: float | None) -> None:
        """Count a report with an init or a restore phase, however short."""
        self.cold_starts += 1
        if restore_duration_ms is not None:
            self.restores += 1
            self.restore_durations = self.restore_durations or QuantileSketch()
            self.restore_durations.add(restore_duration_ms)
        if init_duration_ms is not None:
            self.init_durations = self.init_durations or QuantileSketch()
            self.init_durations.add(init_duration_ms)

    @property
    def error_kinds(self) -> ErrorKinds:
        """Failed invocations by kind."""
        return ErrorKinds(**self.failures) if self.failures else NO_ERRORS

    @property
    def errors(self) -> int:
        """All failed invocations."""
        return sum(self.failures.values()) if self.failures else 0

    def add(self, other: "Bucket") -> None:
        """Count all of another bucket too."""
        self.invocations += other.invocations
        self.cold_starts += other.cold_starts
        self.restores += other.restores
        self.proactive_inits += other.proactive_inits
        self.suppressed_inits += other.suppressed_inits
        self.application_errors += other.application_errors
        self.billed_duration_ms += other.billed_duration_ms
        self.billed_mb_ms += other.billed_mb_ms
        self.max_memory_used_mb = max(self.max_memory_used_mb, other.max_memory_used_mb)
        if other.failures:
            for kind, number in other.failures.items():
                self.add_failure(kind, number)
        self.durations.merge(other.durations)
        if other.init_durations is not None:
            self.init_durations = self.init_durations or QuantileSketch()
            self.init_durations.merge(other.init_durations)
        if other.restore_durations is not None:
            self.restore_durations = self.restore_durations or QuantileSketch()
            self.restore_durations.merge(other.restore_durations)

    def subtract(self, other: "Bucket") -> None:
        """Take back the sums of reports that were added before; maxima stay."""
        self.invocations -= other.invocations
        self.cold_starts -= other.cold_starts
        self.restores -= other.restores
        self.billed_duration_ms -= other.billed_duration_ms
        self.billed_mb_ms -= other.billed_mb_ms
        self.durations.subtract(other.durations)
        if self.init_durations is not None and other.init_durations is not None:
            self.init_durations.subtract(other.init_durations)
        if self.restore_durations is not None and other.restore_durations is not None:
            self.restore_durations.subtract(other.restore_durations)

    def pack(self) -> None:
        """Make the sketches small."""
        self.durations.pack()
        if self.init_durations is not None:
            self.init_durations.pack()
        if self.restore_durations is not None:
            self.restore_durations.pack()


def merged(buckets: Iterable[Bucket]) -> Bucket:
    """One bucket with the sums of several."""
    total = Bucket()
    for bucket in buckets:
        total.add(bucket)
    return total
