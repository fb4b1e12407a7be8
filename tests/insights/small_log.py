"""A small log that fits on a page, and a way to ask it."""

from lambdatop.insights.discovery import LogRecord
from lambdatop.insights.log_table import LogTable, QueryResult
from lambdatop.insights.parser import parse_query

ACCOUNT = "123456789012"
START_MS = 1_795_230_000_000
"""2026-11-21 03:00:00 UTC."""
NOW_MS = START_MS + 3_600_000
ONE = "11111111-2222-3333-4444-555555555501"
TWO = "11111111-2222-3333-4444-555555555502"

MESSAGES = (
    f"START RequestId: {ONE} Version: $LATEST\n",
    f"2026-11-21T03:00:01.000Z\t{ONE}\tINFO\tuser=ann, id=7 paid",
    '{"level":"INFO","amount":10,"user":{"name":"ann","tags":["a","b"]},"ok":true}',
    f"END RequestId: {ONE}\n",
    (
        f"REPORT RequestId: {ONE}\tDuration: 100.50 ms\tBilled Duration: 320 ms\tMemory Size: 128 MB"
        "\tMax Memory Used: 64 MB\tInit Duration: 219.00 ms\t\n"
    ),
    f"START RequestId: {TWO} Version: 7\n",
    '{"level":"ERROR","amount":2.50,"user":{"name":"bob","tags":[]},"ok":false,"@kind":"card"}',
    'late {"level":"WARN","amount":"many"} words',
    (
        f"REPORT RequestId: {TWO}\tDuration: 20.00 ms\tBilled Duration: 20 ms\tMemory Size: 128 MB"
        "\tMax Memory Used: 65 MB\t\n"
        "XRAY TraceId: 1-5e61292c-cc1229a4dfbeae1043928548\tSegmentId: 07a85e713f6302b2\tSampled: true\t\n"
    ),
)


def record(
    place: int, message: str, group: str = "/aws/lambda/pay", stream: str = "2026/11/21/[$LATEST]aa"
) -> LogRecord:
    """An event a second after the one before it."""
    moment = START_MS + place * 1000
    return LogRecord(moment, moment + 250, stream, group, message, f"pointer-{place}")


def table_of(*messages: str) -> LogTable:
    """A table that holds these messages."""
    table = LogTable(ACCOUNT)
    table.append(record(place, message) for place, message in enumerate(messages))
    return table


def ask(table: LogTable, text: str, limit: int | None = None) -> QueryResult:
    """Run a query over the whole log."""
    return table.run(parse_query(text), start_ms=START_MS, end_ms=NOW_MS, now_ms=NOW_MS, limit=limit)


def rows_of(text: str, *messages: str) -> list[tuple[str | None, ...]]:
    """The rows that a query has over these messages, or over the small log."""
    table = table_of(*(messages or MESSAGES))
    try:
        return ask(table, text).rows
    finally:
        table.close()
