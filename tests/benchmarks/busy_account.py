"""Snapshots of an account with many functions, of which a tenth change their numbers every second."""

import random
import time

import msgspec

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency, LambdaFunction
from lambdatop.model.snapshot import AccountSnapshot, Snapshot, TraceStatistics, Trends
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.statistics import ErrorKinds, FunctionStatistics, Health, Percentiles, WindowStatistics

SCOPE = Scope("123456789012", "eu-west-1")
_WORDS = ("checkout", "orders", "invoices", "payments", "search", "users", "images", "reports", "mail", "stock")
_WINDOW_MS = 900_000


def busy_snapshots(functions: int, steps: int, changing: float, seed: int = 5) -> list[Snapshot]:
    """Return that many snapshots; from one to the next the share `changing` of the functions has new numbers."""
    random_ = random.Random(seed)
    now_ms = time.time_ns() // 1_000_000
    rows = [_row(number, now_ms, random_) for number in range(functions)]
    snapshots = [_snapshot(rows, now_ms, 0)]
    for step in range(1, steps):
        for number in random_.sample(range(functions), int(functions * changing)):
            rows[number] = _moved(rows[number], random_)
        snapshots.append(_snapshot(rows, now_ms, step if changing else 0))
    return snapshots


def _snapshot(rows: list[FunctionStatistics], now_ms: int, step: int) -> Snapshot:
    invocations = sum(row.window.invocations for row in rows)
    trend = tuple(invocations // 15 + (step * 37 + minute * 101) % 500 for minute in range(15))
    small = tuple((step + minute * 7) % 40 for minute in range(15))
    return Snapshot(
        taken_at_ms=now_ms,
        started_at_ms=now_ms - _WINDOW_MS,
        window_start_ms=now_ms - _WINDOW_MS,
        accounts=(
            AccountSnapshot(
                scope=SCOPE,
                ceilings=AccountConcurrency(limit=1000, unreserved=900),
                in_use=120 + step % 7,
                peak=180,
                metric_max=190,
            ),
        ),
        functions=tuple(sorted(rows, key=lambda row: row.key)),
        total=msgspec.structs.replace(rows[0].window, invocations=invocations),
        trends=Trends(
            minutes=tuple(now_ms // 60_000 * 60_000 - 60_000 * back for back in range(14, -1, -1)),
            invocations=trend,
            concurrency_peak=small,
            cold_starts=small,
            errors=small,
            throttles=small,
            dead_letters=small,
            traces=small,
            trace_faults=small,
        ),
        traces=TraceStatistics(
            count=400 + step, faults=3, duration_s=Percentiles(count=400, p50=0.1, p95=1, p99=2, max=4)
        ),
        sources=tuple(
            SourceStatus(name=name, state="working", detail="reads", lag_ms=900, last_success_ms=now_ms)
            for name in ("functions", "log tail", "metrics", "queues", "traces")
        ),
        complete_to_ms=now_ms - 1000,
    )


def _row(number: int, now_ms: int, random_: random.Random) -> FunctionStatistics:
    name = f"{random_.choice(_WORDS)}-{random_.choice(_WORDS)}-{number:04d}"
    key = FunctionKey(*SCOPE, name)
    invocations = int(random_.lognormvariate(5, 1.5)) + 1
    window = WindowStatistics(start_ms=now_ms - _WINDOW_MS, end_ms=now_ms, invocations=invocations, throttles=0)
    row = FunctionStatistics(
        function=LambdaFunction(key=key, memory_size_mb=512, runtime="python3.13", log_group=f"/aws/lambda/{name}"),
        health=Health(state="healthy"),
        window=window,
        concurrency=FunctionConcurrency(reserved=100 if number % 9 == 0 else None),
        invocation_trend=tuple(random_.randint(0, invocations) for _ in range(15)),
        last_seen_ms=now_ms,
    )
    return _moved(row, random_)


def _moved(row: FunctionStatistics, random_: random.Random) -> FunctionStatistics:
    """Return the row a second later: a few more invocations, and what they bring."""
    invocations = row.window.invocations + random_.randint(1, 9)
    errors = row.window.error_kinds.unhandled_exception + (random_.random() < 0.05)
    window = msgspec.structs.replace(
        row.window,
        invocations=invocations,
        error_kinds=ErrorKinds(unhandled_exception=errors),
        cold_starts=max(1, invocations // 50),
        duration_ms=_percentiles(invocations, random_.uniform(40, 60)),
        init_duration_ms=_percentiles(max(1, invocations // 50), random_.uniform(280, 320)),
        max_memory_used_mb=random_.randint(180, 190),
        billed_duration_ms=invocations * 55,
        cost_usd=invocations * 4e-7,
        concurrency_peak=12,
    )
    trend = (*row.invocation_trend[:-1], (row.invocation_trend[-1] or 0) + 3)
    return msgspec.structs.replace(row, window=window, concurrency_now=random_.randint(0, 12), invocation_trend=trend)


def _percentiles(count: int, middle: float) -> Percentiles:
    return Percentiles(count=count, p50=middle, p95=middle * 3, p99=middle * 5, max=middle * 9)
