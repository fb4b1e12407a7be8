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

_NAMED = frozenset({
    "requestId", "status", "errorType", "metrics", "tracing", "version", "phase", "initializationType",
    "runtimeVersion", "runtimeVersionArn", "functionVersion",
})  # fmt: skip
_METRICS = frozenset({
    "durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs", "restoreDurationMs",
    "billedRestoreDurationMs",
})  # fmt: skip


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) else None


def _number(record: dict[str, Any], key: str) -> float | None:
    value = record.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(record: dict[str, Any], key: str) -> int | None:
    value = _number(record, key)
    return None if value is None or abs(value) > 1e15 else int(value)


def _tracing_part(record: dict[str, Any], name: str) -> str | None:
    tracing = record.get("tracing")
    value = tracing.get("value") if isinstance(tracing, dict) else None
    parts = value.split(";") if isinstance(value, str) else []
    return next((part[len(name) + 1 :] for part in parts if part.startswith(f"{name}=")), None)


def _tracing(record: dict[str, Any]) -> tuple[str | None, bool | None]:
    sampled = _tracing_part(record, "Sampled")
    return _tracing_part(record, "Root"), None if sampled is None else sampled == "1"


def platform_record(text: str, envelope: dict[str, Any]) -> Record | None:
    """Return the record of a decoded JSON platform event, None where the object is not one."""
    kind, record = envelope.get("type"), envelope.get("record")
    if not isinstance(kind, str) or not kind.startswith("platform.") or not isinstance(record, dict):
        return None
    metrics = record.get("metrics")
    metrics = metrics if isinstance(metrics, dict) else {}
    base: dict[str, Any] = {"text": text, "type": kind, "timestamp": epoch_ms(envelope.get("time"))}
    status, error_type, request_id = _text(record, "status"), _text(record, "errorType"), _text(record, "requestId")
    trace_id, sampled = _tracing(record)
    rest = {key: value for key, value in record.items() if key not in _NAMED}
    rest |= {key: value for key, value in metrics.items() if key not in _METRICS}
    if tracing_parent := _tracing_part(record, "Parent"):
        rest["Parent"] = tracing_parent
    base["fields"] = rest or None
    if kind == "platform.start" and request_id is not None:
        return Start(
            **base, request_id=request_id, version=_text(record, "version"), trace_id=trace_id, sampled=sampled
        )
    if kind == "platform.report" and request_id is not None:
        return Report(
            **base,
            request_id=request_id,
            duration_ms=_number(metrics, "durationMs"),
            billed_duration_ms=_whole(metrics, "billedDurationMs"),
            memory_size_mb=_whole(metrics, "memorySizeMB"),
            max_memory_used_mb=_whole(metrics, "maxMemoryUsedMB"),
            init_duration_ms=_number(metrics, "initDurationMs"),
            restore_duration_ms=_number(metrics, "restoreDurationMs"),
            billed_restore_duration_ms=_whole(metrics, "billedRestoreDurationMs"),
            trace_id=trace_id,
            sampled=sampled,
            status=status,
            error_type=error_type,
        )
    if kind in ("platform.runtimeDone", "platform.end") and request_id is not None:
        return End(
            **base,
            request_id=request_id,
            status=status,
            error_type=error_type,
            duration_ms=_number(metrics, "durationMs"),
        )
    return _rare(kind, base, record, metrics)


def _rare(kind: str, base: dict[str, Any], record: dict[str, Any], metrics: dict[str, Any]) -> Record:
    status, error_type = _text(record, "status"), _text(record, "errorType")
    if kind in ("platform.initStart", "platform.restoreStart"):
        cls = InitStart if kind == "platform.initStart" else RestoreStart
        more: dict[str, Any] = {
            "runtime_version": _text(record, "runtimeVersion"),
            "runtime_version_arn": _text(record, "runtimeVersionArn"),
            "version": _text(record, "functionVersion"),
        }
        if cls is InitStart:
            more |= {"initialization_type": _text(record, "initializationType"), "phase": _text(record, "phase")}
        return cls(**base, **more)
    if kind == "platform.initReport":
        return InitReport(
            **base,
            init_duration_ms=_number(metrics, "durationMs"),
            phase=_text(record, "phase"),
            status=status,
            error_type=error_type,
            initialization_type=_text(record, "initializationType"),
        )
    if kind == "platform.restoreReport":
        return RestoreReport(
            **base, restore_duration_ms=_number(metrics, "durationMs"), status=status, error_type=error_type
        )
    if kind in ("platform.extension", "platform.telemetrySubscription", "platform.logSubscription"):
        base["fields"] = {key: record[key] for key in record if key not in ("name", "state", "errorType")} or None
    if kind == "platform.extension":
        return Extension(
            **base, extension_name=_text(record, "name"), extension_state=_text(record, "state"), error_type=error_type
        )
    if kind in ("platform.telemetrySubscription", "platform.logSubscription"):
        return Telemetry(**base, extension_name=_text(record, "name"), extension_state=_text(record, "state"))
    if kind == "platform.logsDropped":
        return LogsDropped(**base)
    base["fields"] = {key: record[key] for key in record if key not in ("requestId", "status", "errorType")} or None
    return PlatformOther(**base, request_id=_text(record, "requestId"), status=status, error_type=error_type)


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
    if max(abs(billed or 0), abs(size or 0), abs(used or 0)) > 1e15:
        return None
    return Report(
        text=text,
        type="platform.report",
        timestamp=epoch_ms(event.time),
        request_id=record.requestId,
        duration_ms=metrics.durationMs,
        billed_duration_ms=None if billed is None else int(billed),
        memory_size_mb=None if size is None else int(size),
        max_memory_used_mb=None if used is None else int(used),
        init_duration_ms=metrics.initDurationMs,
        status=record.status,
    )


def decoded(text: str) -> dict[str, Any] | None:
    """Return the JSON object that the text is, None where it is none."""
    try:
        value = msgspec.json.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return None
    return value if isinstance(value, dict) else None
