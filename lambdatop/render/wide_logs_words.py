"""What is said of how the logs of many functions are read: in the header, on the page of sources, before it costs."""

from collections.abc import Iterable, Sequence

from lambdatop.model.reading import BackfillOffer, ReadingChoice, ReadingWish
from lambdatop.model.source_status import SourceStatus
from lambdatop.render import units
from lambdatop.render.freshness import is_behind
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.words import line, said, wrapped

RARE_S = 30.0
"""Log groups that are visited more rarely than this are said to be."""
BACKFILL_KEY = "B"
WISHES: dict[ReadingWish, str] = {
    "auto": "How logs are read is chosen by the number of log groups, the quota and the price.",
    "sweep": "All log groups are swept in turn, free of charge, however long a round takes.",
    "insights": "All log groups are counted by Insights once a minute, whatever it costs within the limit.",
}
"""What each choice of the user's does."""


def readings(sources: Iterable[SourceStatus]) -> tuple[ReadingChoice, ...]:
    """Return how the accounts' logs are read."""
    return tuple(source.reading for source in sources if source.reading is not None)


def offers(sources: Iterable[SourceStatus]) -> tuple[BackfillOffer, ...]:
    """Return what Insights is to tell of the past, or would once it may."""
    return tuple(
        one.backfill for one in readings(sources) if one.backfill is not None and one.backfill.mode == "insights"
    )


def waiting(sources: Iterable[SourceStatus]) -> tuple[BackfillOffer, ...]:
    """Return the offers that wait for consent."""
    return tuple(offer for offer in offers(sources) if offer.needs_consent)


def counting_mark(sources: Iterable[SourceStatus], *, is_narrow: bool) -> Line:
    """Return that Insights counts most logs, nothing where it does not; if wide, how fresh the others are follows."""
    counting = [one for one in sources if one.reading is not None and one.reading.choice == "insights"]
    if not counting:
        return ()
    is_late = any(is_behind(one) for one in counting)
    words = f"{'Insights' if is_narrow else 'logs by Insights,'} {'late' if is_late else '1 min'}"
    counted = line(said(words, "late" if is_late else ""))
    return counted if is_narrow else (*counted, said("; swept ", "dim"))


def rarity_mark(sources: Iterable[SourceStatus]) -> Line:
    """Return how rarely each log group is visited where that is too rare, else nothing."""
    rarest_s = max((one.sweep_staleness_s for one in readings(sources) if one.choice == "sweep"), default=0.0)
    return line(said(f"each log every {units.seconds(rarest_s)}", "warning")) if rarest_s > RARE_S else ()


def backfill_mark(sources: Iterable[SourceStatus]) -> Line:
    """Return that the past waits for consent, and at what price."""
    asked = waiting(sources)
    return line(said(f"past not read: {BACKFILL_KEY} reads it for {total_price(asked)}", "warning")) if asked else ()


def total_price(told: Sequence[BackfillOffer]) -> str:
    """Return what offers cost together.

    >>> total_price([BackfillOffer(mode="insights", sentence="", sweep_s=900, cost_usd=0.31)])
    '$0.31'
    """
    costs = [offer.cost_usd for offer in told]
    return "an unknown price" if None in costs else str(units.dollars(sum(cost or 0.0 for cost in costs)))


def announced(told: Sequence[BackfillOffer]) -> str:
    """Return what is about to be read and paid."""
    return " ".join(offer.sentence for offer in told)


def announcement(told: Sequence[BackfillOffer]) -> str:
    """Return what is about to be read and paid, or what the user is asked for."""
    is_asked = any(offer.needs_consent for offer in told)
    return f"{announced(told)} {BACKFILL_KEY} reads it, or leaves it." if is_asked else announced(told)


def question_lines(asked: Sequence[BackfillOffer], width: int) -> tuple[Line, ...]:
    """Return the question whether to read the past by Insights."""
    told = [row for offer in asked for row in wrapped(printable(offer.sentence, 600), width)]
    heading = f"Read the past by Insights, for {total_price(asked)}?"
    answers = line(
        said("y", "key"), said(" read it", "dim"), said("   n", "key"), said(" never", "dim"),
        said("   any other key leaves", "dim"),
    )  # fmt: skip
    return (*wrapped(heading, width, "heading"), (), *told, (), answers)


def wish_words(wish: ReadingWish, told: Sequence[ReadingChoice]) -> str:
    """Return what a choice does, and what it costs where that is known."""
    prices = [one.insights_usd_per_hour for one in told if one.insights_usd_per_hour is not None]
    if wish != "insights" or not prices:
        return WISHES[wish]
    price = units.dollars(sum(prices))
    return f"{WISHES[wish]} That is {'' if price.startswith('<') else 'about '}{price} an hour now."


def reading_lines(source: SourceStatus, width: int, indent: str, *, is_utc: bool) -> list[Line]:
    """Return how a source's logs are read and why, without what its detail says already."""
    reading = source.reading
    if reading is None:
        return []
    facts = [
        "by Insights, once a minute" if reading.choice == "insights" else "swept",
        f"since {units.clock(reading.since_ms, is_utc)}",
        "as asked for" if reading.is_forced else "as the rule says",
        f"a round of all takes {units.seconds(reading.sweep_staleness_s)}",
    ]
    if reading.insights_usd_per_hour is not None:
        facts.append(f"Insights {units.dollars(reading.insights_usd_per_hour)}/h")
    rows = [*wrapped(" · ".join(facts), width, "dim", indent=indent)]
    told = [(reading.sentence, ""), (f"→ {reading.remedy}" if reading.remedy else "", "accent")]
    if reading.backfill is not None:
        told.append((reading.backfill.sentence, "warning" if reading.backfill.needs_consent else ""))
    for words, style in told:
        if words and words not in source.detail:
            rows.extend(wrapped(printable(words, 600), width, style, indent=indent))
    return rows
