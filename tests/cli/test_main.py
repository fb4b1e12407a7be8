"""The program as a process: what it loads, what it says, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from lambdatop import __version__
from lambdatop.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment that knows no AWS account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDATOP_"))}
    nowhere = {"AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    return kept | nowhere | {"AWS_EC2_METADATA_DISABLED": "true", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


def lambdatop(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lambdatop", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def in_shell(line: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a shell line in which $LT is the program."""
    command = f"set -o pipefail; LT='{sys.executable} -m lambdatop'; {line}"
    return subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_commands_options_and_examples(environment: dict[str, str]) -> None:
    shown = lambdatop(["--help"], environment)
    assert shown.returncode == 0
    assert not shown.stderr
    for word in (
        "demo",
        "report",
        "parse",
        "--profile",
        "--region",
        "--endpoint-url",
        "--since",
        "Examples",
        "Exit codes",
    ):
        assert word in shown.stdout


def test_the_version(environment: dict[str, str]) -> None:
    assert lambdatop(["--version"], environment).stdout == f"lambdatop {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--nope"], "lambdatop: No such option '--nope'."),
        (["report", "--format", "xml"], "lambdatop: Invalid value for '--format': 'xml' is not one of"),
        (
            ["report", "--since", "sometime"],
            "lambdatop: Invalid value for '--since': 'sometime' is no time; say a span",
        ),
        (
            ["report", "--since", "1h", "--until", "2h"],
            "lambdatop: --since is not before --until, so there is nothing to read.",
        ),
        (["report", "--fail-on", "errors"], "lambdatop: Invalid value for '--fail-on': 'errors' is not a comparison"),
        (
            ["report", "--debug", "/nowhere/file"],
            "lambdatop: Invalid value for '--debug': /nowhere/file cannot be written to",
        ),
        ([], "lambdatop: the screen needs a terminal on stdin and stdout. Try: lambdatop report"),
        (["checkout-*"], "lambdatop: the screen needs a terminal on stdin and stdout. Try: lambdatop report"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments: list[str], sentence: str, environment: dict[str, str]) -> None:
    ended = lambdatop(arguments, environment)
    assert ended.returncode == 2
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert not ended.stdout


@pytest.mark.parametrize(
    ("arguments", "command", "rest"),
    [
        ([], None, []),
        (["report"], "report", []),
        (["report", "demo"], "report", ["demo"]),
        (["--profile", "p", "report", "--since", "1h"], "report", ["--profile", "p", "--since", "1h"]),
        (["--region=eu-west-1", "--utc", "demo"], "demo", ["--region=eu-west-1", "--utc"]),
        (["--profile", "demo"], None, ["--profile", "demo"]),
        (["api-*", "report"], None, ["api-*", "report"]),
        (["--", "report"], None, ["--", "report"]),
        (["worker"], None, ["worker"]),
        (["tail", "-f"], "tail", ["-f"]),
        (["parse", "-"], "parse", ["-"]),
    ],
)
def test_the_first_word_chooses_the_command(arguments: list[str], command: str | None, rest: list[str]) -> None:
    assert main.chosen_command(arguments) == (command, rest)


@pytest.mark.parametrize("reader", ["head -1", "true"])
def test_a_reader_that_leaves_is_no_failure(reader: str, environment: dict[str, str]) -> None:
    ended = in_shell(f"$LT report --help | {reader}; echo ${{PIPESTATUS[0]}}", environment)
    assert ended.stdout.splitlines()[-1] == "0"
    assert not ended.stderr


def test_a_full_disk_is_one_sentence(environment: dict[str, str]) -> None:
    ended = in_shell("$LT --help > /dev/full", environment)
    assert ended.returncode == 2
    assert ended.stderr == "lambdatop: stdout cannot be written to: No space left on device.\n"


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_bring_no_traceback(redirection: str, environment: dict[str, str]) -> None:
    ended = in_shell(f"$LT --help {redirection}", environment)
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert ended.returncode == 0


def test_an_internal_error_is_one_sentence_and_a_debug_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_arguments: object, **_options: object) -> object:
        raise KeyError("surprise")

    monkeypatch.setattr("lambdatop.cli.report.connection_settings", broken)
    assert main.run(["report"]) == 4
    assert capsys.readouterr().err == (
        "lambdatop: internal error: KeyError: 'surprise'. "
        "Try: the same command with --debug lambdatop-debug.txt, and report that file\n"
    )
    path = tmp_path / "debug.txt"
    assert main.run(["report", "--debug", str(path)]) == 4
    assert capsys.readouterr().err.endswith(f"the traceback is in {path}.\n")
    assert "Traceback (most recent call last)" in path.read_text()


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_report_that_waits_can_be_ended(number: signal.Signals, exit_code: int, environment: dict[str, str]) -> None:
    account = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lambdatop",
                "report",
                "--endpoint-url",
                f"http://127.0.0.1:{silent.getsockname()[1]}",
            ],
            env=environment | account,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        silent.settimeout(30)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert process.returncode == exit_code
    assert not out
    assert "Traceback" not in err


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_arguments: object, **_options: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("lambdatop.cli.report.connection_settings", interrupted)
    assert main.run(["report"]) == 130
    assert "Traceback" not in capsys.readouterr().err
