"""`lambdatop doctor` as a command: its exit codes and its two formats, against an account that is not there."""

import json
import socket
from pathlib import Path

import pytest

from lambdatop.cli import doctor
from lambdatop.cli.failure import ExitCode
from lambdatop.cli.main import run
from lambdatop.model.capability import AccountExamination, Capability, CapabilityState


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An environment without profiles or credentials, and an endpoint where nobody listens."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
                 "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


def test_an_endpoint_that_cannot_be_reached(
    nowhere: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    arguments = ["doctor", "--region", "eu-west-1", "--endpoint-url", nowhere, "--format", "json"]
    assert run(arguments) == ExitCode.AWS
    printed = capsys.readouterr()
    assert printed.err == ""
    states = {row["name"]: row["state"] for row in json.loads(printed.out)["accounts"][0]["capabilities"]}
    assert states["identity"] == states["functions"] == states["metrics"] == states["traces"] == "failed"


def test_no_credentials(nowhere: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--region", "eu-west-1", "--endpoint-url", nowhere]) == ExitCode.CREDENTIALS
    assert "No AWS credentials were found." in capsys.readouterr().out


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("arguments", [["--profile", "nope", "--region", "eu-west-1"], []])
def test_an_unknown_profile_and_no_region(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", *arguments]) == ExitCode.CREDENTIALS
    printed = capsys.readouterr()
    assert printed.out.count("→") == 1
    assert "Traceback" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("states", "exit_code"),
    [
        (["works", "slow", "throttled", "not tried"], ExitCode.FINE),
        (["works", "denied"], ExitCode.AWS),
        (["failed", "credentials"], ExitCode.CREDENTIALS),
    ],
)
def test_the_exit_code_is_that_of_the_worst_that_matters(states: list[CapabilityState], exit_code: int) -> None:
    found = AccountExamination(
        profile=None,
        region="eu-west-1",
        capabilities=tuple(
            Capability(name=state, state=state, operation="lambda:ListFunctions", pane="all") for state in states
        ),
    )
    fine = AccountExamination(profile=None, region="eu-north-1")
    assert doctor.exit_code_of([fine, found]) == exit_code
