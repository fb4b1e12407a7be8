"""One occurrence of an invocation, as far as its log stream tells of it."""

from msgspec import Struct

from lambdatop.model.statistics import FailureKind, Invocation
from lambdatop.parsers.error_signature import ErrorIdentity
from lambdatop.store.error_groups import CountedFailure
from lambdatop.store.failure_kind import RANK
from lambdatop.store.rolling_window import RollingWindow


class Evidence(Struct, frozen=True, gc=False):
    """A line that tells of a failure; `request_id` is None where the line names none (Python's text errors)."""

    timestamp_ms: int
    request_id: str | None
    kind: FailureKind
    error_type: str | None = None
    message: str = ""
    identity: ErrorIdentity = ErrorIdentity()
    """What it has in common with other failures of the same cause."""
    is_kill: bool = False
    """Whether the process was killed by a signal, as it is when memory runs out."""


class Verdict(Struct, frozen=True, gc=False):
    """What an occurrence adds to the counters beyond its report's own numbers."""

    at_ms: int
    kind: FailureKind | None
    is_suppressed_init: bool
    is_reported: bool


class Occurrence(Struct, gc=False):
    """The facts of one occurrence, and what has been counted of it; times are epoch milliseconds."""

    request_id: str | None
    start_ms: int | None = None
    end_ms: int | None = None
    """The REPORT's time; None while there is none."""
    duration_ms: float | None = None
    billed_duration_ms: int | None = None
    memory_size_mb: int | None = None
    max_memory_used_mb: int | None = None
    init_duration_ms: float | None = None
    restore_duration_ms: float | None = None
    trace_id: str | None = None
    report_kind: FailureKind | None = None
    report_error_type: str | None = None
    evidence: tuple[Evidence, ...] = ()
    is_suppressed_init: bool = False
    begin_ms: int | None = None
    """Start of the interval in which it took up concurrency, once that is in the timeline."""
    until_ms: int | None = None
    """End of that interval."""
    verdict: Verdict | None = None
    """What is counted of it now."""
    counted: CountedFailure | None = None
    """The failure as its error group counts it now."""
    window: RollingWindow | None = None
    """Where its report is counted, None when it is not."""

    @property
    def kind(self) -> FailureKind | None:
        """Why it failed, by precedence; a killed process that had used all memory ran out of it."""
        kinds = [piece.kind for piece in self.evidence]
        if self.report_kind is not None:
            kinds.append(self.report_kind)
        if not kinds:
            return None
        worst = min(kinds, key=RANK.__getitem__)
        if worst == "runtime_exit" and self._used_all_memory and any(piece.is_kill for piece in self.evidence):
            return "out_of_memory"
        return worst

    @property
    def due_verdict(self) -> Verdict | None:
        """What ought to be counted of it, None for a plain success or a still silent start."""
        kind = self.kind
        if self.end_ms is not None:
            if kind is None and not self.is_suppressed_init:
                return None
            return Verdict(self.end_ms, kind, self.is_suppressed_init, True)  # noqa: FBT003  positional for speed
        if kind is None:
            return None
        return Verdict(min(piece.timestamp_ms for piece in self.evidence), kind, False, False)  # noqa: FBT003

    @property
    def most_telling(self) -> Evidence | None:
        """The evidence that says most: with a message, of the worst kind, the earliest."""
        return min(
            self.evidence,
            key=lambda piece: (
                not piece.message,
                RANK[piece.kind],
                piece.timestamp_ms,
                piece.message,
                piece.identity,
                piece.error_type or "",
            ),
            default=None,
        )

    @property
    def _used_all_memory(self) -> bool:
        return self.max_memory_used_mb is not None and self.max_memory_used_mb == self.memory_size_mb

    def as_invocation(self, log_stream: str, version: str | None) -> Invocation:
        """The model's picture of it."""
        telling = self.most_telling
        return Invocation(
            request_id=self.request_id or "",
            log_stream=log_stream,
            version=version,
            started_ms=self.start_ms,
            ended_ms=self.end_ms,
            duration_ms=self.duration_ms,
            billed_duration_ms=self.billed_duration_ms,
            init_duration_ms=self.init_duration_ms,
            restore_duration_ms=self.restore_duration_ms,
            max_memory_used_mb=self.max_memory_used_mb,
            memory_size_mb=self.memory_size_mb,
            failure=self.kind,
            error_type=self.report_error_type or (telling.error_type if telling else None),
            trace_id=self.trace_id,
        )
