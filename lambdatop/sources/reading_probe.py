"""What the doctor says of how the logs of all functions would be read: nothing is asked for it, all of it is known."""

from typing import NamedTuple

from msgspec.structs import replace

from lambdatop.model.capability import Capability
from lambdatop.model.reading import ReadingWish
from lambdatop.sources.permission import PERMISSIONS
from lambdatop.sources.probe import Ground
from lambdatop.sources.reading_choice import ReadingFacts, choose

NAME = "wide logs"
OPERATION = "logs:FilterLogEvents"


class ReadingTerms(NamedTuple):
    """What the user wants, and what it may cost."""

    wish: ReadingWish = "auto"
    max_cost_usd_per_hour: float | None = None


def reading_capability(
    ground: Ground, terms: ReadingTerms, calls_per_s: float, insights: Capability | None, now_ms: int
) -> Capability:
    """Return what would be chosen and why; `insights` is what was found of it, where it was tried."""
    nothing = Capability(
        name=NAME,
        state="not tried",
        operation=OPERATION,
        source=NAME,
        pane=PERMISSIONS[OPERATION].pane,
        detail="How many log groups there are is not known.",
        is_optional=True,
        is_told=True,
    )
    if not ground.group_count:
        return nothing
    is_refused = insights is not None and insights.state in ("denied", "absent", "failed")
    facts = ReadingFacts(
        groups=ground.group_count,
        filter_calls_per_s=calls_per_s,
        since_ms=now_ms,
        until_ms=None,
        now_ms=now_ms,
        bytes_per_hour=ground.bytes_per_hour,
        max_cost_usd_per_hour=terms.max_cost_usd_per_hour,
        is_refused=insights.detail if insights is not None and is_refused else None,
    )
    choice = choose(facts, terms.wish)
    price_usd = choice.insights_usd_per_hour if choice.choice == "insights" else 0.0
    return replace(nothing, state="works", detail=choice.sentence, remedy=choice.remedy, price_usd=price_usd)
