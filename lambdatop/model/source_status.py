"""How a source of numbers is doing, and what calling AWS has cost."""

from typing import Literal

from msgspec import Struct

SourceState = Literal["starting", "working", "late", "throttled", "denied", "absent", "failed", "credentials"]
"""`late`: works, but behind its schedule; `absent`: the endpoint lacks the operation or capability."""


class TailLedger(Struct, frozen=True, kw_only=True):
    """The log tail's accounts, in events.

    `fetched = delivered + repeated` always; `repeated` are those that overlapping sweeps saw again and dropped;
    `recovered` were found only because of the overlap; `late` arrived behind the newest event of their group.
    """

    fetched: int = 0
    delivered: int = 0
    repeated: int = 0
    recovered: int = 0
    late: int = 0
    groups: int = 0
    groups_behind: int = 0


class SourceStatus(Struct, frozen=True, kw_only=True):
    """One source's state, as the status line, `!` and `report` show it."""

    name: str
    state: SourceState = "starting"
    detail: str = ""
    """One sentence: what it does, or why it cannot."""
    remedy: str | None = None
    """The command or IAM action that helps."""
    lag_ms: int | None = None
    """Age of the newest moment this source is complete to."""
    progress: float | None = None
    """Share of the back-fill that is done, 0 to 1; None when there is none to do."""
    last_success_ms: int | None = None
    next_due_ms: int | None = None
    ledger: TailLedger | None = None
    is_sampled: bool | None = None
    """Whether what is heard live is a sample; None where nothing is heard live."""


class ApiUsage(Struct, frozen=True, kw_only=True):
    """What lambdatop has asked of AWS since it started."""

    calls: dict[str, int] = {}
    """Calls by `service:Operation`, retries not counted."""
    throttled: int = 0
    cost_usd: float = 0.0
    cost_usd_per_hour: float = 0.0
    """The last ten minutes' cost, scaled to an hour."""
