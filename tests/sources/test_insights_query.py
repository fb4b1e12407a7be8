"""One query against scripted answers."""

from typing import Any

import pytest

from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.insights_query import GIVE_UP_S, InsightsQuery
from tests.sources.fake_call import FakeCall, refused

STARTED = {"queryId": "q"}


def answer(status: str, *messages: str, token: str | None = None, scanned: float = 0.0) -> dict[str, Any]:
    results = [[{"field": "@message", "value": text}, {"field": "@ptr", "value": "p"}] for text in messages]
    found: dict[str, Any] = {"status": status, "results": results, "statistics": {"bytesScanned": scanned}}
    return found | ({"nextToken": token} if token else {})


def query_of(fake: FakeCall, waits: list[float] | None = None) -> InsightsQuery:
    waited = [] if waits is None else waits
    return InsightsQuery(fake.call, waited.append, "fields @message", ["/g"], 100, 160, 10)


def messages(query: InsightsQuery) -> list[str]:
    return [row["@message"] for row in query.rows()]


def test_a_query_is_asked_for_ever_more_slowly_until_it_is_complete() -> None:
    running = [answer("Scheduled"), answer("Running", "part"), answer("Running"), answer("Complete", "a", "b")]
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": list(running)})
    waits: list[float] = []
    assert messages(query_of(fake, waits)) == ["a", "b"]
    assert waits == [1.0, 1.0, 2.0, 2.0]
    assert fake.asked["StartQuery"] == [
        {"logGroupNames": ["/g"], "startTime": 100, "endTime": 160, "queryString": "fields @message", "limit": 10}
    ]
    assert "StopQuery" not in fake.asked


def test_all_pages_are_read() -> None:
    last = answer("Complete", "c")
    pages: list[Any] = [
        answer("Complete", "a", token="1"),
        refused("throttled"),
        answer("Complete", "b", token="2"),
        last,
    ]
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": pages})
    assert messages(query_of(fake)) == ["a", "b", "c"]
    assert [asked.get("nextToken") for asked in fake.asked["GetQueryResults"]] == [None, "1", "1", "2"]


def test_pages_that_go_in_circles_are_a_failure() -> None:
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": answer("Complete", "a", token="1")})
    with pytest.raises(SourceFailure, match="circles"):
        query_of(fake).rows()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("Failed", "The Insights query failed."),
        ("Cancelled", "Somebody stopped the Insights query."),
        ("Timeout", "The Insights query took longer than AWS allows."),
        ("Unknown", "The Insights query ended as Unknown."),
        ("", "The Insights query ended as Unknown."),
    ],
)
def test_a_query_that_ends_badly_says_how_and_its_scan_is_paid(status: str, words: str) -> None:
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": answer(status, scanned=2e9)})
    query = query_of(fake)
    with pytest.raises(SourceFailure) as refusal:
        query.rows()
    assert (refusal.value.sentence, query.bytes_scanned) == (words, 2e9)
    assert fake.charged_usd == {"StartQuery": pytest.approx(0.01)}


def test_a_scan_is_paid_once_however_often_it_is_told() -> None:
    told = [answer("Running", scanned=1e9), answer("Complete", token="1", scanned=3e9), answer("Complete", scanned=3e9)]
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": list(told)})
    query_of(fake).rows()
    assert fake.charged_usd == {"StartQuery": pytest.approx(0.015)}


def test_a_query_that_does_not_end_is_given_up_and_stopped() -> None:
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": answer("Running"), "StopQuery": refused("failed")})
    waits: list[float] = []
    with pytest.raises(SourceFailure, match="not done after 5 min"):
        query_of(fake, waits).rows()
    assert GIVE_UP_S <= sum(waits) < GIVE_UP_S + 5
    assert fake.asked["StopQuery"] == [{"queryId": "q"}]


def test_a_query_is_stopped_when_its_answers_are_denied_and_goes_on_when_they_are_throttled() -> None:
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": refused("denied", sentence="AWS denies it.")})
    with pytest.raises(SourceFailure, match="denies"):
        query_of(fake).rows()
    assert len(fake.asked["StopQuery"]) == 1
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": [refused("throttled"), answer("Complete", "a")]})
    assert messages(query_of(fake)) == ["a"]


def test_a_query_that_cannot_start_says_why() -> None:
    sentence = "logs:StartQuery failed: MalformedQueryException unexpected symbol found | at line 1"
    for failure, words in (
        (refused("failed", "MalformedQueryException", sentence), "unexpected symbol found | at line 1"),
        (refused("throttled", "LimitExceededException"), "dashboards' included"),
        (refused("denied", "AccessDeniedException", "AWS denies logs:StartQuery."), "AWS denies logs:StartQuery."),
    ):
        fake = FakeCall({"StartQuery": failure})
        with pytest.raises(SourceFailure) as refusal:
            query_of(fake).rows()
        assert refusal.value.sentence.endswith(words + ("" if words.endswith(".") or "|" in words else "."))
        assert refusal.value.state == failure.state
        assert "GetQueryResults" not in fake.asked


def test_an_endpoint_that_starts_nothing_is_found_out() -> None:
    with pytest.raises(SourceFailure) as refusal:
        query_of(FakeCall({"StartQuery": {}})).rows()
    assert refusal.value.state == "absent"


def test_a_query_for_which_there_is_no_money_is_not_started() -> None:
    fake = FakeCall({"StartQuery": STARTED})
    fake.cap = CostCap(0.60)
    fake.cap.spend("StartQuery", 0.06, 0)
    with pytest.raises(SourceFailure, match="--max-cost-per-hour") as refusal:
        query_of(fake).rows()
    assert refusal.value.state == "throttled"
    assert "StartQuery" not in fake.asked
