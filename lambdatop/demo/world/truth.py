"""What really happened, to hold lambdatop's numbers against."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lambdatop.demo.world.invocation import Invocation


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished invocation."""

    function: str
    version: str
    invoked_ms: int
    reported_ms: int
    """The timestamp of its REPORT."""
    duration_ms: float
    init_ms: float | None
    restore_ms: float | None
    error_kind: str | None


@dataclass(slots=True)
class Counts:
    """Totals over a time range."""

    invocations: int = 0
    cold_starts: int = 0
    restores: int = 0
    throttles: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    """By kind."""


class Truth:
    """Every outcome and throttle of the world, queried by time range."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.throttles: list[tuple[int, str]] = []
        """(time_ms, function)."""

    def note(self, invocation: Invocation) -> None:
        """Count a finished invocation."""
        self.outcomes.append(
            Outcome(
                invocation.model.name,
                invocation.environment.version,
                invocation.invoked_ms,
                invocation.ended_ms,
                invocation.duration_ms,
                invocation.init_ms,
                invocation.restore_ms,
                invocation.failure.kind if invocation.failure else None,
            )
        )

    def counts(self, start_ms: int, end_ms: int, function: str | None = None) -> Counts:
        """Totals of what was reported at start_ms ≤ time < end_ms, of one function or of all."""
        counts = Counts()
        for outcome in self._within(start_ms, end_ms, function):
            counts.invocations += 1
            counts.cold_starts += outcome.init_ms is not None
            counts.restores += outcome.restore_ms is not None
            if outcome.error_kind is not None:
                counts.errors[outcome.error_kind] += 1
        counts.throttles = sum(
            start_ms <= time_ms < end_ms and function in {None, name} for time_ms, name in self.throttles
        )
        return counts

    def forget_before(self, time_ms: int) -> None:
        """Drop what was reported before a time, so that a world may run for days."""
        self.outcomes = [outcome for outcome in self.outcomes if outcome.reported_ms >= time_ms]
        self.throttles = [throttle for throttle in self.throttles if throttle[0] >= time_ms]

    def _within(self, start_ms: int, end_ms: int, function: str | None) -> Iterable[Outcome]:
        for outcome in self.outcomes:
            if start_ms <= outcome.reported_ms < end_ms and function in {None, outcome.function}:
                yield outcome
