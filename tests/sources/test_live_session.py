"""One Live Tail session over a stream that speaks when it is told to."""

from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from lambdatop.sources import live_session
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.live_session import LiveSession
from tests.sources.fake_call import refused
from tests.sources.live_stream import LiveCall, LiveStream, until

NOW_MS = 1_795_000_000_000
GROUP = "/aws/lambda/orders"
ARN = f"arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}"


def told(message: str, group: str = ARN) -> dict[str, Any]:
    return {
        "logStreamName": "2026/11/21/[$LATEST]0",
        "logGroupIdentifier": group,
        "message": message,
        "timestamp": NOW_MS,
        "ingestionTime": NOW_MS + 200,
    }


def opened(pattern: str | None = None) -> tuple[LiveSession, LiveStream, LiveCall]:
    call = LiveCall()
    session = LiveSession(call.call, [ARN], pattern, NOW_MS)
    return session, call.streams[0], call


def test_a_pattern_is_asked_for_only_where_there_is_one() -> None:
    _, _, call = opened()
    assert call.asked["StartLiveTail"] == [{"logGroupIdentifiers": [ARN]}]
    _, _, call = opened('?"REPORT"')
    assert call.asked["StartLiveTail"] == [{"logGroupIdentifiers": [ARN], "logEventFilterPattern": '?"REPORT"'}]


def test_a_refusal_is_raised() -> None:
    call = LiveCall()
    call.refusal = refused("denied")
    with pytest.raises(SourceFailure):
        LiveSession(call.call, [ARN], None, NOW_MS)


def test_events_are_taken_once_and_by_log_group_however_it_is_identified() -> None:
    session, stream, _ = opened()
    stream.send(told("a"), told("b", f"123456789012:{GROUP}"), told("c", "/aws/lambda/other"))
    until(lambda: session.heard == 1)
    taken = session.take()
    assert {group: [event.message for event in events] for group, events in taken.items()} == {
        GROUP: ["a", "b"],
        "/aws/lambda/other": ["c"],
    }
    first = taken[GROUP][0]
    assert (first.timestamp_ms, first.ingestion_time_ms, first.event_id) == (NOW_MS, NOW_MS + 200, "")
    assert session.take() == {}


def test_silence_is_counted_from_the_last_message_and_empty_updates_break_it() -> None:
    session, stream, _ = opened()
    assert session.silence_ms(NOW_MS + 3_000) == 3_000
    stream.send()
    until(lambda: session.heard == 1)
    assert session.silence_ms(NOW_MS + 4_000) == 0
    assert session.silence_ms(NOW_MS + 9_000) == 5_000
    assert session.last_heard_ms == NOW_MS + 4_000


def test_a_session_is_sampled_while_one_of_the_last_updates_was() -> None:
    session, stream, _ = opened()
    stream.send(is_sampled=True)
    until(lambda: session.heard == 1)
    assert session.is_sampled
    for _ in range(live_session.SAMPLED_UPDATES):
        stream.send()
    until(lambda: session.heard == 1 + live_session.SAMPLED_UPDATES)
    assert not session.is_sampled


def test_events_that_find_no_room_are_counted() -> None:
    session, stream, _ = opened()
    stream.send(*[told("a")] * (live_session.MAX_WAITING + 7))
    until(lambda: session.heard == 1)
    assert (session.dropped, len(session.take()[GROUP])) == (7, live_session.MAX_WAITING)


def test_an_exception_in_the_stream_ends_the_session_with_its_reason() -> None:
    session, stream, _ = opened()
    stream.fail(EventStreamError({"Error": {"Code": "SessionTimeoutException", "Message": "3 h"}}, "StartLiveTail"))
    until(lambda: session.is_over)
    assert session.failure is not None
    assert session.failure.sentence == "logs:StartLiveTail failed: SessionTimeoutException 3 h"
    assert stream.is_closed.wait(10)


def test_a_broken_connection_is_said_in_plain_words() -> None:
    session, stream, _ = opened()
    stream.fail(RuntimeError("IncompleteRead(7 bytes read)"))
    until(lambda: session.is_over)
    assert session.failure is not None
    assert session.failure.sentence == "The Live Tail session broke off."


def test_closing_returns_at_once_and_the_stream_is_closed_at_the_next_update() -> None:
    session, stream, _ = opened()
    session.close()
    stream.send(told("late"))
    assert stream.is_closed.wait(10)
    assert (session.failure, session.take()) == (None, {})
