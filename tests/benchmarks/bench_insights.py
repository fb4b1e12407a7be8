"""Logs Insights queries over a million events, beside DuckDB's own time on the same values in typed columns.

python -m tests.benchmarks.bench_insights [--events 1000000] [--threads 1] [--rounds 3]

The prepared table is what a person would make who knew the questions: one typed column for each field that is asked
for. A ratio says what it costs that a log is text. In the first question nothing is looked into. Times are of the
processor, so that neighbours on the machine matter less; the best of some rounds counts.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from functools import partial

import duckdb

from lambdatop.insights.discovery import LogRecord, discovered_fields
from lambdatop.insights.log_table import LogTable, QueryResult
from lambdatop.insights.parser import parse_query

_START_MS = 1_795_230_000_000
_ACCOUNT = "123456789012"
_BY_BIN = "SELECT time - time % 300000"
_REPORTS = "FROM prepared WHERE type = 'REPORT'"

QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("count by bin", "stats count(*) by bin(5m)", f"{_BY_BIN}, count(*) FROM prepared GROUP BY 1"),
    (
        "REPORT percentiles by bin",
        'filter @type = "REPORT" | stats avg(@duration), max(@duration), pct(@duration, 95) by bin(5m)',
        f"{_BY_BIN}, avg(duration), max(duration), quantile_disc(duration, 0.95) {_REPORTS} GROUP BY 1",
    ),
    (
        "over-provisioned memory",
        """filter @type = "REPORT" | stats max(@memorySize/1000/1000) as size, max(@maxMemoryUsed/1000/1000) as used,
        size - used as over by @log""",
        f"""SELECT grp, max(memory/1000/1000) AS size, max(used/1000/1000) AS used, max(memory/1000/1000)
        - max(used/1000/1000) {_REPORTS} GROUP BY 1""",
    ),
    (
        "cold starts by bin",
        'filter @type = "REPORT" | stats count(*) as n, sum(ispresent(@initDuration)) as cold, cold/n by bin(5m)',
        f"{_BY_BIN}, count(*), count(init), count(init) / count(*) {_REPORTS} GROUP BY 1",
    ),
    (
        "count by a JSON field",
        "filter ispresent(level) | stats count(*) as n by level | sort n desc",
        "SELECT level, count(*) AS n FROM prepared WHERE level IS NOT NULL GROUP BY 1 ORDER BY n DESC",
    ),
    (
        "average of a JSON field",
        "filter status >= 500 | stats count(*), avg(latency.ms) by level",
        "SELECT level, count(*), avg(latency) FROM prepared WHERE status >= 500 GROUP BY 1",
    ),
    (
        "like a regular expression",
        "filter @message like /(?i)timed out|exception/ | stats count(*) by bin(5m)",
        f"{_BY_BIN}, count(*) FROM prepared WHERE regexp_matches(message, '(?i)timed out|exception') GROUP BY 1",
    ),
    (
        "newest 100 errors",
        "filter level = 'ERROR' | fields @timestamp, @message | limit 100",
        "SELECT time, message FROM prepared WHERE level = 'ERROR' ORDER BY time DESC LIMIT 100",
    ),
    (
        "default query, 10,000 rows",
        "fields @timestamp, @message",
        "SELECT time, message FROM prepared ORDER BY time DESC LIMIT 10000",
    ),
    (
        "slowest requests",
        'filter @type = "REPORT" | fields @requestId, @duration | sort @duration desc | limit 20',
        f"SELECT message[19:54], duration {_REPORTS} ORDER BY duration DESC LIMIT 20",
    ),
    (
        "parse a glob, count by it",
        "parse @message 'user=*, order=*' as user, order | stats count(*) by user",
        "SELECT regexp_extract(message, 'user=(.*?), order=(.*)', 1), count(*) FROM prepared GROUP BY 1",
    ),
)


def records(count: int, seed: int = 1) -> Iterator[LogRecord]:
    """A busy hour: invocations with platform lines, a line of text and two of JSON each."""
    chance = random.Random(seed)
    for number in range(count):
        at = _START_MS + number * 3_600_000 // count
        request = f"{number // 6:08x}-2222-3333-4444-555555555501"
        group = f"/aws/lambda/function-{number // 6 % 20}"
        message = _MESSAGES[number % 6](request, chance)
        yield LogRecord(at, at + 300, f"2026/11/21/[$LATEST]{number // 6 % 97:032x}", group, message, f"{number:056d}")


def _report(request: str, chance: random.Random) -> str:
    duration = chance.lognormvariate(4, 1)
    init = f"\tInit Duration: {chance.uniform(100, 900):.2f} ms" if chance.random() < 0.03 else ""
    return (
        f"REPORT RequestId: {request}\tDuration: {duration:.2f} ms\tBilled Duration: {int(duration) + 1} ms\t"
        f"Memory Size: 512 MB\tMax Memory Used: {chance.randint(60, 400)} MB{init}\t\n"
    )


def _json_line(request: str, chance: random.Random) -> str:
    is_bad = chance.random() < 0.02
    return json.dumps(
        {
            "timestamp": "2026-11-21T03:00:00.000Z",
            "level": "ERROR" if is_bad else chance.choice(["INFO", "INFO", "INFO", "DEBUG", "WARN"]),
            "message": "upstream timed out" if is_bad else "order handled",
            "requestId": request,
            "status": 502 if is_bad else 200,
            "latency": {"ms": chance.randint(1, 900), "parts": [1, 2, 3]},
            "customer": {"id": chance.randint(1, 10**6), "tier": "gold"},
        }
    )


_MESSAGES: tuple[Callable[[str, random.Random], str], ...] = (
    lambda request, _: f"START RequestId: {request} Version: $LATEST\n",
    lambda request, chance: (
        f"2026-11-21T03:00:00.000Z\t{request}\tINFO\tuser=u{chance.randint(1, 50)}, order={request}"
    ),
    _json_line,
    _json_line,
    lambda request, _: f"END RequestId: {request}\n",
    _report,
)


def prepared(events: list[LogRecord], threads: int) -> duckdb.DuckDBPyConnection:
    """The table of a person who knew the questions."""
    connection = duckdb.connect(":memory:", config={"threads": threads})
    connection.execute(
        "CREATE TABLE prepared (time BIGINT, grp VARCHAR, message VARCHAR, type VARCHAR, level VARCHAR, status DOUBLE,"
        " latency DOUBLE, duration DOUBLE, init DOUBLE, memory DOUBLE, used DOUBLE)"
    )
    names = ("@type", "level", "status", "latency.ms", "@duration", "@initDuration", "@memorySize", "@maxMemoryUsed")
    appender = connection.appender("prepared")
    for event in events:
        fields = discovered_fields(event, _ACCOUNT)
        found = [fields.get(name) for name in names]
        numbers = [None if text is None else float(text) for text in found[2:]]
        appender.append_row(event.timestamp_ms, event.log_group, event.message, *found[:2], *numbers)
    appender.flush()
    return connection


def best_of(rounds: int, run: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def asked(table: LogTable, text: str) -> QueryResult:
    """A query over the hour."""
    return table.run(parse_query(text), start_ms=_START_MS, end_ms=_START_MS + 3_600_000, now_ms=_START_MS)


def answered(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """The rows of the prepared table."""
    return connection.execute(sql).fetchall()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    events = list(records(options.events))
    size = sum(len(event.message) for event in events)
    table = LogTable(_ACCOUNT, memory_limit_mb=4096, threads=options.threads)
    started, began = time.perf_counter(), time.process_time()
    table.append(events)
    loading, work = time.perf_counter() - started, time.process_time() - began
    print(f"{len(events):,} events, {size / 1e6:,.0f} MB: loaded in {loading:.2f} s, {work:.2f} s of the processor")
    own = prepared(events, options.threads)
    print("| question | rows | Logs Insights | prepared | ratio |\n|---|---|---|---|---|")
    for title, text, sql in QUESTIONS:
        result = asked(table, text)
        mine = best_of(options.rounds, partial(asked, table, text))
        theirs = best_of(options.rounds, partial(answered, own, sql))
        same = len(answered(own, sql))
        assert len(result.rows) == same, (title, len(result.rows), same)
        cells = (title, f"{same:,}", f"{mine * 1000:,.0f} ms", f"{theirs * 1000:,.0f} ms", f"{mine / theirs:.1f}")
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
