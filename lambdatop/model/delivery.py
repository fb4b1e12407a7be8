"""What sources hand to the store: facts read from AWS, each with the scope it is true for."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from lambdatop.model.aggregated import MinutesAggregated
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import (
    AccountConcurrency,
    EventSourceMapping,
    FailureDestination,
    FunctionConcurrency,
    LambdaFunction,
)
from lambdatop.model.log_event import LogEvent
from lambdatop.model.query import QueryOutcome
from lambdatop.model.queue_depth import QueueDepth
from lambdatop.model.trace import TraceSummary


class FunctionsDelivered(Struct, frozen=True, kw_only=True):
    """The whole catalogue of a scope (after name filters); functions not in it are gone."""

    scope: Scope
    functions: tuple[LambdaFunction, ...]


class AccountConcurrencyDelivered(Struct, frozen=True, kw_only=True):
    """The scope's concurrency ceilings."""

    scope: Scope
    account: AccountConcurrency


class FunctionConcurrencyDelivered(Struct, frozen=True, kw_only=True):
    """Concurrency settings of some functions; those not named keep what is known."""

    scope: Scope
    functions: Mapping[FunctionKey, FunctionConcurrency]


class EventSourcesDelivered(Struct, frozen=True, kw_only=True):
    """All event source mappings and known on-failure destinations of a scope."""

    scope: Scope
    mappings: tuple[EventSourceMapping, ...]
    destinations: tuple[FailureDestination, ...]


LogDepth = Literal["platform", "full"]


class PatternReading(Struct, frozen=True, kw_only=True):
    """How a log group is read by a filter pattern of the user's, which AWS evaluates."""

    pattern: str
    lines: int = 0
    """Lines that it let through, of those that are read for it alone."""
    from_ms: int | None = None
    """Event time from which on other lines are left out; None while all lines are still read."""
    problem: str | None = None
    """Why all lines are read, in a sentence."""


class LogEventsDelivered(Struct, frozen=True, kw_only=True, gc=False):
    """New events of one log group, never delivered before (repeats are dropped by the source)."""

    scope: Scope
    log_group: str
    events: list[LogEvent]
    depth: LogDepth
    """`platform` when only platform and failure lines were asked for, beside those of a pattern at most, so application
    lines are incomplete."""
    swept_to_ms: int | None = None
    """Event time up to which this group is complete, set with the last page of a sweep."""
    swept_from_ms: int | None = None
    """Event time from which on it is complete to `swept_to_ms`; None where that is since counting began."""
    full_from_ms: int | None = None
    """Event time from which on all lines have been read without a gap, set with the last page of a `full` sweep."""
    pattern: PatternReading | None = None
    """Set with the last page of a sweep where the user wants AWS to filter."""


class LogGroupsNoted(Struct, frozen=True, kw_only=True):
    """What limits the numbers from some log groups, a sentence by log group; a later delivery of a scope replaces."""

    scope: Scope
    notes: Mapping[str, str]


MetricName = Literal[
    "Invocations",
    "Errors",
    "Throttles",
    "ConcurrentExecutions",
    "ClaimedAccountConcurrency",
    "DeadLetterErrors",
    "AsyncEventAge",
    "AsyncEventsDropped",
    "IteratorAge",
]


class MetricSeries(Struct, frozen=True, kw_only=True, gc=False):
    """One metric's minutes: `points` maps the minute's start (epoch ms) to its value.

    `function` is None for the scope's total. Every whole minute in `[asked_from_ms, asked_until_ms)` was asked for:
    a minute without a point is zero for sums and unknown for maxima and ages.
    """

    metric: MetricName
    function: FunctionKey | None
    points: dict[int, float]
    asked_from_ms: int
    asked_until_ms: int


class MetricsDelivered(Struct, frozen=True, kw_only=True):
    """GetMetricData's answers at one-minute resolution; a later delivery replaces the minutes it asked for."""

    scope: Scope
    series: tuple[MetricSeries, ...]


class QueuesDelivered(Struct, frozen=True, kw_only=True):
    """Every dead-letter queue of the scope, with its depth now."""

    scope: Scope
    queues: tuple[QueueDepth, ...]


class TracesDelivered(Struct, frozen=True, kw_only=True):
    """Trace summaries, new or revised (the same id with a higher revision or no longer partial replaces)."""

    scope: Scope
    summaries: tuple[TraceSummary, ...]
    swept_to_ms: int
    blind_reason: str | None = None
    """Why the summaries cannot be trusted to be all there is, such as Transaction Search."""


class QueryOutcomeDelivered(Struct, frozen=True, kw_only=True):
    """What has come of a task of the view's by now, in place of what was delivered of it before."""

    scope: Scope
    outcome: QueryOutcome


Delivery = (
    FunctionsDelivered
    | AccountConcurrencyDelivered
    | FunctionConcurrencyDelivered
    | EventSourcesDelivered
    | LogEventsDelivered
    | LogGroupsNoted
    | MinutesAggregated
    | MetricsDelivered
    | QueuesDelivered
    | TracesDelivered
    | QueryOutcomeDelivered
)
