"""What the values of a Logs Insights query are: AWS returns every one of them as text.

Order is AWS's own (CWL_QuerySyntax-Sort): texts before numbers, texts by Unicode with their runs of digits compared as
numbers. Rows without a value are last, whichever way one sorts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal

import msgspec

ValueType = Literal["number", "time", "boolean", "json", "text"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?|[+-]?Infinity|NaN", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", re.ASCII)
_BOOLEAN = re.compile(r"true|false")
_JSON = re.compile(r"[{\[]")
_DIGITS = re.compile(r"([0-9]+)")
_MORE_DIGITS = re.compile(r"[0-9]*")
_BEGINNING = 24
"""Characters that texts are ordered by at first."""
_JSON_TRIED = 20
"""So many values that look like JSON are read before a column is called that."""
_LONGEST_INTEGER = 400
_EXACT_DIGITS = 15
"""Integers of more digits are not told apart as floating-point numbers."""
_MOST_DIGITS = 0xD7FF
"""Whose number is a character; longer runs of digits are ordered by their digits alone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class _Marked(dict[str, str]):
    """Digits after their number, which a `0` keeps in the place that digits have among other characters."""

    _LIMIT = 10_000

    def __missing__(self, digits: str) -> str:
        marked = f"0{chr(min(len(digits), _MOST_DIGITS))}{digits}"
        if len(self) < self._LIMIT:
            self[digits] = marked
        return marked


def value_type(values: Iterable[str | None]) -> ValueType:
    """Return what a column holds; rows without a value, or with an empty one, do not count.

    >>> value_type(["1", "2.5", "1.28E8", None]), value_type(["2026-11-21 03:00:00.000"]), value_type(["1", "a"])
    ('number', 'time', 'text')
    """
    present = [value for value in values if value]
    if not present:
        return "text"
    if all(map(_NUMBER.fullmatch, present)):
        return "number"
    if all(map(_TIME.fullmatch, present)):
        return "time"
    if all(map(_BOOLEAN.fullmatch, present)):
        return "boolean"
    return "json" if all(map(_JSON.match, present)) and all(map(_is_json, present[:_JSON_TRIED])) else "text"


def number_of(value: str | None) -> float | None:
    """Return the number that a value is, an integer where a float would lose digits; None for all else and for NaN.

    >>> number_of("1.28E8"), number_of("9007199254740993"), number_of("1_000"), number_of("NaN")
    (128000000.0, 9007199254740993, None, None)
    """
    if value is None or _NUMBER.fullmatch(value) is None or value == "NaN":
        return None
    if _EXACT_DIGITS < len(value) <= _LONGEST_INTEGER and value.lstrip("+-").isdigit():
        return int(value)
    return float(value)


def plain_number(value: str) -> str:
    """Return a number without an exponent where it is one of at most sixteen digits, anything else as it is.

    AWS writes a field of 128 MB as 1.28E8.

    >>> plain_number("1.28E8"), plain_number("1.5E-7"), plain_number("1e300"), plain_number("12.50")
    ('128000000', '0.00000015', '1e300', '12.50')
    """
    if ("E" not in value and "e" not in value) or _NUMBER.fullmatch(value) is None:
        return value
    number = Decimal(value)
    return f"{number:f}" if number == 0 or -9 <= number.adjusted() <= 15 else value


def time_ms(value: str | None) -> int | None:
    """Return epoch milliseconds of a time as AWS writes it, in UTC; None for anything else.

    >>> time_ms("2026-11-21 02:53:22.007"), time_ms("2026-11-21T02:53:22Z")
    (1795229602007, None)
    """
    if value is None or _TIME.fullmatch(value) is None:
        return None
    try:
        return (datetime.fromisoformat(f"{value}+00:00") - _EPOCH) // _MILLISECOND
    except ValueError:
        return None


def natural_key(text: str) -> str:
    """Return what texts are ordered by: runs of digits by their length, then by their digits; all else by Unicode.

    >>> sorted(["111A", "5A", "@", "2345_", "0#", "#"], key=natural_key)
    ['#', '0#', '5A', '111A', '2345_', '@']
    """
    pieces = _DIGITS.split(text)
    if len(pieces) == 1:
        return text
    pieces[1::2] = map(_MARKED.__getitem__, pieces[1::2])
    return "".join(pieces)


def order_of(values: Sequence[str | None], type_: ValueType, *, is_descending: bool = False) -> list[int]:
    """Return the places of the values in order, equal ones as they came, those of rows without a value last.

    >>> order_of(["10", "b", None, "9", "a2", "a10"], "text")
    [4, 5, 1, 3, 0, 2]
    """
    texts: dict[int, str] = {}
    numbers: dict[int, float] = {}
    missing: list[int] = []
    for place, value in enumerate(values):
        if value is None:
            missing.append(place)
        elif type_ == "time" or (number := number_of(value)) is None:
            texts[place] = value
        else:
            numbers[place] = number
    if type_ == "time":
        return sorted(texts, key=texts.__getitem__, reverse=is_descending) + missing
    in_texts = _ordered(texts, texts, 0, is_descending=is_descending)
    in_numbers = sorted(numbers, key=numbers.__getitem__, reverse=is_descending)
    return (in_numbers + in_texts if is_descending else in_texts + in_numbers) + missing


def _ordered(texts: Mapping[int, str], places: Iterable[int], start: int, *, is_descending: bool) -> list[int]:
    """Return the places in the natural order of their texts, which are alike before `start`.

    Most texts are told apart by how they begin, and a key of that is made sooner than one of all of it.
    """
    size = max(_BEGINNING, start)
    keys = {place: natural_key(_piece(texts[place], start, size)) for place in places}
    order: list[int] = []
    for _, group in groupby(sorted(keys, key=keys.__getitem__, reverse=is_descending), key=keys.__getitem__):
        alike = list(group)
        if len(alike) > 1 and any(texts[place] != texts[alike[0]] for place in alike):
            end = start + len(_piece(texts[alike[0]], start, size))
            alike = _ordered(texts, alike, end, is_descending=is_descending)
        order += alike
    return order


def _piece(text: str, start: int, size: int) -> str:
    """Return so many characters and the digits that go on, so that a piece begins and ends with a whole number."""
    end = start + size
    if end < len(text) and text[end - 1] in "0123456789":
        end = _MORE_DIGITS.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing too
    return text[start:end]


def _is_json(value: str) -> bool:
    try:
        msgspec.json.decode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True


_MARKED = _Marked()
