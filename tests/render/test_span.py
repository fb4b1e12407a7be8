import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatop.render.printable import printable
from lambdatop.render.span import Align, Line, Printable, Span, crop, line_text, line_width, pad, text_width


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
