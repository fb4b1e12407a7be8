"""Platform records of the JSON log format (AWS-FACTS 2)."""

from typing import Any

import msgspec

from lambdatop.model.record import (
    End,
    Extension,
    InitReport,
    InitStart,
    LogsDropped,
    PlatformOther,
    Record,
    Report,
    RestoreReport,
    RestoreStart,
    Start,
    Telemetry,
)
from lambdatop.parsers.time_text import epoch_ms

_METRICS: dict[str, tuple[str, ...]] = {
    "platform.report": (
        "durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs", "restoreDurationMs",
        "billedRestoreDurationMs",
    ),
    "platform.runtimeDone": ("durationMs",),
    "platform.end": ("durationMs",),
    "platform.initReport": ("durationMs",),
    "platform.restoreReport": ("durationMs",),
}  # fmt: skip
"""The metrics that have a field of their own."""
_NAMED: dict[str, tuple[str, ...]] = {
    "platform.start": ("requestId", "version", "tracing"),
    "platform.report": ("requestId", "status", "errorType", "tracing", "metrics"),
    "platform.runtimeDone": ("requestId", "status", "errorType", "metrics"),
    "platform.end": ("requestId", "status", "errorType", "metrics"),
    "platform.initStart": ("runtimeVersion", "runtimeVersionArn", "functionVersion", "initializationType", "phase"),
    "platform.restoreStart": ("runtimeVersion", "runtimeVersionArn", "functionVersion"),
    "platform.initReport": ("phase", "status", "errorType", "initializationType", "metrics"),
    "platform.restoreReport": ("status", "errorType", "metrics"),
    "platform.extension": ("name", "state", "errorType"),
    "platform.telemetrySubscription": ("name", "state"),
    "platform.logSubscription": ("name", "state"),
    "platform.logsDropped": (),
}
"""The keys of a record that have a field of their own; all others stay in `fields`."""
_OTHER = ("requestId", "status", "errorType")


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) else None


def _number(record: dict[str, Any], key: str) -> float | None:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        return None
    return float(value)


def _whole(record: dict[str, Any], key: str) -> int | None:
    value = _number(record, key)
    return None if value is None else int(value)


def _tracing(record: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the fields of a trace header (`Root=…;Parent=…;Sampled=1`), and its parent."""
    tracing = record.get("tracing")
    if not isinstance(tracing, dict):
        return {}, None
    value = _text(tracing, "value") or ""
    parts = dict(part.split("=", 1) for part in value.split(";") if "=" in part)
    sampled = parts.get("Sampled")
    named = {
        "trace_id": parts.get("Root"),
        "segment_id": _text(tracing, "spanId"),
        "sampled": None if sampled is None else sampled == "1",
    }
    return named, parts.get("Parent")


def platform_record(text: str, envelope: dict[str, Any]) -> Record | None:
    """Return the record of a decoded JSON platform event, None where the object is not one."""
    kind, record = envelope.get("type"), envelope.get("record")
    if not isinstance(kind, str) or not kind.startswith("platform.") or not isinstance(record, dict):
        return None
    found = record.get("metrics")
    metrics: dict[str, Any] = found if isinstance(found, dict) else {}
    has_request = isinstance(record.get("requestId"), str)
    needs_request = kind in ("platform.start", "platform.report", "platform.runtimeDone", "platform.end")
    is_twin = kind in _NAMED and (has_request or not needs_request)
    named = _NAMED[kind] if is_twin else _OTHER
    rest = {key: value for key, value in record.items() if key not in named}
    if "metrics" in named:
        rest |= {key: value for key, value in metrics.items() if key not in _METRICS[kind]}
    tracing, parent = _tracing(record) if "tracing" in named else ({}, None)
    if parent is not None:
        rest["Parent"] = parent
    base: dict[str, Any] = {"text": text, "type": kind, "timestamp": epoch_ms(envelope.get("time"))}
    base["fields"] = rest or None
    if not is_twin:
        outcome = _outcome(record)
        return PlatformOther(**base, **outcome, request_id=_text(record, "requestId"))
    if needs_request:
        return _of_request(kind, base | tracing, record, metrics)
    return _of_environment(kind, base, record, metrics)


def _outcome(record: dict[str, Any]) -> dict[str, Any]:
    return {"status": _text(record, "status"), "error_type": _text(record, "errorType")}


def _of_request(kind: str, base: dict[str, Any], record: dict[str, Any], metrics: dict[str, Any]) -> Record:
    request_id: str = record["requestId"]
    if kind == "platform.start":
        return Start(**base, request_id=request_id, version=_text(record, "version"))
    if kind == "platform.report":
        return Report(
            **base,
            **_outcome(record),
            request_id=request_id,
            duration_ms=_number(metrics, "durationMs"),
            billed_duration_ms=_whole(metrics, "billedDurationMs"),
            memory_size_mb=_whole(metrics, "memorySizeMB"),
            max_memory_used_mb=_whole(metrics, "maxMemoryUsedMB"),
            init_duration_ms=_number(metrics, "initDurationMs"),
            restore_duration_ms=_number(metrics, "restoreDurationMs"),
            billed_restore_duration_ms=_whole(metrics, "billedRestoreDurationMs"),
        )
    return End(**base, **_outcome(record), request_id=request_id, duration_ms=_number(metrics, "durationMs"))


def _of_environment(kind: str, base: dict[str, Any], record: dict[str, Any], metrics: dict[str, Any]) -> Record:
    if kind == "platform.initReport":
        return InitReport(
            **base,
            **_outcome(record),
            init_duration_ms=_number(metrics, "durationMs"),
            phase=_text(record, "phase"),
            initialization_type=_text(record, "initializationType"),
        )
    if kind == "platform.restoreReport":
        return RestoreReport(**base, **_outcome(record), restore_duration_ms=_number(metrics, "durationMs"))
    if kind == "platform.logsDropped":
        return LogsDropped(**base)
    if kind == "platform.extension":
        return Extension(
            **base,
            extension_name=_text(record, "name"),
            extension_state=_text(record, "state"),
            error_type=_text(record, "errorType"),
        )
    if kind in ("platform.telemetrySubscription", "platform.logSubscription"):
        return Telemetry(**base, extension_name=_text(record, "name"), extension_state=_text(record, "state"))
    version: dict[str, Any] = {
        "runtime_version": _text(record, "runtimeVersion"),
        "runtime_version_arn": _text(record, "runtimeVersionArn"),
        "version": _text(record, "functionVersion"),
    }
    if kind == "platform.restoreStart":
        return RestoreStart(**base, **version)
    return InitStart(
        **base,
        **version,
        initialization_type=_text(record, "initializationType"),
        phase=_text(record, "phase"),
    )


class _Metrics(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    durationMs: float | None = None  # noqa: N815  the wire's name
    billedDurationMs: float | None = None  # noqa: N815  the wire's name
    memorySizeMB: float | None = None  # noqa: N815  the wire's name
    maxMemoryUsedMB: float | None = None  # noqa: N815  the wire's name
    initDurationMs: float | None = None  # noqa: N815  the wire's name


class _ReportRecord(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    requestId: str  # noqa: N815  the wire's name
    metrics: _Metrics
    status: str | None = None


class _ReportEvent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    time: str
    type: str
    record: _ReportRecord


_report_event = msgspec.json.Decoder(_ReportEvent).decode


def fast_platform_record(text: str) -> Record | None:
    """Return the plain successful `platform.report` without a detour over dicts; None for anything else."""
    if '"platform.report"' not in text:
        return None
    try:
        event = _report_event(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if event.type != "platform.report":
        return None
    record, metrics = event.record, event.record.metrics
    billed, size, used = metrics.billedDurationMs, metrics.memorySizeMB, metrics.maxMemoryUsedMB
    duration, init = metrics.durationMs, metrics.initDurationMs
    if max(abs(billed or 0), abs(size or 0), abs(used or 0), abs(duration or 0), abs(init or 0)) > 1e15:
        return None
    return Report(
        text=text,
        type="platform.report",
        timestamp=epoch_ms(event.time),
        request_id=record.requestId,
        duration_ms=duration,
        billed_duration_ms=None if billed is None else int(billed),
        memory_size_mb=None if size is None else int(size),
        max_memory_used_mb=None if used is None else int(used),
        init_duration_ms=init,
        status=record.status,
    )


def decoded(text: str) -> dict[str, Any] | None:
    """Return the JSON object that the text is, None where it is none."""
    try:
        value = msgspec.json.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return None
    return value if isinstance(value, dict) else None
