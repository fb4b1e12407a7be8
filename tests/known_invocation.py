"""One invocation of which everything is known, and the log lines that Lambda writes about it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
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


def log_lines(call: KnownInvocation) -> Iterator[tuple[int, str]]:
    """Return the invocation's events, timestamp and message, in the function's log format."""
    return _json_lines(call) if call.function.is_json else _text_lines(call)


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


def _platform(time_ms: int, kind: str, record: Mapping[str, object]) -> str:
    return json.dumps({"time": _iso(time_ms), "type": f"platform.{kind}", "record": record}, separators=(",", ":"))
