from datetime import UTC, datetime
from typing import Any

import pytest

from lambdatop.model.delivery import TracesDelivered
from lambdatop.sources.traces import MAX_PAGES, Traces, summary_of
from tests.sources.fake_call import SCOPE, FakeCall, SteadyRandom, only, refused, watch_of

NOW_MS = 1_795_000_000_000
SINCE_MS = NOW_MS - 900_000
HOUR_MS = 3_600_000


def entry(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    start = datetime.fromtimestamp((NOW_MS - 10_000) / 1000, UTC)
    return {"Id": f"1-6ac7d556-{number:024x}", "StartTime": start, "Duration": 0.5, "ResponseTime": 0.4, **more}


def traces_of(fake: FakeCall, since_ms: int = SINCE_MS) -> Traces:
    return Traces(fake.call, watch_of("orders"), SteadyRandom(), since_ms, None)


def polled(traces: Traces, now_ms: int = NOW_MS) -> list[TracesDelivered]:
    return only(traces.poll(now_ms), TracesDelivered)


def test_empty_pages_are_followed_and_the_last_one_claims_the_window() -> None:
    pages: list[Any] = [
        {"TraceSummaries": [entry(1)], "NextToken": "a"},
        {"TraceSummaries": [], "NextToken": "b"},
        {"TraceSummaries": [entry(2)]},
    ]
    fake = FakeCall({"GetTraceSummaries": pages})
    first, last = polled(traces_of(fake))
    assert (len(first.summaries), first.swept_to_ms) == (1, SINCE_MS)
    assert (len(last.summaries), last.swept_to_ms) == (1, NOW_MS)


def test_windows_overlap_and_only_news_is_delivered() -> None:
    fake = FakeCall({"GetTraceSummaries": {"TraceSummaries": [entry(1, IsPartial=True)]}})
    traces = traces_of(fake)
    polled(traces)
    (delivery,) = polled(traces, NOW_MS + 15_000)
    assert delivery.summaries == ()
    assert fake.asked["GetTraceSummaries"][1]["StartTime"].timestamp() * 1000 == NOW_MS - 120_000
    fake.answers["GetTraceSummaries"] = {"TraceSummaries": [entry(1, HasFault=True)]}
    (delivery,) = polled(traces, NOW_MS + 30_000)
    assert [one.has_fault for one in delivery.summaries] == [True]


def test_a_long_range_is_read_by_the_hour_and_goes_on_where_it_broke_off() -> None:
    def answer(**asked: datetime) -> dict[str, Any]:
        assert (asked["EndTime"] - asked["StartTime"]).total_seconds() <= 3600
        if asked["StartTime"].timestamp() * 1000 >= NOW_MS - HOUR_MS and not asked_before:
            asked_before.append(1)
            raise refused("failed")
        return {"TraceSummaries": []}

    asked_before: list[int] = []
    fake = FakeCall({"GetTraceSummaries": answer})
    traces = traces_of(fake, NOW_MS - 3 * HOUR_MS)
    assert [one.swept_to_ms for one in polled(traces)] == [NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS]
    assert traces.status(NOW_MS).state == "failed"
    assert polled(traces, NOW_MS)[-1].swept_to_ms == NOW_MS
    assert fake.asked["GetTraceSummaries"][3]["StartTime"].timestamp() * 1000 == NOW_MS - HOUR_MS - 120_000


def test_a_range_that_is_cut_says_so() -> None:
    tokens = iter(range(1_000))

    def answer(**_: object) -> dict[str, Any]:
        return {"TraceSummaries": [], "NextToken": f"t{next(tokens)}"}

    traces = traces_of(FakeCall({"GetTraceSummaries": answer}))
    polled(traces)
    assert f"newest {MAX_PAGES} pages" in traces.status(NOW_MS).detail


def test_transaction_search_is_told() -> None:
    answers: dict[str, Any] = {
        "GetTraceSegmentDestination": {"Destination": "CloudWatchLogs"},
        "GetTraceSummaries": {"TraceSummaries": []},
    }
    (delivery,) = polled(traces_of(FakeCall(answers)))
    assert "Transaction Search" in (delivery.blind_reason or "")


@pytest.mark.parametrize(("state", "times"), [("absent", 1), ("denied", 1), ("throttled", 2)])
def test_the_destination_is_asked_once_unless_the_question_failed_for_now(state: str, times: int) -> None:
    fake = FakeCall({"GetTraceSegmentDestination": refused(state), "GetTraceSummaries": {"TraceSummaries": []}})
    traces = traces_of(fake)
    polled(traces)
    assert polled(traces, NOW_MS + 15_000)[0].blind_reason is None
    assert len(fake.asked["GetTraceSegmentDestination"]) == times


def test_a_summary_tells_entry_point_root_cause_and_http() -> None:
    step = {"Name": "orders", "Exceptions": [{"Name": "KeyError", "Message": "no such order"}]}
    cause = {"Services": [{"Name": "api"}, {"Name": "orders", "EntityPath": [{"Name": "x"}, step]}]}
    http = {"HttpMethod": "POST", "HttpURL": "https://x/orders", "HttpStatus": 502}
    summary = summary_of(
        entry(
            7, HasFault=True, FaultRootCauses=[cause], Http=http, EntryPoint={"Name": "api"}, Revision=3,
            ServiceIds=[{"Name": "api"}, {"Name": "orders"}, {"Name": "api"}, {}],
        ),
        SCOPE,
    )  # fmt: skip
    assert (summary.entry_point, summary.root_cause_service, summary.root_cause_message) == (
        "api",
        "orders",
        "no such order",
    )
    assert (summary.http_method, summary.http_status, summary.status) == ("POST", 502, "fault")
    assert summary.services == ("api", "orders")
    assert summary.start_ms == NOW_MS - 10_000


def test_an_almost_empty_summary_is_read_too() -> None:
    assert summary_of({"Id": "1-6ac7d556-000000000000000000000001"}, SCOPE).start_ms == 0x6AC7D556 * 1000
    assert summary_of({}, SCOPE).start_ms == 0
