"""The rule that chooses between sweeping log groups and counting them by Insights."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lambdatop.model.reading import ReadingChoice, ReadingWish
from lambdatop.sources.reading_choice import (
    HELD_MS,
    ReadingFacts,
    choose,
    counting_usd_per_hour,
    sweep_round_s,
)

NOW_MS = 1_795_229_602_000
HOUR_MS = 3_600_000
DENIED = "AWS denies logs:StartQuery."
COUNTED = "Insights counts them once a minute"
WOULD_COUNT = "Insights would count them once a minute"
PRICE = "for about $0.041 an hour (4.1 GB an hour, scanned twice)"
DEAR = "for about $0.40 an hour (40 GB an hour, scanned twice)"


def facts(groups: int = 1_204, calls_per_s: float = 4.0, bytes_per_hour: float | None = 4.1e9) -> ReadingFacts:
    """Of an account of 1,204 functions where FilterLogEvents may be called four times a second."""
    return ReadingFacts(
        groups=groups,
        filter_calls_per_s=calls_per_s,
        bytes_per_hour=bytes_per_hour,
        since_ms=NOW_MS - 900_000,
        until_ms=None,
        now_ms=NOW_MS,
    )


RARE = "1,204 log groups at 4 visits a second are each seen every 301 s"
RARE_WOULD = "1,204 log groups at 4 visits a second would each be seen every 301 s"
FEW = "18 log groups at 4 visits a second are each seen every 4 s"


@pytest.mark.parametrize(
    ("known", "mode", "sentence"),
    [
        (facts(groups=18), "sweep", f"{FEW}, so they are swept."),
        (
            facts(groups=120),
            "sweep",
            "120 log groups at 4 visits a second are each seen every 30 s, so they are swept.",
        ),
        (
            facts(groups=124),
            "insights",
            f"124 log groups at 4 visits a second would each be seen every 31 s, so {COUNTED} {PRICE}.",
        ),
        (facts(), "insights", f"{RARE_WOULD}, so {COUNTED} {PRICE}."),
        (facts(calls_per_s=100), "sweep", None),
        (
            facts(bytes_per_hour=None),
            "insights",
            f"{RARE_WOULD}, so {COUNTED}, for a price that its first answers tell.",
        ),
        (replace(facts(), is_refused=DENIED), "sweep", f"{RARE}. {WOULD_COUNT}, but: {DENIED}"),
        (
            facts(bytes_per_hour=40e9),
            "sweep",
            f"{RARE}. {WOULD_COUNT} {DEAR}, above the $0.25 that is spent unasked.",
        ),
        (
            replace(facts(bytes_per_hour=40e9), max_cost_usd_per_hour=1.0),
            "insights",
            f"{RARE_WOULD}, so {COUNTED} {DEAR}.",
        ),
        (
            replace(facts(), max_cost_usd_per_hour=0.05),
            "sweep",
            f"{RARE}. {WOULD_COUNT} {PRICE}, above 80% of the limit of $0.050.",
        ),
    ],
)
def test_the_rule_goes_by_groups_pace_volume_and_price(known: ReadingFacts, mode: str, sentence: str | None) -> None:
    choice = choose(known, "auto")
    assert (choice.choice, choice.is_forced) == (mode, False)
    assert sentence is None or choice.sentence == sentence


@pytest.mark.parametrize(
    ("known", "wish", "mode", "sentence"),
    [
        (facts(), "sweep", "sweep", f"As asked for, log groups are swept: {RARE}."),
        (
            facts(groups=18),
            "insights",
            "insights",
            f"As asked for, Insights counts 18 log groups once a minute {PRICE}.",
        ),
        (
            facts(bytes_per_hour=40e9),
            "insights",
            "insights",
            f"As asked for, Insights counts 1,204 log groups once a minute {DEAR}.",
        ),
        (
            replace(facts(groups=18), is_refused=DENIED),
            "insights",
            "sweep",
            f"{FEW}. Insights was asked for, but: {DENIED}",
        ),
    ],
)
def test_what_the_user_wants_overrules_the_rule_but_no_obstacle(
    known: ReadingFacts, wish: ReadingWish, mode: str, sentence: str
) -> None:
    choice = choose(known, wish)
    assert (choice.choice, choice.is_forced, choice.sentence) == (mode, wish == mode, sentence)


def test_a_price_that_is_too_high_says_what_would_allow_it() -> None:
    choice = choose(facts(bytes_per_hour=40e9), "auto")
    assert choice.remedy == "Use `--wide-logs insights`, a higher `--max-cost-per-hour`, or name fewer functions."
    assert choice.insights_usd_per_hour == pytest.approx(0.4)


def test_queries_slow_down_at_what_may_be_spent_and_never_where_the_user_set_no_limit() -> None:
    assert choose(facts(), "auto").usd_per_hour == 0.25
    assert choose(replace(facts(), max_cost_usd_per_hour=1.0), "auto").usd_per_hour == pytest.approx(0.8)
    assert choose(replace(facts(), max_cost_usd_per_hour=1.0), "insights").usd_per_hour == pytest.approx(0.8)
    assert choose(facts(), "insights").usd_per_hour == math.inf


def test_focused_groups_take_their_visits_first_but_never_more_than_three_quarters() -> None:
    assert sweep_round_s(1_000, 4.0) == 250.0
    assert sweep_round_s(1_001, 4.0, focused=1) == pytest.approx(1_000 / (4 - 1 / 1.5))
    assert sweep_round_s(1_008, 4.0, focused=8) == 1_000.0


def test_as_many_groups_are_swept_as_can_be_visited_within_half_a_minute() -> None:
    assert choose(facts(), "auto").swept_groups == 120
    assert choose(facts(groups=7), "auto").swept_groups == 7


def later(after_ms: int, previous: ReadingChoice, groups: int, bytes_per_hour: float = 4.1e9) -> ReadingChoice:
    known = facts(groups=groups, bytes_per_hour=bytes_per_hour)
    return choose(replace(known, now_ms=NOW_MS + after_ms, previous=previous), "auto")


def test_insights_is_kept_for_ten_minutes_and_then_until_sweeping_is_clearly_good_enough() -> None:
    counting = choose(facts(), "auto")
    kept = later(HELD_MS - 1, counting, groups=20)
    assert kept.choice == "insights"
    assert kept.sentence == (
        f"20 log groups at 4 visits a second are each seen every 5 s; until that lasts, {COUNTED} {PRICE}."
    )
    assert later(HELD_MS, counting, groups=20).choice == "sweep"
    assert later(HELD_MS, counting, groups=100).choice == "insights"
    assert choose(facts(groups=100), "auto").choice == "sweep"
    assert later(HELD_MS, counting, groups=80).choice == "sweep"


def test_a_choice_says_since_when_it_is_in_force() -> None:
    counting = choose(facts(), "auto")
    still = later(HELD_MS, counting, groups=1_204)
    assert still.since_ms == NOW_MS
    assert later(HELD_MS, still, groups=20).since_ms == NOW_MS + HELD_MS


def test_a_price_that_rises_a_little_above_what_may_be_paid_is_still_paid() -> None:
    counting = choose(facts(), "auto")
    assert choose(facts(bytes_per_hour=30e9), "auto").choice == "sweep"
    assert later(1_000, counting, 1_204, bytes_per_hour=30e9).choice == "insights"
    assert later(1_000, counting, 1_204, bytes_per_hour=32e9).choice == "sweep"


def test_a_refusal_ends_counting_at_once() -> None:
    counting = choose(facts(), "auto")
    assert choose(replace(facts(), previous=counting, is_refused=DENIED), "auto").choice == "sweep"
    assert choose(replace(facts(groups=20), previous=counting, is_refused=DENIED), "auto").choice == "sweep"


def test_insights_that_was_asked_for_is_left_at_once_when_the_rule_is_asked_again() -> None:
    forced = choose(facts(groups=18), "insights")
    assert later(1_000, forced, groups=18).choice == "sweep"


@given(
    groups=st.integers(1, 5_000),
    calls_per_s=st.floats(0.5, 25),
    throttles=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_throttles_that_halve_the_pace_never_make_the_choice_flap(
    groups: int, calls_per_s: float, throttles: list[bool]
) -> None:
    choice: ReadingChoice | None = None
    modes = []
    for minute, is_throttled in enumerate(throttles):
        known = facts(groups, calls_per_s / 2 if is_throttled else calls_per_s)
        choice = choose(replace(known, now_ms=NOW_MS + minute * 60_000, previous=choice), "auto")
        modes.append(choice.choice)
    changes = sum(before != after for before, after in itertools.pairwise(modes))
    assert changes <= 2 * (len(throttles) * 60_000 // HELD_MS)


def test_every_byte_is_paid_twice() -> None:
    assert counting_usd_per_hour(1e9) == pytest.approx(0.01)
    assert counting_usd_per_hour(None) is None


def long_ago(known: ReadingFacts, hours: int = 6) -> ReadingFacts:
    return replace(known, since_ms=NOW_MS - hours * HOUR_MS)


def test_where_groups_are_counted_the_past_is_counted_too_and_priced_before() -> None:
    choice = choose(long_ago(facts()), "auto")
    assert choice.backfill is not None
    assert choice.backfill.bytes_logged == pytest.approx(6 * 4.1e9)
    assert choice.backfill.cost_usd == pytest.approx(0.123)
    assert choice.backfill.needs_consent


def test_what_was_really_logged_in_the_past_is_what_it_is_priced_by() -> None:
    choice = choose(replace(long_ago(facts()), bytes_logged=1e9), "auto")
    assert choice.backfill is not None
    assert choice.backfill.cost_usd == pytest.approx(0.005)
    assert not choice.backfill.needs_consent


def test_a_few_groups_with_a_long_past_are_swept_from_a_whole_minute_of_late() -> None:
    busy = long_ago(facts(groups=60, bytes_per_hour=2e9))
    choice = choose(busy, "auto")
    assert choice.choice == "sweep"
    assert choice.backfill is not None
    assert choice.backfill.mode == "insights"
    assert choice.sweeps_from_ms == NOW_MS - 900_000 - (NOW_MS - 900_000) % 60_000


@pytest.mark.parametrize(
    ("known", "wish"),
    [
        (long_ago(facts(groups=60, bytes_per_hour=10e6)), "auto"),
        (facts(groups=60, bytes_per_hour=50e9), "auto"),
        (long_ago(facts(groups=60, bytes_per_hour=2e9)), "sweep"),
    ],
)
def test_a_short_or_quiet_past_is_swept_from_the_start(known: ReadingFacts, wish: ReadingWish) -> None:
    choice = choose(known, wish)
    assert (choice.choice, choice.backfill, choice.sweeps_from_ms) == ("sweep", None, known.since_ms)


def test_an_offer_stays_as_it_was_made_while_it_waits_for_consent() -> None:
    first = choose(long_ago(facts()), "auto")
    hour_later = replace(
        long_ago(facts(bytes_per_hour=9e9)), now_ms=NOW_MS + HOUR_MS, previous=first, backfill_usd=0.124
    )
    allowed = choose(hour_later, "auto")
    assert first.backfill is not None
    assert allowed.backfill is not None
    assert allowed.backfill.cost_usd == first.backfill.cost_usd
    assert not allowed.backfill.needs_consent
    assert allowed.sweeps_from_ms == first.sweeps_from_ms


def test_a_past_that_must_not_be_paid_for_is_swept_where_groups_are() -> None:
    busy = long_ago(facts(groups=60, bytes_per_hour=20e9))
    asked = choose(busy, "auto")
    assert asked.backfill is not None
    assert asked.backfill.needs_consent
    refused = choose(replace(busy, previous=asked, backfill_usd=0.0), "auto")
    assert refused.backfill is not None
    assert refused.backfill.mode == "sweep"
    assert refused.sweeps_from_ms == busy.since_ms


def test_a_past_that_was_swept_is_not_offered_again_however_long_it_grows() -> None:
    swept = choose(facts(groups=60, bytes_per_hour=2e9), "auto")
    assert swept.backfill is None
    day_later = facts(groups=60, bytes_per_hour=2e9)
    still = choose(replace(day_later, now_ms=NOW_MS + 24 * HOUR_MS, previous=swept), "auto")
    assert (still.choice, still.backfill, still.sweeps_from_ms) == ("sweep", None, day_later.since_ms)


def test_a_past_that_was_read_is_not_offered_again() -> None:
    counting = choose(long_ago(facts()), "auto")
    read = replace(counting, backfill=None)
    later_on = choose(replace(long_ago(facts()), now_ms=NOW_MS + HOUR_MS, previous=read), "auto")
    assert (later_on.choice, later_on.backfill, later_on.sweeps_from_ms) == ("insights", None, counting.sweeps_from_ms)


def test_going_back_to_sweeps_leaves_to_insights_what_it_has_told() -> None:
    counting = replace(choose(long_ago(facts()), "auto"), backfill=None)
    now_ms = NOW_MS + 3 * HOUR_MS
    swept = choose(replace(long_ago(facts(groups=20)), now_ms=now_ms, previous=counting), "auto")
    assert (swept.choice, swept.backfill) == ("sweep", None)
    assert swept.sweeps_from_ms == now_ms - 900_000 - (now_ms - 900_000) % 60_000
    still = choose(replace(long_ago(facts(groups=20)), now_ms=now_ms + HOUR_MS, previous=swept), "auto")
    assert still.sweeps_from_ms == swept.sweeps_from_ms


def test_who_turns_to_insights_is_offered_the_past_by_it() -> None:
    swept = choose(long_ago(facts()), "sweep")
    assert swept.backfill is None
    counting = choose(replace(long_ago(facts()), previous=swept), "insights")
    assert counting.backfill is not None
