"""The shapes of lines, as `pattern` finds them."""

import re
from collections import Counter

from tests.insights.reference_values import Value, number_text

_KINDS = (
    ("Time", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"),
    ("UUID", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("IP", r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    ("Number", r"\b[0-9]+\.[0-9]+\b"),
    ("Token", r"\b(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}\b"),
    ("Number", r"[0-9]+(?:\.[0-9]+)?"),
)
_SEVERITIES = {
    "error": "Error",
    "fatal": "Error",
    "warn": "Warning",
    "warning": "Warning",
    "info": "Info",
    "debug": "Debug",
}


def shape(text: str) -> str:
    """A text with what varies in it replaced, kind after kind."""
    for kind, regex in _KINDS:
        text = re.sub(regex, f"\x01{kind}\x02", text, flags=re.ASCII)
    places = iter(range(1, len(text) + 2))
    return re.sub("\x01([A-Za-z]+)\x02", lambda found: f"<{found[1]}-{next(places)}>", text)


def severity(pattern: str) -> str | None:
    """The level that a pattern names first."""
    for word in re.findall(r"[A-Za-z]+", pattern):
        if word.lower() in _SEVERITIES:
            return _SEVERITIES[word.lower()]
    return None


def patterns(values: list[Value]) -> list[tuple[str, str, Value, str | None]]:
    """Patterns with their counts, the most frequent first."""
    counts = Counter(shape(str(value)) for value in values if isinstance(value, str))
    return [
        (pattern, str(count), number_text(round(count / len(values), 2)), severity(pattern))
        for pattern, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
