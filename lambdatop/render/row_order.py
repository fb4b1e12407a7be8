"""Which functions are shown and in what order."""

import fnmatch
from collections.abc import Callable, Sequence
from typing import Any

from lambdatop.model.statistics import FunctionStatistics

SortKey = Callable[[FunctionStatistics], Any]
"""Returns something comparable, or None for what is unknown and goes last."""


def matches(name: str, pattern: str) -> bool:
    """Return whether a name matches a glob (where the pattern holds `*`, `?` or `[`) or holds the text, in any case.

    >>> matches("checkout-api", "check*api"), matches("checkout-api", "OUT"), matches("checkout-api", "check?")
    (True, True, False)
    """
    pattern = pattern.strip().lower()
    if any(character in pattern for character in "*?["):
        return fnmatch.fnmatchcase(name.lower(), pattern)
    return pattern in name.lower()


def selected(functions: Sequence[FunctionStatistics], pattern: str) -> Sequence[FunctionStatistics]:
    """Return the functions whose name matches any of the blank-separated patterns; all of them for no pattern."""
    patterns = pattern.split()
    if not patterns:
        return functions
    return [function for function in functions if any(matches(function.key.name, one) for one in patterns)]


def ordered(
    functions: Sequence[FunctionStatistics], key: SortKey, *, is_descending: bool
) -> tuple[FunctionStatistics, ...]:
    """Return the functions in order, those without a value last, equal ones by name."""
    by_name = sorted(functions, key=lambda function: (function.key.name, function.key))
    keyed = [(key(function), function) for function in by_name]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=is_descending)
    return (*(function for _, function in known), *(function for value, function in keyed if value is None))
