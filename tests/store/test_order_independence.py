"""The order and the batches that events come in change no number."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Environment, EnvironmentQuestion
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.statistics import WindowStatistics
from lambdatop.model.view import View
from lambdatop.store.environments import EnvironmentSurvey
from lambdatop.store.store import Store
from tests.store.lines import (
    CHECKOUT,
    START_MS,
    Line,
    catalogue,
    delivery,
    ended,
    reported,
    request_id,
    started,
    stream_name,
)

SPAN_MS = 300_000
END_MS = START_MS + SPAN_MS + 120_000
INIT_START: str = (
    "INIT_START Runtime Version: python:3.12.v11\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:36ae\n"
)
RAISED = "[ERROR] KeyError: 'cart'\nTraceback (most recent call last):"
IMPORT_ERROR = "[ERROR] Runtime.ImportModuleError: Unable to import module 'a': No module named 'a'\nTraceback:"
INVOKE_INIT_REPORT = (
    "INIT_REPORT Init Duration: 80.49 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError"
)
OUTCOMES = ("plain", "plain", "plain", "cold", "timeout", "killed", "memory", "raised", "import", "running", "silent")


@st.composite
def stream_lines(draw: st.DrawFn, first_number: int) -> list[Line]:
    """One environment's life: invocations one after the other, some failing, some never reported."""
    lines: list[Line] = []
    now_ms = draw(st.integers(-5_000, 60_000))
    number = first_number
    for outcome in draw(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8)):
        number = number if draw(st.integers(0, 4)) == 0 else number + 1
        duration_ms = draw(st.sampled_from((0, 1, 2, 40, 1500, 3000)))
        begin_ms = now_ms + draw(st.sampled_from((0, 0, 1, 30, 20_000)))
        end_ms = begin_ms + duration_ms + draw(st.integers(0, 3))
        middle_ms = begin_ms + duration_ms // 2
        lines.extend(invocation(outcome, begin_ms, middle_ms, end_ms, duration_ms, number))
        now_ms = end_ms
    return lines


def exited(number: int, how: str) -> str:
    return f"RequestId: {request_id(number)} Error: Runtime exited with error: {how}\nRuntime.ExitError\n"


def invocation(
    outcome: str, begin_ms: int, middle_ms: int, end_ms: int, duration_ms: int, number: int
) -> Iterator[Line]:
    if outcome == "cold":
        yield begin_ms, INIT_START
    if outcome == "import":
        yield begin_ms, IMPORT_ERROR
        yield begin_ms, INVOKE_INIT_REPORT
    yield started(begin_ms, number)
    if outcome == "raised":
        yield middle_ms, RAISED
    if outcome == "killed":
        yield (
            middle_ms,
            exited(number, "signal: killed"),
        )
    if outcome in {"running", "silent"}:
        if outcome == "silent":
            yield (
                middle_ms,
                exited(number, "exit status 1"),
            )
        return
    yield ended(end_ms, number)
    if outcome == "timeout":
        yield reported(end_ms, number, duration_ms, status="timeout")
    elif outcome == "memory":
        yield reported(end_ms, number, duration_ms, used_mb=128, status="error", error_type="Runtime.OutOfMemory")
    elif outcome == "import":
        yield reported(end_ms, number, duration_ms, status="error", error_type="Runtime.ImportModuleError")
    else:
        yield reported(end_ms, number, duration_ms, init_ms=120.0 if outcome == "cold" else None)


@st.composite
def histories(draw: st.DrawFn) -> list[LogEvent]:
    found: list[LogEvent] = []
    for index in range(draw(st.integers(1, 3))):
        name = stream_name(index, "$LATEST" if index < 2 else "7")
        found.extend(LogEvent(name, START_MS + at_ms, text) for at_ms, text in draw(stream_lines(index * 100)))
    return found


def environments(store: Store) -> tuple[Environment, ...]:
    ledger = store.ledger(CHECKOUT)
    if ledger is None:
        return ()
    survey = EnvironmentSurvey(EnvironmentQuestion(topic="environments", number=1, function=CHECKOUT))
    found = list(survey.look(ledger, list(store.log_streams(CHECKOUT)), START_MS + 50_000))
    return survey.answer(ledger, found).environments


def read_in(batches: list[list[LogEvent]], catalogue_after: int, until_ms: int | None = None) -> Snapshot:
    return store_of(batches, catalogue_after, until_ms).snapshot(END_MS, View(window="15m"))


def store_of(batches: list[list[LogEvent]], catalogue_after: int, until_ms: int | None = None) -> Store:
    store = Store(START_MS, until_ms)
    for index, batch in enumerate(batches):
        if index == catalogue_after:
            store.apply(catalogue(), END_MS)
        store.apply(delivery(batch), END_MS)
    if catalogue_after >= len(batches):
        store.apply(catalogue(), END_MS)
    store.apply(delivery([], swept_to_ms=SPAN_MS), END_MS)
    return store


def numbers(snapshot: Snapshot) -> object:
    """Everything of the picture that is a total."""
    (row,) = snapshot.functions
    versions = {version.version: version.statistics for version in row.versions}
    counted = row.window, versions, row.concurrency_now, snapshot.total, snapshot.trends, snapshot.accounts
    return counted, snapshot.error_groups


def assert_same(first: Snapshot, other: Snapshot) -> None:
    assert numbers(other) == numbers(first)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[LogEvent], list[list[LogEvent]], int]:
    """A history, the same events shuffled into batches, and when the catalogue comes."""
    history = draw(histories())
    shuffled = draw(st.permutations(history))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=6)))
    edges = [0, *cuts, len(shuffled)]
    batches = [shuffled[start:end] for start, end in pairwise(edges)]
    return history, batches, draw(st.integers(0, len(batches)))


@settings(max_examples=300, deadline=None)
@given(deliveries())
def test_any_order_and_any_batches_give_the_same_numbers(
    case: tuple[list[LogEvent], list[list[LogEvent]], int],
) -> None:
    history, batches, catalogue_after = case

    assert_same(read_in([history], 0), read_in(batches, catalogue_after))


@settings(max_examples=300, deadline=None)
@given(deliveries(), st.integers(1, SPAN_MS) | st.none())
def test_any_order_and_any_batches_tell_the_same_of_environments(
    case: tuple[list[LogEvent], list[list[LogEvent]], int], length_ms: int | None
) -> None:
    history, batches, catalogue_after = case
    until_ms = None if length_ms is None else START_MS + length_ms
    expected = environments(store_of([history], 0, until_ms))

    assert environments(store_of(batches, catalogue_after, until_ms)) == expected
    assert expected


@settings(max_examples=100, deadline=None)
@given(histories())
def test_environments_add_up_to_their_function(history: list[LogEvent]) -> None:
    store = store_of([history], 0)
    found, window = environments(store), store.snapshot(END_MS, View(window="start")).functions[0].window

    assert sum(each.invocations for each in found) == window.invocations
    assert sum(each.failures for each in found) == window.error_kinds.total


@settings(max_examples=100, deadline=None)
@given(deliveries(), st.integers(1, SPAN_MS))
def test_the_same_holds_for_a_bounded_run(
    case: tuple[list[LogEvent], list[list[LogEvent]], int], length_ms: int
) -> None:
    history, batches, catalogue_after = case
    until_ms = START_MS + length_ms

    assert_same(read_in([history], 0, until_ms), read_in(batches, catalogue_after, until_ms))


@settings(max_examples=100, deadline=None)
@given(histories())
def test_one_event_at_a_time_with_a_snapshot_after_each_gives_the_same_numbers(history: list[LogEvent]) -> None:
    store = Store(START_MS)
    store.apply(catalogue(), END_MS)
    for event in reversed(history):
        store.apply(delivery([event]), END_MS)
        store.snapshot(END_MS, View(window="15m"))
    store.apply(delivery([], swept_to_ms=SPAN_MS), END_MS)

    assert_same(read_in([history], 0), store.snapshot(END_MS, View(window="15m")))


@settings(max_examples=100, deadline=None)
@given(histories())
def test_errors_never_outnumber_invocations(history: list[LogEvent]) -> None:
    window: WindowStatistics = read_in([history], 0).functions[0].window

    assert window.error_kinds.total <= window.invocations
    assert window.suppressed_inits <= window.invocations


@pytest.mark.parametrize("window", ["1m", "5m", "15m", "1h", "start"])
def test_a_report_that_comes_late_counts_in_the_window_it_belongs_to(window: str) -> None:
    store = Store(START_MS)
    store.apply(catalogue(), END_MS)
    now_ms = START_MS + 7_200_000
    store.snapshot(now_ms, View())
    ages_s = 30, 200, 800, 3000, 7000
    late = [LogEvent(stream_name(age_s), now_ms - age_s * 1000, reported(0, age_s)[1]) for age_s in ages_s]
    store.apply(delivery(late), now_ms)

    (row,) = store.snapshot(now_ms, View(window=window)).functions  # type: ignore[arg-type]  # one of the windows

    assert row.window.invocations == 1 + ["1m", "5m", "15m", "1h", "start"].index(window)
