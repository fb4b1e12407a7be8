"""`lambdatop report` against moto's server, beside a bare boto3 pagination of the same events in the same run.

    python -m tests.benchmarks.bench_report [--events 8000 60000] [--runs 3]

Both are whole processes. The report is also held to the counted truth: a wrong number ends the benchmark.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from tests import moto_account
from tests.benchmarks.measured import Row, median, print_rows
from tests.known_account import SPAN_MS, KnownAccount, known_account, quantile_bounds, truth_of

RELATIVE_ERROR = 0.01
_EXACT = ("invocations", "errors", "error_kinds", "application_errors", "cold_starts", "billed_duration_ms")
_PAGINATE = """
import sys, time, boto3
logs = boto3.client("logs")
start = int((time.time() - 900) * 1000)
count = 0
for group in sys.argv[1:]:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start):
        count += len(page["events"])
print(count)
"""


def timed(command: Sequence[str], environment: dict[str, str]) -> tuple[float, str]:
    """Run a process; returns its seconds and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, done.stdout


def differences(account: KnownAccount, report: dict[str, Any]) -> list[str]:
    """Return where the report and the truth differ."""
    found = []
    for function in account.functions:
        calls = [call for call in account.invocations if call.function == function]
        truth = truth_of(calls)
        (said,) = [one for one in report["functions"] if one["name"] == function.name]
        found += [f"{function.name} {field}: {said[field]} is {truth[field]}"
                  for field in _EXACT if said[field] != truth[field]]  # fmt: skip
        for share in (50, 95, 99):
            least, most = quantile_bounds([call.duration_ms for call in calls], share / 100, RELATIVE_ERROR)
            value = said["duration_ms"][f"p{share}"]
            if not least <= value <= most:
                found.append(f"{function.name} p{share}: {value} is not in {least}..{most}")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[8_000, 60_000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    rows = []
    for events in arguments.events:
        account = known_account(events, time.time_ns() // 1_000_000 - SPAN_MS - 30_000)
        with moto_account.moto_server() as endpoint_url:
            moto_account.load(account, endpoint_url)
            environment = moto_account.environment(endpoint_url)
            groups = [function.log_group for function in account.functions]
            bare, ours = [], []
            for _ in range(arguments.runs):
                seconds, counted = timed([sys.executable, "-c", _PAGINATE, *groups], environment)
                bare.append(seconds)
                report = [sys.executable, "-m", "lambdatop", "report", "--since", "15m", "--format", "json"]
                seconds, said = timed(report, environment)
                ours.append(seconds)
                if int(counted) != account.event_count:
                    raise SystemExit(f"moto gave {counted} events of {account.event_count}")
                if wrong := differences(account, json.loads(said)):
                    raise SystemExit("\n".join(wrong))
        rows.append(Row(f"{account.event_count} events", median(ours), "s", median(bare), 1.5))
    print_rows("report, every counter exact (yardstick: bare boto3 pagination, whole process)", rows)


if __name__ == "__main__":
    main()
