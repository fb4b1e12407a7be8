"""Which errors are new: those that came with a deploy, or began just now though they were watched for."""

import pytest

from lambdatop.model.delivery import FunctionsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.snapshot import ErrorGroup, NewReason
from lambdatop.render.units import iso_8601
from lambdatop.store.store import Store
from tests.store.lines import SCOPE, START_MS, catalogue, checkout, delivery, reported, snapshot, stream_name

MINUTE_MS = 60_000
LOGGED = "[ERROR]\t2026-11-18T22:12:58.534Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tno stock of %d\n"


def logged(at_ms: int, number: int = 0, version: str = "$LATEST") -> LogEvent:
    return LogEvent(stream_name(int(version) if version.isdecimal() else 0, version), START_MS + at_ms, LOGGED % number)


def ran(at_ms: int, number: int, version: str = "$LATEST") -> LogEvent:
    name = stream_name(int(version) if version.isdecimal() else 0, version)
    return LogEvent(name, START_MS + at_ms, reported(at_ms, number)[1])


def changed_at(at_ms: int | None) -> FunctionsDelivered:
    """The catalogue, once checkout was changed at a time, as ListFunctions words it."""
    moment = None if at_ms is None else (iso_8601(START_MS + at_ms) or "").replace("Z", "+0000")
    return catalogue(checkout(last_modified=moment))


def group_after(events: list[LogEvent], after_ms: int, changed_ms: int | None = None) -> ErrorGroup:
    store = Store(START_MS)
    store.apply(changed_at(changed_ms), START_MS)
    store.apply(delivery(events, "full", swept_to_ms=after_ms), START_MS + after_ms)
    (group,) = snapshot(store, after_ms).error_groups
    return group


VERSIONS: dict[str, tuple[list[LogEvent], int, bool | None, NewReason | None]] = {
    "seen in the new version alone": (
        [ran(10, 1, "41"), ran(50, 2, "42"), logged(60, 1, "42")],
        1,
        True,
        "new_version",
    ),
    "the version before failed so, too": ([logged(10, 1, "41"), logged(60, 1, "42")], 1, False, None),
    "in the older version alone": ([logged(10, 1, "41"), ran(50, 2, "42")], 1, False, None),
    "no older version is known": ([logged(60, 1, "42")], 1, None, None),
    "unpublished code, watched for too short a time": ([logged(60, 1)], 1, None, None),
    "first seen just now, after twenty minutes": ([logged(20 * MINUTE_MS, 1)], 22, True, "not_seen_before"),
    "first seen some time ago, after twenty minutes": ([logged(20 * MINUTE_MS, 1)], 78, True, "not_seen_before"),
    "first seen over an hour ago, after twenty minutes": ([logged(20 * MINUTE_MS, 1)], 82, False, None),
    "in the older version just now, after twenty minutes": (
        [ran(50, 2, "42"), logged(20 * MINUTE_MS, 1, "41")],
        22,
        True,
        "not_seen_before",
    ),
    "seen from the start on": ([logged(60, 1), logged(21 * MINUTE_MS, 1)], 22, None, None),
    "seen from a start on that was over an hour ago": ([logged(60, 1), logged(21 * MINUTE_MS, 1)], 62, False, None),
    "new with the deploy, long ago": ([ran(10, 1, "41"), logged(60, 1, "42")], 240, True, "new_version"),
    "version 9 is older than version 10": ([ran(10, 1, "9"), logged(60, 1, "10")], 1, True, "new_version"),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_new_is_what_came_with_the_newest_version_or_began_in_the_last_hour(name: str) -> None:
    events, minute, is_new, reason = VERSIONS[name]

    for one in (events, events[::-1]):
        group = group_after(one, minute * MINUTE_MS + 500)
        assert (group.is_new, group.new_reason) == (is_new, reason)


CHANGES: dict[str, tuple[list[LogEvent], int | None, bool | None]] = {
    "first seen after the change": ([ran(10, 1), logged(2_500, 1)], 2_000, True),
    "first seen before the change": ([logged(1_500, 1), logged(2_500, 2)], 2_000, False),
    "nothing was logged before the change": ([ran(2_100, 1), logged(2_500, 1)], 2_000, None),
    "no change is known": ([ran(10, 1), logged(2_500, 1)], None, None),
    "the code that was changed is not what failed": ([ran(10, 1), logged(2_500, 1, "41")], 2_000, None),
    "changed long before the start": ([ran(10, 1), logged(2_500, 1)], -86_400_000, None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_new_is_what_unpublished_code_never_said_before_it_was_changed(name: str) -> None:
    events, changed_ms, is_new = CHANGES[name]

    for one in (events, events[::-1]):
        group = group_after(one, MINUTE_MS, changed_ms)
        assert group.is_new is is_new
        assert (group.new_reason, group.deployed_ms) == (
            ("changed_function", START_MS + 2_000) if is_new else (None, None)
        )


def test_a_deploy_tells_as_soon_as_the_catalogue_says_it_and_until_the_next_one() -> None:
    store = Store(START_MS)
    store.apply(changed_at(-86_400_000), START_MS)
    store.apply(delivery([ran(10, 1), logged(2_500, 1)], "full"), START_MS)
    seen = [snapshot(store).error_groups[0].is_new]
    for changed_ms in (2_000, 4_000):
        store.apply(changed_at(changed_ms), START_MS)
        seen.append(snapshot(store).error_groups[0].is_new)

    assert seen == [None, True, False]


def test_what_two_functions_fail_with_is_new_with_the_newest_change_of_either() -> None:
    zoo = LambdaFunction(
        key=FunctionKey(*SCOPE, "zoo"), log_group="/aws/lambda/zoo", last_modified=iso_8601(START_MS - 86_400_000)
    )
    store = Store(START_MS)
    store.apply(catalogue(checkout(last_modified=iso_8601(START_MS + 2_000)), zoo), START_MS)
    store.apply(delivery([ran(10, 1), logged(2_500, 1)], "full"), START_MS)
    store.apply(delivery([ran(10, 1), logged(2_600, 2)], "full", log_group="/aws/lambda/zoo"), START_MS)
    (group,) = snapshot(store).error_groups

    assert (group.function_count, group.new_reason, group.deployed_ms) == (2, "changed_function", START_MS + 2_000)


def test_a_group_is_not_new_any_more_when_an_older_version_turns_up_that_failed_so() -> None:
    assert seen_after([ran(10, 1, "41"), logged(60, 1, "42")], [logged(70, 1, "41")]) == [True, False]


def test_a_group_is_not_new_any_more_when_a_newer_version_runs_without_it() -> None:
    assert seen_after([ran(10, 1, "41"), logged(60, 1, "42")], [ran(70, 2, "43")]) == [True, False]


def test_logs_that_come_late_tell_that_a_function_ran_before_its_change() -> None:
    assert seen_after([logged(2_500, 1)], [ran(10, 1)], changed_ms=2_000) == [None, True]


def seen_after(*steps: list[LogEvent], changed_ms: int | None = None) -> list[bool | None]:
    store = Store(START_MS)
    store.apply(changed_at(changed_ms), START_MS)
    seen = []
    for events in steps:
        store.apply(delivery(events, "full"), START_MS)
        seen.append(snapshot(store).error_groups[0].is_new)
    return seen
