"""Summaries of whole chains, as X-Ray tells them."""

import json
from typing import Any

import pytest

from tests.demo.clients import START_MS, Client, client

AT = START_MS // 1000
TRACE_ID = f"1-{AT:08x}-{'a' * 24}"
FAILED = {"exceptions": [{"id": "e", "type": "Timeout", "message": "no answer"}]}
FRONT = {
    "id": "1" * 16, "name": "front", "origin": "AWS::Lambda", "start_time": AT, "end_time": AT + 4,
    "trace_id": TRACE_ID,
    "http": {"request": {"url": "https://shop/cart", "method": "GET"}, "response": {"status": 200}}, "user": "ann",
}  # fmt: skip
ORDERS = {
    "id": "2" * 16, "name": "orders", "origin": "AWS::Lambda::Function", "start_time": AT + 1, "end_time": AT + 4,
    "trace_id": TRACE_ID, "parent_id": "1" * 16, "fault": True,
    "annotations": {"tier": "gold", "tries": 2, "cold": True},
    "resource_arn": "arn:aws:lambda:us-east-1:123456789012:function:orders",
    "subsegments": [
        {"id": "3" * 16, "name": "DynamoDB", "namespace": "aws", "start_time": AT + 1, "end_time": AT + 1.5},
        {
            "id": "4" * 16, "name": "charge", "start_time": AT + 1.5, "end_time": AT + 4, "fault": True,
            "subsegments": [
                {
                    "id": "5" * 16, "name": "payments.example.com", "namespace": "remote", "start_time": AT + 2,
                    "end_time": AT + 4, "fault": True, "cause": FAILED,
                }
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def xray(url: str) -> Client:
    xray = client("xray", url)
    assert not xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(FRONT), json.dumps(ORDERS)])[
        "UnprocessedTraceSegments"
    ]
    return xray


def summaries(xray: Client, expression: str = "") -> list[dict[str, Any]]:
    asked = {"FilterExpression": expression} if expression else {}
    found = xray.get_trace_summaries(StartTime=AT, EndTime=AT + 1, **asked)["TraceSummaries"]
    assert isinstance(found, list)
    return found


def test_a_fault_deep_down_is_told_with_the_whole_way_to_it(xray: Client) -> None:
    (summary,) = summaries(xray)
    assert (summary["HasFault"], summary["ResponseTime"]) == (False, 4.0)
    (cause,) = summary["FaultRootCauses"]
    assert cause["ClientImpacting"] is False
    assert [(service["Name"], [step["Name"] for step in service["EntityPath"]]) for service in cause["Services"]] == [
        ("front", ["front"]),
        ("orders", ["orders", "charge", "payments.example.com"]),
    ]
    last = cause["Services"][-1]["EntityPath"][-1]
    assert (last["Remote"], last["Exceptions"]) == (True, [{"Name": "Timeout", "Message": "no answer"}])
    assert summary["ErrorRootCauses"] == []


def test_a_slow_way_is_told_with_the_share_that_each_step_covers(xray: Client) -> None:
    (cause,) = summaries(xray)[0]["ResponseTimeRootCauses"]
    steps = [(step["Name"], step["Coverage"]) for service in cause["Services"] for step in service["EntityPath"]]
    assert steps == [("front", 1.0), ("orders", 0.75), ("charge", 0.625), ("payments.example.com", 0.5)]


def test_services_annotations_and_users_are_told(xray: Client) -> None:
    (summary,) = summaries(xray)
    assert [(service["Name"], service["Type"]) for service in summary["ServiceIds"]] == [
        ("front", "AWS::Lambda"), ("orders", "AWS::Lambda::Function"), ("DynamoDB", "AWS::DynamoDB"),
        ("payments.example.com", "remote"),
    ]  # fmt: skip
    values = {key: told[0]["AnnotationValue"] for key, told in summary["Annotations"].items()}
    assert values == {"tier": {"StringValue": "gold"}, "tries": {"NumberValue": 2.0}, "cold": {"BooleanValue": True}}
    assert summary["Users"][0]["UserName"] == "ann"
    assert summary["EntryPoint"]["Name"] == "front"


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ('edge("orders", "payments.example.com") { fault }', 1),
        ('edge("front", "orders") { !fault }', 0),
        ('service("orders") { annotation[tier] = "gold" }', 1),
        ('service("front") { annotation[tier] = "gold" }', 0),
        ('annotation[tier] = "gold" AND user = "ann" AND http.status = 200', 1),
        ('resource.arn = "arn:aws:lambda:us-east-1:123456789012:function:orders"', 1),
        ("fault", 0),
        ("service() { fault }", 1),
    ],
)
def test_a_filter_expression_sees_the_services(xray: Client, expression: str, count: int) -> None:
    assert len(summaries(xray, expression)) == count


def test_a_whole_trace_is_told_as_it_was_sent(xray: Client) -> None:
    answer = xray.batch_get_traces(TraceIds=[TRACE_ID, f"1-{AT:08x}-{'b' * 24}"])
    (trace,) = answer["Traces"]
    assert [json.loads(segment["Document"]) for segment in trace["Segments"]] == [FRONT, ORDERS]
    assert len(answer["UnprocessedTraceIds"]) == 1
