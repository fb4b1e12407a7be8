"""The cursor against a log group that answers as FilterLogEvents does: late events, repeats, outages."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.log_cursor import DEEP_OVERLAP_MS, LogCursor

START_MS = 1_795_000_000_000
STEP_MS = 5_000


def event(number: int, timestamp_ms: int, lag_ms: int = 100) -> LogEvent:
    return LogEvent(
        log_stream="s",
        timestamp_ms=timestamp_ms,
        message=f"line {number}",
        ingestion_time_ms=timestamp_ms + lag_ms,
        event_id=f"id-{number}",
    )


class Group:
    """Events that come into sight when they are ingested, served in pages of any size, in order of time."""

    def __init__(self, events: list[LogEvent], random_source: random.Random) -> None:
        self._events = sorted(events, key=lambda one: (one.timestamp_ms, one.ingestion_time_ms))
        self._random = random_source

    def pages(self, start_ms: int, end_ms: int, now_ms: int) -> list[list[LogEvent]]:
        seen = [
            one for one in self._events if start_ms <= one.timestamp_ms <= end_ms and one.ingestion_time_ms <= now_ms
        ]
        pages = []
        while seen:
            size = self._random.randint(0, 4)
            pages.append(seen[:size])
            seen = seen[max(0, size - self._random.randint(0, 1)) :] if size < len(seen) else []
        return [*pages, []]


offsets = st.integers(min_value=0, max_value=600_000)
lags = st.one_of(st.integers(min_value=0, max_value=20_000), st.integers(min_value=0, max_value=400_000))


@settings(max_examples=80, deadline=None)
@given(
    times=st.lists(st.tuples(offsets, lags), max_size=40),
    seed=st.integers(min_value=0, max_value=10_000),
    outages=st.lists(st.integers(min_value=0, max_value=200), max_size=30),
)
def test_each_event_is_delivered_exactly_once(times: list[tuple[int, int]], seed: int, outages: list[int]) -> None:
    events = [event(number, START_MS + offset, lag) for number, (offset, lag) in enumerate(times)]
    group = Group(events, random.Random(seed))
    cursor = LogCursor(START_MS, None)
    delivered: list[str] = []
    for step in range(1_500_000 // STEP_MS):
        now_ms = START_MS + step * STEP_MS
        sweep = cursor.begin(now_ms)
        pages = group.pages(sweep.start_ms, sweep.end_ms, now_ms)
        breaks_off = step in outages
        for page in pages[: len(pages) // 2] if breaks_off else pages:
            delivered += [one.event_id for one in cursor.take(page)]
        if not breaks_off:
            cursor.finish(sweep, now_ms)
    assert sorted(delivered) == sorted(one.event_id for one in events)
    assert cursor.delivered == len(events)
    assert cursor.fetched >= cursor.delivered


def test_an_outage_is_read_from_where_the_last_whole_sweep_ended() -> None:
    cursor = LogCursor(START_MS, None)
    cursor.finish(cursor.begin(START_MS + 1_000), START_MS + 1_000)
    hours_later_ms = START_MS + 3 * 3_600_000
    assert cursor.begin(hours_later_ms).start_ms == START_MS
    assert cursor.begin(hours_later_ms).end_ms == hours_later_ms


def test_a_bounded_range_leaves_out_its_end_and_is_read_once() -> None:
    cursor = LogCursor(START_MS, START_MS + 60_000)
    sweep = cursor.begin(START_MS + 90_000)
    assert (sweep.start_ms, sweep.end_ms) == (START_MS, START_MS + 59_999)
    assert not cursor.is_finished
    assert cursor.finish(sweep, START_MS + 90_000) == START_MS + 60_000
    assert cursor.is_finished


def test_ids_are_forgotten_by_event_time() -> None:
    cursor = LogCursor(START_MS, None)
    for minute in range(120):
        now_ms = START_MS + minute * 60_000
        sweep = cursor.begin(now_ms)
        cursor.take([event(minute * 10 + place, now_ms - place) for place in range(10)])
        cursor.finish(sweep, now_ms)
    assert cursor.remembered <= 10 * (DEEP_OVERLAP_MS // 60_000 + 3)


def test_overlap_follows_the_lag_that_is_seen() -> None:
    cursor = LogCursor(START_MS, None)
    assert cursor.overlap_ms == 120_000
    cursor.finish(cursor.begin(START_MS), START_MS)
    cursor.take([event(1, START_MS + 1_000, lag_ms=200_000)])
    assert cursor.overlap_ms == 400_000
    cursor.take([event(2, START_MS + 1_000, lag_ms=9_000_000)])
    assert cursor.overlap_ms == DEEP_OVERLAP_MS


def test_what_the_overlap_finds_is_counted_as_recovered_and_late() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 60_000)
    cursor.take([event(1, START_MS + 50_000)])
    cursor.finish(first, START_MS + 60_000)
    cursor.take([event(1, START_MS + 50_000), event(2, START_MS + 40_000, lag_ms=30_000)])
    assert (cursor.fetched, cursor.delivered, cursor.recovered, cursor.late) == (3, 2, 1, 1)


def test_lines_first_asked_for_when_a_function_is_opened_are_neither_late_nor_recovered() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 60_000)
    cursor.take([event(1, START_MS + 50_000)])
    cursor.finish(first, START_MS + 60_000)
    cursor.deepen()
    assert cursor.take([event(2, START_MS + 40_000)]) != []
    assert (cursor.recovered, cursor.late) == (0, 0)
