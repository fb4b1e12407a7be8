"""CloudWatch Logs Live Tail: events within a second or two, for speed; the sweep stays the truth (DESIGN 5.1).

It is paid by the minute, so it listens only where the view asks for it. Whatever it cannot hear is polled as ever.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from lambdatop.model.delivery import Delivery, LogDepth, LogEventsDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.live_session import MINUTE_MS
from lambdatop.sources.live_slot import RENEW_AFTER_MS, LiveSlot
from lambdatop.sources.permission import ARN_FORMATS, partition_of
from lambdatop.sources.platform_pattern import PATTERN
from lambdatop.sources.watch import Watch

POLL_MS = 250
SETTLE_MS = 1_000
"""What is wished must have been wished for so long, since each session that is opened costs a minute."""


class LiveWish(NamedTuple):
    """A session that is wanted: up to ten log groups, heard in full or by their platform and failure lines."""

    depth: LogDepth
    groups: tuple[str, ...]


class LiveGroups(Protocol):
    """What Live Tail needs of the tail that sweeps; called from Live Tail's thread."""

    def wish(self) -> tuple[LiveWish, ...]:
        """Return the sessions that are wanted now; only groups that a sweep could read, each in one session."""

    def listen(self, group: str, /) -> None:
        """A group is about to be listened to."""

    def stop_listening(self, group: str, /) -> None:
        """A group is not listened to any more."""

    def take_live(self, group: str, events: list[LogEvent], /) -> list[LogEvent]:
        """Return the events that no sweep has delivered."""


class LiveTail:
    """Opens the sessions that are wished for and delivers what they bring."""

    name = "live tail"
    parallel = 1

    def __init__(self, call: AwsCall, watch: Watch, groups: LiveGroups, renew_after_ms: int = RENEW_AFTER_MS) -> None:
        self._call = call
        self._watch = watch
        self._groups = groups
        self._renew_after_ms = renew_after_ms
        self._slots: dict[LiveWish, LiveSlot] = {}
        self._newest_ms: dict[str, int] = {}
        self._wished: frozenset[LiveWish] = frozenset()
        self._wished_since_ms = 0
        self._heard: set[str] = set()
        self._due_ms = 0

    def next_due_ms(self) -> int | None:
        """When to look again; idle while nothing is asked for."""
        if self._slots:
            return self._due_ms
        if self._watch.view.live_tail == "off" or self._watch.scope is None or self._watch.functions is None:
            return None
        return self._due_ms

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Deliver what has come, then open and close sessions as they are wished for."""
        scope = self._watch.scope
        self._due_ms = now_ms + POLL_MS
        if scope is None:
            return
        for wish, slot in self._slots.items():
            for group, events in slot.take():
                if group in wish.groups and (fresh := self._groups.take_live(group, events)):
                    yield LogEventsDelivered(scope=scope, log_group=group, events=fresh, depth=wish.depth)
        self._grant(self._wish(), scope, now_ms)
        for wish, slot in self._slots.items():
            if slot.session is not None or not self._call.is_login_lost:
                slot.keep(now_ms, lambda groups=wish.groups: self._listen(groups))  # type: ignore[misc]  # a default
        self._stop_listening({group for wish, slot in self._slots.items() if slot.session for group in wish.groups})

    def status(self, now_ms: int) -> SourceStatus:  # noqa: ARG002  nothing of it depends on the time
        """How listening goes."""
        slots = list(self._slots.items())
        live = [slot.session for _, slot in slots if slot.session is not None]
        state, detail, remedy = self._words(slots)
        return SourceStatus(
            name=self.name,
            state=state,
            detail=detail,
            remedy=remedy,
            last_success_ms=max((session.last_heard_ms for session in live), default=None),
            is_sampled=any(session.is_sampled for session in live) if live else None,
        )

    def has_first_answer(self) -> bool:
        """Always: nothing waits for what is only quicker."""
        return True

    def _words(self, slots: list[tuple[LiveWish, LiveSlot]]) -> tuple[SourceState, str, str | None]:
        choice = self._watch.view.live_tail
        if choice == "off":
            return "working", "off; L turns it on", None
        heard = sum(len(wish.groups) for wish, slot in slots if slot.session is not None)
        live = [f"{heard} log group{'' if heard == 1 else 's'} live"] if heard else []
        if any(slot.session is not None and slot.session.is_sampled for _, slot in slots):
            live.append("sampled: more than 500 events a second")
        dropped = sum(slot.dropped for _, slot in slots)
        if dropped:
            live.append(f"{dropped} events came too fast and are left to polling")
        failure = next((slot.failure for _, slot in slots if slot.failure is not None), None)
        if failure is not None:
            return failure.state, "; ".join([failure.sentence, *live]), failure.remedy
        if live:
            return "working", ", ".join(live), None
        if self._call.is_login_lost:
            return "credentials", "waiting for a new login", None
        if choice == "focused" and self._watch.view.log_pattern is not None:
            return "working", "does not listen to logs that AWS filters by a pattern: sweeps bring their lines", None
        waiting = "the opened function's log group, once there is one" if choice == "focused" else "log groups"
        return "working", f"waits for {waiting}", None

    def _wish(self) -> frozenset[LiveWish]:
        if self._watch.view.live_tail == "off":
            return frozenset()
        return frozenset(
            LiveWish(wish.depth, tuple(sorted(wish.groups))) for wish in self._groups.wish() if wish.groups
        )

    def _grant(self, wished: frozenset[LiveWish], scope: Scope, now_ms: int) -> None:
        """Close what is not wished any more and make room for what is, once it has been wished for a while."""
        if wished != self._wished:
            self._wished, self._wished_since_ms = wished, now_ms
        if wished and now_ms - self._wished_since_ms < SETTLE_MS:
            return
        held: set[LiveWish] = set()
        for wish in self._slots.keys() - wished:
            successor = self._successor(wish, wished, now_ms)
            if successor is None:
                self._slots.pop(wish).close()
            else:
                held.add(successor)
        for wish in wished - self._slots.keys() - held:
            pattern = PATTERN if wish.depth == "platform" else None
            arns = [log_group_arn(scope, group) for group in wish.groups]
            self._slots[wish] = LiveSlot(self._call, arns, pattern, self._newest_ms, self._renew_after_ms)

    def _successor(self, wish: LiveWish, wished: frozenset[LiveWish], now_ms: int) -> LiveWish | None:
        """Return the wish for much the same groups that has to wait until the session's minute is used up, if any."""
        session = self._slots[wish].session
        alike = [one for one in wished if not set(one.groups).isdisjoint(wish.groups)]
        is_held = session is not None and session.age_ms(now_ms) < MINUTE_MS
        return alike[0] if is_held and len(alike) == 1 and alike[0].depth == wish.depth else None

    def _listen(self, groups: tuple[str, ...]) -> None:
        for group in groups:
            self._heard.add(group)
            self._groups.listen(group)

    def _stop_listening(self, heard: set[str]) -> None:
        for group in self._heard - heard:
            self._groups.stop_listening(group)
        self._heard &= heard


def log_group_arn(scope: Scope, name: str) -> str:
    """Return a log group's ARN as StartLiveTail takes it, without `:*`.

    >>> log_group_arn(Scope("123456789012", "eu-west-1"), "/aws/lambda/orders")
    'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders'
    """
    region = scope.region
    return ARN_FORMATS["log_group"].format(
        partition=partition_of(region), region=region, account_id=scope.account_id, name=name
    )
