"""Snapshots for the screen's tests: a quiet account, an incident, an empty account, one where nothing answers."""

import random
from collections.abc import Callable

import msgspec

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency, LambdaFunction
from lambdatop.model.question import Answer, Question
from lambdatop.model.queue_depth import QueueDepth, QueueSource
from lambdatop.model.snapshot import AccountSnapshot, ErrorGroup, Snapshot, TraceStatistics, Trends
from lambdatop.model.source_status import ApiUsage, SourceStatus, TailLedger
from lambdatop.model.statistics import (
    ErrorKinds,
    ErrorSample,
    FunctionDetail,
    FunctionQueue,
    FunctionStatistics,
    Health,
    HealthState,
    Invocation,
    Note,
    Percentiles,
    VersionStatistics,
    WindowStatistics,
)
from lambdatop.model.trace import TraceSummary
from lambdatop.model.view import WINDOW_MS, WINDOWS, View

NOW_MS = 1_795_229_602_000
SCOPE = Scope("123456789012", "eu-west-1")
MINUTES = tuple(NOW_MS // 60_000 * 60_000 - 60_000 * back for back in range(14, -1, -1))
NAMES = (
    "checkout-api", "checkout-worker", "orders-stream", "invoice-nightly", "thumbnail-maker", "search-indexer",
    "login", "payment-webhook", "recommendation-engine-batch-scoring", "legacy-web-function", "image-resize-snapstart",
    "report-mailer", "audit-log-shipper", "inventory-sync",
)  # fmt: skip
_GOOD_SOURCES = (
    ("functions", "ListFunctions every 5 min", 20_000),
    ("concurrency", "account, reserved and provisioned settings", 30_000),
    ("logs", "FilterLogEvents over 14 log groups", 3_200),
    ("metrics", "GetMetricData every minute, 9 metrics", 95_000),
    ("queues", "3 dead-letter queues", 9_000),
    ("traces", "GetTraceSummaries every 10 s", 12_000),
)


class FakeEngine:
    """An engine whose snapshots and answers the test chooses."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.latest = snapshot
        self.views: list[View] = []
        self.questions: list[Question] = []
        self.answer: Callable[[Question], Answer | None] = lambda _question: None
        self.is_started = False

    def start(self) -> None:
        self.is_started = True

    def listen(self, hear: Callable[[Answer], None]) -> None:
        self.hear = hear

    def ask(self, question: Question) -> None:
        self.questions.append(question)
        answer = self.answer(question)
        if answer is not None:
            self.hear(answer)

    def withdraw(self, topic: str) -> None:
        self.questions = [question for question in self.questions if question.topic != topic]

    def set_view(self, view: View) -> None:
        self.views.append(view)
        if view.window != self.latest.window:
            self.latest = msgspec.structs.replace(self.latest, window=view.window)
        if view.focus is not None and self.latest.functions:
            self.latest = msgspec.structs.replace(self.latest, detail=detail(self.latest, view.focus))


def percentiles(p50: float, count: int) -> Percentiles:
    return Percentiles(count=count, p50=p50, p95=p50 * 2.6, p99=p50 * 4.1, max=p50 * 6)


def window(rate: float, errors: ErrorKinds | None = None, **more: object) -> WindowStatistics:
    """Fifteen minutes at `rate` invocations a second."""
    invocations = int(rate * 900)
    values: dict[str, object] = {
        "invocations": invocations,
        "metric_invocations": invocations,
        "error_kinds": errors or ErrorKinds(),
        "cold_starts": int(invocations * 0.012),
        "duration_ms": percentiles(84.0, invocations) if invocations else None,
        "init_duration_ms": percentiles(412.0, 10) if invocations else None,
        "max_memory_used_mb": 181 if invocations else None,
        "billed_duration_ms": invocations * 90,
        "cost_usd": invocations * 0.0000021,
        "concurrency_peak": max(1, int(rate)) if invocations else 0,
        "throttles": 0,
    }
    return WindowStatistics(start_ms=NOW_MS - 900_000, end_ms=NOW_MS, **{**values, **more})  # type: ignore[arg-type]


def function(index: int, name: str, rate: float, state: HealthState = "healthy", **more: object) -> FunctionStatistics:
    chance = random.Random(index)
    key = FunctionKey(*SCOPE, name)
    values: dict[str, object] = {
        "function": LambdaFunction(
            key=key,
            arn=f"arn:aws:lambda:{SCOPE.region}:{SCOPE.account_id}:function:{name}",
            runtime=("python3.13", "nodejs22.x", "java21")[index % 3],
            architecture="arm64" if index % 2 else "x86_64",
            memory_size_mb=(256, 512, 1024)[index % 3],
            timeout_s=3 if index % 2 else 30,
            log_group=f"/aws/lambda/{name}",
            log_format="JSON" if index % 2 else "Text",
            system_log_level="INFO" if index % 2 else None,
            application_log_level="DEBUG" if index % 2 else None,
            tracing_mode="Active",
            last_modified="2026-11-20T16:02:11.000+0000",
        ),
        "health": Health(state=state),
        "window": window(rate),
        "versions": (VersionStatistics(version="$LATEST", statistics=window(rate)),),
        "concurrency_now": int(rate * 0.7),
        "invocation_trend": tuple(int(rate * 60 * chance.uniform(0.7, 1.2)) for _ in MINUTES),
        "last_seen_ms": NOW_MS - 4_000,
    }
    return FunctionStatistics(**{**values, **more})  # type: ignore[arg-type]


def _healthy() -> tuple[FunctionStatistics, ...]:
    return tuple(
        function(index, name, (14 - index) * 0.6, "healthy" if index < 11 else "idle")
        if index < 11
        else function(index, name, 0.0, "idle", concurrency_now=0, invocation_trend=(0,) * 15, versions=())
        for index, name in enumerate(NAMES)
    )


def quiet() -> Snapshot:
    """A healthy account by day."""
    return _account(_healthy(), trends=_trends(0, 0, 0), traces=_traces(0))


def incident() -> Snapshot:
    """A canary gone wrong: errors, a filling dead-letter queue, a ceiling that is met."""
    functions = list(_healthy())
    since_ms = NOW_MS - 190_000
    errors = ErrorKinds(timeout=41, unhandled_exception=702, out_of_memory=3)
    functions[0] = function(
        0, NAMES[0], 22.4, "failing",
        health=Health(state="failing", reason="7.6% errors since version 42 (41: 0.1%)", since_ms=since_ms),
        window=window(10.9, errors, application_errors=811),
        versions=(
            VersionStatistics(version="41", statistics=window(7.1)),
            VersionStatistics(version="42", statistics=window(3.8, errors)),
        ),
        queue=FunctionQueue(name="checkout-dlq", depth=512, age_of_oldest_s=184),
        concurrency_now=19,
    )  # fmt: skip
    functions[1] = function(
        1, NAMES[1], 31.0, "throttled",
        health=Health(state="throttled", reason="at its reserved concurrency of 20", since_ms=since_ms),
        window=window(31.0, throttles=1_840, concurrency_peak=20, max_memory_used_mb=505),
        concurrency=FunctionConcurrency(reserved=20),
        concurrency_now=20,
    )  # fmt: skip
    functions[4] = function(
        4, NAMES[4], 2.0, "degraded",
        health=Health(state="degraded", reason="p95 is 3.1 s, near the timeout of 3 s", since_ms=since_ms),
        window=window(2.0, duration_ms=percentiles(1180, 1800), cold_starts=610),
        notes=(Note(field="cold_starts", text="38 invocations were counted late"),),
    )  # fmt: skip
    functions[9] = function(
        9, NAMES[9], 0.0, "unknown",
        function=msgspec.structs.replace(functions[9].function, log_format="JSON", system_log_level="WARN"),
        window=window(
            0.0, metric_invocations=None, throttles=None, cold_starts=None, cost_usd=None, concurrency_peak=None
        ),
        concurrency_now=None, invocation_trend=(None,) * 15,
        notes=(Note(field="invocations", text="system log level WARN hides successful reports"),),
    )  # fmt: skip
    sources = [_source(*facts) for facts in _GOOD_SOURCES]
    sources[3] = SourceStatus(
        name="metrics", state="throttled", detail="GetMetricData was throttled; the next try is in 20 s.",
        lag_ms=241_000, last_success_ms=NOW_MS - 181_000, next_due_ms=NOW_MS + 20_000,
    )  # fmt: skip
    groups = (
        ErrorGroup(
            signature="unhandled_exception|KeyError|'payment_method' in cart <value>|orders/price.py:total",
            kind="unhandled_exception", error_type="KeyError",
            message="'payment_method' in cart 8812", count=702, first_seen_ms=since_ms, last_seen_ms=NOW_MS - 800,
            functions=(functions[0].key,), versions=("42",), function_count=1, is_new=True, new_reason="new_version",
            rate_per_minute=92.4,
            trend=(0, 0, 0, 0, 0, 0, 0, 2, 31, 77, 92, 101, 118, 121, 60), frame="orders/price.py:total",
        ),
        ErrorGroup(
            signature="timeout", kind="timeout", error_type=None, message="Task timed out after 3.00 seconds",
            count=41, first_seen_ms=since_ms, last_seen_ms=NOW_MS - 9_000,
            functions=(functions[0].key, functions[4].key), function_count=2, is_new=False, rate_per_minute=4.2,
            trend=(3, 2, 2, 3, 4, 1, 2, 2, 3, 4, 5, 4, 3, 5, 1),
        ),
    )  # fmt: skip
    account = _account(
        tuple(functions), trends=_trends(90, 210, 60), traces=_traces(37), queue_depth=512, sources=tuple(sources)
    )
    return msgspec.structs.replace(account, error_groups=groups)


def empty() -> Snapshot:
    """An account without functions, a moment after the start."""
    sources = tuple(SourceStatus(name=name, detail=detail) for name, detail, _ in _GOOD_SOURCES)
    return Snapshot(taken_at_ms=NOW_MS, started_at_ms=NOW_MS - 2_000, sources=sources)


def failing() -> Snapshot:
    """Nothing may be read."""
    actions = (
        "lambda:ListFunctions", "lambda:GetAccountSettings", "logs:FilterLogEvents", "cloudwatch:GetMetricData",
        "sqs:GetQueueAttributes", "xray:GetTraceSummaries",
    )  # fmt: skip
    sources = tuple(
        SourceStatus(
            name=facts[0],
            state="denied",
            detail=f"AWS denies {action} to this role.",
            remedy=f"Allow {action}: lambdatop policy prints what is needed.",
        )
        for facts, action in zip(_GOOD_SOURCES, actions, strict=True)
    )
    return Snapshot(taken_at_ms=NOW_MS, started_at_ms=NOW_MS - 9_000, sources=sources)


def many(count: int = 1000, seed: int = 0) -> Snapshot:
    """An account of many functions."""
    chance = random.Random(seed)
    functions = tuple(
        function(index, f"service-{index:04d}-{chance.choice(NAMES)}", chance.paretovariate(1.2) - 0.9)
        for index in range(count)
    )
    return _account(functions, trends=_trends(3, 2, 1), traces=_traces(4))


def changed(snapshot: Snapshot, step: int, share: float = 0.1) -> Snapshot:
    """The same account a second later, a share of its functions with other numbers."""
    chance = random.Random(step)
    functions = list(snapshot.functions)
    for index in chance.sample(range(len(functions)), int(len(functions) * share)):
        one = functions[index]
        other = window(max(0.01, one.window.invocation_rate_per_s * chance.uniform(0.97, 1.03)))
        duration = percentiles(84.0 * chance.uniform(0.95, 1.05), other.invocations)
        functions[index] = msgspec.structs.replace(
            one,
            window=msgspec.structs.replace(other, duration_ms=duration),
            concurrency_now=max(0, (one.concurrency_now or 0) + chance.choice((-1, 0, 1))),
        )
    total = window(sum(one.window.invocation_rate_per_s for one in functions))
    return msgspec.structs.replace(
        snapshot, functions=tuple(functions), total=total, taken_at_ms=snapshot.taken_at_ms + 1000
    )


def detail(snapshot: Snapshot, key: FunctionKey) -> FunctionDetail:
    """What the function's page shows."""
    row = next(one for one in snapshot.functions if one.key == key)
    windows = {
        name: msgspec.structs.replace(row.window, start_ms=NOW_MS - (WINDOW_MS[name] or 7_200_000)) for name in WINDOWS
    }
    streams = "2026/11/21/[42]0d9e1c6b5f7a4e0f9a1b2c3d4e5f6a7b"
    invocations = tuple(
        Invocation(
            request_id=f"7f3c2a{index:02x}-0b1d-4c5e-8f6a-9b8c7d6e5f4a",
            log_stream=streams,
            version="42",
            started_ms=NOW_MS - 800 * index,
            ended_ms=None if index == 0 else NOW_MS - 800 * index + 90,
            duration_ms=None if index == 0 else 84.0 + index,
            init_duration_ms=412.0 if index == 5 else None,
            max_memory_used_mb=181,
            failure="unhandled_exception" if index % 4 == 1 else None,
        )
        for index in range(12)
    )
    errors = tuple(
        ErrorSample(
            timestamp_ms=NOW_MS - 3_200 * index,
            kind="unhandled_exception" if index % 3 else "application",
            request_id=invocations[index].request_id,
            log_stream=streams,
            error_type="KeyError" if index % 3 else None,
            message="'payment_method' in cart 8812\x1b]52;c;cm0gLXJmCg==\x07",
            version="42",
        )
        for index in range(6)
    )
    return FunctionDetail(
        key=key, windows=windows, versions=row.versions, recent_invocations=invocations, recent_errors=errors
    )


PICTURES: dict[str, Callable[[], Snapshot]] = {
    "quiet": quiet,
    "incident": incident,
    "empty": empty,
    "failing": failing,
}


def _source(name: str, what: str, lag_ms: int) -> SourceStatus:
    ledger = TailLedger(fetched=60_412, delivered=58_201, repeated=2_211, recovered=3, late=18, groups=14)
    return SourceStatus(
        name=name,
        state="working",
        detail=f"{what}.",
        lag_ms=lag_ms,
        last_success_ms=NOW_MS - 1_000,
        next_due_ms=NOW_MS + 2_000,
        ledger=ledger if name == "logs" else None,
    )


def _trends(errors: int, throttles: int, dead_letters: int) -> Trends:
    def rising(top: int) -> tuple[int, ...]:
        return tuple(int(top * max(0, minute - 10) / 4) for minute in range(15))

    return Trends(
        minutes=MINUTES,
        invocations=tuple(3_000 + 40 * minute for minute in range(15)),
        concurrency_peak=tuple(31 + minute % 4 * 3 for minute in range(15)),
        cold_starts=tuple(8 + minute % 3 * 4 for minute in range(15)),
        errors=rising(errors),
        throttles=(*rising(throttles)[:-2], None, None),
        dead_letters=rising(dead_letters),
        traces=tuple(40 + minute % 5 for minute in range(15)),
        trace_faults=rising(errors // 10),
    )


def _traces(faults: int) -> TraceStatistics:
    slowest = tuple(
        TraceSummary(
            scope=SCOPE,
            trace_id=f"1-6740a1b2-{index:024x}",
            start_ms=NOW_MS - 9_000 * index,
            duration_s=4.2 - index * 0.5,
            has_fault=index < 2 and faults > 0,
            entry_point=("checkout-api", "payment-webhook", "search-indexer")[index % 3],
            root_cause_service="payments.example.com" if index < 2 and faults else None,
        )
        for index in range(6)
    )
    return TraceStatistics(
        count=612, faults=faults, duration_s=Percentiles(count=612, p50=0.18, p95=1.42, p99=3.1, max=4.2),
        slowest=slowest, faulted=slowest[:2] if faults else (),
    )  # fmt: skip


def _account(
    functions: tuple[FunctionStatistics, ...],
    trends: Trends,
    traces: TraceStatistics,
    queue_depth: int = 0,
    sources: tuple[SourceStatus, ...] | None = None,
) -> Snapshot:
    kinds = [one.window.error_kinds for one in functions]
    errors = ErrorKinds(
        timeout=sum(one.timeout for one in kinds),
        out_of_memory=sum(one.out_of_memory for one in kinds),
        unhandled_exception=sum(one.unhandled_exception for one in kinds),
    )
    rate = sum(one.window.invocation_rate_per_s for one in functions)
    queues = tuple(
        QueueDepth(
            scope=SCOPE, name=name, arn=f"arn:aws:sqs:{SCOPE.region}:{SCOPE.account_id}:{name}", depth=depth,
            in_flight=0, age_of_oldest_s=184.0 if depth else None, read_at_ms=NOW_MS - 9_000,
            sources=(QueueSource(function=functions[0].key, role="source_redrive", via="checkout-queue"),),
        )
        for name, depth in (("checkout-dlq", queue_depth), ("orders-dlq", 0), ("webhook-failed", queue_depth // 100))
    )  # fmt: skip
    return Snapshot(
        taken_at_ms=NOW_MS,
        started_at_ms=NOW_MS - 3_600_000,
        window_start_ms=NOW_MS - 900_000,
        accounts=(
            AccountSnapshot(
                scope=SCOPE, ceilings=AccountConcurrency(limit=1000, unreserved=980), in_use=57, peak=64, metric_max=66
            ),
        ),
        functions=tuple(sorted(functions, key=lambda one: one.key.name)),
        total=window(rate, errors, throttles=sum(one.window.throttles or 0 for one in functions)),
        trends=trends,
        queues=queues,
        traces=traces,
        sources=tuple(_source(*facts) for facts in _GOOD_SOURCES) if sources is None else sources,
        api=ApiUsage(
            calls={"logs:FilterLogEvents": 812, "cloudwatch:GetMetricData": 61, "sqs:GetQueueAttributes": 93},
            cost_usd=0.0123,
            cost_usd_per_hour=0.021,
        ),
        complete_to_ms=NOW_MS - 3_200,
    )
