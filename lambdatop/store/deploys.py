"""What was deployed when, as far as it is seen, and so which errors are new."""

from collections.abc import Iterable
from typing import NamedTuple

from lambdatop.model.identity import FunctionKey
from lambdatop.model.snapshot import NewReason
from lambdatop.store.frame import Frame
from lambdatop.store.rolling_window import MINUTE_MS

UNKNOWN_BEFORE_MS = 15 * MINUTE_MS
"""How long an error must have been watched for, without being seen, before it is new when it is."""
NEW_FOR_MS = 60 * MINUTE_MS
"""How long after its first time an error is new that came with no deploy."""

Place = tuple[FunctionKey, str | None]
"""A function and its version."""


class Newness(NamedTuple):
    """Whether an error is new, None where that cannot be told, and why it is."""

    is_new: bool | None
    reason: NewReason | None = None
    deployed_ms: int | None = None


class Deploys:
    """The versions that have logged, and when functions were changed; what it says is a function of the facts' set."""

    def __init__(self) -> None:
        self._versions: dict[FunctionKey, set[int]] = {}
        """Published versions that have logged anything."""
        self._changed_ms: dict[FunctionKey, int] = {}
        """When unpublished code or its configuration was changed last."""
        self._logged_ms: dict[FunctionKey, int] = {}
        """The oldest log event that was read."""
        self.revision = 0
        """Raised with each fact that is new."""

    def see_version(self, function: FunctionKey, version: str) -> None:
        """Note that a version has logged something; a version's number is higher the later it was published."""
        if version.isdecimal():
            self._versions.setdefault(function, set()).add(int(version))
            self.revision += 1

    def see_change(self, function: FunctionKey, changed_ms: int | None) -> None:
        """Note when a function was changed last, where that is known."""
        if changed_ms is not None and self._changed_ms.get(function) != changed_ms:
            self._changed_ms[function] = changed_ms
            self.revision += 1

    def see_log_event(self, function: FunctionKey, timestamp_ms: int | None) -> None:
        """Note that a function's log group has an event of this time; None where it has none."""
        if timestamp_ms is not None and timestamp_ms < self._logged_ms.get(function, timestamp_ms + 1):
            self._logged_ms[function] = timestamp_ms
            self.revision += 1

    def newness(self, places: Iterable[Place], first_ms: int | None, frame: Frame) -> Newness:
        """Return whether an error is new that was seen in some places, for the first time at `first_ms`.

        It is where every function that it was seen in has logged with an older version and failed so in its newest
        alone; where it was never seen before the newest change of such a function's unpublished code; and for an hour
        where it had not been seen for at least fifteen minutes of counting before. None where none of that can be told.
        """
        places = tuple(places)
        came = self._came_with_version(places)
        if came:
            return Newness(is_new=True, reason="new_version")
        changed_ms = None if came is False or first_ms is None else self._newest_change_ms(places)
        if changed_ms is not None and first_ms is not None:
            if first_ms >= changed_ms:
                return Newness(is_new=True, reason="changed_function", deployed_ms=changed_ms)
            came = False
        if first_ms is not None:
            if first_ms < frame.minutes[-1] + MINUTE_MS - NEW_FOR_MS:
                return Newness(is_new=False)
            if first_ms - frame.started_at_ms >= UNKNOWN_BEFORE_MS:
                return Newness(is_new=True, reason="not_seen_before")
        return Newness(is_new=came)

    def _came_with_version(self, places: Iterable[Place]) -> bool | None:
        is_known = True
        for function, version in places:
            seen = self._versions.get(function, ())
            if version is None or not version.isdecimal() or len(seen) < 2:
                is_known = False
            elif int(version) != max(seen):
                return False
        return True if is_known else None

    def _newest_change_ms(self, places: Iterable[Place]) -> int | None:
        """When unpublished code that fails so was changed last, of functions that logged before their change."""
        unpublished = {function for function, version in places if version is None or not version.isdecimal()}
        changes = (
            changed_ms
            for function in unpublished
            if (changed_ms := self._changed_ms.get(function)) is not None
            and self._logged_ms.get(function, changed_ms) < changed_ms
        )
        return max(changes, default=None)
