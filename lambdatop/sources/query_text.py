"""What of a query's text matters before it is sent: whether it names its log groups, its limit, and its estimate.

No grammar: what is in quotes, comments and parentheses is left out, and of the rest only these commands are looked at.
"""

import re

_SOURCE = re.compile(r"(?:\s|#[^\n]*(?:\n|$))*SOURCE\b", re.IGNORECASE)
_APART = re.compile(
    r"""
    "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*` | \#[^\n]*
    | (?: \blike | =~ | \bparse\s+\S+ | [(,] ) \s* / (?:\\.|[^/\\\n])+ /
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What is no command whatever it says: strings, names in back-ticks, comments, and regular expressions."""
_NESTED = re.compile(r"\([^()]*\)")
_LIMIT = re.compile(r"(?:^|\|)\s*(?:limit|head|tail)\s+(?:any\s+)?(\d+)", re.IGNORECASE)


def names_source(text: str) -> bool:
    r"""Return whether a query begins with `SOURCE`, and so names its log groups itself.

    >>> names_source("# all of them\n SOURCE logGroups(namePrefix: ['/aws'])"), names_source("fields sourceIp")
    (True, False)
    """
    return _SOURCE.match(text) is not None


def source_of(text: str) -> str:
    r"""Return the `SOURCE` command that a query begins with.

    >>> source_of("# a | b\nSOURCE logGroups() | limit 5")
    'SOURCE logGroups()'
    """
    return _without_comments(text).partition("|")[0].strip()


def limit_of(text: str) -> int | None:
    """Return the limit that a query sets itself, the last one; None where it sets none.

    >>> limit_of("fields @message | limit 5 # | limit 6"), limit_of("filter @message like /| limit 7/")
    (5, None)
    """
    plain = _without_nested(_APART.sub(" ", text))
    limits = _LIMIT.findall(plain)
    return int(limits[-1]) if limits else None


def with_estimate(text: str) -> str:
    r"""Return the query that only says how much this one would scan; the command has to be the last.

    >>> with_estimate("fields @message # all")
    'fields @message # all\n| estimate'
    """
    return f"{text.rstrip()}\n| estimate" if _without_comments(text).strip() else "fields @timestamp\n| estimate"


def _without_comments(text: str) -> str:
    return _APART.sub(lambda found: "" if found[0].startswith("#") else found[0], text)


def _without_nested(text: str) -> str:
    while (shorter := _NESTED.sub(" ", text)) != text:
        text = shorter
    return text
