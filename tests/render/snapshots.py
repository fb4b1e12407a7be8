"""A small account by hand, for tests of the report."""

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency, LambdaFunction
from lambdatop.model.queue_depth import QueueDepth, QueueSource
from lambdatop.model.snapshot import AccountSnapshot, ErrorGroup, LogEventReference, Snapshot, TraceStatistics
from lambdatop.model.source_status import ApiUsage, GroupLedger, SourceStatus, TailLedger
from lambdatop.model.statistics import (
    ErrorKinds,
    FunctionQueue,
    FunctionStatistics,
    Health,
    Note,
    Percentiles,
    VersionStatistics,
    WindowStatistics,
)
from lambdatop.model.trace import TraceSummary

END_MS = 1_795_230_000_000
"""2026-11-21T03:00:00Z."""
START_MS = END_MS - 900_000
SCOPE = Scope("123456789012", "eu-west-1")


def key(name: str) -> FunctionKey:
    return FunctionKey(*SCOPE, name)


def percentiles(p50: float, p95: float, p99: float, largest: float, count: int = 100) -> Percentiles:
    return Percentiles(count=count, p50=p50, p95=p95, p99=p99, max=largest)


CHECKOUT_WINDOW = WindowStatistics(
    start_ms=START_MS,
    end_ms=END_MS,
    invocations=1000,
    error_kinds=ErrorKinds(timeout=30, unhandled_exception=12),
    application_errors=None,
    cold_starts=50,
    restores=5,
    duration_ms=percentiles(12.5, 250.0, 3000.0, 3001.5),
    init_duration_ms=percentiles(310.0, 420.0, 450.0, 460.25),
    restore_duration_ms=percentiles(90.0, 95.0, 99.0, 101.0),
    max_memory_used_mb=240,
    billed_duration_ms=61_000,
    cost_usd=0.00025,
    concurrency_peak=9,
    throttles=7,
    metric_invocations=1002,
    metric_errors=43,
    metric_concurrency_max=10,
)
CHECKOUT = FunctionStatistics(
    function=LambdaFunction(key=key("checkout"), runtime="python3.13", memory_size_mb=256),
    health=Health(state="failing", reason="4.3% of invocations fail", since_ms=END_MS - 120_000),
    window=CHECKOUT_WINDOW,
    versions=(
        VersionStatistics(
            version="7", statistics=WindowStatistics(start_ms=START_MS, end_ms=END_MS, invocations=1000, cold_starts=50)
        ),
    ),
    concurrency_now=4,
    concurrency=FunctionConcurrency(reserved=10, provisioned_requested=2, provisioned_available=2),
    queue=FunctionQueue(name="checkout-dlq", depth=17, age_of_oldest_s=95.0),
    notes=(Note(field="application_errors", text="only platform lines are read"),),
)
QUIET = FunctionStatistics(
    function=LambdaFunction(
        key=key("quiet|pipe"), runtime="java21", memory_size_mb=512, log_format="JSON", system_log_level="WARN"
    ),
    health=Health(state="unknown"),
    window=WindowStatistics(start_ms=START_MS, end_ms=END_MS),
)
SNAPSHOT = Snapshot(
    taken_at_ms=END_MS + 500,
    started_at_ms=START_MS,
    window="start",
    window_start_ms=START_MS,
    accounts=(
        AccountSnapshot(
            scope=SCOPE, ceilings=AccountConcurrency(limit=1000, unreserved=990), in_use=4, peak=9, metric_max=10
        ),
    ),
    functions=(CHECKOUT, QUIET),
    total=CHECKOUT_WINDOW,
    queues=(
        QueueDepth(
            scope=SCOPE,
            name="checkout-dlq",
            arn="arn:aws:sqs:eu-west-1:123456789012:checkout-dlq",
            depth=17,
            in_flight=0,
            age_of_oldest_s=95.0,
            sources=(QueueSource(function=key("checkout"), role="dead_letter_queue"),),
        ),
        QueueDepth(
            scope=SCOPE,
            name="orders-dlq",
            arn="arn:aws:sqs:eu-west-1:123456789012:orders-dlq",
            note="sqs:GetQueueAttributes is denied",
        ),
    ),
    traces=TraceStatistics(
        count=40,
        faults=2,
        duration_s=percentiles(0.05, 0.4, 1.2, 3.0, count=40),
        slowest=(
            TraceSummary(
                scope=SCOPE, trace_id="1-5759e988-bd862e3fe1be46a994272793", start_ms=START_MS, duration_s=3.0,
                response_time_s=2.5, has_fault=True, entry_point="api\x1b[31m",
            ),
        ),
    ),
    error_groups=(
        ErrorGroup(
            signature="KeyError: '…'", kind="unhandled_exception", error_type="KeyError",
            message="'sku'\nat\x1b]0;x\x07 | main",
            count=12, first_seen_ms=START_MS, last_seen_ms=END_MS - 1000, functions=(key("checkout"),),
            function_count=1, versions=("7",), frame="orders/price.py:total", rate_per_minute=2.4,
            trend=(None,) * 9 + (0, 0, 4, 3, 5, 0), is_new=True,
            new_reason="changed_function", deployed_ms=END_MS - 600_000,
            sample=LogEventReference(
                log_group="/aws/lambda/checkout", log_stream="2026/11/21/[7]0c", timestamp_ms=END_MS - 1004,
                function=key("checkout"), request_id="8d5958b5-559f-43f3-b278-b71dd7dd0e01", version="7",
            ),
        ),
    ),
    sources=(
        SourceStatus(
            name="logs", state="working", lag_ms=4200,
            ledger=TailLedger(
                fetched=12, live=3, delivered=11, repeated=2, confirmed=2, open=1, recovered=1, late=1,
                remembered=10, overlap_ms=45_000, groups=2,
            ),
            log_groups=(
                GroupLedger(
                    log_group="/aws/lambda/checkout", swept_to_ms=END_MS - 4_200, unread_ms=180_000, trouble=None,
                    ledger=TailLedger(
                        fetched=8, live=3, delivered=8, repeated=1, confirmed=2, open=1, recovered=1, late=1,
                        remembered=7, overlap_ms=45_000, groups=1,
                    ),
                ),
            ),
        ),
        SourceStatus(
            name="traces", state="denied", detail="xray:GetTraceSummaries is denied",
            remedy="allow xray:GetTraceSummaries",
        ),
        SourceStatus(name="identity", state="working", expires_at_ms=END_MS + 600_000),
    ),
    api=ApiUsage(
        calls={"logs:FilterLogEvents": 9, "lambda:ListFunctions": 1}, throttled=1, cost_usd=0.01,
        max_cost_usd_per_hour=0.1, slowed=("GetMetricData",),
    ),
)  # fmt: skip
