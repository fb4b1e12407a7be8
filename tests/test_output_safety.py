"""Hostile text against the plain outputs: on a terminal judged by the bytes that reach it, in a pipe to be faithful."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from tests import moto_account
from tests.benchmarks.terminal_bench import TerminalProgram
from tests.hostile_account import REFUSING, hostile_account
from tests.hostile_text import HOSTILE, MARKS, log_messages
from tests.terminal_bytes import Token, tokens
from tests.test_terminal_safety import ROOT, assert_is_harmless, few, printed

FEW = 0.25
"""An output that says at least this share of the hostile texts has been reached."""
OWN_SHAPES = {"control '\\r'", "control '\\n'", "csi m", "csi K"}
RICH_SHAPES = {"csi ?25l", "csi ?25h", "csi A"}
"""Of a line of progress that is replaced."""
_HASTE = ("--since", "5m", "--quota-share", "1")
TAIL, REPORT = ("tail", *_HASTE), ("report", *_HASTE)
QUERY = ("query", *_HASTE, "--log-group", "/aws/lambda/00")
QUERY_FORMATS = ("table", "json", "jsonl", "csv", "markdown")
COMMANDS: dict[str, Sequence[str]] = {
    **{f"report {name}": (*REPORT, "--format", name) for name in ("table", "markdown", "prometheus", "json")},
    "report conditions": (*REPORT, "--format", "csv", "--fail-on", "throttle_rate<2", "--fail-on", "invocations>=0"),
    "tail pretty": TAIL,
    "tail chosen": (
        *(*TAIL, "--level", "warn", "--grep", "evil", "--exclude", "nothing", "--filter-pattern", "EVIL", "--utc"),
        *("--request", "00000000-0000-4000", "--redact", "--redact-pattern", "52;c;"),
    ),
    "tail json": (*TAIL, "--format", "json"),
    "tail raw": (*TAIL, "--format", "raw"),
    "parse": ("parse", "{lines}"),
    "parse events": ("parse", "{events}"),
    "doctor table": ("doctor",),
    "doctor json": ("doctor", "--format", "json"),
    **{f"query {name}": (*QUERY, "fields @message", "--format", name) for name in QUERY_FORMATS},
    "query chart": (*QUERY, f"stats {HOSTILE['clipboard']}", "--chart"),
    "query columns": (*QUERY, f"stats {HOSTILE['c1_csi']}"),
    "query redacted": (*QUERY, "fields @message", "--redact"),
    "query refused": (*QUERY, f"refused {HOSTILE['title']}"),
    "query unknown": ("query", "--name", f"{HOSTILE['title'][:40]}?", *_HASTE),
    "refused query": (*QUERY, f"limit 1 {HOSTILE['c1_csi']}"),
    "refused report": REPORT,
    "refused tail": TAIL,
}
SAYS_LITTLE = {
    **dict.fromkeys(("query refused", "query unknown", "refused query"), 0),
    "doctor table": 0,
    "doctor json": 0,
    "refused report": 0,
    "refused tail": 0,
}
"""How many texts are said at least by those that are not about all of them."""
EXIT_CODES = {
    "query refused": 4,
    "query unknown": 2,
    "refused query": 4,
    "report conditions": 1,
    "doctor table": 4,
    "doctor json": 4,
    "refused tail": 4,
}
PIPED = (
    "query json",
    "query csv",
    "query refused",
    "query unknown",
    "report json",
    "report conditions",
    "tail pretty",
    "tail json",
    "tail raw",
)
MESSAGES = [message for number, text in enumerate(HOSTILE.values()) for message in log_messages(text, number)]
UTF_8 = [message for message in MESSAGES if "\ud800" not in message and "\\ud800" not in message]
"""Those that can be written at all."""


class Outcome(NamedTuple):
    """What a command wrote, to a terminal or in turn to stdout and stderr."""

    exit_code: int | None
    sent: Sequence[Token]
    written: bytes = b""
    complained: bytes = b""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files to parse: log text, and events as JSON lines."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "lines").write_bytes("\n".join(MESSAGES).encode("utf-8", "replace"))
    (folder / "events").write_text("".join(json.dumps({"message": message}) + "\n" for message in MESSAGES))
    return {"lines": str(folder / "lines"), "events": str(folder / "events")}


@pytest.fixture(scope="module")
def endpoint_url() -> Iterator[str]:
    with hostile_account() as url:
        yield url


def _command(name: str, inputs: dict[str, str]) -> list[str]:
    return [sys.executable, "-m", "lambdatop", *(word.format(**inputs) for word in COMMANDS[name])]


def _environment(name: str, endpoint_url: str) -> dict[str, str]:
    url = endpoint_url + (REFUSING if name.startswith("refused") else "")
    return moto_account.environment(url) | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def on_terminal(name: str, endpoint_url: str, inputs: dict[str, str]) -> Outcome:
    """Run a command in a pseudo-terminal."""
    environment = _environment(name, endpoint_url)
    with TerminalProgram(_command(name, inputs), 200, 50, environment=environment, is_pinned=False) as program:
        code = program.wait(90)
        return Outcome(code, tokens(program.sent()))


def in_pipe(name: str, endpoint_url: str, inputs: dict[str, str]) -> Outcome:
    """Run a command with pipes."""
    environment = _environment(name, endpoint_url)
    done = subprocess.run(
        _command(name, inputs), env=environment, cwd=ROOT, capture_output=True, check=False, timeout=90
    )
    return Outcome(done.returncode, (), done.stdout, done.stderr)


@pytest.fixture(scope="module")
def outcomes(endpoint_url: str, inputs: dict[str, str]) -> dict[str, Outcome]:
    """What all commands wrote; they mostly wait for what they may ask a second, so they run at the same time."""
    with ThreadPoolExecutor(8) as threads:
        running = {name: threads.submit(on_terminal, name, endpoint_url, inputs) for name in COMMANDS}
        piped = {f"{name} |": threads.submit(in_pipe, name, endpoint_url, inputs) for name in PIPED}
        return {name: future.result() for name, future in (running | piped).items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_output_on_a_terminal_is_text_alone(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert outcome.exit_code == EXIT_CODES.get(name, 0), printed(outcome.sent)[-2000:]
    assert_is_harmless(outcome.sent, OWN_SHAPES | (RICH_SHAPES if "query" in name else set()))
    shown = printed(outcome.sent)
    assert sum(mark in shown for mark in MARKS.values()) >= SAYS_LITTLE.get(name, len(MARKS) * FEW)


def test_json_on_a_terminal_says_the_very_messages(outcomes: dict[str, Outcome]) -> None:
    written = "".join(token.text for token in outcomes["parse events"].sent if token.text != "\r")
    texts = [json.loads(line)["text"] for line in written.splitlines()]
    both = zip(texts, MESSAGES, strict=True)
    assert few(text for text, message in both if message in UTF_8 and text != message) == []


@pytest.mark.parametrize("name", PIPED)
def test_complaints_are_text_alone_in_a_pipe_too(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[f"{name} |"]
    assert outcome.exit_code == EXIT_CODES.get(name, 0)
    assert_is_harmless(tokens(outcome.complained), {"control '\\n'"})


def test_complaints_name_the_functions(outcomes: dict[str, Outcome]) -> None:
    complained = outcomes["report conditions |"].complained.decode()
    assert sum(mark in complained for mark in MARKS.values()) >= len(MARKS) * FEW


def test_json_in_a_pipe_is_faithful(outcomes: dict[str, Outcome]) -> None:
    texts = [json.loads(line)["text"] for line in outcomes["tail json |"].written.splitlines()]
    assert len(texts) == len(MESSAGES)
    assert few(set(UTF_8) - set(texts)) == []
    assert b"\\u001b]52;c;" in outcomes["report json |"].written


def test_rows_of_a_query_in_a_pipe_are_faithful(outcomes: dict[str, Outcome]) -> None:
    texts = {row["@message"] for row in json.loads(outcomes["query json |"].written)}
    known = {text for text in HOSTILE.values() if "\ud800" not in text}
    assert few(known - texts) == []
    csv.field_size_limit(2_000_000)
    lines = csv.DictReader(io.StringIO(outcomes["query csv |"].written.decode(errors="replace"), newline=""))
    assert few(known - {row["@message"] for row in lines}) == []


def test_raw_text_in_a_pipe_is_faithful(outcomes: dict[str, Outcome]) -> None:
    written = outcomes["tail raw |"].written
    assert few(message for message in UTF_8 if message.rstrip("\n").encode() not in written) == []


def test_pretty_text_in_a_pipe_is_gated(outcomes: dict[str, Outcome]) -> None:
    assert_is_harmless(tokens(outcomes["tail pretty |"].written), {"control '\\n'"})
