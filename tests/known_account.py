"""An account whose every invocation is known: it writes the log lines, and it says what they must add up to.

The truth is counted from the plan of invocations and never from the lines, so a reader of the lines can be held to it.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor

from tests.known_invocation import KnownFunction, KnownInvocation, Outcome, log_lines

KIND_OF_OUTCOME: dict[Outcome, str] = {
    "timeout": "timeout",
    "old_timeout": "timeout",
    "out_of_memory": "out_of_memory",
    "runtime_exit": "runtime_exit",
    "old_runtime_exit": "runtime_exit",
    "unhandled_exception": "unhandled_exception",
    "init_failure": "init_failure",
}
_TEXT_OUTCOMES: dict[Outcome, float] = {
    "success": 80,
    "timeout": 3,
    "old_timeout": 2,
    "out_of_memory": 2,
    "runtime_exit": 1,
    "old_runtime_exit": 1,
    "unhandled_exception": 9,
    "init_failure": 2,
}
_JSON_OUTCOMES: dict[Outcome, float] = {
    "success": 85,
    "timeout": 4,
    "out_of_memory": 2,
    "runtime_exit": 2,
    "unhandled_exception": 7,
}
SPAN_MS = 660_000
"""All invocations lie within this long."""
_PRICE_PER_GB_S = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
_PRICE_PER_REQUEST = 0.0000002


@dataclass(frozen=True)
class KnownAccount:
    """All of it; `events` maps (log group, log stream) to (timestamp, message) in order."""

    functions: tuple[KnownFunction, ...]
    invocations: tuple[KnownInvocation, ...]
    events: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def event_count(self) -> int:
        """How many log events there are."""
        return sum(len(events) for events in self.events.values())


FUNCTIONS = (
    KnownFunction("checkout", "python3.12", "x86_64", 512),
    KnownFunction("orders", "nodejs22.x", "arm64", 256, versions=("7", "8")),
    KnownFunction("invoices", "python3.13", "arm64", 1024, is_json=True),
)


def known_account(event_count: int, first_ms: int, seed: int = 11) -> KnownAccount:
    """Return an account of about that many events, all of them in `[first_ms, first_ms + SPAN_MS)`."""
    random_ = random.Random(seed)
    calls_each = max(20, round(event_count / 3.28 / len(FUNCTIONS)))
    invocations: list[KnownInvocation] = []
    for function in FUNCTIONS:
        invocations.extend(_retried(_planned(function, calls_each, first_ms, random_), random_))
    events: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for invocation in sorted(invocations, key=lambda one: one.started_ms):
        in_stream = events.setdefault((invocation.function.log_group, invocation.stream), [])
        in_stream.extend(log_lines(invocation))
    return KnownAccount(FUNCTIONS, tuple(invocations), events)


def _planned(function: KnownFunction, calls: int, first_ms: int, random_: random.Random) -> Iterator[KnownInvocation]:
    outcomes = _JSON_OUTCOMES if function.is_json else _TEXT_OUTCOMES
    environments = max(4, calls // 30)
    for number in range(environments):
        version = random_.choice(function.versions)
        offset_ms = random_.randint(10_000, SPAN_MS // 4)
        in_environment = calls // environments + (number < calls % environments)
        slot_ms = (SPAN_MS - offset_ms) // in_environment
        stream = _stream(version, random_)
        is_new = True
        for slot in range(in_environment):
            outcome = random_.choices(list(outcomes), list(outcomes.values()))[0]
            call = KnownInvocation(
                function=function,
                version=version,
                stream=_stream(version, random_) if outcome == "init_failure" else stream,
                request_id=_uuid(random_),
                started_ms=first_ms + offset_ms + slot * slot_ms + random_.randint(0, slot_ms // 4),
                duration_ms=_duration_ms(function, outcome, random_),
                outcome=outcome,
                max_memory_used_mb=function.memory_size_mb
                if outcome == "out_of_memory"
                else random_.randint(60, function.memory_size_mb - 1),
                init_ms=_decimals(function, random_.uniform(110, 900))
                if is_new and outcome != "init_failure"
                else None,
                application_errors=random_.choice((0, 0, 0, 0, 1, 2)) if outcome == "success" else 0,
            )
            is_new = is_new and outcome == "init_failure"
            yield call


def _retried(calls: Iterator[KnownInvocation], random_: random.Random) -> Iterator[KnownInvocation]:
    """Give half of what failed a later try with the same request ID, as Lambda's asynchronous retries have."""
    ordered = sorted(calls, key=lambda one: one.started_ms)
    request_ids = {index: call.request_id for index, call in enumerate(ordered)}
    for index, call in enumerate(ordered):
        later = [
            other
            for other in range(index + 1, min(len(ordered), index + 200))
            if ordered[other].started_ms > call.ended_ms + 30_000 and ordered[other].outcome != "init_failure"
        ]
        if call.outcome == "unhandled_exception" and later and random_.random() < 0.5:
            request_ids[random_.choice(later)] = request_ids[index]
    for index, call in enumerate(ordered):
        yield replace(call, request_id=request_ids[index])


def _duration_ms(function: KnownFunction, outcome: Outcome, random_: random.Random) -> float:
    limit_ms = function.timeout_s * 1000
    if outcome == "timeout":
        return float(limit_ms)
    if outcome == "old_timeout":
        return limit_ms + _decimals(function, random_.uniform(1, 60))
    return min(limit_ms - 1.0, _decimals(function, random_.lognormvariate(4.2, 0.9)))


def _decimals(function: KnownFunction, value: float) -> float:
    return round(value, 3 if function.is_json else 2)


def _stream(version: str, random_: random.Random) -> str:
    return f"2026/11/21/[{version}]{random_.getrandbits(128):032x}"


def _uuid(random_: random.Random) -> str:
    digits = f"{random_.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def truth_of(invocations: Sequence[KnownInvocation]) -> dict[str, object]:
    """Return what must be reported of one function's invocations, counted one by one."""
    kinds = Counter(KIND_OF_OUTCOME[call.outcome] for call in invocations if call.outcome != "success")
    function = invocations[0].function
    gb_s = sum(call.billed_ms for call in invocations) / 1000 * function.memory_size_mb / 1024
    return {
        "invocations": len(invocations),
        "errors": kinds.total(),
        "error_rate": kinds.total() / len(invocations),
        "error_kinds": {kind: kinds[kind] for kind in dict.fromkeys(KIND_OF_OUTCOME.values())},
        "application_errors": sum(call.application_errors for call in invocations),
        "cold_starts": sum(call.init_ms is not None for call in invocations),
        "restores": 0,
        "max_memory_used_mb": max(call.max_memory_used_mb for call in invocations),
        "billed_duration_ms": sum(call.billed_ms for call in invocations),
        "cost_usd": gb_s * _PRICE_PER_GB_S[function.architecture] + len(invocations) * _PRICE_PER_REQUEST,
    }


def overlap_peak(invocations: Sequence[KnownInvocation]) -> int:
    """Return the most invocations that ran at once, inits included, by looking at each one's beginning."""
    spans = [(call.ended_ms - call.duration_ms - (call.init_ms or 0), call.ended_ms) for call in invocations]
    return max(sum(begun <= at < ended for begun, ended in spans) for at, _ in spans)


def quantile_bounds(values: Sequence[float], share: float, relative_error: float) -> tuple[float, float]:
    """Return the least and the most that an estimate of the quantile may be."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    return ordered[floor(position)] * (1 - relative_error), ordered[ceil(position)] * (1 + relative_error)
