"""Lambda's control plane as boto3 reads it."""

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from tests.demo.clients import Client, client


@pytest.fixture
def functions(account: EmbeddedAccount, url: str) -> Client:
    for number in range(3):
        account.functions.put({"FunctionName": f"f{number}"})
    account.functions.put({"FunctionName": "f0", "Version": "1"})
    return client("lambda", url)


def test_provisioned_concurrency_is_listed_and_told_of_one_qualifier(
    account: EmbeddedAccount, functions: Client
) -> None:
    account.functions.set_provisioned("f0", "1", 5, available=2, status="IN_PROGRESS")
    (listed,) = functions.list_provisioned_concurrency_configs(FunctionName="f0")["ProvisionedConcurrencyConfigs"]
    assert listed["FunctionArn"].endswith(":function:f0:1")
    told = functions.get_provisioned_concurrency_config(FunctionName="f0", Qualifier="1")
    assert (told["AvailableProvisionedConcurrentExecutions"], told["Status"]) == (2, "IN_PROGRESS")
    with pytest.raises(ClientError, match="ProvisionedConcurrencyConfigNotFoundException"):
        functions.get_provisioned_concurrency_config(FunctionName="f0", Qualifier="2")
    assert functions.list_provisioned_concurrency_configs(FunctionName="f1")["ProvisionedConcurrencyConfigs"] == []


def test_aliases_tell_what_share_of_traffic_goes_elsewhere(account: EmbeddedAccount, functions: Client) -> None:
    account.functions.put_alias("f0", "live", "1", {"2": 0.25})
    (alias,) = functions.list_aliases(FunctionName="f0")["Aliases"]
    assert (alias["FunctionVersion"], alias["RoutingConfig"]) == ("1", {"AdditionalVersionWeights": {"2": 0.25}})
    versions = functions.list_versions_by_function(FunctionName="f0")["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST", "1"]
    assert functions.get_function_configuration(FunctionName="f0", Qualifier="live")["Version"] == "1"


def test_a_reservation_takes_from_what_the_account_leaves(functions: Client) -> None:
    functions.put_function_concurrency(FunctionName="f0", ReservedConcurrentExecutions=100)
    assert functions.get_function_concurrency(FunctionName="f0")["ReservedConcurrentExecutions"] == 100
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName="f1")
    assert functions.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
    assert functions.get_function(FunctionName="f0")["Concurrency"] == {"ReservedConcurrentExecutions": 100}


def test_a_function_is_written_read_and_removed(functions: Client) -> None:
    made = functions.create_function(
        FunctionName="new", Role="arn:aws:iam::123456789012:role/x", Code={"ZipFile": b"x"}, Runtime="python3.13",
        Handler="a.b", Environment={"Variables": {"SECRET": "x"}},
    )  # fmt: skip
    assert "Environment" not in made
    functions.update_function_configuration(FunctionName="new", Timeout=9)
    assert functions.get_function_configuration(FunctionName=made["FunctionArn"])["Timeout"] == 9
    functions.create_event_source_mapping(FunctionName="new", EventSourceArn="arn:aws:sqs:us-east-1:123456789012:q")
    mappings = functions.list_event_source_mappings(FunctionName="new")["EventSourceMappings"]
    assert [mapping["EventSourceArn"] for mapping in mappings] == ["arn:aws:sqs:us-east-1:123456789012:q"]
    functions.put_function_event_invoke_config(
        FunctionName="new", DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:d"}}
    )
    (config,) = functions.list_function_event_invoke_configs(FunctionName="new")["FunctionEventInvokeConfigs"]
    assert config["DestinationConfig"]["OnFailure"]["Destination"].endswith(":d")
    functions.delete_function(FunctionName="new")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.get_function(FunctionName="new")
