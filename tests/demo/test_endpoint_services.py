"""The services as boto3 uses them."""

import json

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.server import EmbeddedEndpoint
from tests.demo.clients import START_MS, client


def test_functions_are_listed_fifty_a_page(account: EmbeddedAccount, url: str) -> None:
    for number in range(120):
        account.functions.put({"FunctionName": f"f{number:03d}"})
    pages = list(client("lambda", url).get_paginator("list_functions").paginate())
    assert [len(page["Functions"]) for page in pages] == [50, 50, 20]


def test_an_unknown_function_is_not_found(url: str) -> None:
    with pytest.raises(ClientError) as raised:
        client("lambda", url).get_function(FunctionName="missing")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_every_event_arrives_over_pages_once_it_is_ingested(account: EmbeddedAccount, url: str) -> None:
    account.logs.put_batch("g", "s", [(START_MS + n, f"line {n}") for n in range(25_000)])
    account.logs.put("g", "s", START_MS, "late", ingestion_delay_ms=5_000)
    pages = client("logs", url).get_paginator("filter_log_events").paginate
    messages = [event["message"] for page in pages(logGroupName="g") for event in page["events"]]
    assert messages == [f"line {n}" for n in range(25_000)]
    account.clock.advance(5_000)
    found = [event["message"] for page in pages(logGroupName="g", filterPattern="late") for event in page["events"]]
    assert found == ["late"]


def test_metrics_show_after_their_delay(account: EmbeddedAccount, url: str) -> None:
    account.metrics.add("AWS/Lambda", "Errors", {"FunctionName": "f"}, START_MS, 2, publish_delay_ms=60_000)
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": [{"Name": "FunctionName", "Value": "f"}]}
    query = {"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    asked = {"MetricDataQueries": [query], "StartTime": START_MS / 1000 - 600, "EndTime": START_MS / 1000 + 600}
    cloudwatch = client("cloudwatch", url)
    assert cloudwatch.get_metric_data(**asked)["MetricDataResults"][0]["Values"] == []
    account.clock.advance(60_000)
    assert cloudwatch.get_metric_data(**asked)["MetricDataResults"][0]["Values"] == [2.0]


def test_a_message_received_too_often_moves_to_the_dead_letter_queue(account: EmbeddedAccount, url: str) -> None:
    account.queues.create("dead")
    account.queues.create("work", ("dead", 1))
    sqs = client("sqs", url)
    work = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    sqs.send_message(
        QueueUrl=work, MessageBody="x", MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}}
    )
    assert len(sqs.receive_message(QueueUrl=work, VisibilityTimeout=0)["Messages"]) == 1
    assert "Messages" not in sqs.receive_message(QueueUrl=work)
    assert account.queues.depth("dead") == (1, 0, 0)
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.get_queue_url(QueueName="missing")


def test_segments_become_summaries(url: str) -> None:
    seconds = START_MS // 1000
    trace_id = f"1-{seconds:08x}-{'0' * 24}"
    segment = {
        "id": "1",
        "name": "f",
        "start_time": seconds,
        "end_time": seconds + 2,
        "trace_id": trace_id,
        "fault": True,
    }
    xray = client("xray", url)
    answer = xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(segment), "{"])
    assert [bad["ErrorCode"] for bad in answer["UnprocessedTraceSegments"]] == ["ParseError"]
    (summary,) = xray.get_trace_summaries(StartTime=seconds, EndTime=seconds + 1)["TraceSummaries"]
    assert (summary["Id"], summary["Duration"], summary["HasFault"]) == (trace_id, 2.0, True)


def test_the_caller_is_told_who_it_is(url: str) -> None:
    assert client("sts", url).get_caller_identity()["Account"] == "123456789012"


def test_a_quota_throttles_with_the_service_s_own_code(account: EmbeddedAccount) -> None:
    endpoint = EmbeddedEndpoint(account)  # its clock stands still, so no token comes back
    endpoint.start()
    lambda_client = client("lambda", endpoint.url, attempts=1)
    for _ in range(15):
        lambda_client.get_account_settings()
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        lambda_client.get_account_settings()
    endpoint.stop()


def test_a_taken_port_is_said_plainly(account: EmbeddedAccount, url: str) -> None:
    with pytest.raises(OSError, match="in use"):
        EmbeddedEndpoint(account, int(url.rpartition(":")[2]))


def test_a_live_tail_tells_what_arrives_and_matches(account: EmbeddedAccount, url: str) -> None:
    account.logs.create_group("g")
    logs = client("logs", url)
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:g"
    stream = logs.start_live_tail(logGroupIdentifiers=[arn], logEventFilterPattern="yes")["responseStream"]
    updates = iter(stream)
    assert "sessionStart" in next(updates)
    account.logs.put_batch("g", "s", [(START_MS, "yes"), (START_MS, "no")])
    assert [event["message"] for event in next(updates)["sessionUpdate"]["sessionResults"]] == ["yes"]
    stream.close()
