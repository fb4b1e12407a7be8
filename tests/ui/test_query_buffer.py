"""What is written and deleted in the editor of a query, as text."""

import pytest

from lambdatop.ui.query_buffer import QUERY_LENGTH_MAX, QueryBuffer
from lambdatop.ui.query_layout import column_of, layout_rows, offset_at, row_of, shown


def typed(buffer: QueryBuffer, text: str) -> QueryBuffer:
    for character in text:
        buffer.type(character)
    return buffer


def at(text: str) -> QueryBuffer:
    """Return a buffer with the cursor where the bar is."""
    buffer = QueryBuffer(text.replace("|", ""))
    buffer.go(text.index("|"))
    return buffer


def drawn(buffer: QueryBuffer) -> str:
    return f"{buffer.text[: buffer.cursor]}|{buffer.text[buffer.cursor :]}"


@pytest.mark.parametrize(
    ("before", "typing", "after"),
    [
        ("stats count|", "(*)", "stats count(*)|"),
        ("filter @message like |", '"a"', 'filter @message like "a"|'),
        ("filter x = don|", "'t", "filter x = don't|"),
        ("fields |name", "(", "fields (|name"),
        ("in |", "[1, 2]", "in [1, 2]|"),
        ("|", '""', '""|'),
        ("fields |", "`a-b`", "fields `a-b`|"),
    ],
)
def test_what_opens_is_closed_and_what_closes_stands_once(before: str, typing: str, after: str) -> None:
    assert drawn(typed(at(before), typing)) == after


def test_backspace_in_an_empty_pair_takes_both() -> None:
    buffer = typed(QueryBuffer(), "count(")
    buffer.delete(-1)
    assert drawn(buffer) == "count|"


@pytest.mark.parametrize(
    ("before", "direction", "after"),
    [
        ("fields @message|", -1, "fields @|"),
        ("fields |@message", 1, "fields |"),
        ("|", -1, "|"),
        ("a b|", -1, "a |"),
    ],
)
def test_a_word_is_deleted_before_or_after_the_cursor(before: str, direction: int, after: str) -> None:
    buffer = at(before)
    buffer.delete_word(direction)
    assert drawn(buffer) == after


def test_a_line_is_killed_to_either_end_and_put_back() -> None:
    buffer = at("one two|three\nfour")
    buffer.kill_line(1)
    assert drawn(buffer) == "one two|\nfour"
    buffer.kill_line(1)
    assert drawn(buffer) == "one two|four"
    buffer.kill_line(-1)
    assert drawn(buffer) == "|four"
    buffer.yank()
    assert drawn(buffer) == "one two|four"


def test_a_new_line_begins_as_far_in_as_the_one_before() -> None:
    buffer = at("stats count(*),\n    avg(x),|")
    buffer.newline()
    assert buffer.text.endswith("avg(x),\n    ")


def test_what_is_selected_is_replaced_and_can_be_had_back() -> None:
    buffer = at("limit |200")
    buffer.go(9, selects=True)
    assert buffer.selected_text == "200"
    typed(buffer, "50")
    assert drawn(buffer) == "limit 50|"
    assert buffer.undo()
    assert buffer.text == "limit 200"
    assert buffer.redo()
    assert buffer.text == "limit 50"


def test_letters_typed_in_a_row_are_taken_back_together_and_moves_part_them() -> None:
    buffer = typed(QueryBuffer(), "ab")
    buffer.go(0)
    typed(buffer, "cd")
    buffer.undo()
    assert buffer.text == "ab"
    buffer.undo()
    assert buffer.text == ""
    assert not buffer.undo()


def test_no_more_is_taken_than_aws_takes() -> None:
    buffer = QueryBuffer("x" * (QUERY_LENGTH_MAX - 2))
    assert not buffer.insert("abcd")
    assert len(buffer.text) == QUERY_LENGTH_MAX
    assert not buffer.newline()


def test_line_breaks_are_of_one_kind_and_no_half_of_a_character_is_kept() -> None:
    assert QueryBuffer("a\r\nb\rc\ud800").text == "a\nb\nc?"


def test_every_offset_has_a_place_on_screen_and_back() -> None:
    text = "filter @message like /数据库 timeout/\n\n| stats count(*) by bin(5m)"
    for width in (7, 12, 30, 200):
        rows = layout_rows(text, width)
        for offset in range(len(text) + 1):
            row = rows[row_of(rows, offset)]
            assert row.start <= offset <= row.end
            column = column_of(text, row, offset)
            assert column <= width
            assert offset_at(text, row, column) == offset


def test_a_blank_is_where_a_long_line_is_broken_if_one_is_near() -> None:
    rows = layout_rows("stats count(*) as invocations", 18)
    assert [("stats count(*) as invocations")[row.start : row.end] for row in rows] == [
        "stats count(*) as ",
        "invocations",
    ]


def test_control_characters_are_shown_as_pictures_each_by_itself() -> None:
    assert shown("a\x1b[2J\x9b\u202e") == "a␛[2J⟨U+009B⟩⟨U+202E⟩"
    assert shown("e" + "\u0301" * 9) == "e" + "\u0301" * 3
