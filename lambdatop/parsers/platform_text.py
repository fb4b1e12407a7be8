"""Platform lines of the text log format: START, END, REPORT and their kin.

Labels are read as a map, whatever their order and spacing (AWS-FACTS 1.4): tabs, newlines or runs of blanks.
"""

import re
from collections.abc import Callable
from math import isfinite

from lambdatop.model.record import (
    End,
    Extension,
    InitReport,
    InitStart,
    PlatformOther,
    Record,
    Report,
    RestoreReport,
    RestoreStart,
    RuntimeExit,
    Start,
    Telemetry,
    Timeout,
)
from lambdatop.parsers.time_text import epoch_ms

UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_START = re.compile(rf"START RequestId: ({UUID})(?:[\t ]+Version: (\S+))?\s*\Z")
_END = re.compile(rf"END RequestId: ({UUID})\s*\Z")
_REPORT = re.compile(rf"REPORT RequestId: ({UUID})[\t\r\n ]")
_LABELS = re.compile(
    r"[\t\n\r ](Billed Restore Duration|Restore Duration|Billed Duration|Init Duration|Max Memory Used|Memory Size"
    r"|Error Type|XRAY TraceId|SegmentId|Sampled|Status|Phase|Duration): (\S+)"
)
_COMMON_REPORT = re.compile(
    rf"REPORT RequestId: ({UUID})\tDuration: ([0-9]{{1,12}}\.[0-9]{{2}}) ms\tBilled Duration: ([0-9]{{1,12}}) ms"
    r"\tMemory Size: ([0-9]{1,9}) MB\tMax Memory Used: ([0-9]{1,9}) MB\t"
    r"(?:Init Duration: ([0-9]{1,12}\.[0-9]{2}) ms\t)?"
    r"(?:Restore Duration: ([0-9]{1,12}\.[0-9]{2}) ms\tBilled Restore Duration: ([0-9]{1,12}) ms\t)?"
    r"(?:Status: ([a-z]+)(?:\tError Type: ([\w.]+))?)?"
    r"(?:\nXRAY TraceId: ([0-9a-f-]+)\tSegmentId: ([0-9a-f]+)\tSampled: (true|false)\t?)?\n?\Z"
).match
_TIMEOUT = re.compile(rf"(\S+) ({UUID}) Task timed out after (\d+(?:\.\d+)?) seconds\s*\Z")
_EXIT = re.compile(rf"RequestId: ({UUID}) Error: ([^\n]*)(?:\n(\S+))?\s*\Z")
_RUNTIME = re.compile(r"\w+ Runtime Version: (\S+)(?:\s+Runtime Version ARN: (\S+))?\s*\Z")
_SUBSCRIBER = re.compile(
    r"\w+\s+Name: (\S+)\s+State: (\S+)(?:\s+(?:Events|Types): \[([^\]]*)\])?(?:\s+Error Type: (\S+))?\s*\Z"
)


def _float(text: str | None) -> float | None:
    """Return the number a label has; a word such as `nan` or `inf` is none."""
    try:
        value = None if text is None else float(text)
    except ValueError:
        return None
    return value if value is not None and isfinite(value) else None


def _int(text: str | None) -> int | None:
    value = _float(text)
    return None if value is None else int(value)


def _report(text: str) -> Record | None:
    """Read a REPORT, by its places where they are those that AWS writes, else by its labels."""
    match = _COMMON_REPORT(text)
    if match is None:
        return report_by_labels(text)
    request_id, duration, billed, size, used, init, restore, billed_restore, status, *more = match.groups()
    if init is None and restore is None and status is None and more[1] is None:
        return Report(
            text=text,
            request_id=request_id,
            duration_ms=float(duration),
            billed_duration_ms=int(billed),
            memory_size_mb=int(size),
            max_memory_used_mb=int(used),
        )
    error_type, trace_id, segment_id, sampled = more
    return Report(
        text=text,
        request_id=request_id,
        duration_ms=float(duration),
        billed_duration_ms=int(billed),
        memory_size_mb=int(size),
        max_memory_used_mb=int(used),
        init_duration_ms=None if init is None else float(init),
        restore_duration_ms=None if restore is None else float(restore),
        billed_restore_duration_ms=None if billed_restore is None else int(billed_restore),
        trace_id=trace_id,
        segment_id=segment_id,
        sampled=None if sampled is None else sampled == "true",
        status=status,
        error_type=error_type,
    )


def report_by_labels(text: str) -> Record | None:
    """Return the record of a REPORT in any order and spacing, None for a line that is none."""
    match = _REPORT.match(text)
    if match is None:
        return None
    labels = dict(_LABELS.findall(text))
    duration_ms = _float(labels.get("Duration"))
    if duration_ms is None:
        return None
    sampled = labels.get("Sampled")
    return Report(
        text=text,
        request_id=match[1],
        duration_ms=duration_ms,
        billed_duration_ms=_int(labels.get("Billed Duration")),
        memory_size_mb=_int(labels.get("Memory Size")),
        max_memory_used_mb=_int(labels.get("Max Memory Used")),
        init_duration_ms=_float(labels.get("Init Duration")),
        restore_duration_ms=_float(labels.get("Restore Duration")),
        billed_restore_duration_ms=_int(labels.get("Billed Restore Duration")),
        trace_id=labels.get("XRAY TraceId"),
        segment_id=labels.get("SegmentId"),
        sampled=None if sampled is None else sampled == "true",
        status=labels.get("Status"),
        error_type=labels.get("Error Type"),
    )


def _start(text: str) -> Record | None:
    match = _START.match(text)
    return None if match is None else Start(text=text, request_id=match[1], version=match[2])


def _end(text: str) -> Record | None:
    match = _END.match(text)
    return None if match is None else End(text=text, request_id=match[1])


def _init_start(text: str) -> Record | None:
    match = _RUNTIME.match(text)
    if match is None:
        return None
    return InitStart(text=text, runtime_version=match[1], runtime_version_arn=match[2])


def _restore_start(text: str) -> Record | None:
    match = _RUNTIME.match(text)
    if match is None:
        return None
    return RestoreStart(text=text, runtime_version=match[1], runtime_version_arn=match[2])


def _init_report(text: str) -> Record | None:
    labels = dict(_LABELS.findall(text))
    if "Init Duration" not in labels:
        return None
    return InitReport(
        text=text,
        init_duration_ms=_float(labels["Init Duration"]),
        phase=labels.get("Phase"),
        status=labels.get("Status"),
        error_type=labels.get("Error Type"),
    )


def _restore_report(text: str) -> Record | None:
    labels = dict(_LABELS.findall(text))
    if "Restore Duration" not in labels:
        return None
    return RestoreReport(
        text=text,
        restore_duration_ms=_float(labels["Restore Duration"]),
        status=labels.get("Status"),
        error_type=labels.get("Error Type"),
    )


def _extension(text: str) -> Record | None:
    match = _SUBSCRIBER.match(text)
    if match is None:
        return None
    events = [event.strip() for event in (match[3] or "").split(",") if event.strip()]
    return Extension(
        text=text,
        extension_name=match[1],
        extension_state=match[2],
        error_type=match[4],
        fields={"events": events} if events else None,
    )


def _telemetry(text: str) -> Record | None:
    match = _SUBSCRIBER.match(text)
    if match is None:
        return None
    types = [name.strip() for name in (match[3] or "").split(",") if name.strip()]
    return Telemetry(
        text=text, extension_name=match[1], extension_state=match[2], fields={"types": types} if types else None
    )


def _runtime_exit(text: str) -> Record | None:
    match = _EXIT.match(text)
    if match is None:
        return None
    if "Task timed out after" in match[2]:
        seconds = re.search(r"after (\d+(?:\.\d+)?) seconds", match[2])
        return Timeout(text=text, request_id=match[1], duration_ms=float(seconds[1]) * 1000 if seconds else None)
    return RuntimeExit(text=text, request_id=match[1], error_message=match[2].strip() or None, error_type=match[3])


def _image(text: str) -> Record | None:
    return PlatformOther(text=text) if text.startswith(("IMAGE\tLaunch error", "IMAGE\tInvalid task")) else None


_BY_PREFIX: dict[str, Callable[[str], Record | None]] = {
    "START ": _start,
    "END Re": _end,
    "REPORT": _report,
    "INIT_S": _init_start,
    "INIT_R": _init_report,
    "RESTOR": lambda text: _restore_start(text) if text.startswith("RESTORE_START ") else _restore_report(text),
    "EXTENS": _extension,
    "TELEME": _telemetry,
    "LOGS\tN": _telemetry,
    "Reques": _runtime_exit,
    "IMAGE\t": _image,
}


platform_parser_of = _BY_PREFIX.get
"""The parser by the first six characters, of every platform line but the timeout's."""
PLATFORM_PREFIXES = frozenset(_BY_PREFIX)


def parse_platform_text(text: str) -> Record | None:
    """Return the platform line's record, or None where the text is something else.

    >>> parse_platform_text("END RequestId: c3252230-c73d-49f6-8844-968c01d1e2e1").request_id
    'c3252230-c73d-49f6-8844-968c01d1e2e1'
    """
    parse = platform_parser_of(text[:6])
    if parse is not None:
        return parse(text)
    if text[:2] == "20" and "Task timed out after" in text[:100]:
        match = _TIMEOUT.match(text)
        if match is not None:
            return Timeout(
                text=text, request_id=match[2], timestamp=epoch_ms(match[1]), duration_ms=float(match[3]) * 1000
            )
    return None
