"""The reader of logs without a store."""

import threading

from lambdatop.engine.log_follower import INBOX_DELIVERIES, LogFollower, log_status, view_of
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceStatus
from lambdatop.sources.failure import SourceFailure
from tests.fakes import FakeAccount, FakeClock, ScriptedSource

SCOPE = Scope("123456789012", "eu-west-1")
PATIENCE_S = 10


def catalogue(count: int) -> FunctionsDelivered:
    keys = [FunctionKey(*SCOPE, f"function-{number}") for number in range(count)]
    return FunctionsDelivered(scope=SCOPE, functions=tuple(LambdaFunction(key=key) for key in keys))


def page(number: int) -> Delivery:
    event = LogEvent(log_stream="s", timestamp_ms=number, message="")
    return LogEventsDelivered(scope=SCOPE, log_group="/a", events=[event], depth="full")


def test_a_full_inbox_makes_sources_wait_and_loses_nothing() -> None:
    pages = [page(number) for number in range(3 * INBOX_DELIVERIES)]
    follower = LogFollower([FakeAccount([ScriptedSource("logs", [pages])])], FakeClock())
    follower.start()
    taken = [follower.take(PATIENCE_S) for _ in pages]
    follower.stop()
    assert taken == pages


def test_functions_are_looked_at_as_soon_as_they_are_known() -> None:
    account = FakeAccount([ScriptedSource("functions", [[catalogue(2)]])])
    follower = LogFollower([account], FakeClock())
    follower.start()
    assert follower.take(PATIENCE_S) == catalogue(2)
    follower.stop()
    assert [key.name for key in account.watch.view.visible] == ["function-0", "function-1"]


def test_one_function_is_in_focus_and_many_take_their_turns() -> None:
    assert view_of(catalogue(1)).focus == FunctionKey(*SCOPE, "function-0")
    assert view_of(catalogue(2)).focus is None
    assert view_of(catalogue(21)).visible == ()


def test_an_account_that_cannot_be_connected_to_is_told_and_waited_for_no_longer() -> None:
    refused = threading.Event()

    class Refusing(FakeAccount):
        def connect(self) -> None:
            refused.set()
            super().connect()

    failure = SourceFailure("credentials", "No AWS region is set.", "Pass --region.", 3)
    follower = LogFollower([Refusing([], failure=failure)], FakeClock())
    follower.start()
    assert refused.wait(PATIENCE_S)
    while not follower.has_first_answers():
        follower.take(0.01)
    (status,) = follower.statuses()
    assert (status.state, status.detail) == ("credentials", "No AWS region is set.")


def test_a_tail_that_waits_for_a_login_says_what_helps() -> None:
    identity = SourceStatus(name="identity", state="credentials", detail="It has expired.", remedy="Run `aws login`.")
    waiting = SourceStatus(name="logs", state="credentials", detail="waiting for a new login")
    status = log_status([identity, waiting])
    assert status is not None
    assert (status.name, status.detail, status.remedy) == ("logs", "It has expired.", "Run `aws login`.")
    working = SourceStatus(name="logs", state="working")
    assert log_status([identity, working]) is working


def test_a_defect_in_a_source_is_kept_for_the_debug_file() -> None:
    follower = LogFollower([FakeAccount([ScriptedSource("logs", [ValueError("odd"), [page(1)]])])], FakeClock())
    follower.start()
    while not follower.defects:
        follower.take(0.01)
    follower.stop()
    assert "ValueError: odd" in follower.defects[0]
