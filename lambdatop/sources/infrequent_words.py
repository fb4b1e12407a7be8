"""What is said of log groups of the Infrequent Access class: on their functions, and in the source's status."""

from lambdatop.sources.failure import SourceFailure

CLASS = "of the Infrequent Access class"
WATCH_FEWER = "Watch fewer functions: `lambdatop NAME`."


def late_note(interval_ms: int) -> str:
    """Return what is said of numbers from a group that is read.

    >>> late_note(120_000)
    'log group of the Infrequent Access class: read by Insights every 2 min, so numbers are late'
    """
    return f"log group {CLASS}: read by Insights every {minutes(interval_ms)}, so numbers are late"


def unread_note(failure: SourceFailure) -> str:
    """Return why there are no numbers from a group."""
    remedy = f" {failure.remedy}" if failure.remedy else ""
    return f"log group {CLASS}, which only Insights reads. {failure.sentence}{remedy}"


def groups_words(count: int) -> str:
    """Return how many groups there are.

    >>> groups_words(1), groups_words(2)
    ('1 log group of the Infrequent Access class', '2 log groups of the Infrequent Access class')
    """
    return f"{count} log group{'' if count == 1 else 's'} {CLASS}"


def minutes(span_ms: int) -> str:
    """Return a span in whole minutes, rounded up.

    >>> minutes(120_000), minutes(399_000)
    ('2 min', '7 min')
    """
    return f"{-(-span_ms // 60_000)} min"


def dollars(usd: float) -> str:
    """Return an amount of money.

    >>> dollars(0.25), dollars(0.0003)
    ('$0.25', 'less than $0.01')
    """
    return f"${usd:.2f}" if usd >= 0.005 else "less than $0.01"
