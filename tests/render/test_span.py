import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatop.render.printable import printable
from lambdatop.render.span import (
    Align,
    Line,
    Printable,
    Span,
    broken,
    crop,
    line_text,
    line_width,
    pad,
    shifted,
    text_width,
)
from lambdatop.render.words import marked


def line(*texts: str) -> Line:
    return tuple(Span(Printable(text), f"style {index}") for index, text in enumerate(texts))


LINES = st.lists(st.text(max_size=20).map(printable), max_size=5).map(lambda texts: line(*texts))


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("数据", 4), ("e\u0301", 1), ("🎉", 2), ("␛⏎…█▁", 5), ("ﾊﾝｶｸ", 4)]
)
def test_width_counts_terminal_cells(text: str, cells: int) -> None:
    assert text_width(text) == cells == cell_len(text)


@pytest.mark.parametrize(
    ("texts", "width", "shown"),
    [
        (("abc", "def"), 6, "abcdef"),
        (("abc", "def"), 5, "abcd…"),
        (("abc", "def"), 4, "abc…"),
        (("abc", "def"), 1, "…"),
        (("abc", "def"), 0, ""),
        (("数据库",), 4, "数…"),
        (("e\u0301e\u0301e\u0301",), 2, "e\u0301…"),
    ],
)
def test_crop_ends_in_an_ellipsis(texts: tuple[str, ...], width: int, shown: str) -> None:
    assert line_text(crop(line(*texts), width)) == shown


def test_crop_keeps_styles() -> None:
    assert crop(line("abc", "def"), 5) == (Span(Printable("abc"), "style 0"), Span(Printable("d…"), "style 1"))


@pytest.mark.parametrize(("align", "shown"), [("left", "ab   "), ("right", "   ab"), ("center", " ab  ")])
def test_pad_aligns(align: Align, shown: str) -> None:
    assert line_text(pad(line("ab"), 5, align)) == shown


@settings(deadline=None)  # a busy machine is no failure
@given(LINES, st.integers(0, 60))
def test_crop_and_pad_keep_their_promise(spans: Line, width: int) -> None:
    assert line_width(crop(spans, width)) <= width
    padded = pad(spans, width)
    assert line_width(padded) == width or (line_width(padded) < width and line_width(spans) > width)


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("short", 10, ["short"]),
        ("one two three", 8, ["one two ", "three"]),
        ("one twothree four", 9, ["one twoth", "ree four"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("数据库满", 5, ["数据", "库满"]),
        ("e\u0301" * 5, 2, ["e\u0301e\u0301", "e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_a_long_line_is_broken_near_its_end(text: str, width: int, rows: list[str]) -> None:
    assert [line_text(row) for row in broken(line(text), width)] == rows


@settings(deadline=None)
@given(LINES, st.integers(2, 30), st.integers(0, 10))
def test_broken_lines_fit_and_lose_only_blanks(spans: Line, width: int, hanging: int) -> None:
    hanging = min(hanging, width - 2)
    first, *rest = broken(spans, width, hanging)
    assert line_width(first) <= width
    assert all(line_width(row) <= width - hanging for row in rest)
    shown = "".join(line_text(row) for row in (first, *rest))
    assert shown.replace(" ", "") == line_text(spans).replace(" ", "")


@settings(deadline=None)
@given(LINES, st.integers(0, 60))
def test_a_line_scrolled_sideways_keeps_the_rest_in_place(spans: Line, cells: int) -> None:
    rest = shifted(spans, cells)
    assert line_width(rest) == max(0, line_width(spans) - cells)
    assert line_text(spans).endswith(line_text(rest).removeprefix(" "))


def test_the_selected_line_has_no_colours_of_its_text() -> None:
    row = (Span(Printable("a"), "bad"), Span(Printable("b"), "sgr:bold red"), Span(Printable("c")))
    assert [span.style for span in marked(row)] == ["bad selected", "selected", "selected"]
