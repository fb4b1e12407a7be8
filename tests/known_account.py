"""An account whose every invocation is known: it writes the log lines, and it says what they must add up to.

The truth is counted from the plan of invocations and never from the lines, so a reader of the lines can be held to it.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import ceil, floor
from typing import Literal

Outcome = Literal[
    "success",
    "timeout",
    "old_timeout",
    "out_of_memory",
    "runtime_exit",
    "old_runtime_exit",
    "unhandled_exception",
    "init_failure",
]
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
class KnownFunction:
    """A function's settings, as far as they matter to its numbers."""

    name: str
    runtime: str
    architecture: str
    memory_size_mb: int
    is_json: bool = False
    versions: tuple[str, ...] = ("$LATEST",)
    timeout_s: int = 3

    @property
    def log_group(self) -> str:
        """Where its lines go."""
        return f"/aws/lambda/{self.name}"


@dataclass(frozen=True)
class KnownInvocation:
    """What happened, once."""

    function: KnownFunction
    version: str
    stream: str
    request_id: str
    started_ms: int
    duration_ms: float
    outcome: Outcome
    max_memory_used_mb: int
    init_ms: float | None = None
    application_errors: int = 0

    @property
    def billed_ms(self) -> int:
        """Duration and init together, rounded up (AWS bills the init phase since August 2025)."""
        return ceil(round(self.duration_ms + (self.init_ms or 0), 3))

    @property
    def ended_ms(self) -> int:
        """When its report is written."""
        return self.started_ms + ceil(self.duration_ms)


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
        lines = _json_lines(invocation) if invocation.function.is_json else _text_lines(invocation)
        events.setdefault((invocation.function.log_group, invocation.stream), []).extend(lines)
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


def _iso(timestamp_ms: float) -> str:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _text_lines(call: KnownInvocation) -> Iterator[tuple[int, str]]:
    """Yield the lines of one invocation in text format, with those around it that its outcome brings."""
    started_ms, ended_ms, request_id = call.started_ms, call.ended_ms, call.request_id
    arn = "arn:aws:lambda:eu-west-1::runtime:" + "0" * 64
    if call.init_ms is not None or call.outcome == "init_failure":
        first_ms = started_ms - ceil(call.init_ms or 300)
        yield first_ms, f"INIT_START Runtime Version: python:3.12.v43\tRuntime Version ARN: {arn}\n"
    if call.outcome == "init_failure":
        failed = "[ERROR] Runtime.ImportModuleError: Unable to import module 'search': No module named 'search'\n"
        for phase in ("init", "invoke"):
            yield started_ms - 100, failed + "Traceback (most recent call last):"
            ending = "Status: error\tError Type: Runtime.ImportModuleError\n"
            yield started_ms - 100, f"INIT_REPORT Init Duration: 137.69 ms\tPhase: {phase}\t{ending}"
    yield started_ms, f"START RequestId: {request_id} Version: {call.version}\n"
    for number in range(call.application_errors):
        yield started_ms, f"[ERROR]\t{_iso(started_ms)}\t{request_id}\tpayment {number} was declined\n"
    if call.outcome == "unhandled_exception":
        yield ended_ms, _unhandled_text(call)
    if call.outcome == "old_runtime_exit":
        said = "Runtime exited with error: exit status 1"
        yield ended_ms, f"RequestId: {request_id} Error: {said}\nRuntime.ExitError\n"
    yield ended_ms, f"END RequestId: {request_id}\n"
    yield ended_ms, _report_text(call)
    if call.outcome == "old_timeout":
        yield ended_ms, f"{_iso(ended_ms)} {request_id} Task timed out after {call.duration_ms / 1000:.2f} seconds\n\n"


def _unhandled_text(call: KnownInvocation) -> str:
    if call.function.runtime.startswith("nodejs"):
        said = "Cannot read properties of undefined (reading 'total')"
        stack = [f"TypeError: {said}", "    at handler (index.js:4)"]
        error = {"errorType": "TypeError", "errorMessage": said, "stack": stack}
        return f"{_iso(call.ended_ms)}\t{call.request_id}\tERROR\tInvoke Error \t{json.dumps(error)}\n"
    return (
        "[ERROR] KeyError: 'basket'\nTraceback (most recent call last):\n"
        '\u00a0\u00a0File "/var/task/app.py", line 12, in handler\n\u00a0\u00a0\u00a0\u00a0event["basket"]'
    )


def _report_text(call: KnownInvocation) -> str:
    ending = {
        "timeout": "Status: timeout\n",
        "out_of_memory": "Status: error\tError Type: Runtime.OutOfMemory\n",
        "runtime_exit": "Status: error\tError Type: Runtime.ExitError\n",
        "init_failure": "Status: error\tError Type: Runtime.ImportModuleError\n",
    }.get(call.outcome, "\n")
    init = "" if call.init_ms is None else f"Init Duration: {call.init_ms:.2f} ms\t"
    return (
        f"REPORT RequestId: {call.request_id}\tDuration: {call.duration_ms:.2f} ms\t"
        f"Billed Duration: {call.billed_ms} ms\tMemory Size: {call.function.memory_size_mb} MB\t"
        f"Max Memory Used: {call.max_memory_used_mb} MB\t{init}{ending}"
    )


def _json_lines(call: KnownInvocation) -> Iterator[tuple[int, str]]:
    """Yield the lines of one invocation in JSON format."""
    started_ms, ended_ms, request_id = call.started_ms, call.ended_ms, call.request_id
    if call.init_ms is not None:
        first_ms = started_ms - ceil(call.init_ms)
        begun = {"initializationType": "on-demand", "phase": "init", "functionName": call.function.name}
        yield first_ms, _platform(first_ms, "initStart", begun | {"functionVersion": call.version})
    yield started_ms, _platform(started_ms, "start", {"requestId": request_id, "version": call.version})
    said = {"timestamp": _iso(started_ms), "level": "ERROR", "message": "payment was declined", "requestId": request_id}
    for _ in range(call.application_errors):
        yield started_ms, json.dumps(said) + "\n"
    metrics: dict[str, float] = {
        "durationMs": call.duration_ms,
        "billedDurationMs": call.billed_ms,
        "memorySizeMB": call.function.memory_size_mb,
        "maxMemoryUsedMB": call.max_memory_used_mb,
    }
    if call.init_ms is not None:
        metrics["initDurationMs"] = call.init_ms
    ending: dict[str, object] = {"status": "success"}
    if call.outcome == "timeout":
        ending = {"status": "timeout"}
        done = {"requestId": request_id, "status": "timeout", "metrics": {"durationMs": call.duration_ms + 1.182}}
        yield ended_ms, _platform(ended_ms, "runtimeDone", done)
    elif call.outcome == "unhandled_exception":
        error = {"errorMessage": "'basket'", "errorType": "KeyError", "requestId": request_id, "stackTrace": ["  …"]}
        yield ended_ms, json.dumps({"timestamp": _iso(ended_ms), "log_level": "ERROR"} | error)
    elif call.outcome in ("out_of_memory", "runtime_exit"):
        name = "Runtime.OutOfMemory" if call.outcome == "out_of_memory" else "Runtime.ExitError"
        ending = {"status": "error", "errorType": name}
    yield ended_ms, _platform(ended_ms, "report", {"requestId": request_id, "metrics": metrics} | ending)


def _platform(time_ms: int, kind: str, record: dict[str, object]) -> str:
    return json.dumps({"time": _iso(time_ms), "type": f"platform.{kind}", "record": record}, separators=(",", ":"))


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
