"""Correlation IDs in structured lines: values that a caller hands on, so that one piece of work is found everywhere."""

import re
from collections.abc import Iterator
from typing import Any

from lambdatop.parsers.platform_json import decoded

CORRELATION_FIELDS = frozenset({
    "correlationid",  # Powertools' `correlation_id`; `correlationId` of winston, Serilog and many hands
    "xcorrelationid",  # pino-lambda's and senselogs' `x-correlation-id`, the HTTP header of that name
    "traceid",  # OpenTelemetry's `trace_id` (Java's MDC), Sleuth's and Micrometer's `traceId`, ECS's `trace.id`
    "oteltraceid",  # OpenTelemetry's `otelTraceID` (Python's logging instrumentation)
    "xb3traceid",  # Zipkin's header, as older Sleuth writes it: `X-B3-TraceId`
    "ddtraceid",  # Datadog's `dd.trace_id`
    "traceparent",  # the W3C header, whose second part is the trace ID
    "xcorrelationtraceid",  # pino-lambda's `x-correlation-trace-id`, where it is no X-Ray trace
})  # fmt: skip
"""Names of fields in lower case without `-`, `_` and `.`; IDs of orders, messages and sessions are none."""
LENGTH_MIN, LENGTH_MAX = 8, 200
DEPTH = 3
"""How deep in objects a field is looked for: loggers put their context one or two below."""
VALUES_A_LINE = 8

_SEPARATORS = str.maketrans("", "", "-_")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_XRAY = re.compile(r"(?:Root=)?(1-[0-9a-f]{8}-[0-9a-f]{24})", re.IGNORECASE)
_MAY_CORRELATE = re.compile(r"correlation|trace", re.IGNORECASE)


def correlation_ids(message: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a structured line that correlate, as the line names them, and their values.

    The object may stand after a text, as in Node's text format. X-Ray's own trace IDs are not among them.

    >>> correlation_ids('{"level":"INFO","correlation_id":"b2d1f0aa-77c3","order_id":"17-00000001"}')
    (('correlation_id', 'b2d1f0aa-77c3'),)
    """
    if _MAY_CORRELATE.search(message) is None:
        return ()
    start = message.find("{")
    fields = decoded(message[start:]) if start >= 0 else None
    found: dict[tuple[str, str], None] = {}
    for path, value in _leaves(fields or {}, "", DEPTH):
        correlating = _value(value) if _is_correlation(path) else None
        if correlating is not None:
            found[path, correlating] = None
        if len(found) >= VALUES_A_LINE:
            break
    return tuple(found)


def xray_trace_id(text: str) -> str | None:
    """Return X-Ray's trace ID of a trace header, or of the ID alone; None where the text begins with none.

    >>> xray_trace_id("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    '1-5759e988-bd862e3fe1be46a994272793'
    """
    match = _XRAY.match(text.strip())
    return None if match is None else match[1].lower()


def _leaves(fields: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and depth > 1:
            yield from _leaves(value, f"{path}.", depth - 1)
        elif isinstance(value, str) and value.startswith("{") and depth > 1:
            yield from _leaves(decoded(value) or {}, f"{path}.", depth - 1)
        else:
            yield path, value


def _is_correlation(path: str) -> bool:
    """Whether the last part of the path is one of the names, or the last two where they are `trace.id` or the like."""
    parts = path.lower().translate(_SEPARATORS).split(".")
    return parts[-1] in CORRELATION_FIELDS or "".join(parts[-2:]) in CORRELATION_FIELDS


def _value(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip("0-"):
        return None
    traceparent = _TRACEPARENT.fullmatch(value)
    if traceparent is not None:
        return traceparent[1] if traceparent[1].strip("0") else None
    is_fitting = LENGTH_MIN <= len(value) <= LENGTH_MAX and value.isprintable()
    return value if is_fitting and xray_trace_id(value) is None else None
