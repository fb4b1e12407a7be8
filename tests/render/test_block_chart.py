from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.render.block_chart import bar, sparkline
from lambdatop.render.span import line_text, line_width

VALUES = st.lists(st.none() | st.floats(0, 1e12), max_size=40)


@pytest.mark.parametrize(
    ("values", "width", "shown"),
    [
        ([], 3, "   "),
        ([0, 0, 0], 3, "▁▁▁"),
        ([1000, 1, 0], 3, "█▂▁"),
        ([1, 2, 3, 4, 5, 6, 7], 3, "▆▇█"),
        ([None, 5], 4, "  ·█"),
        ([5], 0, ""),
    ],
)
def test_sparkline(values: Sequence[float | None], width: int, shown: str) -> None:
    assert line_text(sparkline(values, width)) == shown


def test_sparkline_scales_to_a_maximum() -> None:
    assert line_text(sparkline([5, 10, 20], 3, maximum=10)) == "▅██"


def test_the_newest_values_are_drawn_provisional() -> None:
    assert [tuple(span) for span in sparkline([4, 4, 4], 3, provisional=2)] == [("█", "bar"), ("██", "provisional")]


@pytest.mark.parametrize(
    ("value", "peak", "limit", "shown"),
    [
        (0, 0, 10, "         │"),
        (5, 5, 10, "█████    │"),
        (5, 8, 10, "█████░░░ │"),
        (10, 10, 10, "██████████"),
        (12, 20, 10, "██████░░░░"),
        (0, None, 0, "██████████"),
        (3, 6, None, "█████░░░░░"),
        (0, 0, None, "          "),
        (1, 1, 1000, "▏        │"),
        (None, 3, 10, "··········"),
    ],
)
def test_bar(value: float | None, peak: float | None, limit: float | None, shown: str) -> None:
    assert line_text(bar(value, peak, limit, 10)) == shown


def test_a_limit_passed_is_marked_where_it_is() -> None:
    assert [tuple(span) for span in bar(20, 20, 10, 4)] == [("█", "bar"), ("█", "bar_limit"), ("██", "bar")]


def test_ascii_needs_no_unicode() -> None:
    assert line_text(bar(5, 8, 10, 10, is_ascii=True)) == "#####--- |"
    assert line_text(sparkline([None, 0, 1], 4, is_ascii=True)) == "  _#"


@settings(deadline=None)  # a busy machine is no failure
@given(VALUES, st.integers(0, 60), st.integers(0, 5), st.booleans())
def test_a_sparkline_is_as_wide_as_asked(
    values: list[float | None], width: int, provisional: int, is_ascii: bool
) -> None:
    line = sparkline(values, width, provisional, is_ascii=is_ascii)
    assert line_width(line) == width
    assert not is_ascii or line_text(line).isascii()


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.none() | st.floats(0, 1e9), st.none() | st.floats(0, 1e9), st.none() | st.integers(0, 10**6), st.integers(0, 60)
)
def test_a_bar_is_as_wide_as_asked(value: float | None, peak: float | None, limit: int | None, width: int) -> None:
    assert line_width(bar(value, peak, limit, width)) == width
