import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatop.render.printable import printable, printable_lines, printable_spans
from lambdatop.render.span import line_text

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            [*BIDI, "\x1b", "[", "3", ";", "m", "\t", "\r", "\n", "\u200b", "\u200d", "\u0301", "\ufe0f", "a"]
        ),
        st.characters(),
    ),
    max_size=300,
)


def is_safe(text: str) -> bool:
    return all(
        character == " " or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")
        for character in text
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("naïve 数 🎉", "naïve 数 🎉"),
        ("\x1b]52;c;cm0=\x07", "␛]52;c;cm0=␇"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x9b2J\x85", "⟨U+009B⟩2J⟨U+0085⟩"),
        ("a\x00b\x7f", "a␀b␡"),
        ("one\r\ntwo\rthree\nfour\n", "one⏎two⏎three⏎four"),
        ("REPORT\tDuration", "REPORT  Duration"),
        ("user\u202etxt.exe", "user⟨U+202E⟩txt.exe"),
        ("\u2066x\u2069\u200e\u061c", "⟨U+2066⟩x⟨U+2069⟩⟨U+200E⟩⟨U+061C⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\ud800!", "⟨U+D800⟩!"),
        ("\U000e0041\U000e0001", "⟨U+E0041⟩⟨U+E0001⟩"),
        ("\ue0b0", "⟨U+E0B0⟩"),
        ("\u3164\U000e0100", "⟨U+3164⟩⟨U+E0100⟩"),
        ("\xa0\xa0File", "  File"),
        ("👩\u200d💻 ❤\ufe0f", "👩💻 ❤"),
        ("x\u200d\u200d\u200dy", "x⟨U+200D⟩⟨U+200D⟩⟨U+200D⟩y"),
        ("Z" + "\u0301" * 50, "Z" + "\u0301" * 3),
        ("\u1100" + "\u1161" * 50, "\u1100" + "\u1161" * 3),
        ("a\u034f\u17b4\u17b5b", "a⟨U+034F⟩⟨U+17B4⟩⟨U+17B5⟩b"),
        ("\u1820\u180b\u180c\u180d\u180f", "\u1820"),
    ],
)
def test_a_line_of_foreign_text_and_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_says_how_much_is_left_off() -> None:
    shown = printable("x" * 5000, 100)
    assert len(shown) == 100
    assert shown == "x" * 80 + "… (+4920 characters)"
    assert printable("x" * 50, 10) == "xxxxxxxxx…"
    assert printable("x" * 50, 1) == "…"
    assert printable("x", 0) == ""


@settings(deadline=None)  # a busy machine is no failure
@given(HOSTILE, st.integers(0, 200))
@example("\u202e" * 100, 60)
def test_whatever_comes_in_nothing_that_a_terminal_obeys_goes_out(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert is_safe(shown)
    assert len(shown) <= limit
    assert printable(shown, limit) == shown


@settings(deadline=None)  # a busy machine is no failure
@given(HOSTILE, st.integers(0, 200))
def test_spans_are_as_safe_as_text(text: str, limit: int) -> None:
    line = printable_spans(text, limit)
    assert is_safe(line_text(line))
    assert len(line_text(line)) <= limit
    assert all(is_safe(span.style) for span in line)


@settings(deadline=None)  # a busy machine is no failure
@given(HOSTILE, st.integers(0, 8), st.integers(0, 50))
def test_lines_are_bounded_both_ways(text: str, limit_lines: int, limit: int) -> None:
    lines = printable_lines(text, limit_lines, limit)
    assert len(lines) <= limit_lines
    assert all(is_safe(line) for line in lines)
    assert all(len(line) <= limit for line in lines[:-1])


@settings(deadline=None)  # a busy machine is no failure
@given(HOSTILE)
def test_without_escapes_spans_hold_the_same_text(text: str) -> None:
    text = text.replace("\x1b", "")
    assert line_text(printable_spans(text)) == printable(text)


def test_lines_left_off_are_counted() -> None:
    assert printable_lines("a\nb\r\nc\rd", 4) == ("a", "b", "c", "d")
    assert printable_lines("a\nb\r\nc\rd", 2) == ("a", "… (+3 lines)")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("\x1b[31mred\x1b[0m plain", [("red", "sgr:red"), (" plain", "")]),
        ("\x1b[1;97;44mloud\x1b[22;39mquiet", [("loud", "sgr:bold bright_white on blue"), ("quiet", "sgr:on blue")]),
        ("\x1b[38;5;208morange\x1b[m.", [("orange", "sgr:color(208)"), (".", "")]),
        ("\x1b[38;2;1;2;255;4mtrue", [("true", "sgr:underline #0102ff")]),
        ("\x1b[48;5;300mbad\x1b[38;2;9mtoo", [("badtoo", "")]),
        ("\x1b[31;41mhidden", [("hidden", "sgr:red")]),
        ("\x1b[37;48;5;7mhidden", [("hidden", "sgr:white")]),
        ("\x1b[30;48;5;16mhidden\x1b[38;2;9;9;9m too", [("hidden too", "")]),
        ("\x1b[38;2;250;250;250;107mhidden\x1b[0;7;97m too", [("hidden", ""), (" too", "sgr:reverse")]),
        ("\x1b[47mhidden\x1b[0;40m too\x1b[41m not", [("hidden too", ""), (" not", "sgr:on red")]),
        ("\x1b[30;43mseen\x1b[0;34m and dark", [("seen", "sgr:black on yellow"), (" and dark", "sgr:blue")]),
        ("\x1b[8mconcealed\x1b[5m", [("concealed", "")]),
        ("\x1b[31m\x1b[32m\x1b[33mone span", [("one span", "sgr:yellow")]),
        ("\x1b]0;title\x07\x1b[2J", [("␛]0;title␇␛[2J", "")]),
        ("a\x1b[32m\tb", [("a", ""), ("   b", "sgr:green")]),
    ],
)
def test_colours_become_styles_and_other_escapes_become_visible(text: str, spans: list[tuple[str, str]]) -> None:
    assert [tuple(span) for span in printable_spans(text)] == spans


@pytest.mark.parametrize("limit", [1, 60, 1000])
def test_text_behind_a_flood_of_colours_is_missed(limit: int) -> None:
    assert line_text(printable_spans("\x1b[31m\x1b[32m" * 10_000 + "end", limit)) == "…"


def test_a_letter_in_every_colour_is_seen_to_the_end() -> None:
    text = "".join(f"\x1b[38;2;{red};0;0m{red % 10}" for red in range(120))
    assert line_text(printable_spans(text, 120)) == "0123456789" * 12


def test_marks_with_colours_between_them_pile_up_no_higher() -> None:
    assert line_text(printable_spans("Z" + "\x1b[31m\u0301\x1b[32m\u0302" * 50)) == "Z\u0301\u0302\u0301"


def test_coloured_text_is_cut_at_its_limit() -> None:
    assert [tuple(span) for span in printable_spans("\x1b[31mabc\x1b[0mdefgh", 6)] == [("abc", "sgr:red"), ("de…", "")]
