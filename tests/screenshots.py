"""Pictures of the screen on the embedded account: `python -m tests.screenshots`.

Runs the real program without a terminal and writes SVG files into screenshots/: the overview at 160x48 and 80x24, at
the quiet start and at the height of the incident; then the log, the errors, a request, the execution environments, and
Logs Insights with rows, a record and a chart, at 120x36 as well; at last what `lambdatop query` prints. With
AWS_ENDPOINT_URL set, that running endpoint (such as `lambdatop demo --serve`) is looked at; else an embedded account is
started and ended.
"""

import argparse
import asyncio
import contextlib
import io
import os
import pty
import shlex
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text
from textual.pilot import Pilot

from lambdatop.cli.demo_environment import isolate
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.cli.wiring import remote_engine_of
from lambdatop.demo.process import start_demo_process
from lambdatop.model.snapshot import Snapshot
from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.settings import ScreenSettings

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZES = ((160, 48), (80, 24))
PLACE_SIZES = ((160, 48), (120, 36), (80, 24))
MINUTE = ("ctrl+end", *["left"] * len("), @log"), "backspace", "backspace", "1", "m")
"""Makes a minute of the five in `by bin(5m), @log`."""
PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("logs", ("7", "p", "p", "l", "l", "up")),
    ("errors", ("4",)),
    ("error", ("enter",)),
    ("request", ("enter",)),
    ("environments", ("escape", "escape", "escape", "escape", "v")),
    ("queries", ("escape", "escape", "8")),
    ("query-rows", ("f4", *"slowest", "space", *"requests", "enter", "f5", "pause", "down", "down", "s")),
    ("query-record", ("enter",)),
    (
        "query-chart",
        ("escape", "f4", *"error", "space", *"lines", "space", *"over", "enter", *MINUTE, "f5", "pause", "c"),
    ),
)
"""Places with the keys that lead there from the one before, the first one from the overview; `pause` is no key."""
PRINTED = (
    ("query-table", ("--name", "errors by type", "--since", "15m")),
    ("query-drawn", ("stats count(*) as lines by bin(1m)", "checkout-api", "--since", "15m", "--chart")),
)
"""Runs of `lambdatop query` by the name of their picture."""
PRINTED_SIZE = (120, 30)
SINCE_MS = 900_000


def is_quiet_start(snapshot: Snapshot) -> bool:
    """Return whether every source has answered."""
    return bool(snapshot.functions) and all(
        source.state != "starting" and source.progress in {None, 1.0} for source in snapshot.sources
    )


def is_height_of_incident(snapshot: Snapshot) -> bool:
    """Return whether functions fail, calls are refused and a dead-letter queue fills."""
    is_failing = any(function.health.state == "failing" for function in snapshot.functions)
    is_throttled = snapshot.total is not None and bool(snapshot.total.throttles)
    return is_failing and is_throttled and any((queue.depth or 0) > 0 for queue in snapshot.queues)


async def take(pilot: Pilot[None], name: str, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
    """Write a picture of each size."""
    for columns, lines in sizes:
        await pilot.resize_terminal(columns, lines)
        await pilot.pause(1.2)
        path = FOLDER / f"{name}-{columns}x{lines}.svg"
        path.write_text(pilot.app.export_screenshot(title="lambdatop demo"), encoding="utf-8")
        print(path)  # noqa: T201  the program's output


async def until(app: LambdatopApp, pilot: Pilot[None], is_so: Callable[[Snapshot], bool], timeout_s: float) -> bool:
    """Wait for a moment of the story; returns whether it came."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if is_so(app.session.snapshot):
            return True
        await pilot.pause(0.5)
    return False


async def photograph(endpoint_url: str, region: str, timeout_s: float) -> None:
    """Watch the story from its start."""
    since_ms = time.time_ns() // 1_000_000 - SINCE_MS
    settings = ConnectionSettings(regions=(region,), endpoint_url=endpoint_url, since_ms=since_ms, quota_share=1.0)
    engine = remote_engine_of(settings)
    app = LambdatopApp(engine, ScreenSettings(is_demo=True, is_utc=True, regions=(region,)))
    try:
        async with app.run_test(size=SIZES[0]) as pilot:
            for name, is_so in (("quiet", is_quiet_start), ("incident", is_height_of_incident)):
                if not await until(app, pilot, is_so, timeout_s):
                    print(f"{name}: did not come within {timeout_s:.0f} s; taken as it is")  # noqa: T201  the same
                await take(pilot, name)
            for name, keys in PLACES:
                await pilot.resize_terminal(*SIZES[0])
                for key in keys:
                    if key != "pause":
                        await pilot.press(key)
                    await pilot.pause(5.0 if key == "pause" else 0.2 if len(key) == 1 else 1.0)
                await pilot.pause(4.0)
                await take(pilot, name, PLACE_SIZES)
    finally:
        engine.stop()


def print_queries() -> None:
    """Run `lambdatop query` in a terminal, and write pictures of what it prints there."""
    columns, lines = PRINTED_SIZE
    for name, arguments in PRINTED:
        command = [sys.executable, "-m", "lambdatop", "query", *arguments, "--utc"]
        printed = written_to_a_terminal(command, columns, lines)
        console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="truecolor")
        shown = " ".join(shlex.quote(word) for word in ("lambdatop", "query", *arguments))
        console.print(Text(f"$ {shown}", style="bold"))
        console.print(Text.from_ansi(printed), soft_wrap=True)
        path = FOLDER / f"{name}-{columns}.svg"
        console.save_svg(str(path), title="lambdatop query")
        print(path)  # noqa: T201  the program's output


def written_to_a_terminal(command: Sequence[str], columns: int, lines: int) -> str:
    """Return what a program writes to a terminal, without the lines that it has taken back."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (lines, columns))
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL):
        os.close(theirs)
        written = b""
        with contextlib.suppress(OSError):  # the terminal's other end is closed
            while chunk := os.read(ours, 65536):
                written += chunk
        os.close(ours)
    return written.decode().replace("\r\n", "\n")


@contextlib.contextmanager
def endpoint(scenario: str, speed: float) -> Iterator[tuple[str, str]]:
    """Yield an endpoint's address and region: the one that runs, or one of our own."""
    running = os.environ.get("AWS_ENDPOINT_URL")
    if running:
        yield running, os.environ.get("AWS_REGION", "eu-west-1")
        return
    with start_demo_process(scenario=scenario, seed=1, functions=None, speed=speed, port=0) as process:
        isolate(os.environ, process.endpoint_url, process.region)
        yield process.endpoint_url, process.region


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="canary")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--timeout", type=float, default=240.0, help="seconds to wait for each moment of the story")
    arguments = parser.parse_args()
    os.environ.setdefault("COLORTERM", "truecolor")
    FOLDER.mkdir(exist_ok=True)
    with endpoint(arguments.scenario, arguments.speed) as (endpoint_url, region):
        asyncio.run(photograph(endpoint_url, region, arguments.timeout))
        print_queries()


if __name__ == "__main__":
    main()
