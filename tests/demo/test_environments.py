"""What the store says of the environments of the embedded account, whose memory is known from its models."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.engine.environment_reading import EnvironmentReading
from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import Environment, EnvironmentAnswer, EnvironmentQuestion
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from tests.demo.test_world import START_MS, build, ordinary, play

SCOPE = Scope("123456789012", "us-east-1")
LEAK_MB = 8.0
"""What an invocation of checkout-api leaks on average, as the story has it."""


def environments(account: EmbeddedAccount, function: str, now_ms: int) -> tuple[Environment, ...]:
    key, group = FunctionKey(*SCOPE, function), f"/aws/lambda/{function}"
    store = Store(START_MS - 3_600_000)
    listed = LambdaFunction(key=key, log_group=group, timeout_s=30)
    store.apply(FunctionsDelivered(scope=SCOPE, functions=(listed,)), now_ms)
    events = [LogEvent(each.log_stream_name, each.timestamp, each.message) for each in account.logs.group(group).events]
    store.apply(LogEventsDelivered(scope=SCOPE, log_group=group, events=events, depth="full"), now_ms)
    reading = EnvironmentReading(EnvironmentQuestion(topic="environments", number=1, function=key), store, LogArchive())
    answer: EnvironmentAnswer | None = None
    while not reading.is_done:
        answer = reading.step(now_ms)
    assert answer is not None
    return answer.environments


def suspected(found: tuple[Environment, ...]) -> list[Environment]:
    return [each for each in found if each.memory_trend is not None and each.memory_trend.is_leak_suspected]


def test_on_an_ordinary_day_no_environment_is_suspected_to_leak() -> None:
    account, _ = ordinary()
    judged = 0
    for function in ("checkout-api", "catalog-search", "orders-worker", "thumbnailer", "auth-authorizer"):
        found = environments(account, function, START_MS)
        judged += sum(each.memory_trend is not None for each in found)
        assert suspected(found) == []
    assert judged > 20


def test_the_leaking_story_is_told_by_its_environments_and_the_rise_is_what_leaks() -> None:
    account, world = build("memory-leak", history_ms=60_000)
    play(account, world, 110)
    leaking = suspected(environments(account, "checkout-api", account.clock.now_ms()))
    assert len(leaking) >= 2
    for each in leaking:
        assert each.memory_trend is not None
        assert LEAK_MB * 0.7 < each.memory_trend.rise_mb_per_invocation < LEAK_MB * 1.3
        assert each.memory_trend.invocations_left is not None
    assert suspected(environments(account, "thumbnailer", account.clock.now_ms()))
    assert suspected(environments(account, "catalog-search", account.clock.now_ms())) == []
