"""Live Tail and sweeps together, on the real clock and under faults: is every event still delivered exactly once?

    python -m tests.benchmarks.bench_live_tail [--seconds 240] [--settle 370] [--rate 12] [--seed 1]

Eight functions write as Lambda does into an embedded account, lines late, alike and out of order among them; every
minute one of them writes more than the 500 events a second of which Live Tail shows a sample. Two engines read them,
one with Live Tail on for all functions and one with sweeps alone, both with one function opened, another every 25 s.
Live Tail samples, drops, stalls and cuts its sessions; pages are empty, connections reset, calls fail. After the
writing, sweeps go on until a deep one of every group, which comes every five minutes, has passed all that came late.

Exact are the lines that the tail asks for in any function, and all lines of the function that is open at the end. Of
other lines, which are asked for while their function is open, none may come twice or from nowhere.
"""

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.filter_pattern import compile_filter_pattern
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.engine import clock
from lambdatop.engine.engine import Engine
from lambdatop.model.delivery import Delivery, LogEventsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.source_status import SourceStatus, TailLedger
from lambdatop.model.view import LiveTailChoice, View
from lambdatop.sources.account import Account
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.api_price import LIVE_TAIL_USD_PER_MINUTE
from lambdatop.sources.platform_pattern import PATTERN
from lambdatop.sources.source import Source
from tests.benchmarks.emitted_invocations import InvocationEmitter, log_group_of
from tests.benchmarks.measured import quantile

NAMES = tuple(f"busy-{number}" for number in range(8))
KEYS = tuple(FunctionKey("123456789012", "eu-west-1", name) for name in NAMES)
FAULTS = (
    "live-sample=30%@100s+40s",
    "live-drop=5%",
    "live-stall@55s+20s",
    "live-stall@190s+12s",
    "live-cut=40s",
    "late-logs=2%,60s",
    "twins=2%",
    "empty-pages=10%",
    "reset=1%",
    "error=1%",
)
READ = ("identity", "functions", "logs", "live tail")
"""The sources that run; of these, Live Tail alone has a price."""
FOCUS_S = 25
STARTING_MS = 5_000
TOLD = (
    "fetched", "delivered", "repeated", "recovered", "late", "live", "confirmed", "open", "unconfirmed",
    "missed_live", "remembered", "overlap_ms",
)  # fmt: skip

Line = tuple[str, str, int, int, str]
"""Log group, stream, event time, ingestion time and message: all that a live event can be known by."""


class Tap:
    """What was delivered, how often, and how long after its ingestion; by source."""

    def __init__(self) -> None:
        self.delivered: Counter[Line] = Counter()
        self.delays_ms: dict[str, list[int]] = {"logs": [], "live tail": []}
        """Of the lines that the tail asks for in any function."""
        self._matches = compile_filter_pattern(PATTERN)
        self._lock = threading.Lock()

    def note(self, source: str, delivery: LogEventsDelivered) -> None:
        """Take in what a source delivers."""
        now_ms = clock.now_ms()
        lines: list[Line] = [
            (delivery.log_group, event.log_stream, event.timestamp_ms, event.ingestion_time_ms, event.message)
            for event in delivery.events
        ]
        with self._lock:
            self.delivered.update(lines)
            self.delays_ms[source] += [now_ms - line[3] for line in lines if self._matches(line[4])]


class TappedSource:
    """A source whose log events are noted on their way to the store."""

    def __init__(self, source: Source, tap: Tap) -> None:
        self.name, self.parallel = source.name, source.parallel
        self.next_due_ms, self.status = source.next_due_ms, source.status
        self.has_first_answer = source.has_first_answer
        self._source = source
        self._tap = tap

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        for delivery in self._source.poll(now_ms):
            if isinstance(delivery, LogEventsDelivered):
                self._tap.note(self.name, delivery)
            yield delivery


class TappedAccount(Account):
    """An account of which the logs alone are read, with a tap at each of its sources."""

    def __init__(self, options: AccountOptions, wait: Callable[[float], None], tap: Tap) -> None:
        super().__init__(options, clock.now_ms, wait)
        self._tap = tap

    def connect(self) -> None:
        super().connect()
        self.sources = tuple(TappedSource(source, self._tap) for source in self.sources if source.name in READ)


class Reader:
    """The engine with its threads, and a tap."""

    def __init__(self, account: EmbeddedAccount, url: str, live_tail: LiveTailChoice) -> None:
        self.tap = Tap()
        self.live_tail = live_tail
        self.opened: FunctionKey | None = None
        self.seconds_by_state: Counter[str] = Counter()
        """What Live Tail's status said, looked at once a second."""
        self._stopping = threading.Event()
        since_ms = clock.now_ms() - STARTING_MS
        options = AccountOptions(endpoint_url=url, region=account.region, since_ms=since_ms, can_listen_live=True)
        self.engine = Engine([TappedAccount(options, self._wait, self.tap)], since_ms)

    def look(self, opened: FunctionKey | None) -> None:
        """Have all functions on screen, and open one or none."""
        self.opened = opened
        self.engine.set_view(View(visible=KEYS, focus=opened, live_tail=self.live_tail))

    def note_state(self) -> None:
        """Take in what Live Tail says of itself."""
        live = self.status("live tail")
        self.seconds_by_state["sampled" if live.is_sampled else live.state] += 1

    def status(self, name: str) -> SourceStatus:
        """Return what a source says of itself."""
        known = (source for source in self.engine.latest.sources if source.name == name)
        return next(known, SourceStatus(name=name))

    def _wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def stop(self) -> None:
        """End all threads."""
        self._stopping.set()
        self.engine.stop()


def look_around(readers: Sequence[Reader], seconds: float, settle_s: float) -> None:
    """Open one function after another, now and then none; the last stays open while sweeps come to an end."""
    opened = cycle([*KEYS[::3], None, *KEYS[1::3], None, *KEYS[2::3]])
    for second in range(round(seconds + settle_s)):
        if second % FOCUS_S == 0 and second < seconds:
            key = KEYS[-1] if seconds - second <= FOCUS_S else next(opened)
            for reader in readers:
                reader.look(key)
        for reader in readers:
            reader.note_state()
        time.sleep(1)


def compare(account: EmbeddedAccount, reader: Reader) -> bool:
    """Hold what was delivered against what arrived, print it, and return whether it is exact."""
    matches, delivered = compile_filter_pattern(PATTERN), reader.tap.delivered
    opened = log_group_of(reader.opened.name) if reader.opened else None
    arrived: Counter[Line] = Counter()
    late = 0
    for name in NAMES:
        group = log_group_of(name)
        for event in account.logs.arrived(group):
            arrived[group, event.log_stream_name, event.timestamp, event.ingestion_time, event.message] += 1
            late += event.ingestion_time - event.timestamp > 10_000
    asked = Counter({line: count for line, count in arrived.items() if matches(line[4]) or line[0] == opened})
    lost, surplus = asked - delivered, delivered - arrived
    foreign = sum(count for line, count in surplus.items() if line not in arrived)
    repeated = surplus.total() - foreign
    other = delivered.total() - sum(count for line, count in delivered.items() if line in asked)
    print(f"{arrived.total():,} events in {len(NAMES)} log groups, {late:,} of them late, "
          f"{sum(count - 1 for count in arrived.values()):,} alike another in all but the id")  # fmt: skip
    print(f"{asked.total():,} asked for throughout: {lost.total():,} lost, {repeated:,} repeated, {foreign:,} foreign; "
          f"{other:,} others delivered while their function was open")  # fmt: skip
    for line, count in [*lost.items(), *surplus.items()][:10]:
        print("   ", "lost" if line in lost else "surplus", count, line)
    return not (lost or surplus)


def tell(reader: Reader) -> None:
    """Print the ledger, how quick delivery was, and what it cost."""
    tail = reader.status("logs")
    told = tail.ledger or TailLedger()
    print(f"{tail.state}: {tail.detail}")
    print("ledger:", ", ".join(f"{name} {getattr(told, name):,}" for name in TOLD))
    balance = told.delivered + told.repeated + told.confirmed - told.fetched - told.live
    print(f"fetched + live = delivered + repeated + confirmed: {'holds' if balance == 0 else f'off by {balance}'}")
    for source, delays_ms in reader.tap.delays_ms.items():
        if delays_ms:
            print(f"by {source} first: {len(delays_ms):,} events, {quantiles(delays_ms)} after ingestion")
    print(f"in all: {quantiles([one for delays_ms in reader.tap.delays_ms.values() for one in delays_ms])}")
    usage = reader.engine.latest.api
    minutes = round(usage.cost_usd / LIVE_TAIL_USD_PER_MINUTE)
    print(f"calls {usage.calls}, throttled {usage.throttled}; {minutes} minutes of Live Tail paid")
    print(f"Live Tail by the second: {dict(reader.seconds_by_state)}")
    for defect in reader.engine.defects:
        print(defect)


def quantiles(delays_ms: Sequence[int]) -> str:
    """Return the median and the 95th percentile in words."""
    return f"median {quantile(delays_ms, 0.5):,} ms, 95 % within {quantile(delays_ms, 0.95):,} ms"


def run(seconds: float, settle_s: float, rate: float, seed: int) -> bool:
    """Write, read, settle and compare."""
    account = EmbeddedAccount(Clock(), region=KEYS[0].region)
    for name in NAMES:
        account.functions.put({"FunctionName": name})
        account.logs.create_group(log_group_of(name))
    endpoint = EmbeddedEndpoint(account, faults=FAULTS, seed=seed)
    os.environ |= {**endpoint.environment(), "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    endpoint.start()
    print(f"seed {seed}, {seconds:g} s at {rate:g} invocations/s a function; {', '.join(FAULTS)}", flush=True)
    readers = [Reader(account, endpoint.url, "all"), Reader(account, endpoint.url, "off")]
    for reader in readers:
        reader.engine.start()
    threading.Thread(target=InvocationEmitter(account, NAMES, rate, seed).run, args=(seconds,), daemon=True).start()
    look_around(readers, seconds, settle_s)
    for reader in readers:
        reader.stop()
    endpoint.stop()
    outcomes = []
    for reader in readers:
        print(f"\nLive Tail {reader.live_tail}")
        outcomes.append(compare(account, reader))
        tell(reader)
    return all(outcomes)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; fails where an event was lost or repeated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=240, help="how long lines are written")
    parser.add_argument("--settle", type=float, default=370, help="how long to sweep on: 60 s late, 5 min to deep ones")
    parser.add_argument("--rate", type=float, default=12, help="invocations a second of each function, five lines each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not run(options.seconds, options.settle, options.rate, options.seed):
        raise SystemExit("NOT exact")


if __name__ == "__main__":
    main()
