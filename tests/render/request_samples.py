"""A request's answer for tests: a cold start that timed out and its retry, linked to another request."""

import msgspec

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LineKey, LineKind, LogLine
from lambdatop.model.question import LinkedRequest, RequestAnswer, RequestOccurrence
from lambdatop.model.record import Level
from lambdatop.model.statistics import Invocation
from tests.ui.pictures import NOW_MS, SCOPE

CHECKOUT = FunctionKey(*SCOPE, "checkout-api")
PAYMENT = FunctionKey(*SCOPE, "payment-webhook")
REQUEST = "3f2a8c1e-9b40-4c11-8a53-000000000001"
LINKED = "3f2a8c1e-9b40-4c11-8a53-000000000009"
TRACE = "1-5759e988-bd862e3fe1be46a994272793"
STREAM = "2026/11/21/[42]0123456789abcdef0123456789abcdef"
FIRST_MS, RETRIED_MS = NOW_MS - 200_000, NOW_MS - 60_000


def log_line(
    at_ms: int, message: str, kind: LineKind = "application", level: Level | None = None, *, is_named: bool = True
) -> LogLine:
    return LogLine(
        key=LineKey(at_ms, at_ms % 100_000),
        ingestion_time_ms=at_ms,
        function=CHECKOUT,
        log_stream=STREAM,
        message=message,
        kind=kind,
        level=level,
        request_id=REQUEST if is_named else None,
    )


def start(at_ms: int) -> LogLine:
    return log_line(at_ms, f"START RequestId: {REQUEST} Version: 42\n", "start")


OPENED = '{"level":"INFO","message":"cart opened","correlation_id":"cart-77-abc"}'
RAISED = '[ERROR] no stock\nTraceback (most recent call last):\n  File "a.py"'
REPORTED = f"REPORT RequestId: {REQUEST}\tDuration: 3000.00 ms\tStatus: timeout\n"
TIMED_OUT = RequestOccurrence(
    function=CHECKOUT,
    invocation=Invocation(
        request_id=REQUEST,
        log_stream=STREAM,
        version="42",
        started_ms=FIRST_MS,
        ended_ms=FIRST_MS + 3_001,
        duration_ms=3_000.0,
        billed_duration_ms=3_600,
        init_duration_ms=600.0,
        max_memory_used_mb=120,
        memory_size_mb=128,
        failure="timeout",
        trace_id=TRACE,
    ),
    lines=(
        log_line(FIRST_MS - 620, "INIT_START Runtime Version: python:3.13.v1\n", "init_start", is_named=False),
        log_line(FIRST_MS - 100, "pool of \x1b]0;title\x07 8", is_named=False),
        start(FIRST_MS),
        log_line(FIRST_MS + 12, OPENED, level="INFO"),
        log_line(FIRST_MS + 2_812, RAISED, level="ERROR"),
        log_line(FIRST_MS + 3_001, REPORTED, "report", "ERROR"),
    ),
    is_text_complete=True,
    cost_usd=0.0000077,
)
RETRIED = RequestOccurrence(
    function=CHECKOUT,
    invocation=msgspec.structs.replace(
        TIMED_OUT.invocation,
        started_ms=RETRIED_MS,
        ended_ms=RETRIED_MS + 40,
        duration_ms=39.5,
        billed_duration_ms=40,
        init_duration_ms=None,
        failure=None,
    ),
    lines=(start(RETRIED_MS), log_line(RETRIED_MS + 40, f"REPORT RequestId: {REQUEST}\n", "report")),
    cost_usd=0.0000003,
)
ANSWER = RequestAnswer(
    topic="request",
    number=1,
    request_id=REQUEST,
    occurrences=(TIMED_OUT, RETRIED),
    correlation_ids=(("correlation_id", "cart-77-abc"),),
    linked=(
        LinkedRequest(
            field="correlationId",
            value="cart-77-abc",
            function=PAYMENT,
            request_id=LINKED,
            first_ms=FIRST_MS + 100,
            line_count=3,
        ),
    ),
    trace_id=TRACE,
    is_sampled=True,
)
