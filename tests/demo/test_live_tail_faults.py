"""Live Tail: its limits, and what the weather makes of it."""

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import msgspec
import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.exceptions import ClientError, EventStreamError
from urllib3.exceptions import ProtocolError

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.services.live_tail import MAX_SESSIONS, SESSION_LIMIT_MS, LiveTail
from tests.demo.clients import START_MS, Client, client

Serve = Callable[..., str]
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/g"
WAIT_S = 20


class AtOnce(threading.Event):
    """An end that never comes, waited for without waiting."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002  the library's own
        return False


@pytest.fixture(autouse=True)
def group(account: EmbeddedAccount) -> None:
    account.logs.create_group("/g")


def put(account: EmbeddedAccount, count: int) -> None:
    account.logs.put_batch("/g", "s", [(START_MS + number, f"line {number}") for number in range(count)])


def listen(account: EmbeddedAccount, *faults: str) -> Generator[bytes, None, None]:
    """A session's frames after its start."""
    account.weather.forecast(faults)
    account.weather.begin()
    frames = LiveTail(account, {"logGroupIdentifiers": [ARN]}, threading.Semaphore()).frames(AtOnce())
    for _ in range(2):
        next(frames)
    return frames


def update(frame: bytes) -> tuple[list[str], bool]:
    """The messages of a sessionUpdate, and whether it says that it is a sample."""
    buffer = EventStreamBuffer()
    buffer.add_data(frame)
    document: dict[str, Any] = msgspec.json.decode(next(buffer).payload)
    messages = [event["message"] for event in document["sessionResults"]]
    return messages, document["sessionMetadata"]["sampled"]


def test_only_what_is_ingested_after_the_start_is_told(account: EmbeddedAccount) -> None:
    account.logs.put("/g", "s", START_MS, "before")
    account.logs.put("/g", "s", START_MS, "on its way", ingestion_delay_ms=5_000)
    frames = listen(account)
    account.logs.put_arrived("/g", "s", [(START_MS, START_MS - 1, "history")])
    account.logs.put("/g", "s", START_MS, "after")
    assert update(next(frames)) == (["after"], False)
    account.clock.advance(5_000)
    assert update(next(frames)) == (["on its way"], False)
    assert update(next(frames)) == ([], False)


def test_more_than_five_hundred_a_second_are_sampled(account: EmbeddedAccount) -> None:
    frames = listen(account)
    put(account, 501)
    messages, is_sampled = update(next(frames))
    assert (len(set(messages)), is_sampled) == (500, True)
    put(account, 500)
    messages, is_sampled = update(next(frames))
    assert (len(messages), is_sampled) == (500, False)


def test_a_sample_leaves_out_its_share_and_says_so(account: EmbeddedAccount) -> None:
    frames = listen(account, "live-sample=30%")
    put(account, 400)
    messages, is_sampled = update(next(frames))
    assert is_sampled
    assert 240 < len(messages) < 320
    assert update(next(frames)) == ([], False)


def test_a_drop_says_nothing(account: EmbeddedAccount) -> None:
    frames = listen(account, "live-drop=5%")
    put(account, 400)
    messages, is_sampled = update(next(frames))
    assert not is_sampled
    assert 360 < len(messages) < 399


def test_a_stall_sends_nothing_and_then_goes_on(account: EmbeddedAccount) -> None:
    frames = listen(account, "live-stall@10s+10s")
    account.clock.advance(10_000)
    put(account, 3)
    assert [next(frames) for _ in range(3)] == [b"", b"", b""]
    account.clock.advance(10_000)
    assert update(next(frames))[0] == ["line 0", "line 1", "line 2"]


def test_a_client_that_is_too_slow_loses_the_oldest(account: EmbeddedAccount) -> None:
    frames = listen(account, "live-stall@0s+10s")
    put(account, 6_000)
    account.clock.advance(10_000)
    messages, is_sampled = update(next(frames))
    assert is_sampled
    assert min(int(message.removeprefix("line ")) for message in messages) >= 1_000


def test_a_session_ends_after_three_hours(account: EmbeddedAccount) -> None:
    frames = listen(account)
    account.clock.advance(SESSION_LIMIT_MS - 1)
    assert update(next(frames)) == ([], False)
    account.clock.advance(1)
    assert b"SessionTimeoutException" in next(frames)
    assert list(frames) == []


def start(logs: Client) -> Any:  # noqa: ANN401  boto3 makes it at run time
    return logs.start_live_tail(logGroupIdentifiers=[ARN])["responseStream"]


def test_a_cut_is_an_event_stream_error_to_botocore(account: EmbeddedAccount, serve: Serve) -> None:
    stream = start(client("logs", serve("live-cut=60s")))
    updates = iter(stream)
    assert "sessionStart" in next(updates)
    account.clock.advance(60_000)
    with pytest.raises(EventStreamError) as raised:
        next(updates)
    assert raised.value.response["Error"]["Code"] == "SessionTimeoutException"
    stream.close()


def test_an_outage_breaks_a_session_off(account: EmbeddedAccount, serve: Serve) -> None:
    stream = start(client("logs", serve("outage@60s+60s")))
    updates = iter(stream)
    next(updates)
    account.clock.advance(60_000)
    with pytest.raises(ProtocolError, match="reset by peer"):
        next(updates)
    stream.close()


@pytest.mark.parametrize("faults", [(), ("live-stall",)])
def test_there_are_fifteen_places_and_who_leaves_makes_room(serve: Serve, faults: tuple[str, ...]) -> None:
    logs = client("logs", serve(*faults), attempts=1)
    sessions = [start(logs) for _ in range(MAX_SESSIONS)]
    with pytest.raises(ClientError) as raised:
        start(logs)
    assert raised.value.response["Error"]["Code"] == "LimitExceededException"
    sessions.pop().close()
    deadline = time.monotonic() + WAIT_S
    while len(sessions) < MAX_SESSIONS:
        assert time.monotonic() < deadline, "the place is not given back"
        try:
            sessions.append(start(logs))
        except logs.exceptions.LimitExceededException:
            threading.Event().wait(0.05)
    for session in sessions:
        session.close()


def test_an_infrequent_access_group_has_no_live_tail(account: EmbeddedAccount, serve: Serve) -> None:
    account.logs.create_group("/cold", "INFREQUENT_ACCESS")
    logs = client("logs", serve())
    with pytest.raises(logs.exceptions.InvalidOperationException):
        logs.start_live_tail(logGroupIdentifiers=[ARN.replace("/g", "/cold")])
