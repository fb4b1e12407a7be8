"""A minute counts once: by its lines where all of them were read, else by the newest aggregate, in whatever order."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.aggregated import AggregatedBin, AggregatedFailure, MinutesAggregated
from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.log_event import LogEvent
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.function_row import RowMaker
from lambdatop.store.provenance import LATE_MS
from lambdatop.store.store import Store
from tests.store.lines import CHECKOUT, GROUP, SCOPE, START_MS, catalogue, reported, stream_name

MINUTE_MS = 60_000
SLOT_MS = 5_000
"""What sweeps cover begins and ends at a multiple of this."""
MINUTES = 12
NOW_MS = START_MS + MINUTES * MINUTE_MS + 30_000
VERSIONS = ("$LATEST", "7")
OTHER = "/aws/lambda/other"


class Ran(NamedTuple):
    """One invocation's report, `at_ms` after the start."""

    at_ms: int
    number: int
    version: str
    duration_ms: int
    is_cold: bool
    status: str | None

    @property
    def minute(self) -> int:
        return self.at_ms // MINUTE_MS

    def event(self) -> LogEvent:
        init_ms = 100.0 if self.is_cold else None
        _, text = reported(0, self.number, self.duration_ms, billed_ms=1, init_ms=init_ms, status=self.status)
        return LogEvent(stream_name(VERSIONS.index(self.version), self.version), START_MS + self.at_ms, text)


class Told(NamedTuple):
    """A delivery: events, and what it covers by lines; or an aggregate, and when it was asked for."""

    ran: tuple[Ran, ...]
    from_ms: int
    until_ms: int
    asked_at_ms: int | None

    def delivery(self) -> LogEventsDelivered | MinutesAggregated:
        if self.asked_at_ms is not None:
            return aggregate(self.ran, self.from_ms, self.until_ms, self.asked_at_ms)
        is_whole = self.until_ms > self.from_ms
        return LogEventsDelivered(
            scope=SCOPE,
            log_group=GROUP,
            events=[one.event() for one in self.ran],
            depth="platform",
            swept_from_ms=START_MS + self.from_ms if is_whole else None,
            swept_to_ms=START_MS + self.until_ms if is_whole else None,
        )


def aggregate(
    ran: Sequence[Ran], from_ms: int, until_ms: int, asked_at_ms: int, bin_ms: int = MINUTE_MS
) -> MinutesAggregated:
    bins = []
    for start_ms in range(from_ms, until_ms, bin_ms):
        for version in VERSIONS:
            held = [one for one in ran if one.version == version and start_ms <= one.at_ms < start_ms + bin_ms]
            failed = Counter(one.status for one in held if one.status)
            if held:
                bins.append(
                    AggregatedBin(
                        log_group=GROUP,
                        version=version,
                        start_ms=START_MS + start_ms,
                        invocations=len(held),
                        cold_starts=sum(one.is_cold for one in held),
                        billed_duration_ms=len(held),
                        billed_mb_ms=len(held) * 128,
                        max_memory_used_mb=64,
                        durations=tuple(Counter(float(one.duration_ms) for one in held).items()),
                        max_duration_ms=max(one.duration_ms for one in held),
                        init_durations=((100.0, sum(one.is_cold for one in held)),) if any(map(cold, held)) else (),
                        max_init_duration_ms=100.0,
                        failures=tuple(AggregatedFailure(status=key, invocations=n) for key, n in failed.items()),
                    )
                )
    return MinutesAggregated(
        scope=SCOPE,
        log_groups=(GROUP,),
        from_ms=START_MS + from_ms,
        until_ms=START_MS + until_ms,
        bin_ms=bin_ms,
        asked_at_ms=asked_at_ms,
        bins=tuple(bins),
    )


def cold(one: Ran) -> bool:
    return one.is_cold


@st.composite
def histories(draw: st.DrawFn) -> list[Ran]:
    return [
        Ran(
            draw(st.integers(0, MINUTES * MINUTE_MS // SLOT_MS - 1)) * SLOT_MS
            + draw(st.sampled_from((0, SLOT_MS - 1))),
            number,
            draw(st.sampled_from(VERSIONS)),
            draw(st.sampled_from((1, 40, 3000))),
            draw(st.booleans()),
            draw(st.sampled_from((None, None, "timeout"))),
        )
        for number in range(draw(st.integers(0, 30)))
    ]


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """Sweeps over some stretches, each event delivered once, and aggregates that may lack what came late; shuffled."""
    history = draw(histories())
    found: list[Told] = []
    slots = sorted(draw(st.lists(st.integers(0, MINUTES * MINUTE_MS // SLOT_MS), max_size=4)))
    edges = [slot * SLOT_MS for slot in slots]
    swept: set[Ran] = set()
    for from_ms, until_ms in list(pairwise(edges))[::2]:
        held = tuple(one for one in history if from_ms <= one.at_ms < until_ms and one not in swept)
        swept.update(held)
        found.append(Told(held, from_ms, until_ms, None))
    strays = tuple(one for one in history if one not in swept and draw(st.booleans()))
    found.append(Told(strays, 0, 0, None))
    for asked_at_ms in range(draw(st.integers(0, 5))):
        first, last = sorted((draw(st.integers(0, MINUTES)), draw(st.integers(0, MINUTES))))
        held = tuple(one for one in history if first <= one.minute < last and draw(st.integers(0, 9)))
        found.append(Told(held, first * MINUTE_MS, last * MINUTE_MS, asked_at_ms))
    return found, draw(st.permutations(found))


def truth(told: Sequence[Told]) -> Counter[object]:
    """The plain model: for each minute all lines, or the newest aggregate, or what lines there are.

    Lines go on being swept unless an aggregate went further; then those of the last minutes may lack what was late.
    """
    covered = {ms for one in told if one.asked_at_ms is None for ms in range(one.from_ms, one.until_ms, SLOT_MS)}
    told_to_ms = max(
        (one.until_ms for one in told if one.asked_at_ms is not None and one.until_ms > one.from_ms), default=0
    )
    numbers: Counter[object] = Counter()
    for minute in range(MINUTES):
        span = range(minute * MINUTE_MS, (minute + 1) * MINUTE_MS, SLOT_MS)
        lines = [run for one in told if one.asked_at_ms is None for run in one.ran if run.minute == minute]
        answers = [
            one for one in told if one.asked_at_ms is not None and one.from_ms <= span[0] and span[-1] < one.until_ms
        ]
        swept_to_ms = span[0]
        while swept_to_ms in covered:
            swept_to_ms += SLOT_MS
        least_ms = span[-1] + SLOT_MS
        if told_to_ms > swept_to_ms:
            least_ms += LATE_MS
        counted = lines
        if answers and swept_to_ms < least_ms:
            newest = max(answers, key=lambda one: one.asked_at_ms or 0)
            counted = [run for run in newest.ran if run.minute == minute]
        for run in counted:
            numbers[run.version, "invocations"] += 1
            numbers[run.version, "cold_starts"] += run.is_cold
            numbers[run.version, "timeouts"] += run.status == "timeout"
            numbers["duration", run.duration_ms] += 1
            numbers["minute", minute] += 1
    return +numbers


def store_of(told: Sequence[Told], *, looks: bool = False) -> Store:
    store = Store(START_MS)
    store.apply(catalogue(), NOW_MS)
    for one in told:
        store.apply(one.delivery(), NOW_MS)
        if looks:
            store.snapshot(NOW_MS, View(window="1h"))
    return store


def numbers_of(picture: Snapshot) -> Counter[object]:
    (row,) = picture.functions
    numbers: Counter[object] = Counter()
    for version in row.versions:
        window = version.statistics
        numbers[version.version, "invocations"] += window.invocations
        numbers[version.version, "cold_starts"] += window.cold_starts or 0
        numbers[version.version, "timeouts"] += window.error_kinds.timeout
    return +numbers


def by_version(numbers: Counter[object]) -> Counter[object]:
    return Counter({key: number for key, number in numbers.items() if isinstance(key, tuple) and key[0] in VERSIONS})


@settings(max_examples=150, deadline=None)
@given(tellings(), st.booleans())
def test_each_minute_is_counted_as_the_plain_model_has_it_in_any_order(
    case: tuple[list[Told], list[Told]], looks: bool
) -> None:
    told, shuffled = case
    expected = truth(told)

    for window in ("1h", "start"):
        picture = store_of(shuffled, looks=looks).snapshot(NOW_MS, View(window=window))

        assert numbers_of(picture) == by_version(expected)
        (row,) = picture.functions
        durations = row.window.duration_ms
        invoked = sum(number for key, number in expected.items() if isinstance(key, tuple) and key[1] == "invocations")
        assert (durations.count if durations else 0) == row.window.invocations == invoked
        assert picture.total is not None
        assert picture.total.invocations == invoked
        trend = dict(zip(picture.trends.minutes, row.invocation_trend, strict=True))
        for minute in range(MINUTES):
            assert trend[START_MS + minute * MINUTE_MS] in (None, expected["minute", minute])


@settings(max_examples=100, deadline=None)
@given(tellings())
def test_the_whole_picture_is_the_same_in_any_order(case: tuple[list[Told], list[Told]]) -> None:
    told, shuffled = case
    first, other = (store_of(each).snapshot(NOW_MS, View(window="15m")) for each in (told, shuffled))

    assert (first.functions, first.total, first.trends) == (other.functions, other.total, other.trends)


@settings(max_examples=100, deadline=None)
@given(histories(), st.booleans())
def test_where_both_tell_of_everything_totals_are_those_of_the_lines(history: list[Ran], are_lines_last: bool) -> None:
    end_ms = MINUTES * MINUTE_MS
    lines, answer = Told(tuple(history), 0, end_ms, None), Told(tuple(history[::2]), 0, end_ms, 1)
    both = [answer, lines] if are_lines_last else [lines, answer]

    assert numbers_of(store_of(both).snapshot(NOW_MS, View(window="1h"))) == by_version(truth([lines]))


@settings(max_examples=60, deadline=None)
@given(tellings())
def test_what_leaves_the_hour_stays_in_the_sum_as_it_was_counted(case: tuple[list[Told], list[Told]]) -> None:
    told, shuffled = case
    store = store_of(shuffled, looks=True)
    for hours in (1, 2, 3):
        store.snapshot(NOW_MS + hours * 3_600_000, View(window="5m"))

    picture = store.snapshot(NOW_MS + 4 * 3_600_000, View(window="start"))
    assert numbers_of(picture) == by_version(truth(told))


def test_an_answer_that_comes_again_after_the_hour_counts_once() -> None:
    ran = Ran(1_000, 1, "7", 40, False, None)
    store = store_of([Told((ran,), 0, MINUTE_MS, 1)])
    later_ms = NOW_MS + 2 * 3_600_000
    store.snapshot(later_ms, View())
    store.apply(aggregate([ran, ran], 0, MINUTE_MS, 2), later_ms)

    (row,) = store.snapshot(later_ms, View(window="start")).functions
    assert row.window.invocations == 1


def test_hours_long_ago_count_once_and_only_since_the_start() -> None:
    hour_ms = 3_600_000
    start_ms = START_MS - START_MS % hour_ms
    ran = [Ran(start_ms - START_MS + 5, number, "7", 40, False, None) for number in range(3)]
    now_ms = start_ms + 5 * hour_ms
    store = Store(start_ms)
    store.apply(catalogue(), now_ms)
    for asked_at_ms in (1, 2):
        store.apply(aggregate(ran, start_ms - START_MS, start_ms - START_MS + hour_ms, asked_at_ms, hour_ms), now_ms)

    assert store.snapshot(now_ms, View(window="start")).functions[0].window.invocations == 3
    assert store.snapshot(now_ms, View(window="1h")).functions[0].window.invocations == 0


def test_windows_end_where_the_newest_aggregate_does() -> None:
    ran = [Ran(10_000 * number, number, "7", 40, False, None) for number in range(18)]
    store = store_of([Told(tuple(ran), 0, 3 * MINUTE_MS, 1)])
    picture = store.snapshot(START_MS + 3 * MINUTE_MS + 55_000, View(window="1m"))

    (row,) = picture.functions
    assert row.aggregated_to_ms == row.window.end_ms == START_MS + 3 * MINUTE_MS
    assert row.window.invocations == 6
    assert row.invocation_trend[-2:] == (6, None)
    assert picture.trends.invocations[-2:] == (6, None)
    assert picture.aggregated_functions == 1
    assert picture.complete_to_ms == START_MS + 3 * MINUTE_MS


def test_what_an_aggregate_cannot_tell_is_unknown_and_said() -> None:
    ran = Ran(1_000, 1, "7", 40, True, "timeout")
    picture = store_of([Told((ran,), 0, MINUTES * MINUTE_MS, 1)]).snapshot(NOW_MS, View(window="1h"))

    (row,) = picture.functions
    assert (row.window.concurrency_peak, row.concurrency_now, row.window.application_errors) == (None, None, None)
    assert picture.total is not None
    assert picture.total.concurrency_peak is None
    assert picture.accounts[0].peak is None
    noted = {note.field for note in row.notes}
    assert {"invocations", "errors", "cold_starts", "duration_ms", "concurrency_peak"} <= noted
    assert row.health.state != "unknown"


def test_an_opened_function_counts_by_its_lines_again() -> None:
    ran = Ran(MINUTES * MINUTE_MS - 10_000, 1, "7", 40, False, None)
    answer = Told((), 0, (MINUTES - 1) * MINUTE_MS, 1)
    opened = Told((ran,), (MINUTES - 2) * MINUTE_MS, MINUTES * MINUTE_MS - 5_000, None)
    (row,) = store_of([answer, opened]).snapshot(NOW_MS, View(window="1m")).functions

    assert row.aggregated_to_ms is None
    assert row.window.end_ms == NOW_MS
    assert row.window.invocations == 1
    assert row.concurrency_now == 0
    assert not [note for note in row.notes if "could not be read" in note.text]
    assert all(note.field != "invocations" for note in row.notes)


def test_minutes_that_nothing_told_of_are_not_zero() -> None:
    told = [Told((), 0, 2 * MINUTE_MS, 1), Told((), 5 * MINUTE_MS, MINUTES * MINUTE_MS, 2)]
    (row,) = store_of(told).snapshot(NOW_MS, View(window="15m")).functions

    assert row.invocation_trend[-MINUTES - 1 :] == (0, 0, None, None, None, *(0,) * (MINUTES - 5), None)
    assert "3 minutes of the window could not be read" in {note.text for note in row.notes}


def test_a_long_window_says_whether_its_beginning_was_read() -> None:
    hour_ms = 3_600_000
    from_ms = START_MS % hour_ms
    now_ms = START_MS + 3 * hour_ms
    store = Store(START_MS)
    store.apply(catalogue(), now_ms)
    store.apply(aggregate([], 3 * hour_ms - 15 * MINUTE_MS, 3 * hour_ms, 1), now_ms)
    said = "the window's beginning has not been read"
    assert said in {note.text for note in store.snapshot(now_ms, View(window="start")).functions[0].notes}

    store.apply(aggregate([], -from_ms, hour_ms - from_ms, 2, hour_ms), now_ms)
    assert said not in {note.text for note in store.snapshot(now_ms, View(window="start")).functions[0].notes}


def test_a_group_without_rows_is_known_to_have_had_none() -> None:
    answer = Told((), 0, MINUTES * MINUTE_MS, 1)
    (row,) = store_of([answer]).snapshot(NOW_MS, View(window="15m")).functions

    assert row.health.state == "idle"
    assert row.key == CHECKOUT


def test_a_row_is_made_again_with_each_aggregate_and_not_between(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    make = RowMaker.row

    def counted(maker: RowMaker, ledger: FunctionLedger, *others: object) -> object:
        made.append(ledger)
        return make(maker, ledger, *others)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(RowMaker, "row", counted)
    store = store_of([Told((Ran(1_000, 1, "7", 40, False, None),), 0, MINUTES * MINUTE_MS, 1)])
    for seconds in range(45, 60, 5):
        store.snapshot(START_MS + MINUTES * MINUTE_MS + seconds * 1_000, View())
    assert len(made) == 1

    store.apply(aggregate((), MINUTES * MINUTE_MS, (MINUTES + 1) * MINUTE_MS, 2), NOW_MS + 90_000)
    store.snapshot(NOW_MS + 90_000, View())
    assert len(made) == 2
