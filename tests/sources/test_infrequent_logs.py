"""The source of Infrequent Access log groups against scripted queries."""

from typing import Any

import pytest

from lambdatop.model.delivery import Delivery, LogEventsDelivered, LogGroupsNoted
from lambdatop.sources.infrequent_logs import EVERY_MS, ROW_LIMITS, InfrequentLogs
from lambdatop.sources.insights_cursor import OVERLAP_MS
from lambdatop.sources.insights_pace import USD_PER_HOUR
from tests.sources.fake_call import FakeCall, SteadyRandom, only, refused, watch_of
from tests.sources.fake_insights import FakeInsights

NOW_MS = 1_795_230_000_000
SINCE_MS = NOW_MS - 900_000


def source_of(
    fake: FakeCall,
    *names: str,
    since_ms: int = SINCE_MS,
    until_ms: int | None = None,
    row_limits: tuple[int, int] = ROW_LIMITS,
) -> InfrequentLogs:
    watch = watch_of(*names)
    watch.infrequent_groups = frozenset(f"/aws/lambda/{name}" for name in names)
    return InfrequentLogs(fake.call, watch, SteadyRandom(), since_ms, until_ms, lambda _seconds: None, row_limits)


def messages(deliveries: list[Delivery]) -> list[str]:
    return [event.message for one in only(deliveries, LogEventsDelivered) for event in one.events]


def notes(deliveries: list[Delivery]) -> dict[str, str]:
    (noted,) = only(deliveries, LogGroupsNoted)
    return dict(noted.notes)


def due_after(source: InfrequentLogs, now_ms: int) -> int:
    due_ms = source.next_due_ms()
    assert due_ms is not None
    return due_ms - now_ms


def test_nothing_is_asked_while_no_group_of_the_class_was_met() -> None:
    fake = FakeInsights().fake
    source = source_of(fake)
    assert source.next_due_ms() is None
    assert source.has_first_answer()
    status = source.status(NOW_MS)
    assert (status.state, status.ledger) == ("working", None)
    assert "no log group" in status.detail


def test_groups_are_read_together_every_two_minutes_and_marked_as_late() -> None:
    insights = FakeInsights()
    insights.write("/aws/lambda/a", NOW_MS - 60_000, "REPORT a")
    insights.write("/aws/lambda/b", NOW_MS - 61_000, "REPORT b")
    source = source_of(insights.fake, "a", "b")
    assert source.next_due_ms() == 0
    assert not source.has_first_answer()
    deliveries = list(source.poll(NOW_MS))
    assert source.has_first_answer()
    assert insights.queries == [(("/aws/lambda/a", "/aws/lambda/b"), SINCE_MS // 1000, NOW_MS // 1000 - 30)]
    a, b = only(deliveries, LogEventsDelivered)
    assert [(one.log_group, one.depth, one.swept_to_ms, one.events[0].message) for one in (a, b)] == [
        ("/aws/lambda/a", "platform", NOW_MS - 30_000, "REPORT a"),
        ("/aws/lambda/b", "platform", NOW_MS - 30_000, "REPORT b"),
    ]
    note = "log group of the Infrequent Access class: read by Insights every 2 min, so numbers are late"
    assert notes(deliveries) == {"/aws/lambda/a": note, "/aws/lambda/b": note}
    assert due_after(source, NOW_MS) == EVERY_MS
    status = source.status(NOW_MS + 1_000)
    assert (status.state, status.lag_ms) == ("working", 31_000)
    assert status.detail == (
        "2 log groups of the Infrequent Access class, read by Insights every 2 min: numbers are late;"
        " less than $0.01 an hour"
    )
    assert status.ledger is not None
    assert (status.ledger.delivered, status.ledger.groups, status.ledger.groups_behind) == (2, 2, 0)


def test_more_than_fifty_groups_take_more_queries() -> None:
    insights = FakeInsights()
    source = source_of(insights.fake, *(f"f{number:03d}" for number in range(120)))
    deliveries = list(source.poll(NOW_MS))
    assert [len(names) for names, _, _ in insights.queries] == [50, 50, 20]
    assert len({one.log_group for one in only(deliveries, LogEventsDelivered)}) == 120


def test_a_group_that_is_met_later_is_read_at_once_and_by_itself() -> None:
    insights = FakeInsights()
    source = source_of(insights.fake, "a")
    list(source.poll(NOW_MS))
    source.watch.infrequent_groups |= {"/aws/lambda/b"}
    assert not source.has_first_answer()
    assert source.next_due_ms() == 0
    list(source.poll(NOW_MS + 10_000))
    list(source.poll(NOW_MS + 10_000 + EVERY_MS))
    assert [(names, start_s * 1000) for names, start_s, _ in insights.queries] == [
        (("/aws/lambda/a",), SINCE_MS),
        (("/aws/lambda/b",), SINCE_MS),
        (("/aws/lambda/a", "/aws/lambda/b"), NOW_MS - OVERLAP_MS),
    ]


def test_a_failed_query_is_asked_again_over_the_same_stretch() -> None:
    insights = FakeInsights()
    insights.write("/aws/lambda/a", NOW_MS - 60_000, "REPORT a")
    source = source_of(insights.fake, "a")
    answer = insights.fake.answers["GetQueryResults"]
    insights.fake.answers["GetQueryResults"] = {"status": "Failed"}
    deliveries = list(source.poll(NOW_MS))
    assert messages(deliveries) == []
    assert "The Insights query failed." in notes(deliveries)["/aws/lambda/a"]
    assert source.status(NOW_MS).state == "failed"
    insights.fake.answers["GetQueryResults"] = answer
    assert messages(list(source.poll(NOW_MS + 60_000))) == ["REPORT a"]
    assert [start_s * 1000 for _, start_s, _ in insights.queries] == [SINCE_MS, SINCE_MS]
    assert source.status(NOW_MS + 60_000).state == "working"


def test_denied_insights_is_said_with_its_action_by_the_status_and_by_the_functions_notes() -> None:
    denial = refused("denied", "AccessDeniedException", "AWS denies logs:StartQuery.")
    source = source_of(FakeCall({"StartQuery": denial}), "a", "b")
    deliveries = list(source.poll(NOW_MS))
    assert only(deliveries, LogEventsDelivered) == []
    assert set(notes(deliveries)) == {"/aws/lambda/a", "/aws/lambda/b"}
    for note in notes(deliveries).values():
        assert note.endswith("which only Insights reads. AWS denies logs:StartQuery. help")
    status = source.status(NOW_MS)
    assert (status.state, status.detail, status.remedy) == ("denied", "AWS denies logs:StartQuery.", "help")
    assert source.has_first_answer()


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterException", "AccessDeniedException"])
def test_one_group_that_cannot_be_queried_does_not_stop_the_others(code: str) -> None:
    insights = FakeInsights()
    state = "denied" if code == "AccessDeniedException" else "failed"
    insights.refused["/aws/lambda/bad"] = refused(state, code, "Not this one.")
    names = [f"f{number:02d}" for number in range(20)]
    for name in names:
        insights.write(f"/aws/lambda/{name}", NOW_MS - 60_000, f"REPORT {name}")
    source = source_of(insights.fake, *names, "bad")
    deliveries = list(source.poll(NOW_MS))
    assert sorted(messages(deliveries)) == [f"REPORT {name}" for name in names]
    assert len(insights.fake.asked["StartQuery"]) < 12
    assert "Not this one." in notes(deliveries)["/aws/lambda/bad"]
    assert "are late" in notes(deliveries)["/aws/lambda/f00"]
    status = source.status(NOW_MS)
    assert status.state == state
    assert "21 log groups of the Infrequent Access class, 1 of which Insights cannot read" in status.detail
    del insights.refused["/aws/lambda/bad"]
    insights.write("/aws/lambda/bad", NOW_MS - 60_000, "REPORT bad")
    assert messages(list(source.poll(NOW_MS + 4 * EVERY_MS))) == ["REPORT bad"]
    assert source.status(NOW_MS + 4 * EVERY_MS).state == "working"


def test_more_rows_than_a_query_holds_are_read_query_by_query_and_none_is_skipped() -> None:
    insights = FakeInsights()
    for number in range(500):
        insights.write("/aws/lambda/a", NOW_MS - 300_000 + number // 2 * 1_000, f"REPORT {number % 7}")
    source = source_of(insights.fake, "a", row_limits=(20, 50))
    polls = [messages(list(source.poll(NOW_MS + poll * EVERY_MS))) for poll in range(3)]
    assert sum(map(len, polls)) == 500
    assert len(polls[0]) > 400
    assert source.status(NOW_MS + 3 * EVERY_MS).detail.endswith("an hour")


def test_a_second_with_more_rows_than_any_query_holds_is_said_and_does_not_stop_the_rest() -> None:
    insights = FakeInsights()
    for number in range(60):
        insights.write("/aws/lambda/a", NOW_MS - 60_000, f"REPORT {number}")
    insights.write("/aws/lambda/a", NOW_MS - 40_000, "REPORT after")
    source = source_of(insights.fake, "a", row_limits=(20, 50))
    found = messages(list(source.poll(NOW_MS)))
    assert (len(found), found[-1]) == (51, "REPORT after")
    assert "1 s held more lines than a query can tell of" in source.status(NOW_MS).detail


def simulate(insights: FakeInsights, source: InfrequentLogs, hours: float) -> tuple[float, int]:
    """Poll whenever it is due; returns the dollars spent an hour and the clock at the end."""
    now_ms, end_ms = NOW_MS, NOW_MS + round(hours * 3_600_000)
    while now_ms < end_ms:
        list(source.poll(now_ms))
        now_ms = max(now_ms + 1_000, source.next_due_ms() or 0)
    return insights.fake.charged_usd["StartQuery"] / hours, now_ms


def test_cheap_groups_are_read_every_two_minutes() -> None:
    insights = FakeInsights()
    insights.bytes_per_ms = 1.0
    source = source_of(insights.fake, "a")
    spent_usd, now_ms = simulate(insights, source, 2)
    assert len(insights.queries) == pytest.approx(60, abs=2)
    assert 0 < spent_usd < 0.001
    assert source.status(now_ms).state == "working"


def test_dear_groups_are_read_less_often_and_keep_up() -> None:
    insights = FakeInsights()
    insights.bytes_per_ms = 30e9 / 3_600_000
    source = source_of(insights.fake, "a")
    spent_usd, now_ms = simulate(insights, source, 8)
    assert 0.15 < spent_usd < USD_PER_HOUR * 1.1
    status = source.status(now_ms)
    assert status.lag_ms is not None
    assert status.lag_ms < 3_600_000
    assert all(end_s - start_s < 3_600 for _, start_s, end_s in insights.queries)


def test_groups_that_are_too_dear_fall_behind_and_say_what_they_would_cost() -> None:
    insights = FakeInsights()
    insights.bytes_per_ms = 200e9 / 3_600_000
    source = source_of(insights.fake, "a")
    spent_usd, now_ms = simulate(insights, source, 8)
    assert spent_usd < USD_PER_HOUR * 1.1
    status = source.status(now_ms)
    assert status.state == "late"
    assert "for up to $0.25 an hour: to read it all costs $1.00 an hour or more" in status.detail
    assert status.remedy == "Watch fewer functions: `lambdatop NAME`."
    starts = [start_s for _, start_s, _ in insights.queries]
    assert starts == sorted(starts)


def test_a_bounded_range_is_read_once_and_its_numbers_are_not_late() -> None:
    insights = FakeInsights()
    insights.write("/aws/lambda/a", NOW_MS - 700_000, "REPORT in")
    source = source_of(insights.fake, "a", until_ms=NOW_MS - 600_000)
    deliveries = list(source.poll(NOW_MS))
    assert (messages(deliveries), notes(deliveries)) == (["REPORT in"], {})
    list(source.poll(NOW_MS + EVERY_MS))
    assert len(insights.queries) == 1
    status = source.status(NOW_MS)
    assert (status.state, status.lag_ms) == ("working", None)
    assert status.detail == "1 log group of the Infrequent Access class, read by Insights"


def test_a_long_range_is_read_in_stretches_that_grow_where_little_is_scanned() -> None:
    insights = FakeInsights()
    source = source_of(insights.fake, "a", since_ms=NOW_MS - 24 * 3_600_000)
    list(source.poll(NOW_MS))
    spans = [end_s - start_s for _, start_s, end_s in insights.queries]
    assert spans[:3] == [900, 21_600, 21_600]
    assert sum(spans) == 24 * 3_600 - 30


def test_an_endpoint_whose_rows_cannot_be_read_is_found_out() -> None:
    nonsense: dict[str, Any] = {"status": "Complete", "results": [[{"field": "x", "value": "y"}]]}
    source = source_of(FakeCall({"StartQuery": {"queryId": "q"}, "GetQueryResults": nonsense}), "a")
    list(source.poll(NOW_MS))
    assert source.status(NOW_MS).state == "absent"


def test_leaving_stops_the_query_that_runs_and_begins_no_other() -> None:
    fake = FakeCall({"StartQuery": {"queryId": "q"}, "GetQueryResults": {"status": "Running"}})
    source = source_of(fake, "a")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 10:
            source._is_ending = True

    source._wait = wait
    list(source.poll(NOW_MS))
    assert fake.asked["StopQuery"] == [{"queryId": "q"}]
    assert max(waits) <= 0.25
    source.end()
    list(source.poll(NOW_MS + EVERY_MS))
    assert len(fake.asked["StartQuery"]) == 1
