"""What the screen costs while one watches: CPU and bytes to the terminal, idle and busy, beside htop and btop.

    python -m tests.benchmarks.bench_screen [--seconds 20]

1,000 functions, of which a tenth change every second; htop and btop watch 1,000 extra processes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.benchmarks.measured import Row, print_rows
from tests.benchmarks.terminal_bench import PROGRAM_CPU, TerminalProgram

SIZES = ((200, 50), (80, 24))
_SETTLE_S = 4.0


@contextmanager
def extra_processes(count: int) -> Iterator[None]:
    """Keep that many sleeping processes."""
    processes = [subprocess.Popen(["sleep", "3600"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def watched(command: Sequence[str], columns: int, lines: int, seconds: float) -> tuple[float, float]:
    """Return the program's CPU in percent of a core and its bytes a second, once it has settled."""
    with TerminalProgram(command, columns, lines) as program:
        program.read_for(_SETTLE_S)
        cpu_s, began, sent = program.cpu_s(), time.perf_counter(), len(program.sent())
        program.read_for(seconds)
        elapsed_s = time.perf_counter() - began
        if not program.is_open:
            raise SystemExit(f"{' '.join(command)} ended:\n{program.screen()}")
        return (program.cpu_s() - cpu_s) / elapsed_s * 100, (len(program.sent()) - sent) / elapsed_s


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--functions", type=int, default=1000)
    arguments = parser.parse_args()
    app = [sys.executable, "-m", "tests.benchmarks.scripted_app", "--functions", str(arguments.functions), "--changing"]
    for columns, lines in SIZES:
        idle_cpu, idle_bytes = watched([*app, "0"], columns, lines, arguments.seconds)
        busy_cpu, busy_bytes = watched([*app, "0.1"], columns, lines, arguments.seconds)
        peers: dict[str, tuple[float, float]] = {}
        with extra_processes(1000):
            for name, command in {"htop": ["htop", "-d", "10"], "btop": ["btop", "--utf-force"]}.items():
                if shutil.which(name):
                    peers[name] = watched(command, columns, lines, arguments.seconds)
        htop_cpu = peers.get("htop", (None, None))[0]
        rows = [
            Row("bytes idle", idle_bytes, "B/s", None, 100),
            Row("bytes busy", busy_bytes, "B/s", None, 6000),
            Row("CPU idle, beside htop", idle_cpu, "%", htop_cpu),
            Row("CPU busy, beside htop", busy_cpu, "%", htop_cpu, 0.6),
        ]
        if "btop" in peers:
            aim = 0.6 if columns == 200 else 1.5
            rows.append(Row("bytes busy, beside btop", busy_bytes, "B/s", peers["btop"][1], aim))
            rows.append(Row("CPU busy, beside btop", busy_cpu, "%", peers["btop"][0]))
        if "htop" in peers:
            rows.append(Row("bytes busy, beside htop", busy_bytes, "B/s", peers["htop"][1]))
        print_rows(f"Screen at {columns}x{lines}, {arguments.functions} functions", rows)


if __name__ == "__main__":
    os.sched_setaffinity(0, {PROGRAM_CPU - 1})
    main()
