"""Failures that look the same, counted together since the start.

A group's numbers are a function of the set of failures that it counts, in whatever order they come and are taken back;
first and last seen and the sample are, as long as no more of its `SAMPLES_KEPT` oldest or newest failures are taken
back than are left.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeVar

from lambdatop.model.identity import FunctionKey
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from lambdatop.model.statistics import FailureKind
from lambdatop.parsers.error_signature import SAME_WHATEVER_IT_SAYS, ErrorIdentity
from lambdatop.store.frame import Frame
from lambdatop.store.rolling_window import MINUTE_MS

GROUPS_KEPT = 500
"""Signatures told apart; failures beyond them are counted in one group more."""
GROUPS_SHOWN = 200
FUNCTIONS_NAMED = 20
SAMPLES_KEPT = 8
MINUTES_KEPT = 64
RATE_MINUTES = 5
"""How many whole minutes a rate is the mean of."""
UNKNOWN_BEFORE_MS = 15 * MINUTE_MS
"""How long a group must have been watched for, without a failure, before its first one makes it new."""
OTHER = "other"

ErrorKind = FailureKind | Literal["application"]
_Name = TypeVar("_Name")
_Place = tuple[FunctionKey, str | None]
_Order = tuple[int, str, str, int, tuple[object, ...]]


class CountedFailure(NamedTuple):
    """One failure, as its group counts it; the oldest and newest of a group are found by comparing these."""

    at_ms: int
    """When it is counted."""
    log_stream: str
    line_ms: int
    """When the line was logged that tells of it."""
    request_id: str
    message: str
    log_group: str
    function: FunctionKey
    version: str | None
    signature: str


class _Edge:
    """A group's oldest failures, with `sign` -1 its newest; the outermost is certain while any is left."""

    __slots__ = ("_beyond", "_kept", "_sign")

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._kept: list[CountedFailure] = []
        self._beyond: _Order | None = None
        """The outermost of those that were let go of; whether what lies beyond it is next cannot be known."""

    def add(self, failure: CountedFailure) -> None:
        """Keep a failure, if it is among the outermost."""
        if self._beyond is not None and self._order(failure) > self._beyond:
            return
        insort(self._kept, failure, key=self._order)
        if len(self._kept) > SAMPLES_KEPT:
            self._beyond = self._order(self._kept.pop())

    def take_back(self, failure: CountedFailure) -> None:
        """Let go of a failure that does not count any more."""
        if failure in self._kept:
            self._kept.remove(failure)

    @property
    def outermost(self) -> CountedFailure | None:
        """The oldest, or newest; None where all that were kept have been taken back."""
        return self._kept[0] if self._kept else None

    def _order(self, failure: CountedFailure) -> _Order:
        return self._sign * failure.at_ms, failure.log_group, failure.log_stream, failure.line_ms, failure[3:5]


class _Group:
    """One signature's numbers; `count` falls when a late line shows that two failures were one."""

    __slots__ = ("count", "frozen", "identity", "is_changed", "kind", "minutes", "newest", "oldest", "places")

    def __init__(self, kind: ErrorKind, identity: ErrorIdentity) -> None:
        self.kind = kind
        self.identity = identity
        self.count = 0
        self.places: dict[_Place, int] = {}
        """Failures by function and version."""
        self.minutes: dict[int, int] = {}
        """Failures by the start of their minute, of the newest minutes that had any."""
        self.oldest = _Edge(1)
        self.newest = _Edge(-1)
        self.frozen: ErrorGroup | None = None
        self.is_changed = True

    def add(self, failure: CountedFailure) -> None:
        self.count += 1
        place = failure.function, failure.version
        self.places[place] = self.places.get(place, 0) + 1
        minute = failure.at_ms - failure.at_ms % MINUTE_MS
        self.minutes[minute] = self.minutes.get(minute, 0) + 1
        if len(self.minutes) > MINUTES_KEPT:
            del self.minutes[min(self.minutes)]
        self.oldest.add(failure)
        self.newest.add(failure)
        self.is_changed = True

    def take_back(self, failure: CountedFailure) -> None:
        self.count -= 1
        _decrement(self.places, (failure.function, failure.version))
        _decrement(self.minutes, failure.at_ms - failure.at_ms % MINUTE_MS)
        self.oldest.take_back(failure)
        self.newest.take_back(failure)
        self.is_changed = True


class ErrorGroups:
    """All signatures seen; bounded, with the rest counted together."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._versions: dict[FunctionKey, set[int]] = {}
        """Published versions that have logged anything, by function."""
        self._frozen: tuple[ErrorGroup, ...] = ()
        self._minutes: tuple[int, ...] = ()
        """The frame that the groups are frozen for."""
        self._is_changed = False

    def see_version(self, function: FunctionKey, version: str) -> None:
        """Note that a version has logged something; a version's number is higher the later it was published."""
        if version.isdecimal():
            self._versions.setdefault(function, set()).add(int(version))
            self._minutes = ()

    def add(self, failure: CountedFailure, kind: ErrorKind, identity: ErrorIdentity) -> CountedFailure:
        """Count a failure; returns it as it is counted, to take it back with."""
        self._is_changed = True
        group = self._groups.get(failure.signature)
        if group is None:
            if len(self._groups) >= GROUPS_KEPT:
                failure, identity = failure._replace(signature=OTHER), ErrorIdentity()
            group = self._groups.setdefault(failure.signature, _Group(kind, identity))
        group.add(failure)
        return failure

    def take_back(self, failure: CountedFailure) -> None:
        """Undo one `add`, when what it counted belongs to another failure."""
        group = self._groups.get(failure.signature)
        if group is None:
            return
        self._is_changed = True
        group.take_back(failure)
        if group.count <= 0:
            del self._groups[failure.signature]

    def frozen(self, frame: Frame) -> tuple[ErrorGroup, ...]:
        """The most frequent groups first; groups that did not change are the same objects as before."""
        if self._is_changed or self._minutes != frame.minutes:
            is_stale = self._minutes != frame.minutes
            ordered = sorted(self._groups.items(), key=_rank)[:GROUPS_SHOWN]
            self._frozen = tuple(self._freeze(signature, group, frame, is_stale) for signature, group in ordered)
            self._is_changed, self._minutes = False, frame.minutes
        return self._frozen

    def _freeze(self, signature: str, group: _Group, frame: Frame, is_stale: bool) -> ErrorGroup:
        before = group.frozen
        if before is not None and not is_stale and not group.is_changed:
            return before
        oldest, newest = group.oldest.outermost, group.newest.outermost
        functions: dict[FunctionKey, int] = {}
        for (function, _), count in group.places.items():
            functions[function] = functions.get(function, 0) + count
        is_told = signature != OTHER and group.kind not in SAME_WHATEVER_IT_SAYS
        trend = trend_of(group.minutes, frame)
        made = ErrorGroup(
            signature=signature,
            kind=group.kind,
            error_type=(group.identity.error_type or None) if is_told else None,
            message=_message(signature, newest, before),
            frame=(group.identity.frame or None) if is_told else None,
            count=group.count,
            first_seen_ms=oldest.at_ms if oldest else before.first_seen_ms if before else 0,
            last_seen_ms=newest.at_ms if newest else before.last_seen_ms if before else 0,
            functions=tuple(sorted(functions, key=lambda key: (-functions[key], key))[:FUNCTIONS_NAMED]),
            function_count=len(functions),
            versions=tuple(sorted({version for _, version in group.places if version is not None})),
            rate_per_minute=rate_of(trend, frame),
            trend=trend,
            is_new=self._is_new(group, oldest, frame) if signature != OTHER else None,
            sample=None if newest is None else _reference(newest),
        )
        group.is_changed = False
        group.frozen = before if before == made else made
        return group.frozen

    def _is_new(self, group: _Group, oldest: CountedFailure | None, frame: Frame) -> bool | None:
        """Whether the failure came with the last deploy, or began in the last fifteen minutes.

        It came with a deploy where every function that it was seen in has logged with an older version and failed so in
        its newest alone. It began just now where it had not been seen for at least fifteen minutes of counting before.
        None where neither can be told: no older version has logged, and counting began too short a time before it.
        """
        came_with_deploy = self._came_with_deploy(group.places)
        began: bool | None = None
        if oldest is not None:
            if oldest.at_ms < frame.minutes[0]:
                began = False
            elif oldest.at_ms - frame.started_at_ms >= UNKNOWN_BEFORE_MS:
                began = True
        if came_with_deploy or began:
            return True
        return None if came_with_deploy is None and began is None else False

    def _came_with_deploy(self, places: Iterable[_Place]) -> bool | None:
        is_known = True
        for function, version in places:
            seen = self._versions.get(function, ())
            if version is None or not version.isdecimal() or len(seen) < 2:
                is_known = False
            elif int(version) != max(seen):
                return False
        return True if is_known else None


def trend_of(minutes: dict[int, int], frame: Frame) -> tuple[int | None, ...]:
    """Return the counts of the frame's fifteen minutes, None for those before counting began."""
    began_ms = frame.started_at_ms - MINUTE_MS
    return tuple(minutes.get(minute, 0) if minute > began_ms else None for minute in frame.minutes)


def rate_of(trend: Sequence[int | None], frame: Frame) -> float | None:
    """Return failures a minute over the last five whole minutes, as far as they were counted; None before the first."""
    whole = zip(frame.minutes[:-1], trend[:-1], strict=True)
    counts = [count for minute, count in whole if count is not None and minute >= frame.started_at_ms][-RATE_MINUTES:]
    return sum(counts) / len(counts) if counts else None


def _rank(item: tuple[str, _Group]) -> tuple[int, int, str]:
    newest = item[1].newest.outermost
    return -item[1].count, -newest.at_ms if newest else 0, item[0]


def _message(signature: str, newest: CountedFailure | None, before: ErrorGroup | None) -> str:
    if signature == OTHER:
        return f"failures beyond the first {GROUPS_KEPT} kinds"
    return newest.message if newest else before.message if before else ""


def _reference(failure: CountedFailure) -> LogEventReference:
    return LogEventReference(
        log_group=failure.log_group,
        log_stream=failure.log_stream,
        timestamp_ms=failure.line_ms,
        request_id=failure.request_id or None,
        function=failure.function,
        version=failure.version,
    )


def _decrement(counts: dict[_Name, int], name: _Name) -> None:
    left = counts.get(name, 0) - 1
    if left > 0:
        counts[name] = left
    else:
        counts.pop(name, None)
