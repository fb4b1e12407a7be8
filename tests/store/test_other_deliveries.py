"""Metrics, queues, traces, ceilings and health."""

import pytest
from msgspec.structs import replace

from lambdatop.model.delivery import (
    AccountConcurrencyDelivered,
    EventSourcesDelivered,
    MetricName,
    MetricsDelivered,
    MetricSeries,
    QueuesDelivered,
    TracesDelivered,
)
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import AccountConcurrency
from lambdatop.model.queue_depth import QueueDepth, QueueSource
from lambdatop.model.trace import TraceSummary
from lambdatop.store.store import Store
from tests.store.lines import (
    CHECKOUT,
    SCOPE,
    START_MS,
    Line,
    catalogue,
    checkout,
    read,
    reported,
    row,
    snapshot,
    started,
)

MINUTE_MS = 60_000


def series(
    metric: MetricName, points: dict[int, float], function: FunctionKey | None = None, minutes: int = 5
) -> MetricsDelivered:
    """Points by the minute after the start; all minutes from the start on are asked for."""
    one = MetricSeries(
        metric=metric,
        function=function,
        points={START_MS + minute * MINUTE_MS: value for minute, value in points.items()},
        asked_from_ms=START_MS,
        asked_until_ms=START_MS + minutes * MINUTE_MS,
    )
    return MetricsDelivered(scope=SCOPE, series=(one,))


def store_with(*deliveries: MetricsDelivered, lines: tuple[Line, ...] = ()) -> Store:
    store = read(lines)
    for delivered in deliveries:
        store.apply(delivered, START_MS)
    return store


def test_throttles_are_unknown_until_a_metric_is_read() -> None:
    assert row(store_with(), 300_000).window.throttles is None


def test_no_throttles_in_the_account_are_none_in_its_functions() -> None:
    window = row(store_with(series("Throttles", {})), 300_000).window

    assert window.throttles == 0


def test_throttles_somewhere_in_the_account_leave_the_functions_unknown() -> None:
    store = store_with(series("Throttles", {2: 4}))

    assert row(store, 300_000).window.throttles is None
    assert snapshot(store, 300_000).total is not None
    assert snapshot(store, 300_000).total.throttles == 4  # type: ignore[union-attr]  # asserted above


def test_a_functions_own_metric_says_its_throttles_and_rate() -> None:
    lines = tuple(reported(1000 * number, number) for number in range(1, 37))
    store = store_with(series("Throttles", {1: 3, 2: 1}, CHECKOUT), lines=lines)
    found = row(store, 300_000)

    assert found.window.throttles == 4
    assert found.window.throttle_rate == pytest.approx(0.1)
    assert found.throttle_trend[-6:] == (None, 0, 3, 1, 0, 0)
    assert found.health.state == "throttled"
    assert found.health.reason == "throttled 10 %"
    assert found.health.since_ms == START_MS + MINUTE_MS


def test_a_later_answer_replaces_the_minutes_it_asked_for() -> None:
    store = store_with(series("Throttles", {1: 3, 2: 1}, CHECKOUT), series("Throttles", {2: 5}, CHECKOUT, minutes=6))

    assert row(store, 360_000).window.throttles == 5


def test_a_minute_without_a_point_is_no_maximum() -> None:
    store = store_with(series("ConcurrentExecutions", {}, CHECKOUT), series("AsyncEventAge", {1: 900, 3: 20}, CHECKOUT))
    window = row(store, 300_000).window

    assert (window.metric_concurrency_max, window.async_event_age_ms) == (None, 900)


def test_errors_that_only_the_metric_knows_are_shown_and_noted() -> None:
    lines = (started(0, 1), reported(3000, 1, 3000, status="timeout"))
    store = store_with(series("Errors", {0: 3}, CHECKOUT), series("Invocations", {0: 9}, CHECKOUT), lines=lines)
    found = row(store, 300_000)

    assert (found.window.errors, found.window.error_kinds.total, found.window.best_invocations) == (3, 1, 9)
    assert [note.text for note in found.notes if note.field == "errors"] == [
        "CloudWatch counts 3 errors, the logs show 1 of them"
    ]


def test_queues_have_their_history_and_belong_to_functions() -> None:
    store = read([])
    source = QueueSource(function=CHECKOUT, role="dead_letter_queue")
    queue = QueueDepth(scope=SCOPE, name="dead", arn="arn:aws:sqs:eu-west-1:1:dead", sources=(source,))
    for minute, depth in ((0, 2), (1, 2), (3, 9)):
        read_at_ms = START_MS + minute * MINUTE_MS
        delivered = replace(queue, depth=depth, age_of_oldest_s=5.0, read_at_ms=read_at_ms)
        store.apply(QueuesDelivered(scope=SCOPE, queues=(delivered,)), read_at_ms)
    (shown,) = snapshot(store, 200_000).queues
    found = row(store, 200_000)

    assert shown.trend[-5:] == (None, 2, 2, 2, 9)
    assert found.queue is not None
    assert (found.queue.name, found.queue.depth) == ("dead", 9)
    assert (found.health.state, found.health.reason) == ("degraded", "DLQ +7")
    assert snapshot(store, 200_000).trends.dead_letters[-1] == 9


def trace(number: int, after_ms: int = 1000, **facts: object) -> TraceSummary:
    return TraceSummary(scope=SCOPE, trace_id=f"1-{number}", start_ms=START_MS + after_ms, **facts)  # type: ignore[arg-type]  # its fields


def traces(*summaries: TraceSummary) -> TracesDelivered:
    return TracesDelivered(scope=SCOPE, summaries=summaries, swept_to_ms=START_MS + 120_000)


@pytest.mark.parametrize("is_backwards", [False, True])
def test_a_trace_counts_once_in_its_newest_revision(is_backwards: bool) -> None:
    first = trace(1, duration_s=1.0, is_partial=True, revision=1)
    second = trace(1, duration_s=2.0, has_fault=True, revision=2)
    store = read([])
    for summary in (second, first) if is_backwards else (first, second):
        store.apply(traces(summary, trace(2, duration_s=0.5, response_time_s=0.25)), START_MS)
    found = snapshot(store, 120_000).traces

    assert (found.count, found.faults, found.partial) == (2, 1, 0)
    assert found.duration_s is not None
    assert found.duration_s.max == pytest.approx(2.0)
    assert found.duration_s.p50 == pytest.approx(0.25, rel=0.01)
    assert [summary.trace_id for summary in found.slowest] == ["1-1", "1-2"]
    assert [summary.trace_id for summary in found.faulted] == ["1-1"]
    assert snapshot(store, 120_000).trends.traces[-2:] == (2, 0)


def test_traces_that_cannot_be_trusted_say_why() -> None:
    store = read([])
    store.apply(replace(traces(), blind_reason="Transaction Search is on"), START_MS)

    assert snapshot(store).traces.blind_reason == "Transaction Search is on"


def test_ceilings_belong_to_their_account() -> None:
    store = read([])
    ceilings = AccountConcurrency(limit=1000, unreserved=900)
    store.apply(AccountConcurrencyDelivered(scope=SCOPE, account=ceilings), START_MS)
    store.apply(EventSourcesDelivered(scope=SCOPE, mappings=(), destinations=()), START_MS)

    assert snapshot(store).accounts[0].ceilings == ceilings


def failing(count: int, of: int, status: str = "timeout", error_type: str | None = None) -> tuple[Line, ...]:
    return tuple(
        reported(1000 * number, number, status=status if number < count else None, error_type=error_type)
        for number in range(of)
    )


@pytest.mark.parametrize(
    ("lines", "state", "reason"),
    [
        ((), "idle", "no invocations in 15 min"),
        (failing(0, 30), "healthy", ""),
        (failing(3, 50), "failing", "3 timeouts in 5 min"),
        (failing(1, 50), "degraded", "1 timeout in 5 min"),
        (failing(3, 40, "error", "Runtime.ExitError"), "failing", "3 runtime exits in 5 min"),
        (failing(1, 50, "failure", "Function.Raised"), "degraded", "error rate 2 %"),
        ((reported(10, 1, used_mb=126),), "degraded", "memory 98 % of 128 MB"),
    ],
)
def test_health(lines: tuple[Line, ...], state: str, reason: str) -> None:
    health = row(store_with(lines=lines)).health

    assert (health.state, health.reason) == (state, reason)


def test_a_function_that_nothing_tells_of_is_unknown() -> None:
    store = Store(START_MS)
    store.apply(catalogue(checkout()), START_MS)

    assert row(store).health.state == "unknown"
    assert row(store).invocation_trend == (None,) * 15


def test_trends_are_unknown_before_the_start() -> None:
    store = read([reported(10, 1), reported(70_000, 2, init_ms=5)])
    trends = snapshot(store, 125_000).trends

    assert trends.invocations == (None,) * 12 + (1, 1, 0)
    assert trends.cold_starts == (None,) * 12 + (0, 1, 0)
    assert trends.concurrency_peak[-3:] == (1, 1, 0)
    assert trends.throttles == (None,) * 15
