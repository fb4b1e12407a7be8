"""How late the screen's own loop is while full pages arrive as fast as any account's quota allows.

python -m tests.benchmarks.bench_loop_lag [--seconds 20]
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.benchmarks.log_pages import FULL_PAGE_EVENTS
from tests.benchmarks.measured import Row, print_rows, quantile
from tests.benchmarks.page_load import page_load

_SETTLE_S = 12.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pages-per-second", type=int, default=25)
    parser.add_argument("--functions", type=int, default=25)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        page_load("--functions", str(arguments.functions), "--active", str(arguments.pages_per_second)) as load,
    ):  # fmt: skip
        lags = Path(folder) / "lags.json"
        with load.program("--lags", str(lags), "--settle", str(_SETTLE_S)) as program:
            program.read_for(_SETTLE_S)
            before, cpu_s, began = load.served(), program.cpu_s(), time.perf_counter()
            program.read_for(arguments.seconds)
            elapsed_s = time.perf_counter() - began
            after, cpu_s = load.served(), program.cpu_s() - cpu_s
            screen = program.screen()
            program.press("q")
            if program.wait(10) != 0:
                raise SystemExit(f"it did not end well:\n{screen}")
        lags_ms = json.loads(lags.read_text())
    pages_per_s = (after.pages - before.pages) / elapsed_s
    print_rows(
        f"Screen's loop lag under full pages of {FULL_PAGE_EVENTS} events, 200x50",
        [
            Row("pages", pages_per_s, "/s"),
            Row("events", (after.events - before.events) / elapsed_s, "/s"),
            Row("CPU of the program", cpu_s / elapsed_s * 100, "%"),
            Row("lag p50", quantile(lags_ms, 0.5), "ms"),
            Row("lag p99", quantile(lags_ms, 0.99), "ms", None, 10),
            Row("lag max", max(lags_ms), "ms", None, 25),
        ],
        note=""
        if pages_per_s >= arguments.pages_per_second * 0.9
        else "the program took fewer pages than were offered",
    )


if __name__ == "__main__":
    main()
