import csv
import io
import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.render.query_export import (
    EXPORTS,
    csv_pieces,
    json_lines_pieces,
    json_pieces,
    markdown_pieces,
)
from lambdatop.render.query_text_table import table_lines
from lambdatop.render.redaction import redacted
from lambdatop.render.span import line_text, line_width
from tests.render.query_material import ASCII, UTC, events

CELL = st.none() | st.text(max_size=30) | st.sampled_from(["=1+1", "-5", "+x", "@a", "\t", '"', "a,b", "a\r\nb", " x "])
TABLES = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        st.lists(st.text(min_size=1, max_size=8), min_size=count, max_size=count, unique=True),
        st.lists(st.tuples(*[CELL] * count), max_size=8),
    )
)
Table = tuple[list[str], list[tuple[str | None, ...]]]


def csv_rows(pieces: Iterable[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(pieces), newline="")))


def test_csv_tells_an_empty_text_from_none() -> None:
    progress = events()
    assert "".join(csv_pieces(progress.columns, progress.rows)) == (
        "@timestamp,@message,@duration,detail\n"
        '2026-11-21 02:53:22.007,"ERROR no stock\nfor order 7",12.5,\n'
        '2026-11-21 02:53:20.000,\x1b[31mWARN\x1b[0m 数据库 is slow,9,""\n'
        '2026-11-21 02:53:21.500,paid,1.28E8,"{""order"": 7}"\n'
        "2026-11-21 02:53:21.500,paid,,[]\n"
    )


@settings(max_examples=80)
@given(TABLES)
def test_csv_is_read_back_to_the_letter(table: Table) -> None:
    columns, rows = table
    expected = [columns, *([value or "" for value in row] for row in rows)]
    assert csv_rows(csv_pieces(columns, rows)) == expected


@settings(max_examples=80)
@given(TABLES)
def test_json_is_read_back_to_the_letter(table: Table) -> None:
    columns, rows = table
    expected = [dict(zip(columns, row, strict=True)) for row in rows]
    assert json.loads("".join(json_pieces(columns, rows))) == expected
    lines = list(json_lines_pieces(columns, rows))
    assert [json.loads(line) for line in lines] == expected
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)


def test_json_holds_lone_surrogates_as_the_escapes_they_were() -> None:
    assert list(json_lines_pieces(("a",), [("\ud800",)])) == ['{"a":"\\ud800"}\n']


def test_json_has_a_list_where_there_is_no_row() -> None:
    assert "".join(json_pieces(("a",), [])) == "[]\n"


def test_json_names_each_column_and_the_pointer() -> None:
    pieces = json_lines_pieces(("a", "a"), [("1", "2")], pointers=("CmEK",))
    assert list(pieces) == ['{"a":"1","a (2)":"2","@ptr":"CmEK"}\n']


def test_markdown_shows_values_as_they_are_in_one_line() -> None:
    progress = events()
    assert "".join(markdown_pieces(progress.columns, progress.rows)).splitlines() == [
        "| @timestamp | @message | @duration | detail |",
        "| --- | --- | ---: | --- |",
        "| 2026-11-21 02:53:22.007 | ERROR no stock⏎for order 7 | 12.5 |  |",
        r"| 2026-11-21 02:53:20.000 | ␛\[31mWARN␛\[0m 数据库 is slow | 9 |  |",
        r'| 2026-11-21 02:53:21.500 | paid | 1.28E8 | {"order": 7} |'.replace("{", r"\{").replace("}", r"\}"),
        r"| 2026-11-21 02:53:21.500 | paid |  | \[\] |",
    ]


@settings(max_examples=60)
@given(TABLES)
def test_markdown_has_a_line_a_row_and_no_control(table: Table) -> None:
    columns, rows = table
    lines = list(markdown_pieces(columns, rows))
    assert len(lines) == 2 + len(rows)
    for line in lines:
        assert line.removesuffix("\n").isprintable()
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(columns) + 1


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_secret_leaves(name: str) -> None:
    columns = ("@message", "password", "n")
    rows = [('paid by 4242 4242 4242 4242 {"token": "abcd1234efgh"}', "hunter2hunter2", "1"), (None, None, "2")]
    text = "".join(EXPORTS[name](columns, rows, redacted))  # type: ignore[index]
    assert "4242 4242" not in text
    assert "abcd1234efgh" not in text
    assert "hunter2" not in text
    assert "card" in text
    assert "hunter2" in "".join(EXPORTS[name](columns, rows, None))  # type: ignore[index]


def plain(width: int | None, **known: object) -> list[str]:
    progress = events()
    lines = table_lines(progress.columns, progress.rows, width, UTC, **known)  # type: ignore[arg-type]
    return [line_text(line).rstrip() for line in lines]


def test_a_table_in_a_pipe_is_as_wide_as_its_values() -> None:
    assert plain(None) == [
        "@timestamp                @message                    @duration  detail",
        "────────────────────────  ──────────────────────────  ─────────  ────────────",
        "2026-11-21 02:53:22.007Z  ERROR no stock⏎for order 7       12.5  –",  # noqa: RUF001
        "2026-11-21 02:53:20.000Z  WARN 数据库 is slow                 9",
        '2026-11-21 02:53:21.500Z  paid                        128000000  {"order": 7}',
        "2026-11-21 02:53:21.500Z  paid                                –  []",  # noqa: RUF001
    ]


def test_texts_give_way_on_a_terminal_and_then_columns_from_the_right() -> None:
    assert plain(60)[2] == "2026-11-21 02:53:22.007Z  ERROR no s…       12.5  –"  # noqa: RUF001
    assert plain(40) == [
        "@timestamp                @message",
        "────────────────────────  ──────────────",
        "2026-11-21 02:53:22.007Z  ERROR no stoc…",
        "2026-11-21 02:53:20.000Z  WARN 数据库 i…",
        "2026-11-21 02:53:21.500Z  paid",
        "2026-11-21 02:53:21.500Z  paid",
        "not shown, for want of width: @duration…",
    ]


def test_a_table_without_columns_has_no_lines() -> None:
    assert list(table_lines((), [], 80, UTC)) == []


@settings(max_examples=60)
@given(TABLES, st.none() | st.integers(10, 90), st.booleans())
def test_no_line_of_a_table_is_too_wide_or_holds_a_control(table: Table, width: int | None, is_ascii: bool) -> None:
    columns, rows = table
    lines = list(table_lines(columns, rows, width, ASCII if is_ascii else UTC))
    assert len(lines) >= 2 + len(rows)
    for line in lines:
        assert line_text(line).isprintable()
        assert width is None or line_width(line) <= width
    assert len({line_width(line) for line in lines[: 2 + len(rows)]}) == 1
