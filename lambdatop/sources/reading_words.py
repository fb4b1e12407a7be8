"""Figures of the choice between sweeping and counting, as sentences have them."""

LEAST_USD = 0.0005
"""Less than this is said to be less than a tenth of a cent."""


def groups_words(count: int) -> str:
    """Return how many groups there are.

    >>> groups_words(1), groups_words(1204)
    ('1 log group', '1,204 log groups')
    """
    return f"{count:,} log group{'' if count == 1 else 's'}"


def rate_words(visits_per_s: float) -> str:
    """Return how often groups are visited.

    >>> rate_words(4.0), rate_words(0.5), rate_words(1)
    ('4 visits a second', '0.5 visits a second', '1 visit a second')
    """
    return f"{visits_per_s:.3g} visit{'' if visits_per_s == 1 else 's'} a second"


def span_words(seconds: float) -> str:
    """Return a span of time; seconds up to ten minutes, since that is what groups are compared by.

    >>> [span_words(value) for value in (0.4, 301, 1_140, 21_600, 30_600, 259_200)]
    ['1 s', '301 s', '19 min', '6 h', '8.5 h', '3 d']
    """
    if seconds < 600:
        return f"{max(1, round(seconds))} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3_600:.3g} h" if seconds < 172_800 else f"{seconds / 86_400:.3g} d"


def bytes_words(count: float) -> str:
    """Return a volume in decimal units, as it is priced.

    >>> [bytes_words(value) for value in (0, 12_000, 4.1e9, 12.34e12)]
    ['0 MB', '0.012 MB', '4.1 GB', '12.3 TB']
    """
    if count < 1e9:
        return f"{count / 1e6:.3g} MB"
    return f"{count / 1e9:.3g} GB" if count < 1e12 else f"{count / 1e12:.3g} TB"


def about(usd: float) -> str:
    """Return an amount that was worked out, not counted.

    >>> about(0.0002), about(0.25)
    ('less than $0.001', 'about $0.25')
    """
    return f"{'about ' if usd >= LEAST_USD else ''}{dollars(usd)}"


def dollars(usd: float) -> str:
    """Return an amount with two digits that tell something.

    >>> [dollars(value) for value in (0.0002, 0.041, 0.25, 1.2, 130)]
    ['less than $0.001', '$0.041', '$0.25', '$1.20', '$130']
    """
    if usd < LEAST_USD:
        return "less than $0.001"
    if usd < 0.0995:
        return f"${usd:.3f}"
    return f"${usd:.2f}" if usd < 99.5 else f"${usd:,.0f}"
