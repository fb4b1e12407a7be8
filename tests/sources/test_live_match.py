"""Live copies and swept copies of the same events: each is delivered once, whatever comes first or not at all."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lambdatop.model.log_event import LogEvent
from lambdatop.sources import live_match
from lambdatop.sources.live_match import LIVE_LAG_MS, LiveMatch

NOW_MS = 1_795_000_000_000
MINUTE_MS = 60_000


def event(number: int = 0, at_ms: int = NOW_MS, lag_ms: int = 200, event_id: str = "") -> LogEvent:
    return LogEvent(
        log_stream="2026/11/21/[$LATEST]0",
        timestamp_ms=at_ms,
        message=f"line {number}\n",
        ingestion_time_ms=at_ms + lag_ms,
        event_id=event_id,
    )


def test_what_live_tail_brought_is_not_delivered_again_by_the_sweep() -> None:
    match = LiveMatch(NOW_MS - 1)
    assert match.take_live([event()]) == [event()]
    assert match.take_swept([event(event_id="a")]) == []
    assert (match.live, match.confirmed, match.open, match.recovered, match.remembered) == (1, 1, 0, 0, 0)


def test_what_the_sweep_brought_is_not_delivered_again_by_live_tail() -> None:
    match = LiveMatch(NOW_MS - 1)
    assert len(match.take_swept([event(event_id="a")])) == 1
    assert match.recovered == 1
    assert match.take_live([event()]) == []
    assert (match.live, match.live_repeated, match.recovered, match.remembered) == (0, 1, 0, 0)


def test_identical_lines_of_one_millisecond_are_counted() -> None:
    match = LiveMatch(NOW_MS - 1)
    assert len(match.take_live([event(), event()])) == 2
    assert [one.event_id for one in match.take_swept([event(event_id=name) for name in "abc"])] == ["c"]
    assert match.take_live([event()]) == []
    assert (match.live, match.confirmed, match.live_repeated, match.recovered) == (2, 2, 1, 0)


def test_the_same_line_with_another_ingestion_time_is_another_event() -> None:
    match = LiveMatch(NOW_MS - 1)
    match.take_live([event()])
    assert len(match.take_swept([event(lag_ms=900, event_id="a")])) == 1


def test_white_space_that_a_transport_trims_does_not_make_another_event() -> None:
    match = LiveMatch(NOW_MS - 1)
    match.take_live([LogEvent("s", NOW_MS, "REPORT RequestId: 1\t", NOW_MS + 5)])
    assert match.take_swept([LogEvent("s", NOW_MS, "REPORT RequestId: 1\t\n", NOW_MS + 5, "a")]) == []


def test_what_was_swept_before_listening_began_is_not_repeated() -> None:
    match = LiveMatch(floor_ms=NOW_MS + 200)
    assert match.take_live([event()]) == []
    assert len(match.take_swept([event(event_id="a")])) == 1
    assert (match.recovered, match.remembered) == (0, 0)


def test_what_is_swept_while_nobody_listens_is_no_recovery_and_is_not_repeated_afterwards() -> None:
    match = LiveMatch(NOW_MS - 1)
    match.take_live([event(1)])
    match.stop()
    assert match.take_live([event(2)]) == []
    assert len(match.take_swept([event(1, event_id="a"), event(2, event_id="b")])) == 1
    match.listen()
    assert match.take_live([event(2)]) == []
    assert len(match.take_live([event(3, NOW_MS + 1)])) == 1
    assert (match.live, match.confirmed, match.recovered) == (2, 1, 0)


def test_live_events_that_a_whole_sweep_passed_are_unconfirmed_until_one_finds_them() -> None:
    match = LiveMatch(0)
    match.take_live([event(1), event(2), event(3, NOW_MS + 2 * MINUTE_MS)])
    assert (match.open, match.unconfirmed) == (3, 0)
    match.finish(NOW_MS + MINUTE_MS, NOW_MS - 15 * MINUTE_MS)
    assert (match.open, match.unconfirmed) == (1, 2)
    match.take_swept([event(1, event_id="a")])
    assert (match.open, match.unconfirmed, match.confirmed) == (1, 1, 1)


def test_a_live_event_that_comes_after_its_minute_was_swept_is_open_until_the_next_sweep() -> None:
    match = LiveMatch(0)
    match.finish(NOW_MS + MINUTE_MS, NOW_MS - 15 * MINUTE_MS)
    match.take_live([event()])
    assert (match.open, match.unconfirmed) == (1, 0)


def test_what_is_forgotten_stays_unconfirmed() -> None:
    match = LiveMatch(0)
    match.take_live([event()])
    match.finish(NOW_MS + 20 * MINUTE_MS, NOW_MS + 5 * MINUTE_MS)
    assert (match.unconfirmed, match.open, match.remembered) == (1, 0, 0)


def test_a_live_copy_that_comes_after_its_swept_event_was_forgotten_is_not_a_repeat() -> None:
    match = LiveMatch(NOW_MS - 1)
    match.take_swept([event(1, event_id="a")])
    match.take_swept([event(2, NOW_MS + LIVE_LAG_MS + 10_000, event_id="b")])
    assert match.remembered == 1
    assert match.take_live([event(1)]) == []


def test_swept_events_are_remembered_for_the_lag_of_live_tail_only() -> None:
    match = LiveMatch(NOW_MS - 1)
    for second in range(300):
        match.take_swept([event(number, NOW_MS + 1000 * second, event_id="x") for number in range(10)])
    assert match.remembered <= 10 * (LIVE_LAG_MS // 1000 + 6)


def test_when_no_sweep_comes_through_the_memory_has_an_end_and_the_rest_is_left_to_the_sweep() -> None:
    match = LiveMatch(0)
    numbers = range(live_match.MAX_REMEMBERED + 10)
    assert len(match.take_live([event(number) for number in numbers])) == live_match.MAX_REMEMBERED
    swept = match.take_swept([event(number, event_id=str(number)) for number in numbers])
    assert len(swept) == 10
    assert (match.confirmed, match.open, match.remembered) == (live_match.MAX_REMEMBERED, 0, 10)


def test_a_page_of_more_than_can_be_remembered_is_not_repeated_live() -> None:
    match = LiveMatch(0)
    events = [event(number, NOW_MS + number % 1000, event_id=str(number)) for number in range(100_050)]
    assert len(match.take_swept(events)) == 100_050
    assert match.take_live([event(number, NOW_MS + number % 1000) for number in range(100_050)]) == []


EVENTS = st.lists(
    st.builds(event, st.integers(0, 2), st.integers(0, 3).map(lambda n: NOW_MS + n * 10_000), st.integers(0, 2)),
    max_size=12,
)


@given(EVENTS, st.data())
@settings(max_examples=300)
def test_any_interleaving_delivers_each_event_exactly_once(events: list[LogEvent], data: st.DataObject) -> None:
    copies = [(number, is_live) for number in range(len(events)) for is_live in (True, False)]
    order = data.draw(st.permutations(copies))
    lost_live = data.draw(st.sets(st.integers(0, len(events))))
    match = LiveMatch(data.draw(st.sampled_from([0, NOW_MS, NOW_MS + 10_001])))
    delivered: Counter[LogEvent] = Counter()
    for number, is_live in order:
        one = events[number]
        if not is_live:
            delivered.update(match.take_swept([one]))
        elif number not in lost_live:
            delivered.update(match.take_live([one]))
    assert delivered == Counter(events)
    assert match.live == match.confirmed
    assert match.open == match.unconfirmed == 0
    assert match.recovered >= 0


class Transports(RuleBasedStateMachine):
    """A clock, events that are written with some delay, a lossy Live Tail and sweeps with an overlap."""

    @initialize()
    def begin(self) -> None:
        self.now_ms = NOW_MS
        self.match = LiveMatch(NOW_MS - 1)
        self.is_listening = True
        self.written: list[LogEvent] = []
        self.live_queue: list[LogEvent] = []
        self.swept: set[str] = set()
        self.delivered: Counter[LogEvent] = Counter()

    @rule(late_ms=st.sampled_from([0, 0, 1_000, 119_000]), message=st.integers(0, 1), copies=st.integers(1, 3))
    def write(self, late_ms: int, message: int, copies: int) -> None:
        for _ in range(copies):
            one = event(message, self.now_ms - late_ms, late_ms, event_id=str(len(self.written)))
            self.written.append(one)
            if self.is_listening:
                self.live_queue.append(event(message, self.now_ms - late_ms, late_ms))

    @rule(milliseconds=st.sampled_from([1, 700, 5_000, 40_000, 200_000]))
    def wait(self, milliseconds: int) -> None:
        self.now_ms += milliseconds

    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        """Some arrive, in any order; some are dropped by sampling; the rest come later."""
        fates = data.draw(st.lists(st.integers(0, 2), min_size=len(self.live_queue), max_size=len(self.live_queue)))
        arrived = [one for one, fate in zip(self.live_queue, fates, strict=True) if fate == 0]
        self.live_queue = [one for one, fate in zip(self.live_queue, fates, strict=True) if fate == 2]
        self.delivered.update(_nameless(self.match.take_live(data.draw(st.permutations(arrived)))))

    @rule()
    def stop_or_listen(self) -> None:
        if self.is_listening:
            self.match.stop()
        else:
            self.match.listen()
        self.is_listening = not self.is_listening

    @rule(share=st.sampled_from([1.0, 0.5]))
    def sweep(self, share: float) -> None:
        """A whole sweep, or one that breaks off half-way; the ids are remembered either way."""
        start_ms = min([one.timestamp_ms for one in self.written], default=NOW_MS)
        found = [one for one in self.written if one.event_id not in self.swept]
        page = found[: round(len(found) * share)]
        self.swept.update(one.event_id for one in page)
        self.delivered.update(_nameless(self.match.take_swept(page)))
        if share == 1.0:
            self.match.finish(self.now_ms, start_ms)

    @precondition(lambda self: self.written)
    @invariant()
    def nothing_is_repeated(self) -> None:
        assert not self.delivered - Counter(_nameless(self.written))

    @invariant()
    def the_counts_add_up(self) -> None:
        match = self.match
        assert match.live == match.confirmed + match.open + match.unconfirmed
        assert min(match.open, match.unconfirmed, match.recovered) >= 0

    def teardown(self) -> None:
        if hasattr(self, "match"):
            self.sweep(1.0)
            assert self.delivered == Counter(_nameless(self.written))


def _nameless(events: list[LogEvent]) -> list[LogEvent]:
    return [LogEvent(one.log_stream, one.timestamp_ms, one.message, one.ingestion_time_ms) for one in events]


TestTransports = Transports.TestCase
TestTransports.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
