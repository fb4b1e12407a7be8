"""AWS's sample queries over the known log, against answers worked out by hand."""

import pytest

from lambdatop.insights.log_table import LogRecord, LogTable
from lambdatop.insights.parser import parse_query
from tests.insights import known_log
from tests.insights.reference import evaluate
from tests.insights.samples_commands import COMMAND_SAMPLES
from tests.insights.samples_general import GENERAL_SAMPLES
from tests.insights.samples_lambda import LAMBDA_SAMPLES, Sample

_SAMPLES = [pytest.param(sample, id=sample.name) for sample in (*LAMBDA_SAMPLES, *GENERAL_SAMPLES, *COMMAND_SAMPLES)]


@pytest.mark.parametrize("sample", _SAMPLES)
def test_a_sample_query_has_the_answer_worked_out_by_hand(sample: Sample) -> None:
    table = LogTable(known_log.ACCOUNT_ID)
    table.append(known_log.records(*sample.groups))
    result = table.run(
        parse_query(sample.query),
        start_ms=known_log.START_MS,
        end_ms=known_log.END_MS,
        now_ms=known_log.NOW_MS,
    )
    table.close()
    assert (tuple(result.columns), list(result.rows)) == (sample.columns, sample.rows)


@pytest.mark.parametrize("sample", _SAMPLES)
def test_the_reference_has_the_answer_worked_out_by_hand(sample: Sample) -> None:
    columns, rows, _ = evaluate(
        parse_query(sample.query),
        known_log.records(*sample.groups),
        known_log.START_MS,
        known_log.END_MS,
        known_log.NOW_MS,
        None,
        known_log.ACCOUNT_ID,
    )
    assert (tuple(columns), rows) == (sample.columns, sample.rows)


_DOCUMENTED_ORDER = [
    "!:",
    "#",
    "*%04",
    "0#",
    "5A",
    "111A",
    "2345_",
    "@",
    "@_",
    "A",
    "A9876fghj",
    "a12345hfh",
    "0",
    "01",
    "1",
    "2",
    "3",
]
"""The example of the page of `sort`."""


@pytest.mark.parametrize(("word", "expected"), [("asc", _DOCUMENTED_ORDER), ("desc", _DOCUMENTED_ORDER[::-1])])
def test_texts_are_sorted_as_the_page_of_sort_shows(word: str, expected: list[str]) -> None:
    texts = sorted(_DOCUMENTED_ORDER)  # of equal numbers, 01 and 1, the one that was loaded first comes first
    table = LogTable(known_log.ACCOUNT_ID)
    table.append(
        LogRecord(known_log.START_MS + place, 0, "stream", "group", text, "") for place, text in enumerate(texts)
    )
    query = parse_query(f"fields @message | sort @message {word}")
    result = table.run(query, start_ms=known_log.START_MS, end_ms=known_log.END_MS, now_ms=known_log.NOW_MS)
    table.close()
    assert [row[0] for row in result.rows] == expected


def test_there_are_enough_samples() -> None:
    assert len(_SAMPLES) > 60
