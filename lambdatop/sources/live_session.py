"""One StartLiveTail session, drained on a thread of its own.

CloudWatch keeps ten updates for a slow client and then drops the oldest in silence (AWS-FACTS 4.4), so the socket
never waits for whoever takes the events: what does not fit here is counted and left to the sweep.
"""

import contextlib
import threading
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure, failure_of
from lambdatop.sources.fast_decode import whole_text

MAX_WAITING = 20_000
"""Events that may wait to be taken: some forty seconds of the most that a session brings."""
SAMPLED_UPDATES = 5
"""A session counts as sampled while any of so many updates, which come every second, was a sample."""
MINUTE_MS = 60_000


class LiveSession:
    """Listens from the moment it is made; raises SourceFailure where AWS refuses. `close` returns at once."""

    def __init__(self, call: AwsCall, arns: Sequence[str], filter_pattern: str | None, now_ms: int) -> None:
        pattern = {} if filter_pattern is None else {"logEventFilterPattern": filter_pattern}
        answer = call("logs", "StartLiveTail", logGroupIdentifiers=list(arns), **pattern)
        self._updates = answer["responseStream"]
        self._profile = call.clients.profile
        self._waiting: deque[tuple[str, LogEvent]] = deque()
        self._samples: deque[bool] = deque(maxlen=SAMPLED_UPDATES)
        self._is_closed = False
        self._noticed = 0
        self.opened_ms = self.last_heard_ms = now_ms
        self.heard = 0
        """Messages that came, empty updates included."""
        self.dropped = 0
        """Events that found no room and are left to the sweep."""
        self.is_over = False
        self.failure: SourceFailure | None = None
        """Why it ended by itself, where that was said."""
        self._thread = threading.Thread(target=self._drain, name="lambdatop-live-tail-session", daemon=True)
        self._thread.start()

    @property
    def is_sampled(self) -> bool:
        """Whether what came lately is a sample of what was written."""
        return any(tuple(self._samples))

    def silence_ms(self, now_ms: int) -> int:
        """How long nothing has come, by the clock of whoever asks, who should ask often."""
        if self.heard != self._noticed:
            self._noticed, self.last_heard_ms = self.heard, now_ms
        return now_ms - self.last_heard_ms

    def age_ms(self, now_ms: int) -> int:
        """How long ago it was opened."""
        return now_ms - self.opened_ms

    def take(self) -> dict[str, list[LogEvent]]:
        """Return the events that came since the last time, by log group."""
        taken: dict[str, list[LogEvent]] = defaultdict(list)
        for _ in range(len(self._waiting)):
            log_group, event = self._waiting.popleft()
            taken[log_group].append(event)
        return taken

    def close(self) -> None:
        """Let the session end.

        Its thread leaves at the next update or when the read times out: closing the response from another thread
        would wait for the same.
        """
        self._is_closed = True

    def _drain(self) -> None:
        try:
            for message in self._updates:
                if self._is_closed:
                    break
                self._hear(message.get("sessionUpdate"))
        except Exception as error:  # noqa: BLE001  a stream breaks in many ways, and all of them mean that it is over
            self.failure = self._failure_of(error)
        finally:
            self.is_over = True
            with contextlib.suppress(OSError):
                self._updates.close()

    def _hear(self, update: Mapping[str, Any] | None) -> None:
        if update is not None:
            self._samples.append(bool(update.get("sessionMetadata", {}).get("sampled")))
            for result in update.get("sessionResults", ()):
                if len(self._waiting) >= MAX_WAITING:
                    self.dropped += 1
                else:
                    self._waiting.append((log_group_of(result.get("logGroupIdentifier", "")), _event_of(result)))
        self.heard += 1

    def _failure_of(self, error: Exception) -> SourceFailure:
        if isinstance(getattr(error, "response", None), dict):
            return failure_of(error, "logs:StartLiveTail", self._profile)
        return SourceFailure("failed", "The Live Tail session broke off.", code=type(error).__name__)


def log_group_of(identifier: str) -> str:
    """Return the name of a log group that is identified by name, by account and name, or by ARN.

    >>> log_group_of("123456789012:/aws/lambda/a"), log_group_of("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/a:*")
    ('/aws/lambda/a', '/aws/lambda/a')
    """
    return identifier.removesuffix(":*").rsplit(":", 1)[-1]


def _event_of(result: Mapping[str, Any]) -> LogEvent:
    return LogEvent(
        log_stream=result.get("logStreamName", ""),
        timestamp_ms=result.get("timestamp", 0),
        message=whole_text(result.get("message", "")),
        ingestion_time_ms=result.get("ingestionTime", 0),
    )
