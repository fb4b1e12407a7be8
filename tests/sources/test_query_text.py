"""What is read out of a query's text without a grammar, and what its answers' rows and estimates are."""

import pytest

from lambdatop.sources.query_estimate import estimated_bytes
from lambdatop.sources.query_rows import QueryRows
from lambdatop.sources.query_text import limit_of, names_source, with_estimate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SOURCE logGroups()", True),
        ("  # SOURCE of truth\n\n\t# more\nsource logGroups()", True),
        ("SOURCELESS", False),
        ("fields a # SOURCE", False),
        ("# SOURCE", False),
        ("", False),
    ],
)
def test_a_query_names_its_source_only_at_its_beginning(text: str, expected: bool) -> None:
    assert names_source(text) is expected


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("limit 7", 7),
        ("fields a | sort a | LIMIT 20", 20),
        ("fields a\n|\n  limit any 30", 30),
        ("fields a | head 5", 5),
        ("fields a | tail 6", 6),
        ("fields a | limit 5 | limit 6", 6),
        ("fields a | limit 5 # | limit 6", 5),
        ("filter a = '| limit 6'", None),
        ('filter a = "say \\"| limit 6\\""', None),
        ("filter a like /x\\/| limit 6/", None),
        ("filter a =~/| limit 6/ | limit 4", 4),
        ("parse @message /| limit 6 (?<b>.)/ | limit 3", 3),
        ("fields a / b | limit 9 | fields c / d", 9),
        ("fields `| limit 6`", None),
        ("filter a in (SOURCE x | fields (b) | limit 6)", None),
        ("join type=left left=a (SOURCE x | limit 6) | limit 2", 2),
        ("fields limit, delimit | filter limit = 3", None),
        ("", None),
    ],
)
def test_the_limit_is_the_last_one_outside_of_strings_comments_patterns_and_subqueries(
    text: str, limit: int | None
) -> None:
    assert limit_of(text) == limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fields a  \n", "fields a\n| estimate"),
        ("fields a # b", "fields a # b\n| estimate"),
        ("", "fields @timestamp\n| estimate"),
        ("# nothing but this", "fields @timestamp\n| estimate"),
    ],
)
def test_an_estimate_is_the_last_command_of_a_query(text: str, expected: str) -> None:
    assert with_estimate(text) == expected


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        ([{"estimatedBytesScanned": "1024"}], 1024.0),
        ([{"bytes": "1.5e9", "records": "77"}], 1.5e9),
        ([{"answer": "2,048 bytes"}], 2048.0),
        ([{"answer": "1.5 MiB", "unit": "bytes"}], 1.5 * 1024**2),
        ([{"@ptr": "77", "size": "3 KB"}], 3000.0),
        ([{"@ptr": "77"}], None),
        ([{"a": "1", "b": "2"}], None),
        ([{"a": "1"}, {"a": "1"}], None),
        ([{"a": "2026-11-21 03:00:00.000"}], None),
        ([{"a": "-5"}], None),
        ([], None),
    ],
)
def test_an_estimate_is_a_rows_number_of_bytes(rows: list[dict[str, str]], size: float | None) -> None:
    assert estimated_bytes(rows) == size


def test_columns_that_come_later_go_where_their_rows_have_them_and_earlier_rows_lack_them() -> None:
    table = QueryRows()
    table.add([{"a": "1", "c": "3", "@ptr": "p"}])
    table.add([{"a": "4", "b": "5", "c": "6", "@ptr": "q"}, {"z": "0", "a": "7", "@ptr": "r"}, {"@ptr": "s"}])
    assert table.columns == ("z", "a", "b", "c")
    assert table.rows == [
        (None, "1", None, "3"),
        (None, "4", "5", "6"),
        ("0", "7", None, None),
        (None, None, None, None),
    ]
    assert table.pointers == ["p", "q", "r", "s"]


def test_rows_of_which_not_all_have_a_pointer_have_none() -> None:
    table = QueryRows()
    table.add([{"a": "1", "@ptr": "p"}, {"a": "2"}])
    table.add([{"a": "1", "@ptr": "p"}])
    assert (len(table.rows), table.pointers) == (3, [])
