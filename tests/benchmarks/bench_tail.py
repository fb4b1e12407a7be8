"""What tails deliver of the same events, in the same run, against the same endpoint.

    python -m tests.benchmarks.bench_tail [--seconds 120] [--calm] [--seed 1] [--attempts 10]

Numbered lines are written into three log groups of an embedded account: most are ingested within 0.2 to 5 s, one in
fifty up to two minutes late, some in bursts of one millisecond, some twice. Unless it is calm, AWS throttles for 20 s
and the network is cut for 15 s. Each tool follows the groups from before the first line until 150 s after the last.

Needs awslogs (the `peers` extra) and AWS CLI 2, the first that has `logs tail`; a tool that is not there is left out.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from tests.benchmarks.emitted_lines import Emitter, serials

FUNCTIONS = ("checkout", "orders", "payments")
LOG_GROUPS = tuple(f"/aws/lambda/{name}" for name in FUNCTIONS)
STARTING_S = 10.0
SETTLING_S = 150.0
THROTTLE_S, OUTAGE_S = 20, 15


class Tail:
    """One process that tails, its output in files."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path, name: str) -> None:
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        self._began_s = time.monotonic()
        self.ended_after_s: float | None = None
        """When it ended by itself."""
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(command, env=environment, stdout=out, stderr=err)

    def look(self) -> None:
        """Note whether it has ended."""
        if self.ended_after_s is None and self._process.poll() is not None:
            self.ended_after_s = time.monotonic() - self._began_s

    def stop(self) -> None:
        """End it as ctrl+c does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def printed(self) -> Counter[int]:
        """Return how often it printed each number."""
        with self._out.open(encoding="utf-8", errors="replace") as out:
            return serials(out)

    def last_words(self) -> str:
        """Return the last line of what it said on stderr."""
        said = self._err.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return said[-1] if said else ""


class Count(NamedTuple):
    """What a tool made of the lines."""

    once: int
    lost: int
    lost_late: int
    repeated: int


def count(emitter: Emitter, printed: Counter[int]) -> Count:
    """Hold what was printed against what was written, twins by their number."""
    lost = emitter.emitted - printed
    return Count(
        once=sum((emitter.emitted & printed).values()),
        lost=sum(lost.values()),
        lost_late=sum(times for serial, times in lost.items() if serial in emitter.late),
        repeated=sum((printed - emitter.emitted).values()),
    )


def aws_cli_2() -> str | None:
    """Return the first `aws` on the path that has `logs tail`."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        command = shutil.which("aws", path=folder)
        if command is not None:
            said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
            if said.stdout.startswith("aws-cli/2"):
                return command
    return None


def commands(url: str) -> dict[str, list[list[str]]]:
    """Return each tool's commands: one for all groups, or one a group where it takes but one."""
    found = {
        "lambdatop tail --follow": [
            [sys.executable, "-m", "lambdatop", "tail", *FUNCTIONS, "--follow", "--format", "raw", "--since", "1m"]
        ]
    }
    if (aws := aws_cli_2()) is not None:
        arguments = ["--follow", "--since", "1m", "--format", "short"]
        found["aws logs tail --follow"] = [
            [aws, "--endpoint-url", url, "logs", "tail", group, *arguments] for group in LOG_GROUPS
        ]
    beside = Path(sys.executable).with_name("awslogs")
    if (awslogs := str(beside) if beside.exists() else shutil.which("awslogs")) is not None:
        options = ["--watch", "--no-group", "--no-stream", "--aws-endpoint-url", url]
        found["awslogs get --watch"] = [[awslogs, "get", group, "ALL", *options] for group in LOG_GROUPS]
    return found


def faults(seconds: float) -> list[str]:
    """Return the bad weather of a run: a throttle after a quarter of it, an outage after three fifths."""
    throttled_s, cut_s = STARTING_S + seconds / 4, STARTING_S + seconds * 3 / 5
    return [
        f"throttle=logs:FilterLogEvents@{throttled_s:.0f}s+{THROTTLE_S}s",
        f"outage@{cut_s:.0f}s+{OUTAGE_S}s",
        "empty-pages=10%",
    ]


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Let all tools follow what is written, and print what they made of it."""
    account = EmbeddedAccount(Clock())
    for name in FUNCTIONS:
        account.functions.put({"FunctionName": name})
        account.logs.create_group(f"/aws/lambda/{name}")
    weather = [] if arguments.calm else faults(arguments.seconds)
    endpoint = EmbeddedEndpoint(account, faults=weather, seed=arguments.seed)
    endpoint.start()
    environment = os.environ | endpoint.environment() | {
        "AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": str(arguments.attempts), "PYTHONWARNINGS": "ignore",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    tails = {
        tool: [Tail(command, environment, folder, f"{tool.split()[0]}-{i}") for i, command in enumerate(each)]
        for tool, each in commands(endpoint.url).items()
    }
    emitter = Emitter(account, LOG_GROUPS, arguments.rate, arguments.seed)
    stop = threading.Event()
    time.sleep(STARTING_S)
    writing = threading.Thread(target=emitter.run, args=(arguments.seconds, stop), daemon=True)
    writing.start()
    until_s = time.monotonic() + arguments.seconds + SETTLING_S
    while time.monotonic() < until_s:
        time.sleep(0.5)
        for tail in (tail for each in tails.values() for tail in each):
            tail.look()
    for tail in (tail for each in tails.values() for tail in each):
        tail.stop()
    endpoint.stop()
    print_table(arguments, emitter, tails, weather)


def print_table(
    arguments: argparse.Namespace, emitter: Emitter, tails: Mapping[str, Sequence[Tail]], weather: Sequence[str]
) -> None:
    """Print a Markdown table, and why a tool ended where it did."""
    twins = sum(copies - 1 for copies in emitter.emitted.values())
    print(f"\nseed {arguments.seed}, {arguments.seconds:.0f} s, {len(LOG_GROUPS)} log groups, AWS_MAX_ATTEMPTS="
          f"{arguments.attempts}; {'calm' if arguments.calm else ', '.join(weather)}")  # fmt: skip
    print(f"{emitter.emitted.total():,} events emitted, {twins:,} of them twins, {len(emitter.late):,} lines late\n")
    print("| | emitted | delivered once | lost | of these late | repeated |\n|---|---|---|---|---|---|")
    notes = []
    for tool, each in tails.items():
        printed: Counter[int] = sum((tail.printed() for tail in each), Counter())
        told = count(emitter, printed)
        print(f"| `{tool}` | {emitter.emitted.total():,} | {told.once:,} | {told.lost:,} | {told.lost_late:,} "
              f"| {told.repeated:,} |")  # fmt: skip
        notes += [
            f"{tool}: ended by itself after {tail.ended_after_s:.0f} s: {tail.last_words()}"
            for tail in each
            if tail.ended_after_s is not None
        ]
    notes.append(f"lambdatop's own accounts: {next(iter(tails.values()))[0].last_words()}")
    print("", *notes, sep="\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120, help="how long lines are written")
    parser.add_argument("--rate", type=float, default=100, help="lines a second in each log group")
    parser.add_argument("--calm", action="store_true", help="no throttle, no outage, no faults of pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attempts", type=int, default=10, help="AWS_MAX_ATTEMPTS of the other tools; 3 is AWS's own")
    parser.add_argument("--keep", type=Path, help="a folder to keep the tools' output in")
    arguments = parser.parse_args()
    if arguments.keep is not None:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        run(arguments, arguments.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(arguments, Path(folder))


if __name__ == "__main__":
    main()
