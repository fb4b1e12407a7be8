"""The tail against scripted FilterLogEvents answers."""

from collections.abc import Callable
from typing import Any

import pytest

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.view import View
from lambdatop.sources.log_group import FOCUSED_MS, NEAR_MS
from lambdatop.sources.log_groups import FOCUSED_LOGS
from lambdatop.sources.log_tail import LogTail
from lambdatop.sources.platform_pattern import IMPOSSIBLE_PATTERN, PATTERN, TERMS, is_match
from tests.sources.fake_call import FakeCall, SteadyRandom, key, only, refused, watch_of

NOW_MS = 1_795_000_000_000
SINCE_MS = NOW_MS - 900_000
REPORT = "REPORT RequestId: 1\tDuration: 2.90 ms\t"


def wire(number: int, message: str = REPORT, at_ms: int = NOW_MS - 60_000) -> dict[str, Any]:
    return {
        "logStreamName": "2026/11/21/[$LATEST]0",
        "timestamp": at_ms,
        "message": message,
        "ingestionTime": at_ms + 200,
        "eventId": f"id-{number}",
    }


def page(*events: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    return {"events": list(events), **({"nextToken": token} if token else {})}


def tail_of(fake: FakeCall, *names: str, until_ms: int | None = None) -> tuple[LogTail, Any]:
    watch = watch_of(*names)
    return LogTail(fake.call, watch, SteadyRandom(), SINCE_MS, until_ms), watch


def swept(tail: LogTail, now_ms: int = NOW_MS) -> list[LogEventsDelivered]:
    assert tail.next_due_ms() is not None
    return only(tail.poll(now_ms), LogEventsDelivered)


def test_empty_pages_are_followed_and_only_the_last_claims_completeness() -> None:
    fake = FakeCall({"FilterLogEvents": [page(wire(1), token="a"), page(token="b"), page(wire(2))]})
    tail, _ = tail_of(fake, "orders")
    first, second = swept(tail)
    assert ([one.event_id for one in first.events], first.swept_to_ms) == (["id-1"], None)
    assert [one.event_id for one in second.events] == ["id-2"]
    assert second.swept_to_ms is not None
    assert second.depth == "platform"
    assert [asked.get("nextToken") for asked in fake.asked["FilterLogEvents"]] == [None, "a", "b"]
    assert {asked["filterPattern"] for asked in fake.asked["FilterLogEvents"]} == {PATTERN}


def test_a_sweep_that_fails_half_way_goes_on_from_there_without_repeating_events() -> None:
    fake = FakeCall({"FilterLogEvents": [page(wire(1), token="a"), refused("failed"), page(wire(1), wire(2))]})
    tail, _ = tail_of(fake, "orders")
    assert [one.event_id for one in swept(tail)[0].events] == ["id-1"]
    assert tail.status(NOW_MS).state == "failed"
    due_ms = tail.next_due_ms()
    assert due_ms is not None
    assert due_ms > NOW_MS
    assert [one.event_id for one in swept(tail, due_ms)[0].events] == ["id-2"]
    assert fake.asked["FilterLogEvents"][-1]["startTime"] == NOW_MS - 60_001 - 15_000
    ledger = tail.status(due_ms).ledger
    assert ledger is not None
    assert (ledger.fetched, ledger.delivered, ledger.repeated) == (3, 2, 1)


def test_pages_that_go_in_circles_do_not_hang_and_are_no_success() -> None:
    fake = FakeCall({"FilterLogEvents": page(wire(1), token="again")})
    tail, _ = tail_of(fake, "orders")
    assert swept(tail)[-1].swept_to_ms is None
    assert "circles" in tail.status(NOW_MS).detail


def test_a_token_that_comes_again_makes_the_rest_be_asked_for_anew() -> None:
    fake = FakeCall({"FilterLogEvents": [page(wire(1), token="a"), page(wire(1), token="a"), page(wire(1), wire(2))]})
    tail, _ = tail_of(fake, "orders")
    assert [one.event_id for delivery in swept(tail) for one in delivery.events] == ["id-1", "id-2"]
    last = fake.asked["FilterLogEvents"][-1]
    assert (last["startTime"], "nextToken" in last) == (NOW_MS - 60_000, False)
    assert tail.status(NOW_MS).state == "working"


def busy(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
    """A group with an event every 100 ms of a quarter of an hour, answered in pages of 1,000."""
    start_ms = max(asked["startTime"], int(asked.get("nextToken", 0)))
    numbers = range(max(0, -(-(start_ms - SINCE_MS) // 100)), max(0, (asked["endTime"] - SINCE_MS) // 100 + 1))
    events = [wire(number, at_ms=SINCE_MS + number * 100) for number in numbers[:1_000]]
    token = str(events[-1]["timestamp"] + 1) if len(numbers) > 1_000 else None
    return page(*events, token=token)


def test_a_group_that_is_far_behind_is_read_in_slices_by_several_threads_at_once() -> None:
    tail, _ = tail_of(FakeCall({"FilterLogEvents": busy}), "orders")
    assert len(swept(tail)) == 2
    under_way = [iter(tail.poll(NOW_MS)) for _ in range(3)]
    delivered = [next(one) for one in under_way]
    starts = [one.events[0].timestamp_ms for one in only(delivered, LogEventsDelivered)]
    assert starts == sorted(set(starts))
    assert next(tail.poll(NOW_MS), None) is None, "a thread is left for other groups"
    ids = [one.event_id for reading in under_way for one in reading_of(reading)]
    assert tail.status(NOW_MS).log_groups[0].unread_ms > 0
    while not tail.has_first_answer():
        ids += [one.event_id for delivery in swept(tail) for one in delivery.events]
    ledger = tail.status(NOW_MS).ledger
    assert ledger is not None
    assert ledger.delivered == 9_001
    assert len(ids) == len(set(ids))
    assert tail.status(NOW_MS).log_groups == ()


def reading_of(deliveries: Any) -> list[LogEvent]:  # noqa: ANN401  a generator under way
    return [event for delivery in only(deliveries, LogEventsDelivered) for event in delivery.events]


def test_the_opened_function_is_read_in_full_and_first() -> None:
    fake = FakeCall({"FilterLogEvents": page()})
    tail, watch = tail_of(fake, *(f"quiet-{number}" for number in range(50)), "opened")
    watch.view = View(focus=key("opened"))
    (delivery,) = swept(tail)
    assert delivery.log_group == "/aws/lambda/opened"
    assert delivery.depth == "full"
    assert "filterPattern" not in fake.asked["FilterLogEvents"][0]


def test_functions_of_the_log_view_are_read_in_full_and_at_once_while_they_are_few() -> None:
    names = [f"quiet-{number}" for number in range(FOCUSED_LOGS + 1)]
    fake = FakeCall({"FilterLogEvents": page()})
    tail, watch = tail_of(fake, "other", *names)
    for _ in range(len(names) + 1):
        swept(tail)

    watch.view = View(logs=tuple(key(name) for name in names[1:]))

    assert tail.next_due_ms() == 0
    read = [swept(tail)[0] for _ in range(FOCUSED_LOGS)]
    assert {(one.log_group, one.depth) for one in read} == {(f"/aws/lambda/{name}", "full") for name in names[1:]}
    assert tail.next_due_ms() == NOW_MS + FOCUSED_MS


def test_functions_of_the_log_view_are_read_in_full_at_the_pace_of_the_screen_when_they_are_many() -> None:
    names = [f"quiet-{number}" for number in range(FOCUSED_LOGS + 1)]
    tail, watch = tail_of(FakeCall({"FilterLogEvents": page()}), *names)
    watch.view = View(logs=tuple(map(key, names)))

    assert {swept(tail)[0].depth for _ in names} == {"full"}
    assert tail.next_due_ms() == NOW_MS + NEAR_MS


def test_a_full_sweep_says_since_when_all_lines_were_read() -> None:
    tail, watch = tail_of(FakeCall({"FilterLogEvents": page()}), "orders")
    (first,) = swept(tail)
    watch.view = View(logs=(key("orders"),))
    (full,) = swept(tail, NOW_MS + 10_000)
    (later,) = swept(tail, NOW_MS + 20_000)
    watch.view = View()
    while (platform := swept(tail, tail.next_due_ms() or 0)[0]).depth == "full":
        """What was under way in full."""
    swept(tail, NOW_MS + 3_600_000)
    swept(tail, NOW_MS + 4_000_000)
    watch.view = View(logs=(key("orders"),))
    (again,) = swept(tail, NOW_MS + 7_200_000)

    assert first.full_from_ms is None
    assert full.full_from_ms == NOW_MS - 15_000, "the overlap"
    assert later.full_from_ms == SINCE_MS + 10_000, "a quarter of an hour"
    assert platform.full_from_ms is None
    assert again.full_from_ms == NOW_MS + 4_000_000 - 900_000, "lines of the time between were left out"


def test_what_broke_off_is_full_as_far_as_it_was_read() -> None:
    fake = FakeCall(
        {"FilterLogEvents": [page(wire(1), token="a"), refused("failed"), page(wire(2), token="b"), page()]}
    )
    tail, watch = tail_of(fake, "orders")
    watch.view = View(focus=key("orders"))
    (broken,) = swept(tail)
    *_, whole = swept(tail, tail.next_due_ms() or 0)

    assert broken.full_from_ms is None
    assert whole.full_from_ms == SINCE_MS


def test_a_group_read_in_slices_is_full_since_its_newest_gap() -> None:
    tail, watch = tail_of(FakeCall({"FilterLogEvents": busy}), "orders")
    watch.view = View(focus=key("orders"))
    swept(tail)
    told = []
    while not tail.has_first_answer():
        told += [one.full_from_ms for one in swept(tail, NOW_MS + 5_000) if one.swept_to_ms is not None]

    assert told[-1] == SINCE_MS
    assert any(moment is not None and moment > SINCE_MS for moment in told), "the present is read meanwhile"


def test_a_function_that_was_left_is_read_in_full_until_what_came_live_of_it_is_confirmed() -> None:
    fake = FakeCall({"FilterLogEvents": page()})
    tail, watch = tail_of(fake, "opened")
    watch.view = View(focus=key("opened"))
    swept(tail)
    tail.listen("/aws/lambda/opened")
    swept(tail, NOW_MS + 10_000)
    watch.view = View()
    depths = [swept(tail, NOW_MS + 20_000 + step * 20_000)[0].depth for step in range(4)]
    assert depths == ["full", "full", "full", "platform"]


def test_a_shared_group_is_swept_once() -> None:
    fake = FakeCall({"FilterLogEvents": page()})
    tail, watch = tail_of(fake)
    watch.functions = tuple(LambdaFunction(key=key(name), log_group="/shared") for name in ("a", "b", "c"))
    assert len(swept(tail)) == 1
    due_ms = tail.next_due_ms()
    assert due_ms is not None
    assert due_ms > NOW_MS


def test_a_group_that_does_not_exist_is_no_failure_and_asked_ever_less_often() -> None:
    fake = FakeCall({"FilterLogEvents": refused("failed", "ResourceNotFoundException")})
    tail, _ = tail_of(fake, "never-invoked")
    now_ms, waits = NOW_MS, []
    for _ in range(14):
        assert swept(tail, now_ms) == []
        due_ms = tail.next_due_ms()
        assert due_ms is not None
        waits.append(due_ms - now_ms)
        now_ms = due_ms
    assert tail.has_first_answer()
    assert tail.status(now_ms).state == "working"
    assert waits == sorted(waits)
    assert waits[-1] == 300_000


def test_an_infrequent_access_group_says_so() -> None:
    sentence = "logs:FilterLogEvents failed: InvalidParameterException not supported for this log group class"
    fake = FakeCall({"FilterLogEvents": refused("failed", "InvalidParameterException", sentence)})
    tail, _ = tail_of(fake, "cheap")
    swept(tail)
    assert "1 of the Infrequent Access class, which Insights reads" in tail.status(NOW_MS).detail
    assert tail.status(NOW_MS).state == "working"


def test_one_group_that_fails_does_not_stop_the_others() -> None:
    def answer(**asked: str) -> dict[str, Any]:
        if asked["logGroupName"].endswith("denied"):
            raise refused("denied", sentence="AWS denies logs:FilterLogEvents.")
        return page(wire(1))

    tail, _ = tail_of(FakeCall({"FilterLogEvents": answer}), "denied", "fine")
    assert sum(len(swept(tail)) for _ in range(2)) == 1
    status = tail.status(NOW_MS)
    assert (status.state, status.remedy) == ("denied", "help")
    assert status.detail.startswith("1 of 2 log groups cannot be read")


def test_the_first_success_after_an_outage_lets_all_groups_be_tried() -> None:
    fake = FakeCall({"FilterLogEvents": page()})
    tail, _ = tail_of(fake, "a", "b", "c")
    for _ in range(3):
        swept(tail)
    fake.answers["FilterLogEvents"] = refused("failed")
    now_ms = NOW_MS
    for _ in range(18):
        now_ms = max(now_ms, tail.next_due_ms() or 0)
        swept(tail, now_ms)
    assert now_ms - NOW_MS > 30_000
    fake.answers["FilterLogEvents"] = page()
    now_ms = max(now_ms, tail.next_due_ms() or 0)
    for _ in range(3):
        assert (tail.next_due_ms() or 0) <= now_ms
        swept(tail, now_ms)
    assert tail.status(now_ms).state == "working"


def test_a_defect_leaves_the_group_to_be_swept_again() -> None:
    def answer(**_: object) -> dict[str, Any]:
        raise ZeroDivisionError

    fake = FakeCall({"FilterLogEvents": answer})
    tail, _ = tail_of(fake, "orders")
    with pytest.raises(ZeroDivisionError):
        swept(tail)
    fake.answers["FilterLogEvents"] = page(wire(1))
    due_ms = tail.next_due_ms()
    assert due_ms is not None
    assert swept(tail, due_ms)[0].events[0].event_id == "id-1"


def test_throttled_pages_are_asked_again_within_the_sweep() -> None:
    fake = FakeCall({"FilterLogEvents": [refused("throttled"), refused("throttled"), page(wire(1))]})
    tail, _ = tail_of(fake, "orders")
    assert len(swept(tail)) == 1
    assert tail.status(NOW_MS).state == "working"


def test_a_lost_login_rests_the_tail_until_it_is_renewed() -> None:
    fake = FakeCall({"FilterLogEvents": [refused("credentials"), page(wire(1))]})
    tail, watch = tail_of(fake, "orders")
    swept(tail)
    assert tail.next_due_ms() is None
    assert tail.has_first_answer()
    fake.is_login_lost = False
    watch.generation += 1
    assert tail.next_due_ms() == 0
    assert len(swept(tail)) == 1


def test_a_bounded_range_is_swept_once() -> None:
    fake = FakeCall({"FilterLogEvents": page(wire(1))})
    tail, _ = tail_of(fake, "orders", until_ms=NOW_MS - 30_000)
    (delivery,) = swept(tail)
    assert delivery.swept_to_ms == NOW_MS - 30_000
    assert fake.asked["FilterLogEvents"][0]["endTime"] == NOW_MS - 30_001
    assert tail.next_due_ms() is None
    assert tail.has_first_answer()


def test_a_group_that_comes_into_being_is_found_when_it_is_opened() -> None:
    fake = FakeCall({"FilterLogEvents": refused("failed", "ResourceNotFoundException")})
    tail, watch = tail_of(fake, "new")
    now_ms = NOW_MS
    for _ in range(14):
        swept(tail, now_ms)
        now_ms = tail.next_due_ms() or 0
    swept(tail, now_ms)
    watch.view = View(focus=key("new"))
    assert tail.next_due_ms() == 0


def test_slices_of_a_group_that_is_behind_wait_behind_groups_that_are_due() -> None:
    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        return busy(**asked) if asked["logGroupName"].endswith("busy") else page()

    fake = FakeCall({"FilterLogEvents": answer})
    tail, watch = tail_of(fake, "busy", "light")
    watch.view = View(visible=(key("busy"), key("light")))
    for _ in range(2):
        swept(tail)
    assert tail.status(NOW_MS).log_groups[0].unread_ms > 0
    later_ms = NOW_MS + 10_000
    first = [asked["logGroupName"] for asked in fake.asked["FilterLogEvents"]][-1]
    asked_before = len(fake.asked["FilterLogEvents"])
    for _ in range(2):
        swept(tail, later_ms)
    names = {asked["logGroupName"] for asked in fake.asked["FilterLogEvents"][asked_before:]}
    assert names == {"/aws/lambda/busy", "/aws/lambda/light"}, first


def test_a_function_that_comes_into_sight_is_brought_forward() -> None:
    fake = FakeCall({"FilterLogEvents": page()})
    tail, watch = tail_of(fake, "quiet")
    now_ms = NOW_MS
    for _ in range(10):
        swept(tail, now_ms)
        now_ms = tail.next_due_ms() or 0
    polled_ms = now_ms
    swept(tail, polled_ms)
    assert tail.next_due_ms() == polled_ms + 60_000
    watch.view = View(visible=(key("quiet"),))
    assert tail.next_due_ms() == polled_ms + 5_000


def test_a_function_that_vanishes_and_returns_is_not_delivered_twice() -> None:
    fake = FakeCall({"FilterLogEvents": page(wire(1))})
    tail, watch = tail_of(fake, "orders")
    functions = watch.functions
    assert len(swept(tail)[0].events) == 1
    watch.functions = ()
    assert tail.next_due_ms() is None
    watch.functions = functions
    assert swept(tail, NOW_MS + 10_000)[0].events == []


def honouring(*events: dict[str, Any], matches: Callable[[str], bool]) -> Callable[..., dict[str, Any]]:
    """An endpoint whose filter lets through what `matches` says of the pattern asked for."""

    def answer(**asked: str) -> dict[str, Any]:
        pattern = asked.get("filterPattern")
        return page(*(one for one in events if pattern is None or matches(pattern)))

    return answer


def test_an_endpoint_that_ignores_filters_is_found_out_even_when_all_lines_match() -> None:
    fake = FakeCall({"FilterLogEvents": honouring(wire(1), matches=lambda _: True)}, is_custom_endpoint=True)
    tail, _ = tail_of(fake, "orders")
    assert swept(tail)[0].depth == "full"
    assert "ignores filters" in tail.status(NOW_MS).detail
    swept(tail, NOW_MS + 10_000)
    assert "filterPattern" not in fake.asked["FilterLogEvents"][-1]


def test_an_endpoint_that_honours_filters_is_asked_for_an_impossible_line_once() -> None:
    honours = honouring(wire(1), matches=lambda pattern: pattern == PATTERN)
    fake = FakeCall({"FilterLogEvents": honours}, is_custom_endpoint=True)
    tail, _ = tail_of(fake, "orders")
    assert swept(tail)[0].depth == "platform"
    swept(tail, NOW_MS + 10_000)
    patterns = [asked.get("filterPattern") for asked in fake.asked["FilterLogEvents"]]
    assert patterns == [PATTERN, IMPOSSIBLE_PATTERN, PATTERN]


def test_an_endpoint_whose_filter_hides_everything_is_found_out() -> None:
    fake = FakeCall({"FilterLogEvents": honouring(wire(1), matches=lambda _: False)}, is_custom_endpoint=True)
    tail, _ = tail_of(fake, "orders")
    (delivery,) = swept(tail)
    assert delivery.depth == "full"
    assert len(delivery.events) == 1


def test_a_line_that_came_since_the_filter_found_none_is_not_taken_for_hidden() -> None:
    answers = [page(), page(wire(1)), page(wire(1)), page(wire(1)), page()]
    fake = FakeCall({"FilterLogEvents": [*answers]}, is_custom_endpoint=True)
    tail, _ = tail_of(fake, "orders")
    assert [(one.depth, len(one.events)) for one in swept(tail)] == [("platform", 0)]
    assert [(one.depth, len(one.events)) for one in swept(tail, NOW_MS + 10_000)] == [("platform", 1)]
    patterns = [asked.get("filterPattern") for asked in fake.asked["FilterLogEvents"]]
    assert patterns == [PATTERN, None, PATTERN, PATTERN, IMPOSSIBLE_PATTERN]


def test_a_filter_is_not_trusted_because_platform_lines_come_late_in_a_group() -> None:
    plain = [wire(number, "a line of the code", NOW_MS - 90_000 + number) for number in range(60)]
    fake = FakeCall({"FilterLogEvents": honouring(*plain, wire(61), matches=lambda _: False)}, is_custom_endpoint=True)
    limited = fake.answers["FilterLogEvents"]

    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's parameters
        assert callable(limited)
        found = limited(**asked)
        return page(*found["events"][: asked.get("limit", 10_000)])

    fake.answers["FilterLogEvents"] = answer
    tail, _ = tail_of(fake, "orders")
    assert sum(len(delivery.events) for delivery in swept(tail)) == 61


def test_aws_itself_is_trusted() -> None:
    fake = FakeCall({"FilterLogEvents": page(wire(1, message="a line of another shape"))})
    tail, _ = tail_of(fake, "orders")
    assert swept(tail)[0].depth == "platform"
    assert len(fake.asked["FilterLogEvents"]) == 1


def test_a_pattern_that_is_refused_is_left_out() -> None:
    refusal = refused("failed", "InvalidParameterException", "Invalid filter pattern")
    fake = FakeCall({"FilterLogEvents": [refusal, page(wire(1))]})
    tail, _ = tail_of(fake, "orders")
    assert swept(tail)[0].depth == "full"


def test_the_pattern_is_short_enough_and_takes_platform_lines_of_both_formats() -> None:
    assert len(PATTERN) <= 1024
    assert '"' not in "".join(TERMS)
    for line in (
        "START RequestId: 1 Version: $LATEST\n",
        "END RequestId: 1\n",
        REPORT,
        "INIT_START Runtime Version: python:3.12.v9\t",
        "RESTORE_REPORT Restore Duration: 1 ms",
        '{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{}}',
        "2026-11-21T03:00:00.000Z 1 Task timed out after 3.00 seconds",
        "RequestId: 1 Error: Runtime exited with error: signal: killed",
        '{"log_level":"ERROR","errorMessage":"x","errorType":"KeyError"}',
        "panic: runtime error: index out of range",
        "gone: java.lang.RuntimeException\njava.lang.RuntimeException: gone\n\tat app.Handler",
    ):
        assert is_match(line), line


def test_progress_is_told_until_every_group_was_tried() -> None:
    tail, _ = tail_of(FakeCall({"FilterLogEvents": page()}), "a", "b")
    swept(tail)
    assert tail.status(NOW_MS).progress == pytest.approx(0.5)
    assert not tail.has_first_answer()
    swept(tail)
    assert tail.status(NOW_MS).progress is None
    assert tail.has_first_answer()


def test_live_tail_listens_to_the_functions_of_the_log_view_as_to_the_opened_one_which_comes_first() -> None:
    tail, watch = tail_of(
        FakeCall({"FilterLogEvents": page()}), "other", *(f"logs-{number:02}" for number in range(11))
    )
    tail.next_due_ms()
    logs = tuple(key(f"logs-{number:02}") for number in range(11))
    watch.view = View(focus=key("other"), logs=logs, live_tail="focused")

    (wish,) = tail.wish()

    assert wish.depth == "full"
    assert wish.groups == ("/aws/lambda/other", *(f"/aws/lambda/logs-{number:02}" for number in range(9)))
