"""`lambdatop query` as a process against the embedded account."""

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from tests.demo.clients import client

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
COUNT = "stats count(*) as n, sum(@duration) as ms by @log | sort @log"


def report(number: int) -> str:
    return (
        f"REPORT RequestId: 1f2e3d4c-0000-4000-8000-{number:012}\tDuration: {number}.00 ms\t"
        f"Billed Duration: {number} ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t"
    )


@pytest.fixture
def account() -> EmbeddedAccount:
    account = EmbeddedAccount(Clock(speed=20))
    now_ms = account.clock.now_ms()
    for name, count in (("checkout", 30), ("orders", 10)):
        account.functions.put({"FunctionName": name})
        account.logs.put_arrived(
            f"/aws/lambda/{name}",
            "stream",
            [(now_ms - 60_000 + at, now_ms - 50_000, report(at)) for at in range(count)],
        )
    parameter = {"name": "ms", "defaultValue": "25"}
    account.query_definitions.put(
        {
            "name": "team/slow",
            "queryString": "filter @duration > {{ms}} | stats count(*) as n",
            "parameters": [parameter],
        }
    )
    return account


@pytest.fixture
def environment(account: EmbeddedAccount, tmp_path: Path) -> Iterator[dict[str, str]]:
    endpoint = EmbeddedEndpoint(account, throttle=False)
    endpoint.start()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDATOP_"))}
    yield kept | endpoint.environment() | {
        "PYTHONPATH": str(ROOT), "AWS_CONFIG_FILE": os.devnull, "TZ": "UTC", "XDG_CONFIG_HOME": str(tmp_path),
    }  # fmt: skip
    endpoint.stop()


def query(environment: dict[str, str], *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lambdatop", "query", *arguments]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, timeout=PATIENCE_S, check=False, text=True
    )


def scanned(account: EmbeddedAccount) -> int:
    names = ("/aws/lambda/checkout", "/aws/lambda/orders")
    return sum(len(event.message) + 26 for name in names for event in account.logs.arrived(name))


def test_rows_go_to_stdout_and_what_they_cost_to_stderr(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    ended = query(environment, COUNT, "--since", "1h", "--format", "json")
    assert (ended.returncode, json.loads(ended.stdout)) == (
        0,
        [
            {"@log": "123456789012:/aws/lambda/checkout", "n": "30", "ms": "435"},
            {"@log": "123456789012:/aws/lambda/orders", "n": "10", "ms": "45"},
        ],
    )
    assert "Complete" in ended.stderr
    assert f"{scanned(account) / 1000:.1f} kB scanned" in ended.stderr


def test_functions_log_groups_and_prefixes_choose_what_is_read(environment: dict[str, str]) -> None:
    def groups(*arguments: str) -> list[str]:
        ended = query(environment, COUNT, *arguments, "--since", "1h", "--format", "csv")
        assert ended.returncode == 0, ended.stderr
        return [row["@log"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(ended.stdout))]

    assert groups("che*") == ["checkout"]
    assert groups("--log-group", "/aws/lambda/orders") == ["orders"]
    assert groups("--log-group-prefix", "/aws/lambda/") == ["checkout", "orders"]
    assert groups("--log-group-prefix", "/nothing") == []


def test_a_query_comes_from_a_file_from_standard_input_or_by_its_name(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "q.txt").write_text("# all\nstats count(*) as n")
    for arguments, stdin, count in (
        (("--file", str(tmp_path / "q.txt"), "checkout"), "", "30"),
        (("-", "orders"), "stats count(*) as n", "10"),
        (("--name", "team/slow"), "", "4"),
        (("--name", "Team/Slow", "--parameter", "ms=5"), "", "28"),
    ):
        ended = query(environment, *arguments, "--since", "1h", "--format", "jsonl", stdin=stdin)
        assert [json.loads(line) for line in ended.stdout.splitlines()] == [{"n": count}], ended.stderr


def test_secrets_are_taken_out_where_that_is_asked_for(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    account.logs.put("/aws/lambda/orders", "stream", account.clock.now_ms() - 1_000, "password=hunter2 card=visa")
    text = "fields @message | filter @message like 'password' | limit 1"
    for query_format, arguments, found in (
        ("json", (), {"hunter2", "visa"}),
        ("table", ("--redact",), {"visa"}),
        ("csv", ("--redact-pattern", "visa"), set()),
    ):
        printed = query(environment, text, "--since", "1h", "--format", query_format, *arguments).stdout
        assert {word for word in ("hunter2", "visa") if word in printed} == found, printed
        assert "card" in printed


def test_tables_and_charts_are_drawn(environment: dict[str, str]) -> None:
    table = query(environment, COUNT, "--since", "1h").stdout.splitlines()
    assert [line.split() for line in table if "orders" in line] == [["123456789012:/aws/lambda/orders", "10", "45"]]
    chart = query(environment, "stats count(*) as n by bin(1m)", "--since", "1h", "--chart", "--utc")
    assert chart.returncode == 0
    assert len(chart.stdout.splitlines()) > 5


def test_a_mistake_in_the_query_is_shown_at_its_place(environment: dict[str, str]) -> None:
    ended = query(environment, "fields @message | filter @message lke 'x'")
    assert (ended.returncode, ended.stdout) == (4, "")
    lines = ended.stderr.splitlines()
    at = next(index for index, line in enumerate(lines) if "lke" in line and "fields" in line)
    assert lines[at + 1].index("^") == lines[at].index("lke")


def test_what_would_scan_too_much_is_refused_before_it_starts(
    account: EmbeddedAccount, environment: dict[str, str]
) -> None:
    estimate = query(environment, COUNT, "--estimate", "--since", "1h")
    assert (estimate.returncode, estimate.stdout) == (
        0,
        f"would scan about {scanned(account) / 1000:.1f} kB, <$0.001\n",
    )
    refused = query(environment, COUNT, "--since", "1h", "--max-gb", "0.000001")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--max-gb allows 1e-06" in refused.stderr
    told = query(environment, COUNT, "--since", "1h", "--estimate", "--max-gb", "0.000001", "--format", "json")
    assert (told.returncode, json.loads(told.stdout)) == (
        1,
        [{"estimated_bytes": str(scanned(account)), "cost_usd": f"{scanned(account) * 5e-12:.6f}"}],
    )
    assert query(environment, COUNT, "--since", "1h", "--max-gb", "1").returncode == 0
    started = [
        one["queryString"] for one in client("logs", environment["AWS_ENDPOINT_URL"]).describe_queries()["queries"]
    ]
    assert started.count(COUNT) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_query_is_stopped_at_aws(
    account: EmbeddedAccount, environment: dict[str, str], number: signal.Signals
) -> None:
    account.clock.speed = 0  # so that it stays scheduled
    command = [sys.executable, "-m", "lambdatop", "query", COUNT, "--since", "1h"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        logs = client("logs", environment["AWS_ENDPOINT_URL"])
        deadline = time.monotonic() + PATIENCE_S
        while not (told := logs.describe_queries()["queries"]) and time.monotonic() < deadline:
            assert process.poll() is None
        process.send_signal(number)
        assert process.communicate(timeout=PATIENCE_S)[0] == b""
        assert process.returncode == (130 if number == signal.SIGINT else 128 + number)
    assert [one["status"] for one in told] == ["Scheduled"]
    assert [one["status"] for one in logs.describe_queries()["queries"]] == ["Cancelled"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Which query?"),
        (("limit 1", "--chart", "--format", "csv"), "--chart"),
        (("limit 1", "--region", "eu-west-1", "--region", "eu-west-2"), "one account and region"),
        (("--name", "nonsense"), "no query is named nonsense"),
        (("limit 1", "--parameter", "x=1"), "has no parameter x"),
        (("limit 1", "--since", "nonsense"), "is no time"),
        (("limit 1", "--max-gb", "nan"), "nan is no amount"),
        (("limit 1", "--log-group", ""), "--log-group is empty"),
        (("limit 1", "--estimate", "--chart"), "--chart"),
    ],
)
def test_bad_usage_is_one_sentence(environment: dict[str, str], arguments: tuple[str, ...], sentence: str) -> None:
    ended = query(environment, *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_log_group_that_does_not_exist_is_named_with_what_helps(environment: dict[str, str]) -> None:
    ended = query(environment, COUNT, "/aws/lambda/nowhere")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "A log group of the query does not exist" in ended.stderr
    assert "in this region" in ended.stderr


def test_events_of_the_last_second_are_counted(account: EmbeddedAccount, environment: dict[str, str]) -> None:
    end_s = account.clock.now_ms() // 1000 - 30
    account.logs.put_arrived(
        "/aws/lambda/orders", "late", [(end_s * 1000 + at, end_s * 1000, "x") for at in (-1000, -1, 0)]
    )
    arguments = ("orders", "--since", str(end_s - 1), "--until", str(end_s), "--format", "csv")
    assert query(environment, "filter @logStream = 'late' | stats count(*) as n", *arguments).stdout == "n\n3\n"


def test_nothing_is_asked_where_there_is_nowhere_to_write_to(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m lambdatop query '{COUNT}' >&-"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, timeout=PATIENCE_S, check=False, text=True
    )
    assert ended.returncode == 2
    assert "stdout is closed" in ended.stderr
    assert client("logs", environment["AWS_ENDPOINT_URL"]).describe_queries()["queries"] == []


def test_the_names_of_ready_and_own_queries_are_listed(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "lambdatop"
    folder.mkdir()
    (folder / "queries.toml").write_text('[[query]]\nname = "mine"\ntext = "stats count(*) as n"\n')
    listed = query(environment, "--list")
    assert listed.returncode == 0
    assert {"mine", "slowest requests"} <= {line.strip().split("  ")[0] for line in listed.stdout.splitlines()}
    assert json.loads(query(environment, "--name", "mine", "--format", "json", "--since", "1h").stdout) == [{"n": "40"}]


def test_progress_is_one_line_on_a_terminal_that_goes_when_the_rows_come(environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lambdatop", "query", COUNT, "--since", "1h", "--format", "csv"]
    with subprocess.Popen(
        command, env={**environment, "TERM": "xterm-256color"}, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the terminal's other end is closed
                break
            shown += chunk
        os.close(ours)
        rows = process.stdout.read() if process.stdout else b""
        assert process.wait(PATIENCE_S) == 0
    assert rows.startswith(b"@log,n,ms")
    assert b"\x1b[2K" in shown
    assert b"Complete" in shown.rsplit(b"\x1b[2K", 1)[1]
