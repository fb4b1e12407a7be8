"""Infrequent Access log groups from the embedded account to the store: found by the tail, read by Insights."""

import random
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.model.view import View
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.infrequent_logs import EVERY_MS, InfrequentLogs
from lambdatop.sources.log_tail import LogTail
from lambdatop.sources.watch import Watch
from lambdatop.store.store import Store
from tests import moto_account
from tests.sources.fake_call import SteadyRandom, only

START_MS = 1_800_000_000_000
NAMES = ("archive", "ledger")
STREAM = "2027/01/15/[$LATEST]0123456789abcdef0123456789abcdef"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any credentials do, and none of this machine's own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def account() -> EmbeddedAccount:
    """Two functions whose log groups are of the class, and a clock that is moved by hand."""
    account = EmbeddedAccount(Clock(start_ms=START_MS, speed=0))
    for name in NAMES:
        account.logs.create_group(f"/aws/lambda/{name}", "INFREQUENT_ACCESS")
    account.logs.create_group("/aws/lambda/plain")
    return account


@pytest.fixture
def url(account: EmbeddedAccount) -> Iterator[str]:
    endpoint = EmbeddedEndpoint(account, throttle=False)
    endpoint.start()
    yield endpoint.url
    endpoint.stop()


class Place:
    """The tail, the source and the store over one endpoint, driven by hand."""

    def __init__(self, clock: Clock, url: str, *names: str, region: str = "us-east-1") -> None:
        self.clock = clock
        scope = Scope("123456789012", region)
        clients = AwsClients(None, region, url)
        clients.connect()
        self.call = AwsCall(clients, 1.0, clock.now_ms, lambda _: None, SteadyRandom())
        watch = Watch()
        watch.scope = scope
        self.functions = tuple(
            LambdaFunction(key=FunctionKey(*scope, name), log_group=f"/aws/lambda/{name}", timeout_s=3)
            for name in names
        )
        watch.functions = self.functions
        since_ms = clock.now_ms() - 60_000
        self.watch = watch
        self.tail = LogTail(self.call, watch, SteadyRandom(), since_ms, None)
        self.source = InfrequentLogs(self.call, watch, SteadyRandom(), since_ms, None, self._wait)
        self.store = Store(since_ms)
        self.store.apply(FunctionsDelivered(scope=scope, functions=self.functions), clock.now_ms())
        self.delivered: Counter[tuple[str, int, int, str]] = Counter()

    def _wait(self, seconds: float) -> None:
        self.clock.advance(round(seconds * 1000))

    def find_groups(self) -> None:
        for _ in self.functions:
            assert self.tail.next_due_ms() is not None
            self._take(list(self.tail.poll(self.clock.now_ms())))

    def poll(self) -> None:
        """Let the source read when it is due."""
        due_ms = self.source.next_due_ms()
        if due_ms is not None and due_ms <= self.clock.now_ms():
            self._take(list(self.source.poll(self.clock.now_ms())))

    def row(self, name: str) -> FunctionStatistics:
        snapshot = self.store.snapshot(self.clock.now_ms(), View(window="start"))
        return next(row for row in snapshot.functions if row.key.name == name)

    def _take(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            self.store.apply(delivery, self.clock.now_ms())
        for delivery in only(deliveries, LogEventsDelivered):
            for event in delivery.events:
                key = delivery.log_group, event.timestamp_ms, event.ingestion_time_ms, event.message
                self.delivered[key] += 1


class Writer:
    """Writes invocations whose lines arrive at once, minutes late or in twins, and counts them."""

    def __init__(self, account: EmbeddedAccount, seed: int) -> None:
        self.account = account
        self.random = random.Random(seed)
        self.written: Counter[tuple[str, int, int, str]] = Counter()
        self.reports: Counter[str] = Counter()

    def write(self, name: str, *, copies: int = 1) -> None:
        delay_ms = self.random.choice((0, 200, 2_000, 119_000, 240_000, 800_000))
        now_ms, group = self.account.clock.now_ms(), f"/aws/lambda/{name}"
        request_id = uuid.UUID(int=self.random.getrandbits(128))
        report = f"REPORT RequestId: {request_id}\tDuration: 2.00 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t\n"
        lines = [f"START RequestId: {request_id} Version: $LATEST\n", *[report] * copies, "just a line\n"]
        self.account.logs.put_batch(group, STREAM, [(now_ms, line) for line in lines], delay_ms)
        self.reports[name] += copies
        for line in lines[:-1]:
            self.written[group, now_ms, now_ms + delay_ms, line] += 1


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("seed", [1, 2])
def test_every_line_is_told_once_however_late_it_came_and_twins_are_told_twice(
    account: EmbeddedAccount, url: str, seed: int
) -> None:
    place, writer = Place(account.clock, url, *NAMES), Writer(account, seed)
    place.find_groups()
    assert place.watch.infrequent_groups == {f"/aws/lambda/{name}" for name in NAMES}
    for step in range(200):
        for name in NAMES:
            writer.write(name, copies=1 + (step % 5 == 0))
        account.clock.advance(writer.random.randrange(1_000, 30_000))
        place.poll()
    for _ in range(20):
        account.clock.advance(EVERY_MS)
        place.poll()
    assert place.delivered == writer.written
    ledger = place.source.status(account.clock.now_ms()).ledger
    assert ledger is not None
    assert ledger.delivered == sum(writer.written.values())
    assert ledger.recovered > 100
    assert ledger.fetched == ledger.delivered + ledger.repeated
    assert {name: place.row(name).window.invocations for name in NAMES} == writer.reports


@pytest.mark.usefixtures("keys")
def test_functions_say_that_their_numbers_are_late_and_others_do_not(account: EmbeddedAccount, url: str) -> None:
    place, writer = Place(account.clock, url, *NAMES, "plain"), Writer(account, 1)
    place.find_groups()
    for name in NAMES:
        writer.write(name)
    account.clock.advance(900_000)
    place.poll()
    late = "log group of the Infrequent Access class: read by Insights every 2 min, so numbers are late"
    marked = {note.field for note in place.row("archive").notes if note.text == late}
    assert {"invocations", "errors", "cold_starts", "cost_usd"} <= marked
    assert place.row("archive").window.invocations == 1
    assert all(note.text != late for note in place.row("plain").notes)
    status = place.source.status(account.clock.now_ms())
    assert status.detail.startswith("2 log groups of the Infrequent Access class, read by Insights every 2 min")


@pytest.mark.usefixtures("keys")
def test_an_endpoint_without_such_classes_is_left_alone_and_its_own_insights_can_be_read() -> None:
    with moto_account.moto_server() as url:
        clock = Clock(speed=0)
        now_ms = clock.now_ms()
        logs = moto_account.client("logs", url)
        logs.create_log_group(logGroupName="/aws/lambda/archive", logGroupClass="INFREQUENT_ACCESS")
        logs.create_log_stream(logGroupName="/aws/lambda/archive", logStreamName="s")
        events = [
            {"timestamp": now_ms - 50_000 + number, "message": f"REPORT RequestId: {number}"} for number in range(3)
        ]
        logs.put_log_events(logGroupName="/aws/lambda/archive", logStreamName="s", logEvents=events)
        place = Place(clock, url, "archive", region=moto_account.REGION)
        place.find_groups()
        assert place.watch.infrequent_groups == frozenset()
        assert sum(place.delivered.values()) == 3
        place.delivered.clear()
        place.watch.infrequent_groups = frozenset({"/aws/lambda/archive"})
        place.poll()
        status = place.source.status(clock.now_ms())
        assert (status.state, sum(place.delivered.values())) == ("working", 3)
        clock.advance(EVERY_MS)
        place.poll()
        assert sum(place.delivered.values()) == 3
