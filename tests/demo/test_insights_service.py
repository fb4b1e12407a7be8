"""Logs Insights as boto3 uses it: the language itself is proven in tests/insights, here is how it is served."""

import itertools
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.insights_execution import LEAST_RUNNING_MS, SCHEDULED_MS
from lambdatop.demo.services import insights_service
from lambdatop.demo.services.insights_service import PAGE_ROWS
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
    named = {"logGroupNames": list(groups)} if groups else {}
    return str(logs.start_query(startTime=start_s, endTime=end_s, queryString=query, **named)["queryId"])


def complete(account: EmbeddedAccount, logs: Client, query_id: str, **more: str) -> dict[str, Any]:
    for _ in range(100):
        answer = logs.get_query_results(queryId=query_id, **more)
        if answer["status"] not in ("Scheduled", "Running"):
            assert answer["status"] == "Complete"
            return dict(answer)
        account.clock.advance(SCHEDULED_MS)
    raise AssertionError("never complete")


def rows(answer: dict[str, Any]) -> list[dict[str, str]]:
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def result(account: EmbeddedAccount, logs: Client, query: str, *groups: str) -> list[dict[str, str]]:
    return rows(complete(account, logs, ask(logs, query, *groups)))


def test_a_group_of_the_infrequent_access_class_is_read_once_the_query_has_run(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    answer = complete(account, logs, ask(logs, ALL, group))
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
    assert result(account, logs, ALL, group)[0]["@ptr"] != pointer


def test_a_query_is_scheduled_then_running_with_a_part_of_its_rows_then_complete(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    query_id = ask(logs, "stats count(*) as n", group, start_s=START_S - 4)
    told = []
    for _ in range((SCHEDULED_MS + LEAST_RUNNING_MS) // 100 + 1):
        answer = logs.get_query_results(queryId=query_id)
        told.append(
            (answer["status"], answer["results"] and rows(answer)[0]["n"], answer["statistics"]["recordsScanned"])
        )
        account.clock.advance(100)
    assert [one for one, _ in itertools.groupby(told)] == [
        ("Scheduled", [], 0),
        ("Running", [], 0),
        ("Running", "2", 2),
        ("Running", "3", 3),
        ("Complete", "3", 3),
    ]


def test_filter_order_and_limit_choose_the_rows(logs: Client, account: EmbeddedAccount, group: str) -> None:
    query = r"fields @message | filter @message like /two\||^three/ | sort @timestamp desc | limit 1"
    answer = complete(account, logs, ask(logs, query, group))
    assert [one["@message"] for one in rows(answer)] == ["three"]
    assert answer["statistics"]["recordsMatched"] == 2


def test_both_ends_of_the_range_belong_to_it(logs: Client, account: EmbeddedAccount, group: str) -> None:
    assert len(rows(complete(account, logs, ask(logs, ALL, group, start_s=START_S - 1)))) == 2
    assert len(rows(complete(account, logs, ask(logs, ALL, group, end_s=START_S - 1)))) == 2


def test_what_is_still_on_its_way_is_not_found(logs: Client, account: EmbeddedAccount, group: str) -> None:
    account.logs.put("/cold", "s", START_MS - 100, "late", ingestion_delay_ms=5_000)
    assert len(result(account, logs, ALL, group)) == 3
    account.clock.advance(5_000)
    assert len(result(account, logs, ALL, group)) == 4


def test_many_rows_come_in_pages_that_together_tell_everything_once(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    account.logs.put_batch(group, "s", [(START_MS - 500, f"line {number}") for number in range(PAGE_ROWS)])
    query_id = ask(logs, ALL, group)
    first = complete(account, logs, query_id)
    second = complete(account, logs, query_id, nextToken=first["nextToken"])
    assert (len(first["results"]), len(second["results"]), "nextToken" in second) == (PAGE_ROWS, 3, False)
    assert len({one["@message"] for one in rows(first) + rows(second)}) == PAGE_ROWS + 3


def test_a_query_that_is_stopped_is_cancelled_and_one_that_has_ended_cannot_be(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    query_id = ask(logs, ALL, group)
    assert logs.stop_query(queryId=query_id)["success"] is True
    assert logs.get_query_results(queryId=query_id)["status"] == "Cancelled"
    ended = ask(logs, ALL, group)
    complete(account, logs, ended)
    for one in (query_id, ended):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            logs.stop_query(queryId=one)


def test_a_query_that_is_not_understood_is_refused_with_the_place_of_the_mistake(logs: Client, group: str) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException") as refused:
        ask(logs, "fields @message | filter @message lke 'x'", group)
    mistake = refused.value.response["queryCompileError"]
    assert mistake["location"] == {"startCharOffset": 34, "endCharOffset": 37}
    assert mistake["message"] in str(refused.value)


@pytest.mark.parametrize("query", ["fields @message | filter @message like /(/", "limit 0", "limit 100001", "diff"])
def test_what_cannot_be_run_is_refused_before_it_starts(logs: Client, group: str, query: str) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException"):
        ask(logs, query, group)


def test_a_query_needs_groups_that_there_are(logs: Client, group: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        ask(logs, ALL, group, "/gone")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ask(logs, ALL, *[group] * 51)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ask(logs, ALL)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_query_results(queryId="12345678-1234-1234-1234-123456789012")


def test_source_finds_groups_by_prefix_and_class(logs: Client, account: EmbeddedAccount, group: str) -> None:
    account.logs.put("/aws/lambda/a", "s", START_MS - 1, "warm")
    counts = "| stats count(*) as n by @log"
    every = result(account, logs, f'SOURCE logGroups(namePrefix: ["/c", "/aws/lambda/"]) {counts}')
    assert every == [{"@log": "123456789012:/aws/lambda/a", "n": "1"}, {"@log": "123456789012:/cold", "n": "3"}]
    cold = result(account, logs, f'SOURCE logGroups(namePrefix: ["/"], class: ["INFREQUENT_ACCESS"]) {counts}')
    assert cold == [{"@log": "123456789012:/cold", "n": "3"}]
    assert result(account, logs, f'SOURCE logGroups(namePrefix: ["/nothing"]) {counts}') == []
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ask(logs, f'SOURCE logGroups(namePrefix: ["/c"]) {counts}', group)


def test_groups_of_the_infrequent_access_class_refuse_pattern(
    logs: Client, account: EmbeddedAccount, group: str
) -> None:
    account.logs.put("/warm", "s", START_MS - 1, "warm 17")
    assert len(result(account, logs, "pattern @message", "/warm")) == 1
    with pytest.raises(ClientError, match="pattern command is not supported for the Infrequent Access log class"):
        ask(logs, "pattern @message", "/warm", group)


def test_an_account_runs_a_hundred_queries_at_a_time(
    logs: Client, account: EmbeddedAccount, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights_service, "MAX_RUNNING", 2)
    first, _ = ask(logs, ALL, group), ask(logs, ALL, group)
    with pytest.raises(ClientError, match="LimitExceededException"):
        ask(logs, ALL, group)
    logs.stop_query(queryId=first)
    complete(account, logs, ask(logs, ALL, group))


def test_an_estimate_scans_nothing(logs: Client, account: EmbeddedAccount, group: str) -> None:
    answer = complete(account, logs, ask(logs, "filter @message like 'o' | estimate", group))
    assert str(len("onetwo|2three") + 3 * 26) in json.dumps(answer["results"])
    assert answer["statistics"]["bytesScanned"] == 0


def test_queries_are_listed_with_their_groups(logs: Client, account: EmbeddedAccount, group: str) -> None:
    first = ask(logs, ALL, group)
    complete(account, logs, first)
    second = ask(logs, "limit 1", group)
    told = logs.describe_queries()["queries"]
    assert [(one["queryId"], one["status"], one["queryString"]) for one in told] == [
        (second, "Scheduled", "limit 1"),
        (first, "Complete", ALL),
    ]
    assert [one["queryId"] for one in logs.describe_queries(status="Complete")["queries"]] == [first]
    assert logs.describe_queries(logGroupName="/gone")["queries"] == []
    arns = logs.list_log_groups_for_query(queryId=first)["logGroupIdentifiers"]
    assert arns == ["arn:aws:logs:us-east-1:123456789012:log-group:/cold"]
