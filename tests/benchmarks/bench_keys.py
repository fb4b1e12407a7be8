"""How long from a key press to its paint while 10,000 log events a second arrive, beside an empty Textual app.

    python -m tests.benchmarks.bench_keys [--presses 150]

Keys are pressed at random times, so some meet the refresh. The paint is known by the name of the row that the cursor
moves to, at the quiet end of the table, where nothing else repaints it.
"""

import argparse
import random
import sys
from collections.abc import Callable

from tests.benchmarks.measured import Row, print_rows, quantile
from tests.benchmarks.page_load import page_load
from tests.benchmarks.terminal_bench import TerminalProgram

FUNCTIONS = 100
LINE_BYTES_PER_SECOND = 125_000
"""A line of 1 Mbit/s."""


def latencies_ms(program: TerminalProgram, presses: int, key: Callable[[int], tuple[str, bytes]]) -> list[float]:
    """Press keys at random times; `key` gives each press its key and the marker of its paint."""
    random_ = random.Random(3)
    found = []
    for number in range(presses):
        program.read_for(random_.uniform(0.04, 0.16))
        pressed, marker = key(number)
        began = program.press(pressed)
        painted = program.read_until(marker, 3)
        found.append((painted - began) * 1000 if painted is not None else 3000.0)
    return found


def minimal_latencies_ms(presses: int, bytes_per_second: int | None) -> list[float]:
    """An empty Textual app's."""
    command = [sys.executable, "-m", "tests.benchmarks.minimal_app"]
    with TerminalProgram(command, bytes_per_second=bytes_per_second) as program:
        program.read_until_shown("MINIMAL")
        program.read_for(0.5)
        return latencies_ms(program, presses, lambda number: ("x", b"K%05d" % (number + 1)))


def lambdatop_latencies_ms(presses: int, bytes_per_second: int | None) -> tuple[list[float], float]:
    """lambdatop's, and the events a second that arrived meanwhile."""
    names = [f"function-{number:04d}".encode() for number in (FUNCTIONS - 2, FUNCTIONS - 1)]
    with (
        page_load("--functions", str(FUNCTIONS), "--active", "10", "--events-per-page", "1000") as load,
        load.program(bytes_per_second=bytes_per_second) as program,
    ):  # fmt: skip
        program.read_for(12)
        program.press("G")
        if program.read_until(names[1], 3) is None:
            raise SystemExit(f"the last row is not the last function:\n{program.screen()}")
        before, began = load.served().events, program.record[-1][0]
        found = latencies_ms(program, presses, lambda number: ("kj"[number % 2], names[number % 2]))
        return found, (load.served().events - before) / (program.record[-1][0] - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=150)
    presses = parser.parse_args().presses
    for title, speed in (("", None), (", on a line of 1 Mbit/s", LINE_BYTES_PER_SECOND)):
        minimal = minimal_latencies_ms(presses, speed)
        ours, events_per_s = lambdatop_latencies_ms(presses, speed)
        print_rows(
            f"Key to paint at 200x50{title}, {events_per_s:.0f} events/s (yardstick: an empty Textual app)",
            [
                Row("p50", quantile(ours, 0.5), "ms", quantile(minimal, 0.5), 2.5),
                Row("p99", quantile(ours, 0.99), "ms", None, 50),
                Row("max", max(ours), "ms"),
                Row("p99, beside the empty app", quantile(ours, 0.99), "ms", quantile(minimal, 0.99)),
            ],
        )


if __name__ == "__main__":
    main()
