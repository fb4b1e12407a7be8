"""A packed block says the same as a plain one, and its words never rule out what it holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.store.log_archive_block import SEPARATOR, Block, Row, words_of
from lambdatop.store.log_archive_mark import mark_and_request
from tests.store.archived_lines import MESSAGES, STREAMS

messages = st.lists(st.sampled_from(MESSAGES) | st.text(st.sampled_from("aB1-_ :ß\n"), max_size=20), min_size=1)


def rows(texts: list[str]) -> list[Row]:
    found: list[Row] = []
    for number, text in enumerate(texts):
        mark, place = mark_and_request(text)
        stream = STREAMS[number % len(STREAMS)]
        found.append((number * number, 2 * number, 7 * number, number % 2, stream, place, mark, text.encode()))
    return found


def packed(texts: list[str]) -> Block:
    block = Block(rows(texts))
    block.pack()
    return block


@settings(max_examples=200, deadline=None)
@given(messages)
def test_packing_changes_nothing_that_a_block_says(texts: list[str]) -> None:
    plain, block = Block(rows(texts)), packed(texts)

    assert block.packed_bytes > 0
    assert block.rows() == plain.rows() == rows(texts)
    assert (block.text(), block.sources(), block.marks) == (plain.text(), plain.sources(), plain.marks)


@settings(max_examples=500, deadline=None)
@given(messages, st.data())
def test_a_block_may_hold_every_piece_of_its_texts_in_any_case(texts: list[str], data: st.DataObject) -> None:
    block = packed(texts * 4)
    text = data.draw(st.sampled_from(texts)).encode()
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]

    assert block.may_hold(words_of(piece))
    assert block.may_hold(words_of(piece.upper()))
    assert piece in block.text()


def test_a_block_may_not_hold_other_words() -> None:
    block = packed(["cart of customer 17 holds tea"] * 4)

    assert block.words_bytes > 0
    assert not any(block.may_hold(words_of(text)) for text in (b"coffee", b"art of customer 1 ", b" eart", b"car of"))
    assert all(block.may_hold(words_of(text)) for text in (b"art of customer 1", b"tea", b"a of cust", b"CART", b""))


def test_words_that_would_take_much_room_are_not_kept() -> None:
    block = packed([f"{number:08d}" for number in range(100)])

    assert block.words_bytes == 0
    assert block.may_hold(words_of(b"absent"))


def test_no_text_holds_the_separator() -> None:
    assert SEPARATOR not in "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000)])).encode()
