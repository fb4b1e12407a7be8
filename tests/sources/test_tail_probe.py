"""The doctor's complete tail: two readings of the same minutes of a fake account, and what they make of each event."""

from collections.abc import Callable
from typing import Any

import pytest

from lambdatop.model.capability import Capability
from lambdatop.model.source_status import TailLedger
from lambdatop.sources.log_cursor import DEEP_AT_ONCE_EVENTS
from lambdatop.sources.tail_probe import GROUPS, READING_MS, SETTLED_MS, WINDOW_MS
from tests.sources.doctor_call import DoctorCall, capability, examine, refused

NOW_MS = DoctorCall().clock.now_ms
UNTIL_MS = NOW_MS - SETTLED_MS
GROUP = "/aws/lambda/checkout"
LIMIT_OF_LOOKS = 50
"""What other probes than the tail's ask for at most."""
Event = dict[str, Any]


def event(number: int, *, at_ms: int = UNTIL_MS - 60_000, lag_ms: int = 1_000) -> Event:
    return {
        "eventId": str(number), "timestamp": at_ms, "message": f"REPORT RequestId: {number}\n", "logStreamName": "s",
        "ingestionTime": at_ms + lag_ms,
    }  # fmt: skip


class Shown:
    """A log group whose events a function of the reading gives: 0 the first, 1 the second."""

    def __init__(self, events_of: Callable[[int], list[Event]]) -> None:
        self.readings = 0
        self._events_of = events_of

    def __call__(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        if asked["logGroupName"] != GROUP:
            raise refused("failed", "ResourceNotFoundException")
        if asked.get("limit") == LIMIT_OF_LOOKS:
            return {"events": [event(0)]}
        events = self._events_of(self.readings)
        self.readings += 1
        return {"events": [one for one in events if asked["startTime"] <= one["timestamp"] <= asked["endTime"]]}


def complete_tail(call: DoctorCall) -> Capability:
    return capability(examine(call), "complete tail")


def found_in(events_of: Callable[[int], list[Event]]) -> Capability:
    return complete_tail(DoctorCall({"FilterLogEvents": Shown(events_of)}))


def test_what_both_readings_bring_is_delivered_once_and_recognised() -> None:
    found = found_in(lambda _reading: [event(1), event(2, lag_ms=4_200)])
    assert found.state == "works"
    assert found.detail == (
        "2 events in 1 of 2 log groups: 2 fetched once and delivered, 2 fetched again and recognised, 0 lost, 0 late; "
        "ingestion lag up to 4.2 s."
    )
    assert found.ledger is not None
    told = found.ledger
    assert (told.fetched, told.delivered, told.repeated, told.recovered, told.late) == (4, 2, 2, 0, 0)
    assert (told.groups, told.remembered) == (1, 2)


def test_an_event_that_was_ingested_between_both_readings_is_late_and_not_lost() -> None:
    late = event(2, lag_ms=NOW_MS - event(2)["timestamp"] + 500)
    found = found_in(lambda reading: [event(1), late][: reading + 1])
    assert found.state == "works"
    assert "1 fetched once and delivered, 1 fetched again and recognised, 0 lost, 1 late" in found.detail
    assert found.ledger is not None
    assert (found.ledger.delivered, found.ledger.late, found.ledger.recovered) == (2, 1, 0)


@pytest.mark.parametrize("lacking", [0, 1])
def test_an_event_that_one_reading_lacks_though_it_was_ingested_makes_the_tail_late(lacking: int) -> None:
    found = found_in(lambda reading: [event(1), event(2)][: 1 if reading == lacking else 2])
    assert found.state == "late"
    assert "1 lost, 0 late" in found.detail
    assert found.ledger is not None
    assert found.ledger.recovered == (lacking == 0)


def test_a_tail_that_is_late_never_fails_the_exit_code() -> None:
    found = examine(DoctorCall({"FilterLogEvents": Shown(lambda reading: [event(1)] * reading)}))
    assert capability(found, "complete tail").state == "late"
    assert not found.is_impaired


def test_settled_minutes_alone_are_read_and_whole() -> None:
    call = DoctorCall()
    complete_tail(call)
    asked = [one for one in call.asked["FilterLogEvents"] if "limit" not in one and one["logGroupName"] == GROUP]
    assert [(one["startTime"], one["endTime"]) for one in asked] == [(UNTIL_MS - WINDOW_MS, UNTIL_MS)] * 2


def test_a_busy_log_group_is_read_again_in_parts_and_each_event_counts_once() -> None:
    events = [event(number, at_ms=UNTIL_MS - number * 100) for number in range(DEEP_AT_ONCE_EVENTS + 500)]
    found = found_in(lambda _reading: events)
    assert "2,500 fetched once and delivered, 2,500 fetched again and recognised, 0 lost" in found.detail


def test_minutes_without_events_are_said_to_have_none() -> None:
    found = found_in(lambda _reading: [])
    assert found.state == "works"
    assert found.detail.startswith("1 of 2 log groups read twice, without an event")
    assert found.ledger == TailLedger(groups=1, overlap_ms=120_000)


def test_some_log_groups_are_read_and_no_more() -> None:
    functions = [{"FunctionName": f"f{number:02}"} for number in range(GROUPS + 5)]
    call = DoctorCall({"ListFunctions": {"Functions": functions}, "FilterLogEvents": lambda **_asked: {"events": []}})
    assert complete_tail(call).detail.startswith(f"{GROUPS} of {GROUPS + 5} log groups")


def test_no_log_group_is_begun_when_the_time_is_over() -> None:
    functions = [{"FunctionName": f"f{number}"} for number in range(5)]
    quiet = DoctorCall(
        {"ListFunctions": {"Functions": functions}, "FilterLogEvents": lambda **_asked: {"events": []}},
        takes_ms=READING_MS // 3,
    )
    assert 1 <= int(complete_tail(quiet).detail.split(" of 5 ")[0]) <= 4


def test_a_log_group_with_too_many_pages_for_the_time_is_left_out() -> None:
    def pages(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        number = int(asked.get("nextToken", 0)) + 1
        return {"events": [event(number)], "nextToken": str(number)}

    found = complete_tail(DoctorCall({"FilterLogEvents": pages}, takes_ms=READING_MS // 5))
    assert found.state == "not tried"
    assert "could be read twice in the time" in found.detail


@pytest.mark.parametrize("state", ["denied", "throttled"])
def test_log_groups_that_cannot_be_read_say_why(state: str) -> None:
    assert complete_tail(DoctorCall({"FilterLogEvents": refused(state)})).state == state
