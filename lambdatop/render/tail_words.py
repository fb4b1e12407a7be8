"""What `tail` says of itself on stderr: its accounts at the end, and trouble that comes and goes."""

from collections.abc import Sequence

from lambdatop.model.source_status import GroupLedger, SourceState, SourceStatus
from lambdatop.render import units
from lambdatop.render.words import first_sentence

PATIENCE_MS = 5_000
"""Trouble that is over sooner is not worth a sentence."""
GROUPS_NAMED = 3
_WELL: tuple[SourceState, ...] = ("starting", "working", "late")


class Accounts:
    """The accounts of a tail at its end, in one or two sentences."""

    def __init__(self, statuses: Sequence[SourceStatus]) -> None:
        self._ledgers = [status.ledger for status in statuses if status.ledger is not None]
        self._lags_ms = [status.lag_ms for status in statuses if status.lag_ms is not None]
        self._groups = [group for status in statuses for group in status.log_groups]
        self._obstacles = [status for status in statuses if status.ledger is None or status.state not in _WELL]
        self._is_begun_only = any(status.progress is not None for status in statuses)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what was asked for is left unread."""
        return not (self._obstacles or self._is_begun_only or any(_is_unread(group) for group in self._groups))

    def sentences(self, printed: int, left_out: int, end_ms: int | None, now_ms: int, *, is_utc: bool) -> list[str]:
        """Return them; `end_ms` is that of a range that was read to its end, None for one without end."""
        delivered, groups = self._sum("delivered"), self._sum("groups")
        lost = delivered - printed - left_out
        parts = [
            f"{printed:,} events printed, each once",
            f"{self._sum('fetched'):,} fetched, {self._sum('repeated'):,} repeats dropped",
            f"{self._sum('recovered'):,} recovered by overlap, {self._sum('late'):,} late",
            f"{left_out:,} of other functions in shared log groups left out" if left_out else "",
            f"{lost:,} read and not printed before the end" if lost > 0 else "",
            f"{groups:,} log group{'' if groups == 1 else 's'}{self._reach(end_ms, now_ms, is_utc)}",
        ]
        unread = [_unread(group) for group in self._groups if _is_unread(group)][:GROUPS_NAMED]
        obstacles = {first_sentence(status.detail) for status in self._obstacles if status.detail and not unread}
        return ["; ".join(filter(None, parts)) + ".", *sorted(f"{words}." for words in (*unread, *obstacles))]

    def _reach(self, end_ms: int | None, now_ms: int, is_utc: bool) -> str:
        if not self.is_whole:
            return ", not all read"
        if end_ms is not None:
            return f" read to {units.clock(end_ms, is_utc)}"
        return f" complete to {units.clock(now_ms - max(self._lags_ms), is_utc)}" if self._lags_ms else ""

    def _sum(self, name: str) -> int:
        return sum(getattr(ledger, name) for ledger in self._ledgers)


class TroubleTeller:
    """Says once when reading does not work, and once when it works again; what passes quickly is not told."""

    def __init__(self) -> None:
        self._began_ms: dict[str, int] = {}
        self._told: dict[str, SourceState] = {}

    def sentences(self, statuses: Sequence[SourceStatus], now_ms: int) -> list[str]:
        """Return what is new since the last call."""
        return [words for status in statuses if (words := self._sentence(status, now_ms)) is not None]

    def _sentence(self, status: SourceStatus, now_ms: int) -> str | None:
        name = status.name
        if status.state in _WELL:
            if name not in self._told:
                self._began_ms.pop(name, None)
            elif not any(group.unread_ms for group in status.log_groups):
                del self._told[name]
                lasted_ms = now_ms - self._began_ms.pop(name)
                return f"reading again after {units.milliseconds(lasted_ms)}: caught up, nothing lost."
            return None
        began_ms = self._began_ms.setdefault(name, now_ms)
        if now_ms - began_ms < PATIENCE_MS or self._told.get(name) == status.state:
            return None
        self._told[name] = status.state
        remedy = f" {status.remedy}" if status.remedy else ""
        return f"{status.detail.rstrip('.')}.{remedy} What comes meanwhile is read afterwards."


def _is_unread(group: GroupLedger) -> bool:
    return bool(group.trouble or group.unread_ms or group.swept_to_ms is None)


def _unread(group: GroupLedger) -> str:
    if group.trouble:
        return f"{group.log_group}: {group.trouble.rstrip('.')}"
    return f"{group.log_group}: {units.milliseconds(group.unread_ms)} of the past are still unread"
