import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.render.query_layout import chosen_widths
from lambdatop.render.query_table import QueryTable, TableChoice, sorted_by
from lambdatop.render.span import line_text, line_width
from tests.render.query_material import ASCII, UTC, answer, events

CELLS = st.none() | st.text(max_size=30) | st.integers().map(str)
ANSWERS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8).map(
    lambda rows: answer(("@a", "数据", "c\x1b[2J"), rows)
)


def drawn(table: QueryTable, width: int) -> list[str]:
    return [line_text(line).rstrip() for line in (table.header(width), *table.lines(0, 50, width))]


def shown(**choice: object) -> list[int]:
    return list(QueryTable.of(events(), TableChoice(**choice), UTC).places)  # type: ignore[arg-type]  # any field


def test_a_table_has_typed_columns() -> None:
    assert drawn(QueryTable.of(events(), drawing=UTC), 100) == [
        " @timestamp                @message                     @duration  detail",
        " 2026-11-21 02:53:22.007Z  ERROR no stock⏎for order 7        12.5  –",  # noqa: RUF001
        " 2026-11-21 02:53:20.000Z  WARN 数据库 is slow                  9",
        ' 2026-11-21 02:53:21.500Z  paid                         128000000  {"order": 7}',
        " 2026-11-21 02:53:21.500Z  paid                                 –  []",  # noqa: RUF001
    ]


def test_a_narrow_screen_crops_and_says_that_there_is_more() -> None:
    assert drawn(QueryTable.of(events(), drawing=UTC), 40) == [
        " @timestamp                @message    >",
        " 2026-11-21 02:53:22.007Z  ERROR no s…",
        " 2026-11-21 02:53:20.000Z  WARN 数据…",
        " 2026-11-21 02:53:21.500Z  paid",
        " 2026-11-21 02:53:21.500Z  paid",
    ]
    assert QueryTable.of(events(), drawing=UTC).layout(40).hidden_after == 2


def test_columns_are_scrolled_hidden_and_made_wider() -> None:
    choice = TableChoice(skip=1, hidden=frozenset(("@timestamp", "detail")), widths={"@duration": 4})
    table = QueryTable.of(events(), choice, ASCII)
    assert drawn(table, 40)[:3] == ["<@du…", " 12.5", "    9"]
    assert table.layout(40).hidden_before == 1
    assert table.layout(40).column_at(3) == table.columns[2]
    assert table.layout(40).column_at(20) is None
    assert chosen_widths(choice.widths, "@duration", 0) == {}


def test_a_value_that_is_missing_is_drawn_unlike_an_empty_one_and_unlike_a_dash() -> None:
    rows = [(None,), ("",), ("–",)]  # noqa: RUF001
    table = QueryTable.of(answer(("a",), rows), drawing=UTC)
    styles = [[(span.text.strip(), span.style) for span in line if span.text.strip()] for line in table.lines(0, 9, 10)]
    assert styles == [[("–", "unknown")], [], [("–", "")]]  # noqa: RUF001


def test_colours_of_loggers_stay() -> None:
    line = QueryTable.of(events(), drawing=UTC).lines(1, 1, 100)[0]
    assert ("WARN", "sgr:red") in [tuple(span) for span in line]


@pytest.mark.parametrize(
    ("times", "first"),
    [
        (("02:05:00.000", "02:10:00.000"), "2026-11-21 02:05Z"),
        (("02:05:07.000", "02:10:00.000"), "2026-11-21 02:05:07Z"),
        (("02:05:00.000", "02:10:00.001"), "2026-11-21 02:05:00.000Z"),
    ],
)
def test_times_end_where_all_that_follows_is_zero(times: tuple[str, str], first: str) -> None:
    table = QueryTable.of(answer(("bin(5m)",), [(f"2026-11-21 {one}",) for one in times]), drawing=UTC)
    assert line_text(table.lines(0, 1, 40)[0]).strip() == first


def test_times_are_in_the_local_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert QueryTable.of(events(), TableChoice(filter_text="02:53:22"), UTC).row_count == 1
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        table = QueryTable.of(events(), TableChoice(filter_text="08:38:22"))
        assert [line_text(line)[:25] for line in table.lines(0, 9, 60)] == [" 2026-11-21 08:38:22.007 "]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("column", "is_descending", "expected"),
    [
        (None, False, [0, 1, 2, 3]),
        ("gone", True, [0, 1, 2, 3]),
        ("@timestamp", False, [1, 2, 3, 0]),
        ("@timestamp", True, [0, 2, 3, 1]),
        ("@duration", False, [1, 0, 2, 3]),
        ("@duration", True, [2, 0, 1, 3]),
        ("detail", False, [1, 3, 2, 0]),
    ],
)
def test_rows_are_sorted_by_a_column(column: str | None, is_descending: bool, expected: list[int]) -> None:
    assert shown(sort_column=column, is_descending=is_descending) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("  ", [0, 1, 2, 3]),
        ("error", [0]),
        ("ERROR", [0]),
        ("Error", []),
        ("!paid", [0, 1]),
        ('"paid"', [2, 3]),
        ("数据", [1]),
        ("22.007", [0]),
        ("/^pai.$/", [2, 3]),
        ("/(?i)^PAI.$/", [2, 3]),
        ("!/^pai.$/", [0, 1]),
        ("/stock.for/", []),
        ("/", []),
    ],
)
def test_rows_are_filtered_by_any_of_their_cells(text: str, expected: list[int]) -> None:
    assert shown(filter_text=text) == expected


def test_a_filter_never_matches_across_cells() -> None:
    table = QueryTable.of(answer(("a", "b"), [("one", "two")]), TableChoice(filter_text="onetwo"))
    assert table.row_count == 0


def test_what_is_found_is_marked() -> None:
    line = QueryTable.of(events(), TableChoice(filter_text="no stock"), UTC).lines(0, 1, 100)[0]
    assert [span.text for span in line if span.style == "match"] == ["no stock"]


def test_order_and_filter_go_together() -> None:
    table = QueryTable.of(events(), TableChoice("@timestamp", is_descending=True, filter_text="paid"), UTC)
    assert (list(table.places), table.row_count, table.total) == ([2, 3], 2, 4)
    assert (table.row_at(1), table.position_of(3), table.position_of(0)) == (3, 1, None)
    turned = table.changed(table.choice._replace(sort_column="detail", is_descending=False))
    assert list(turned.places) == [3, 2]
    assert list(turned.changed(turned.choice._replace(filter_text="")).places) == [1, 3, 2, 0]
    assert list(table.places) == [2, 3]


def test_an_expression_that_is_none_shows_all_rows_and_says_so() -> None:
    table = QueryTable.of(events(), TableChoice(filter_text="/(/"), UTC)
    assert table.row_count == 4
    assert table.problem is not None
    assert table.problem.startswith("Not a regular expression: ")
    assert len(table.lines(0, 9, 80)) == 4


def ticking(step_s: float) -> Callable[[], float]:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += step_s
        return now

    return clock


def test_an_expression_that_takes_too_long_for_all_rows_is_given_up() -> None:
    rows = answer(("a",), [(str(number),) for number in range(2_000)])
    choice = TableChoice(filter_text="/7$/")
    assert QueryTable.of(rows, choice, UTC, clock=ticking(0.1)).row_count == 200
    late = QueryTable.of(rows, choice, UTC, clock=ticking(1.1))
    assert late.row_count == 2_000
    assert late.problem is not None
    assert "too long for so many rows" in late.problem


def test_a_key_sorts_the_other_way_and_then_not_at_all() -> None:
    table = QueryTable.of(events())
    choices = [TableChoice()]
    for _ in range(3):
        choices.append(sorted_by(choices[-1], table.columns[2]))
    assert [choice[:2] for choice in choices[1:]] == [("@duration", True), ("@duration", False), (None, False)]
    assert sorted_by(TableChoice("@duration", is_descending=True), table.columns[1])[:2] == ("@message", False)


def test_the_heading_says_the_order() -> None:
    table = QueryTable.of(events(), TableChoice("@duration", is_descending=True), UTC)
    assert " ▾@duration " in line_text(table.header(100))
    assert " @message^ " in line_text(QueryTable.of(events(), TableChoice("@message"), ASCII).header(100))


def test_an_answer_without_rows_has_its_header_alone() -> None:
    table = QueryTable.of(answer(("a", "b"), []), drawing=UTC)
    assert drawn(table, 20) == [" a    b"]
    assert drawn(QueryTable.of(answer((), [])), 20) == [""]


def test_a_rows_fields_are_those_of_all_columns() -> None:
    table = QueryTable.of(events(), TableChoice(hidden=frozenset(("detail",))))
    assert table.fields(3) == {
        "@timestamp": "2026-11-21 02:53:21.500",
        "@message": "paid",
        "@duration": None,
        "detail": "[]",
    }


@settings(max_examples=60)
@given(ANSWERS, st.integers(2, 60), st.integers(0, 4), st.sampled_from(["", "a", "/./", "!x"]), st.booleans())
def test_every_line_is_as_wide_as_it_should_be_and_holds_no_control(
    progress: object, width: int, skip: int, text: str, is_ascii: bool
) -> None:
    choice = TableChoice("@a", filter_text=text, skip=skip, widths={"@a": 5})
    table = QueryTable.of(progress, choice, ASCII if is_ascii else UTC)  # type: ignore[arg-type]  # an answer
    for line in (table.header(width), *table.lines(0, 9, width)):
        assert line_width(line) == width
        assert line_text(line).isprintable()
