"""The rule that chooses between sweeping log groups and counting them by Insights, pure, with its reason in words.

A call of FilterLogEvents visits one log group and the quota of calls is an account's, so many groups are each seen
rarely; a query of Logs Insights takes in many groups, but is paid by the byte. So groups are swept while all of them
can be visited within half a minute, else they are counted by Insights where it may be used and its price may be paid.
"""

import math

from msgspec import Struct

from lambdatop.model.reading import (
    UNASKED_BACKFILL_USD,
    UNASKED_USD_PER_HOUR,
    BackfillOffer,
    ReadingChoice,
    ReadingMode,
    ReadingWish,
)
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.backfill_offer import BackfillFacts, offer_backfill
from lambdatop.sources.cost_cap import COMMON_SHARE
from lambdatop.sources.log_group import FOCUSED_MS
from lambdatop.sources.reading_words import about, bytes_words, dollars, groups_words, rate_words, span_words

__all__ = ["ReadingChoice", "ReadingFacts", "ReadingWish", "choose"]

SEEN_WITHIN_S = 30.0
"""Sweeping is good enough while every log group is visited this often."""
SEEN_AGAIN_WITHIN_S = 20.0
"""Insights is left once sweeping would do it this often, so that the choice does not flap."""
HELD_MS = 600_000
"""Insights is left no sooner than after this long, since a throttle that halves the pace passes in minutes."""
SCANS = 2
"""Every byte is scanned as its minute ends, and once more later for events that were late."""
OVERPRICE = 1.25
"""How far above what may be paid the price may rise before Insights is left because of it."""
RECENT_MS = 900_000
"""Where Insights tells the past to sweeps, they begin this far back."""
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
_DEARER = "Use `--wide-logs insights`, a higher `--max-cost-per-hour`, or name fewer functions."
_Verdict = tuple[ReadingMode, str, str | None]
"""The way, why, and what would change it."""


class ReadingFacts(Struct, frozen=True, kw_only=True):
    """What the rule goes by."""

    groups: int
    """Log groups that FilterLogEvents can read."""
    focused: int = 0
    """Of them, those that are visited at the pace of an opened function."""
    filter_calls_per_s: float
    """What the quota of FilterLogEvents and our share of it allow."""
    since_ms: int
    until_ms: int | None
    """The range to be read; without an end, it is followed."""
    now_ms: int
    bytes_per_hour: float | None = None
    """What all groups take in, None where that is not known."""
    bytes_logged: float | None = None
    """What they took in from `since_ms` until now or the end; None where that is as much an hour as now."""
    max_cost_usd_per_hour: float | None = None
    """The limit on what calls may cost, None for none."""
    backfill_usd: float = UNASKED_BACKFILL_USD
    """What reading the past by Insights may cost; 0 where it is not wanted."""
    is_refused: str | None = None
    """Why Insights cannot be used, in a sentence; None where it can, or was not tried."""
    previous: ReadingChoice | None = None
    """How they were read so far; without its `backfill` once the past has been read."""


def choose(facts: ReadingFacts, wish: ReadingWish) -> ReadingChoice:
    """Return how the logs are to be read from now on."""
    seen_s = sweep_round_s(facts.groups, facts.filter_calls_per_s, facts.focused)
    mode, sentence, remedy = _wished(facts, wish, seen_s) or _ruled(facts, wish, seen_s)
    previous = facts.previous if facts.previous is not None and facts.previous.choice == mode else None
    backfill = _backfill(facts, wish, mode)
    is_unlimited = wish == "insights" and facts.max_cost_usd_per_hour is None
    return ReadingChoice(
        choice=mode,
        sentence=sentence,
        remedy=remedy,
        sweeps_from_ms=_sweeps_from_ms(facts, mode, backfill),
        usd_per_hour=math.inf if is_unlimited else _affordable(facts)[0],
        swept_groups=min(facts.groups, visits_within(SEEN_WITHIN_S, facts.filter_calls_per_s)),
        sweep_staleness_s=seen_s,
        insights_usd_per_hour=counting_usd_per_hour(facts.bytes_per_hour),
        is_forced=wish == mode,
        since_ms=facts.now_ms if previous is None else previous.since_ms,
        backfill=backfill,
    )


def sweep_round_s(groups: int, calls_per_s: float, focused: int = 0) -> float:
    """Return how often a group is visited that is not among the focused, whose visits come first.

    >>> sweep_round_s(1000, 4.0)
    250.0
    """
    spare_per_s = max(calls_per_s / 4, calls_per_s - focused * 1000 / FOCUSED_MS)
    return max(0, groups - focused) / max(spare_per_s, 1e-9)


def visits_within(seconds: float, calls_per_s: float) -> int:
    """Return how many groups can be visited in that time.

    >>> visits_within(30, 4.0)
    120
    """
    return int(seconds * calls_per_s)


def counting_usd_per_hour(bytes_per_hour: float | None) -> float | None:
    """Return what counting by Insights costs an hour.

    >>> counting_usd_per_hour(4e9)
    0.04
    """
    return None if bytes_per_hour is None else insights_price_usd(bytes_per_hour * SCANS)


def _wished(facts: ReadingFacts, wish: ReadingWish, seen_s: float) -> _Verdict | None:
    """Return what the user wants, where the rule does not matter; None where it does."""
    groups, pace = groups_words(facts.groups), rate_words(facts.filter_calls_per_s)
    if wish == "sweep":
        seen = f"{groups} at {pace} are each seen every {span_words(seen_s)}"
        return "sweep", f"As asked for, log groups are swept: {seen}.", None
    if wish == "insights" and facts.is_refused is None:
        return "insights", f"As asked for, Insights counts {groups} once a minute{_priced(facts)}.", None
    return None


def _ruled(facts: ReadingFacts, wish: ReadingWish, seen_s: float) -> _Verdict:
    """Return what the rule says."""
    previous = facts.previous
    is_counting = previous is not None and previous.choice == "insights" and not previous.is_forced
    visited = f"{groups_words(facts.groups)} at {rate_words(facts.filter_calls_per_s)}"
    seen = f"{visited} are each seen every {span_words(seen_s)}"
    if facts.is_refused is not None and (wish == "insights" or seen_s > SEEN_WITHIN_S):
        counts = "Insights was asked for" if wish == "insights" else "Insights would count them once a minute"
        return "sweep", f"{seen}. {counts}, but: {facts.is_refused}", None
    is_held = previous is not None and is_counting and facts.now_ms - previous.since_ms < HELD_MS
    if seen_s <= (SEEN_AGAIN_WITHIN_S if is_counting else SEEN_WITHIN_S) and not (is_held and not facts.is_refused):
        return "sweep", f"{seen}, so they are swept.", None
    limit_usd, whose = _affordable(facts)
    usd_per_hour = counting_usd_per_hour(facts.bytes_per_hour)
    if usd_per_hour is not None and usd_per_hour > limit_usd * (OVERPRICE if is_counting else 1.0):
        return "sweep", f"{seen}. Insights would count them once a minute{_priced(facts)}, above {whose}.", _DEARER
    if seen_s <= SEEN_WITHIN_S:
        return "insights", f"{seen}; until that lasts, Insights counts them once a minute{_priced(facts)}.", None
    would = f"{visited} would each be seen every {span_words(seen_s)}"
    return "insights", f"{would}, so Insights counts them once a minute{_priced(facts)}.", None


def _affordable(facts: ReadingFacts) -> tuple[float, str]:
    """Return what counting may cost an hour, and who says so: the limit, less what is kept for cheap calls."""
    if facts.max_cost_usd_per_hour is None:
        return UNASKED_USD_PER_HOUR, f"the {dollars(UNASKED_USD_PER_HOUR)} that is spent unasked"
    limit_usd = facts.max_cost_usd_per_hour
    return limit_usd * COMMON_SHARE, f"{COMMON_SHARE:.0%} of the limit of {dollars(limit_usd)}"


def _priced(facts: ReadingFacts) -> str:
    """Return what counting costs, to follow on what it does."""
    usd_per_hour = counting_usd_per_hour(facts.bytes_per_hour)
    if usd_per_hour is None or facts.bytes_per_hour is None:
        return ", for a price that its first answers tell"
    return f" for {about(usd_per_hour)} an hour ({bytes_words(facts.bytes_per_hour)} an hour, scanned twice)"


def _backfill(facts: ReadingFacts, wish: ReadingWish, mode: ReadingMode) -> BackfillOffer | None:
    """Return how the past is read: decided once, at the figures of the offer when it was made, until it has been."""
    previous, span_ms = facts.previous, _end_ms(facts) - facts.since_ms
    if mode == "sweep" and (wish == "sweep" or span_ms <= RECENT_MS + MINUTE_MS):
        return None
    offered = None if previous is None else previous.backfill
    if previous is not None and offered is None and (mode, previous.choice) != ("insights", "sweep"):
        return None
    bytes_logged = facts.bytes_logged
    if bytes_logged is None and facts.bytes_per_hour is not None:
        bytes_logged = facts.bytes_per_hour * span_ms / HOUR_MS
    if offered is not None and offered.bytes_logged is not None:
        bytes_logged = offered.bytes_logged
    return offer_backfill(
        BackfillFacts(
            groups=facts.groups,
            calls_per_s=facts.filter_calls_per_s,
            span_ms=span_ms,
            bytes_logged=bytes_logged,
            wish="insights" if mode == "insights" or offered is not None else "auto",
            allowed_usd=facts.backfill_usd,
            obstacle=facts.is_refused,
        )
    )


def _sweeps_from_ms(facts: ReadingFacts, mode: ReadingMode, backfill: BackfillOffer | None) -> int:
    """Return where sweeps begin: at the start, or at a whole minute of late where Insights tells what is before it."""
    previous = facts.previous
    is_left_to_sweeps = backfill is not None and backfill.mode == "sweep"
    if mode == "sweep" and (is_left_to_sweeps or (previous is None and backfill is None)):
        return facts.since_ms
    if previous is not None and (mode, previous.choice) != ("sweep", "insights"):
        return previous.sweeps_from_ms
    recent_ms = _end_ms(facts) - RECENT_MS
    return max(facts.since_ms, recent_ms - recent_ms % MINUTE_MS)


def _end_ms(facts: ReadingFacts) -> int:
    return facts.now_ms if facts.until_ms is None else facts.until_ms
