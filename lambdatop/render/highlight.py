"""What is searched for, found in lines that are drawn."""

from collections.abc import Iterator
from functools import lru_cache

import regex

from lambdatop.model.log_line import TextCondition
from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.render.span import Line, Printable, Span, line_text

STYLE = "match"


class Highlight:
    """Finds the texts of some conditions; a regular expression may take two milliseconds a line."""

    def __init__(self, conditions: tuple[TextCondition, ...]) -> None:
        self._patterns: list[BoundedPattern] = []
        for condition in conditions:
            pattern = condition.pattern if condition.is_regex else regex.escape(condition.pattern)
            if pattern and not condition.is_excluded:
                try:
                    self._patterns.append(BoundedPattern(pattern))
                except PatternError:
                    continue  # whoever searches says so

    def is_in(self, text: str) -> bool:
        """Return whether something is found in a text."""
        return any(pattern.spans(text) for pattern in self._patterns)

    def line(self, line: Line) -> Line:
        """Return the line with what is found in the style `match`."""
        text = line_text(line)
        found = sorted(span for pattern in self._patterns for span in pattern.spans(text))
        return tuple(_marked(line, found)) if found else line


@lru_cache(maxsize=16)
def highlight_of(conditions: tuple[TextCondition, ...]) -> Highlight | None:
    """Return what finds the conditions' texts, None where there are none."""
    return Highlight(conditions) if conditions else None


def _marked(line: Line, found: list[tuple[int, int]]) -> Iterator[Span]:
    place = 0
    for span in line:
        end = place + len(span.text)
        at = place
        for start, stop in found:
            if stop <= at or start >= end:
                continue
            if start > at:
                yield Span(Printable(span.text[at - place : start - place]), span.style)
            begin, at = max(start, at), min(stop, end)
            yield Span(Printable(span.text[begin - place : at - place]), STYLE)
        if at < end:
            yield Span(Printable(span.text[at - place :]), span.style)
        place = end
