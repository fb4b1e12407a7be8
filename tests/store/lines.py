"""Log lines as AWS writes them, and a store that has read some."""

from collections.abc import Iterable, Sequence

from lambdatop.model.delivery import FunctionsDelivered, LogDepth, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.model.view import View, Window
from lambdatop.store.store import Store

SCOPE = Scope("123456789012", "eu-west-1")
CHECKOUT = FunctionKey(*SCOPE, "checkout")
START_MS = 1_795_000_020_000
"""A whole minute."""
STREAM = "2026/11/18/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
GROUP = "/aws/lambda/checkout"

Line = tuple[int, str]
"""Milliseconds after the start, and the message."""


def request_id(number: int) -> str:
    return f"8d5958b5-559f-43f3-b278-{number:012x}"


def stream_name(number: int, version: str = "$LATEST") -> str:
    return f"2026/11/18/[{version}]{number:032x}"


def started(at_ms: int, number: int, version: str = "$LATEST") -> Line:
    return at_ms, f"START RequestId: {request_id(number)} Version: {version}\n"


def ended(at_ms: int, number: int) -> Line:
    return at_ms, f"END RequestId: {request_id(number)}\n"


def reported(
    at_ms: int,
    number: int,
    duration_ms: float = 10.0,
    *,
    billed_ms: int | None = None,
    size_mb: int = 128,
    used_mb: int = 64,
    init_ms: float | None = None,
    restore_ms: float | None = None,
    status: str | None = None,
    error_type: str | None = None,
) -> Line:
    billed_ms = -int(-(duration_ms + (init_ms or 0)) // 1) if billed_ms is None else billed_ms
    fields = [
        f"REPORT RequestId: {request_id(number)}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {size_mb} MB",
        f"Max Memory Used: {used_mb} MB",
    ]
    fields += [f"Init Duration: {init_ms:.2f} ms"] if init_ms is not None else []
    fields += [f"Restore Duration: {restore_ms:.2f} ms"] if restore_ms is not None else []
    fields += [f"Status: {status}"] if status else []
    fields += [f"Error Type: {error_type}"] if error_type else []
    return at_ms, "\t".join(fields) + ("\n" if status else "\t\n")


def catalogue(*functions: LambdaFunction) -> FunctionsDelivered:
    return FunctionsDelivered(scope=SCOPE, functions=functions or (checkout(),))


def checkout(**settings: object) -> LambdaFunction:
    known: dict[str, object] = {"log_group": GROUP, "memory_size_mb": 128, "timeout_s": 3}
    return LambdaFunction(key=CHECKOUT, **(known | settings))  # type: ignore[arg-type]  # settings are its fields


def events(lines: Iterable[Line], stream: str = STREAM) -> list[LogEvent]:
    return [LogEvent(stream, START_MS + at_ms, text) for at_ms, text in lines]


def delivery(
    log_events: Sequence[LogEvent],
    depth: LogDepth = "platform",
    swept_to_ms: int | None = None,
    log_group: str = GROUP,
) -> LogEventsDelivered:
    swept_ms = None if swept_to_ms is None else START_MS + swept_to_ms
    return LogEventsDelivered(
        scope=SCOPE, log_group=log_group, events=list(log_events), depth=depth, swept_to_ms=swept_ms
    )


def read(lines: Iterable[Line], function: LambdaFunction | None = None, depth: LogDepth = "platform") -> Store:
    store = Store(START_MS)
    store.apply(catalogue(function or checkout()), START_MS)
    store.apply(delivery(events(lines), depth, swept_to_ms=3_600_000), START_MS + 60_000)
    return store


def snapshot(
    store: Store, after_ms: int = 60_000, window: Window = "start", focus: FunctionKey | None = None
) -> Snapshot:
    return store.snapshot(START_MS + after_ms, View(window=window, focus=focus))


def row(store: Store, after_ms: int = 60_000, window: Window = "start") -> FunctionStatistics:
    (only,) = snapshot(store, after_ms, window).functions
    return only
