"""What `tail` says of itself on stderr: its accounts at the end, and trouble that comes and goes."""

from collections.abc import Sequence

from msgspec import Struct

from lambdatop.model.source_status import GroupLedger, SourceState, SourceStatus
from lambdatop.render import units
from lambdatop.render.words import first_sentence

PATIENCE_MS = 5_000
"""Trouble that is over sooner is not worth a sentence."""
GROUPS_NAMED = 3
_WELL: tuple[SourceState, ...] = ("starting", "working", "late")


class Shown(Struct, frozen=True, kw_only=True):
    """What became of the events that were delivered."""

    printed: int
    left_out: int = 0
    """Of functions that were not asked for, in shared log groups."""
    hidden: int = 0
    hidden_by: tuple[str, ...] = ()
    """The options that hide events."""

    @property
    def words(self) -> str:
        """Such as `41 of 3,120 events printed, each once, 3,079 hidden by --grep and --level`."""
        if not self.hidden_by:
            return f"{self.printed:,} events printed, each once"
        *options, last = self.hidden_by
        names = f"{', '.join(options)} and {last}" if options else last
        taken = self.printed + self.hidden
        return f"{self.printed:,} of {taken:,} events printed, each once, {self.hidden:,} hidden by {names}"


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

    def sentences(self, shown: Shown, end_ms: int | None, now_ms: int, *, is_utc: bool) -> list[str]:
        """Return them; `end_ms` is that of a range that was read to its end, None for one without end."""
        delivered, groups = self._sum("delivered"), self._sum("groups")
        left_out = shown.left_out
        lost = delivered - shown.printed - left_out - shown.hidden
        parts = [
            shown.words,
            f"{self._sum('fetched'):,} fetched, {self._sum('repeated'):,} repeats dropped",
            f"{self._sum('recovered'):,} recovered by overlap, {self._sum('late'):,} late",
            f"{left_out:,} of other functions in shared log groups left out" if left_out else "",
            f"{lost:,} read and not printed before the end" if lost > 0 else "",
            f"{groups:,} log group{'' if groups == 1 else 's'}{self._reach(end_ms, now_ms, is_utc)}",
        ]
        unread = [_unread(group) for group in self._groups if _is_unread(group) and not _is_infrequent(group)]
        unread = unread[:GROUPS_NAMED]
        is_named = bool(unread) or any(map(_is_infrequent, self._groups))
        obstacles = {first_sentence(status.detail) for status in self._obstacles if status.detail and not is_named}
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
        if status.state in _WELL or _is_infrequent_only(status):
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


def infrequent_words(statuses: Sequence[SourceStatus], start_ms: int, end_ms: int) -> tuple[str, str] | None:
    """Return which log groups no tail can read, and the command that reads the first of them; None for none."""
    names = [group.log_group for status in statuses for group in status.log_groups if _is_infrequent(group)]
    if not names:
        return None
    named = ", ".join(names[:GROUPS_NAMED])
    more = f" and {len(names) - GROUPS_NAMED} more" if len(names) > GROUPS_NAMED else ""
    count = "1 log group is" if len(names) == 1 else f"{len(names)} log groups are"
    command = (
        f"aws logs start-query --log-group-name {names[0]} --start-time {start_ms // 1000} "
        f"--end-time {-(-end_ms // 1000)} --query-string 'fields @timestamp, @message | sort @timestamp'"
    )
    how = "which only Logs Insights reads (start-query, then get-query-results)"
    return f"{count} of the Infrequent Access class, {how}: {named}{more}.", command


def _is_infrequent_only(status: SourceStatus) -> bool:
    troubled = [group for group in status.log_groups if group.trouble]
    return status.state == "absent" and bool(troubled) and all(map(_is_infrequent, troubled))


def _is_infrequent(group: GroupLedger) -> bool:
    return group.trouble is not None and "(Infrequent Access)" in group.trouble


def _is_unread(group: GroupLedger) -> bool:
    return bool(group.trouble or group.unread_ms or group.swept_to_ms is None)


def _unread(group: GroupLedger) -> str:
    if group.trouble:
        return f"{group.log_group}: {group.trouble.rstrip('.')}"
    return f"{group.log_group}: {units.milliseconds(group.unread_ms)} of the past are still unread"
