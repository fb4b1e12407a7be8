"""What the command line was told, as frozen values."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdatop.model.reading import ReadingWish
    from lambdatop.model.view import LiveTailChoice

DEFAULT_SINCE = "15m"
DEFAULT_LOG_LINES = 200_000
TIMES_ACCEPTED = 'a span such as 15m or 2h30m, a time such as 2026-11-21T03:00, 14:00, "yesterday 14:00", or now'


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """Which accounts to look at, and how."""

    profiles: tuple[str | None, ...] = (None,)
    """One account each, by profile; None is the default one."""
    regions: tuple[str | None, ...] = (None,)
    """None is the profile's own region."""
    endpoint_url: str | None = None
    patterns: tuple[str, ...] = ()
    """Names and globs of functions; none of them means all functions."""
    since_ms: int
    until_ms: int | None = None
    quota_share: float = 0.4
    """The part of each API quota that lambdatop may take, 0 to 1."""
    max_cost_usd_per_hour: float | None = None
    """What calling AWS may cost, None for no limit."""
    log_lines: int = DEFAULT_LOG_LINES
    """How many log lines the screen keeps to be read and searched."""
    wide_logs: "ReadingWish" = "auto"
    """How the logs of all functions are read: as the rule says, or whatever it says."""
    backfill_usd: float | None = None
    """What reading the past by Insights may cost, None for what is spent without being asked."""

    @property
    def account_count(self) -> int:
        """How many accounts are looked at: each profile in each region, which share limits in equal parts."""
        return len(self.profiles) * len(self.regions)

    @property
    def account_max_cost_usd_per_hour(self) -> float | None:
        """What calling AWS may cost in each of them."""
        limit_usd = self.max_cost_usd_per_hour
        return None if limit_usd is None else limit_usd / self.account_count


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplaySettings:
    """How the screen looks, and what it listens to."""

    refresh_interval_s: float = 1.0
    theme: str = "lambdatop"
    is_utc: bool = False
    is_ascii: bool | None = None
    """None is as the locale says."""
    live_tail: "LiveTailChoice" = "off"


@dataclass(slots=True)
class Diagnosis:
    """Where to write what a user need not see, and what there is to write."""

    debug_file: str | None = None
    defects: list[str] = field(default_factory=list)
    """Tracebacks of defects that did not end the program."""
