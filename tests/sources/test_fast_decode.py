"""The fast parser beside botocore's own: the same facts from the same bytes."""

import json
from typing import Any

import botocore.session
import pytest
from botocore.parsers import ResponseParserError, ResponseParserFactory
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.sources.fast_decode import (
    PAGE,
    FastParserFactory,
    log_events_page,
    metric_data_page,
    query_results_page,
)

_SESSION = botocore.session.get_session()
_FILTER = _SESSION.get_service_model("logs").operation_model("FilterLogEvents")
_METRICS = _SESSION.get_service_model("cloudwatch").operation_model("GetMetricData")
_QUERY = _SESSION.get_service_model("logs").operation_model("GetQueryResults")
_GROUPS = _SESSION.get_service_model("logs").operation_model("DescribeLogGroups")


def parsed(factory: Any, operation: Any, body: bytes, status: int = 200) -> dict[str, Any]:  # noqa: ANN401
    protocol = operation.service_model.resolved_protocol
    response = {"status_code": status, "headers": {"x-amzn-requestid": "1"}, "body": body}
    answer: dict[str, Any] = factory.create_parser(protocol).parse(response, operation.output_shape)
    return answer


def both(operation: Any, body: bytes, status: int = 200) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    return parsed(FastParserFactory(), operation, body, status), parsed(
        ResponseParserFactory(), operation, body, status
    )


events = st.fixed_dictionaries(
    {
        "logStreamName": st.text(max_size=20),
        "timestamp": st.integers(min_value=0, max_value=2**53),
        "message": st.text(max_size=60),
        "ingestionTime": st.integers(min_value=0, max_value=2**53),
        "eventId": st.text(max_size=20),
    }
)


@given(entries=st.lists(events, max_size=8), token=st.none() | st.text(min_size=1, max_size=9))
def test_pages_of_log_events_are_equal(entries: list[dict[str, Any]], token: str | None) -> None:
    body: dict[str, Any] = {"events": entries, "searchedLogStreams": []}
    if token is not None:
        body["nextToken"] = token
    fast, stock = both(_FILTER, json.dumps(body).encode())
    assert PAGE in fast
    assert log_events_page(fast) == log_events_page(stock)
    assert fast["ResponseMetadata"]["HTTPStatusCode"] == 200


@given(
    points=st.lists(
        st.tuples(st.integers(min_value=0, max_value=4_000_000_000), st.floats(allow_nan=False, allow_infinity=False)),
        max_size=9,
    )
)
def test_pages_of_metric_data_are_equal(points: list[tuple[int, float]]) -> None:
    result = {"Id": "m0", "Label": "Errors", "StatusCode": "PartialData"}
    result |= {"Timestamps": [time for time, _ in points], "Values": [value for _, value in points]}  # type: ignore[dict-item]  # JSON is mixed
    fast, stock = both(_METRICS, json.dumps({"MetricDataResults": [result], "NextToken": "t"}).encode())
    assert PAGE in fast
    assert metric_data_page(fast) == metric_data_page(stock)


@pytest.mark.parametrize(
    "body",
    [
        b'{"events":[{"logStreamName":"s","timestamp":1,"message":"half \\ud83d","ingestionTime":2,"eventId":"e"}]}',
        b'{"events":[{"logStreamName":"s","timestamp":null,"message":"m","eventId":"e"}]}',
        b'{"events":[{"logStreamName":"s","timestamp":1.0,"message":"m","eventId":"e","new":{"a":1}}]}',
        b'{"events":null}',
        b"{}",
    ],
)
def test_odd_bodies_are_read_as_far_as_they_go_and_can_be_written(body: bytes) -> None:
    fast, _ = both(_FILTER, body)
    for event in log_events_page(fast).events:
        event.message.encode()


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    body = b'{"events":[{"logStreamName":"s","timestamp":1,"message":"half \\ud83d","ingestionTime":2,"eventId":"e"}]}'
    assert log_events_page(parsed(FastParserFactory(), _FILTER, body)).events[0].message == "half \ufffd"


def test_errors_and_other_operations_are_left_to_botocore() -> None:
    refusal = b'{"__type":"ThrottlingException","message":"Rate exceeded"}'
    fast, stock = both(_FILTER, refusal, 400)
    assert fast == stock
    assert fast["Error"]["Code"] == "ThrottlingException"
    groups = b'{"logGroups":[{"logGroupName":"a","creationTime":1}]}'
    fast, stock = both(_GROUPS, groups)
    assert fast == stock


def test_times_as_text_are_understood() -> None:
    result = b'{"Id":"m0","Timestamps":["2026-11-21T03:00:00Z"],"Values":[1],"StatusCode":"Complete"}'
    body = b'{"MetricDataResults":[' + result + b"]}"
    page = metric_data_page(parsed(FastParserFactory(), _METRICS, body))
    assert page.metric_data_results[0].timestamps == [1795230000.0]


_FUNCTIONS = _SESSION.get_service_model("lambda").operation_model("ListFunctions")


@pytest.mark.parametrize("operation", [_FILTER, _METRICS, _GROUPS, _FUNCTIONS])
@pytest.mark.parametrize("body", [b'{"events": [{"message": "a"}', b'{"nextToken": "a', b"<html>proxy</html>"])
def test_an_answer_that_was_cut_short_is_a_failure_and_no_empty_page(operation: Any, body: bytes) -> None:  # noqa: ANN401
    with pytest.raises(ResponseParserError, match="cut short"):
        parsed(FastParserFactory(), operation, body)


@pytest.mark.parametrize("operation", [_FILTER, _METRICS])
def test_a_page_with_no_body_at_all_is_a_failure(operation: Any) -> None:  # noqa: ANN401
    with pytest.raises(ResponseParserError):
        parsed(FastParserFactory(), operation, b"")


def test_errors_are_read_even_where_their_body_is_no_json() -> None:
    answer = parsed(FastParserFactory(), _FILTER, b"<html>", status=503)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503


cells = st.fixed_dictionaries({"field": st.text(max_size=9)}, optional={"value": st.text(max_size=20)})


@given(
    rows=st.lists(st.lists(cells, max_size=4), max_size=5),
    scanned=st.none() | st.integers(min_value=0, max_value=2**50) | st.floats(min_value=0, max_value=1e15),
    token=st.none() | st.text(min_size=1, max_size=9),
)
def test_pages_of_query_results_are_equal(
    rows: list[list[dict[str, str]]], scanned: float | None, token: str | None
) -> None:
    body: dict[str, Any] = {"results": rows, "status": "Complete"}
    body |= {} if scanned is None else {"statistics": {"bytesScanned": scanned, "recordsMatched": 3.0}}
    body |= {} if token is None else {"nextToken": token}
    fast, stock = both(_QUERY, json.dumps(body).encode())
    assert PAGE in fast
    assert query_results_page(fast) == query_results_page(stock)
    assert query_results_page(fast).rows() == query_results_page(stock).rows()


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b'{"status":"Complete","results":[[{"field":"a","value":7}]]}', [{"a": "7"}]),
        (b'{"status":"Complete","results":[[{"field":"a","value":"\\ud83d"}]]}', [{"a": "\ufffd"}]),
        (b'{"status":"Complete","results":null,"statistics":null}', []),
        (b'{"status":"Complete"}', []),
    ],
)
def test_odd_query_results_are_read_as_far_as_they_go(body: bytes, rows: list[dict[str, str]]) -> None:
    page = query_results_page(parsed(FastParserFactory(), _QUERY, body))
    assert (page.status, page.rows()) == ("Complete", rows)
