"""Where Insights counts all functions, sweeps go to the few that deserve it, and lose or repeat nothing in going."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.log_event import LogEvent
from lambdatop.model.reading import ReadingChoice
from lambdatop.model.view import View
from lambdatop.sources.log_cursor import LogCursor
from lambdatop.sources.log_tail import LogTail
from tests.sources.fake_call import FakeCall, SteadyRandom, key, only, watch_of

MINUTE_MS = 60_000
NOW_MS = 1_795_000_000_000
SINCE_MS = NOW_MS - 7_200_000
NAMES = tuple(f"shop-{index}" for index in range(50))
COUNTING = ReadingChoice(
    choice="insights", sentence="Many.", sweeps_from_ms=SINCE_MS, swept_groups=5, sweep_staleness_s=250.0, since_ms=0
)
SWEEPING = replace(COUNTING, choice="sweep", swept_groups=50)


class Tail:
    """A tail over many functions that each log a line every ten seconds, driven by a clock moved by hand."""

    def __init__(self, reading: ReadingChoice | None = COUNTING, view: View | None = None) -> None:
        self.fake = FakeCall({"FilterLogEvents": self._answer})
        self.watch = watch_of(*NAMES)
        self.watch.is_reading_chosen, self.watch.reading = True, reading
        self.watch.view = view or View()
        self.tail = LogTail(self.fake.call, self.watch, SteadyRandom(), SINCE_MS, None)
        self.now_ms = NOW_MS
        self.pages: list[LogEventsDelivered] = []

    def _answer(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        name = asked["logGroupName"]
        if "impossible" in asked.get("filterPattern", "") or "no line of lambdatop" in asked.get("filterPattern", ""):
            return {"events": []}
        end_ms = min(asked["endTime"], self.now_ms)
        events = [
            {
                "logStreamName": "2026/11/21/[7]0",
                "timestamp": at_ms,
                "message": "REPORT RequestId: 1\t",
                "ingestionTime": at_ms,
                "eventId": f"{name}-{at_ms}",
            }
            for at_ms in range(-(-asked["startTime"] // 10_000) * 10_000, end_ms + 1, 10_000)
        ]
        return {"events": events}

    def run(self, seconds: float) -> None:
        end_ms = self.now_ms + round(seconds * 1000)
        while self.now_ms < end_ms:
            due_ms = self.tail.next_due_ms()
            if due_ms is not None and due_ms <= self.now_ms:
                self.pages += only(self.tail.poll(self.now_ms), LogEventsDelivered)
            else:
                self.now_ms += 500

    def swept(self) -> set[str]:
        return {page.log_group.removeprefix("/aws/lambda/") for page in self.pages}

    def events(self, name: str) -> list[LogEvent]:
        return [event for page in self.pages if page.log_group == f"/aws/lambda/{name}" for event in page.events]


def test_only_what_is_opened_in_sight_or_failing_is_swept_as_far_as_there_is_room() -> None:
    tail = Tail(view=View(focus=key("shop-3"), visible=(key("shop-1"), key("shop-2"))))
    tail.watch.sick = {key(f"shop-{index}"): float(index) for index in range(10, 20)}
    tail.run(60)

    assert tail.swept() == {"shop-1", "shop-2", "shop-3", "shop-19", "shop-18"}
    status = tail.tail.status(tail.now_ms)
    assert status.state == "working"
    assert status.detail.startswith("5 of 50 log groups swept")
    assert status.ledger is not None
    assert status.ledger.groups == 5


def test_nothing_is_swept_before_it_is_chosen_how_logs_are_read() -> None:
    tail = Tail(reading=None)
    tail.run(10)

    assert not tail.pages
    assert not tail.tail.has_first_answer()
    assert tail.tail.status(tail.now_ms).state == "starting"
    tail.watch.reading = SWEEPING
    tail.run(30)
    assert tail.swept() == set(NAMES)


def test_what_comes_into_sight_is_swept_at_once_from_a_quarter_of_an_hour_ago() -> None:
    tail = Tail()
    tail.run(60)
    assert not tail.pages
    tail.watch.view = View(visible=(key("shop-7"),))
    tail.run(1)

    assert tail.swept() == {"shop-7"}
    page = tail.pages[-1]
    begin_ms = tail.now_ms - 900_000 - 1_000
    assert page.swept_from_ms is not None
    assert page.swept_from_ms % MINUTE_MS == 0
    assert begin_ms - MINUTE_MS < page.swept_from_ms <= begin_ms + 2_000
    assert min(event.timestamp_ms for event in page.events) - page.swept_from_ms < 10_000


def test_what_is_out_of_sight_is_swept_no_more() -> None:
    tail = Tail(view=View(visible=(key("shop-7"),)))
    tail.run(30)
    tail.watch.view = View()
    before = len(tail.pages)
    tail.run(60)

    assert len(tail.pages) == before
    assert tail.tail.status(tail.now_ms).ledger is not None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(5, 2_400)), max_size=6))
def test_going_and_coming_back_repeats_no_event_and_loses_none_of_what_is_said_to_be_read(
    turns: list[tuple[bool, int]],
) -> None:
    tail = Tail()
    for is_seen, seconds in turns:
        tail.watch.view = View(visible=(key("shop-7"),) if is_seen else ())
        tail.run(seconds)
    found = [event.timestamp_ms for event in tail.events("shop-7")]

    assert len(found) == len(set(found))
    for page in tail.pages:
        if page.swept_to_ms is not None and page.swept_from_ms is not None:
            first_ms = -(-page.swept_from_ms // 10_000) * 10_000
            assert set(range(first_ms, page.swept_to_ms, 10_000)) <= set(found)


def test_sweeps_begin_where_the_past_is_left_to_insights_and_go_further_back_where_it_is_not_after_all() -> None:
    tail = Tail(reading=replace(SWEEPING, sweeps_from_ms=NOW_MS - 600_000 - NOW_MS % MINUTE_MS))
    tail.run(30)
    assert min(event.timestamp_ms for event in tail.events("shop-1")) >= NOW_MS - 600_000 - MINUTE_MS
    tail.watch.reading = SWEEPING
    tail.run(60)

    found = [event.timestamp_ms for event in tail.events("shop-1")]
    assert min(found) == SINCE_MS
    assert len(found) == len(set(found))
    last = [page for page in tail.pages if page.log_group == "/aws/lambda/shop-1"][-1]
    assert last.swept_from_ms == SINCE_MS


def test_what_is_read_further_back_is_not_said_to_be_read_before_it_is() -> None:
    cursor = LogCursor(NOW_MS - 600_000, None)
    first = cursor.begin(NOW_MS)
    assert first is not None
    cursor.finish(first, NOW_MS)
    cursor.extend_back(SINCE_MS)

    assert cursor.whole_from_ms == NOW_MS - 600_000
    back = cursor.begin(NOW_MS, is_present_due=False)
    assert back is not None
    assert (back.start_ms, back.end_ms) == (SINCE_MS, NOW_MS - 600_001)
    cursor.finish(back, NOW_MS)
    assert cursor.whole_from_ms == SINCE_MS
