"""The aggregates of the reference, over the values that a group's rows have."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tests.insights.reference_values import Structure, Time, Value, number_of, number_text, sort_key


@dataclass(frozen=True)
class Placed:
    """A value with the time of its row and the row's place in the order of loading."""

    value: Value
    timestamp_ms: int
    place: tuple[int, ...]


def aggregate(function: str, placed: list[Placed], parameter: float) -> Value:
    """The value of an aggregate of one argument, `parameter` being its number where it takes one."""
    present = [each for each in placed if isinstance(each.value, str)]
    texts = [str(each.value) for each in present]
    if function == "count":
        return str(sum(each.value is not None for each in placed))
    if function in ("count_distinct", "countdistinct"):
        return str(len(set(texts)))
    if function in _OF_NUMBERS:
        return _of_numbers(function, texts, parameter)
    if function == "values":
        return Structure(sorted(set(texts), key=_text_key))
    if function == "topk":
        return Structure(sorted(set(texts), key=lambda text: (-texts.count(text), _text_key(text)))[: int(parameter)])
    return _CHOICES[function](present).value if present else None


def _text_key(text: str) -> tuple[object, ...]:
    return (sort_key(text), text)


def _of_numbers(function: str, texts: list[str], parameter: float) -> Value:
    numbers = sorted(number for text in texts if (number := number_of(text)) is not None)
    if not numbers:
        return None
    mean = math.fsum(numbers) / len(numbers)
    variance = math.fsum((number - mean) ** 2 for number in numbers) / len(numbers)
    rank = max(1, math.ceil(Fraction(repr(parameter)) * len(numbers) / 100))
    results = {
        "sum": math.fsum(numbers),
        "avg": mean,
        "variance": variance,
        "stddev": math.sqrt(variance),
        "pct": numbers[min(rank, len(numbers)) - 1],
    }
    return number_text(results[function])


_OF_NUMBERS = ("sum", "avg", "variance", "stddev", "pct")


def _extreme(choose: Callable[[list[Placed]], Placed]) -> Callable[[list[Placed]], Placed]:
    def chosen(present: list[Placed]) -> Placed:
        numeric = [each for each in present if number_of(each.value) is not None]
        one = choose(numeric or present)
        if isinstance(one.value, Time) or not numeric:
            return one
        return Placed(number_text(number_of(one.value)), one.timestamp_ms, one.place)

    return chosen


def _sorts_first(present: list[Placed]) -> Placed:
    return min(present, key=lambda each: (sort_key(each.value), each.place))


def _sorts_last(present: list[Placed]) -> Placed:
    return max(present, key=lambda each: (sort_key(each.value), each.place))


_CHOICES: dict[str, Callable[[list[Placed]], Placed]] = {
    "min": _extreme(_sorts_first),
    "max": _extreme(_sorts_last),
    "sortsfirst": _sorts_first,
    "sortslast": _sorts_last,
    "earliest": lambda present: min(present, key=lambda each: (each.timestamp_ms, each.place)),
    "latest": lambda present: max(present, key=lambda each: (each.timestamp_ms, each.place)),
}
