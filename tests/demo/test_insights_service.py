"""Logs Insights as boto3 uses it, for the one form of query that the account serves."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.services.insights_service import PAGE_ROWS, parse_query
from tests.demo.clients import START_MS, Client, client

START_S = START_MS // 1000
ALL = "fields @timestamp, @ingestionTime, @logStream, @log, @message | sort @timestamp asc | limit 100000"


@pytest.fixture
def logs(url: str) -> Client:
    return client("logs", url)


@pytest.fixture
def group(account: EmbeddedAccount) -> str:
    account.logs.create_group("/cold", "INFREQUENT_ACCESS")
    account.logs.put_batch("/cold", "s", [(START_MS - 2_500, "one"), (START_MS - 1_000, "two|2"), (START_MS, "three")])
    return "/cold"


def ask(logs: Client, query: str, *groups: str, start_s: int = START_S - 60, end_s: int = START_S) -> str:
    return str(
        logs.start_query(logGroupNames=list(groups), startTime=start_s, endTime=end_s, queryString=query)["queryId"]
    )


def complete(logs: Client, query_id: str, **more: str) -> dict[str, Any]:
    while (answer := logs.get_query_results(queryId=query_id, **more))["status"] != "Complete":
        assert answer["status"] == "Running"
    return dict(answer)


def rows(answer: dict[str, Any]) -> list[dict[str, str]]:
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def test_a_group_of_the_infrequent_access_class_is_read_once_the_query_has_run(logs: Client, group: str) -> None:
    query_id = ask(logs, ALL, group)
    assert logs.get_query_results(queryId=query_id)["status"] == "Running"
    answer = complete(logs, query_id)
    first, *others = rows(answer)
    pointer = first.pop("@ptr")
    assert first == {
        "@timestamp": "2027-01-15 07:59:57.500",
        "@ingestionTime": "2027-01-15 08:00:00.000",
        "@logStream": "s",
        "@log": "123456789012:/cold",
        "@message": "one",
    }
    assert [one["@message"] for one in others] == ["two|2", "three"]
    assert answer["statistics"]["bytesScanned"] == len("onetwo|2three") + 3 * 26
    assert rows(complete(logs, ask(logs, ALL, group)))[0]["@ptr"] != pointer


def test_filter_order_and_limit_choose_the_rows(logs: Client, group: str) -> None:
    query = r"fields @message | filter @message like /two\||^three/ | sort @timestamp desc | limit 1"
    answer = complete(logs, ask(logs, query, group))
    assert [one["@message"] for one in rows(answer)] == ["three"]
    assert answer["statistics"]["recordsMatched"] == 2


def test_both_ends_of_the_range_belong_to_it(logs: Client, group: str) -> None:
    assert len(rows(complete(logs, ask(logs, ALL, group, start_s=START_S - 1)))) == 2
    assert len(rows(complete(logs, ask(logs, ALL, group, end_s=START_S - 1)))) == 2


def test_what_is_still_on_its_way_is_not_found(logs: Client, account: EmbeddedAccount, group: str) -> None:
    account.logs.put("/cold", "s", START_MS - 100, "late", ingestion_delay_ms=5_000)
    assert len(rows(complete(logs, ask(logs, ALL, group)))) == 3
    account.clock.advance(5_000)
    assert len(rows(complete(logs, ask(logs, ALL, group)))) == 4


def test_many_rows_come_in_pages_that_together_tell_everything_once(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    account.logs.put_batch(group, "s", [(START_MS - 500, f"line {number}") for number in range(PAGE_ROWS)])
    query_id = ask(logs, ALL, group)
    first = complete(logs, query_id)
    second = complete(logs, query_id, nextToken=first["nextToken"])
    assert (len(first["results"]), len(second["results"]), "nextToken" in second) == (PAGE_ROWS, 3, False)
    assert len({one["@message"] for one in rows(first) + rows(second)}) == PAGE_ROWS + 3


def test_a_query_that_is_stopped_is_cancelled_and_one_that_has_ended_cannot_be(logs: Client, group: str) -> None:
    query_id = ask(logs, ALL, group)
    assert logs.stop_query(queryId=query_id)["success"] is True
    assert logs.get_query_results(queryId=query_id)["status"] == "Cancelled"
    ended = ask(logs, ALL, group)
    complete(logs, ended)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.stop_query(queryId=ended)


@pytest.mark.parametrize(
    "query",
    [
        "stats count(*) by bin(1m)",
        "fields @message | filter @message like 'x'",
        "fields @message | filter @message like /(/",
        "fields concat(a, b)",
        "limit 0",
        "limit 100001",
        "sort @message",
    ],
)
def test_any_other_form_of_query_is_refused_with_what_is_served(logs: Client, group: str, query: str) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException"):
        ask(logs, query, group)


def test_a_query_needs_groups_that_there_are(logs: Client, group: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        ask(logs, ALL, group, "/gone")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ask(logs, ALL, *[group] * 51)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.start_query(startTime=0, endTime=1, queryString=ALL)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_query_results(queryId="12345678-1234-1234-1234-123456789012")


def test_rows_come_oldest_first_where_sort_does_not_say() -> None:
    assert not parse_query("sort @timestamp").is_descending
    assert parse_query("fields @message").is_descending
