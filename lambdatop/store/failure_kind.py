"""Which kind of failure a record tells of; one invocation has at most one, the first of `PRECEDENCE` that applies."""

from lambdatop.model.record import (
    End,
    InitReport,
    PlatformOther,
    Record,
    Report,
    RestoreReport,
    RuntimeExit,
    Timeout,
    UnhandledError,
)
from lambdatop.model.statistics import FailureKind

PRECEDENCE: tuple[FailureKind, ...] = (
    "timeout",
    "out_of_memory",
    "init_failure",
    "runtime_exit",
    "unhandled_exception",
)
"""The cause before its consequence: an exhausted memory or a failed import ends in a runtime exit as well."""
RANK: dict[FailureKind, int] = {kind: rank for rank, kind in enumerate(PRECEDENCE)}
CRASHES: frozenset[FailureKind] = frozenset(("timeout", "out_of_memory", "init_failure", "runtime_exit"))
"""Failures that take the execution environment's process with them, so that the next invocation inits again."""

INIT_ERROR_TYPES = frozenset(
    (
        "Runtime.ImportModuleError",
        "Runtime.UserCodeSyntaxError",
        "Runtime.HandlerNotFound",
        "Runtime.MalformedHandlerName",
        "Runtime.InvalidEntrypoint",
        "Runtime.InvalidWorkingDir",
        "Runtime.InvalidTaskConfig",
        "Runtime.BadFunctionCode",
        "Runtime.InitError",
        "Extension.InitError",
        "Extension.LaunchError",
    )
)
EXIT_ERROR_TYPES = frozenset(("Runtime.ExitError", "Runtime.Unknown", "Extension.ExitError", "Extension.Crash"))


def kind_of_status(status: str | None, error_type: str | None) -> FailureKind | None:
    """The kind that a platform record's status and error type tell of, None for a success.

    >>> kind_of_status("error", "Runtime.OutOfMemory"), kind_of_status("timeout", None), kind_of_status(None, None)
    ('out_of_memory', 'timeout', None)
    """
    if status is None or status == "success":
        return None
    if status == "timeout":
        return "timeout"
    return kind_of_error_type(error_type) or ("runtime_exit" if status == "error" else "unhandled_exception")


def kind_of_error_type(error_type: str | None) -> FailureKind | None:
    """The kind that an error type alone tells of, None without one."""
    if error_type is None:
        return None
    if error_type == "Runtime.OutOfMemory":
        return "out_of_memory"
    if error_type == "Sandbox.Timeout":
        return "timeout"
    if error_type in INIT_ERROR_TYPES:
        return "init_failure"
    if error_type in EXIT_ERROR_TYPES or error_type.startswith("Sandbox."):
        return "runtime_exit"
    return "unhandled_exception"


def kind_of(record: Record) -> FailureKind | None:
    """The kind of failure a record tells of by itself, None when it tells of none.

    An init that failed counts where the platform tried it again within an invocation (phase `invoke`): a failed
    first try alone may still end well.
    """
    if isinstance(record, Report | End):
        return kind_of_status(record.status, record.error_type)
    if isinstance(record, PlatformOther) and record.request_id is not None:
        return kind_of_status(record.status, record.error_type)
    if isinstance(record, Timeout):
        return "timeout"
    if isinstance(record, RuntimeExit):
        return "out_of_memory" if record.error_type == "Runtime.OutOfMemory" else "runtime_exit"
    if isinstance(record, UnhandledError):
        return kind_of_error_type(record.error_type) or "unhandled_exception"
    if isinstance(record, InitReport) and record.phase == "invoke":
        kind = kind_of_status(record.status, record.error_type)
        return kind if kind in {None, "timeout", "out_of_memory"} else "init_failure"
    if isinstance(record, RestoreReport):
        return "init_failure" if kind_of_status(record.status, record.error_type) else None
    return None
