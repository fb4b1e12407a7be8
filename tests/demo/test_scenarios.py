"""The milestones of each story."""

import re

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.metric_store import metric_key
from lambdatop.demo.scenarios.stories import BY_NAME
from lambdatop.demo.world.shop import shop
from lambdatop.demo.world.simulation import World
from lambdatop.demo.world.truth import Counts
from tests.demo.test_world import SHORT_MS, START_MS, build, play


def between(world: World, start_s: int, end_s: int, function: str | None = None) -> Counts:
    return world.truth.counts(START_MS + start_s * 1000, START_MS + end_s * 1000, function)


@pytest.mark.parametrize("name", ["canary", "spike", "memory-leak", "slow-dependency"])
def test_before_the_story_nothing_is_amiss_but_one_small_defect(name: str) -> None:
    account, world = build(name)
    play(account, world, 14)
    outcomes = [outcome for outcome in world.truth.outcomes if outcome.error_kind is not None]
    assert {outcome.function for outcome in outcomes} <= {"image-resizer"}
    assert len(outcomes) < 6
    assert not world.truth.throttles
    assert all(account.queues.depth(queue) == (0, 0, 0) for queue in account.queues.names() if queue.endswith("-dlq"))


def metric_maxima(account: EmbeddedAccount, name: str, function: str) -> list[float]:
    account.clock.advance(120_000)  # what is on its way arrives
    minutes = account.metrics.read(
        metric_key("AWS/Lambda", name, {"FunctionName": function}), START_MS - 60_000, 1 << 60
    )
    return [minutes[minute].maximum for minute in sorted(minutes)]


def test_a_bad_record_holds_up_its_stream_until_it_is_gone() -> None:
    account, world = build("slow-dependency", history_ms=SHORT_MS)
    play(account, world, 138)
    assert max(metric_maxima(account, "IteratorAge", "inventory-stream")) > 90_000
    world.run_until(account.clock.now_ms())
    assert metric_maxima(account, "IteratorAge", "inventory-stream")[-1] < 10_000
    assert between(world, 145, 170, "inventory-stream").errors.total() == 0


def test_a_dead_letter_queue_that_refuses_is_counted_and_stays_empty() -> None:
    account, world = build("memory-leak", history_ms=SHORT_MS)
    play(account, world, 165)
    assert account.queues.depth("thumbnails-dlq") == (0, 0, 0)
    assert metric_maxima(account, "DeadLetterErrors", "thumbnailer")
    assert metric_maxima(account, "AsyncEventsDropped", "thumbnailer")


def test_a_faster_story_reaches_the_same_chapters_sooner() -> None:
    account = EmbeddedAccount(Clock(start_ms=START_MS, speed=0))
    world = World(account, BY_NAME["canary"].at_speed(5), shop(None, 1), 1, history_ms=10_000)
    play(account, world, 26)
    assert between(world, 11, 26).throttles > 20
    assert account.clock.now_ms() == START_MS + 26_000
    play(account, world, 14)
    assert between(world, 31, 40).throttles == 0


def test_canary_breaks_fills_queues_meets_its_ceiling_and_heals() -> None:
    account, world = build("canary", history_ms=SHORT_MS)
    play(account, world, 60)
    assert account.functions.aliases("checkout-api")[0]["RoutingConfig"] == {"AdditionalVersionWeights": {"42": 0.5}}
    play(account, world, 150)
    assert "RoutingConfig" not in account.functions.aliases("checkout-api")[0]
    assert between(world, 0, 30, "checkout-api").errors.total() == 0
    assert between(world, 50, 135, "checkout-api").errors["exception"] > 20
    assert between(world, 50, 140, "checkout-api").errors["timeout"] > 3
    assert between(world, 55, 100).throttles > 100
    assert between(world, 145, 210).throttles == 0
    assert between(world, 145, 210, "checkout-api").errors["exception"] == 0
    assert account.queues.depth("email-dlq")[0] > 5
    assert account.queues.depth("orders-dlq")[0] > 5


def test_an_event_that_failed_three_times_reaches_its_dead_letter_queue_with_its_reason() -> None:
    account, world = build("canary", history_ms=SHORT_MS)
    play(account, world, 140)
    message = account.queues.receive("email-dlq", 1)[0]
    assert message.attributes["ErrorMessage"]["StringValue"] == "454 Throttling failure"
    request_id = message.attributes["RequestID"]["StringValue"]
    events = account.logs.group("/aws/lambda/email-sender").events
    assert sum(event.message.startswith(f"REPORT RequestId: {request_id}") for event in events) == 3


def test_spike_is_a_storm_of_cold_starts_into_the_accounts_limit() -> None:
    account, world = build("spike", history_ms=SHORT_MS)
    play(account, world, 100)
    assert between(world, 25, 40).cold_starts + between(world, 25, 40).restores > 15
    assert between(world, 30, 100).throttles > 50


def test_memory_leak_ends_out_of_memory() -> None:
    account, world = build("memory-leak", history_ms=SHORT_MS)
    play(account, world, 165)
    assert between(world, 0, 165, "checkout-api").errors["out_of_memory"] > 2


def test_environments_of_the_leak_live_for_long_and_report_all_memory_used_when_they_run_out() -> None:
    account, world = build("memory-leak", history_ms=SHORT_MS)
    play(account, world, 165)
    for function, longest in (("checkout-api", 40), ("thumbnailer", 20)):
        reports = [
            event
            for event in account.logs.group(f"/aws/lambda/{function}").events
            if event.message.startswith("REPORT")
        ]
        ended = [event for event in reports if "Error Type: Runtime.OutOfMemory" in event.message]
        assert len(ended) > 2
        used = [re.findall(r"Memory Size: (\d+) MB\tMax Memory Used: (\d+) MB", event.message) for event in ended]
        assert used == [[("512", "512")]] * len(ended)
        lived = [
            sum(each.log_stream_name == event.log_stream_name and each.timestamp < event.timestamp for each in reports)
            for event in ended
        ]
        assert max(lived) >= longest


def test_slow_dependency_ends_in_timeouts() -> None:
    account, world = build("slow-dependency", history_ms=SHORT_MS)
    play(account, world, 140)
    assert between(world, 0, 25, "checkout-api").errors["timeout"] == 0
    assert between(world, 80, 140, "checkout-api").errors["timeout"] > 10
