"""Regular expressions that someone types: the language of Python's, in bounded time."""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.bounded_pattern import SECOND_TRIES, BoundedPattern, PatternError

PATTERNS = (
    "a", "A", "^b", "b$", "a.b", "a|b", "[^a]b", r"\bab\b", r"\d+ ms", r"\D", "(a+)+$", "a{2,3}", "(?i:A)b", "(?=a)b*",
    "(a)\\1", r"\w+\s\w+", "",
)  # fmt: skip
EXPLOSIVE = ("(a|a)*$", "(a|aa)+$")
HEAVY = (*EXPLOSIVE, "(a+)+$", "(.*a){20}$", "(?:a?){30}a{30}b", r"^(\w+\s?)*$", ".*.*.*.*x")


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.text(alphabet="aAbB \n1ms", max_size=12))
def test_it_finds_what_pythons_own_does(pattern: str, text: str) -> None:
    flags = re.NOFLAG if re.search("[A-Z]", re.sub(r"\\.", "", pattern)) else re.IGNORECASE
    expected = re.compile(pattern, flags)

    assert BoundedPattern(pattern).is_in(text) is (expected.search(text) is not None)
    assert BoundedPattern(pattern).spans(text) == [
        match.span() for match in expected.finditer(text) if match.end() > match.start()
    ]


def test_a_capital_letter_makes_case_matter_but_not_one_of_a_class() -> None:
    assert BoundedPattern("boom").is_in("BOOM")
    assert not BoundedPattern("Boom").is_in("BOOM")
    assert BoundedPattern(r"boom\D").is_in("BOOM!")


@pytest.mark.parametrize("pattern", ["(", "a**", "[z-a]", "(?P<a>x)(?P<a", "\\", "a{99999999999999999999}"])
def test_what_is_no_regular_expression_is_said(pattern: str) -> None:
    with pytest.raises(PatternError, match=r"^Not a regular expression: .*[.]$"):
        BoundedPattern(pattern)


@pytest.mark.parametrize("pattern", EXPLOSIVE)
def test_one_that_would_take_for_ever_is_given_up_at_once(pattern: str) -> None:
    bounded, text = BoundedPattern(pattern), "a" * 60 + "!"
    with pytest.raises(PatternError, match="takes too long"):
        bounded.is_in(text)

    assert bounded.spans(text) == []


@pytest.mark.parametrize("pattern", HEAVY)
def test_no_line_takes_much_longer_than_a_moment(pattern: str) -> None:
    before = time.process_time()
    with contextlib.suppress(PatternError):
        BoundedPattern(pattern).is_in("a" * 60 + "!")

    assert time.process_time() - before < 1


def test_a_long_line_has_more_time() -> None:
    assert BoundedPattern("x.*y.*z").is_in("x" + "-" * 2_000_000 + "yz")


def test_a_line_that_was_held_up_is_tried_once_more_but_not_each_line() -> None:
    bounded = BoundedPattern("a")
    held_up = 0

    def search(_text: str, timeout: float, concurrent: bool) -> object:  # noqa: ARG001  as regex calls it
        nonlocal held_up
        if timeout < 0.01:
            held_up += 1
            raise TimeoutError
        return object()

    bounded._search = search
    for _ in range(SECOND_TRIES):
        assert bounded.is_in("a")
    with pytest.raises(PatternError, match="takes too long"):
        bounded.is_in("a")
    assert held_up == SECOND_TRIES + 1


def test_second_tries_come_back_with_lines_that_are_quick() -> None:
    bounded = BoundedPattern("a")
    bounded._tries_left = 0.0
    for _ in range(150):
        bounded.is_in("a")

    assert 1 < bounded._tries_left < 2
