"""Saved queries, as boto3 asks for them."""

import pytest
from botocore.exceptions import ClientError

from tests.demo.clients import Client, client


@pytest.fixture
def logs(url: str) -> Client:
    return client("logs", url)


def names(logs: Client, **request: object) -> list[str]:
    return [one["name"] for one in logs.describe_query_definitions(**request)["queryDefinitions"]]


def test_what_is_saved_is_told_by_name(logs: Client) -> None:
    parameter = {"name": "ms", "defaultValue": "1000", "description": "at least"}
    logs.put_query_definition(
        name="slow", queryString="filter @duration > {{ms}}", logGroupNames=["/g"], parameters=[parameter]
    )
    logs.put_query_definition(name="errors/all", queryString="filter @message like 'ERROR'")
    assert names(logs) == ["errors/all", "slow"]
    assert names(logs, queryDefinitionNamePrefix="err") == ["errors/all"]
    slow = logs.describe_query_definitions(queryDefinitionNamePrefix="slow")["queryDefinitions"][0]
    assert slow["parameters"] == [parameter]
    assert (slow["logGroupNames"], slow["queryLanguage"]) == (["/g"], "CWLI")


def test_many_are_told_a_page_at_a_time(logs: Client) -> None:
    for number in range(5):
        logs.put_query_definition(name=f"q{number}", queryString="limit 1")
    first = logs.describe_query_definitions(maxResults=3)
    assert names(logs, maxResults=3, nextToken=first["nextToken"]) == ["q3", "q4"]


def test_one_can_be_changed_and_deleted(logs: Client) -> None:
    query_id = logs.put_query_definition(name="a", queryString="limit 1")["queryDefinitionId"]
    logs.put_query_definition(name="b", queryString="limit 2", queryDefinitionId=query_id)
    assert names(logs) == ["b"]
    assert logs.delete_query_definition(queryDefinitionId=query_id)["success"] is True
    assert names(logs) == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=query_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_query_definition(name="c", queryString="limit 1", queryDefinitionId=query_id)
