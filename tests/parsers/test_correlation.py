"""Which fields of a structured line link a request to others."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.correlation import correlation_ids, xray_trace_id

ID = "0af7651916cd43dd8448eb211c80319c"
TRACE = "1-5759e988-bd862e3fe1be46a994272793"

PINO_LAMBDA = """2026-11-18T17:05:25.330Z\t6fccb00e-0479-11e9-af91-d7ab5c8fe19e\tINFO\tA log message
{
   "awsRequestId": "6fccb00e-0479-11e9-af91-d7ab5c8fe19e",
   "x-correlation-id": "6fccb00e-0479"
}"""


def filled(message: str) -> str:
    return message.replace("@ID", ID).replace("@TRACE", TRACE)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('{"level":"INFO","message":"x","correlation_id":"6b2f-0c11","xray_trace_id":"@TRACE"}',
         ("correlation_id", "6b2f-0c11")),
        ('{"level":30,"correlationId":"6b2f-0c11","msg":"x"}', ("correlationId", "6b2f-0c11")),
        (PINO_LAMBDA, ("x-correlation-id", "6fccb00e-0479")),
        ('{"message":"x","trace_id":"@ID","span_id":"00f067aa0ba902b7","trace_flags":"01"}', ("trace_id", ID)),
        ('{"message":"x","mdc":{"traceId":"@ID","spanId":"00f067aa0ba902b7"}}', ("mdc.traceId", ID)),
        ('{"message":"x","X-B3-TraceId":"80f198ee56343ba8"}', ("X-B3-TraceId", "80f198ee56343ba8")),
        ('{"message":"x","otelTraceID":"@ID","otelSpanID":"00f067aa0ba902b7"}', ("otelTraceID", ID)),
        ('{"message":"x","trace.id":"@ID"}', ("trace.id", ID)),
        ('{"message":"x","trace":{"id":"@ID"}}', ("trace.id", ID)),
        ('{"message":"x","dd":{"trace_id":"6249785623524942554"}}', ("dd.trace_id", "6249785623524942554")),
        ('{"message":"x","dd.trace_id":6249785623524942554}', ("dd.trace_id", "6249785623524942554")),
        ('{"headers":{"traceparent":"00-@ID-00f067aa0ba902b7-01"}}', ("headers.traceparent", ID)),
        ('{"timestamp":"2026-11-18T17:05:25Z","message":"{\\"correlation_id\\":\\"6b2f-0c11\\"}"}',
         ("message.correlation_id", "6b2f-0c11")),
    ],
)  # fmt: skip
def test_the_fields_of_known_loggers_correlate(message: str, expected: tuple[str, str]) -> None:
    assert correlation_ids(filled(message)) == (expected,)


@pytest.mark.parametrize(
    "message",
    [
        '{"order_id":"17-00000001","message_id":"6b2f-0c11","sessionId":"6b2f-0c11","trace":"deep"}',
        '{"trace_id":"00000000000000000000000000000000","otelTraceID":"0","correlation_id":""}',
        '{"traceparent":"00-00000000000000000000000000000000-0000000000000000-00"}',
        '{"correlation_id":"dev"}',
        '{"correlation_id":null,"trace_id":true}',
        '{"trace_id":"@TRACE","x-correlation-trace-id":"Root=@TRACE;Sampled=0"}',
        '{"correlation_id":"6b2f-0c11"',
        "correlation_id=6b2f-0c11",
        '{"correlation_id":"6b2f\\u001b]52;c;\\u0007"}',
        '{"a":{"b":{"c":{"correlation_id":"6b2f-0c11"}}}}',
    ],
)  # fmt: skip
def test_other_ids_unset_ones_and_xrays_own_do_not(message: str) -> None:
    assert correlation_ids(filled(message)) == ()


def test_a_line_may_name_several() -> None:
    message = json.dumps({"correlation_id": "6b2f-0c11", "trace_id": ID})
    assert correlation_ids(message) == (("correlation_id", "6b2f-0c11"), ("trace_id", ID))


@pytest.mark.parametrize("text", [TRACE, f"Root={TRACE}", f"Root={TRACE};Parent=a;Sampled=0", f" {TRACE.upper()} "])
def test_a_trace_id_is_found_in_all_its_forms(text: str) -> None:
    assert xray_trace_id(text) == TRACE


@pytest.mark.parametrize("text", ["", "1-2-3", ID, "Self=1-5759e988"])
def test_what_is_no_trace_id_is_none(text: str) -> None:
    assert xray_trace_id(text) is None


@given(text=st.text() | st.text().map(lambda text: '{"trace_id":' + text) | st.builds(json.dumps, st.dictionaries(
    st.sampled_from(["trace_id", "a", "correlation-id"]), st.recursive(st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["trace.id", "b"]), inner)))))  # fmt: skip
def test_any_text_is_looked_at_without_a_word(text: str) -> None:
    for field, value in correlation_ids(text):
        assert field
        assert 8 <= len(value) <= 200
