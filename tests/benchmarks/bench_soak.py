"""Resident memory over an hour of the demo told ten times as fast: screen, engine and embedded account apart.

python -m tests.benchmarks.bench_soak [--minutes 60] [--speed 10] [--functions 200]
"""

import argparse
import sys
import time
from pathlib import Path

from tests.benchmarks.measured import Row, print_rows
from tests.benchmarks.terminal_bench import TerminalProgram

MARKS = {"lambdatop.engine.child": "engine", "lambdatop.demo": "embedded account"}


def resident_mb(pid: int) -> float:
    """Return a process's resident memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1e3


def roles(root: int) -> dict[str, int]:
    """Return the screen's process and its children by what they do."""
    found = {"screen": root}
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdecimal() or int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) != root:
                continue
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        found |= {role: int(entry.name) for module, role in MARKS.items() if module in words}
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--speed", type=float, default=10)
    parser.add_argument("--functions", type=int, default=200)
    options = parser.parse_args()
    command = [sys.executable, "-m", "lambdatop", "demo", "--speed", str(options.speed)]
    command += ["--functions", str(options.functions)]
    marks = [minutes for minutes in (1, 5, 15, 30, 45, 60) if minutes <= options.minutes] or [options.minutes]
    rows: list[Row] = []
    with TerminalProgram(command, 160, 48, is_pinned=False) as program:
        for minutes in marks:
            program.read_for(max(0.0, program.started + minutes * 60 - time.perf_counter()))
            for role, pid in sorted(roles(program.pid).items()):
                rows.append(Row(f"{role} after {minutes:g} min", resident_mb(pid), "MB"))
                print(f"{rows[-1].name}: {rows[-1].value:.0f} MB", flush=True)
        print(program.screen())
    print_rows(f"resident memory, {options.functions} functions, at {options.speed:g} times the speed", rows)


if __name__ == "__main__":
    main()
