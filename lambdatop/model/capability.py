"""What `lambdatop doctor` finds out: what of an account can be read, how quickly, and at what price."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.source_status import TailLedger

CapabilityState = Literal[
    "works", "slow", "late", "throttled", "absent", "not tried", "denied", "failed", "credentials"
]  # fmt: skip
"""`late`: not all that was there was shown at first; `absent`: the endpoint lacks it; `not tried`: it costs, or there
is nothing to try it on; `failed`: unreachable or broken; `credentials`: AWS or botocore refuses the login."""
PriceUnit = Literal["hour", "minute", "GB"]


class Capability(Struct, frozen=True, kw_only=True):
    """One thing that lambdatop reads, and whether it can."""

    name: str
    state: CapabilityState
    operation: str
    """The AWS operation that it comes down to, such as `logs:FilterLogEvents`."""
    source: str = ""
    """The source that reads it, by its name in the source page."""
    pane: str
    """What on the screen suffers without it."""
    detail: str = ""
    """One sentence: what was found, or why not."""
    remedy: str | None = None
    is_optional: bool = False
    """Whether the screen is whole without it."""
    is_told: bool = False
    """Whether its detail matters even where it works."""
    latency_ms: float | None = None
    """Median over the calls that were answered, waiting for the budget aside."""
    calls: int = 0
    rate_per_s: float | None = None
    """How often lambdatop may call, of `quota_per_s` which the account's users share."""
    quota_per_s: float | None = None
    price_usd: float | None = None
    """What it costs a `price_unit` at the default pace, by list price."""
    price_unit: PriceUnit = "hour"
    ledger: TailLedger | None = None
    """Of the complete tail: the accounts of what was read."""


class AccountExamination(Struct, frozen=True, kw_only=True):
    """All that was found about one profile and region."""

    profile: str | None
    region: str | None
    account_id: str | None = None
    identity_arn: str | None = None
    expires_at_ms: int | None = None
    """When the credentials end, None where they do not or it is not known."""
    is_custom_endpoint: bool = False
    clock_offset_ms: int | None = None
    """What this machine's clock lacks to AWS's; None where no answer told."""
    calls: dict[str, int] = {}
    cost_usd: float = 0.0
    """What the examination itself has cost."""
    capabilities: tuple[Capability, ...] = ()

    @property
    def is_login_refused(self) -> bool:
        """Whether credentials or region are missing, wrong or expired."""
        return any(one.state == "credentials" for one in self.capabilities)

    @property
    def is_impaired(self) -> bool:
        """Whether something that the screen needs is refused or unreachable; what an emulator lacks does not count."""
        return any(matters(one, is_custom_endpoint=self.is_custom_endpoint) for one in self.capabilities)


def matters(capability: Capability, *, is_custom_endpoint: bool) -> bool:
    """Return whether what was found leaves a pane without what it needs.

    >>> lacking = Capability(name="traces", state="absent", operation="xray:GetTraceSummaries", pane="traces")
    >>> matters(lacking, is_custom_endpoint=True), matters(lacking, is_custom_endpoint=False)
    (False, True)
    """
    if capability.is_optional:
        return False
    if capability.state == "absent":
        return not is_custom_endpoint
    return capability.state in ("denied", "failed", "credentials")
