"""What the platform writes, in the same few words for its text and its JSON lines."""

from collections.abc import Sequence

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
from lambdatop.render.field_words import field_spans, fields_that_matter
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.words import line, said

_LIMIT = 200
_WELL = (None, "success")


def platform_line(record: Record) -> Line | None:
    """Return a platform record in words such as `REPORT 12.3 ms, billed 13 ms, 94 of 128 MB`; None for others."""
    match record:
        case Start():
            return _said("START", [f"version {record.version}" if record.version else ""])
        case End():
            return _said("END", [_ms(record.duration_ms)], record.status, record.error_type)
        case Report():
            return _report(record)
        case InitStart():
            kind = record.initialization_type
            unusual = kind if kind not in (None, "on-demand") else ""
            return _said("INIT_START", [record.runtime_version, unusual, _version(record.version)])
        case RestoreStart():
            return _said("RESTORE_START", [record.runtime_version, _version(record.version)])
        case InitReport():
            phase = f"phase {record.phase}" if record.phase not in (None, "init") else ""
            kind = record.initialization_type if record.initialization_type not in (None, "on-demand") else ""
            return _said("INIT_REPORT", [_ms(record.init_duration_ms), phase, kind], record.status, record.error_type)
        case RestoreReport():
            return _said("RESTORE_REPORT", [_ms(record.restore_duration_ms)], record.status, record.error_type)
        case _:
            return _other(record)


def _other(record: Record) -> Line | None:
    match record:
        case Extension() | Telemetry():
            listed = (record.fields or {}).get("events" if isinstance(record, Extension) else "types")
            items = " ".join(map(str, listed)) if isinstance(listed, list) else ""
            word = "EXTENSION" if isinstance(record, Extension) else "TELEMETRY"
            failure = record.error_type if isinstance(record, Extension) else None
            return _said(word, [record.extension_name, record.extension_state, failure, items])
        case LogsDropped():
            fields = record.fields or {}
            records, size = fields.get("droppedRecords"), fields.get("droppedBytes")
            counts = [f"{records} lines" if records is not None else "", f"{size} bytes" if size is not None else ""]
            return _said("LOGS_DROPPED", [*counts, fields.get("reason")], style="warning")
        case PlatformOther() if record.type is not None:
            head = _said(record.type.removeprefix("platform."), [], record.status, record.error_type)
            known = frozenset(value for value in (record.request_id, record.status, record.error_type) if value)
            return (*head, *field_spans(fields_that_matter(record.fields or {}, known), _LIMIT))
        case _:
            return None


def _report(record: Report) -> Line:
    used, size = record.max_memory_used_mb, record.memory_size_mb
    memory = f"{used} of {size} MB" if used is not None and size is not None else f"{size} MB" if size else ""
    parts = [
        _ms(record.duration_ms),
        f"billed {record.billed_duration_ms} ms" if record.billed_duration_ms is not None else "",
        memory,
        f"init {_ms(record.init_duration_ms)}" if record.init_duration_ms is not None else "",
        f"restore {_ms(record.restore_duration_ms)}" if record.restore_duration_ms is not None else "",
        "traced" if record.sampled else "",
    ]
    return _said("REPORT", parts, record.status, record.error_type)


def _said(
    word: str, parts: Sequence[object], status: str | None = None, error_type: str | None = None, style: str = "bad"
) -> Line:
    outcome = " ".join(part for part in (status if status not in _WELL else "", error_type) if part)
    texts = [printable(str(part), _LIMIT) for part in parts if part]
    gap = " " if outcome and texts else ""
    return line(
        said(f"{printable(word, _LIMIT)} " if texts or outcome else printable(word, _LIMIT)),
        said(printable(outcome, _LIMIT) + gap, style),
        said(", ".join(texts)),
    )


def _version(version: str | None) -> str:
    return f"version {version}" if version else ""


def _ms(value_ms: float | None) -> str:
    """Return a duration in milliseconds, so that it can be compared with the lines beside it."""
    if value_ms is None:
        return ""
    return f"{value_ms:.1f} ms" if abs(value_ms) < 100 else f"{value_ms:.0f} ms"
