"""Single log events and the fields of a log group, as boto3 asks for them."""

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.log_pointer import LogPointer
from tests.demo.clients import START_MS, Client, client

GROUP = "/aws/lambda/api"
REPORT = (
    "REPORT RequestId: 1f2e3d4c-0000-4000-8000-000000000001\tDuration: 12.50 ms\tBilled Duration: 13 ms\t"
    "Memory Size: 128 MB\tMax Memory Used: 70 MB\t"
)


@pytest.fixture
def logs(url: str, account: EmbeddedAccount) -> Client:
    lines = [(START_MS - 3_000, REPORT), (START_MS - 2_000, '{"level": "INFO", "order": {"id": 7}}')]
    account.logs.put_batch(GROUP, "stream", [*lines, (START_MS - 1_000, "plain"), (START_MS - 1_000, "plain again")])
    return client("logs", url)


def pointer(account: EmbeddedAccount, message: str) -> str:
    event = next(one for one in account.logs.arrived(GROUP) if one.message == message)
    return LogPointer("q", GROUP, event.timestamp, event.event_id).text


def test_a_record_has_every_field_of_its_event(logs: Client, account: EmbeddedAccount) -> None:
    record = logs.get_log_record(logRecordPointer=pointer(account, REPORT))["logRecord"]
    assert record["@message"] == REPORT
    assert (record["@type"], record["@duration"], record["@memorySize"]) == ("REPORT", "12.50", "128000000")
    assert record["@log"] == f"123456789012:{GROUP}"
    assert record["@timestamp"] == str(START_MS - 3_000)
    assert (
        logs.get_log_record(logRecordPointer=pointer(account, "plain again"))["logRecord"]["@message"] == "plain again"
    )


def test_a_pointer_to_nothing_is_refused(logs: Client) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.get_log_record(logRecordPointer="nonsense")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_record(logRecordPointer=LogPointer("q", GROUP, START_MS, "0").text)


def test_fields_are_told_with_their_share_of_the_events(logs: Client) -> None:
    told = logs.get_log_group_fields(logGroupName=GROUP)["logGroupFields"]
    shares = {one["name"]: one["percent"] for one in told}
    assert (shares["@message"], shares["@duration"], shares["order.id"]) == (100, 25, 25)
    assert "plain" not in shares
    assert [one["percent"] for one in told] == sorted((one["percent"] for one in told), reverse=True)


def test_fields_are_looked_for_around_a_time(logs: Client) -> None:
    hour_ago = START_MS // 1000 - 3_600
    assert logs.get_log_group_fields(logGroupName=GROUP, time=hour_ago)["logGroupFields"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_group_fields(logGroupName="/gone")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.get_log_group_fields()
