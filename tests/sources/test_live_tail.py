"""Live Tail over streams that speak when they are told to: which sessions are open, and what they deliver."""

from collections.abc import Sequence
from typing import Any

import pytest

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceState
from lambdatop.model.view import LiveTailChoice, View
from lambdatop.sources.live_tail import SETTLE_MS, LiveTail, LiveWish
from lambdatop.sources.platform_pattern import PATTERN
from tests.sources.fake_call import only, refused, watch_of
from tests.sources.live_stream import LiveCall, until

NOW_MS = 1_795_000_000_000
MINUTE_MS = 60_000
ORDERS, STOCK = "/aws/lambda/orders", "/aws/lambda/stock"
FULL = LiveWish("full", (ORDERS,))
PLATFORM = LiveWish("platform", (STOCK,))


class FakeGroups:
    """The tail that sweeps: what it wishes, and what it is told."""

    def __init__(self, *wishes: LiveWish) -> None:
        self.wishes: Sequence[LiveWish] = wishes
        self.told: list[str] = []
        self.swept: set[str] = set()

    def wish(self) -> tuple[LiveWish, ...]:
        return tuple(self.wishes)

    def listen(self, group: str) -> None:
        self.told.append(f"listen {group}")

    def stop_listening(self, group: str) -> None:
        self.told.append(f"stop {group}")

    def take_live(self, group: str, events: list[LogEvent]) -> list[LogEvent]:
        assert group in (ORDERS, STOCK)
        return [event for event in events if event.message not in self.swept]


class Stage:
    """A Live Tail, its account, and time that goes on by hand."""

    def __init__(self, *wishes: LiveWish, choice: LiveTailChoice = "all", **options: Any) -> None:  # noqa: ANN401
        self.call = LiveCall(options.pop("max_cost_usd_per_hour", None))
        self.watch = watch_of("orders", "stock")
        self.groups = FakeGroups(*wishes)
        self.tail = LiveTail(self.call.call, self.watch, self.groups, **options)
        self.now_ms = NOW_MS
        self.choose(choice)

    def choose(self, choice: LiveTailChoice) -> None:
        self.watch.view = View(live_tail=choice)

    def poll(self, after_ms: int = 0) -> list[LogEventsDelivered]:
        self.now_ms += after_ms
        self.call.now_ms = self.now_ms
        return only(self.tail.poll(self.now_ms), LogEventsDelivered)

    def settle(self) -> None:
        self.poll()
        self.poll(SETTLE_MS)

    def say(self, stream: int, *messages: str, ingested_ms: int | None = None, **update: bool) -> None:
        """Let a stream send an update, and wait until it has been heard."""
        group = self.call.asked["StartLiveTail"][stream]["logGroupIdentifiers"][0]
        sessions = [session for slot in self.tail._slots.values() for session in (slot.session, slot._next) if session]
        heard = {session: session.heard for session in sessions}
        self.call.streams[stream].send(
            *(
                {
                    "logStreamName": "0",
                    "logGroupIdentifier": group,
                    "message": message,
                    "timestamp": self.now_ms,
                    "ingestionTime": ingested_ms or self.now_ms,
                }
                for message in messages
            ),
            **update,
        )
        until(lambda: any(session.heard > count for session, count in heard.items()))

    @property
    def status(self) -> Any:  # noqa: ANN401  compared field by field
        return self.tail.status(self.now_ms)


def messages(deliveries: list[LogEventsDelivered]) -> list[str]:
    return [event.message for delivery in deliveries for event in delivery.events]


def test_nothing_is_asked_while_it_is_off() -> None:
    stage = Stage(FULL, choice="off")
    assert stage.tail.next_due_ms() is None
    stage.settle()
    assert (stage.call.asked, stage.groups.told, stage.status.is_sampled) == ({}, [], None)
    assert stage.status.detail == "off; L turns it on"


def test_a_wish_opens_a_session_once_it_has_stood_a_while_and_is_announced_before() -> None:
    stage = Stage(FULL, PLATFORM)
    stage.poll()
    assert stage.call.asked == {}
    stage.poll(SETTLE_MS)
    prefix = "arn:aws:logs:eu-west-1:123456789012:log-group:"
    asked = sorted(stage.call.asked["StartLiveTail"], key=lambda one: one["logGroupIdentifiers"])
    assert asked == [
        {"logGroupIdentifiers": [prefix + ORDERS]},
        {"logGroupIdentifiers": [prefix + STOCK], "logEventFilterPattern": PATTERN},
    ]
    assert sorted(stage.groups.told) == [f"listen {ORDERS}", f"listen {STOCK}"]
    assert stage.status.detail == "2 log groups live"
    assert (stage.status.state, stage.status.is_sampled) == ("working", False)


def test_what_comes_is_delivered_with_the_depth_that_was_asked_for_and_swept_events_are_not() -> None:
    stage = Stage(PLATFORM)
    stage.settle()
    stage.groups.swept.add("known")
    stage.say(0, "known", "new")
    (delivery,) = stage.poll(250)
    assert messages([delivery]) == ["new"]
    assert (delivery.log_group, delivery.depth, delivery.swept_to_ms) == (STOCK, "platform", None)
    assert stage.poll(250) == []


def test_turning_it_off_closes_at_once_and_says_so() -> None:
    stage = Stage(FULL)
    stage.settle()
    stage.choose("off")
    assert stage.tail.next_due_ms() is not None
    stage.poll(250)
    assert stage.tail.next_due_ms() is None
    assert stage.groups.told == [f"listen {ORDERS}", f"stop {ORDERS}"]
    stage.call.streams[0].send()
    assert stage.call.streams[0].is_closed.wait(10)


def test_wishes_that_change_all_the_time_open_no_sessions() -> None:
    stage = Stage()
    for number in range(40):
        stage.groups.wishes = (FULL,) if number % 2 else (PLATFORM,)
        stage.poll(500)
    assert stage.call.asked == {}


def test_a_session_whose_groups_change_a_little_uses_up_its_minute_first() -> None:
    stage = Stage(LiveWish("platform", (ORDERS, STOCK)))
    stage.settle()
    stage.groups.wishes = (LiveWish("platform", (ORDERS, "/aws/lambda/other")),)
    opened_ms = stage.now_ms
    while len(stage.call.streams) == 1:
        stage.say(0)
        stage.poll(1_000)
    assert stage.now_ms - opened_ms == MINUTE_MS


def test_another_wish_replaces_the_session_and_the_seam_is_left_to_the_sweep() -> None:
    stage = Stage(LiveWish("platform", (ORDERS,)))
    stage.settle()
    stage.say(0, "first", ingested_ms=NOW_MS + 5_000)
    stage.poll(250)
    stage.groups.wishes = (FULL,)
    stage.settle()
    assert len(stage.call.streams) == 2
    stage.say(1, "heard before", ingested_ms=NOW_MS + 5_000)
    stage.say(1, "new", ingested_ms=NOW_MS + 5_001)
    assert messages(stage.poll(250)) == ["new"]
    assert stage.groups.told[0] == f"listen {ORDERS}"
    assert stage.groups.told[-1] == f"listen {ORDERS}"


def test_sampling_is_said() -> None:
    stage = Stage(FULL)
    stage.settle()
    stage.say(0, is_sampled=True)
    stage.poll(250)
    assert stage.status.is_sampled is True
    assert stage.status.detail == "1 log group live, sampled: more than 500 events a second"


def test_silence_of_ten_seconds_is_a_session_that_died() -> None:
    stage = Stage(FULL)
    stage.settle()
    stage.say(0)
    stage.poll(250)
    stage.poll(10_000)
    assert len(stage.call.streams) == 1
    stage.poll(1)
    assert stage.status.detail == "Live Tail was silent for 10 s."
    assert (stage.status.state, stage.status.is_sampled) == ("failed", None)
    stage.poll(5_000)
    assert len(stage.call.streams) == 2
    assert stage.status.detail == "1 log group live"


def test_a_session_that_lasted_is_reopened_at_once_and_short_lived_ones_ever_more_rarely() -> None:
    stage = Stage(FULL)
    stage.settle()
    for _ in range(70):
        stage.say(0)
        stage.poll(1_000)
    reopened = []
    for _ in range(4):
        cut_ms, count = stage.now_ms, len(stage.call.streams)
        (session,) = [slot.session for slot in stage.tail._slots.values()]
        assert session is not None
        stage.call.streams[-1].end()
        until(lambda session=session: session.is_over)  # type: ignore[misc]  # a default
        stage.poll()
        while len(stage.call.streams) == count:
            stage.poll(1_000)
        reopened.append(stage.now_ms - cut_ms)
    assert reopened == [0, 5_000, 10_000, 20_000]


def test_a_session_is_renewed_with_an_overlap_and_no_event_of_the_seam_is_repeated() -> None:
    stage = Stage(FULL, renew_after_ms=10 * MINUTE_MS)
    stage.settle()
    delivered: list[str] = []
    for second in range(610):
        for stream in range(len(stage.call.streams)):
            if not stage.call.streams[stream].is_closed.is_set() and (stream == 1 or len(stage.call.streams) == 1):
                stage.say(stream, f"at {second}")
        if len(stage.call.streams) == 2 and not stage.call.streams[0].is_closed.is_set():
            stage.call.streams[0].send()
        delivered += messages(stage.poll(1_000))
    assert len(stage.call.streams) == 2
    assert stage.call.streams[0].is_closed.wait(10)
    assert len(delivered) == len(set(delivered))
    assert stage.groups.told == [f"listen {ORDERS}"]


def test_while_a_session_is_renewed_both_may_bring_an_event_and_it_is_delivered_once() -> None:
    stage = Stage(FULL, renew_after_ms=MINUTE_MS)
    stage.settle()
    for _ in range(60):
        stage.say(0)
        stage.poll(1_000)
    assert len(stage.call.streams) == 2
    delivered: list[str] = []
    for number in range(6):
        both = [0, 1] if number < 4 else [1]
        for stream in both:
            stage.say(stream, f"event {number}", ingested_ms=stage.now_ms)
        delivered += messages(stage.poll(1_000))
    delivered += messages(stage.poll(250))
    assert delivered == [f"event {number}" for number in range(6)]


def test_each_minute_that_a_session_begins_is_paid() -> None:
    stage = Stage(FULL, PLATFORM)
    stage.settle()
    stage.poll(250)
    assert stage.call.cost_usd == 0.02
    for _ in range(30):
        for stream in (0, 1):
            stage.say(stream)
        stage.poll(2_000)
    assert stage.call.cost_usd == 0.04


def test_where_it_would_cost_more_than_allowed_it_stops_and_goes_on_when_there_is_money() -> None:
    stage = Stage(FULL, max_cost_usd_per_hour=0.30)
    stage.settle()
    opened = [len(stage.call.streams)]
    states = set()
    for _ in range(1_800):
        if stage.status.is_sampled is not None:
            stage.say(-1)
        stage.poll(2_000)
        states.add(stage.status.state)
        opened.append(len(stage.call.streams))
    assert "throttled" in states
    assert opened[-1] > 2
    assert 0.15 < stage.call.cost_usd < 0.40


@pytest.mark.parametrize(
    ("code", "state", "words", "retry_ms"),
    [
        (
            "LimitExceededException",
            "throttled",
            "All Live Tail sessions of this account and region are in use.",
            60_000,
        ),
        ("InvalidOperationException", "failed", "Live Tail cannot listen to these log groups: no", 600_000),
        ("EndpointConnectionError", "failed", "Live Tail's own host cannot be reached.", 5_000),
        ("AccessDeniedException", "denied", "no", 600_000),
        ("UnknownOperationException", "absent", "no", 600_000),
    ],
)
def test_a_refusal_is_said_with_what_helps_and_tried_again_rarely(
    code: str,
    state: SourceState,
    words: str,
    retry_ms: int,
) -> None:
    stage = Stage(FULL)
    stage.call.refusal = refused(state, code)
    stage.settle()
    assert (stage.status.state, stage.status.detail) == (state, words)
    assert stage.status.remedy
    assert stage.call.cost_usd == 0
    assert stage.groups.told == [f"listen {ORDERS}", f"stop {ORDERS}"]
    stage.poll(retry_ms - 1)
    assert len(stage.call.asked["StartLiveTail"]) == 1
    stage.call.refusal = None
    stage.poll(1)
    assert stage.status.detail == "1 log group live"


def test_without_a_login_nothing_is_opened() -> None:
    stage = Stage(FULL)
    stage.call.is_login_lost = True
    stage.settle()
    assert (stage.call.asked, stage.status.state) == ({}, "credentials")


def test_it_says_what_it_waits_for() -> None:
    stage = Stage(choice="focused")
    stage.settle()
    assert stage.status.detail == "waits for the opened function's log group, once there is one"
    assert stage.tail.has_first_answer()
