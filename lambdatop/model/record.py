"""What a log event says: one struct per kind of platform line, and one for what applications write.

`msgspec.json.encode` of any of these is the object that `lambdatop parse` prints: the tag is `kind`, fields that do
not apply are left out. Durations are milliseconds, memory is megabytes, timestamps are epoch milliseconds and are
those found inside the text (None when the text holds none). `text` is the event as it came.
"""

from typing import Any, Literal

from msgspec import Struct

Level = Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
Status = Literal["success", "failure", "error", "timeout"]


class _Record(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every record has."""

    text: str
    timestamp: int | None = None
    type: str | None = None
    """The JSON platform record's own type, such as `platform.report`; None for a text line."""
    fields: dict[str, Any] | None = None
    """What the text says beyond the named fields."""


class Start(_Record, frozen=True, gc=False, kw_only=True, tag="start"):
    """START: an invocation begins."""

    request_id: str
    version: str | None = None
    trace_id: str | None = None
    segment_id: str | None = None
    sampled: bool | None = None


class End(_Record, frozen=True, gc=False, kw_only=True, tag="end"):
    """END: the handler returned; JSON `platform.end` and `platform.runtimeDone` are its twins."""

    request_id: str
    status: str | None = None
    error_type: str | None = None
    duration_ms: float | None = None


class Report(_Record, frozen=True, gc=False, kw_only=True, tag="report"):
    """REPORT: what an invocation took; on Managed Instances only `duration_ms` is known."""

    request_id: str
    duration_ms: float | None = None
    billed_duration_ms: int | None = None
    memory_size_mb: int | None = None
    max_memory_used_mb: int | None = None
    init_duration_ms: float | None = None
    restore_duration_ms: float | None = None
    billed_restore_duration_ms: int | None = None
    trace_id: str | None = None
    segment_id: str | None = None
    sampled: bool | None = None
    status: str | None = None
    error_type: str | None = None


class InitStart(_Record, frozen=True, gc=False, kw_only=True, tag="init_start"):
    """INIT_START: an execution environment begins to initialise."""

    runtime_version: str | None = None
    runtime_version_arn: str | None = None
    version: str | None = None
    initialization_type: str | None = None
    phase: str | None = None


class InitReport(_Record, frozen=True, gc=False, kw_only=True, tag="init_report"):
    """INIT_REPORT: how an init ended, written for failed, provisioned and SnapStart inits."""

    init_duration_ms: float | None = None
    phase: str | None = None
    status: str | None = None
    error_type: str | None = None
    initialization_type: str | None = None


class RestoreStart(_Record, frozen=True, gc=False, kw_only=True, tag="restore_start"):
    """RESTORE_START: a SnapStart snapshot begins to be restored."""

    runtime_version: str | None = None
    runtime_version_arn: str | None = None
    version: str | None = None


class RestoreReport(_Record, frozen=True, gc=False, kw_only=True, tag="restore_report"):
    """RESTORE_REPORT: how a restore ended."""

    restore_duration_ms: float | None = None
    status: str | None = None
    error_type: str | None = None


class Timeout(_Record, frozen=True, gc=False, kw_only=True, tag="timeout"):
    """The old-style line `Task timed out after N seconds`; `duration_ms` is that time."""

    request_id: str | None = None
    duration_ms: float | None = None


class RuntimeExit(_Record, frozen=True, gc=False, kw_only=True, tag="runtime_exit"):
    """The old-style line `RequestId: … Error: Runtime exited …`."""

    request_id: str | None = None
    error_type: str | None = None
    error_message: str | None = None


class UnhandledError(_Record, frozen=True, gc=False, kw_only=True, tag="unhandled_error"):
    """An error that reached the runtime: an exception out of the handler or out of the module's import."""

    request_id: str | None = None
    error_type: str | None = None
    error_message: str | None = None
    level: Level | None = None
    message: str | None = None


class Extension(_Record, frozen=True, gc=False, kw_only=True, tag="extension"):
    """EXTENSION: an extension registered or failed."""

    extension_name: str | None = None
    extension_state: str | None = None
    error_type: str | None = None


class Telemetry(_Record, frozen=True, gc=False, kw_only=True, tag="telemetry"):
    """TELEMETRY or LOGS: an extension subscribed to telemetry."""

    extension_name: str | None = None
    extension_state: str | None = None


class LogsDropped(_Record, frozen=True, gc=False, kw_only=True, tag="logs_dropped"):
    """`platform.logsDropped`: the platform lost log lines; counts are in `fields`."""


class PlatformOther(_Record, frozen=True, gc=False, kw_only=True, tag="platform_other"):
    """A platform record of a type without a text twin, known or not."""

    request_id: str | None = None
    status: str | None = None
    error_type: str | None = None


class Application(_Record, frozen=True, gc=False, kw_only=True, tag="application"):
    """A line that the function, its logger or its runtime wrote."""

    request_id: str | None = None
    trace_id: str | None = None
    level: Level | None = None
    message: str | None = None
    logger: str | None = None
    error_type: str | None = None
    error_message: str | None = None
    metrics: list[dict[str, Any]] | None = None
    """Embedded metric format: one object a metric with `namespace`, `name`, `value`, `unit`, `dimensions`."""


Record = (
    Start
    | End
    | Report
    | InitStart
    | InitReport
    | RestoreStart
    | RestoreReport
    | Timeout
    | RuntimeExit
    | UnhandledError
    | Extension
    | Telemetry
    | LogsDropped
    | PlatformOther
    | Application
)
