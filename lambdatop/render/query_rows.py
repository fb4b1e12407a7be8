"""The rows of a query's answer: which of them a filter lets through, and in what order.

What is worked out once, the types of the columns, the texts that are searched and the last order, is kept with the
rows, so that the next letter of a filter or the other direction of an order costs little.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from lambdatop.model.log_line import TextCondition
from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.parsers.query_value import ValueType, order_of, value_type
from lambdatop.render.query_cells import shown_times
from lambdatop.render.query_layout import QueryColumn, measured_column

Rows = Sequence[Sequence[str | None]]
Clock = Callable[[], float]
"""Seconds of any epoch."""

FILTER_S = 2.0
"""What a regular expression may take for all rows, where there is a clock."""
_ROWS_BETWEEN_LOOKS = 512
_TOO_MANY = "This regular expression takes too long for so many rows: say a text that it must hold instead."


class Filtered(NamedTuple):
    """Places of rows in ascending order, all of them where the filter does not work."""

    places: Sequence[int]
    problem: str | None = None


def filter_condition(text: str) -> TextCondition | None:
    """Return what a filter's text asks for: a text, /a regular expression/, or `!` and what rows must not hold.

    None is every row. Quotes keep a text from being read as something else.

    >>> filter_condition("!/a+/"), filter_condition('"!x"').pattern
    (TextCondition(pattern='a+', is_regex=True, is_excluded=True), '!x')
    """
    said = text.strip()
    is_excluded = said.startswith("!")
    said = said.removeprefix("!").lstrip()
    if len(said) > 2 and said[0] == said[-1] and said[0] in '/"':
        return TextCondition(said[1:-1], is_regex=said[0] == "/", is_excluded=is_excluded)
    return TextCondition(said, is_excluded=is_excluded) if said else None


class QueryRows:
    """Rows under columns, as AWS gave them."""

    def __init__(self, columns: Sequence[str], rows: Rows, *, is_utc: bool = False) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self._is_utc = is_utc
        self._last_order: tuple[int, bool, Sequence[int]] | None = None
        self._last_filtered: tuple[str, Filtered] | None = None
        self._last_selected: tuple[Sequence[int], Filtered, Sequence[int]] | None = None

    @cached_property
    def types(self) -> tuple[ValueType, ...]:
        """The type of each column, by all its values."""
        return tuple(map(value_type, self._by_column))

    @cached_property
    def measured(self) -> tuple[QueryColumn, ...]:
        """The columns, as wide as they need."""
        described = zip(self.columns, self.types, self._by_column, strict=True)
        return tuple(measured_column(place, *one, is_utc=self._is_utc) for place, one in enumerate(described))

    def values(self, column: int) -> Sequence[str | None]:
        """Return a column's values."""
        return self._by_column[column]

    def filtered(self, text: str, clock: Clock | None = None) -> Filtered:
        """Return the rows that a filter lets through; raises nothing: what is wrong with it is a sentence."""
        last = self._last_filtered
        if last is None or last[0] != text:
            last = self._last_filtered = (text, self._filtered(text, clock))
        return last[1]

    def selected(self, filtered: Filtered, column: str | None, *, is_descending: bool) -> Sequence[int]:
        """Return the rows that a filter lets through, ordered by a column."""
        order = self.ordered(column, is_descending=is_descending)
        last = self._last_selected
        if last is None or last[0] is not order or last[1] is not filtered:
            last = self._last_selected = (order, filtered, _restricted(order, filtered.places))
        return last[2]

    def ordered(self, column: str | None, *, is_descending: bool) -> Sequence[int]:
        """Return all rows ordered by a column; as they came for None and for a column that there is not."""
        if column not in self.columns:
            return self._as_they_came
        place = self.columns.index(column)
        last = self._last_order
        if last is None or last[:2] != (place, is_descending):
            order = order_of(self.values(place), self.types[place], is_descending=is_descending)
            last = self._last_order = (place, is_descending, order)
        return last[2]

    def _filtered(self, text: str, clock: Clock | None) -> Filtered:
        condition = filter_condition(text)
        every = range(len(self.rows))
        if condition is None:
            return Filtered(every)
        if not condition.is_regex:
            return Filtered(self._with_text(condition))
        try:
            BoundedPattern(condition.pattern)
            return Filtered(self._matching(BoundedPattern(f"(?m){condition.pattern}"), condition.is_excluded, clock))
        except PatternError as error:
            return Filtered(every, str(error))

    @cached_property
    def _as_they_came(self) -> range:
        return range(len(self.rows))

    @cached_property
    def _by_column(self) -> Sequence[Sequence[str | None]]:
        return tuple(zip(*self.rows, strict=True)) or ((),) * len(self.columns)

    @cached_property
    def _texts(self) -> list[str]:
        """Each row's values a line each, times as they are shown, which is what somebody looks for."""
        columns: list[Iterator[str]] = []
        for type_, values in zip(self.types, self._by_column, strict=True):
            if type_ == "time":
                columns.append(shown_times(values, is_utc=self._is_utc))
            else:
                columns.append(value or "" for value in values)
        return list(map("\n".join, zip(*columns, strict=True)))

    @cached_property
    def _lower_texts(self) -> list[str]:
        return [text.lower() for text in self._texts]

    def _with_text(self, condition: TextCondition) -> list[int]:
        pattern, is_wanted = condition.pattern, not condition.is_excluded
        texts = self._lower_texts if pattern == pattern.lower() else self._texts
        return [place for place, text in enumerate(texts) if (pattern in text) is is_wanted]

    def _matching(self, pattern: BoundedPattern, is_excluded: bool, clock: Clock | None) -> list[int]:
        """Return the rows that match; raises `PatternError` when that takes too long."""
        found: list[int] = []
        end_s = None if clock is None else clock() + FILTER_S
        for place, text in enumerate(self._texts):
            if pattern.is_in(text) is not is_excluded:
                found.append(place)
            if end_s is not None and clock is not None and place % _ROWS_BETWEEN_LOOKS == 0 and clock() > end_s:
                raise PatternError(_TOO_MANY)
        return found


def _restricted(order: Sequence[int], places: Sequence[int]) -> Sequence[int]:
    """Return the order's places that are among others, which ascend.

    >>> _restricted([2, 0, 1], [0, 2]), _restricted(range(3), [1])
    ([2, 0], [1])
    """
    if isinstance(order, range):
        return places
    if len(places) == len(order):
        return order
    is_in = bytearray(len(order))
    for place in places:
        is_in[place] = 1
    return [place for place in order if is_in[place]]
