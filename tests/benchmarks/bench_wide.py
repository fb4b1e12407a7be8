"""How soon the invocations of many functions are shown, and at what price: swept, and counted by Insights.

python -m tests.benchmarks.bench_wide [--functions 200 2000] [--minutes 10] [--ways sweep insights]

The embedded account's steady story in us-east-1 (25 calls of FilterLogEvents a second, of which lambdatop takes 10): a
dozen busy functions, the rest invoked now and then; forty rows on screen. Simulated time; each way reads the same
world. An invocation is shown once its function's count since the start has reached it, in order of their ends;
functions that hide their reports are left out.
"""

import argparse
import os
import time
from collections import Counter, defaultdict
from typing import NamedTuple

from lambdatop.model.reading import ReadingWish
from lambdatop.model.view import View
from tests.accounting import START_MS, Reader, Simulation
from tests.benchmarks.measured import quantile

ROWS_ON_SCREEN = 40
HISTORY_MS = 300_000
WARM_MINUTES = 6
STEP_MINUTES = 1 / 60
BUSY = 60
"""A function with so many invocations in the time looked at is told apart from those that run now and then."""


class Shown(NamedTuple):
    """An invocation that ended, and how long after that it was shown, at least."""

    function: str
    after_s: float
    is_open: bool
    """Whether it was not shown by the end."""


class Watching:
    """Notes when each invocation of a world is counted by a reader."""

    def __init__(self, simulation: Simulation, since_ms: int) -> None:
        self._simulation = simulation
        self._since_ms = since_ms
        self._taken = 0
        self._ended: defaultdict[str, list[int]] = defaultdict(list)
        self._counted: Counter[str] = Counter()
        self.shown: list[Shown] = []

    def look(self, reader: Reader) -> None:
        """Take the newest snapshot."""
        now_ms = self._simulation.clock.now_ms()
        outcomes = self._simulation.world.truth.outcomes
        for outcome in outcomes[self._taken :]:
            if outcome.reported_ms >= self._since_ms:
                self._ended[outcome.function].append(outcome.reported_ms)
        self._taken = len(outcomes)
        for row in reader.engine.latest.functions:
            if row.function.hidden_reports is not None:
                self._ended.pop(row.key.name, None)
                continue
            name, ended = row.key.name, self._ended[row.key.name]
            reached = min(row.window.invocations or 0, len(ended))
            for ended_ms in sorted(ended)[self._counted[name] : reached]:
                self.shown.append(Shown(name, max(0, now_ms - ended_ms) / 1000, is_open=False))
            self._counted[name] = max(self._counted[name], reached)

    def begin(self) -> None:
        """Leave what was shown so far out of the figures."""
        self.shown.clear()

    def end(self) -> list[Shown]:
        """Return all that was shown, and what was not by now."""
        now_ms = self._simulation.clock.now_ms()
        missing = [
            Shown(name, max(0, now_ms - ended_ms) / 1000, is_open=True)
            for name, ended in self._ended.items()
            for ended_ms in sorted(ended)[self._counted[name] :]
        ]
        return self.shown + missing


def measure(functions: int, minutes: float, way: ReadingWish) -> None:
    """Read the world in one way and print what came of it."""
    started = time.perf_counter()
    with Simulation(1, faults=(), scenario="steady", functions=functions, history_ms=HISTORY_MS) as simulation:
        (reader,) = simulation.readers
        watching = Watching(simulation, START_MS - HISTORY_MS)
        reader.engine.set_view(View(window="start", wide_logs=way))
        simulation.run(STEP_MINUTES)
        visible = tuple(row.key for row in reader.engine.latest.functions[:ROWS_ON_SCREEN])
        reader.engine.set_view(View(window="start", wide_logs=way, visible=visible))
        run(simulation, watching, reader, WARM_MINUTES)
        watching.begin()
        before = reader.engine.latest.api
        begun_ms = simulation.clock.now_ms()
        run(simulation, watching, reader, minutes)
        after = reader.engine.latest.api
        seconds = (simulation.clock.now_ms() - begun_ms) / 1000
        shown = watching.end()
        sentences = [source.reading.sentence for source in reader.engine.latest.sources if source.reading is not None]
    calls = Counter(after.calls)
    calls.subtract(before.calls)
    dollars = (after.cost_usd - before.cost_usd) * 3600 / seconds
    print(f"\n{functions} functions, {way}: ${dollars:.3f} an hour ({time.perf_counter() - started:.0f} s)")
    for sentence in sentences:
        print(f"  {sentence}")
    for name in ("logs:FilterLogEvents", "logs:StartQuery", "logs:GetQueryResults", "cloudwatch:GetMetricData"):
        print(f"  {name:28} {calls[name] / seconds:8.2f} a second")
    print_shown(shown)


def print_shown(shown: list[Shown]) -> None:
    """Print how soon invocations were shown, of busy functions and of the others."""
    times = Counter(one.function for one in shown)
    for what, is_busy in (("busy functions", True), ("now and then", False)):
        waits = [one.after_s for one in shown if (times[one.function] >= BUSY) == is_busy]
        unseen = sum(one.is_open for one in shown if (times[one.function] >= BUSY) == is_busy)
        if waits:
            middle, most = quantile(waits, 0.5), quantile(waits, 0.95)
            print(
                f"  {what:15} {len(waits):7,} invocations, shown after {middle:5.0f} s (p50) {most:5.0f} s (p95)"
                f" {max(waits):5.0f} s (max); {unseen:,} not yet"
            )


def run(simulation: Simulation, watching: Watching, reader: Reader, minutes: float) -> None:
    """Let time pass and look at every snapshot."""
    end_ms = simulation.clock.now_ms() + round(minutes * 60_000)
    while simulation.clock.now_ms() < end_ms:
        simulation.run(STEP_MINUTES)
        watching.look(reader)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--functions", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--ways", nargs="+", default=["sweep", "insights"], choices=["auto", "sweep", "insights"])
    options = parser.parse_args()
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    for functions in options.functions:
        for way in options.ways:
            measure(functions, options.minutes, way)


if __name__ == "__main__":
    main()
