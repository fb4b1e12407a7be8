"""What an hour of the default screen asks of AWS and costs, from calls counted in a simulated hour.

python -m tests.benchmarks.bench_cost [--functions 10 200 2000] [--minutes 60]

The account's steady story in us-east-1: a dozen busy functions, the rest invoked now and then; forty rows on screen.
"""

import argparse
import os
import time
from collections import Counter

from lambdatop.model.view import View
from tests.accounting import Simulation

ROWS_ON_SCREEN = 40


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--functions", type=int, nargs="+", default=[10, 200, 2000])
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    for functions in options.functions:
        started = time.perf_counter()
        with Simulation(1, faults=(), scenario="steady", functions=functions) as simulation:
            (reader,) = simulation.readers
            simulation.run(1)
            visible = tuple(row.key for row in reader.engine.latest.functions[:ROWS_ON_SCREEN])
            reader.engine.set_view(View(visible=visible))
            before = reader.engine.latest.api
            simulation.run(options.minutes)
            after = reader.engine.latest.api
        hours = options.minutes / 60
        calls = Counter(after.calls)
        calls.subtract(before.calls)
        dollars = (after.cost_usd - before.cost_usd) / hours
        print(f"\n{functions} functions: ${dollars:.3f} an hour ({time.perf_counter() - started:.0f} s)")
        for name, count in calls.most_common():
            if count:
                print(f"  {name:45} {count / hours:10,.0f} an hour  {count / hours / 3600:6.2f} a second")


if __name__ == "__main__":
    main()
