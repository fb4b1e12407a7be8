"""What is said of execution environments, from the lines that they write."""

from collections.abc import Iterable

import pytest

from lambdatop.model.delivery import FunctionConcurrencyDelivered
from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.model.question import Environment, EnvironmentAnswer, EnvironmentQuestion
from lambdatop.store.environments import (
    CRASH_SILENCE_MS,
    ENVIRONMENTS_MOST,
    IDLE_MOST_MS,
    REPLACED_AFTER_MS,
    EnvironmentSurvey,
)
from lambdatop.store.store import Store
from tests.store.lines import (
    CHECKOUT,
    SCOPE,
    START_MS,
    Line,
    catalogue,
    checkout,
    delivery,
    events,
    read,
    reported,
    request_id,
    row,
    started,
    stream_name,
)

INIT_START = (
    "INIT_START Runtime Version: python:3.12.v11\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:36ae\n"
)
QUESTION = EnvironmentQuestion(topic="environments", number=3, function=CHECKOUT)


def answer(store: Store, after_ms: int = 60_000) -> EnvironmentAnswer:
    survey, ledger = EnvironmentSurvey(QUESTION), store.ledger(CHECKOUT)
    assert ledger is not None
    found = list(survey.look(ledger, list(store.log_streams(CHECKOUT)), START_MS + after_ms))
    return survey.answer(ledger, found)


def only(lines: Iterable[Line], after_ms: int, function: LambdaFunction | None = None) -> Environment:
    (environment,) = answer(read(lines, function), after_ms).environments
    return environment


def invoked(at_ms: int, number: int, **facts: object) -> list[Line]:
    return [started(at_ms, number), reported(at_ms + 10, number, 10, **facts)]  # type: ignore[arg-type]  # its own facts


def served(count: int, first_mb: float, rise_mb: float, first_ms: int = 0) -> list[Line]:
    """Invocations a second apart, each of which uses more memory than the one before."""
    return [
        line
        for index in range(count)
        for line in invoked(
            first_ms + index * 1000, first_ms + index, size_mb=512, used_mb=int(first_mb + rise_mb * index)
        )
    ]


def test_an_environment_that_served_says_what_it_did() -> None:
    lines = [(0, INIT_START), *invoked(500, 1, init_ms=480.0, used_mb=60), *invoked(3_000, 2, used_mb=66)]
    raised = 3_005, "[ERROR] KeyError: 'cart'\nTraceback (most recent call last):"
    environment = only([*lines, raised], after_ms=4_000)

    assert environment.state == "idle"
    assert (environment.invocations, environment.failures, environment.in_flight) == (2, 1, 0)
    assert (environment.first_seen_ms, environment.last_seen_ms) == (START_MS, START_MS + 3_010)
    assert environment.began_cold_ms == START_MS + 510
    assert environment.is_begin_seen
    assert (environment.max_memory_used_mb, environment.memory_used_mb, environment.memory_size_mb) == (66, 66, 128)
    assert environment.memory_mb == (60, 60, 60, 66)
    assert environment.version == "$LATEST"
    assert environment.memory_trend is None


@pytest.mark.parametrize(
    ("lines", "after_ms", "state"),
    [
        ([(0, INIT_START)], 5_000, "starting"),
        ([(0, INIT_START)], 30_000, "idle"),
        ([(0, INIT_START), started(400, 1)], 2_000, "starting"),
        ([(0, INIT_START), *invoked(400, 1, init_ms=390.0), started(1_000, 2)], 2_000, "busy"),
        ([started(0, 1)], 2_000, "busy"),
        ([started(0, 1)], 12_999, "busy"),
        ([started(0, 1)], 13_001, "idle"),
        ([started(0, 1), *invoked(5_000, 2)], 6_000, "idle"),
        (invoked(0, 1), IDLE_MOST_MS, "idle"),
        (invoked(0, 1), IDLE_MOST_MS + 20, "gone"),
        (invoked(0, 1, status="timeout"), CRASH_SILENCE_MS, "idle"),
        (invoked(0, 1, status="timeout"), CRASH_SILENCE_MS + 20, "gone"),
        ([*invoked(0, 1, status="timeout"), *invoked(50_000, 2)], 200_000, "idle"),
        ([*invoked(0, 1, status="timeout"), (59_000, INIT_START)], 90_000, "idle"),
        ([started(0, 1), (5, f"RequestId: {request_id(1)} Error: Runtime exited\nRuntime.ExitError\n")], 2_000, "idle"),
    ],
)
def test_the_state_of_an_environment(lines: list[Line], after_ms: int, state: str) -> None:
    assert only(lines, after_ms).state == state


def test_a_version_that_is_silent_while_another_runs_has_been_replaced() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    store.apply(delivery(events(invoked(0, 1), stream_name(1, "41"))), START_MS)
    store.apply(delivery(events(invoked(200_000, 2), stream_name(2, "42"))), START_MS)

    def states(after_ms: int) -> dict[str | None, str]:
        return {each.version: each.state for each in answer(store, after_ms).environments}

    assert states(REPLACED_AFTER_MS) == {"41": "idle", "42": "idle"}
    assert states(REPLACED_AFTER_MS + 20) == {"41": "gone", "42": "idle"}


def test_a_change_of_the_function_replaces_what_was_silent_since() -> None:
    changed = checkout(last_modified="2026-11-18T12:30:20.000+0000")
    changed_ms = 1_795_005_020_000 - START_MS
    assert only(invoked(changed_ms - 60_000, 1), changed_ms - 1_000).state == "idle"
    assert only(invoked(changed_ms - 60_000, 1), changed_ms + 1_000, changed).state == "gone"
    assert only(invoked(changed_ms + 500, 1), changed_ms + 1_000, changed).state == "idle"


def test_provisioned_environments_are_kept_without_requests() -> None:
    lines = [(0, INIT_START), (900, "INIT_REPORT Init Duration: 850.00 ms\n"), *invoked(2_000, 1)]
    store = read(lines)
    assert answer(store, 2_000_000).environments[0].state == "gone"
    provisioned = {CHECKOUT: FunctionConcurrency(provisioned_requested=1, provisioned_available=1)}
    store.apply(FunctionConcurrencyDelivered(scope=SCOPE, functions=provisioned), START_MS)
    (environment,) = answer(store, 2_000_000).environments
    assert environment.state == "idle"
    assert environment.is_begin_seen
    assert environment.began_cold_ms is None


def test_on_managed_instances_an_environment_serves_many_at_once() -> None:
    function = checkout(is_managed_instances=True, log_format="JSON")
    lines = [started(0, 1), started(10, 2), started(20, 3), reported(30, 2)]
    found = answer(read(lines, function), 1_000)
    (environment,) = found.environments
    assert found.is_managed_instances
    assert (environment.state, environment.in_flight, environment.invocations) == ("busy", 2, 1)
    assert answer(read(lines, function), 3_000_000).environments[0].state == "idle"


def test_counts_add_up_to_what_the_function_says() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for number in range(40):
        lines = [*invoked(-5_000, 900 + number), *invoked(number * 100, number), *invoked(9_000, 100 + number)]
        lines += invoked(11_000, 200 + number, status="timeout") if number % 3 == 0 else []
        lines += (
            [
                started(15_000, 300 + number),
                (15_001, f"RequestId: {request_id(300 + number)} Error: Runtime exited\nRuntime.ExitError\n"),
            ]
            if number % 5 == 0
            else []
        )
        store.apply(delivery(events(reversed(lines), stream_name(number))), START_MS)
    environments = answer(store).environments
    window = row(store).window

    assert sum(each.invocations for each in environments) == window.invocations == 80 + 14 + 8
    assert sum(each.failures for each in environments) == window.error_kinds.total == 14 + 8


def test_a_leak_is_told_with_its_numbers() -> None:
    environment = only(served(100, 110, 1.8), after_ms=100_000)
    trend = environment.memory_trend
    assert trend is not None
    assert trend.is_leak_suspected
    assert trend.rise_mb_per_invocation == pytest.approx(1.8, rel=0.02)
    assert trend.invocations_left == pytest.approx((512 - 288) / 1.8, rel=0.02)


def test_a_leak_is_still_told_after_it_has_ended_a_process() -> None:
    lines = served(60, 110, 6.0)
    lines += invoked(60_000, 500, size_mb=512, used_mb=512, status="error", error_type="Runtime.OutOfMemory")
    lines += served(5, 110, 6.0, first_ms=61_000)
    environment = only(lines, after_ms=70_000)
    trend = environment.memory_trend
    assert trend is not None
    assert trend.is_leak_suspected
    assert environment.memory_used_mb == 134
    assert environment.max_memory_used_mb == 512
    assert trend.invocations_left == (512 - 134) // 6


def out_of_memory(at_ms: int, number: int) -> list[Line]:
    return invoked(at_ms, number, size_mb=512, used_mb=512, status="error", error_type="Runtime.OutOfMemory")


def suspected(*streams: tuple[str, list[Line]]) -> list[bool]:
    """Whether a leak is suspected of each of some streams, given with their versions."""
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for number, (version, lines) in enumerate(streams):
        store.apply(delivery(events(lines, stream_name(number, version))), START_MS)
    trends = {each.log_stream: each.memory_trend for each in answer(store).environments}
    found = [trends[stream_name(number, version)] for number, (version, _) in enumerate(streams)]
    return [trend is not None and trend.is_leak_suspected for trend in found]


def test_several_that_rise_steeply_and_run_out_of_memory_are_suspected_from_few_invocations() -> None:
    steep, level = served(12, 110, 25.0), served(12, 110, 0)
    ended = [*steep, *out_of_memory(12_000, 500), *served(3, 110, 25.0, first_ms=13_000)]
    assert suspected(("41", ended), ("41", steep), ("41", level)) == [True, True, False]
    late = [*served(200, 110, 0), *served(25, 120, 15.0, first_ms=200_000)]
    assert suspected(("41", ended), ("41", late)) == [True, True]
    assert suspected(("41", ended), ("42", steep)) == [False, False]
    assert suspected(("41", steep), ("41", steep)) == [False, False]
    assert suspected(("41", ended), ("41", level)) == [False, False]
    assert suspected(("41", [*level, *out_of_memory(12_000, 500)]), ("41", steep), ("41", steep)) == [False] * 3


@pytest.mark.parametrize(
    ("failed", "is_failing"),
    [
        ("..........", False),
        (".........x", True),
        ("x.........", False),
        ("xxxxx.....", False),
        ("xxxxxx....", True),
        ("xxxxxx.....", False),
        ("x", True),
        ("xx.", True),
    ],
)
def test_an_environment_is_failing_where_the_last_or_most_of_the_last_ten_failed(failed: str, is_failing: bool) -> None:
    lines = [
        line
        for number, outcome in enumerate(failed)
        for line in invoked(number * 1_000, number, status="timeout" if outcome == "x" else "success")
    ]
    assert only(lines, 30_000).is_failing is is_failing


def test_an_invocation_that_crashed_without_a_report_makes_its_environment_failing() -> None:
    crash = (1_005, f"RequestId: {request_id(2)} Error: Runtime exited\nRuntime.ExitError\n")
    assert only([*invoked(0, 1), started(1_000, 2), crash], 2_000).is_failing
    assert not only([*invoked(0, 1), started(1_000, 2), crash, *invoked(2_000, 3)], 3_000).is_failing


def test_a_level_environment_is_told_to_be_level() -> None:
    trend = only(served(100, 110, 0), after_ms=100_000).memory_trend
    assert trend is not None
    assert not trend.is_leak_suspected
    assert trend.rise_mb_per_invocation == 0
    assert trend.invocations_left is None


def test_a_leak_too_slow_for_what_is_remembered_is_seen_over_all_that_was_counted() -> None:
    store = read([])
    for first in range(0, 12_000, 1_000):
        lines = [
            reported(number * 100, number, 1, size_mb=512, used_mb=int(100 + number * 0.004))
            for number in range(first, first + 1_000)
        ]
        store.apply(delivery(events(lines)), START_MS)
    (environment,) = answer(store, 1_200_000).environments
    trend = environment.memory_trend
    assert trend is not None
    assert trend.is_leak_suspected
    assert trend.rise_mb_per_invocation == pytest.approx(0.004, rel=0.1)
    assert trend.invocations > 6_000
    assert environment.invocations == 12_000


def test_the_oldest_environments_are_left_out_and_those_in_use_come_first() -> None:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for number in range(ENVIRONMENTS_MOST + 5):
        store.apply(delivery(events(invoked(number, number), stream_name(number))), START_MS)
    store.apply(delivery(events([started(3_000, 9_000)], stream_name(1_000))), START_MS)
    found = answer(store, 3_500)
    names = [each.log_stream for each in found.environments]

    assert found.left_out == 5
    assert names[0] == stream_name(1_000)
    assert names[-1] == stream_name(5)


def test_what_a_survey_found_of_unchanged_streams_is_not_worked_out_again() -> None:
    store = read(served(100, 110, 1.8))
    survey, ledger = EnvironmentSurvey(QUESTION), store.ledger(CHECKOUT)
    assert ledger is not None
    streams = list(store.log_streams(CHECKOUT))
    (before,) = survey.look(ledger, streams, START_MS + 100_000)
    (same,) = survey.look(ledger, streams, START_MS + 101_000)
    store.apply(delivery(events(invoked(101_000, 777, used_mb=300))), START_MS)
    (other,) = survey.look(ledger, streams, START_MS + 102_000)

    assert same.memory_trend is before.memory_trend
    assert other.memory_trend is not before.memory_trend
    assert other.memory_used_mb == 300
