"""The whole program beside the truth: an embedded account under faults, read by the engine in simulated time.

Nothing sleeps: the clock of account and program is moved by hand, and what waits for the budget moves it as well.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import msgspec

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.filter_pattern import compile_filter_pattern
from lambdatop.demo.log_store import StoredEvent
from lambdatop.demo.scenarios.stories import BY_NAME
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.demo.world.shop import shop
from lambdatop.demo.world.simulation import World
from lambdatop.engine.engine import Engine
from lambdatop.model.delivery import Delivery, LogEventsDelivered, PatternReading
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.view import View
from lambdatop.sources.account import Account
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.platform_pattern import PATTERN
from lambdatop.sources.source import Source

START_MS = 1_795_000_020_000
STEP_MS = 500
REREAD_MS = 900_000
"""Of what is asked for newly, so much of the past is read as well."""
SETTLE_MINUTES = 9
"""After this long without news, deep sweeps have found what came late."""
CHECK_MINUTES = 7
NEVER = 10**15
UNTOLD_FAILURES = frozenset({"orders-worker"})
"""Functions whose logs do not tell a failed invocation from a logged error, so that the metric counts them."""

DRIZZLE = (
    "late-logs=2%",
    "twins=2%",
    "empty-pages=15%",
    "repeat-tokens=3%",
    "late-metrics=30%",
    "error=2%",
    "reset=1%",
    "truncate=1%",
    "slow=0.2%,20ms",
)
"""Every lasting fault that a polled source can meet; what Live Tail meets needs the real clock."""
STORM = (
    *DRIZZLE,
    "throttle=logs:FilterLogEvents@60s+60s",
    "throttle=30%,cloudwatch@130s+40s",
    "expired-credentials@180s+80s",
    "outage@280s+40s",
)
LONG_STORM = (
    *DRIZZLE,
    "throttle=logs:FilterLogEvents@200s+60s",
    "throttle=30%,cloudwatch@300s+60s",
    "expired-credentials@420s+300s",
    "outage@840s+120s",
)
"""An API throttles for one minute, credentials are gone for five, the network for two."""


_Reads = Callable[[StoredEvent], bool]
"""Whether an event is one that is read."""


class Tapped:
    """A source whose log events are noted on their way to the store."""

    def __init__(
        self, source: Source, delivered: Counter[tuple[str, str]], patterns: dict[str, PatternReading | None]
    ) -> None:
        self.name, self.parallel = source.name, source.parallel
        self.next_due_ms, self.status = source.next_due_ms, source.status
        self.has_first_answer = source.has_first_answer
        self._source = source
        self._delivered = delivered
        self._patterns = patterns

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        for delivery in self._source.poll(now_ms):
            if isinstance(delivery, LogEventsDelivered):
                self._delivered.update((delivery.log_group, event.event_id) for event in delivery.events)
                if delivery.swept_to_ms is not None and (delivery.pattern or delivery.log_group in self._patterns):
                    self._patterns[delivery.log_group] = delivery.pattern
            yield delivery


@dataclass
class Verdict:
    """What differs between program and world; empty where they agree."""

    emitted: int = 0
    """Events in the account's log groups."""
    wanted: int = 0
    """Of those, the ones that are asked for."""
    late: int = 0
    """Of those, ingested more than ten seconds after their time."""
    allowed: int = 0
    """Delivered though not wanted any more: they were when they came."""
    lost: int = 0
    repeated: int = 0
    foreign: int = 0
    differences: list[str] = field(default_factory=list)
    """Totals and minutes that differ from the truth."""
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """States in which each source was seen, by the second."""

    @property
    def is_exact(self) -> bool:
        """Whether nothing was lost, repeated or counted elsewhere than where it happened."""
        return not (self.lost or self.repeated or self.foreign or self.differences)


class Reader:
    """The program without its screen, and what it is held against."""

    def __init__(self, account: Account, since_ms: int, until_ms: int | None, now_ms: Callable[[], int]) -> None:
        self.account = account
        self.delivered: Counter[tuple[str, str]] = Counter()
        account.connect()
        self.patterns: dict[str, PatternReading | None] = {}
        """What was told last of a pattern, by log group."""
        account.sources = tuple(Tapped(source, self.delivered, self.patterns) for source in account.sources)
        self.engine = Engine([account], since_ms, until_ms, now_ms=now_ms)
        self.view = View(window="start")
        self.engine.set_view(self.view)
        self.views: list[tuple[int, View]] = []
        """What of logs was looked at beside the platform's lines, and since when."""
        self.verdict = Verdict()
        self.calls_by_second: list[Counter[str]] = []

    def look(self, view: View, now_ms: int) -> None:
        """Look at something, such as a log by a filter pattern."""
        reads = view.logs, view.log_pattern
        if reads != (self.view.logs, self.view.log_pattern):
            self.views.append((now_ms, view))
        self.view = view
        self.engine.set_view(view)

    def step(self, now_ms: int) -> Snapshot:
        """Poll what is due and note what it says of itself."""
        snapshot = self.engine.step(now_ms)
        self.verdict.statuses.update((source.name, source.state) for source in snapshot.sources)
        return snapshot

    def note_calls(self, now_ms: int) -> None:
        """Note how many calls were made until now."""
        self.calls_by_second.append(Counter(self.account.usage(now_ms).calls))

    def peak_calls_per_s(self) -> dict[str, int]:
        """Return the most calls of each operation within a second."""
        peaks: Counter[str] = Counter()
        for before, after in pairwise(self.calls_by_second):
            for name in after:
                peaks[name] = max(peaks[name], after[name] - before[name])
        return dict(peaks)


class Simulation:
    """A world, its endpoint and programs that read it, in one process and one thread."""

    def __init__(
        self,
        seed: int,
        faults: Sequence[str] = LONG_STORM,
        scenario: str = "canary",
        traffic: float = 1.0,
        history_ms: int = 300_000,
        readers: int = 1,
        functions: int | None = None,
    ) -> None:
        self.clock = Clock(start_ms=START_MS, speed=0)
        self.account = EmbeddedAccount(self.clock)
        models = [replace(model, rate=model.rate * traffic) for model in shop(functions, seed)]
        self.world = World(self.account, BY_NAME[scenario], models, seed, history_ms)
        self.endpoint = EmbeddedEndpoint(self.account, faults=faults, seed=seed)
        self.readers: list[Reader] = []
        self._reader_count = readers
        self._since_ms = START_MS - history_ms
        self._is_quiet = False
        self._random = random.Random(seed)

    def __enter__(self) -> Self:
        self.world.run_until(START_MS)
        os.environ.update(self.endpoint.environment())
        self.endpoint.start()
        self.readers = [self._reader() for _ in range(self._reader_count)]
        return self

    def __exit__(self, *_: object) -> None:
        self.world.traces.close()
        self.endpoint.stop()

    def run(self, minutes: float) -> None:
        """Let time pass for program and world."""
        end_ms = self.clock.now_ms() + round(minutes * 60_000)
        while self.clock.now_ms() < end_ms:
            self._advance(1_000)
            for reader in self.readers:
                snapshot = reader.step(self.clock.now_ms())
                if self.clock.now_ms() // 1_000 % (CHECK_MINUTES * 60) == 0:
                    self._check_minutes(reader, snapshot, older_than_minutes=CHECK_MINUTES + 1)

    def suspend(self, minutes: float) -> None:
        """Let time pass for the world alone, as when the machine sleeps."""
        self._advance(round(minutes * 60_000))

    def judge(self) -> list[Verdict]:
        """Let the world fall silent, the programs catch up, and compare."""
        self._is_quiet = True
        self.world._metrics.publish(self.clock.now_ms(), is_history=False)
        for reader in self.readers:
            visible = tuple(row.key for row in reader.engine.latest.functions)
            reader.look(msgspec.structs.replace(reader.view, visible=visible), self.clock.now_ms())
        self.run(SETTLE_MINUTES)
        for reader in self.readers:
            self._check_minutes(reader, reader.engine.latest, older_than_minutes=0)
            self._check_totals(reader, NEVER)
            self._check_events(reader, NEVER)
        return [reader.verdict for reader in self.readers]

    def settle(self, minutes: float) -> list[str]:
        """Let the world fall silent, the programs catch up looking at what they do, and compare the totals."""
        self._is_quiet = True
        self.run(minutes)
        for reader in self.readers:
            reader.verdict.differences.clear()  # minutes were looked at before all of them had settled
            self._check_totals(reader, NEVER)
        return [said for reader in self.readers for said in reader.verdict.differences]

    def lost_so_far(self, ingested_before_ms: int) -> int:
        """Return how many events that are asked for now and were there by then have not been delivered."""
        (reader,) = self.readers
        lost = 0
        for group in self.account.logs.groups():
            now_read, _ = _readings(reader, group.name)
            for event in self.account.logs.arrived(group.name):
                is_there = self._since_ms <= event.timestamp and event.ingestion_time < ingested_before_ms
                is_wanted = is_there and group.log_group_class == "STANDARD" and any(reads(event) for reads in now_read)
                lost += is_wanted and (group.name, event.event_id) not in reader.delivered
        return lost

    def report(self, until_ms: int) -> Reader:
        """Read a finished window at once, as `lambdatop report --since --until` does, and compare."""
        reader = self._reader(until_ms)
        while not all(source.has_first_answer() for source in reader.account.sources):
            self._advance(1_000)
            reader.step(self.clock.now_ms())
        reader.step(self.clock.now_ms())
        self._check_totals(reader, until_ms)
        self._check_events(reader, until_ms)
        return reader

    def _reader(self, until_ms: int | None = None) -> Reader:
        options = AccountOptions(
            endpoint_url=self.endpoint.url, region=self.account.region, since_ms=self._since_ms, until_ms=until_ms
        )
        skew = ClockSkew(self.clock.now_ms)
        account = Account(options, self.clock.now_ms, self._wait, skew, self._random)
        return Reader(account, self._since_ms, until_ms, self.clock.now_ms)

    def _wait(self, seconds: float) -> None:
        self._advance(round(seconds * 1000))

    def _advance(self, milliseconds: int) -> None:
        while milliseconds > 0:
            self.clock.advance(min(STEP_MS, milliseconds))
            milliseconds -= STEP_MS
            now_ms = self.clock.now_ms()
            if not self._is_quiet:
                self.world.run_until(now_ms)
            if now_ms % 1_000 < STEP_MS:
                for reader in self.readers:
                    reader.note_calls(now_ms)

    def _functions(self, snapshot: Snapshot) -> Iterable[tuple[str, int]]:
        """Return the functions whose reports can be counted, and their places."""
        for place, function in enumerate(snapshot.functions):
            if function.function.hidden_reports is None:
                yield function.key.name, place

    def _check_minutes(self, reader: Reader, snapshot: Snapshot, older_than_minutes: int) -> None:
        settled_ms = self.clock.now_ms() - older_than_minutes * 60_000
        first_ms = -(-self._since_ms // 60_000) * 60_000
        minutes = [
            (index, minute_ms)
            for index, minute_ms in enumerate(snapshot.trends.minutes)
            if first_ms <= minute_ms < settled_ms - 60_000
        ]
        truth = self._outcomes_by_minute()
        for name, place in self._functions(snapshot):
            trend = snapshot.functions[place].invocation_trend
            for index, minute_ms in minutes:
                if trend[index] != truth[name, minute_ms]:
                    said = f"{name} at {minute_ms}: {trend[index]} invocations, in truth {truth[name, minute_ms]}"
                    reader.verdict.differences.append(said)

    def _outcomes_by_minute(self) -> Mapping[tuple[str, int], int]:
        return Counter(
            (outcome.function, outcome.reported_ms // 60_000 * 60_000) for outcome in self.world.truth.outcomes
        )

    def _check_totals(self, reader: Reader, until_ms: int) -> None:
        snapshot = reader.engine.latest
        for name, place in self._functions(snapshot):
            truth = self.world.truth.counts(self._since_ms, until_ms, name)
            window = snapshot.functions[place].window
            said = {
                "invocations": window.invocations,
                "cold starts": (window.cold_starts or 0) - window.restores,
                "restores": window.restores,
                "errors": window.errors if name in UNTOLD_FAILURES else window.error_kinds.total,
            }
            happened = {
                "invocations": truth.invocations,
                "cold starts": truth.cold_starts,
                "restores": truth.restores,
                "errors": truth.errors.total(),
            }
            reader.verdict.differences += [
                f"{name}: {said[what]} {what}, in truth {happened[what]}"
                for what in said
                if said[what] != happened[what] and not (window.cold_starts is None and what == "cold starts")
            ]

    def _check_events(self, reader: Reader, until_ms: int) -> None:
        delivered, verdict = reader.delivered, reader.verdict
        wanted: set[tuple[str, str]] = set()
        allowed: set[tuple[str, str]] = set()
        for group in self.account.logs.groups():
            if group.log_group_class == "INFREQUENT_ACCESS":
                continue
            now_read, once_read = _readings(reader, group.name)
            for event in self.account.logs.arrived(group.name):
                verdict.emitted += 1
                if not self._since_ms <= event.timestamp < until_ms:
                    continue
                if any(reads(event) for reads in now_read):
                    wanted.add((group.name, event.event_id))
                    verdict.late += event.ingestion_time - event.timestamp > 10_000
                elif any(reads(event) for reads in once_read):
                    allowed.add((group.name, event.event_id))
        verdict.wanted += len(wanted)
        verdict.allowed += len(allowed & delivered.keys())
        verdict.lost += len(wanted - delivered.keys())
        verdict.foreign += len(delivered.keys() - wanted - allowed)
        verdict.repeated += sum(times - 1 for times in delivered.values())


def _readings(reader: Reader, log_group: str) -> tuple[list[_Reads], list[_Reads]]:
    """Return what is read of a log group: always or as the view is now, and as it was before."""
    matches = compile_filter_pattern(PATTERN)
    now_read: list[_Reads] = [lambda event: matches(event.message)]
    once_read: list[_Reads] = []
    groups = {row.key: row.function.log_group for row in reader.engine.latest.functions}
    for since_ms, view in reader.views:
        once_read += now_read[1:]
        del now_read[1:]
        if any(groups[key] == log_group for key in view.logs):
            now_read.append(_read_so(compile_filter_pattern(view.log_pattern or ""), since_ms - REREAD_MS))
            once_read.append(_read_so(compile_filter_pattern(view.log_pattern or ""), 0))
    return now_read, once_read


def _read_so(matches: Callable[[str], bool], since_ms: int) -> _Reads:
    return lambda event: event.timestamp >= since_ms and matches(event.message)


def tail_status(snapshot: Snapshot) -> SourceStatus:
    """Return the log tail's status."""
    return next(source for source in snapshot.sources if source.name == "logs")
