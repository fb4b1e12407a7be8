"""The texts that a regular expression needs: in every line that it matches, whatever the expression."""

import sys
from random import Random

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.parsers.required_literal import CASES_BEYOND_ASCII, RequiredLiteral, required_literals
from tests.parsers.random_patterns import made_lines, made_pattern

ASCII_OF = {ord(other): letter for letter, others in CASES_BEYOND_ASCII.items() for other in others}


def texts(pattern: str) -> list[list[str]]:
    return [sorted(literal.text for literal in literals) for literals in required_literals(pattern)]


def is_held(literal: RequiredLiteral, line: str) -> bool:
    folded = line.encode().lower().decode().translate(ASCII_OF)
    return literal.text.translate(ASCII_OF) in folded if literal.is_any_case else literal.text in line


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**32))
def test_no_line_matches_without_one_text_of_each_set(seed: int) -> None:
    random_ = Random(seed)
    made = made_pattern(random_)
    try:
        pattern = BoundedPattern(made.pattern)
        matching = [line for line in made_lines(random_, made.text) if pattern.is_in(line)]
    except PatternError:
        return

    for literals in required_literals(made.pattern):
        assert all(any(is_held(literal, line) for literal in literals) for line in matching)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"order \d+ declined", [[" declined"], ["order "]]),
        ("time(d )?out|refused", [["refused", "timed out", "timeout"]]),
        (r"(?:GET|POST) /orders/\d+", [["GET /orders/", "POST /orders/"]]),
        (r"a\.b\[c\]", [["a.b[c]"]]),
        ("(ab){3}", [["ababab"]]),
        ("(ab)+c", [["ab"]]),
        ("ab*cd", [["cd"]]),
        ("x[12]y", [["x1y", "x2y"]]),
        (r"\bcart\b$", [["cart"]]),
        ("(?=.*error).*refused", [["refused"], ["error"]]),
        ("foo(?!bar)baz", [["foobaz"]]),
        (r'{"level":"ERROR', [['{"level":"ERROR']]),
        (r"(\w+) failed: \1", []),
        ("foo|b.r", []),
        (r"\d+", []),
        ("(foo)?", []),
        ("(foo){0,3}", []),
        ("a", []),
        ("", []),
        ("(", []),
        ("(?x) fo o", []),
        ("(?:order){e<=1}", []),
        ("(?:order){i}", []),
        ("fo[[:alpha:]]", []),
        (r"\p{Lu}foo", []),
        ("größe", [["gr"]]),
        ("Größe", [["Größe"]]),
        ("[a-z]{3}-foo", [["-foo"]]),
    ],
)
def test_what_is_certain_is_required(pattern: str, expected: list[list[str]]) -> None:
    assert texts(pattern) == expected


def test_a_pattern_in_lower_case_needs_its_letters_in_any_case() -> None:
    assert required_literals("cart 17") == (frozenset([RequiredLiteral("cart 17", is_any_case=True)]),)
    assert required_literals("Cart 17") == (frozenset([RequiredLiteral("Cart 17")]),)
    assert required_literals("(?i)Cart") == (frozenset([RequiredLiteral("cart", is_any_case=True)]),)
    assert required_literals("Ab(?i:CD)") == (frozenset([RequiredLiteral("abcd", is_any_case=True)]),)


def test_no_other_letters_match_an_ascii_one_in_any_case() -> None:
    every = "".join([chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000])
    for code in range(128):
        folded = {chr(code).lower(), chr(code).upper(), *CASES_BEYOND_ASCII.get(chr(code).lower(), "")}
        assert set(regex.findall(regex.escape(chr(code)), every, regex.VERSION0 | regex.IGNORECASE)) <= folded


def test_too_many_alternatives_are_none() -> None:
    assert required_literals("|".join([f"{letter}ord" for letter in "abcdefghijklmnopqrst"])) == ()
    assert texts("[ab][ab][ab][ab][ab] x")[-1] == ["a x", "b x"]
