"""Everything one refresh of the screen, or one report, needs: frozen, complete and consistent."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import AccountConcurrency
from lambdatop.model.queue_depth import QueueDepth
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.statistics import (
    FailureKind,
    FunctionDetail,
    FunctionStatistics,
    Percentiles,
    VersionStatistics,
    WindowStatistics,
)
from lambdatop.model.trace import TraceSummary
from lambdatop.model.view import Window

__all__ = [
    "AccountSnapshot",
    "ErrorGroup",
    "LogEventReference",
    "Snapshot",
    "TraceStatistics",
    "Trends",
    "VersionStatistics",
]


class AccountSnapshot(Struct, frozen=True, kw_only=True):
    """One scope's concurrency: ceilings from its settings, use from logs and metrics."""

    scope: Scope
    ceilings: AccountConcurrency | None = None
    in_use: int | None = None
    """Invocations in flight by the logs, at the newest moment the logs are complete to."""
    peak: int | None = None
    """Most at once in the window, by the logs."""
    metric_max: int | None = None
    """CloudWatch's ConcurrentExecutions maximum in the window."""
    claimed_max: int | None = None
    """ClaimedAccountConcurrency maximum in the window: what counts against the limit."""


class Trends(Struct, frozen=True, kw_only=True):
    """Fifteen one-minute values each, oldest first, the last one being the running minute; None is unknown."""

    minutes: tuple[int, ...] = ()
    """Start of each minute, epoch ms."""
    invocations: tuple[int | None, ...] = ()
    concurrency_peak: tuple[int | None, ...] = ()
    cold_starts: tuple[int | None, ...] = ()
    errors: tuple[int | None, ...] = ()
    throttles: tuple[int | None, ...] = ()
    dead_letters: tuple[int | None, ...] = ()
    traces: tuple[int | None, ...] = ()
    trace_faults: tuple[int | None, ...] = ()
    provisional_log_minutes: int = 1
    """How many of the newest minutes may still change, by the logs."""
    provisional_metric_minutes: int = 3


class TraceStatistics(Struct, frozen=True, kw_only=True):
    """The window's trace summaries; X-Ray samples, so counts are of sampled traces."""

    count: int = 0
    faults: int = 0
    errors: int = 0
    throttles: int = 0
    partial: int = 0
    duration_s: Percentiles | None = None
    """Seconds here, as X-Ray gives them: response time where known, else duration."""
    slowest: tuple[TraceSummary, ...] = ()
    """At most twenty, slowest first."""
    faulted: tuple[TraceSummary, ...] = ()
    """At most twenty with a fault, error or throttle, newest first."""
    blind_reason: str | None = None


class LogEventReference(Struct, frozen=True, kw_only=True):
    """Where a log event is found again."""

    log_group: str
    log_stream: str
    timestamp_ms: int
    function: FunctionKey
    request_id: str | None = None
    version: str | None = None


NewReason = Literal["new_version", "changed_function", "not_seen_before"]
"""Seen in the newest version alone though an older one has logged; never seen before the newest change of a function
that runs unpublished code and logged before it; first seen just now though it was watched for."""


class ErrorGroup(Struct, frozen=True, kw_only=True):
    """Failures that look the same: kind, type, message without what varies, and top frame of the function's own code.

    Counts are of everything since the start, whatever the window.
    """

    signature: str
    kind: FailureKind | Literal["application"]
    error_type: str | None
    message: str
    """Of the newest failure, as it came."""
    count: int
    first_seen_ms: int
    last_seen_ms: int
    functions: tuple[FunctionKey, ...]
    """Most affected first, at most twenty."""
    function_count: int = 0
    """How many functions are affected, those without a name here included."""
    versions: tuple[str, ...] = ()
    frame: str | None = None
    """Where it was raised or logged, as `file:function`; None where the text does not tell."""
    rate_per_minute: float | None = None
    """Mean of the last five whole minutes; None while no whole minute has been counted."""
    trend: tuple[int | None, ...] = ()
    """Failures in each of `Trends.minutes`, None for a minute before the start."""
    is_new: bool | None = None
    """Never seen before the last deploy, or first seen in the last hour after at least fifteen minutes without it; None
    where neither can be told."""
    new_reason: NewReason | None = None
    """Why it is new; None where it is not."""
    deployed_ms: int | None = None
    """When the function was changed that it is new with, where a change of its code or configuration tells."""
    sample: LogEventReference | None = None
    """The line that tells of the newest failure."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """One frozen picture of everything that is known."""

    taken_at_ms: int
    started_at_ms: int
    """Since when events are counted."""
    window: Window = "15m"
    window_start_ms: int = 0
    accounts: tuple[AccountSnapshot, ...] = ()
    functions: tuple[FunctionStatistics, ...] = ()
    """By name; sorting is the viewer's business."""
    total: WindowStatistics | None = None
    """All functions together."""
    trends: Trends = Trends()
    queues: tuple[QueueDepth, ...] = ()
    """None yet known gives an empty tuple and a `queues` source that is not `working`."""
    traces: TraceStatistics = TraceStatistics()
    error_groups: tuple[ErrorGroup, ...] = ()
    """Most frequent first, at most 200."""
    sources: tuple[SourceStatus, ...] = ()
    api: ApiUsage = ApiUsage()
    detail: FunctionDetail | None = None
    """Of the focused function."""
    complete_to_ms: int | None = None
    """Event time that the log tail is complete to, over all groups."""
    aggregated_functions: int = 0
    """Of the functions, those whose newest numbers are those of aggregate queries."""
    notice: str | None = None
    """A sentence that matters to the whole screen, such as an expired login."""
