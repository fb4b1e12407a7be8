"""Live Tail and sweeps together against the embedded account: each event once, whatever the weather."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.demo.services.live_tail import MAX_SESSIONS
from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.source_status import SourceStatus, TailLedger
from lambdatop.model.view import View
from lambdatop.sources.account import Account
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.live_session import LiveSession
from lambdatop.sources.live_tail import LiveTail, LiveWish, log_group_arn
from lambdatop.sources.log_tail import LogTail
from lambdatop.sources.watch import Watch
from tests.sources.fake_call import SteadyRandom, only
from tests.sources.live_stream import until
from tests.sources.test_live_tail import FakeGroups

NAMES = ("orders", "stock")
SPEED = 3.0
"""Heartbeats come every real second, so the account's time must not make ten seconds of three."""


class Place:
    """The embedded account, a Live Tail and a tail that sweeps, driven by hand."""

    def __init__(self, account: EmbeddedAccount, url: str) -> None:
        self.account = account
        self.random = random.Random(7)
        scope = Scope(account.account_id, account.region)
        clients = AwsClients(None, account.region, url)
        clients.connect()
        now_ms = account.clock.now_ms
        self.call = AwsCall(clients, 1.0, now_ms, lambda _: None, SteadyRandom())
        self.watch = Watch()
        self.watch.scope = scope
        self.watch.functions = tuple(
            LambdaFunction(key=FunctionKey(*scope, name), log_group=f"/aws/lambda/{name}") for name in NAMES
        )
        self.watch.view = View(focus=FunctionKey(*scope, "orders"), live_tail="all")
        self.tail = LogTail(self.call, self.watch, SteadyRandom(), now_ms() - 60_000, None)
        self.live = LiveTail(self.call, self.watch, self.tail)
        self.written: Counter[tuple[str, str]] = Counter()
        self.delivered: Counter[tuple[str, str]] = Counter()
        self.depths: set[tuple[str, str, bool]] = set()

    def write(self, count: int) -> None:
        """Write events, every fourth of them twice in the same millisecond."""
        for name in NAMES:
            for number in range(count):
                message = f"REPORT RequestId: {self.random.random()}\tDuration: 1.00 ms\t\n"
                copies = 2 if number % 4 == 0 else 1
                now_ms = self.account.clock.now_ms()
                self.account.logs.put_batch(f"/aws/lambda/{name}", "0", [(now_ms, message)] * copies)
                self.written[name, message.strip()] += copies

    def step(self, *, is_sweeping: bool = True) -> None:
        for source in (self.live, self.tail) if is_sweeping else (self.live,):
            now_ms = self.account.clock.now_ms()
            due_ms = source.next_due_ms()
            if due_ms is None or due_ms > now_ms:
                continue
            for delivery in only(source.poll(now_ms), LogEventsDelivered):
                for event in delivery.events:
                    name = delivery.log_group.rsplit("/", 1)[1]
                    self.delivered[name, event.message.strip()] += 1
                    self.depths.add((name, delivery.depth, event.event_id == ""))

    def until(self, condition: Callable[[], object], *, is_sweeping: bool = True) -> None:
        def is_so() -> object:
            self.step(is_sweeping=is_sweeping)
            return condition()

        until(is_so, 30.0)

    def listen(self) -> None:
        """Wait until Live Tail has brought some more, while nothing is swept."""
        heard = self.ledger.live
        self.until(lambda: self.ledger.live > heard, is_sweeping=False)

    @property
    def status(self) -> SourceStatus:
        return self.live.status(self.account.clock.now_ms())

    @property
    def ledger(self) -> TailLedger:
        ledger = self.tail.status(self.account.clock.now_ms()).ledger
        assert ledger is not None
        return ledger

    def live_session(self) -> LiveSession:
        """Open a session beside those of the Live Tail."""
        arn = log_group_arn(Scope(self.account.account_id, self.account.region), "/aws/lambda/stock")
        return LiveSession(self.call, [arn], None, self.account.clock.now_ms())

    def check_each_event_once(self) -> None:
        """Wait until all is swept; what was written is what was delivered."""
        self.until(lambda: self.delivered.total() >= self.written.total() and self.ledger.open == 0)
        assert self.delivered == self.written
        assert self.ledger.unconfirmed == 0


@pytest.fixture
def place_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Place]]:
    """Serve an account with these faults, with one place that listens to it."""
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    before = set(threading.enumerate())
    endpoints: list[EmbeddedEndpoint] = []
    places: list[Place] = []

    def begin(*faults: str, log_class: str = "STANDARD") -> Place:
        account = EmbeddedAccount(Clock(speed=SPEED))
        for name in NAMES:
            account.logs.create_group(f"/aws/lambda/{name}", log_class)
        endpoint = EmbeddedEndpoint(account, throttle=False, faults=faults)
        endpoints.append(endpoint)
        for variable, value in endpoint.environment().items():
            monkeypatch.setenv(variable, value)
        endpoint.start()
        places.append(Place(account, endpoint.url))
        return places[-1]

    yield begin
    for place in places:
        place.watch.view = View()
        list(place.live.poll(place.account.clock.now_ms()))
    for endpoint in endpoints:
        endpoint.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)


def test_live_tail_brings_events_before_the_sweep_and_each_is_delivered_once(place_in: Callable[..., Place]) -> None:
    place = place_in()
    place.write(3)
    place.until(lambda: place.status.is_sampled is False and place.delivered.total() == place.written.total())
    for _ in range(5):
        place.write(6)
        place.listen()
    place.check_each_event_once()
    assert place.ledger.live > 0
    assert place.ledger.live == place.ledger.confirmed
    assert {("orders", "full", True), ("stock", "platform", True)} <= place.depths
    assert place.status.detail == "2 log groups live"
    assert place.call.meter.usage(place.account.clock.now_ms()).cost_usd >= 0.02


@pytest.mark.parametrize("fault", ["live-sample=40%", "live-drop=40%", "late-logs=50%,6s", "twins=30%"])
def test_what_live_tail_leaves_out_is_recovered_by_the_sweep(place_in: Callable[..., Place], fault: str) -> None:
    place = place_in(fault)
    place.until(lambda: place.status.is_sampled is not None)
    for _ in range(4):
        place.write(10)
        place.listen()
    if fault.startswith("twins"):
        place.written = Counter(
            (group.removeprefix("/aws/lambda/"), event.message.strip())
            for group in (f"/aws/lambda/{name}" for name in NAMES)
            for event in place.account.logs.arrived(group)
        )
    place.check_each_event_once()
    if fault.startswith(("live-sample", "live-drop")):
        assert place.ledger.missed_live > 0
    if fault.startswith("live-sample"):
        assert place.status.detail.endswith("sampled: more than 500 events a second")


@pytest.mark.parametrize("fault", ["live-cut=4s", "live-stall@6s+9s"])
def test_a_session_that_ends_or_falls_silent_is_opened_again_and_nothing_is_lost(
    place_in: Callable[..., Place], fault: str
) -> None:
    place = place_in(fault)
    place.until(lambda: place.status.is_sampled is not None)
    sessions = {id(slot.session) for slot in place.live._slots.values()}
    place.write(5)
    place.until(lambda: place.status.state == "failed")
    place.write(5)
    place.until(lambda: {id(slot.session) for slot in place.live._slots.values() if slot.session} - sessions)
    place.write(5)
    place.check_each_event_once()


def test_a_log_group_of_another_class_is_said_to_be_none_for_live_tail(place_in: Callable[..., Place]) -> None:
    place = place_in(log_class="INFREQUENT_ACCESS")
    place.live = LiveTail(place.call, place.watch, FakeGroups(LiveWish("full", ("/aws/lambda/orders",))))
    place.until(lambda: place.status.state == "failed", is_sweeping=False)
    assert place.status.detail.startswith("Live Tail cannot listen to these log groups: ")


def test_when_all_sessions_of_the_account_are_taken_it_says_so_and_sweeps_go_on(place_in: Callable[..., Place]) -> None:
    place = place_in()
    others = [place.live_session() for _ in range(MAX_SESSIONS)]
    place.write(3)
    place.until(lambda: place.status.state == "throttled")
    assert place.status.detail == "All Live Tail sessions of this account and region are in use."
    place.check_each_event_once()
    for other in others:
        other.close()


@pytest.mark.parametrize("can_listen_live", [True, False])
def test_an_account_has_a_live_tail_where_it_can_be_turned_on(
    place_in: Callable[..., Place], can_listen_live: bool
) -> None:
    place = place_in()
    url, now_ms = place.call.clients.endpoint_url, place.account.clock.now_ms
    options = AccountOptions(region="us-east-1", endpoint_url=url, since_ms=now_ms(), can_listen_live=can_listen_live)
    account = Account(options, now_ms, lambda _: None)
    account.connect()
    assert ("live tail" in [source.name for source in account.sources]) is can_listen_live
