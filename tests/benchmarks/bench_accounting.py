"""Accounting over a million events: worlds under every fault in simulated time, beside what really happened.

python -m tests.benchmarks.bench_accounting [--seeds 1 2 3 4 5] [--minutes 20] [--traffic 2]

Each run has an API that throttles for one minute, credentials gone for five, the network cut for two, and the program
stopped for three; late and twin events, empty and repeated pages, 5xx, resets and cut answers throughout.
"""

import argparse
import os
import time

from lambdatop.sources.api_budget import TokenBucket, quota_per_s
from tests.accounting import LONG_STORM, SETTLE_MINUTES, Simulation, Verdict, tail_status

STOPPED_MINUTES = 3
HEADINGS = ("seed", "emitted", "wanted", "late", "lost", "repeated", "foreign", "differences", "simulated", "took")


def run(seed: int, minutes: float, traffic: float) -> Verdict:
    """Let one world pass and print its line."""
    started = time.perf_counter()
    with Simulation(seed, LONG_STORM, traffic=traffic) as simulation:
        simulation.run(minutes - STOPPED_MINUTES - 1)
        simulation.suspend(STOPPED_MINUTES)
        simulation.run(1)
        (verdict,) = simulation.judge()
        cells = (seed, verdict.emitted, verdict.wanted, verdict.late, verdict.lost, verdict.repeated, verdict.foreign,
                 len(verdict.differences), f"{minutes + SETTLE_MINUTES:g} min",
                 f"{time.perf_counter() - started:.0f} s")  # fmt: skip
        print("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells) + " |", flush=True)
        for difference in verdict.differences[:10]:
            print("   ", difference)
        print_ledger_and_calls(simulation)
    return verdict


def print_ledger_and_calls(simulation: Simulation) -> None:
    """Print the tail's accounts, and each API's busiest second beside its bucket."""
    (reader,) = simulation.readers
    print("   ", tail_status(reader.engine.latest).ledger)
    for name, calls in sorted(reader.peak_calls_per_s().items()):
        service, operation = name.split(":")
        quota = quota_per_s(service, operation, simulation.account.region)[1]
        most = quota * TokenBucket.PEAK_SHARE
        print(f"    {name}: at most {calls} in a second; bucket {most:g}, quota {quota:g}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--traffic", type=float, default=2)
    options = parser.parse_args()
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    print("| " + " | ".join(HEADINGS) + " |", flush=True)
    verdicts = [run(seed, options.minutes, options.traffic) for seed in options.seeds]
    emitted, late = sum(verdict.emitted for verdict in verdicts), sum(verdict.late for verdict in verdicts)
    outcome = "exact in every run" if all(verdict.is_exact for verdict in verdicts) else "NOT exact"
    print(f"{emitted:,} events, {late:,} of them late: {outcome}")


if __name__ == "__main__":
    main()
