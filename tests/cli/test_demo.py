"""`lambdatop demo` around the embedded account's process, which a stand-in plays here."""

import sys
from types import ModuleType, TracebackType
from typing import Self

import pytest

from lambdatop.cli.demo import SCENARIO_NAMES
from lambdatop.cli.main import run
from lambdatop.demo.faults import KINDS, usage


class FakeProcess:
    """An account that is served at a fixed address until someone interrupts."""

    endpoint_url = "http://127.0.0.1:4000"
    region = "us-east-1"
    environment = {"AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:4001"}  # noqa: RUF012  a stand-in's one constant

    def __init__(self) -> None:
        self.is_open = False

    def __enter__(self) -> Self:
        self.is_open = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.is_open = False

    def wait(self) -> None:
        assert self.is_open
        raise KeyboardInterrupt


def start(monkeypatch: pytest.MonkeyPatch, outcome: FakeProcess | OSError) -> dict[str, object]:
    """Let the command start this process, and return what it is asked for."""
    asked: dict[str, object] = {}

    def start_demo_process(**options: object) -> FakeProcess:
        asked.update(options)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    module = ModuleType("lambdatop.demo.process")
    module.start_demo_process = start_demo_process  # type: ignore[attr-defined]  # a module made by hand
    monkeypatch.setitem(sys.modules, "lambdatop.demo.process", module)
    return asked


def test_serving_prints_what_a_shell_needs_and_ends_with_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    process = FakeProcess()
    asked = start(monkeypatch, process)
    assert run(["demo", "--serve", "--port", "4000", "--seed", "7", "--speed", "2"]) == 130
    printed = capsys.readouterr().out
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:4000\n" in printed
    assert "export AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:4001\n" in printed
    assert 'aws sqs list-queues --endpoint-url "$AWS_ENDPOINT_URL"\n' in printed
    assert (asked["port"], asked["seed"], asked["speed"]) == (4000, 7, 2.0)
    assert not process.is_open


def test_an_empty_account_is_offered_with_commands_that_fill_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start(monkeypatch, FakeProcess())
    assert run(["demo", "--serve", "--scenario", "empty"]) == 130
    printed = capsys.readouterr().out
    assert "aws logs create-log-group" in printed
    assert "checkout-api" not in printed


def test_faults_are_handed_on_and_said_with_their_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = start(monkeypatch, FakeProcess())
    assert run(["demo", "--serve", "--seed", "7", "--fault", "error=5%", "--fault", "outage@60s+40s"]) == 130
    assert asked["faults"] == ("error=5%", "outage@60s+40s")
    assert capsys.readouterr().out.endswith("# Faults, drawn with seed 7: error=5% outage@60s+40s\n")


def test_a_fault_that_is_none_is_one_sentence_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = start(monkeypatch, FakeProcess())
    assert run(["demo", "--serve", "--fault", "thunder"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("lambdatop: Invalid value for '--fault': 'thunder' is no fault; there are throttle, error, ")
    assert said.count("\n") == 1
    assert not asked


def test_the_help_lists_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--help"]) == 0
    printed = capsys.readouterr().out
    assert [name for name in KINDS if f"\n  {usage(name)} " not in printed] == []


def test_a_port_in_use_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    start(monkeypatch, OSError(98, "Address already in use"))
    assert run(["demo", "--serve", "--port", "80"]) == 2
    assert capsys.readouterr().err == (
        "lambdatop: the endpoint cannot be opened: Address already in use. Try: lambdatop demo\n"
    )


def test_the_screen_needs_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = start(monkeypatch, FakeProcess())
    assert run(["demo"]) == 2
    assert capsys.readouterr().err.startswith("lambdatop: the screen needs a terminal")
    assert not asked


def test_the_scenarios_on_offer_are_those_of_the_account() -> None:
    from lambdatop.demo.scenarios.stories import SCENARIOS

    assert tuple(SCENARIOS) == SCENARIO_NAMES
