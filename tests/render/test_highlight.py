"""What is searched for stands out, and no expression holds up drawing."""

import time

from lambdatop.model.log_line import TextCondition
from lambdatop.render.highlight import Highlight
from lambdatop.render.span import Line
from lambdatop.render.words import line, said


def spans(*conditions: TextCondition, text: Line) -> list[tuple[str, str]]:
    return [(span.text, span.style) for span in Highlight(conditions).line(text)]


def test_a_match_over_two_styles_is_marked_in_both() -> None:
    text = line(said("no st", "bad"), said("ock left"))
    assert spans(TextCondition("stock"), text=text) == [
        ("no ", "bad"), ("st", "match"), ("ock", "match"), (" left", ""),
    ]  # fmt: skip


def test_lower_case_finds_any_case_and_capitals_find_themselves() -> None:
    text = line(said("Stock stock"))
    assert spans(TextCondition("stock"), text=text)[0] == ("Stock", "match")
    assert spans(TextCondition("Stock"), text=text) == [("Stock", "match"), (" stock", "")]


def test_a_text_is_no_expression_and_an_expression_is() -> None:
    text = line(said("a.b axb"))
    assert spans(TextCondition("a.b"), text=text) == [("a.b", "match"), (" axb", "")]
    assert [part for part, style in spans(TextCondition("a.b", is_regex=True), text=text) if style] == ["a.b", "axb"]


def test_what_is_hidden_and_what_is_no_expression_marks_nothing() -> None:
    text = line(said("stock"))
    assert spans(TextCondition("stock", is_excluded=True), TextCondition("(", is_regex=True), text=text) == [
        ("stock", "")
    ]


def test_an_expression_of_repeated_repetitions_does_not_hold_up_drawing() -> None:
    text = line(said("a" * 5_000 + "!"))
    began = time.monotonic()
    Highlight((TextCondition(r"(a+)+\d", is_regex=True),)).line(text)
    assert time.monotonic() - began < 2  # without a limit it would take longer than the universe has lasted
