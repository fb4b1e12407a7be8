"""How long until something is seen, beside the least that Python and Textual need.

python -m tests.benchmarks.bench_start [--runs 7]
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.measured import Row, median, print_rows
from tests.benchmarks.terminal_bench import HARNESS_CPU, PROGRAM_CPU, TerminalProgram

LAMBDATOP = [sys.executable, "-m", "lambdatop"]
_ROW_WITH_NUMBERS = re.compile(r"[a-z]+-[a-z]+.*\d+\.\d+")


def first_paint_ms(command: Sequence[str], marker: str, runs: int) -> float:
    """The median time from the start of the process to a screen that shows the marker."""
    times = []
    for _ in range(runs):
        with TerminalProgram(command) as program:
            shown_s = program.read_until_shown(marker, 20)
        if shown_s is None:
            raise SystemExit(f"{' '.join(command)} never showed {marker!r}")
        times.append(shown_s * 1000)
    return median(times)


def first_rows_ms(command: Sequence[str], runs: int) -> float:
    """The median time to a screen with three rows of functions that have numbers."""
    times = []
    for _ in range(runs):
        with TerminalProgram(command, 160, 48) as program:
            while program.is_open and time.perf_counter() - program.started < 30:
                program.read_for(0.05)
                if len(_ROW_WITH_NUMBERS.findall(program.screen())) >= 3:
                    break
            times.append((program.record[-1][0] - program.started) * 1000)
    return median(times)


def process_ms(command: Sequence[str], runs: int) -> float:
    """The median time of a whole process without a terminal."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {PROGRAM_CPU}),
        )
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    os.sched_setaffinity(0, {HARNESS_CPU})
    python = [sys.executable]
    minimal = first_paint_ms([*python, "-m", "tests.benchmarks.minimal_app"], "MINIMAL", runs)
    app = [*python, "-m", "tests.benchmarks.scripted_app", "--functions", "1000", "--first-after", "0.6"]
    nothing = process_ms([*python, "-c", "pass"], runs * 2)
    print_rows(
        "Start (medians; yardsticks: a minimal Textual app, python -c pass)",
        [
            Row("first paint", first_paint_ms(app, "lambdatop", runs), "ms", minimal, 1.3),
            Row("demo: first rows with numbers", first_rows_ms([*LAMBDATOP, "demo"], max(3, runs // 2)), "ms"),
            Row("lambdatop --help", process_ms([*LAMBDATOP, "--help"], runs * 2), "ms", nothing),
            Row(
                "import lambdatop.cli.main",
                process_ms([*python, "-c", "import lambdatop.cli.main"], runs * 2),
                "ms",
                nothing,
            ),
        ],
    )


if __name__ == "__main__":
    main()
