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
from lambdatop.demo.wire.event_stream import encode_event

MAX_UPDATE_EVENTS = 500
MAX_BUFFERED_EVENTS = 5_000
UPDATE_SECONDS = 1.0


class LiveTail:
    """One session. It listens from the moment it is made, and its frames end when `is_stopping` is set."""

    def __init__(self, account: EmbeddedAccount, request: Document) -> None:
        self._account = account
        self._request = request
        prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"
        identifiers = request["logGroupIdentifiers"]
        if not all(arn.startswith(prefix) and not arn.endswith("*") for arn in identifiers):
            raise ServiceError("InvalidParameterException", "logGroupIdentifiers are ARNs that do not end with *")
        self._matches: Predicate = compile_filter_pattern(request.get("logEventFilterPattern", ""))
        self._groups = {arn.removeprefix(prefix): arn for arn in identifiers}
        for name in self._groups:
            account.logs.group(name)
        self._arrived = {name: account.logs.subscribe(name, MAX_BUFFERED_EVENTS) for name in self._groups}

    def frames(self, is_stopping: threading.Event) -> Generator[bytes, None, None]:
        """Encoded messages: the initial response, sessionStart, then a sessionUpdate every second."""
        try:
            yield encode_event("initial-response", b"{}")
            start = {**self._request, "requestId": str(uuid.uuid4()), "sessionId": str(uuid.uuid4())}
            yield encode_event("sessionStart", msgspec.json.encode(start))
            while not is_stopping.wait(UPDATE_SECONDS):
                yield encode_event("sessionUpdate", msgspec.json.encode(self._update()))
        finally:
            for name, arrived in self._arrived.items():
                self._account.logs.unsubscribe(name, arrived)

    def _update(self) -> Document:
        found = [event for name, arrived in self._arrived.items() for event in self._visible(name, arrived)]
        is_sampled = len(found) > MAX_UPDATE_EVENTS
        if is_sampled:
            found = random.sample(found, MAX_UPDATE_EVENTS)
        found.sort(key=lambda event: event["timestamp"])
        return {"sessionMetadata": {"sampled": is_sampled}, "sessionResults": found}

    def _visible(self, name: str, arrived: deque[StoredEvent]) -> list[Document]:
        """Take what has been ingested by now, leaving what is still on its way."""
        now_ms = self._account.clock.now_ms()
        taken = [arrived.popleft() for _ in range(len(arrived))]
        arrived.extend(event for event in taken if event.ingestion_time > now_ms)
        return [
            {
                "logStreamName": event.log_stream_name,
                "logGroupIdentifier": self._groups[name],
                "message": event.message,
                "timestamp": event.timestamp,
                "ingestionTime": event.ingestion_time,
            }
            for event in taken
            if event.ingestion_time <= now_ms and self._is_wanted(event)
        ]

    def _is_wanted(self, event: StoredEvent) -> bool:
        names, prefixes = self._request.get("logStreamNames"), self._request.get("logStreamNamePrefixes")
        return (
            (not names or event.log_stream_name in names)
            and (not prefixes or event.log_stream_name.startswith(tuple(prefixes)))
            and self._matches(event.message)
        )
