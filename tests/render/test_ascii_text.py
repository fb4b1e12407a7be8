"""Text in ASCII, cell for cell."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lambdatop.render
from lambdatop.render.ascii_text import ascii_line, ascii_text
from lambdatop.render.block_chart import bar, sparkline
from lambdatop.render.environment_cells import SHAPES
from lambdatop.render.printable import printable
from lambdatop.render.span import Span, line_width, text_width
from lambdatop.render.states import STATE_SHAPES
from lambdatop.render.words import line, said

SOURCES = sorted(Path(lambdatop.render.__file__).parent.glob("*.py"))
WITHOUT_SIGN = "⏎␛␡␇"
"""What foreign text alone is drawn with; its pictures are question marks."""


@given(st.text())
def test_text_in_ascii_is_as_wide_as_before(text: str) -> None:
    safe = printable(text)
    plain = ascii_text(safe)
    assert plain.isascii()
    assert plain.isprintable()
    assert len(plain) == text_width(safe)


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from(("", "bad", "sgr:bold red")))))
def test_a_line_keeps_its_styles_where_they_are(pieces: list[tuple[str, str]]) -> None:
    before = tuple(Span(printable(text), style) for text, style in pieces)
    after = ascii_line(before)
    assert [(line_width((span,)), span.style) for span in after] == [
        (line_width((span,)), span.style) for span in before
    ]


def test_every_character_alone_keeps_its_width() -> None:
    characters = [chr(code) for code in range(0x20, 0x30000) if chr(code).isprintable()]
    assert [one for one in characters if len(ascii_text(one)) != text_width(one)] == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("naïve Ångström ế", "naive Angstrom e"),
        ("e\u0301t\u0301e", "ete"),
        ("数据 x", "???? x"),
        ("10² ½ ≠ ø", "10? ? ? ?"),
        ("␛]52;⏎⟨U+202E⟩", "?]52;?<U+202E>"),
        ("“it’s” — 5–6 µs", '"it\'s" - 5-6 us'),  # noqa: RUF001  signs that foreign text has
    ],
)
def test_a_letter_keeps_its_base_and_nothing_is_made_up(text: str, plain: str) -> None:
    assert ascii_text(text) == plain


def test_a_line_in_ascii_is_returned_itself() -> None:
    plain = line(said("checkout-api", "heading"))
    assert ascii_line(plain) is plain


def test_every_sign_that_lines_are_made_of_has_one_in_ascii() -> None:
    drawn = set().union(
        *(re.sub('"""' + ".*?" + '"""', "", one.read_text("utf-8"), flags=re.DOTALL) for one in SOURCES)
    )
    signs = {one for one in drawn if not one.isascii() and unicodedata.category(one)[0] in "SP"} - set(WITHOUT_SIGN)
    assert len(signs) > 30
    assert sorted(one for one in signs if ascii_text(one) == "?") == []


@pytest.mark.parametrize("shapes", [STATE_SHAPES, SHAPES], ids=["states", "environments"])
def test_shapes_that_differ_differ_in_ascii_too(shapes: dict[str, tuple[str, ...]]) -> None:
    assert len({ascii_text(shape[0]) for shape in shapes.values()}) == len(shapes)


def test_charts_are_the_same_whether_drawn_in_ascii_or_turned_into_it() -> None:
    values = list(range(9))
    assert ascii_line(sparkline(values, 9)) == sparkline(values, 9, is_ascii=True)
    assert ascii_line(bar(4, 8, 8, 8)) == bar(4, 8, 8, 8, is_ascii=True)
