from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.insights.discovery import LogRecord, discovered_fields
from lambdatop.insights.log_table import LogTable, QueryRunError
from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError
from tests.insights.small_log import ACCOUNT, MESSAGES, NOW_MS, START_MS, TWO, ask, record, rows_of, table_of


@pytest.fixture(scope="module")
def small() -> Iterator[LogTable]:
    table = table_of(*MESSAGES)
    yield table
    table.close()


def test_a_query_without_fields_answers_time_and_message_newest_first_with_pointers(small: LogTable) -> None:
    result = ask(small, "limit 2")
    assert result.columns == ("@timestamp", "@message")
    assert result.rows == [("2026-11-21 03:00:08.000", MESSAGES[8]), ("2026-11-21 03:00:07.000", MESSAGES[7])]
    assert result.pointers == ["pointer-8", "pointer-7"]


def test_scanned_and_matched_are_counted_as_the_service_counts(small: LogTable) -> None:
    result = ask(small, 'filter @type = "REPORT" | fields @duration | limit 1')
    assert (result.records_matched, result.records_scanned) == (2, 9)
    assert result.bytes_scanned == sum(len(message.encode()) + 26 for message in MESSAGES)


def test_matched_counts_events_before_they_are_grouped(small: LogTable) -> None:
    result = ask(small, "filter ispresent(level) | stats count(*) as n by level | filter n > 100")
    assert (result.rows, result.records_matched) == ([], 3)


def test_both_ends_of_the_range_belong_to_it(small: LogTable) -> None:
    query = parse_query("fields @timestamp")
    result = small.run(query, start_ms=START_MS + 1000, end_ms=START_MS + 3000, now_ms=NOW_MS)
    assert [row[0] for row in result.rows] == [f"2026-11-21 03:00:0{second}.000" for second in (3, 2, 1)]


def test_report_lines_have_their_fields_with_memory_in_bytes() -> None:
    fields = "@duration, @billedDuration, @initDuration, @memorySize, @maxMemoryUsed, @xrayTraceId, @xraySegmentId"
    assert rows_of(f'filter @type = "REPORT" | fields {fields}') == [
        ("20.00", "20", None, "128000000", "65000000", "1-5e61292c-cc1229a4dfbeae1043928548", "07a85e713f6302b2"),
        ("100.50", "320", "219.00", "128000000", "64000000", None, None),
    ]


def test_json_is_flattened_wherever_in_the_message_it_is_first() -> None:
    rows = rows_of("filter ispresent(level) | fields level, amount, user.name, user.tags.1, user, ok, @@kind")
    assert rows == [
        ("WARN", "many", None, None, None, None, None),
        ("ERROR", "2.50", "bob", None, None, "0", "card"),
        ("INFO", "10", "ann", "b", None, "1", None),
    ]


def test_the_same_fields_are_found_with_and_without_the_database(small: LogTable) -> None:
    names = "@requestId, @type, @duration, level, amount, user.name, user.tags.0, ok, @@kind, @log, @logStream, @ptr"
    rows = ask(small, f"fields {names} | sort @timestamp").rows
    for place, (message, row) in enumerate(zip(MESSAGES, rows, strict=True)):
        fields = discovered_fields(record(place, message), ACCOUNT)
        assert row == tuple(fields.get(name) for name in names.split(", "))


def test_the_first_200_values_are_fields() -> None:
    message = "{" + ",".join(f'"f{number}":{number}' for number in range(300)) + "}"
    assert rows_of("fields f199, f200", message) == [("199", None)]


def test_log_groups_can_be_chosen() -> None:
    table = LogTable(ACCOUNT)
    table.append([record(0, "a", group="one"), record(1, "b", group="two"), record(2, "c", group="it's")])
    query = parse_query("stats count(*) by @log")
    for groups, expected in ((["two", "it's"], 2), ([], 0), (None, 3)):
        result = table.run(query, start_ms=START_MS, end_ms=NOW_MS, now_ms=NOW_MS, log_groups=groups)
        assert (len(result.rows), result.records_scanned) == (expected, expected)
    table.close()


def test_estimate_answers_the_bytes_and_scans_nothing(small: LogTable) -> None:
    result = ask(small, "fields @message | filter @message like /error/ | estimate")
    assert result.rows == [(str(sum(len(message.encode()) + 26 for message in MESSAGES)),)]
    assert (result.bytes_scanned, result.records_scanned) == (0, 0)


def test_the_smaller_limit_counts(small: LogTable) -> None:
    assert len(ask(small, "limit 5", limit=3).rows) == 3
    assert len(ask(small, "limit 3", limit=5).rows) == 3
    assert len(ask(small, "fields @ptr").rows) == len(MESSAGES)


def test_a_limit_works_where_it_stands() -> None:
    assert rows_of('limit 3 | filter @message like "REPORT" | fields @requestId') == [(TWO,)]


def test_a_bad_regular_expression_is_an_error_with_its_place(small: LogTable) -> None:
    text = "filter @message like /fine/ | filter @message like /(?=ahead)/"
    with pytest.raises(QuerySyntaxError, match="RE2") as raised:
        ask(small, text)
    assert text[slice(*raised.value.span)] == "/(?=ahead)/"


def test_a_query_that_takes_too_long_is_interrupted_and_the_next_one_runs() -> None:
    table = table_of(*(f'{{"a":{number}}}' for number in range(3000)))
    slow = parse_query(r"fields " + ", ".join(f"regexReplace(@message, '({n}|.)*?x*', 'y')" for n in range(40)))
    with pytest.raises(QueryRunError, match="took longer"):
        table.run(slow, start_ms=START_MS, end_ms=NOW_MS, now_ms=NOW_MS, timeout_s=0.001)
    assert ask(table, "stats count(*)").rows == [("3000",)]
    table.close()


def test_a_query_is_stopped_from_another_thread() -> None:
    table = table_of(*(f'{{"a":{number}}}' for number in range(3000)))
    slow = "fields " + ", ".join(f"regexReplace(@message, '({n}|.)*?x*', 'y')" for n in range(150))
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(ask, table, slow)
        while not running.done():
            table.stop()
        with pytest.raises(QueryRunError, match="stopped"):
            running.result()
    assert ask(table, "stats count(*)").rows == [("3000",)]
    table.close()


def test_a_query_that_needs_too_much_memory_says_so() -> None:
    table = LogTable(ACCOUNT, memory_limit_mb=40)
    table.append(record(number, f"{number} " + "x" * 100) for number in range(60_000))
    with pytest.raises(QueryRunError, match="memory"):
        ask(table, "stats values(@message), count_distinct(concat(@message, @message)) by @ptr")
    table.close()


INJECTIONS = (
    "x'; DROP TABLE events; --",
    'x" OR 1=1 --',
    "'||(SELECT 'y')||'",
    "\\'; SELECT 1; --",
    "a b\tc\n",
    "/*",
    "$1",
    "?",
    "é\U0001f600\x00z",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_nothing_that_a_query_says_is_taken_for_sql(text: str) -> None:
    table = table_of(*MESSAGES[:2], text)
    name = text.replace("`", "").replace("\n", " ")
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    result = ask(table, f"fields @message = {quoted} as `{name}`, `{name}.x`, {quoted} as t | filter `{name}`")
    assert (result.rows, result.columns[0]) == ([("1", None, text)], name)
    assert ask(table, f"filter @message like {quoted} | stats count(*) as `{name}` by @log").rows[0][1] == "1"
    assert ask(table, f"filter {quoted} in [{quoted}] | stats count(*)").rows == [("3",)]
    assert ask(table, "stats count(*)").rows == [("3",)]
    table.close()


@settings(max_examples=100, deadline=None)
@given(text=st.text())
def test_any_text_passes_through_a_query_unchanged(small: LogTable, text: str) -> None:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert ask(small, f"fields {quoted} as t | limit 1").rows == [(text,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY events TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "SET lock_configuration = false",
    ],
)
def test_the_database_can_reach_nothing_outside_whatever_it_is_told(small: LogTable, statement: str) -> None:
    import duckdb

    with pytest.raises(duckdb.Error):
        small._connection.execute(statement)


def test_texts_that_are_no_unicode_are_loaded_all_the_same() -> None:
    table = LogTable(ACCOUNT)
    table.append([LogRecord(START_MS, START_MS, "s", "g", "half \ud800 pair", "p")])
    assert ask(table, "fields @message").rows == [("half ? pair",)]
    table.close()
