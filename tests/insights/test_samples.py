"""AWS's sample queries over the known log, against answers worked out by hand."""

import pytest

from lambdatop.insights.log_table import LogTable
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


def test_there_are_enough_samples() -> None:
    assert len(_SAMPLES) > 60
