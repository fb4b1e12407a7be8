"""Random queries over random logs: DuckDB's answer against that of the plain reference.

`DIFFERENTIAL_EXAMPLES=5000 python -m pytest --hypothesis-seed=random tests/insights/test_differential.py` tries more.
"""

import math
import os
from collections.abc import Sequence
from functools import cache
from random import Random

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from lambdatop.insights.log_table import LogRecord, LogTable
from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError
from tests.insights import known_log
from tests.insights.random_expressions import KNOWN_FIELDS, Scope, condition, scalar
from tests.insights.random_logs import ODD_NUMBERS, ODD_TEXTS, random_log
from tests.insights.random_queries import random_query
from tests.insights.reference import evaluate
from tests.insights.reference_expressions import UnknownNameError

EXAMPLES = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "80"))
_END_MS = known_log.START_MS + 2 * 86_400_000
_chance = st.randoms(use_true_random=True)
"""Hypothesis chooses the seed alone: queries differ more from one another than if it chose each of their parts."""
_checked = settings(
    max_examples=EXAMPLES,
    deadline=None,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Answer = tuple[Sequence[str], Sequence[tuple[str | None, ...]], Sequence[str | None]] | str


def table_of(records: Sequence[LogRecord]) -> LogTable:
    """A table with these events."""
    table = LogTable(known_log.ACCOUNT_ID)
    table.append(records)
    return table


def answer_of_duckdb(text: str, table: LogTable, limit: int | None = None) -> Answer:
    """What LogTable answers; an error is a word."""
    query = parse_query(text)
    try:
        result = table.run(query, start_ms=known_log.START_MS, end_ms=_END_MS, limit=limit, now_ms=known_log.NOW_MS)
    except QuerySyntaxError:
        return "error"
    rows = [tuple(row) for row in result.rows]
    pointers: list[str | None] = [None] * len(rows) if result.pointers is None else [*result.pointers]
    return list(result.columns), rows, pointers


def answer_of_reference(text: str, records: Sequence[LogRecord], limit: int | None = None) -> Answer:
    """What the reference answers; an error is a word."""
    try:
        return evaluate(
            parse_query(text), records, known_log.START_MS, _END_MS, known_log.NOW_MS, limit, known_log.ACCOUNT_ID
        )
    except UnknownNameError:
        return "error"


def is_same_cell(one: str | None, other: str | None) -> bool:
    """Whether two cells say the same, numbers to the ninth digit."""
    if one == other or one is None or other is None:
        return one == other
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def assert_same(text: str, one: Answer, other: Answer) -> None:
    """The same columns, and the same rows in the same order."""
    note(text)
    note(f"DuckDB:    {one}")
    note(f"reference: {other}")
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert one[0] == other[0]
    assert one[2] == other[2]
    assert len(one[1]) == len(other[1])
    for row, expected in zip(one[1], other[1], strict=True):
        assert all(map(is_same_cell, row, expected)), (row, expected)


def odd_log() -> list[LogRecord]:
    """An event for every odd value, and one for every number, beside another each."""
    values = (
        [quoted_json(text) for text in ODD_TEXTS] + list(ODD_NUMBERS) + ["true", "false", "null", "[1,2]", '{"k":1}']
    )
    return [
        LogRecord(
            known_log.START_MS + number, known_log.START_MS, "s", "g",
            f'{{"a":{value},"b":{values[number * 7 % len(values)]},"n":{number},"obj":{{"k":{value}}}}}', f"p{number}",
        )
        for number, value in enumerate(values)
    ]  # fmt: skip


def quoted_json(text: str) -> str:
    """A text as JSON."""
    return '"' + "".join(f"\\u{ord(c):04x}" if c in '"\\' or ord(c) < 32 else c for c in text) + '"'


def random_expressions(rng: Random) -> str:
    """A query that computes a few values for every event."""
    scope = Scope()
    columns = [scalar(rng, scope, 3) for _ in range(3)] + [condition(rng, scope, 3)]
    return "fields a, b | fields " + ", ".join(f"{column} as v{number}" for number, column in enumerate(columns))


@cache
def known_table() -> LogTable:
    """The known log, loaded once."""
    return table_of(known_log.records())


@cache
def odd_table() -> LogTable:
    """The odd values, loaded once."""
    return table_of(odd_log())


@_checked
@given(rng=_chance)
def test_random_queries_over_a_random_log_have_the_answers_of_the_reference(rng: Random) -> None:
    records = random_log(rng)
    table = table_of(records)
    note(f"{records}")
    try:
        for _ in range(4):
            text = random_query(rng)
            assert_same(text, answer_of_duckdb(text, table), answer_of_reference(text, records))
    finally:
        table.close()


@_checked
@given(rng=_chance)
def test_random_queries_over_odd_values_have_the_answers_of_the_reference(rng: Random) -> None:
    for text in (random_query(rng), random_expressions(rng)):
        assert_same(text, answer_of_duckdb(text, odd_table()), answer_of_reference(text, odd_log()))


@_checked
@given(rng=_chance)
def test_random_queries_over_the_known_log_have_the_answers_of_the_reference(rng: Random) -> None:
    text = random_query(rng, KNOWN_FIELDS)
    assert_same(text, answer_of_duckdb(text, known_table(), 50), answer_of_reference(text, known_log.records(), 50))
