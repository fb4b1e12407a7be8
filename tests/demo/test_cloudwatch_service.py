"""CloudWatch metrics as boto3 uses them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.services.metric_math import calculate
from tests.demo.clients import START_MS, Client, client

MINUTE_S = START_MS // 60_000 * 60


@pytest.fixture
def cloudwatch(url: str) -> Client:
    return client("cloudwatch", url)


@pytest.fixture
def errors(cloudwatch: Client) -> None:
    for minute, (calls, errors) in enumerate([(10, 1), (20, 0), (0, 0), (40, 4)]):
        at = MINUTE_S + 60 * minute
        data = [{"MetricName": name, "Timestamp": at, "Value": v} for name, v in (("Calls", calls), ("Errors", errors))]
        cloudwatch.put_metric_data(Namespace="Mine", MetricData=data)


def query(name: str, metric: str, stat: str = "Sum", *, is_shown: bool = True) -> dict[str, Any]:
    metric_stat = {"Metric": {"Namespace": "Mine", "MetricName": metric}, "Period": 60, "Stat": stat}
    return {"Id": name, "MetricStat": metric_stat, "ReturnData": is_shown}


def ask(cloudwatch: Client, *queries: dict[str, Any], **more: object) -> dict[str, Any]:
    answer: dict[str, Any] = cloudwatch.get_metric_data(
        MetricDataQueries=list(queries), StartTime=MINUTE_S, EndTime=MINUTE_S + 600, ScanBy="TimestampAscending", **more
    )
    return answer


@pytest.mark.usefixtures("errors")
def test_an_expression_is_calculated_where_every_side_has_a_value(cloudwatch: Client) -> None:
    inputs = query("m1", "Calls", is_shown=False), query("m2", "Errors", is_shown=False)
    answer = ask(cloudwatch, {"Id": "rate", "Expression": "100 * m2 / m1", "Label": "Error %"}, *inputs)
    (rate,) = answer["MetricDataResults"]
    assert (rate["Label"], rate["Values"]) == ("Error %", [10.0, 0.0, 10.0])


@pytest.mark.usefixtures("errors")
@pytest.mark.parametrize("expression", ["SUM(METRICS())", "m1 +", "m9 * 2", "3", "m1.x", "SELECT MAX(x) FROM y"])
def test_an_expression_that_is_not_served_is_refused(cloudwatch: Client, expression: str) -> None:
    with pytest.raises(ClientError, match="ValidationError"):
        ask(cloudwatch, query("m1", "Calls"), {"Id": "e", "Expression": expression})


def test_arithmetic_binds_as_arithmetic_does() -> None:
    series = {"a": {0: 2.0}, "b": {0: 3.0}}
    assert calculate("-(a + b) * 2 - b ^ 2 / 3", series) == {0: -13.0}


@pytest.mark.usefixtures("errors")
def test_pages_of_datapoints_make_up_the_whole(cloudwatch: Client) -> None:
    queries = query("m1", "Calls"), query("m2", "Errors"), query("m3", "Nothing")
    whole = ask(cloudwatch, *queries)
    assert [result["StatusCode"] for result in whole["MetricDataResults"]] == ["Complete"] * 3
    gathered: dict[str, list[float]] = {}
    token: dict[str, str] = {}
    states = []
    while True:
        page = ask(cloudwatch, *queries, MaxDatapoints=3, **token)
        for result in page["MetricDataResults"]:
            gathered.setdefault(result["Id"], []).extend(result["Values"])
            states.append((result["Id"], result["StatusCode"]))
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert gathered == {result["Id"]: result["Values"] for result in whole["MetricDataResults"]}
    assert ("m1", "PartialData") in states


@pytest.mark.usefixtures("errors")
def test_statistics_are_told_by_period(cloudwatch: Client) -> None:
    asked = {
        "Namespace": "Mine",
        "MetricName": "Calls",
        "Period": 300,
        "StartTime": MINUTE_S,
        "EndTime": MINUTE_S + 300,
    }
    (point,) = cloudwatch.get_metric_statistics(
        **asked, Statistics=["Sum", "Maximum", "SampleCount", "Average"], ExtendedStatistics=["p50"]
    )["Datapoints"]
    assert (point["Sum"], point["Maximum"], point["SampleCount"], point["Average"]) == (70.0, 40.0, 4.0, 17.5)
    assert point["ExtendedStatistics"] == {"p50": 10.0}


def test_metrics_are_listed_five_hundred_a_page(account: EmbeddedAccount, cloudwatch: Client) -> None:
    for number in range(501):
        account.metrics.add("AWS/Lambda", "Errors", {"FunctionName": f"f{number:03d}"}, START_MS, 1)
    account.metrics.add("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "q"}, START_MS, 1)
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace="AWS/Lambda"))
    assert [len(page["Metrics"]) for page in pages] == [500, 1]
    named = {"Name": "FunctionName", "Value": "f007"}
    (metric,) = cloudwatch.list_metrics(MetricName="Errors", Dimensions=[named])["Metrics"]
    assert metric["Dimensions"] == [named]


def test_a_large_request_arrives_compressed(cloudwatch: Client) -> None:
    data = [{"MetricName": f"m{number:03d}", "Timestamp": MINUTE_S, "Value": number} for number in range(300)]
    cloudwatch.put_metric_data(Namespace="Mine", MetricData=data)
    assert len(cloudwatch.list_metrics(Namespace="Mine")["Metrics"]) == 300
