"""How the past is best read, pure: swept page by page, or told by aggregates of Insights, whose price comes first."""

from msgspec import Struct

from lambdatop.model.reading import UNASKED_BACKFILL_USD, BackfillOffer, ReadingWish
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.reading_words import about, bytes_words, groups_words, rate_words, span_words

PATIENT_S = 120.0
"""The past is swept where that takes no longer."""
ASKED_FROM_MS = 1_800_000
"""Where the price is not known, more of the past than this is read only with consent."""
PAGE_BYTES = 1_000_000
"""What one call brings at most (AWS-FACTS 4.2)."""


class BackfillFacts(Struct, frozen=True, kw_only=True):
    """What the way is chosen by."""

    groups: int
    calls_per_s: float
    span_ms: int
    """How much past there is to read."""
    bytes_logged: float | None = None
    """What all groups took in during it, by an estimate or by the rate of now; None where that is not known."""
    patience_s: float = PATIENT_S
    """How long sweeping may take before Insights is the better way."""
    wish: ReadingWish = "auto"
    allowed_usd: float = UNASKED_BACKFILL_USD
    """What may be spent; 0 where the user would rather have it swept."""
    obstacle: str | None = None
    """Why Insights cannot be used, in a sentence."""


def offer_backfill(facts: BackfillFacts) -> BackfillOffer | None:
    """Return what Insights would read the past for, and whether to ask first; None where sweeping does as well.

    Sweeping takes a call for each group and one for each page: at most as many as there are megabytes.
    """
    sweep_s = (facts.groups + (facts.bytes_logged or 0.0) / PAGE_BYTES) / max(facts.calls_per_s, 1e-9)
    if facts.wish == "sweep" or (facts.wish == "auto" and sweep_s <= facts.patience_s):
        return None
    is_taken = facts.obstacle is None and facts.allowed_usd > 0
    cost_usd = None if facts.bytes_logged is None else insights_price_usd(facts.bytes_logged)
    is_asked = facts.span_ms > ASKED_FROM_MS if cost_usd is None else cost_usd > facts.allowed_usd
    return BackfillOffer(
        mode="insights" if is_taken else "sweep",
        sentence=_sentence(facts, sweep_s, cost_usd, is_taken=is_taken),
        sweep_s=sweep_s,
        bytes_logged=facts.bytes_logged,
        cost_usd=cost_usd,
        needs_consent=is_taken and is_asked,
    )


def _sentence(facts: BackfillFacts, sweep_s: float, cost_usd: float | None, *, is_taken: bool) -> str:
    past = f"{span_words(facts.span_ms / 1000)} of {groups_words(facts.groups)}"
    swept = f"{past}: sweeping takes about {span_words(sweep_s)} at {rate_words(facts.calls_per_s)}"
    if facts.obstacle is not None:
        return f"{swept}. Insights would be quicker, but: {facts.obstacle}"
    price = "for a price that is not known beforehand"
    if cost_usd is not None and facts.bytes_logged is not None:
        price = f"by scanning {bytes_words(facts.bytes_logged)} for {about(cost_usd)}"
    return f"{swept}; Insights {'tells' if is_taken else 'would tell'} them sooner, by the minute, {price}."
