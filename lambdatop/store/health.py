"""Whether a function is sick, since when and why: plain rules over the last five minutes."""

from msgspec import Struct

from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.statistics import Health, HealthState, WindowStatistics

LOOK_BACK_MS = 300_000
"""What is judged: the last five minutes."""
METRIC_LOOK_BACK_MS = 420_000
"""The same for CloudWatch's minutes, which come some two minutes late."""
FAILING_ERROR_RATE = 0.05
FAILING_ERRORS = 2
"""One failure alone is not a failing function, however few invocations there are."""
FAILING_TIMEOUTS = 3
THROTTLED_RATE = 0.01
DEGRADED_MEMORY_SHARE = 0.95
DEGRADED_TIMEOUT_SHARE = 0.9
DEGRADED_COLD_START_RATE = 0.2
DEGRADED_INIT_P95_MS = 3_000
FEWEST_INVOCATIONS = 20
"""Rates and percentiles of fewer invocations say little."""
QUIET_MINUTES = 1
"""A run of bad minutes may have this many good ones in a row in it."""

_PLURAL = {
    "timeout": ("timeout", "timeouts"),
    "out_of_memory": ("out of memory", "out of memory"),
    "runtime_exit": ("runtime exit", "runtime exits"),
    "init_failure": ("init failure", "init failures"),
    "unhandled_exception": ("unhandled exception", "unhandled exceptions"),
}


class Symptoms(Struct, frozen=True):
    """What a judgement rests on; trends are by minute, oldest first."""

    recent: WindowStatistics
    """The last five minutes."""
    queue_growth: int | None
    minutes: tuple[int, ...]
    error_trend: tuple[int | None, ...]
    throttle_trend: tuple[int | None, ...]
    is_read: bool
    """Whether any source tells of this function at all."""
    is_idle: bool
    """Whether nothing was invoked in the last fifteen minutes."""


def judge(function: LambdaFunction, symptoms: Symptoms, before: Health | None) -> Health:
    """A function's health; `before` is the last judgement, which may remember a beginning older than the trends."""
    if not symptoms.is_read:
        return Health(state="unknown", reason="neither logs nor metrics have been read yet")
    state, reason, trend = _worst(function, symptoms)
    if state in {"healthy", "idle"}:
        return Health(state=state, reason=reason)
    since_ms = _run_start(symptoms.minutes, trend) if trend is not None else None
    was_sick = before is not None and before.state not in {"healthy", "idle", "unknown"}
    if before is not None and was_sick and before.since_ms is not None:
        is_older_than_known = since_ms is None or since_ms <= symptoms.minutes[0]
        since_ms = before.since_ms if is_older_than_known else since_ms
    return Health(state=state, reason=reason, since_ms=since_ms or symptoms.minutes[-1])


def _worst(function: LambdaFunction, symptoms: Symptoms) -> tuple[HealthState, str, tuple[int | None, ...] | None]:
    recent = symptoms.recent
    errors, rate = recent.errors, recent.error_rate or 0.0
    timeouts = recent.error_kinds.timeout
    if (errors >= FAILING_ERRORS and rate >= FAILING_ERROR_RATE) or timeouts >= FAILING_TIMEOUTS:
        return "failing", _error_reason(recent), symptoms.error_trend
    throttle_rate = recent.throttle_rate or 0.0
    if throttle_rate >= THROTTLED_RATE:
        return "throttled", f"throttled {_percent(throttle_rate)}", symptoms.throttle_trend
    if errors:
        return "degraded", _error_reason(recent), symptoms.error_trend
    if symptoms.queue_growth is not None and symptoms.queue_growth > 0:
        return "degraded", f"DLQ +{symptoms.queue_growth}", None
    if recent.async_events_dropped:
        return "degraded", f"{recent.async_events_dropped} async events dropped in 5 min", None
    if recent.throttles:
        return "degraded", f"throttled {_percent(throttle_rate)}", symptoms.throttle_trend
    reason = _slow_or_full(function, recent)
    if reason is not None:
        return "degraded", reason, None
    return ("idle", "no invocations in 15 min", None) if symptoms.is_idle else ("healthy", "", None)


def _error_reason(recent: WindowStatistics) -> str:
    """The most frequent kind where it makes up half of the errors or more, else the rate."""
    kinds = {kind: getattr(recent.error_kinds, kind) for kind in _PLURAL}
    worst = max(kinds, key=lambda kind: kinds[kind])
    count = kinds[worst]
    if count * 2 >= recent.errors and worst != "unhandled_exception":
        return f"{count} {_PLURAL[worst][count != 1]} in 5 min"
    return f"error rate {_percent(recent.error_rate or 0.0)}"


def _slow_or_full(function: LambdaFunction, recent: WindowStatistics) -> str | None:
    size_mb, used_mb = function.memory_size_mb, recent.max_memory_used_mb
    if size_mb and used_mb and used_mb >= DEGRADED_MEMORY_SHARE * size_mb:
        return f"memory {_percent(used_mb / size_mb)} of {size_mb} MB"
    if recent.invocations < FEWEST_INVOCATIONS:
        return None
    timeout_ms = (function.timeout_s or 0) * 1000
    if timeout_ms and recent.duration_ms and recent.duration_ms.p99 >= DEGRADED_TIMEOUT_SHARE * timeout_ms:
        return f"p99 at {_percent(recent.duration_ms.p99 / timeout_ms)} of the timeout"
    init = recent.init_duration_ms
    if init and init.p95 >= DEGRADED_INIT_P95_MS and (recent.cold_start_rate or 0.0) >= DEGRADED_COLD_START_RATE:
        return f"cold starts {_percent(recent.cold_start_rate or 0.0)}, p95 {init.p95 / 1000:.1f} s"
    return None


def _percent(share: float) -> str:
    """A share in the fewest digits that still say something.

    >>> _percent(0.0621), _percent(0.08), _percent(0.00042)
    ('6.2 %', '8 %', '0.04 %')
    """
    percent = share * 100
    if percent >= 10:
        return f"{percent:.0f} %"
    text = f"{percent:.1f}" if percent >= 0.1 else f"{percent:.2f}"
    return f"{text.removesuffix('.0')} %"


def _run_start(minutes: tuple[int, ...], trend: tuple[int | None, ...]) -> int | None:
    """Start of the newest run of minutes with a bad value, None without one."""
    start_ms = None
    quiet = 0
    for at_ms, value in zip(reversed(minutes), reversed(trend), strict=True):
        if value:
            start_ms, quiet = at_ms, 0
        elif start_ms is not None:
            quiet += 1
            if quiet > QUIET_MINUTES:
                break
    return start_ms
