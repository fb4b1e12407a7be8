"""`lambdatop policy` as a command: offline, with an account that answers, and with one that does not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lambdatop.cli.failure import ExitCode
from lambdatop.cli.main import run
from lambdatop.sources.policy_scope import AccountFacts, read_account
from tests.sources.fake_call import FakeCall, refused

Printed = Callable[..., tuple[dict[str, Any], str]]
ON_CALL = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/on-call"}


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Run the command without credentials; returns the policy and what was said on stderr."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
                 "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def printed(*arguments: str) -> tuple[dict[str, Any], str]:
        assert run(["policy", *arguments]) == ExitCode.FINE
        out, err = capsys.readouterr()
        return json.loads(out), err

    return printed


def arns(document: dict[str, Any], action: str) -> list[str]:
    return [
        arn for statement in document["Statement"] if action in statement["Action"] for arn in statement["Resource"]
    ]


def test_with_an_account_and_a_region_nothing_is_asked_or_missing(policy: Printed) -> None:
    document, said = policy("--account", "1234-5678-9012", "--region", "eu-west-1", "checkout-*")
    assert said == ""
    assert arns(document, "logs:FilterLogEvents") == [
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/checkout-*"
    ]
    assert arns(document, "lambda:GetFunctionConcurrency") == [
        "arn:aws:lambda:eu-west-1:123456789012:function:checkout-*"
    ]


def test_without_credentials_the_account_is_a_wildcard_and_one_sentence_says_so(policy: Printed) -> None:
    document, said = policy("--region", "us-gov-west-1")
    assert arns(document, "sqs:GetQueueUrl") == ["arn:aws-us-gov:sqs:us-gov-west-1:*:*"]
    assert said.count("\n") == 1
    assert "No AWS credentials were found." in said


def test_without_anything_it_is_still_a_policy(policy: Printed) -> None:
    document, said = policy()
    assert arns(document, "sqs:GetQueueUrl") == ["arn:aws:sqs:*:*:*"]
    assert "--region" in said


def test_options_choose_what_is_paid_for(policy: Printed) -> None:
    offline = ("--account", "123456789012", "--region", "eu-west-1")
    usual, _ = policy(*offline)
    assert arns(usual, "logs:StartQuery")
    assert not arns(usual, "logs:StartLiveTail")
    other, _ = policy(*offline, "--live-tail", "--no-insights")
    assert arns(other, "logs:StartLiveTail")
    assert not arns(other, "logs:StartQuery")


def test_the_screens_own_mode_of_live_tail_is_not_mistaken(policy: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDATOP_LIVE_TAIL", "focused")
    document, _ = policy("--account", "123456789012", "--region", "eu-west-1")
    assert not arns(document, "logs:StartLiveTail")


def test_several_regions_are_in_one_policy(policy: Printed) -> None:
    document, _ = policy("--account", "123456789012", "--region", "eu-west-1", "--region", "cn-north-1")
    assert {arn.split(":")[1] for arn in arns(document, "sqs:GetQueueUrl")} == {"aws", "aws-cn"}


def test_an_account_has_twelve_digits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--account", "12345"]) == ExitCode.USAGE
    assert "twelve digits" in capsys.readouterr().err


def facts(answers: dict[str, Any], *patterns: str) -> AccountFacts:
    return read_account(FakeCall(answers).call, patterns, 0)


def test_an_account_that_answers_tells_its_id_and_its_functions_log_groups() -> None:
    functions = [{"FunctionName": "cart", "LoggingConfig": {"LogGroup": "/shop/cart"}}, {"FunctionName": "mail"}]
    answers = {"GetCallerIdentity": ON_CALL, "ListFunctions": {"Functions": functions}}
    found = facts(answers)
    assert (found.account_id, found.log_groups) == ("123456789012", ("/aws/lambda/mail", "/shop/cart"))
    assert found.obstacle is None
    assert facts(answers, "mail").log_groups == ("/aws/lambda/mail",)


def test_an_account_that_does_not_list_its_functions_still_tells_its_id() -> None:
    found = facts({"GetCallerIdentity": ON_CALL, "ListFunctions": refused("denied")})
    assert (found.account_id, found.log_groups) == ("123456789012", ())
    assert found.obstacle is not None


def test_an_emulator_that_does_not_know_its_account_leaves_it_open() -> None:
    assert facts({"GetCallerIdentity": refused("absent"), "ListFunctions": {}}).account_id is None
