r"""A regular expression that someone types, tried on lines in bounded time.

One that repeats repetitions, such as `(a+)+\d`, may take longer for a line than anyone waits. Python's own engine
cannot be stopped; `regex` reads the same language and takes a time limit.
"""

import contextlib
import warnings
from typing import Any

import regex

from lambdatop.parsers.pattern_tree import matches_any_case

LINE_S, CHARACTER_S = 0.000_25, 0.000_000_1
"""What a line may take: a hundred times what an ordinary expression does, and more with the line's length."""
SECOND_TRY_S = 0.012
"""What it may take once more when that was not enough, since something else may have kept the processor busy.

No more than a slice of the engine's work takes.
"""
SECOND_TRIES, LINES_A_TRY = 8, 100
"""So many second tries at once, and another one after each so many lines."""
SPANS_S = 0.002


class PatternError(ValueError):
    """A pattern that is no regular expression, or takes too long; the message is a sentence for its author."""


class BoundedPattern:
    """A regular expression, which in lower case matches any case; raises `PatternError`."""

    def __init__(self, pattern: str) -> None:
        flags = regex.VERSION0 | (regex.IGNORECASE if matches_any_case(pattern) else 0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._compiled: Any = regex.compile(pattern, flags, cache_pattern=False)
        except (regex.error, ValueError, OverflowError, RecursionError, MemoryError) as error:
            raise PatternError(f"Not a regular expression: {error}.") from error
        self._search = self._compiled.search
        self._tries_left = float(SECOND_TRIES)
        self.second_tries = 0
        """How many there have been."""

    def is_in(self, text: str) -> bool:
        """Return whether it matches somewhere; raises `PatternError` when that cannot be told soon."""
        limit_s = line_limit_s(text)
        try:
            is_match = self.is_in_within(text, limit_s)
        except TimeoutError:
            return self._is_in(text, limit_s + SECOND_TRY_S)
        if self._tries_left < SECOND_TRIES:
            self._tries_left += 1 / LINES_A_TRY
        return is_match

    def is_in_within(self, text: str, limit_s: float) -> bool:
        """Return whether it matches somewhere; raises `TimeoutError` when that takes longer."""
        return self._search(text, timeout=limit_s, concurrent=False) is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where it matches, as far as that is found in two milliseconds; matches of nothing are left out."""
        found: list[tuple[int, int]] = []
        with contextlib.suppress(TimeoutError):
            found.extend(match.span() for match in self._compiled.finditer(text, timeout=SPANS_S, concurrent=False))
        return [(start, end) for start, end in found if end > start]

    def _is_in(self, text: str, limit_s: float) -> bool:
        self._tries_left -= 1
        try:
            if self._tries_left >= 0:
                self.second_tries += 1
                return self.is_in_within(text, limit_s)
        except TimeoutError as error:
            raise PatternError(_TOO_SLOW) from error
        raise PatternError(_TOO_SLOW)


def line_limit_s(text: str) -> float:
    """Return what a line may take at first."""
    return LINE_S + CHARACTER_S * len(text)


_TOO_SLOW = "This regular expression takes too long: does it repeat something that is a repetition itself?"
