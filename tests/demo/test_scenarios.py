"""The milestones of each story."""

from lambdatop.demo.world.simulation import World
from lambdatop.demo.world.truth import Counts
from tests.demo.test_world import START_MS, build, play


def between(world: World, start_s: int, end_s: int, function: str | None = None) -> Counts:
    return world.truth.counts(START_MS + start_s * 1000, START_MS + end_s * 1000, function)


def test_canary_breaks_fills_queues_meets_its_ceiling_and_heals() -> None:
    account, world = build("canary")
    play(account, world, 60)
    assert account.functions.aliases("checkout-api")[0]["RoutingConfig"] == {"AdditionalVersionWeights": {"42": 0.5}}
    play(account, world, 150)
    assert "RoutingConfig" not in account.functions.aliases("checkout-api")[0]
    assert between(world, 0, 30, "checkout-api").errors.total() == 0
    assert between(world, 50, 135, "checkout-api").errors["exception"] > 20
    assert between(world, 50, 140, "checkout-api").errors["timeout"] > 3
    assert between(world, 95, 135).throttles > 100
    assert between(world, 145, 210).throttles == 0
    assert between(world, 145, 210, "checkout-api").errors["exception"] == 0
    assert account.queues.depth("email-dlq")[0] > 5
    assert account.queues.depth("orders-dlq")[0] > 5


def test_an_event_that_failed_three_times_reaches_its_dead_letter_queue_with_its_reason() -> None:
    account, world = build("canary")
    play(account, world, 140)
    message = account.queues.receive("email-dlq", 1)[0]
    assert message.attributes["ErrorMessage"]["StringValue"] == "454 Throttling failure"
    request_id = message.attributes["RequestID"]["StringValue"]
    events = account.logs.group("/aws/lambda/email-sender").events
    assert sum(event.message.startswith(f"REPORT RequestId: {request_id}") for event in events) == 3


def test_spike_is_a_storm_of_cold_starts_into_the_accounts_limit() -> None:
    account, world = build("spike")
    play(account, world, 100)
    assert between(world, 25, 40).cold_starts + between(world, 25, 40).restores > 15
    assert between(world, 30, 100).throttles > 50


def test_memory_leak_ends_out_of_memory() -> None:
    account, world = build("memory-leak")
    play(account, world, 165)
    assert between(world, 0, 165, "checkout-api").errors["out_of_memory"] > 2


def test_slow_dependency_ends_in_timeouts() -> None:
    account, world = build("slow-dependency")
    play(account, world, 140)
    assert between(world, 0, 25, "checkout-api").errors["timeout"] == 0
    assert between(world, 80, 140, "checkout-api").errors["timeout"] > 10
