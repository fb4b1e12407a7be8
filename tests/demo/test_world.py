"""The world: the same for a seed, and the same in its logs, its metrics and its truth."""

import re
import time
from collections import Counter
from functools import cache

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.metric_store import metric_key
from lambdatop.demo.scenarios.stories import BY_NAME
from lambdatop.demo.trace_daemon import TraceDaemon
from lambdatop.demo.world.shop import SHOP, shop
from lambdatop.demo.world.simulation import HISTORY_MS, World
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.time_text import epoch_ms

START_MS = 1_791_480_600_000
SHORT_MS = 60_000
REPORT = re.compile(r"REPORT RequestId: [0-9a-f-]{36}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\t")


def build(
    scenario: str = "steady", seed: int = 1, functions: int | None = None, history_ms: int = HISTORY_MS
) -> tuple[EmbeddedAccount, World]:
    account = EmbeddedAccount(Clock(start_ms=START_MS, speed=0))
    world = World(account, BY_NAME[scenario], shop(functions, seed), seed, history_ms)
    world.run_until(START_MS)
    return account, world


def play(account: EmbeddedAccount, world: World, seconds: int) -> None:
    for _ in range(seconds * 2):
        account.clock.advance(500)
        world.run_until(account.clock.now_ms())


@cache
def ordinary() -> tuple[EmbeddedAccount, World]:
    """A quarter of an hour of an ordinary day, for tests that only read."""
    return build()


def messages(account: EmbeddedAccount) -> list[tuple[str, int, int, str]]:
    return [
        (event.log_stream_name, event.timestamp, event.ingestion_time, event.message)
        for group in account.logs.groups()
        for event in group.events
    ]


def test_a_seed_makes_the_same_world_and_another_seed_another() -> None:
    account, world = build("canary", history_ms=SHORT_MS)
    play(account, world, 60)
    again, again_world = build("canary", history_ms=SHORT_MS)
    play(again, again_world, 60)
    assert messages(account) == messages(again)
    other, _ = build("canary", seed=2, history_ms=SHORT_MS)
    assert messages(other)[:50] != messages(account)[:50]


def test_history_reaches_back_and_has_every_function_in_it() -> None:
    _, world = ordinary()
    outcomes = world.truth.outcomes
    assert min(outcome.invoked_ms for outcome in outcomes) < START_MS - HISTORY_MS + 10_000
    assert {outcome.function for outcome in outcomes} == {model.name for model in SHOP}


def test_functions_were_deployed_before_they_logged_anything() -> None:
    account, _ = ordinary()
    oldest_ms = min(timestamp_ms for _, timestamp_ms, _, _ in messages(account))
    for name in account.functions.names():
        changed_ms = epoch_ms(account.functions.get(name)["LastModified"])
        assert changed_ms is not None
        assert changed_ms < oldest_ms


def test_every_report_in_the_logs_is_one_invocation_of_the_truth() -> None:
    account, world = ordinary()
    hidden = {model.name for model in SHOP if model.system_level == "WARN"}
    parsed = [type(parse_log_line(message)).__name__ for _, _, _, message in messages(account)]
    told = [outcome for outcome in world.truth.outcomes if outcome.function not in hidden or outcome.error_kind]
    assert Counter(parsed)["Report"] == len(told)


def test_text_reports_are_true_to_the_format() -> None:
    account, _ = ordinary()
    reports = [message for _, _, _, message in messages(account) if message.startswith("REPORT ")]
    assert len(reports) > 1_000
    assert all(REPORT.match(report) and report.endswith("\n") for report in reports)
    assert any("\t\nXRAY TraceId: 1-" in report for report in reports)
    assert any("\tRestore Duration: " in report for report in reports)
    assert any("\tStatus: error\tError Type: Runtime.OutOfMemory\n" in report for report in reports)


def test_account_metrics_are_the_truth_of_the_minutes_past() -> None:
    account, world = ordinary()
    start_ms, end_ms = START_MS - 600_000, START_MS - 120_000
    start_ms -= start_ms % 60_000
    end_ms -= end_ms % 60_000
    minutes = account.metrics.read(metric_key("AWS/Lambda", "Invocations", {}), start_ms, end_ms)
    asked = sum(start_ms <= outcome.invoked_ms < end_ms for outcome in world.truth.outcomes)
    assert sum(minute.total for minute in minutes.values()) == asked


def test_metrics_of_the_present_come_late() -> None:
    account, world = build(history_ms=SHORT_MS)
    play(account, world, 25)
    now_ms = account.clock.now_ms()
    key = metric_key("AWS/Lambda", "Invocations", {})
    before = sum(minute.total for minute in account.metrics.read(key, START_MS - 60_000, now_ms + 60_000).values())
    account.clock.advance(90_000)
    after = sum(minute.total for minute in account.metrics.read(key, START_MS - 60_000, now_ms + 60_000).values())
    assert after > before


def test_two_thousand_functions_are_there() -> None:
    account, _ = build(functions=2_000, history_ms=SHORT_MS)
    assert len(account.functions.names()) == 2_000


def test_traces_arrive_through_the_daemon() -> None:
    account, world = build(history_ms=SHORT_MS)
    daemon = TraceDaemon(account.traces)
    daemon.start()
    sent = world.traces.pump(daemon.address, 20)
    world.traces.close()
    deadline_s = time.monotonic() + 30
    while not (traces := account.traces.started_between(0, START_MS)) and time.monotonic() < deadline_s:
        """The daemon reads in a thread of its own."""
    daemon.stop()
    assert sent == 20
    assert len(traces) > 0
    assert all(len(trace.segments) <= 2 for trace in traces)


def test_an_empty_account_is_empty() -> None:
    account, world = build("empty")
    play(account, world, 5)
    assert (account.functions.names(), messages(account), account.queues.names()) == ([], [], [])


@pytest.mark.parametrize(("asked", "count"), [(None, 16), (0, 16), (5, 16), (20, 20)])
def test_a_count_of_functions_fills_the_shop_up_and_never_cuts_it(asked: int | None, count: int) -> None:
    models = shop(asked, seed=1)
    assert (len(models), models[: len(SHOP)]) == (count, list(SHOP))
