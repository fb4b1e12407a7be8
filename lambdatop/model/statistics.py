"""A function's numbers over a window, and a row of the main table."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.model.view import Window

FailureKind = Literal["timeout", "out_of_memory", "runtime_exit", "init_failure", "unhandled_exception"]
FAILURE_KINDS: tuple[FailureKind, ...] = (
    "timeout",
    "out_of_memory",
    "runtime_exit",
    "init_failure",
    "unhandled_exception",
)


class Percentiles(Struct, frozen=True, kw_only=True, gc=False):
    """Milliseconds at a few quantiles, within the sketch's relative error; `max` and `count` are exact."""

    count: int
    p50: float
    p95: float
    p99: float
    max: float


class ErrorKinds(Struct, frozen=True, kw_only=True, gc=False):
    """Failed invocations by kind; each invocation counts at most once."""

    timeout: int = 0
    out_of_memory: int = 0
    runtime_exit: int = 0
    init_failure: int = 0
    unhandled_exception: int = 0

    @property
    def total(self) -> int:
        """All failed invocations."""
        return self.timeout + self.out_of_memory + self.runtime_exit + self.init_failure + self.unhandled_exception


class WindowStatistics(Struct, frozen=True, kw_only=True, gc=False):
    """Numbers over `[start_ms, end_ms)`; None is "cannot be known", zero is zero.

    Counters up to `cost_usd` come from log events; those named `metric_…` and `throttles` from CloudWatch metrics,
    whose minutes cover the window only as far as metrics have been read.
    """

    start_ms: int
    end_ms: int
    invocations: int = 0
    error_kinds: ErrorKinds = ErrorKinds()
    application_errors: int | None = None
    """Application lines at ERROR or FATAL; None when only platform lines are read."""
    cold_starts: int | None = 0
    """Invocations whose report has an init or a restore phase; None where there is no such thing (LMI)."""
    restores: int = 0
    """The part of `cold_starts` that were SnapStart restores."""
    proactive_inits: int = 0
    """Inits of provisioned, SnapStart or proactive environments, outside any request."""
    suppressed_inits: int = 0
    """Invocations right after a crash in the same environment, whose init hides in their duration."""
    duration_ms: Percentiles | None = None
    init_duration_ms: Percentiles | None = None
    restore_duration_ms: Percentiles | None = None
    max_memory_used_mb: int | None = None
    billed_duration_ms: int = 0
    cost_usd: float | None = 0.0
    concurrency_peak: int | None = None
    throttles: int | None = None
    metric_invocations: int | None = None
    metric_errors: int | None = None
    metric_concurrency_max: int | None = None
    dead_letter_errors: int | None = None
    async_events_dropped: int | None = None
    async_event_age_ms: float | None = None
    iterator_age_ms: float | None = None

    @property
    def errors(self) -> int:
        """Failed invocations: what the logs say, or the metric where that knows of more."""
        return max(self.error_kinds.total, self.metric_errors or 0)

    @property
    def best_invocations(self) -> int:
        """Invocations: what the logs say, or the metric where that knows of more."""
        return max(self.invocations, self.metric_invocations or 0)

    @property
    def invocation_rate_per_s(self) -> float:
        """Invocations a second over the window."""
        return self.best_invocations * 1000 / max(1, self.end_ms - self.start_ms)

    @property
    def error_rate(self) -> float | None:
        """Errors per invocation, 0 to 1; None without invocations."""
        return min(1.0, self.errors / self.best_invocations) if self.best_invocations else None

    @property
    def cold_start_rate(self) -> float | None:
        """Cold starts per invocation seen in logs, 0 to 1; None without invocations or without cold starts as such."""
        if self.cold_starts is None or not self.invocations:
            return None
        return self.cold_starts / self.invocations

    @property
    def throttle_rate(self) -> float | None:
        """`throttles / (invocations + throttles)`, 0 to 1, as throttled calls are not invocations; None if unknown."""
        if self.throttles is None:
            return None
        tried = self.best_invocations + self.throttles
        return self.throttles / tried if tried else None

    @property
    def cost_usd_per_hour(self) -> float | None:
        """The window's cost scaled to an hour; None when prices or memory are unknown."""
        if self.cost_usd is None:
            return None
        return self.cost_usd * 3_600_000 / max(1, self.end_ms - self.start_ms)


HealthState = Literal["failing", "throttled", "degraded", "healthy", "idle", "unknown"]
HEALTH_STATES: tuple[HealthState, ...] = ("failing", "throttled", "degraded", "unknown", "healthy", "idle")
"""Worst first."""


class Health(Struct, frozen=True, kw_only=True):
    """Whether a function is sick, since when and why, in a few words."""

    state: HealthState
    reason: str = ""
    since_ms: int | None = None


class Note(Struct, frozen=True, kw_only=True):
    """Why a number is missing, partial, late or from another source; `field` names the number."""

    field: str
    text: str


class VersionStatistics(Struct, frozen=True, kw_only=True):
    """One published version's (or `$LATEST`'s) share of a function's window."""

    version: str
    statistics: WindowStatistics
    last_seen_ms: int | None = None


class FunctionQueue(Struct, frozen=True, kw_only=True):
    """The dead-letter queues of one function, summed; `name` is the deepest one's."""

    name: str
    depth: int | None
    age_of_oldest_s: float | None = None


class FunctionStatistics(Struct, frozen=True, kw_only=True):
    """One row of the main table."""

    function: LambdaFunction
    health: Health
    window: WindowStatistics
    versions: tuple[VersionStatistics, ...] = ()
    """Versions seen in the window, most invoked first."""
    concurrency_now: int | None = None
    concurrency: FunctionConcurrency = FunctionConcurrency()
    queue: FunctionQueue | None = None
    invocation_trend: tuple[int | None, ...] = ()
    """Invocations in each of the last fifteen minutes, oldest first; the last is the running minute."""
    error_trend: tuple[int | None, ...] = ()
    throttle_trend: tuple[int | None, ...] = ()
    last_seen_ms: int | None = None
    aggregated_to_ms: int | None = None
    """Where its newest numbers are those of aggregate queries: the end of the newest minute, which windows end at."""
    notes: tuple[Note, ...] = ()

    @property
    def key(self) -> FunctionKey:
        """The function's identity."""
        return self.function.key


class Invocation(Struct, frozen=True, kw_only=True, gc=False):
    """One finished or running invocation, newest known facts."""

    request_id: str
    log_stream: str
    version: str | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    """None while it runs."""
    duration_ms: float | None = None
    billed_duration_ms: int | None = None
    init_duration_ms: float | None = None
    restore_duration_ms: float | None = None
    max_memory_used_mb: int | None = None
    memory_size_mb: int | None = None
    failure: FailureKind | None = None
    error_type: str | None = None
    trace_id: str | None = None


class ErrorSample(Struct, frozen=True, kw_only=True, gc=False):
    """One failure or application error line, as it was logged."""

    timestamp_ms: int
    kind: FailureKind | Literal["application"]
    request_id: str | None
    log_stream: str
    error_type: str | None
    message: str
    version: str | None = None


class FunctionDetail(Struct, frozen=True, kw_only=True):
    """Everything the function screen shows beyond the row."""

    key: FunctionKey
    windows: dict[Window, WindowStatistics]
    versions: tuple[VersionStatistics, ...]
    recent_invocations: tuple[Invocation, ...]
    """Newest first, at most 200."""
    recent_errors: tuple[ErrorSample, ...]
    """Newest first, at most 100."""
