"""The cursor against a log group that answers as FilterLogEvents does: late events, repeats, outages, slices."""

import random
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.ingestion_lag import ENOUGH_EVENTS, FIRST_OVERLAP_MS, MAX_OVERLAP_MS, MIN_OVERLAP_MS
from lambdatop.sources.log_cursor import DEEP_OVERLAP_MS, LogCursor, Sweep

START_MS = 1_795_000_000_000
STEP_MS = 5_000
READERS = 3


def event(number: int, timestamp_ms: int, lag_ms: int = 100) -> LogEvent:
    return LogEvent(
        log_stream="s",
        timestamp_ms=timestamp_ms,
        message=f"line {number}",
        ingestion_time_ms=timestamp_ms + lag_ms,
        event_id=f"id-{number}",
    )


class Reading(NamedTuple):
    """A sweep under way: what the group will answer, in pages, as it was when each page was asked for."""

    sweep: Sweep
    reached_ms: int


class Follower:
    """Several readers share a cursor, a page a step each, and break off, split and finish as chance has it."""

    def __init__(self, events: list[LogEvent], seed: int, until_ms: int | None = None) -> None:
        self._events = sorted(events, key=lambda one: (one.timestamp_ms, one.ingestion_time_ms))
        self._random = random.Random(seed)
        self.cursor = LogCursor(START_MS, until_ms)
        self._readings: list[Reading] = []
        self._present_due_ms = 0
        self.delivered: list[str] = []
        self.complete_to_ms = 0

    def step(self, now_ms: int, *, is_outage: bool) -> None:
        """Let every reader read one page."""
        for _ in range(READERS - len(self._readings)):
            sweep = self.cursor.begin(now_ms, is_present_due=self._present_due_ms <= now_ms)
            if sweep is None:
                break
            self._readings.append(Reading(sweep, sweep.start_ms))
        readings, self._readings = self._readings, []
        for reading in readings:
            if is_outage:
                self.cursor.stop(reading.sweep, reading.reached_ms)
            else:
                self._read(reading, now_ms)

    def _read(self, reading: Reading, now_ms: int) -> None:
        sweep = reading.sweep
        visible = [
            one
            for one in self._events
            if reading.reached_ms <= one.timestamp_ms <= sweep.end_ms and one.ingestion_time_ms <= now_ms
        ]
        size = self._random.randint(1, 6)
        same_ms = visible[size - 1].timestamp_ms if len(visible) >= size else 0
        page = [one for index, one in enumerate(visible) if index < size or one.timestamp_ms == same_ms]
        self.delivered += [one.event_id for one in self.cursor.take(page, now_ms)]
        if len(page) == len(visible):
            self.complete_to_ms = self.cursor.finish(sweep, now_ms) or 0
            if sweep.kind == "present":
                self._present_due_ms = now_ms + STEP_MS
        elif self._random.random() < 0.3 and page[-1].timestamp_ms < sweep.end_ms:
            rest = self.cursor.split(sweep, page[-1].timestamp_ms, self._random.randint(1, 4))
            if rest is not None:
                self._readings.append(Reading(rest, page[-1].timestamp_ms))
        else:
            self._readings.append(Reading(sweep, page[-1].timestamp_ms))


offsets = st.integers(min_value=0, max_value=600_000)
lags = st.one_of(st.integers(min_value=0, max_value=20_000), st.integers(min_value=0, max_value=400_000))
worlds = st.lists(st.tuples(offsets, lags), max_size=60)
outages = st.lists(st.integers(min_value=0, max_value=200), max_size=60)


@settings(max_examples=100, deadline=None)
@given(times=worlds, seed=st.integers(min_value=0, max_value=10_000), outages=outages)
def test_each_event_is_delivered_exactly_once(times: list[tuple[int, int]], seed: int, outages: list[int]) -> None:
    events = [event(number, START_MS + offset, lag) for number, (offset, lag) in enumerate(times)]
    follower = Follower(events, seed)
    for step in range(1_700_000 // STEP_MS):
        follower.step(START_MS + step * STEP_MS, is_outage=step in outages)
    assert sorted(follower.delivered) == sorted(one.event_id for one in events)
    assert follower.cursor.delivered == len(events)
    assert follower.cursor.is_caught_up


@settings(max_examples=60, deadline=None)
@given(times=worlds, seed=st.integers(min_value=0, max_value=10_000), outages=outages)
def test_a_bounded_range_is_delivered_exactly_once_and_then_over(
    times: list[tuple[int, int]], seed: int, outages: list[int]
) -> None:
    until_ms = START_MS + 500_000
    events = [event(number, START_MS + offset, lag) for number, (offset, lag) in enumerate(times)]
    follower = Follower(events, seed, until_ms)
    steps = 0
    while not follower.cursor.is_finished:
        follower.step(START_MS + 2_000_000 + steps * STEP_MS, is_outage=steps in outages)
        steps += 1
        assert steps < 1_000
    assert sorted(follower.delivered) == sorted(one.event_id for one in events if one.timestamp_ms < until_ms)
    assert follower.complete_to_ms == until_ms
    assert follower.cursor.begin(START_MS + 9_000_000) is None


@settings(max_examples=60, deadline=None)
@example(
    times=[
        (0, 0), (0, 113527), (4, 0), (2, 0), (4, 0), (2, 12911), (1, 0), (1, 0), (5001, 0), (5001, 0), (5001, 0),
        (5008, 0), (7505, 0), (7504, 0), (5002, 0), (57946, 0), (284001, 1000),
    ],
    seed=2332,
    outages=[],
)  # fmt: skip
@given(times=worlds, seed=st.integers(min_value=0, max_value=10_000), outages=outages)
def test_what_is_said_to_be_complete_holds_every_event_that_had_arrived(
    times: list[tuple[int, int]], seed: int, outages: list[int]
) -> None:
    events = [event(number, START_MS + offset, lag) for number, (offset, lag) in enumerate(times)]
    follower = Follower(events, seed)
    for step in range(150):
        now_ms = START_MS + step * STEP_MS
        follower.step(now_ms, is_outage=step in outages)
        arrived = {
            one.event_id
            for one in events
            if one.timestamp_ms < follower.complete_to_ms and one.ingestion_time_ms <= one.timestamp_ms + 1_000
        }
        assert arrived <= set(follower.delivered)


def finished(cursor: LogCursor, now_ms: int) -> int | None:
    sweep = cursor.begin(now_ms)
    assert sweep is not None
    return cursor.finish(sweep, now_ms)


def test_an_outage_is_read_from_where_the_last_whole_sweep_ended() -> None:
    cursor = LogCursor(START_MS, None)
    finished(cursor, START_MS + 1_000)
    hours_later_ms = START_MS + 3 * 3_600_000
    assert cursor.begin(hours_later_ms) == Sweep(START_MS, hours_later_ms, "present")


def test_a_sweep_that_broke_off_goes_on_from_where_it_was() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 900_000)
    assert first is not None
    cursor.stop(first, START_MS + 600_000)
    assert not cursor.is_caught_up
    again = cursor.begin(START_MS + 901_000)
    assert again == Sweep(START_MS + 599_999 - MIN_OVERLAP_MS, START_MS + 901_000, "present")


def test_a_gap_is_cut_into_slices_read_oldest_first_while_the_present_goes_on() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 900_000)
    assert first is not None
    cursor.split(first, START_MS + 100_000, 4)
    assert (cursor.unread_ms, cursor.is_caught_up) == (800_001, False)
    assert cursor.begin(START_MS + 901_000, is_present_due=False) == Sweep(
        START_MS + 100_000, START_MS + 300_000, "backfill"
    )
    present = cursor.begin(START_MS + 902_000)
    assert present == Sweep(START_MS + 897_000, START_MS + 902_000, "present")
    assert cursor.finish(present, START_MS + 902_000) == START_MS + 100_000
    assert cursor.begin(START_MS + 903_000) != present, "what waits takes turns with the present"
    starts = [sweep.start_ms - START_MS for _ in range(2) if (sweep := cursor.begin(START_MS, is_present_due=False))]
    assert starts == [500_002, 700_003]
    assert cursor.begin(START_MS, is_present_due=False) is None


def test_of_a_sweep_that_is_cut_up_what_was_read_before_is_read_on_in_one() -> None:
    cursor = LogCursor(START_MS, None)
    finished(cursor, START_MS + 900_000)
    sweep = cursor.begin(START_MS + 1_020_000)
    assert sweep is not None
    rest = cursor.split(sweep, START_MS + 890_000, 2)
    assert rest == Sweep(sweep.start_ms, START_MS + 900_000, "present")
    assert cursor.unread_ms == 120_000
    slices = [cursor.begin(START_MS + 1_021_000, is_present_due=False) for _ in range(2)]
    assert [one and one.start_ms for one in slices] == [START_MS + 900_001, START_MS + 960_001]
    cursor.finish(rest, START_MS + 1_022_000)
    present = cursor.begin(START_MS + 1_025_000)
    assert present is not None
    assert present.end_ms == START_MS + 1_025_000


def test_a_bounded_range_that_ends_now_is_not_complete_to_its_end() -> None:
    cursor = LogCursor(START_MS, START_MS + 60_000)
    assert finished(cursor, START_MS + 60_000) == START_MS + 58_000
    assert cursor.is_finished


def test_ids_are_forgotten_by_event_time_and_packed_where_only_deep_sweeps_come() -> None:
    cursor = LogCursor(START_MS, None)
    for minute in range(120):
        now_ms = START_MS + minute * 60_000
        sweep = cursor.begin(now_ms)
        assert sweep is not None
        cursor.take([event(minute * 10 + place, now_ms - place) for place in range(10)], now_ms)
        cursor.finish(sweep, now_ms)
    assert cursor.remembered <= 10 * (DEEP_OVERLAP_MS // 60_000 + 3)


def test_a_deep_sweep_leaves_no_gap_before_the_present_read_beside_it() -> None:
    cursor = LogCursor(START_MS, None)
    now_ms = START_MS + 1_800_000
    sweep = cursor.begin(now_ms)
    assert sweep is not None
    cursor.take([event(number, now_ms - 500_000 + number) for number in range(3_000)], now_ms)
    cursor.finish(sweep, now_ms)
    finished(cursor, now_ms + 290_000)
    later_ms = now_ms + 300_000
    present, deep = cursor.begin(later_ms), cursor.begin(later_ms)
    assert present is not None
    assert deep is not None
    assert (present.kind, deep.kind) == ("present", "deep")
    assert deep.end_ms >= present.start_ms - 1


def test_a_busy_group_is_deep_swept_beside_its_present() -> None:
    cursor = LogCursor(START_MS, None)
    now_ms = START_MS + 1_800_000
    sweep = cursor.begin(now_ms)
    assert sweep is not None
    cursor.take([event(number, now_ms - 500_000 + number) for number in range(3_000)], now_ms)
    cursor.finish(sweep, now_ms)
    later_ms = now_ms + 300_000
    assert cursor.begin(later_ms) == Sweep(now_ms - FIRST_OVERLAP_MS, later_ms, "present")
    assert cursor.begin(later_ms) == Sweep(now_ms - DEEP_OVERLAP_MS, now_ms - FIRST_OVERLAP_MS, "deep")


def test_the_overlap_is_short_but_for_twice_a_minute() -> None:
    cursor = LogCursor(START_MS - 900_000, None)
    now_ms, overlaps = START_MS, []
    finished(cursor, now_ms)
    for _ in range(13):
        before_ms, now_ms = now_ms, now_ms + 5_000
        sweep = cursor.begin(now_ms)
        assert sweep is not None
        overlaps.append(before_ms - sweep.start_ms)
        cursor.finish(sweep, now_ms)
    assert overlaps == [
        *[MIN_OVERLAP_MS] * 5,
        FIRST_OVERLAP_MS,
        *[MIN_OVERLAP_MS] * 5,
        FIRST_OVERLAP_MS,
        MIN_OVERLAP_MS,
    ]


def test_overlap_follows_the_lag_that_is_seen() -> None:
    cursor = LogCursor(START_MS, None)
    assert cursor.overlap_ms == FIRST_OVERLAP_MS
    finished(cursor, START_MS)
    cursor.take([event(number, START_MS + number) for number in range(ENOUGH_EVENTS)], START_MS + 1_000)
    assert cursor.overlap_ms == MIN_OVERLAP_MS
    cursor.take([event(1_001, START_MS + 1_000, lag_ms=200_000)], START_MS + 201_000)
    assert cursor.overlap_ms == 400_000
    cursor.take([event(1_002, START_MS + 1_000, lag_ms=9_000_000)], START_MS + 9_001_000)
    assert cursor.overlap_ms == MAX_OVERLAP_MS
    cursor.take([event(1_003, START_MS + 1_000, lag_ms=50)], START_MS + 9_001_000 + 900_000)
    assert cursor.overlap_ms == MIN_OVERLAP_MS


def test_what_the_overlap_finds_is_counted_as_recovered_and_late() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 60_000)
    assert first is not None
    cursor.take([event(1, START_MS + 50_000)], START_MS + 60_000)
    cursor.finish(first, START_MS + 60_000)
    cursor.take([event(1, START_MS + 50_000), event(2, START_MS + 40_000, lag_ms=30_000)], START_MS + 70_000)
    assert (cursor.fetched, cursor.delivered, cursor.recovered, cursor.late) == (3, 2, 1, 1)


def test_what_slices_find_of_a_gap_is_neither_late_nor_recovered() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 60_000)
    assert first is not None
    cursor.take([event(1, START_MS + 10_000)], START_MS + 60_000)
    cursor.split(first, START_MS + 10_000, 2)
    cursor.take([event(2, START_MS + 59_000)], START_MS + 60_000)
    cursor.take([event(3, START_MS + 20_000)], START_MS + 60_000)
    assert (cursor.recovered, cursor.late) == (0, 0)


def test_lines_first_asked_for_when_a_function_is_opened_are_neither_late_nor_recovered() -> None:
    cursor = LogCursor(START_MS, None)
    first = cursor.begin(START_MS + 60_000)
    assert first is not None
    cursor.take([event(1, START_MS + 50_000)], START_MS + 60_000)
    cursor.finish(first, START_MS + 60_000)
    cursor.deepen()
    assert cursor.take([event(2, START_MS + 40_000)], START_MS + 61_000) != []
    assert (cursor.recovered, cursor.late) == (0, 0)


def test_what_came_late_during_a_long_gap_is_looked_for_once_the_gap_is_filled() -> None:
    cursor = LogCursor(START_MS, None)
    finished(cursor, START_MS + 900_000)
    present = cursor.begin(START_MS + 4_500_000)
    assert present is not None
    cursor.take([event(number, START_MS + 1_000_000 + number) for number in range(3_000)], START_MS + 4_500_000)
    assert cursor.split(present, START_MS + 1_003_000, 1) is None
    while (piece := cursor.begin(START_MS + 4_500_000, is_present_due=False)) is not None:
        cursor.finish(piece, START_MS + 4_500_000)
    sweeps = [cursor.begin(START_MS + 4_810_000) for _ in range(2)]
    deep = next(sweep for sweep in sweeps if sweep is not None and sweep.kind == "deep")
    assert deep.start_ms == START_MS + 900_000 - FIRST_OVERLAP_MS
    late = event(9_001, START_MS + 1_001_000, lag_ms=90_000)
    assert cursor.take([event(1_000, START_MS + 1_001_000), late], START_MS + 4_810_000) == [late]


def test_a_clock_that_was_ahead_loses_and_repeats_nothing_once_it_is_set_right() -> None:
    events = [event(number, START_MS + number * 1_000) for number in range(3_600)]
    cursor = LogCursor(START_MS, None)
    delivered: list[str] = []

    def sweep_at(said_ms: int, true_ms: int) -> None:
        sweep = cursor.begin(said_ms)
        assert sweep is not None
        page = [
            one
            for one in events
            if sweep.start_ms <= one.timestamp_ms <= sweep.end_ms and one.ingestion_time_ms <= true_ms
        ]
        delivered.extend(one.event_id for one in cursor.take(page, said_ms))
        complete_to_ms = cursor.finish(sweep, said_ms)
        assert complete_to_ms is not None
        assert complete_to_ms <= said_ms

    sweep_at(START_MS + 600_000 + 3_600_000, START_MS + 600_000)
    for minute in (11, 12, 37, 38, 44, 50, 59):
        sweep_at(START_MS + minute * 60_000, START_MS + minute * 60_000)
    due = [one.event_id for one in events if one.ingestion_time_ms <= START_MS + 59 * 60_000]
    assert sorted(delivered) == sorted(due)


def test_a_sweep_that_looked_far_back_and_broke_off_does_so_again() -> None:
    cursor = LogCursor(START_MS, None)
    finished(cursor, START_MS + 900_000)
    deep = cursor.begin(START_MS + 1_200_000)
    assert deep == Sweep(START_MS, START_MS + 1_200_000, "present")
    cursor.stop(deep, deep.start_ms)
    assert cursor.begin(START_MS + 1_205_000) == Sweep(START_MS, START_MS + 1_205_000, "present")


def test_a_present_that_starts_after_the_clock_is_read_as_nothing() -> None:
    cursor = LogCursor(START_MS + 60_000, None)
    finished(cursor, START_MS)
    sweep = cursor.begin(START_MS + 5_000)
    assert sweep is not None
    assert sweep.start_ms <= sweep.end_ms


def test_a_bounded_range_is_remembered_until_it_is_over() -> None:
    until_ms = START_MS + 1_800_000
    events = [event(number, START_MS + number * 500) for number in range(3_000)]
    cursor = LogCursor(START_MS, until_ms)
    now_ms = until_ms + 60_000
    delivered = []
    for reached in (1_000, 2_500):
        sweep = cursor.begin(now_ms)
        assert sweep is not None
        delivered += cursor.take([one for one in events[:reached] if one.timestamp_ms >= sweep.start_ms], now_ms)
        cursor.stop(sweep, events[reached - 1].timestamp_ms)
        now_ms += 400_000
    while not cursor.is_finished:
        sweep = cursor.begin(now_ms)
        assert sweep is not None
        delivered += cursor.take([one for one in events if sweep.start_ms <= one.timestamp_ms <= sweep.end_ms], now_ms)
        cursor.finish(sweep, now_ms)
    assert len(delivered) == len(events)
