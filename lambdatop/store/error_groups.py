"""Failures that look the same, counted together since the start.

A group's numbers are a function of the set of failures that it counts, in whatever order they come and are taken back;
first and last seen and the sample are, as long as no more of its oldest or newest failures are taken back than are
kept.
"""

from bisect import insort
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeVar

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import ErrorFailure, ErrorPlace
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from lambdatop.model.statistics import FailureKind
from lambdatop.parsers.error_signature import SAME_WHATEVER_IT_SAYS, ErrorIdentity
from lambdatop.store.deploys import Deploys, Newness
from lambdatop.store.frame import Frame
from lambdatop.store.rolling_window import MINUTE_MS

GROUPS_KEPT = 500
"""Signatures told apart; failures beyond them are counted in one group more."""
GROUPS_SHOWN = 200
FUNCTIONS_NAMED = 20
PLACES_NAMED = 200
OLDEST_KEPT = 8
NEWEST_KEPT = 50
"""Of a group's failures; a line of 150 characters takes 450 bytes, one of 1,000 takes 1.3 kB."""
MINUTES_KEPT = 64
RATE_MINUTES = 5
"""How many whole minutes a rate is the mean of."""
OTHER = "other"

ErrorKind = FailureKind | Literal["application"]
_Name = TypeVar("_Name")
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

    __slots__ = ("_beyond", "_kept", "_limit", "_sign")

    def __init__(self, sign: int, limit: int) -> None:
        self._sign = sign
        self._limit = limit
        self._kept: list[CountedFailure] = []
        self._beyond: _Order | None = None
        """The outermost of those that were let go of; whether what lies beyond it is next cannot be known."""

    def add(self, failure: CountedFailure) -> None:
        """Keep a failure, if it is among the outermost."""
        order = self._order(failure)
        if self._beyond is not None and order > self._beyond:
            return
        if not self._kept or order < self._order(self._kept[0]):
            self._kept.insert(0, failure)
        else:
            insort(self._kept, failure, key=self._order)
        if len(self._kept) > self._limit:
            self._beyond = self._order(self._kept.pop())

    def take_back(self, failure: CountedFailure) -> None:
        """Let go of a failure that does not count any more."""
        if failure in self._kept:
            self._kept.remove(failure)

    @property
    def outermost(self) -> CountedFailure | None:
        """The oldest, or newest; None where all that were kept have been taken back."""
        return self._kept[0] if self._kept else None

    @property
    def kept(self) -> Sequence[CountedFailure]:
        """Those that are kept, the outermost first."""
        return self._kept

    def _order(self, failure: CountedFailure) -> _Order:
        return self._sign * failure.at_ms, failure.log_group, failure.log_stream, failure.line_ms, failure[3:5]


class _Group:
    """One signature's numbers; `count` falls when a late line shows that two failures were one."""

    __slots__ = ("count", "frozen", "identity", "is_changed", "kind", "minutes", "newest", "oldest", "places")

    def __init__(self, kind: ErrorKind, identity: ErrorIdentity) -> None:
        self.kind = kind
        self.identity = identity
        self.count = 0
        self.places: dict[tuple[FunctionKey, str | None], int] = {}
        """Failures by function and version."""
        self.minutes: dict[int, int] = {}
        """Failures by the start of their minute, of the newest minutes that had any."""
        self.oldest = _Edge(1, OLDEST_KEPT)
        self.newest = _Edge(-1, NEWEST_KEPT)
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

    def by_function(self) -> dict[FunctionKey, int]:
        """Failures by function, most affected first."""
        functions: dict[FunctionKey, int] = {}
        for (function, _), count in self.places.items():
            functions[function] = functions.get(function, 0) + count
        return {key: functions[key] for key in sorted(functions, key=lambda key: (-functions[key], key))}

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
        self.deploys = Deploys()
        self._groups: dict[str, _Group] = {}
        self._frozen: tuple[ErrorGroup, ...] = ()
        self._frame: Frame | None = None
        """What the groups are frozen for."""
        self._deploys_seen = 0
        self._is_changed = False

    def see_version(self, function: FunctionKey, version: str) -> None:
        """Note that a version has logged something."""
        self.deploys.see_version(function, version)

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
        is_stale = (
            self._frame is None or self._frame.minutes != frame.minutes or self._deploys_seen != self.deploys.revision
        )
        if self._is_changed or is_stale:
            ordered = sorted(self._groups.items(), key=_rank)[:GROUPS_SHOWN]
            self._frozen = tuple(self._freeze(signature, group, frame, is_stale) for signature, group in ordered)
            self._is_changed, self._deploys_seen = False, self.deploys.revision
        self._frame = frame
        return self._frozen

    def group(self, signature: str) -> ErrorGroup | None:
        """One group as of the minute that was frozen last; None where there is no such group, or nothing was frozen."""
        group = self._groups.get(signature)
        if group is None or self._frame is None:
            return None
        return self._freeze(signature, group, self._frame, is_stale=False)

    def failures(self, signature: str) -> tuple[ErrorFailure, ...]:
        """A group's newest failures, newest first."""
        group = self._groups.get(signature)
        if group is None:
            return ()
        return tuple(
            ErrorFailure(reference=_reference(one), failed_ms=one.at_ms, message=one.message)
            for one in group.newest.kept
        )

    def places(self, signature: str) -> tuple[ErrorPlace, ...]:
        """A group's failures by function and version, the most affected function and version first."""
        group = self._groups.get(signature)
        if group is None:
            return ()
        rank = {function: index for index, function in enumerate(group.by_function())}
        ordered = sorted(group.places.items(), key=lambda item: (rank[item[0][0]], -item[1], item[0][1] or ""))
        return tuple(
            ErrorPlace(function=function, version=version, count=count)
            for (function, version), count in ordered[:PLACES_NAMED]
        )

    def _freeze(self, signature: str, group: _Group, frame: Frame, is_stale: bool) -> ErrorGroup:
        before = group.frozen
        if before is not None and not is_stale and not group.is_changed:
            return before
        oldest, newest = group.oldest.outermost, group.newest.outermost
        functions = group.by_function()
        is_told = signature != OTHER and group.kind not in SAME_WHATEVER_IT_SAYS
        trend = trend_of(group.minutes, frame)
        newness = Newness(None)
        if signature != OTHER:
            newness = self.deploys.newness(group.places, oldest.at_ms if oldest else None, frame)
        made = ErrorGroup(
            signature=signature,
            kind=group.kind,
            error_type=(group.identity.error_type or None) if is_told else None,
            message=_message(signature, newest, before),
            frame=(group.identity.frame or None) if is_told else None,
            count=group.count,
            first_seen_ms=oldest.at_ms if oldest else before.first_seen_ms if before else 0,
            last_seen_ms=newest.at_ms if newest else before.last_seen_ms if before else 0,
            functions=tuple(functions)[:FUNCTIONS_NAMED],
            function_count=len(functions),
            versions=tuple(sorted({version for _, version in group.places if version is not None})),
            rate_per_minute=rate_of(trend, frame),
            trend=trend,
            is_new=newness.is_new,
            new_reason=newness.reason,
            deployed_ms=newness.deployed_ms,
            sample=None if newest is None else _reference(newest),
        )
        group.is_changed = False
        group.frozen = before if before == made else made
        return group.frozen


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
