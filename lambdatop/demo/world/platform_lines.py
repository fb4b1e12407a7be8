"""What the platform itself writes around an invocation, byte for byte in the text and the JSON format.

Source: the Lambda Developer Guide's Telemetry schema and published log samples.
"""

import json
from typing import TypeAlias

from lambdatop.demo.world.function_model import Failure, FunctionModel
from lambdatop.demo.world.invocation import Environment, Invocation
from lambdatop.demo.world.time_text import iso_ms

Lines: TypeAlias = list[tuple[int, str]]
"""(timestamp_ms, message) pairs."""

_RUNTIME_HASH = "36aeb19f3326e129d9f096dea0a3c6a9ca8dce2610e62d2b2060747602d863ae"
LAMBDA_WARNING = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare"
    " cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes,"
    " runtime updates can be triggered by a function change, or can be applied automatically."
)
"""What managed runtimes say before an unhandled error."""
_OLD_STYLE_EXIT = {
    "out_of_memory": "Runtime exited with error: signal: killed",
    "exit": "Runtime exited with error: exit status 1",
    "init": "Runtime exited with error: exit status 1",
}


def first_lines(invocation: Invocation) -> Lines:
    """From the environment's first line to START."""
    return _first_json(invocation) if invocation.model.is_json else _first_text(invocation)


def last_lines(invocation: Invocation) -> Lines:
    """From END to REPORT, with what the platform says of a failure."""
    return _last_json(invocation) if invocation.model.is_json else _last_text(invocation)


def allocation_lines(model: FunctionModel, environment: Environment, at_ms: int, init_ms: float) -> Lines:
    """What an initialisation outside of any request leaves: provisioned concurrency, or a version's snapshot."""
    kind = "snap-start" if model.is_snap_start else "provisioned-concurrency"
    done_ms = at_ms + int(init_ms)
    if model.is_json:
        record: dict[str, object] = {
            "initializationType": kind, "phase": "init", "status": "success",
            "metrics": {"durationMs": round(init_ms, 3)},
        }  # fmt: skip
        start = _record(at_ms, "initStart", _init_start(model, environment, kind))
        return [(at_ms, start), (done_ms, _record(done_ms, "initReport", record))]
    return [
        (at_ms, f"INIT_START {_runtime(model, environment)}"),
        (done_ms, f"INIT_REPORT Init Duration: {init_ms:.2f} ms\n"),
    ]


def failed_init_lines(invocation: Invocation) -> Lines:
    """What an initialisation that fails leaves before its START: it is tried twice, the second time in the request."""
    failure, first_ms = invocation.failure, invocation.failed_init_ms
    if failure is None or first_ms is None:
        return []
    second_ms = invocation.duration_ms * 0.8
    failed_ms = invocation.started_ms
    lines: Lines = []
    for at_ms, taken_ms, phase in ((failed_ms, first_ms, "init"), (failed_ms + int(second_ms), second_ms, "invoke")):
        lines += _failed_phase(invocation.model, failure, at_ms, taken_ms, phase)
    return lines


def _failed_phase(model: FunctionModel, failure: Failure, at_ms: int, taken_ms: float, phase: str) -> Lines:
    if model.is_json:
        record: dict[str, object] = {
            "initializationType": "on-demand", "phase": phase, "status": "error", "errorType": failure.error_type,
            "metrics": {"durationMs": round(taken_ms, 3)},
        }  # fmt: skip
        return [(at_ms, _record(at_ms, "initReport", record))]
    status = f"Phase: {phase}\tStatus: error\tError Type: {failure.error_type}"
    return [
        (at_ms, f"[WARNING]\t{iso_ms(at_ms)}\t\t{LAMBDA_WARNING}\n"),
        (at_ms, f"[ERROR] {failure.error_type}: {failure.message}\nTraceback (most recent call last):"),
        (at_ms, f"INIT_REPORT Init Duration: {taken_ms:.2f} ms\t{status}\n"),
    ]


def _first_text(invocation: Invocation) -> Lines:
    event, environment = invocation.event, invocation.environment
    lines: Lines = []
    if invocation.restore_ms is not None:
        lines += [
            (invocation.invoked_ms, f"RESTORE_START {_runtime(invocation.model, environment)}"),
            (invocation.started_ms, f"RESTORE_REPORT Restore Duration: {invocation.restore_ms:.2f} ms\n"),
        ]
    elif _is_first(invocation):
        lines.append((invocation.invoked_ms, f"INIT_START {_runtime(invocation.model, environment)}"))
    lines += failed_init_lines(invocation)
    start_ms = max(lines[-1][0], invocation.started_ms) if lines else invocation.started_ms
    lines.append((start_ms, f"START RequestId: {event.request_id} Version: {environment.version}\n"))
    return lines


def _first_json(invocation: Invocation) -> Lines:
    model, event, environment = invocation.model, invocation.event, invocation.environment
    if model.system_level == "WARN":
        return failed_init_lines(invocation)
    lines: Lines = []
    if _is_first(invocation):
        start = _init_start(model, environment, "on-demand")
        lines.append((invocation.invoked_ms, _record(invocation.invoked_ms, "initStart", start)))
    lines += failed_init_lines(invocation)
    record: dict[str, object] = {
        "requestId": event.request_id,
        "functionArn": environment.function_arn,
        "version": environment.version,
        **_tracing(invocation),
    }
    lines.append((invocation.started_ms, _record(invocation.started_ms, "start", record)))
    return lines


def _init_start(model: FunctionModel, environment: Environment, initialization_type: str) -> dict[str, object]:
    return {
        "initializationType": initialization_type,
        "phase": "init",
        "runtimeVersion": _runtime_version(model),
        "runtimeVersionArn": _runtime_arn(environment),
        "functionName": model.name,
        "functionVersion": environment.version,
        "instanceId": environment.stream[-16:],
        "instanceMaxMemory": model.memory_size_mb * 1_048_576,
    }


def _last_text(invocation: Invocation) -> Lines:
    event, model, failure = invocation.event, invocation.model, invocation.failure
    at_ms, request_id = invocation.ended_ms, event.request_id
    lines: Lines = []
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {invocation.duration_ms:.2f} ms\t"
        f"Billed Duration: {invocation.billed_ms} ms\tMemory Size: {model.memory_size_mb} MB\t"
        f"Max Memory Used: {invocation.max_memory_used_mb} MB\t"
    )
    if invocation.init_ms is not None:
        report += f"Init Duration: {invocation.init_ms:.2f} ms\t"
    if invocation.restore_ms is not None:
        report += f"Restore Duration: {invocation.restore_ms:.2f} ms\t"
        report += f"Billed Restore Duration: {invocation.billed_restore_ms} ms\t"
    if failure is not None and invocation.status != "success" and not model.is_old_style:
        report += f"Status: {invocation.status}"
        report += f"\tError Type: {failure.error_type}" if invocation.status == "error" else ""
    lines.append((at_ms, f"END RequestId: {request_id}\n"))
    trace = f"XRAY TraceId: {invocation.trace_id}\tSegmentId: {invocation.segment_id}\tSampled: true\t\n"
    lines.append((at_ms, report + "\n" + (trace if invocation.trace_id else "")))
    if failure is not None and model.is_old_style and invocation.status != "success":
        if failure.kind == "timeout":
            taken = f"Task timed out after {invocation.duration_ms / 1000:.2f} seconds"
            lines.append((at_ms, f"{iso_ms(at_ms)} {request_id} {taken}\n\n"))
        else:
            lines.append(
                (at_ms, f"RequestId: {request_id} Error: {_OLD_STYLE_EXIT[failure.kind]}\nRuntime.ExitError\n")
            )
    return lines


def _last_json(invocation: Invocation) -> Lines:
    model, failure, at_ms = invocation.model, invocation.failure, invocation.ended_ms
    if model.system_level == "WARN" and invocation.status == "success":
        return []
    metrics: dict[str, object] = {"durationMs": round(invocation.duration_ms, 3)}
    if not model.is_managed:
        metrics["billedDurationMs"] = invocation.billed_ms
        metrics["memorySizeMB"] = model.memory_size_mb
        metrics["maxMemoryUsedMB"] = invocation.max_memory_used_mb
    if invocation.init_ms is not None:
        metrics["initDurationMs"] = round(invocation.init_ms, 3)
    if invocation.restore_ms is not None:
        metrics["restoreDurationMs"] = round(invocation.restore_ms, 3)
    record: dict[str, object] = {"requestId": invocation.event.request_id, "metrics": metrics}
    record |= _tracing(invocation)
    record["status"] = invocation.status
    if failure is not None and invocation.status == "error":
        record["errorType"] = failure.error_type
    lines: Lines = []
    if not model.is_managed and (model.system_level == "DEBUG" or invocation.status != "success"):
        done: dict[str, object] = {
            "requestId": invocation.event.request_id,
            "status": invocation.status,
            "metrics": {"durationMs": metrics["durationMs"], "producedBytes": 0},
        }
        lines.append((at_ms, _record(at_ms, "runtimeDone", done)))
    lines.append((at_ms, _record(at_ms, "report", record)))
    return lines


def _is_first(invocation: Invocation) -> bool:
    return invocation.init_ms is not None or invocation.failed_init_ms is not None


def _tracing(invocation: Invocation) -> dict[str, object]:
    if invocation.trace_id is None:
        return {}
    value = f"Root={invocation.trace_id};Parent={invocation.segment_id};Sampled=1"
    return {"tracing": {"spanId": invocation.segment_id, "type": "X-Amzn-Trace-Id", "value": value}}


def _record(time_ms: int, event: str, record: dict[str, object]) -> str:
    return json.dumps({"time": iso_ms(time_ms), "type": f"platform.{event}", "record": record}, separators=(",", ":"))


def _runtime(model: FunctionModel, environment: Environment) -> str:
    return f"Runtime Version: {_runtime_version(model)}\tRuntime Version ARN: {_runtime_arn(environment)}\n"


def _runtime_version(model: FunctionModel) -> str:
    runtime = model.runtime.removesuffix(".x")
    language = runtime.rstrip("0123456789.")
    number = runtime[len(language) :]
    return f"{language}:{number}.v82" if number else f"{language}.v14"


def _runtime_arn(environment: Environment) -> str:
    region = environment.function_arn.split(":")[3]
    return f"arn:aws:lambda:{region}::runtime:{_RUNTIME_HASH}"
