"""How a source of numbers is doing, and what calling AWS has cost."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.reading import ReadingChoice

SourceState = Literal["starting", "working", "late", "throttled", "denied", "absent", "failed", "credentials"]
"""`late`: works, but behind its schedule; `absent`: the endpoint lacks the operation or capability."""


class TailLedger(Struct, frozen=True, kw_only=True):
    """The log tail's accounts, in events.

    `fetched + live = delivered + repeated + confirmed` always: what sweeps fetched and what Live Tail brought first
    is either delivered, once, or was seen by an earlier sweep (`repeated`) or by Live Tail (`confirmed`) and dropped.
    `recovered` were found only because sweeps overlap; `late` arrived behind the newest event of their group.
    """

    fetched: int = 0
    delivered: int = 0
    repeated: int = 0
    recovered: int = 0
    late: int = 0
    live: int = 0
    """Delivered by Live Tail before any sweep found them."""
    confirmed: int = 0
    """Of `live`, found by a sweep since."""
    open: int = 0
    """Of `live`, not swept over yet."""
    unconfirmed: int = 0
    """Of `live`, swept over and not found: events that the log group does not hold."""
    missed_live: int = 0
    """Swept events that Live Tail, which was listening, has not brought (sampled, dropped, or still to come)."""
    remembered: int = 0
    """Event ids held in memory, to know repeats by."""
    overlap_ms: int = 0
    """The widest overlap of sweeps in use, by the ingestion lag that was seen."""
    groups: int = 0
    groups_behind: int = 0


class GroupLedger(Struct, frozen=True, kw_only=True):
    """One log group's accounts."""

    log_group: str
    swept_to_ms: int | None
    """Event time that it is complete to, None before the first sweep."""
    unread_ms: int
    """How much time of the past was never read: a gap that is being filled."""
    trouble: str | None
    """Why it cannot be read."""
    ledger: TailLedger

    @property
    def is_told(self) -> bool:
        """Whether there is something to tell of it."""
        told = self.ledger
        return bool(
            self.trouble or self.unread_ms or told.groups_behind or told.recovered or told.late or told.live
            or told.unconfirmed
        )  # fmt: skip

    @property
    def rank(self) -> tuple[bool, int, int, int, str]:
        """Sorts the groups that need looking at to the front."""
        told = self.ledger
        return self.trouble is None, -self.unread_ms, -told.groups_behind, -told.late - told.live, self.log_group


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
    expires_at_ms: int | None = None
    """When what it depends on ends: the credentials, epoch ms."""
    clock_offset_ms: int = 0
    """What must be added to this machine's clock to have AWS's; 0 where they agree, or nothing is known."""
    ledger: TailLedger | None = None
    log_groups: tuple[GroupLedger, ...] = ()
    """Of the log tail: the groups with something to tell, those in trouble first."""
    is_sampled: bool | None = None
    """Whether what is heard live is a sample; None where nothing is heard live."""
    reading: ReadingChoice | None = None
    """Of what reads the logs: how those of all functions are read, and why."""


class ApiUsage(Struct, frozen=True, kw_only=True):
    """What lambdatop has asked of AWS since it started."""

    calls: dict[str, int] = {}
    """Calls by `service:Operation`, retries not counted."""
    throttled: int = 0
    cost_usd: float = 0.0
    cost_usd_per_hour: float = 0.0
    """The last ten minutes' cost, scaled to an hour."""
    cost_usd_last_hour: float = 0.0
    """What was spent in the last sixty minutes."""
    max_cost_usd_per_hour: float | None = None
    """The limit that was set, None for none."""
    slowed: tuple[str, ...] = ()
    """Operations that wait because of the limit, such as `GetMetricData`."""
