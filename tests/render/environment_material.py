"""Environments for tests: made up one by one, and a store that has read of six, of which five leak."""

from random import Random

from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Environment, EnvironmentAnswer, MemoryTrend
from lambdatop.store.store import Store
from tests.store.lines import reported
from tests.ui.pictures import NOW_MS, SCOPE

CHECKOUT = FunctionKey(*SCOPE, "checkout-api")
SIZE_MB = 512
INVOCATIONS = 1_200
EVERY_MS = 500
GROUP = "/aws/lambda/checkout-api"


def stream_name(number: int, version: str = "42") -> str:
    return f"2026/11/21/[{version}]{Random(number).getrandbits(128):032x}"


def environment(number: int = 0, **facts: object) -> Environment:
    """One that is idle and level, but for these facts."""
    known: dict[str, object] = {
        "log_stream": stream_name(number),
        "version": "42",
        "state": "idle",
        "first_seen_ms": NOW_MS - 600_000,
        "last_seen_ms": NOW_MS - 4_000,
        "is_begin_seen": True,
        "invocations": 300,
        "max_memory_used_mb": 120,
        "memory_used_mb": 120,
        "memory_size_mb": SIZE_MB,
        "memory_mb": (110, 118, 120),
        "memory_trend": MemoryTrend(rise_mb_per_invocation=0.0, invocations=225),
    }
    return Environment(**(known | facts))  # type: ignore[arg-type]  # facts are its fields


def leak(left: int | None = 140, rise: float = 0.018) -> MemoryTrend:
    return MemoryTrend(rise_mb_per_invocation=rise, invocations=225, invocations_left=left, is_leak_suspected=True)


def answer_of(*environments: Environment, **facts: object) -> EnvironmentAnswer:
    return EnvironmentAnswer(
        topic="environments",
        number=1,
        function=CHECKOUT,
        environments=environments,
        **facts,  # type: ignore[arg-type]
    )


def leaking_store() -> Store:
    """Five environments that leak 1.8 MB in a hundred invocations, and one that does not."""
    start_ms = NOW_MS - INVOCATIONS * EVERY_MS
    store = Store(start_ms)
    function = LambdaFunction(key=CHECKOUT, log_group=GROUP, memory_size_mb=SIZE_MB, timeout_s=30)
    store.apply(FunctionsDelivered(scope=SCOPE, functions=(function,)), NOW_MS)
    for number in range(6):
        rise = 0.018 if number else 0.0
        lines = [
            reported(
                index * EVERY_MS, number * 10_000 + index, 20, size_mb=SIZE_MB,
                used_mb=int(480 + rise * index), init_ms=None if index else 400,
            )
            for index in range(INVOCATIONS - number * 5)
        ]  # fmt: skip
        events = [LogEvent(stream_name(number), start_ms + at_ms, text) for at_ms, text in lines]
        store.apply(LogEventsDelivered(scope=SCOPE, log_group=GROUP, events=events, depth="platform"), NOW_MS)
    return store
