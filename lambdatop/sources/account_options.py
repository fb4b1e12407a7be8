"""Which account to read; apart from the account itself, so that the screen need not load what reads it."""

from msgspec import Struct


class AccountOptions(Struct, frozen=True, kw_only=True):
    """Which account to read, and what of it."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    patterns: tuple[str, ...] = ()
    """Function names or globs; empty is all."""
    since_ms: int
    until_ms: int | None = None
    """End of a bounded range, None to follow live."""
    quota_share: float = 0.4
    max_cost_usd_per_hour: float | None = None
    """What calls may cost, None for no limit."""
    can_listen_live: bool = False
    """Whether Live Tail may be turned on and queries asked, as from a screen."""
    is_logs_only: bool = False
    """Whether nothing but the text of the logs is read, all of it."""
    filter_pattern: str | None = None
    """Which lines are asked for where the text of the logs is read, in AWS's syntax; None is all."""
