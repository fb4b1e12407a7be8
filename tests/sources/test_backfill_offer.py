"""How the past is best read, and what is asked before it costs."""

import pytest
from msgspec.structs import replace

from lambdatop.model.reading import UNASKED_BACKFILL_USD
from lambdatop.sources.backfill_offer import BackfillFacts, offer_backfill

HOUR_MS = 3_600_000
SIX_HOURS = BackfillFacts(groups=2_000, calls_per_s=10.0, span_ms=6 * HOUR_MS, bytes_logged=12e9)


SWEPT = "6 h of 2,000 log groups: sweeping takes about 23 min at 10 visits a second"


@pytest.mark.parametrize(
    ("facts", "mode", "needs_consent", "sentence"),
    [
        (
            SIX_HOURS,
            "insights",
            False,
            f"{SWEPT}; Insights tells them sooner, by the minute, by scanning 12 GB for about $0.060.",
        ),
        (
            replace(SIX_HOURS, allowed_usd=0.05),
            "insights",
            True,
            f"{SWEPT}; Insights tells them sooner, by the minute, by scanning 12 GB for about $0.060.",
        ),
        (
            replace(SIX_HOURS, allowed_usd=0.0),
            "sweep",
            False,
            f"{SWEPT}; Insights would tell them sooner, by the minute, by scanning 12 GB for about $0.060.",
        ),
        (
            replace(SIX_HOURS, obstacle="AWS denies logs:StartQuery."),
            "sweep",
            False,
            f"{SWEPT}. Insights would be quicker, but: AWS denies logs:StartQuery.",
        ),
    ],
)
def test_a_long_past_of_many_groups_is_read_by_insights_at_a_price_told_before(
    facts: BackfillFacts, mode: str, needs_consent: bool, sentence: str
) -> None:
    offer = offer_backfill(facts)
    assert offer is not None
    assert (offer.mode, offer.needs_consent, offer.sentence) == (mode, needs_consent, sentence)


def test_nothing_is_offered_where_sweeping_does_as_well_or_is_wanted() -> None:
    short = BackfillFacts(groups=40, calls_per_s=10.0, span_ms=900_000, bytes_logged=100e6)
    assert offer_backfill(short) is None
    assert offer_backfill(replace(short, wish="insights")) is not None
    assert offer_backfill(replace(SIX_HOURS, wish="sweep")) is None


def test_up_to_ten_cents_are_announced_and_more_is_asked_for() -> None:
    bytes_for_ten_cents = UNASKED_BACKFILL_USD / 0.005 * 1e9
    announced = offer_backfill(replace(SIX_HOURS, bytes_logged=bytes_for_ten_cents))
    asked = offer_backfill(replace(SIX_HOURS, bytes_logged=bytes_for_ten_cents + 1e6))
    assert announced is not None
    assert not announced.needs_consent
    assert asked is not None
    assert asked.needs_consent


def test_a_price_that_is_not_known_is_asked_for_where_it_may_be_noticeable() -> None:
    unknown = offer_backfill(replace(SIX_HOURS, bytes_logged=None))
    assert unknown is not None
    assert unknown.needs_consent
    assert unknown.sentence.endswith("by the minute, for a price that is not known beforehand.")
    quarter = offer_backfill(replace(SIX_HOURS, bytes_logged=None, span_ms=900_000))
    assert quarter is not None
    assert not quarter.needs_consent


def test_who_waits_for_less_is_offered_insights_earlier() -> None:
    facts = BackfillFacts(groups=500, calls_per_s=10.0, span_ms=900_000, bytes_logged=500e6)
    assert offer_backfill(facts) is None
    assert offer_backfill(replace(facts, patience_s=30.0)) is not None
    assert offer_backfill(replace(facts, bytes_logged=1e9)) is not None
