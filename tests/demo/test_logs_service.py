"""CloudWatch Logs as boto3 uses it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from tests.demo.clients import START_MS, Client, client


@pytest.fixture
def logs(url: str) -> Client:
    return client("logs", url)


def put(logs: Client, group: str, stream: str, *lines: tuple[int, str]) -> dict[str, Any]:
    answer: dict[str, Any] = logs.put_log_events(
        logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": at, "message": text} for at, text in lines]
    )
    return answer


@pytest.fixture
def group(logs: Client) -> str:
    logs.create_log_group(logGroupName="/g")
    for stream in ("a", "b"):
        logs.create_log_stream(logGroupName="/g", logStreamName=stream)
    put(logs, "/g", "a", *((START_MS + number, f"a{number}") for number in range(5)))
    put(logs, "/g", "b", (START_MS - 60_000, "b0"))
    return "/g"


def test_what_is_put_is_read_back(logs: Client, group: str) -> None:
    found = logs.filter_log_events(logGroupName=group)["events"]
    assert [event["message"] for event in found] == ["b0", "a0", "a1", "a2", "a3", "a4"]
    assert len({event["eventId"] for event in found}) == 6
    assert {event["ingestionTime"] for event in found} == {START_MS}
    newest_first = logs.filter_log_events(logGroupName=group, startTime=START_MS, startFromHead=False)["events"]
    assert [event["message"] for event in newest_first] == ["a4", "a3", "a2", "a1", "a0"]


def test_the_newest_come_first_only_since_2024(logs: Client, group: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.filter_log_events(logGroupName=group, startFromHead=False)


def test_the_end_of_a_range_belongs_to_it(logs: Client, group: str) -> None:
    found = logs.filter_log_events(logGroupName=group, startTime=START_MS + 1, endTime=START_MS + 2)["events"]
    assert [event["message"] for event in found] == ["a1", "a2"]


def test_now_and_then_a_follow_up_begins_with_an_empty_page_and_a_token(logs: Client, group: str) -> None:
    pages = [logs.filter_log_events(logGroupName=group, startTime=START_MS) for _ in range(14)]
    assert [bool(page["events"]) for page in pages] == ([True] * 6 + [False]) * 2
    rest = logs.filter_log_events(logGroupName=group, startTime=START_MS, nextToken=pages[6]["nextToken"])
    assert [event["message"] for event in rest["events"]] == ["a0", "a1", "a2", "a3", "a4"]


def test_a_limit_cuts_pages_that_together_tell_everything_once(logs: Client, group: str) -> None:
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, logStreamNamePrefix="a", PaginationConfig={"PageSize": 2}
    )
    assert [[event["message"] for event in page["events"]] for page in pages] == [["a0", "a1"], ["a2", "a3"], ["a4"]]


def test_a_stream_is_read_forward_until_its_token_comes_back(logs: Client, group: str) -> None:
    asked = {"logGroupName": group, "logStreamName": "a", "limit": 2, "startFromHead": True}
    read, token = [], None
    while True:
        page = logs.get_log_events(**asked, **({"nextToken": token} if token else {}))
        read += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert read == ["a0", "a1", "a2", "a3", "a4"]
    put(logs, group, "a", (START_MS + 9, "a9"))
    later = logs.get_log_events(**asked, nextToken=token)
    assert [event["message"] for event in later["events"]] == ["a9"]


def test_a_stream_is_read_backward_from_its_end(logs: Client, group: str) -> None:
    asked = {"logGroupName": group, "logStreamName": "a", "limit": 2}
    last = logs.get_log_events(**asked)
    assert [event["message"] for event in last["events"]] == ["a3", "a4"]
    before = logs.get_log_events(**asked, nextToken=last["nextBackwardToken"])
    assert [event["message"] for event in before["events"]] == ["a1", "a2"]


def test_streams_are_listed_by_name_or_by_their_last_event(logs: Client, group: str) -> None:
    by_name = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert [stream["logStreamName"] for stream in by_name] == ["a", "b"]
    assert by_name[0]["lastEventTimestamp"] == START_MS + 4
    assert by_name[0]["storedBytes"] == 0
    by_time = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime")["logStreams"]
    assert [stream["logStreamName"] for stream in by_time] == ["b", "a"]
    with pytest.raises(ClientError, match="LastEventTime"):
        logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", logStreamNamePrefix="a")


def test_groups_are_listed_fifty_or_a_thousand_a_page(account: EmbeddedAccount, logs: Client) -> None:
    for number in range(120):
        account.logs.create_group(f"/aws/lambda/f{number:03d}")
    pages = list(logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/"))
    assert [len(page["logGroups"]) for page in pages] == [50, 50, 20]
    first = pages[0]["logGroups"][0]
    assert (first["arn"], first["logGroupArn"]) == (f"{first['logGroupArn']}:*", first["arn"].removesuffix(":*"))
    assert len(logs.list_log_groups(limit=1000, logGroupNamePattern="/f00|/f11")["logGroups"]) == 20


def test_events_out_of_range_are_rejected_and_the_others_kept(logs: Client, group: str) -> None:
    day_ms = 86_400_000
    old = put(logs, group, "a", (START_MS - 14 * day_ms - 1, "too old"), (START_MS - 14 * day_ms + 1, "old"))
    assert old["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    new = put(logs, group, "a", (START_MS + 7_000_000, "early"), (START_MS + 7_300_000, "too new"))
    assert new["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    with pytest.raises(ClientError, match="chronological"):
        put(logs, group, "a", (START_MS + 1, "x"), (START_MS, "y"))


def test_an_infrequent_access_group_cannot_be_searched(logs: Client) -> None:
    logs.create_log_group(logGroupName="cold", logGroupClass="INFREQUENT_ACCESS")
    with pytest.raises(ClientError, match="INFREQUENT_ACCESS"):
        logs.filter_log_events(logGroupName="cold")


def test_a_pattern_is_tried_on_messages(logs: Client) -> None:
    found = logs.test_metric_filter(filterPattern="[level=E*, ...]", logEventMessages=["ERROR x", "INFO x", "E y z"])
    assert [match["eventNumber"] for match in found["matches"]] == [1, 3]
