import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.query_value import (
    ValueType,
    natural_key,
    number_of,
    order_of,
    plain_number,
    time_ms,
    value_type,
)

VALUES = st.none() | st.text(max_size=12) | st.integers().map(str) | st.floats(allow_nan=False).map(str)
AWS_ORDER = [
    "!:", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj", "a12345hfh", "0", "1", "2", "3",
]  # fmt: skip
"""The example of CWL_QuerySyntax-Sort, but for `01`, which equals `1`."""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "text"),
        ([None, None], "text"),
        (["", None], "text"),
        (["1", "-2.5", "1.28E8", "+.5", "3."], "number"),
        (["1", None, ""], "number"),
        (["NaN", "Infinity", "-Infinity", "0"], "number"),
        (["1", "1_000"], "text"),
        (["١٢"], "text"),
        (["1\n"], "text"),
        (["2026-11-21 02:53:22.007", None], "time"),
        (["2026-11-21 02:53:22"], "text"),
        (["true", "false"], "boolean"),
        (["true", "1"], "text"),
        (['{"a": 1}', "[1, 2]"], "json"),
        (["[INFO] a", "[WARN] b"], "text"),
        (["{", '{"a": 1}'], "text"),
    ],
)
def test_a_column_has_the_type_of_all_its_values(values: list[str | None], expected: ValueType) -> None:
    assert value_type(values) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7),
        ("-0.5", -0.5),
        ("1.28E8", 128_000_000),
        ("9007199254740993", 9007199254740993),
        ("Infinity", float("inf")),
        ("1e9999", float("inf")),
        ("9" * 5000, float("inf")),
        ("NaN", None),
        ("0x1f", None),
        ("1,000", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_as_aws_writes_it(value: str | None, expected: float | None) -> None:
    assert number_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.28E8", "128000000"),
        ("-1.5E-4", "-0.00015"),
        ("0E-10", "0.0000000000"),
        ("1E15", "1000000000000000"),
        ("1E16", "1E16"),
        ("1.0E-10", "1.0E-10"),
        ("12.340", "12.340"),
        ("DEAD", "DEAD"),
        ("e", "e"),
    ],
)
def test_an_exponent_is_written_out_where_the_number_stays_short(value: str, expected: str) -> None:
    assert plain_number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1970-01-01 00:00:00.000", 0),
        ("2026-11-21 02:53:22.007", 1_795_229_602_007),
        ("2026-13-21 02:53:22.007", None),
        ("2026-11-21", None),
        (None, None),
    ],
)
def test_a_time_is_in_utc(value: str | None, expected: int | None) -> None:
    assert time_ms(value) == expected


def test_order_is_that_of_the_service() -> None:
    for seed in range(20):
        shuffled = random.Random(seed).sample(AWS_ORDER, len(AWS_ORDER))
        assert [shuffled[place] for place in order_of(shuffled, "text")] == AWS_ORDER
        assert [shuffled[place] for place in order_of(shuffled, "text", is_descending=True)] == AWS_ORDER[::-1]


def test_missing_values_are_last_in_both_directions() -> None:
    values = [None, "2", None, "1"]
    assert order_of(values, "number") == [3, 1, 0, 2]
    assert order_of(values, "number", is_descending=True) == [1, 3, 0, 2]


def test_times_are_in_order() -> None:
    values = ["2026-11-21 02:53:22.007", None, "2026-11-21 02:53:22.006", "2026-11-21 02:53:22.007"]
    assert order_of(values, "time") == [2, 0, 3, 1]
    assert order_of(values, "time", is_descending=True) == [0, 3, 2, 1]


@given(st.lists(VALUES, max_size=20))
def test_equal_values_stay_as_they_came(values: list[str | None]) -> None:
    type_ = value_type(values)
    for is_descending in (False, True):
        places = order_of(values, type_, is_descending=is_descending)
        assert sorted(places) == list(range(len(values)))
        for before, after in itertools.pairwise(places):
            if values[before] == values[after]:
                assert before < after


@given(st.text(), st.text(), st.integers(0, 10**30), st.integers(0, 10**30), st.text())
def test_digits_within_a_text_are_compared_as_numbers(before: str, after: str, one: int, other: int, more: str) -> None:
    before = before.rstrip("0123456789") + "x"
    keys = [natural_key(f"{before}{number}x{rest}") for number, rest in ((one, after), (other, more))]
    if one != other:
        assert (keys[0] < keys[1]) == (one < other)


@given(st.lists(st.text("0129az-", max_size=6), max_size=12), st.text("01a", min_size=20, max_size=28))
def test_long_texts_are_ordered_by_all_of_their_characters(ends: list[str], beginning: str) -> None:
    values: list[str | None] = [beginning + end + "z" for end in ends]
    keyed = sorted(range(len(values)), key=lambda place: natural_key(values[place] or ""))
    assert order_of(values, "text") == keyed
