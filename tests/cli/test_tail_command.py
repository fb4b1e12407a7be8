"""`lambdatop tail` as a process against the embedded account: what it prints is what the log groups hold."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("checkout", "orders", "stock")
STREAM = "2026/11/21/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
EVENTS = 12_000
"""In one log group, so that it takes more than a page."""
PATIENCE_S = 60


@pytest.fixture
def account() -> EmbeddedAccount:
    account = EmbeddedAccount(Clock())
    for name in FUNCTIONS:
        account.functions.put({"FunctionName": name})
        account.logs.create_group(f"/aws/lambda/{name}")
    return account


@pytest.fixture
def environment(account: EmbeddedAccount) -> Iterator[dict[str, str]]:
    endpoint = EmbeddedEndpoint(account, throttle=False, faults=["empty-pages=20%", "repeat-tokens=10%"], seed=3)
    endpoint.start()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDATOP_"))}
    yield kept | endpoint.environment() | {"PYTHONPATH": str(ROOT), "AWS_CONFIG_FILE": os.devnull, "TZ": "UTC"}
    endpoint.stop()


def tail(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lambdatop", "tail", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE_S, check=False)


def held(account: EmbeddedAccount) -> Counter[str]:
    return Counter(event.message for name in FUNCTIONS for event in account.logs.arrived(f"/aws/lambda/{name}"))


def fill(account: EmbeddedAccount) -> None:
    """Write a thousand events a second into the last ones, every tenth twice in its millisecond."""
    now_ms = account.clock.now_ms()
    for name, events in zip(FUNCTIONS, (EVENTS, 500, 500), strict=True):
        lines = [
            (now_ms - 20_000 + number, now_ms - 5_000, f"{name} {number}\n")
            for number in range(events)
            for _ in range(2 if number % 10 == 0 else 1)
        ]
        account.logs.put_arrived(f"/aws/lambda/{name}", STREAM, lines)


def test_a_range_is_printed_whole_and_each_event_once(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    fill(account)
    ended = tail(environment, "--since", "5m", "--format", "raw")
    printed = ended.stdout.decode().splitlines(keepends=True)
    assert Counter(printed) == held(account)
    assert ended.returncode == 0
    said = ended.stderr.decode()
    assert said.startswith(f"lambdatop: {len(printed):,} events printed, each once; ")
    assert "3 log groups read to " in said


def test_json_tells_where_each_event_comes_from_in_order_of_time(
    account: EmbeddedAccount, environment: dict[str, str]
) -> None:
    fill(account)
    ended = tail(environment, "--since", "5m", "--format", "json", "orders", "/aws/lambda/sto*")
    objects = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len({one["event_id"] for one in objects}) == len(objects) == 2 * 550
    assert [one["timestamp"] for one in objects] == sorted(one["timestamp"] for one in objects)
    first = account.logs.arrived("/aws/lambda/orders")[0]
    assert next(one for one in objects if one["function"] == "orders") == {
        "kind": "application", "text": "orders 0\n", "message": "orders 0", "timestamp": first.timestamp,
        "ingestion_time": first.ingestion_time, "log_group": "/aws/lambda/orders", "log_stream": STREAM,
        "event_id": first.event_id, "function": "orders",
    }  # fmt: skip
    assert {one["function"] for one in objects} == {"orders", "stock"}


def test_what_options_hide_is_read_all_the_same(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    fill(account)
    ended = tail(environment | {"LAMBDATOP_GREP": "(ORDERS|orders) [0-9]\n7$"}, "--since", "5m", "--format", "raw")
    assert set(ended.stdout.decode().splitlines()) == {f"orders {number}" for number in range(500) if number % 10 == 7}
    every = sum(held(account).values())
    assert ended.stderr.decode().startswith(
        f"lambdatop: 50 of {every:,} events printed, each once, {every - 50:,} hidden by --grep; "
    )
    assert ended.returncode == 0


def test_a_request_is_printed_from_start_to_report(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    asked, now_ms = "8f5e2c1a-0000-4000-8000-000000000001", account.clock.now_ms()
    lines = ["init", f"START RequestId: {asked} Version: $LATEST", "password=hunter2", f"END RequestId: {asked}",
             f"REPORT RequestId: {asked}\tDuration: 5.00 ms\tBilled Duration: 5 ms", "next"]  # fmt: skip
    timed = [(now_ms - 20_000 + number, now_ms - 5_000, f"{line}\n") for number, line in enumerate(lines)]
    account.logs.put_arrived("/aws/lambda/orders", STREAM, timed)
    account.logs.put_arrived("/aws/lambda/stock", STREAM, [(now_ms - 19_998, now_ms - 5_000, "elsewhere\n")])
    ended = tail(environment, "--since", "5m", "--format", "raw", "--request", asked[:13], "--redact")
    assert [line.split()[0] for line in ended.stdout.decode().splitlines()] == [
        "START", "password=⟨password⟩", "END", "REPORT",
    ]  # fmt: skip


def test_what_is_printed_into_a_pipe_suits_its_reader(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    fill(account)
    account.logs.put("/aws/lambda/orders", STREAM, account.clock.now_ms() - 1_000, "\x1b[31mred\x1b[2J\n")
    reader = "import json,sys;print(sum(json.loads(line)['function']=='orders' for line in sys.stdin))"
    program = f"{sys.executable} -m lambdatop tail --since 5m"
    piped = {
        f'{program} --format json | {sys.executable} -c "{reader}"': "551\n",
        f"{program} --format raw orders | head -1": "orders 0\n",
        f"{program} --grep red | cut -d' ' -f2-": "  orders red␛[2J\n",
    }
    for command, printed in piped.items():
        ended = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            env=environment, capture_output=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stdout.decode()) == (0, printed)


def test_a_range_with_groups_that_only_insights_reads_is_not_whole(
    account: EmbeddedAccount, environment: dict[str, str]
) -> None:
    fill(account)
    account.functions.put({"FunctionName": "audit"})
    account.logs.create_group("/aws/lambda/audit", "INFREQUENT_ACCESS")
    ended = tail(environment, "--since", "5m", "--format", "raw", "--grep", "orders 7$")
    said = ended.stderr.decode().splitlines()
    assert (ended.returncode, ended.stdout, len(said)) == (4, b"orders 7\n", 2)
    assert said[0].endswith("4 log groups, not all read.")
    assert said[1].startswith(
        "lambdatop: 1 log group is of the Infrequent Access class, which only Logs Insights reads"
    )
    assert "Try: aws logs start-query --log-group-name /aws/lambda/audit --start-time " in said[1]


def test_a_filter_pattern_is_asked_of_aws(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    fill(account)
    ended = tail(environment, "--since", "5m", "--format", "raw", "--filter-pattern", '"orders 7"', "orders")
    assert {line.split()[1][0] for line in ended.stdout.decode().splitlines()} == {"7"}
    assert 0 < ended.stdout.count(b"\n") < 550


def test_following_prints_what_comes_late_and_ends_well_by_ctrl_c(
    account: EmbeddedAccount, environment: dict[str, str]
) -> None:
    now_ms = account.clock.now_ms()
    late = [(now_ms - 15_000 + n, now_ms + 1_500 + n, f"late {n}\n") for n in range(50) for _ in range(1 + n % 2)]
    account.logs.put_arrived("/aws/lambda/checkout", STREAM, [(now_ms - 500, now_ms, "early\n"), *late])
    command = [sys.executable, "-m", "lambdatop", "tail", "-f", "checkout", "--format", "raw", "--since", "1m"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        printed = Counter(process.stdout.readline().decode() for _ in range(76))
        assert printed == held(account)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        assert process.stdout.read() == b""
        assert "76 events printed, each once; " in process.stderr.read().decode()


def test_a_reader_that_leaves_ends_the_tail_quietly(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    account.logs.put("/aws/lambda/orders", STREAM, account.clock.now_ms() - 1_000, "the only one\n")
    command = f"set -o pipefail; {sys.executable} -m lambdatop tail -f --format raw | head -1"
    ended = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"the only one\n", b"")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "sentence"),
    [
        (("--follow", "--until", "now"), 2, "lambdatop: --follow has no end, so --until does not go with it."),
        (("--grep", "["), 2, "lambdatop: Invalid value for '--grep': '[' is no regular expression: unterminated"),
        (("--exclude", ""), 2, "lambdatop: Invalid value for '--exclude': an empty pattern says nothing."),
        (("--redact-pattern", "(?<"), 2, "lambdatop: Invalid value for '--redact-pattern': '(?<' is no regular "),
        (("--level", "loud"), 2, "lambdatop: Invalid value for '--level': 'loud' is no level; say TRACE, DEBUG, INFO"),
        (("--request", " "), 2, "lambdatop: Invalid value for '--request': ' ' is no request ID; say at least its "),
        (("nobody",), 4, "lambdatop: no function matches nobody"),
        (("--endpoint-url", "http://127.0.0.1:9"), 4, "lambdatop: AWS cannot be reached."),
    ],
)
def test_what_cannot_be_tailed_is_said_in_a_sentence(
    arguments: tuple[str, ...], exit_code: int, sentence: str, environment: dict[str, str]
) -> None:
    ended = tail(environment, *arguments)
    assert ended.returncode == exit_code
    assert ended.stderr.decode().startswith(sentence)
    assert not ended.stdout
