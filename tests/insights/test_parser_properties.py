"""What holds of every query: it is read back from its own text, and any other text is refused in one way only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.insights.expression_parser import DEEPEST
from lambdatop.insights.expression_walk import depth_of
from lambdatop.insights.parser import LONGEST_QUERY, parse_query
from lambdatop.insights.syntax import Command, Expression, Filter, QuerySyntaxError
from tests.insights.query_texts import COMMANDS, EXPRESSIONS, without_places, written, written_command

_PIECES = r"""
fields filter stats sort limit parse display dedup unnest pattern estimate SOURCE logGroups namePrefix : by as into
and or not like in =~ asc desc any a @message `b-c` x.y 7 5m 'text' "*" /(?<n>.)/ / count( avg( bin( concat( ( ) [ ]
, | + - * ^ = != < # ' " ` \ . é
"""
PIECES = st.sampled_from(_PIECES.split())


def error_of(text: str) -> QuerySyntaxError | None:
    """Why a text is refused; None where it is read."""
    try:
        parse_query(text)
    except QuerySyntaxError as error:
        return error
    return None


@given(COMMANDS)
def test_a_query_that_is_written_is_read_as_the_same_tree(commands: tuple[Command, ...]) -> None:
    text = "\n| ".join(written_command(command) for command in commands)

    assert without_places(parse_query(text).commands) == without_places(commands)


@given(EXPRESSIONS)
def test_an_expression_spans_what_is_written_for_it(expression: Expression) -> None:
    query = parse_query(f"filter {written(expression)} # comment")

    condition = query.commands[0]
    assert isinstance(condition, Filter)
    again = parse_query(f"filter {query.text[condition.condition.span.start : condition.condition.span.end]}").commands[
        0
    ]
    assert without_places(again) == without_places(condition)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_is_read_or_refused_with_a_sentence_and_a_place(text: str) -> None:
    error = error_of(text)

    if error is not None:
        assert 0 <= error.span.start <= error.span.end <= len(text)
        assert error.message.endswith((".", "?"))
        assert "\n" not in error.message


@pytest.mark.parametrize(
    "piece",
    ["(", "-", "not ", "a = (", "a + ", "a and ", "coalesce(", "a like 'x' or ", "2 ^ ", "a in [", "b[0]", "a, "],
)
def test_a_long_query_never_exhausts_the_stack(piece: str) -> None:
    text = f"filter {piece * (9_900 // len(piece))}a"

    with pytest.raises(QuerySyntaxError):
        parse_query(text)


def test_what_is_read_is_never_deeper_than_those_who_walk_it_rely_on() -> None:
    query = parse_query(f"filter {' + '.join('a' * DEEPEST)}")

    condition = query.commands[0]
    assert isinstance(condition, Filter)
    assert depth_of(condition.condition) == DEEPEST
    with pytest.raises(QuerySyntaxError, match="more than 100 operations"):
        parse_query(f"filter {' + '.join('a' * (DEEPEST + 1))}")


def test_what_stands_side_by_side_is_not_deep() -> None:
    query = parse_query(f"filter a in [{', '.join('1' * 500)}] and ({' or '.join(['b = 1'] * 90)})")

    condition = query.commands[0]
    assert isinstance(condition, Filter)
    assert depth_of(condition.condition) < DEEPEST


def test_a_query_that_the_service_would_refuse_for_its_length_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="at most 10000 characters"):
        parse_query("fields a" + " " * LONGEST_QUERY)
