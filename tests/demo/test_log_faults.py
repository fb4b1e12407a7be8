"""Log events and metrics in bad weather: told late, twice or by detours, and exactly as they happened."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, PaginationError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.metric_store import metric_key
from lambdatop.demo.scenarios.stories import BY_NAME
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.demo.world.shop import shop
from lambdatop.demo.world.simulation import World
from tests.demo.clients import START_MS, Client, client

Serve = Callable[..., str]
MAX_CALLS = 1_000


def put(account: EmbeddedAccount, count: int) -> None:
    account.logs.put_batch("/g", "s", [(START_MS + number, f"line {number}") for number in range(count)])


def read(logs: Client, **asked: Any) -> tuple[list[dict[str, Any]], int]:  # noqa: ANN401  boto3's own arguments
    """Every event that a patient reader is told, repeats included, and in how many calls."""
    events: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    unchanged: set[str] = set()
    for calls in range(1, MAX_CALLS):
        page = logs.filter_log_events(logGroupName="/g", **asked, **token)
        events += page["events"]
        if "nextToken" not in page:
            return events, calls
        if page["nextToken"] == token.get("nextToken"):
            assert page["nextToken"] not in unchanged, "a token comes back unchanged for the second time"
            unchanged.add(page["nextToken"])
        token = {"nextToken": page["nextToken"]}
    raise AssertionError("paging does not end")


def ids(account: EmbeddedAccount) -> list[str]:
    return [event.event_id for event in account.logs.arrived("/g")]


def test_late_events_come_within_two_minutes_and_out_of_order(account: EmbeddedAccount, serve: Serve) -> None:
    logs = client("logs", serve("late-logs=10%"))
    put(account, 1_000)
    found = [event["message"] for event in read(logs)[0]]
    assert 850 < len(found) < 950
    assert found == [event.message for event in account.logs.arrived("/g")]
    account.clock.advance(60_000)
    assert len(found) < len(account.logs.arrived("/g")) < 1_000
    account.clock.advance(60_000)
    events = read(logs)[0]
    assert [event["message"] for event in events] == [f"line {number}" for number in range(1_000)]
    ingestion = [event["ingestionTime"] for event in events]
    assert ingestion != sorted(ingestion)
    assert max(ingestion) <= START_MS + 120_000


def test_twins_differ_in_their_ids_alone(account: EmbeddedAccount, serve: Serve) -> None:
    logs = client("logs", serve("twins=10%", "late-logs=50%"))
    put(account, 1_000)
    account.clock.advance(120_000)
    events = read(logs)[0]
    assert 1_050 < len(events) < 1_150
    assert len({event["eventId"] for event in events}) == len(events)
    looks = Counter(tuple(sorted((k, v) for k, v in event.items() if k != "eventId")) for event in events)
    assert len(looks) == 1_000
    assert set(looks.values()) == {1, 2}


@pytest.mark.parametrize(
    "fact",
    [
        "REPORT RequestId: 1\tDuration: 1.00 ms",
        "START RequestId: 1 Version: 3\n",
        '{"time":"","type":"platform.report","record":{}}',
        "2026-01-01T00:00:00.000Z 1 Task timed out after 3.00 seconds\n\n",
        "RequestId: 1 Error: Runtime exited",
        "[ERROR] KeyError: 'x'",
    ],
)
def test_what_lambda_says_of_an_invocation_has_no_twin(account: EmbeddedAccount, fact: str) -> None:
    account.weather.forecast(["twins"])
    account.logs.put("/g", "s", START_MS, fact)
    account.logs.put("/g", "s", START_MS, "order accepted")
    assert [event.message for event in account.logs.arrived("/g")] == [fact, "order accepted", "order accepted"]


@pytest.mark.parametrize("is_forward", [True, False])
@pytest.mark.parametrize(
    "faults",
    [
        ("empty-pages",),
        ("repeat-tokens",),
        ("empty-pages=50%", "repeat-tokens=50%"),
        ("empty-pages=20%", "repeat-tokens=20%", "late-logs=5%", "twins=5%"),
    ],
)
def test_detours_end_and_lose_nothing(
    account: EmbeddedAccount, serve: Serve, faults: tuple[str, ...], is_forward: bool
) -> None:
    logs = client("logs", serve(*faults))
    put(account, 1_000)
    events, calls = read(logs, limit=10, startTime=START_MS - 1, startFromHead=is_forward)
    assert {event["eventId"] for event in events} == set(ids(account))
    assert calls > len(ids(account)) / 10
    assert (len(events) > len(ids(account))) == any(fault.startswith("repeat") for fault in faults)


def test_without_detours_every_event_is_told_once_in_as_few_pages_as_hold_them(
    account: EmbeddedAccount, serve: Serve
) -> None:
    logs = client("logs", serve())
    put(account, 200)
    events, calls = read(logs, limit=10)
    assert ([event["eventId"] for event in events], calls) == (ids(account), 20)


def test_now_and_then_the_token_that_was_sent_comes_back(account: EmbeddedAccount, serve: Serve) -> None:
    logs = client("logs", serve("repeat-tokens"))
    put(account, 200)
    with pytest.raises(PaginationError, match="same next token"):
        list(logs.get_paginator("filter_log_events").paginate(logGroupName="/g", PaginationConfig={"PageSize": 10}))


def minute(account: EmbeddedAccount) -> float | None:
    found = account.metrics.read(metric_key("N", "M", {}), START_MS - 60_000, START_MS + 60_000)
    return sum(point.total for point in found.values()) if found else None


def test_a_late_point_appears_grows_and_ends_up_right(account: EmbeddedAccount) -> None:
    account.weather.forecast(["late-metrics"])
    for _ in range(20):
        account.metrics.add("N", "M", {}, START_MS, 1)
    seen = []
    for _ in range(25):
        account.clock.advance(10_000)
        seen.append(minute(account))
    assert seen[:6] == [None] * 6
    numbers = [number for number in seen if number is not None]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 5
    assert numbers[-1] == 20


def told(faults: tuple[str, ...], scenario: str) -> tuple[EmbeddedAccount, World]:
    account = EmbeddedAccount(Clock(start_ms=START_MS, speed=0))
    account.weather.forecast([*BY_NAME[scenario].faults, *faults])
    world = World(account, BY_NAME[scenario], shop(None, 1), 1, history_ms=30_000)
    account.weather.begin()
    for _ in range(60):
        world.run_until(account.clock.now_ms())
        account.clock.advance(500)
    return account, world


def lines(account: EmbeddedAccount) -> set[tuple[str, str, int, str]]:
    return {
        (group.name, event.log_stream_name, event.timestamp, event.message)
        for group in account.logs.groups()
        for event in group.events
    }


def test_faults_never_change_what_happened() -> None:
    account, world = told((), "steady")
    badly, bad_world = told(("late-logs=20%", "twins=20%", "late-metrics", "throttle", "outage"), "bad-weather")
    assert bad_world.truth.outcomes == world.truth.outcomes
    assert len(world.truth.outcomes) > 100
    assert lines(badly) == lines(account)
    for tried in (account, badly):
        tried.clock.advance(300_000)
    key = metric_key("AWS/Lambda", "Invocations", {})
    assert badly.metrics.read(key, 0, 1 << 60) == account.metrics.read(key, 0, 1 << 60)


def outcome(logs: Client) -> str:
    try:
        logs.filter_log_events(logGroupName="/g")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except ConnectionClosedError:
        return "no answer"
    return "fine"


def test_bad_weather_comes_in_chapters(account: EmbeddedAccount) -> None:
    put(account, 1)
    endpoint = EmbeddedEndpoint(account, throttle=False, faults=BY_NAME["bad-weather"].faults)
    endpoint.start()
    logs = client("logs", endpoint.url, attempts=1)
    chapters = []
    for _ in range(24):
        chapters.append(outcome(logs))
        account.clock.advance(10_000)
    endpoint.stop()
    assert chapters == (
        ["fine"] * 6 + ["ThrottlingException"] * 6 + ["ExpiredTokenException"] * 6 + ["no answer"] * 4 + ["fine"] * 2
    )
