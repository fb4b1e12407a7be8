"""Lines tried side by side match as they do one by one."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.parsers.joined_lines import JOINT, joined_lines
from tests.parsers.random_patterns import made_lines, made_pattern


def joined(lines: list[str]) -> str:
    return JOINT + "".join([line + JOINT for line in lines])


def matching(pattern: str, *lines: str) -> list[int]:
    found = joined_lines(pattern)
    assert found is not None
    return found.matching(joined(list(lines)), 1)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**32))
def test_it_finds_the_lines_that_match_by_themselves(seed: int) -> None:
    random_ = Random(seed)
    made = made_pattern(random_)
    lines = made_lines(random_, made.text) + made_lines(random_, made.text)
    pattern = joined_lines(made.pattern)
    try:
        bounded = BoundedPattern(made.pattern)
        expected = [number for number, line in enumerate(lines) if bounded.is_in(line)]
    except PatternError:
        return

    assert pattern is None or pattern.matching(joined(lines), 1) == expected


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("^a", [0, 3]),
        ("a$", [0, 2, 3]),
        ("^$", [1]),
        (r"\A\Z", [1]),
        ("", [0, 1, 2, 3]),
        ("b*", [0, 1, 2, 3]),
        (r"a.b", []),
        (r"a[^x]+b", []),
        (r"a\W*b", []),
        (r"(?m)^a$", [0, 2, 3]),
        (r"(?s)b.a", [2]),
        (r"[\x00]", []),
        (r"[\Wa]$", [0, 2, 3]),
        ("(?!a)", [0, 1, 2, 3]),
    ],
)
def test_no_match_reaches_from_line_to_line(pattern: str, numbers: list[int]) -> None:
    assert matching(pattern, "a", "", "b\na\n", "a") == numbers


@pytest.mark.parametrize(
    "pattern", ["(", r"(a)\1", "(?P<x>a)(?P=x)", "(a)?(?(1)b|c)", "(?:ab){e}", r"\p{L}", "(?a)é", "\u0131o"]
)
def test_what_cannot_be_written_anew_is_left_to_single_lines(pattern: str) -> None:
    assert joined_lines(pattern) is None


def test_one_that_takes_too_long_is_stopped() -> None:
    pattern = joined_lines("(a|aa)+$")
    assert pattern is not None
    with pytest.raises(TimeoutError):
        pattern.matching(joined(["a" * 60 + "!"]), 0.001)
