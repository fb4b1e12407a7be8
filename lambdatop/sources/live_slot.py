"""Keeps some log groups listened to: opens a session, renews it in time, and opens it again after silence or a cut."""

from collections.abc import Callable, Iterator, Sequence

from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceState
from lambdatop.sources.api_price import LIVE_TAIL_USD_PER_MINUTE
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.live_session import MINUTE_MS, LiveSession

SILENCE_MS = 10_000
"""CloudWatch speaks every second, if only to say that there is nothing: longer silence is a session that died."""
RENEW_AFTER_MS = 10_200_000
"""CloudWatch ends a session after three hours; ten minutes earlier another one begins."""
OVERLAP_MESSAGES = 4
"""The old session is left when the new one has been heard so often, which takes some three seconds."""
STEADY_MS = 60_000
"""A session that lasted so long was well: the next one is opened at once."""
RETRY_MS: dict[SourceState, int] = {"denied": 600_000, "absent": 600_000, "throttled": 60_000, "credentials": 15_000}
REFUSED_RETRY_MS = 600_000
RESTART_MS = 5_000
MAX_RESTART_MS = 600_000
REFUSALS = ("InvalidOperationException", "InvalidParameterException", "ResourceNotFoundException")
UNREACHABLE = ("EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError")


class LiveSlot:
    """One session at a time, two while one is renewed; `newest_ms` holds the newest ingestion time by log group.

    What a session brings at or below that time of the session before it is left to the sweep, so that two sessions
    never deliver an event twice.
    """

    def __init__(
        self,
        call: AwsCall,
        arns: Sequence[str],
        filter_pattern: str | None,
        newest_ms: dict[str, int],
        renew_after_ms: int = RENEW_AFTER_MS,
    ) -> None:
        self._call = call
        self._arns = tuple(arns)
        self._filter_pattern = filter_pattern
        self._newest_ms = newest_ms
        self._renew_after_ms = renew_after_ms
        self._floors_ms: dict[str, int] = {}
        self._next: LiveSession | None = None
        self._paid_to_ms: dict[LiveSession, int] = {}
        self._retry_ms = 0
        self._restarts = 0
        self._dropped = 0
        self._has_saved = False
        self.session: LiveSession | None = None
        self.failure: SourceFailure | None = None
        """Why nothing is heard, while nothing is."""

    @property
    def dropped(self) -> int:
        """Events that came faster than they were taken, and were left to the sweep."""
        return self._dropped + (0 if self.session is None else self.session.dropped)

    def take(self) -> Iterator[tuple[str, list[LogEvent]]]:
        """Return what has come, by log group."""
        if self.session is None:
            return
        for log_group, events in self.session.take().items():
            floor_ms = self._floors_ms.get(log_group, 0)
            fresh = [event for event in events if event.ingestion_time_ms > floor_ms]
            if fresh:
                newest_ms = max(event.ingestion_time_ms for event in fresh)
                self._newest_ms[log_group] = max(newest_ms, self._newest_ms.get(log_group, 0))
                yield log_group, fresh

    def keep(self, now_ms: int, before_opening: Callable[[], None]) -> None:
        """Open, renew or give up as it is time to; `before_opening` is called where nothing is heard yet."""
        self._pay(now_ms)
        if self.session is not None and self._is_dead(self.session, now_ms):
            self._mourn(self.session, now_ms)
        if self._next is not None and self._is_ready(self._next, now_ms):
            self._take_over(self._next)
        if self.session is None and self._next is None and now_ms >= self._retry_ms:
            self._start(now_ms, before_opening)
        elif self.session is not None and self._next is None and now_ms >= self._retry_ms:
            self._renew(self.session, now_ms)

    def close(self) -> None:
        """End what is open; returns at once."""
        for session in (self.session, self._next):
            if session is not None:
                self._leave(session)
        self.session = self._next = None

    def _is_dead(self, session: LiveSession, now_ms: int) -> bool:
        return session.is_over or session.silence_ms(now_ms) > SILENCE_MS

    def _is_ready(self, session: LiveSession, now_ms: int) -> bool:
        """Return whether the next session can take over; a stillborn one is dropped."""
        if self._is_dead(session, now_ms):
            self._leave(session)
            self._next = None
            self._retry_ms = now_ms + STEADY_MS
            return False
        return self.session is None or session.heard >= OVERLAP_MESSAGES

    def _mourn(self, session: LiveSession, now_ms: int) -> None:
        silence_s = session.silence_ms(now_ms) // 1000
        words = f"Live Tail was silent for {silence_s} s." if not session.is_over else "The Live Tail session ended."
        self.failure = session.failure or SourceFailure("failed", words)
        self._restarts = 0 if session.age_ms(now_ms) >= STEADY_MS else self._restarts + 1
        wait_ms = 0 if self._restarts == 0 else RESTART_MS * 2 ** min(self._restarts - 1, 10)
        self._retry_ms = now_ms + min(MAX_RESTART_MS, wait_ms)
        self._leave(session)
        self.session = None

    def _take_over(self, session: LiveSession) -> None:
        if self.session is not None:
            self._leave(self.session)
        self._adopt(session)
        self._next = None

    def _adopt(self, session: LiveSession) -> None:
        self._floors_ms = dict(self._newest_ms)
        self.session, self.failure = session, None

    def _start(self, now_ms: int, before_opening: Callable[[], None]) -> None:
        if not self._can_pay_minute(now_ms):
            return
        before_opening()
        try:
            self._adopt(self._open(now_ms))
        except SourceFailure as failure:
            self.failure = worded(failure, self._call.clients.region or "")
            self._restarts += 1
            self._retry_ms = now_ms + _retry_after_ms(failure, self._restarts)

    def _renew(self, session: LiveSession, now_ms: int) -> None:
        if session.age_ms(now_ms) < self._renew_after_ms or not self._can_pay_minute(now_ms):
            return
        try:
            self._next = self._open(now_ms)
        except SourceFailure:  # the old one is heard as long as it lasts
            self._retry_ms = now_ms + STEADY_MS

    def _open(self, now_ms: int) -> LiveSession:
        self._has_saved = True
        session = LiveSession(self._call, self._arns, self._filter_pattern, now_ms)
        self._paid_to_ms[session] = now_ms
        return session

    def _leave(self, session: LiveSession) -> None:
        self._dropped += session.dropped
        self._paid_to_ms.pop(session, None)
        session.close()

    def _pay(self, now_ms: int) -> None:
        """Pay for the minutes that have begun; where there is no money for one, stop listening."""
        for session, paid_to_ms in list(self._paid_to_ms.items()):
            heard_ms = min(now_ms, session.last_heard_ms + SILENCE_MS)  # a machine that slept did not listen
            minutes = max(0, (heard_ms - paid_to_ms) // MINUTE_MS + 1)
            self._paid_to_ms[session] = paid_to_ms + minutes * MINUTE_MS
            for _ in range(minutes):
                if not self._can_pay_minute(now_ms):
                    self.close()
                    return
                self._call.meter.charge(LIVE_TAIL_USD_PER_MINUTE, now_ms)

    def _can_pay_minute(self, now_ms: int) -> bool:
        """Return whether there is money for a minute; one that was saved for, or not used, is used first."""
        wait_s = 0.0 if self._has_saved else self._call.cap.reserve("StartLiveTail", LIVE_TAIL_USD_PER_MINUTE, now_ms)
        self._has_saved = wait_s > 0
        if wait_s > 0:
            self._retry_ms = now_ms + round(wait_s * 1000)
            remedy = "Raise --max-cost-per-hour, or press L."
            self.failure = SourceFailure("throttled", "Live Tail waits: it would cost more than allowed.", remedy)
        return wait_s == 0


def worded(failure: SourceFailure, region: str) -> SourceFailure:
    """Return what a refusal means for Live Tail, and what helps."""
    polled = "Log groups are polled meanwhile"
    if failure.code == "LimitExceededException":
        sentence = "All Live Tail sessions of this account and region are in use."
        remedy = f"Close one in the AWS console, or raise the quota L-D6990B80. {polled}."
        return SourceFailure("throttled", sentence, remedy, code=failure.code)
    if failure.code in REFUSALS:
        sentence = f"Live Tail cannot listen to these log groups: {failure.sentence}"
        remedy = f"It takes log groups of the Standard class that exist. {polled}."
        return SourceFailure("failed", sentence, remedy, code=failure.code)
    if failure.code in UNREACHABLE:
        sentence = "Live Tail's own host cannot be reached."
        remedy = f"Let stream-logs.{region}.amazonaws.com through the proxy or firewall. {polled}."
        return SourceFailure("failed", sentence, remedy, code=failure.code)
    return failure


def _retry_after_ms(failure: SourceFailure, failures: int) -> int:
    if failure.code in REFUSALS:
        return REFUSED_RETRY_MS
    return min(MAX_RESTART_MS, RETRY_MS.get(failure.state, RESTART_MS) << min(failures - 1, 10))
