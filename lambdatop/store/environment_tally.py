"""What is remembered of one execution environment for as long as its log stream is."""

from lambdatop.store.memory_series import MemorySeries
from lambdatop.store.occurrence import Occurrence


class EnvironmentTally:
    """Counts and times of one stream; each REPORT is counted once, whenever it comes, and failures can be taken back.

    Some 850 bytes, however long the stream is.
    """

    __slots__ = (
        "began_cold_ms",
        "failures",
        "first_ms",
        "invocations",
        "is_proactive",
        "last_ms",
        "memory",
        "reports",
    )

    def __init__(self) -> None:
        self.first_ms = self.last_ms = 0
        """Of the oldest and the newest record."""
        self.invocations = 0
        """In the span that is counted, those without a REPORT as far as they are known to have failed."""
        self.failures = 0
        self.reports = 0
        """Of any time."""
        self.began_cold_ms: int | None = None
        self.is_proactive = False
        """Whether it was initialised outside any request."""
        self.memory = MemorySeries()

    def count_report(self, occurrence: Occurrence, at_ms: int, *, is_counted: bool) -> None:
        """Take in a REPORT, which counts as an invocation where it lies in the span."""
        self.reports += 1
        self.invocations += is_counted
        if occurrence.init_duration_ms is not None or occurrence.restore_duration_ms is not None:
            self.began_cold_ms = at_ms if self.began_cold_ms is None else min(at_ms, self.began_cold_ms)
        used_mb = occurrence.max_memory_used_mb
        if used_mb is not None:
            self.memory.add(at_ms, used_mb)

    def count_failure(self, at_ms: int, number: int, *, is_reported: bool = True, is_crash: bool = False) -> None:
        """Take in, or take back, a failed invocation; one without a REPORT counts as an invocation by that alone."""
        self.failures += number
        if not is_reported:
            self.invocations += number
        elif is_crash:
            self.memory.count_crash(at_ms, number)
