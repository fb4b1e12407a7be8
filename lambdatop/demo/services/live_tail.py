"""StartLiveTail: what arrives in up to ten log groups, told every second."""

import random
import threading
import uuid
from collections import deque
from collections.abc import Generator

import msgspec

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.filter_pattern import Predicate, compile_filter_pattern
from lambdatop.demo.log_store import StoredEvent
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.wire.event_stream import encode_event, encode_exception

MAX_SESSIONS = 15
SESSION_LIMIT_MS = 3 * 3_600_000
MAX_UPDATE_EVENTS = 500
MAX_BUFFERED_EVENTS = 5_000
MAX_WAITING_EVENTS = 100_000
"""Of a group for a session: arrived ones that its client is too slow for, and those still on their way."""
UPDATE_SECONDS = 1.0


class LiveTail:
    """One session, from the moment it is made until `close`. Its frames end when `is_stopping` is set.

    `places` holds the account's free sessions; where there is none left LimitExceededException is raised.
    """

    def __init__(self, account: EmbeddedAccount, request: Document, places: threading.Semaphore) -> None:
        self._account = account
        self._request = request
        self._opened_ms = account.clock.now_ms()
        prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"
        identifiers = request["logGroupIdentifiers"]
        if not all(arn.startswith(prefix) and not arn.endswith("*") for arn in identifiers):
            raise ServiceError("InvalidParameterException", "logGroupIdentifiers are ARNs that do not end with *")
        self._matches: Predicate = compile_filter_pattern(request.get("logEventFilterPattern", ""))
        self._groups = {arn.removeprefix(prefix): arn for arn in identifiers}
        for name in self._groups:
            if account.logs.group(name).log_group_class != "STANDARD":
                raise ServiceError("InvalidOperationException", "Live Tail is for the log class STANDARD alone")
        self._places = places
        if not places.acquire(blocking=False):
            raise ServiceError("LimitExceededException", f"There are {MAX_SESSIONS} Live Tail sessions already.")
        self._waiting = {name: account.logs.subscribe(name, MAX_WAITING_EVENTS) for name in self._groups}

    def close(self) -> None:
        """Stop listening and give the session's place back."""
        for name, waiting in self._waiting.items():
            self._account.logs.unsubscribe(name, waiting)
        self._places.release()

    def frames(self, is_stopping: threading.Event) -> Generator[bytes, None, None]:
        """Encoded messages: the initial response, sessionStart, a sessionUpdate every second, at last a time-out.

        An empty one stands for a second in which nothing is sent.
        """
        yield encode_event("initial-response", b"{}")
        start = {**self._request, "requestId": str(uuid.uuid4()), "sessionId": str(uuid.uuid4())}
        yield encode_event("sessionStart", msgspec.json.encode(start))
        while not is_stopping.wait(UPDATE_SECONDS):
            if self._is_over():
                yield encode_exception("SessionTimeoutException", b'{"message":"The session has timed out."}')
                return
            if self._account.weather.strike("live-stall") is not None:
                yield b""
            else:
                yield encode_event("sessionUpdate", msgspec.json.encode(self._update()))

    def _is_over(self) -> bool:
        cut = self._account.weather.strike("live-cut")
        limit_ms = SESSION_LIMIT_MS if cut is None else cut.fault.time_ms
        return self._account.clock.now_ms() - self._opened_ms >= limit_ms

    def _update(self) -> Document:
        found = [event for name, waiting in self._waiting.items() for event in self._arrived(name, waiting)]
        weather = self._account.weather
        if weather.has("live-drop"):
            found = [event for event in found if weather.strike("live-drop") is None]
        shown = found
        if weather.has("live-sample"):
            shown = [event for event in found if weather.strike("live-sample") is None]
        if len(shown) > MAX_UPDATE_EVENTS:
            shown = random.sample(shown, MAX_UPDATE_EVENTS)
        shown.sort(key=lambda event: event["timestamp"])
        return {"sessionMetadata": {"sampled": len(shown) < len(found)}, "sessionResults": shown}

    def _arrived(self, name: str, waiting: deque[StoredEvent]) -> list[Document]:
        """Take what has been ingested by now, leaving what is still on its way."""
        now_ms = self._account.clock.now_ms()
        taken = [waiting.popleft() for _ in range(len(waiting))]
        waiting.extend(event for event in taken if event.ingestion_time > now_ms)
        wanted = [e for e in taken if self._opened_ms <= e.ingestion_time <= now_ms and self._is_wanted(e)]
        return [
            {
                "logStreamName": event.log_stream_name,
                "logGroupIdentifier": self._groups[name],
                "message": event.message,
                "timestamp": event.timestamp,
                "ingestionTime": event.ingestion_time,
            }
            for event in wanted[-MAX_BUFFERED_EVENTS:]
        ]

    def _is_wanted(self, event: StoredEvent) -> bool:
        names, prefixes = self._request.get("logStreamNames"), self._request.get("logStreamNamePrefixes")
        return (
            (not names or event.log_stream_name in names)
            and (not prefixes or event.log_stream_name.startswith(tuple(prefixes)))
            and self._matches(event.message)
        )
