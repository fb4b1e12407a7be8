"""The table of events in DuckDB, and how events get into it: in bulk, and without a look at each in Python.

What is costly to find is found once: which line of Lambda an event is, and whether it is JSON that DuckDB reads as Logs
Insights would. An event whose JSON is neither its whole message nor its end, or that DuckDB would read otherwise (names
with dots, numbers that it would write in another way, more than 200 values), gets its fields flattened by
`discovery.py`.
"""

import json
from collections.abc import Iterable
from itertools import islice

import duckdb

from lambdatop.insights.discovery import MOST_FIELDS, LogRecord, flat_json, sound_text
from lambdatop.insights.sql_value import text_literal

_BATCH = 100_000

TABLES = (
    """CREATE TABLE events (e_time BIGINT, e_ingested BIGINT, e_stream VARCHAR, e_group VARCHAR, e_message VARCHAR,
        e_pointer VARCHAR, e_place BIGINT, e_bytes INTEGER, e_type VARCHAR, e_json TINYINT, e_fragment VARCHAR)""",
    """CREATE TABLE arrived (a_time BIGINT, a_ingested BIGINT, a_stream VARCHAR, a_group VARCHAR, a_message VARCHAR,
        a_pointer VARCHAR)""",
    "CREATE TABLE flattened (f_place BIGINT, f_fragment VARCHAR)",
    "CREATE SEQUENCE places START 0 MINVALUE 0",
)

_EVENT_OVERHEAD_BYTES = 26
"""What CloudWatch Logs counts for each event beside its message."""

_ID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_AFTER = r"[:\[,][ \t\r\n]*"
_READ_OTHERWISE = "|".join(
    (
        r'"[^"]*\.[^"]*"[ \t\r\n]*:',  # a name with a dot
        _AFTER + r"-?[0-9]+\.[0-9]+0[ \t\r\n]*[,}\]]",  # 1.50
        _AFTER + r"-?[0-9.]+[eE]",  # 1e3
        _AFTER + r"-?[0-9]*\.[0-9]{17}",  # more digits than a double keeps
        _AFTER + r"-?[0-9]{16,}\.",
        _AFTER + r"-?0\.00000",
        _AFTER + r"-0[ \t\r\n,}\].]",
        _AFTER + r"-?(?i:nan|inf)",
        r",[ \t\r\n]*[}\]]",  # a comma too many
        r"\\u[dD][89a-fA-F]",  # half a pair of surrogates, perhaps
    )
)

_ARRIVED = f"""
    SELECT *, CASE
        WHEN NOT contains(a_message, '{{') THEN 0
        WHEN json_valid(tail) THEN CASE
            WHEN regexp_matches(tail, {text_literal(_READ_OTHERWISE)})
                OR length(tail) - length(replace(tail, ',', '')) >= {MOST_FIELDS - 1} THEN 3
            WHEN length(tail) = length(a_message) THEN 1 ELSE 2 END
        ELSE 3 END AS json
    FROM (SELECT *, CASE WHEN contains(a_message, '{{') THEN a_message[strpos(a_message, '{{'):] END AS tail,
        nextval('places') AS place FROM arrived)"""

_TYPE = f"""CASE WHEN regexp_matches(a_message, '^(?:START|END|REPORT) RequestId: {_ID}')
    THEN CASE a_message[1] WHEN 'S' THEN 'START' WHEN 'E' THEN 'END' ELSE 'REPORT' END END"""

_INSERT = f"""INSERT INTO events SELECT a_time, a_ingested, a_stream, a_group, a_message, a_pointer, place,
    strlen(a_message) + {_EVENT_OVERHEAD_BYTES}, {_TYPE},
    CASE WHEN json < 3 THEN json WHEN f_fragment IS NULL THEN 0 ELSE 2 END,
    CASE json WHEN 2 THEN tail WHEN 3 THEN f_fragment END
    FROM judged LEFT JOIN flattened ON place = f_place"""


def load(connection: duckdb.DuckDBPyConnection, records: Iterable[LogRecord]) -> None:
    """Put events into the table."""
    waiting = iter(records)
    while batch := list(islice(waiting, _BATCH)):
        _load_batch(connection, batch)


def _load_batch(connection: duckdb.DuckDBPyConnection, batch: list[LogRecord]) -> None:
    appender = connection.appender("arrived")
    try:
        appender.append_rows(batch)
    except duckdb.InvalidInputException:  # a text that cannot be UTF-8
        appender.clear()
        appender.append_rows([_sound(record) for record in batch])
    appender.flush()
    connection.execute(f"CREATE TEMP TABLE judged AS {_ARRIVED}")
    odd = connection.execute("SELECT place, a_message FROM judged WHERE json = 3").fetchall()
    if odd:
        _flatten(connection, odd)
    connection.execute(_INSERT)
    connection.execute("DROP TABLE judged")
    connection.execute("TRUNCATE arrived")
    connection.execute("TRUNCATE flattened")


def _flatten(connection: duckdb.DuckDBPyConnection, odd: list[tuple[int, str]]) -> None:
    """Write the fields of these messages as JSON objects of one level, whose values are all texts."""
    appender = connection.appender("flattened")
    for place, message in odd:
        fields = flat_json(message)
        if fields:
            appender.append_row(place, json.dumps(fields, ensure_ascii=False))
    appender.flush()


def _sound(record: LogRecord) -> LogRecord:
    """A record whose texts can be UTF-8."""
    return LogRecord(record.timestamp_ms, record.ingestion_ms, *map(sound_text, record[2:]))
