"""What the source that counts all functions by Insights says of itself."""

from lambdatop.sources.reading_words import bytes_words, dollars, groups_words

FEWER = "Watch fewer functions: `lambdatop NAME`, or allow more by `--max-cost-per-hour`."


def counting(groups: int, batches: int, bytes_per_hour: float | None, usd_per_hour: float) -> str:
    """Return how counting goes.

    >>> counting(2000, 1, 1.2e9, 0.012)
    '2,000 log groups counted by one query a minute; it scans 1.2 GB for $0.012 an hour'
    """
    queries = "one query" if batches == 1 else f"{batches} queries"
    price = "" if bytes_per_hour is None else f"; {_it(batches)} {bytes_words(bytes_per_hour)}"
    return f"{groups_words(groups)} counted by {queries} a minute{price} for {dollars(usd_per_hour)} an hour"


def too_dear(groups: int, limit_usd: float, needed_usd: float) -> str:
    """Return that money is short.

    >>> too_dear(2000, 0.25, 0.75)
    '2,000 log groups: to count every minute costs $0.75 an hour, and $0.25 may be spent, so minutes are left out'
    """
    price = f"to count every minute costs {dollars(needed_usd)} an hour, and {dollars(limit_usd)} may be spent"
    return f"{groups_words(groups)}: {price}, so minutes are left out"


def refused(groups: int, count: int, sentence: str) -> str:
    """Return that some log groups cannot be counted.

    >>> refused(2000, 50, "The Insights query failed.")
    '50 of 2,000 log groups cannot be counted: The Insights query failed.'
    """
    return f"{count:,} of {groups_words(groups)} cannot be counted: {sentence}"


def _it(batches: int) -> str:
    return "it scans" if batches == 1 else "they scan"
