"""What the platform itself writes around an invocation, byte for byte in the text and the JSON format.

Source: the Lambda Developer Guide's Telemetry schema and published log samples.
"""

import json
from typing import TypeAlias

from lambdatop.demo.world.invocation import Invocation
from lambdatop.demo.world.time_text import iso_ms

Lines: TypeAlias = list[tuple[int, str]]
"""(timestamp_ms, message) pairs."""

_RUNTIME_HASH = "36aeb19f3326e129d9f096dea0a3c6a9ca8dce2610e62d2b2060747602d863ae"
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


def failed_init_lines(invocation: Invocation) -> Lines:
    """What an initialisation that fails leaves before its START."""
    failure, model = invocation.failure, invocation.model
    if failure is None or failure.kind != "init":
        return []
    at_ms, init_ms = invocation.started_ms, invocation.duration_ms * 0.8
    if model.is_json:
        metrics = {"durationMs": round(init_ms, 3)}
        record: dict[str, object] = {
            "initializationType": "on-demand",
            "phase": "init",
            "status": "error",
            "errorType": failure.error_type,
            "metrics": metrics,
        }
        return [(at_ms, _record(at_ms, "initReport", record))]
    status = f"Phase: init\tStatus: error\tError Type: {failure.error_type}"
    return [
        (at_ms, f"[ERROR] {failure.error_type}: {failure.message}\nTraceback (most recent call last):"),
        (at_ms, f"INIT_REPORT Init Duration: {init_ms:.2f} ms\t{status}\n"),
    ]


def _first_text(invocation: Invocation) -> Lines:
    event, environment = invocation.event, invocation.environment
    lines: Lines = []
    runtime = f"Runtime Version: {_runtime_version(invocation)}\tRuntime Version ARN: {_runtime_arn()}\n"
    if invocation.restore_ms is not None:
        lines += [
            (invocation.invoked_ms, f"RESTORE_START {runtime}"),
            (invocation.started_ms, f"RESTORE_REPORT Restore Duration: {invocation.restore_ms:.2f} ms\n"),
        ]
    elif _is_first(invocation):
        lines.append((invocation.invoked_ms, f"INIT_START {runtime}"))
    lines += failed_init_lines(invocation)
    lines.append((invocation.started_ms, f"START RequestId: {event.request_id} Version: {environment.version}\n"))
    return lines


def _first_json(invocation: Invocation) -> Lines:
    model, event = invocation.model, invocation.event
    lines: Lines = []
    if model.system_level == "WARN":
        return failed_init_lines(invocation)
    if _is_first(invocation):
        record: dict[str, object] = {
            "initializationType": "on-demand",
            "phase": "init",
            "runtimeVersion": _runtime_version(invocation),
            "runtimeVersionArn": _runtime_arn(),
            "functionName": model.name,
            "functionVersion": invocation.environment.version,
            "instanceId": invocation.environment.stream[-16:],
            "instanceMaxMemory": model.memory_size_mb * 1_048_576,
        }
        lines.append((invocation.invoked_ms, _record(invocation.invoked_ms, "initStart", record)))
    lines += failed_init_lines(invocation)
    record = {
        "requestId": event.request_id,
        "functionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{model.name}",
        "version": invocation.environment.version,
        **_tracing(invocation),
    }
    lines.append((invocation.started_ms, _record(invocation.started_ms, "start", record)))
    return lines


def _last_text(invocation: Invocation) -> Lines:
    event, model, failure = invocation.event, invocation.model, invocation.failure
    at_ms, request_id = invocation.ended_ms, event.request_id
    lines: Lines = []
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {invocation.duration_ms:.2f} ms\t"
        f"Billed Duration: {invocation.billed_ms} ms\tMemory Size: {model.memory_size_mb} MB\t"
        f"Max Memory Used: {int(invocation.environment.max_memory_mb)} MB\t"
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
        metrics["maxMemoryUsedMB"] = int(invocation.environment.max_memory_mb)
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
    is_failed_init = invocation.failure is not None and invocation.failure.kind == "init"
    return invocation.init_ms is not None or (is_failed_init and not invocation.environment.is_broken)


def _tracing(invocation: Invocation) -> dict[str, object]:
    if invocation.trace_id is None:
        return {}
    value = f"Root={invocation.trace_id};Parent={invocation.segment_id};Sampled=1"
    return {"tracing": {"spanId": invocation.segment_id, "type": "X-Amzn-Trace-Id", "value": value}}


def _record(time_ms: int, event: str, record: dict[str, object]) -> str:
    return json.dumps({"time": iso_ms(time_ms), "type": f"platform.{event}", "record": record}, separators=(",", ":"))


def _runtime_version(invocation: Invocation) -> str:
    runtime = invocation.model.runtime.removesuffix(".x")
    language = runtime.rstrip("0123456789.")
    number = runtime[len(language) :]
    return f"{language}:{number}.v82" if number else f"{language}.v14"


def _runtime_arn() -> str:
    return f"arn:aws:lambda:us-east-1::runtime:{_RUNTIME_HASH}"
