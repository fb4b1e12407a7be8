"""Failures that look the same, counted together since the start."""

from typing import Literal, TypeVar

from lambdatop.model.identity import FunctionKey
from lambdatop.model.snapshot import ErrorGroup
from lambdatop.model.statistics import FailureKind

GROUPS_KEPT = 500
"""Signatures told apart; failures beyond them are counted in one group more."""
GROUPS_SHOWN = 200
FUNCTIONS_NAMED = 20
MESSAGE_CHARACTERS = 1_000
OTHER = "other"

ErrorKind = FailureKind | Literal["application"]
_Name = TypeVar("_Name")


class _Group:
    """One signature's numbers; `count` falls when a late line shows that two failures were one."""

    __slots__ = ("count", "error_type", "first_seen_ms", "functions", "kind", "last_seen_ms", "message", "versions")

    def __init__(self, kind: ErrorKind, error_type: str | None, message: str) -> None:
        self.kind = kind
        self.error_type = error_type
        self.message = message
        self.count = 0
        self.first_seen_ms = 0
        self.last_seen_ms = 0
        self.functions: dict[FunctionKey, int] = {}
        self.versions: dict[str, int] = {}


class ErrorGroups:
    """All signatures seen; bounded, with the rest counted together."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._frozen: tuple[ErrorGroup, ...] | None = ()

    def add(
        self,
        signature: str,
        kind: ErrorKind,
        error_type: str | None,
        message: str,
        timestamp_ms: int,
        function: FunctionKey,
        version: str | None,
    ) -> str:
        """Count a failure; returns the signature that it counts under, to take it back with."""
        self._frozen = None
        group = self._groups.get(signature)
        if group is None:
            if len(self._groups) >= GROUPS_KEPT:
                signature, error_type = OTHER, None
                message = f"failures beyond the first {GROUPS_KEPT} kinds"
            group = self._groups.setdefault(signature, _Group(kind, error_type, message[:MESSAGE_CHARACTERS]))
        group.first_seen_ms = min(group.first_seen_ms, timestamp_ms) if group.count else timestamp_ms
        group.last_seen_ms = max(group.last_seen_ms, timestamp_ms) if group.count else timestamp_ms
        group.count += 1
        group.functions[function] = group.functions.get(function, 0) + 1
        if version is not None:
            group.versions[version] = group.versions.get(version, 0) + 1
        return signature

    def take_back(self, signature: str, function: FunctionKey, version: str | None) -> None:
        """Undo one `add`, when what it counted belongs to another failure."""
        group = self._groups.get(signature)
        if group is None:
            return
        self._frozen = None
        group.count -= 1
        _decrement(group.functions, function)
        if version is not None:
            _decrement(group.versions, version)
        if group.count <= 0:
            del self._groups[signature]

    def frozen(self) -> tuple[ErrorGroup, ...]:
        """The most frequent groups first; the same object while nothing changes."""
        if self._frozen is None:
            ordered = sorted(self._groups.items(), key=lambda item: (-item[1].count, -item[1].last_seen_ms, item[0]))
            self._frozen = tuple(_freeze(signature, group) for signature, group in ordered[:GROUPS_SHOWN])
        return self._frozen


def _decrement(counts: dict[_Name, int], name: _Name) -> None:
    left = counts.get(name, 0) - 1
    if left > 0:
        counts[name] = left
    else:
        counts.pop(name, None)


def _freeze(signature: str, group: _Group) -> ErrorGroup:
    return ErrorGroup(
        signature=signature,
        kind=group.kind,
        error_type=group.error_type,
        message=group.message,
        count=group.count,
        first_seen_ms=group.first_seen_ms,
        last_seen_ms=group.last_seen_ms,
        functions=tuple(sorted(group.functions, key=lambda key: -group.functions[key])[:FUNCTIONS_NAMED]),
        versions=tuple(sorted(group.versions)),
    )
