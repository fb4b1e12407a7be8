"""A filter pattern of the user's, read beside platform and failure lines, against scripted FilterLogEvents answers."""

from collections.abc import Callable
from typing import Any

import pytest

from lambdatop.model.delivery import LogEventsDelivered, PatternReading
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.view import View
from lambdatop.sources.log_tail import LIVE_AFTERMATH_MS, LogTail
from lambdatop.sources.platform_pattern import IMPOSSIBLE_PATTERN, PATTERN, is_match
from tests.sources.fake_call import FakeCall, key, only, refused
from tests.sources.test_log_tail import NOW_MS, REPORT, SINCE_MS, page, swept, tail_of, wire

WARN = "a WARN line of the code"
INFO = "an INFO line of the code"
REFUSAL = refused(
    "failed", "InvalidParameterException",
    "logs:FilterLogEvents failed: InvalidParameterException Invalid character(s) in term '@x'",
)  # fmt: skip


def filtering(
    *events: dict[str, Any], page_events: int = 10_000, refuses: str | None = None
) -> Callable[..., dict[str, Any]]:
    """An endpoint that lets through what has the pattern's only word, or what the platform's pattern means."""

    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        pattern = asked.get("filterPattern")
        if pattern is not None and pattern == refuses:
            raise REFUSAL
        found = [
            one
            for one in events
            if asked["startTime"] <= one["timestamp"] <= asked["endTime"] and _lets_through(pattern, one["message"])
        ]
        first = int(asked.get("nextToken", 0))
        end = first + page_events
        return page(*found[first:end], token=str(end) if end < len(found) else None)

    return answer


def _lets_through(pattern: str | None, message: str) -> bool:
    if pattern == PATTERN:
        return is_match(message)
    return pattern is None or (pattern != IMPOSSIBLE_PATTERN and pattern in message)


def patterned(answer: Any, *names: str, pattern: str | None = "WARN") -> tuple[LogTail, Any, FakeCall]:  # noqa: ANN401
    fake = FakeCall({"FilterLogEvents": answer})
    tail, watch = tail_of(fake, *(names or ("orders",)))
    watch.view = View(logs=(key("orders"),), log_pattern=pattern)
    return tail, watch, fake


def patterns(fake: FakeCall, group: str = "orders") -> list[str | None]:
    asked = fake.asked["FilterLogEvents"]
    return [one.get("filterPattern") for one in asked if one["logGroupName"] == f"/aws/lambda/{group}"]


def ids(deliveries: list[LogEventsDelivered]) -> list[str]:
    return [event.event_id for one in deliveries for event in one.events]


def told(deliveries: list[LogEventsDelivered]) -> PatternReading:
    reading = deliveries[-1].pattern
    assert reading is not None
    return reading


def test_lines_of_the_pattern_are_read_beside_platform_lines_and_none_twice() -> None:
    both = wire(3, f"[ERROR] {WARN}")
    tail, _, fake = patterned(filtering(wire(1), wire(2, WARN), both, wire(4, INFO)))

    deliveries = swept(tail)

    assert sorted(ids(deliveries)) == ["id-1", "id-2", "id-3"]
    assert patterns(fake) == [PATTERN, "WARN"]
    assert [one.swept_to_ms is not None for one in deliveries] == [True], "whole when both are"
    assert {one.depth for one in deliveries} == {"platform"}
    assert told(deliveries) == PatternReading(pattern="WARN", lines=2, from_ms=SINCE_MS)
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert (ledger.fetched, ledger.delivered, ledger.repeated, ledger.recovered, ledger.late) == (4, 3, 1, 0, 0)


def test_lines_that_come_again_are_counted_once() -> None:
    tail, _, _ = patterned(filtering(wire(1, WARN, at_ms=NOW_MS - 1_000)))

    assert told(swept(tail)).lines == 1
    again = swept(tail, NOW_MS + 2_000)
    assert (ids(again), told(again).lines) == ([], 1)


def test_the_pattern_is_not_sent_with_groups_outside_the_log_view() -> None:
    tail, _, fake = patterned(filtering(wire(1), wire(2, WARN)), "orders", "other")
    for _ in range(2):
        swept(tail)

    assert patterns(fake) == [PATTERN, "WARN"]
    assert patterns(fake, "other") == [PATTERN]


def test_the_opened_function_of_the_log_view_is_read_by_the_pattern_and_another_one_in_full() -> None:
    tail, watch, fake = patterned(filtering(wire(1)), "orders", "opened")
    watch.view = View(focus=key("orders"), logs=(key("orders"),), log_pattern="WARN")
    swept(tail)
    watch.view = View(focus=key("opened"), logs=(key("orders"),), log_pattern="WARN")
    swept(tail)

    assert patterns(fake) == [PATTERN, "WARN"]
    assert patterns(fake, "opened") == [None]


def test_a_group_shared_with_an_opened_function_outside_the_view_is_read_in_full() -> None:
    tail, watch, fake = patterned(filtering(wire(1)))
    watch.functions = tuple(LambdaFunction(key=key(name), log_group="/aws/lambda/orders") for name in ("orders", "b"))
    watch.view = View(focus=key("b"), logs=(key("orders"),), log_pattern="WARN")
    (delivery,) = swept(tail)

    assert patterns(fake) == [None]
    assert (delivery.depth, delivery.pattern) == ("full", None)


def test_the_passage_that_is_behind_goes_on_first() -> None:
    events = [wire(at, WARN, NOW_MS - 600_000 + at * 100_000) for at in range(4)]
    events += [wire(9, REPORT, NOW_MS - 600_000 + 20_000 * at) for at in range(6)]
    events = sorted(({**one, "eventId": f"id-{at}"} for at, one in enumerate(events)), key=lambda one: one["timestamp"])
    tail, _, fake = patterned(filtering(*events, page_events=2))

    deliveries = swept(tail)
    times = [event.timestamp_ms for one in deliveries for event in one.events]
    assert len(times) == 10
    assert times == sorted(times), "so that the pattern's lines are not taken for late ones"
    assert len(deliveries) > 2, "what both have passed does not wait for the end"
    order = ["P" if pattern == PATTERN else "W" for pattern in patterns(fake)]
    assert "".join(order) == "PWPPW"


@pytest.mark.parametrize("failing", [PATTERN, "WARN"])
def test_a_sweep_that_breaks_off_goes_on_from_what_both_passages_had_read(failing: str) -> None:
    events = [wire(at, (REPORT, WARN)[at % 2], NOW_MS - 600_000 + at * 10_000) for at in range(40)]
    honest, calls = filtering(*events, page_events=5), {"left": 2}

    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        if asked.get("filterPattern") == failing:
            calls["left"] -= 1
            if calls["left"] < 0:
                raise refused("failed")
        return honest(**asked)

    tail, _, fake = patterned(answer)
    first = swept(tail)
    assert all(one.swept_to_ms is None for one in first)
    fake.answers["FilterLogEvents"] = honest
    rest = swept(tail, tail.next_due_ms() or 0)

    found = ids([*first, *rest])
    assert sorted(found) == sorted(f"id-{at}" for at in range(40))
    assert told(rest) == PatternReading(pattern="WARN", lines=20, from_ms=SINCE_MS)
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert (ledger.delivered, ledger.late, ledger.recovered) == (40, 0, 0), "what was not read is not late"


def test_a_line_that_comes_late_is_late_whichever_passage_brings_it() -> None:
    events = [wire(1, REPORT, NOW_MS - 2_000)]
    tail, _, fake = patterned(filtering(*events))
    swept(tail)
    events += [wire(2, WARN, NOW_MS - 5_000), wire(3, WARN, NOW_MS + 1_000), wire(4, REPORT, NOW_MS + 2_000)]
    fake.answers["FilterLogEvents"] = filtering(*sorted(events, key=lambda one: one["timestamp"]))

    assert sorted(ids(swept(tail, NOW_MS + 3_000))) == ["id-2", "id-3", "id-4"]
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert (ledger.late, ledger.recovered) == (1, 1)


def test_a_pattern_that_aws_refuses_is_said_at_once_and_all_lines_are_read() -> None:
    tail, watch, fake = patterned(filtering(wire(1), wire(2, INFO), refuses="@x"), pattern="@x")

    deliveries = swept(tail)

    assert sorted(ids(deliveries)) == ["id-1", "id-2"]
    assert deliveries[-1].depth == "full"
    problem = "AWS refuses this pattern: Invalid character(s) in term '@x'; all lines are read"
    assert told(deliveries) == PatternReading(pattern="@x", problem=problem)
    assert tail.status(NOW_MS).state == "working"
    later = swept(tail, NOW_MS + 2_000)
    assert told(later).problem == problem
    assert patterns(fake) == [PATTERN, "@x", None, None], "asked with it once"
    watch.view = View(logs=(key("orders"),), log_pattern="WARN")
    assert told(swept(tail, NOW_MS + 4_000)).problem is None
    assert patterns(fake)[-1] == "WARN"


def test_another_failure_with_the_pattern_is_not_taken_for_a_refusal() -> None:
    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        if asked.get("filterPattern") == "WARN":
            raise refused("denied", "AccessDeniedException")
        return page(wire(1))

    tail, _, fake = patterned(answer)
    assert ids(swept(tail)) == ["id-1"]
    assert tail.status(NOW_MS).state == "denied"
    fake.answers["FilterLogEvents"] = filtering(wire(1), wire(2, WARN))
    assert ids(swept(tail, tail.next_due_ms() or 0)) == ["id-2"]


def test_an_endpoint_that_ignores_filters_is_read_in_full_and_says_so() -> None:
    def answer(**_: object) -> dict[str, Any]:
        return page(wire(1), wire(2, INFO))

    fake = FakeCall({"FilterLogEvents": answer}, is_custom_endpoint=True)
    tail, watch = tail_of(fake, "orders")
    watch.view = View(logs=(key("orders"),), log_pattern="WARN")

    deliveries = swept(tail)

    assert ids(deliveries) == ["id-1", "id-2"]
    assert deliveries[-1].depth == "full"
    assert told(deliveries).problem == "this endpoint ignores filter patterns, so all lines are read"
    swept(tail, NOW_MS + 2_000)
    assert "WARN" not in patterns(fake)


def starts(fake: FakeCall) -> list[int]:
    """How far each call went back behind now, in seconds."""
    return [(one["endTime"] - one["startTime"]) // 1_000 for one in fake.asked["FilterLogEvents"]]


def quiet(**_: object) -> dict[str, Any]:
    return page()


def settled(**view: Any) -> tuple[LogTail, Any, FakeCall]:  # noqa: ANN401  a view's parts
    """A tail that has looked far back already, so that only what is asked for makes it do so again."""
    fake = FakeCall({"FilterLogEvents": quiet})
    tail, watch = tail_of(fake, "orders")
    watch.view = View(logs=(key("orders"),), **view)
    for step in range(4):
        swept(tail, NOW_MS + step * 2_000)
    fake.asked.clear()
    return tail, watch, fake


@pytest.mark.parametrize(
    ("before", "after", "goes_back"),
    [
        ("WARN", None, True),
        ("WARN", "INFO", True),
        (None, "WARN", False),
        ("WARN", "WARN", False),
    ],
)
def test_the_last_quarter_of_an_hour_is_read_again_where_more_is_asked_for(
    before: str | None, after: str | None, *, goes_back: bool
) -> None:
    tail, watch, fake = settled(log_pattern=before)
    watch.view = View(logs=(key("orders"),), log_pattern=after)
    assert tail.next_due_ms() == (NOW_MS + 7_500 if before == after else 0)
    for step in range(4, 8):
        swept(tail, NOW_MS + step * 2_000)

    assert (max(starts(fake)) >= 900) == goes_back


def test_lines_that_were_read_in_full_are_not_counted_as_the_patterns() -> None:
    events = [wire(1, WARN, NOW_MS - 3_000)]
    tail, watch, fake = patterned(filtering(*events), pattern=None)
    swept(tail)
    watch.view = View(logs=(key("orders"),), log_pattern="WARN")
    fake.answers["FilterLogEvents"] = filtering(*events, wire(2, WARN, NOW_MS + 500), wire(3, INFO, NOW_MS + 600))

    deliveries = swept(tail, NOW_MS + 1_000)

    assert ids(deliveries) == ["id-2"]
    assert told(deliveries) == PatternReading(pattern="WARN", lines=1, from_ms=NOW_MS + 1)


def test_live_tail_does_not_listen_to_what_aws_filters_unless_it_listens_to_all_that_matter() -> None:
    tail, watch, _ = patterned(quiet)
    tail.next_due_ms()
    watch.view = View(logs=(key("orders"),), log_pattern="WARN", live_tail="focused")
    assert tail.wish() == ()
    watch.view = View(logs=(key("orders"),), log_pattern="WARN", live_tail="all")
    assert [(wish.depth, wish.groups) for wish in tail.wish()] == [("platform", ("/aws/lambda/orders",))]


def test_what_came_live_is_confirmed_before_aws_filters() -> None:
    tail, watch, fake = patterned(quiet, pattern=None)
    swept(tail)
    tail.listen("/aws/lambda/orders")
    swept(tail, NOW_MS + 2_000)
    watch.view = View(logs=(key("orders"),), log_pattern="WARN")
    readings = [swept(tail, NOW_MS + 4_000 + step * 10_000)[-1] for step in range(6)]

    assert [one.depth for one in readings] == ["full"] * 4 + ["platform"] * 2
    assert readings[0].pattern == PatternReading(pattern="WARN"), "not yet"
    assert patterns(fake)[-1] == "WARN"
    assert LIVE_AFTERMATH_MS == 30_000


def test_a_line_that_only_the_pattern_brings_is_none_that_live_tail_missed() -> None:
    tail, watch, fake = patterned(quiet)
    swept(tail)
    watch.view = View(logs=(key("orders"),), log_pattern="WARN", live_tail="all")
    tail.listen("/aws/lambda/orders")
    fake.answers["FilterLogEvents"] = filtering(wire(1, REPORT, NOW_MS + 500), wire(2, WARN, NOW_MS + 600))

    assert len(ids(swept(tail, NOW_MS + 2_000))) == 2
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert ledger.missed_live == 1


def test_a_gap_is_read_in_slices_by_both_filters() -> None:
    events = [wire(at, (REPORT, WARN, INFO)[at % 3], SINCE_MS + at * 50) for at in range(18_000)]
    tail, _, _ = patterned(filtering(*events, page_events=1_000))
    deliveries = swept(tail)
    found = ids(deliveries)
    assert tail.status(NOW_MS).log_groups[0].unread_ms > 0
    while not tail.has_first_answer():
        deliveries = swept(tail)
        found += ids(deliveries)

    assert len(found) == len(set(found)) == 12_000
    assert told(deliveries) == PatternReading(pattern="WARN", lines=6_000, from_ms=SINCE_MS)
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert ledger.delivered == 12_000
    assert only(tail.poll(NOW_MS), LogEventsDelivered) == []
