"""Resident memory with 2,000 functions of which 200 are active: the store alone, and the whole program.

python -m tests.benchmarks.bench_memory [--events 1000000 4000000] [--seconds 60]
"""

import argparse
import json
import subprocess
import sys
import time

from tests.benchmarks.measured import Row, print_rows
from tests.benchmarks.page_load import page_load

FUNCTIONS, ACTIVE = 2_000, 200
_PAGE_EVENTS = 1_000
_STORE_ALONE = """
import json, os, sys
import msgspec
from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import ApiUsage
from lambdatop.model.view import View
from lambdatop.store.store import Store
from tests.benchmarks.log_pages import LogPage

class Page(msgspec.Struct):
    events: list[LogEvent]

def resident_mb():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

functions, active, page_events, checkpoints = json.loads(sys.argv[1])
decoder = msgspec.json.Decoder(Page)
page = LogPage(page_events)
scope = Scope("123456789012", "us-east-1")
catalogue = tuple(
    LambdaFunction(key=FunctionKey(*scope, name), memory_size_mb=512, log_group=f"/aws/lambda/{name}")
    for name in (f"function-{number:04d}" for number in range(functions))
)
before = resident_mb()
first_ms = 1_795_000_000_000
store = Store(first_ms)
store.apply(FunctionsDelivered(scope=scope, functions=catalogue), first_ms)
events, serial, found = 0, 0, []
for checkpoint in checkpoints:
    while events < checkpoint:
        second = first_ms // 1000 + serial // active
        now_ms = (second + 1) * 1000
        delivered = decoder.decode(page.stamped(serial, second)).events
        store.apply(LogEventsDelivered(
            scope=scope, log_group=catalogue[serial % active].log_group, events=delivered, depth="full",
            swept_to_ms=now_ms), now_ms)
        serial += 1
        events += len(delivered)
        if serial % active == 0:
            store.snapshot(now_ms, View(), (), ApiUsage(), None)
    found.append(resident_mb() - before)
print(json.dumps(found))
"""


def store_alone_mb(checkpoints: list[int]) -> list[float]:
    """What the store adds to the process after so many events, each active function writing 1,000 a second."""
    arguments = json.dumps([FUNCTIONS, ACTIVE, _PAGE_EVENTS, checkpoints])
    done = subprocess.run(
        [sys.executable, "-c", _STORE_ALONE, arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    found: list[float] = json.loads(done.stdout)
    return found


def whole_program(seconds: float) -> tuple[list[tuple[float, int]], float]:
    """The whole program's megabytes and events read, four times over the seconds; and its megabytes at the start."""
    found = []
    pages = ("--functions", str(FUNCTIONS), "--active", str(ACTIVE), "--events-per-page", str(_PAGE_EVENTS))
    with page_load(*pages) as load, load.program() as program:
        program.read_for(1.0)
        started_mb = program.rss_mb()
        for _ in range(4):
            end = time.perf_counter() + seconds / 4
            program.read_for(end - time.perf_counter())
            found.append((program.rss_mb(), load.served().events))
    return found, started_mb


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[500_000, 1_000_000, 2_000_000, 4_000_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    rows = [
        Row(f"store alone, {events:,} events", megabytes, "MB")
        for events, megabytes in zip(arguments.events, store_alone_mb(arguments.events), strict=True)
    ]
    measured, started_mb = whole_program(arguments.seconds)
    rows.append(Row("whole program, screen open", started_mb, "MB"))
    rows.extend(Row(f"whole program, {events:,} events", megabytes, "MB") for megabytes, events in measured)
    print_rows(f"Resident memory with {FUNCTIONS} functions, {ACTIVE} of them active", rows)


if __name__ == "__main__":
    main()
