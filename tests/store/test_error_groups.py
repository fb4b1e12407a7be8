"""What an error group says: how many, since when, how fast, where, whether it is new, and where to read on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from lambdatop.model.view import View
from lambdatop.parsers.error_signature import ErrorIdentity
from lambdatop.store.error_groups import (
    GROUPS_KEPT,
    MINUTES_KEPT,
    NEWEST_KEPT,
    OLDEST_KEPT,
    CountedFailure,
    ErrorGroups,
)
from lambdatop.store.frame import frame_of
from lambdatop.store.store import Store
from tests.store.lines import (
    CHECKOUT,
    GROUP,
    SCOPE,
    START_MS,
    Line,
    catalogue,
    checkout,
    delivery,
    ended,
    read,
    reported,
    request_id,
    snapshot,
    started,
    stream_name,
)

MINUTE_MS = 60_000
RAISED = "[ERROR] KeyError: 'cart_%d'\nTraceback (most recent call last):\n  File \"/var/task/a.py\", line 3, in total"
LOGGED = "[ERROR]\t2026-11-18T22:12:58.534Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tno stock of %d\n"


def failed(at_ms: int, number: int) -> tuple[Line, ...]:
    return started(at_ms, number), (at_ms + 5, RAISED % number), ended(at_ms + 9, number), reported(at_ms + 10, number)


def logged(at_ms: int, number: int = 0, version: str = "$LATEST") -> LogEvent:
    return LogEvent(stream_name(int(version) if version.isdecimal() else 0, version), START_MS + at_ms, LOGGED % number)


def ran(at_ms: int, number: int, version: str) -> LogEvent:
    return LogEvent(stream_name(int(version), version), START_MS + at_ms, reported(at_ms, number)[1])


def group_after(events: list[LogEvent], after_ms: int, *more: LambdaFunction) -> ErrorGroup:
    store = Store(START_MS)
    store.apply(catalogue(checkout(), *more), START_MS)
    store.apply(delivery(events, "full", swept_to_ms=after_ms), START_MS + after_ms)
    (group,) = snapshot(store, after_ms).error_groups
    return group


def test_a_group_leads_to_the_line_that_tells_of_its_newest_failure() -> None:
    (group,) = snapshot(read([*failed(100, 1), *failed(7_000, 2)])).error_groups

    assert group.message == "'cart_2'"
    assert group.frame == "a.py:total"
    assert (group.first_seen_ms, group.last_seen_ms) == (START_MS + 110, START_MS + 7_010)
    assert group.sample == LogEventReference(
        log_group=GROUP,
        log_stream="2026/11/18/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
        timestamp_ms=START_MS + 7_005,
        function=CHECKOUT,
        request_id=request_id(2),
        version="$LATEST",
    )


def test_trend_and_rate_count_minutes() -> None:
    minutes = (16, 20, 20, 21, 21, 21, 22)
    group = group_after([logged(minute * MINUTE_MS, 1) for minute in minutes], 22 * MINUTE_MS + 500)

    assert group.trend == (0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 3, 1)
    assert group.rate_per_minute == pytest.approx((0 + 0 + 0 + 2 + 3) / 5)
    assert group.count == 7


def test_a_minute_before_the_start_is_unknown_and_a_rate_needs_a_whole_minute() -> None:
    events = [logged(500, 1)]

    first = group_after(events, 2_000)
    assert (first.trend, first.rate_per_minute) == ((*[None] * 14, 1), None)
    second = group_after(events, MINUTE_MS + 2_000)
    assert (second.trend, second.rate_per_minute) == ((*[None] * 13, 1, 0), 1.0)


def test_functions_are_named_most_affected_first_and_versions_are_listed() -> None:
    other = FunctionKey(*SCOPE, "zoo")
    store = Store(START_MS)
    store.apply(catalogue(checkout(), LambdaFunction(key=other, log_group="/aws/lambda/zoo")), START_MS)
    store.apply(delivery([logged(10, 1, "7")], "full"), START_MS)
    store.apply(delivery([logged(20, 2, "8"), logged(30, 3, "8")], "full", log_group="/aws/lambda/zoo"), START_MS)
    (group,) = snapshot(store).error_groups

    assert (group.functions, group.function_count, group.versions) == ((other, CHECKOUT), 2, ("7", "8"))


def test_a_minute_counted_in_part_is_in_the_trend_but_not_in_the_rate() -> None:
    groups = ErrorGroups()
    for at_ms in (95_000, 96_000, 130_000):
        groups.add(failure(at_ms), "timeout", ErrorIdentity())
    (group,) = groups.frozen(frame_of("15m", 90_000, 200_000))

    assert group.trend == (*[None] * 12, 2, 1, 0)
    assert group.rate_per_minute == 1.0


def test_functions_that_are_affected_alike_are_in_the_order_of_their_names() -> None:
    names = [CHECKOUT, FunctionKey(*SCOPE, "zoo"), FunctionKey(*SCOPE, "apes")]
    groups = ErrorGroups()
    for name in names:
        groups.add(failure(1)._replace(function=name), "timeout", ErrorIdentity())

    assert frozen(groups)[0].functions == tuple(sorted(names))


def test_of_two_lines_of_one_moment_the_same_one_names_the_group_whichever_comes_first() -> None:
    middle = [(5, RAISED % 1), (5, (RAISED % 1).replace("a.py", "b.py"))]
    frames = set()
    for lines in (middle, middle[::-1]):
        for order in (1, -1):
            whole = [started(0, 1), *lines, ended(9, 1), reported(10, 1)][::order]
            frames.add(snapshot(read(whole)).error_groups[0].frame)

    assert len(frames) == 1


def test_a_first_failure_that_is_not_remembered_any_more_is_not_replaced_by_a_later_one() -> None:
    groups = ErrorGroups()
    for at_ms in range(OLDEST_KEPT + 2):
        groups.add(failure(at_ms), "timeout", ErrorIdentity())
    for at_ms in range(OLDEST_KEPT - 1):
        groups.take_back(failure(at_ms))
    groups.add(failure(100), "timeout", ErrorIdentity())
    assert frozen(groups)[0].first_seen_ms == OLDEST_KEPT - 1
    groups.take_back(failure(OLDEST_KEPT - 1))

    assert frozen(groups)[0].first_seen_ms <= OLDEST_KEPT


def test_a_quiet_group_is_the_same_object_in_the_next_minute() -> None:
    groups = ErrorGroups()
    groups.add(failure(1), "timeout", ErrorIdentity())
    (first,) = frozen(groups, 3_660_000)
    (second,) = frozen(groups, 3_720_000)

    assert second is first


def test_a_group_that_did_not_change_is_the_same_object() -> None:
    store = read([*failed(100, 1)])
    (first,) = snapshot(store, 61_000).error_groups
    other_stream = LogEvent(stream_name(3), START_MS + 62_000, LOGGED % 3)
    store.apply(delivery([other_stream], "full"), START_MS + 62_000)
    groups = snapshot(store, 63_000).error_groups

    assert len(groups) == 2
    assert any(group is first for group in groups)


def failure(at_ms: int, signature: str = "s", number: int = 0) -> CountedFailure:
    return CountedFailure(at_ms, "stream", at_ms, str(number), f"m {number}", GROUP, CHECKOUT, "1", signature)


def frozen(groups: ErrorGroups, end_ms: int = 3_600_000) -> list[ErrorGroup]:
    return list(groups.frozen(frame_of("15m", 0, end_ms)))


def test_groups_beyond_the_limit_are_counted_together() -> None:
    groups = ErrorGroups()
    for number in range(GROUPS_KEPT + 50):
        groups.add(failure(number, f"signature {number}"), "runtime_exit", ErrorIdentity())
    (most, *_) = frozen(groups)

    assert (most.signature, most.count, most.is_new) == ("other", 50, None)
    assert most.message == "failures beyond the first 500 kinds"


def test_a_failure_that_was_counted_with_others_is_taken_back_from_there() -> None:
    groups = ErrorGroups()
    counted = [
        groups.add(failure(number, f"signature {number}"), "runtime_exit", ErrorIdentity())
        for number in range(GROUPS_KEPT + 2)
    ]
    groups.take_back(counted[0])
    groups.add(failure(9, counted[-1].signature), "runtime_exit", ErrorIdentity())
    groups.take_back(groups.add(failure(10, "signature 501"), "runtime_exit", ErrorIdentity()))
    groups.take_back(counted[-1])
    by_signature = {group.signature: group.count for group in frozen(groups)}

    assert by_signature["other"] == 2


def test_failures_are_the_newest_fifty_whatever_the_order_they_come_in() -> None:
    groups = ErrorGroups()
    for at_ms in [*range(0, 200, 2), *range(199, 0, -2)]:
        groups.add(failure(at_ms), "timeout", ErrorIdentity())

    assert [one.failed_ms for one in groups.failures("s")] == list(range(199, 199 - NEWEST_KEPT, -1))
    assert groups.failures("t") == ()


def test_a_failure_tells_where_its_line_is_and_when_it_was_counted() -> None:
    store = read([*failed(100, 1), *failed(7_000, 2)])
    (group,) = snapshot(store).error_groups
    newest, oldest = store.error_groups.failures(group.signature)

    assert newest.reference == group.sample
    assert (newest.failed_ms, newest.message, newest.reference.request_id) == (
        START_MS + 7_010,
        "'cart_2'",
        request_id(2),
    )
    assert (oldest.failed_ms, oldest.reference.timestamp_ms) == (START_MS + 110, START_MS + 105)


def test_places_count_functions_and_versions_most_affected_first() -> None:
    zoo = FunctionKey(*SCOPE, "zoo")
    groups = ErrorGroups()
    seen = [(zoo, "1")] * 2 + [(CHECKOUT, "6")] + [(CHECKOUT, "7")] * 40
    for at_ms, (function, version) in enumerate([*seen, (zoo, None)]):
        groups.add(failure(at_ms)._replace(function=function, version=version), "timeout", ErrorIdentity())
    groups.take_back(failure(0)._replace(function=zoo))

    assert [(place.function, place.version, place.count) for place in groups.places("s")] == [
        (CHECKOUT, "7", 40),
        (CHECKOUT, "6", 1),
        (zoo, None, 1),
        (zoo, "1", 1),
    ]
    assert groups.places("t") == ()


def test_a_group_is_found_by_its_signature_with_what_came_since_the_last_snapshot() -> None:
    groups = ErrorGroups()
    groups.add(failure(1), "timeout", ErrorIdentity())
    assert groups.group("s") is None
    (shown,) = frozen(groups)
    assert groups.group("s") is shown
    groups.add(failure(2), "timeout", ErrorIdentity())
    found = groups.group("s")

    assert found is not None
    assert (found.count, found.last_seen_ms) == (2, 2)
    assert frozen(groups) == [found]
    assert groups.group("t") is None


def test_minutes_stay_bounded() -> None:
    groups = ErrorGroups()
    for minute in range(10 * MINUTES_KEPT):
        groups.add(failure(minute * MINUTE_MS), "timeout", ErrorIdentity())
    (group,) = frozen(groups, 10 * MINUTES_KEPT * MINUTE_MS)

    assert len(groups._groups["s"].minutes) <= MINUTES_KEPT
    assert group.trend == (1,) * 15


TIMES = st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(0, 3)), min_size=1, max_size=30)


@given(TIMES, st.randoms(use_true_random=False), st.integers(0, 7))
def test_the_order_of_failures_and_what_is_taken_back_in_between_change_nothing(
    times: list[tuple[int, int]], chance: object, taken_back: int
) -> None:
    failures = [failure(at_ms, number=number) for at_ms, number in times]
    first, other = ErrorGroups(), ErrorGroups()
    for one in failures:
        first.add(one, "timeout", ErrorIdentity())
    strangers = [failure(at_ms * 700_000, number=9) for at_ms in range(taken_back)]
    mixed = [*failures, *strangers]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    for one in mixed:
        other.add(one, "timeout", ErrorIdentity())
    for one in strangers:
        other.take_back(one)

    assert frozen(other, 5_000_001) == frozen(first, 5_000_001)


def test_a_snapshot_with_groups_goes_over_a_pipe_and_back() -> None:
    (group,) = read([*failed(100, 1)]).snapshot(START_MS + 60_000, View()).error_groups

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(group), type=ErrorGroup) == group
