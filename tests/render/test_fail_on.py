import json
import re

import pytest

from lambdatop.render.fail_on import FIELDS, evaluate, parse_condition
from lambdatop.render.report_document import Document, report_document
from tests.render.snapshots import SNAPSHOT


@pytest.fixture
def report() -> Document:
    return report_document(SNAPSHOT)


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("error_rate>1%", 0.01),
        ("error_rate >= 0.5", 0.5),
        (" throttles != 3 ", 3),
        ("duration_p99_ms>1.5s", 1500),
        ("init_duration_max_ms > 250ms", 250),
        ("dead_letter_age_s>5min", 300),
        ("max_memory_used_mb>1GB", 1024),
        ("cost_usd>.5", 0.5),
    ],
)
def test_thresholds_are_in_the_fields_own_unit(text: str, threshold: float) -> None:
    assert parse_condition(text).threshold == pytest.approx(threshold)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not a comparison such as"),
        ("error_rate", "is not a comparison such as"),
        ("error_rate>1% and throttles>0", "is not a comparison such as"),
        ("error_rate>x", "is not a comparison such as"),
        ("eror_rate>1%", "'eror_rate' is not a number of the report; there is error_rate"),
        ("throttles>1%", "throttles has no unit '%'; it takes none"),
        ("error_rate>1ms", "error_rate has no unit 'ms'; it takes %"),
        ("duration_p99_ms>1h", "it takes ms or s or min"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_condition(text)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("error_rate>4%", ["checkout: error_rate is 4.3% (error_rate>4%)"]),
        ("error_rate>5%", []),
        ("dead_letters>=17", ["checkout: dead_letters is 17 (dead_letters>=17)"]),
        ("duration_p99_ms>2s", ["checkout: duration_p99_ms is 3.00 s (duration_p99_ms>2s)"]),
        ("timeout=30", ["checkout: timeout is 30 (timeout=30)"]),
        ("total.throttles>0", ["total: throttles is 7 (total.throttles>0)"]),
        ("total.concurrency_peak>9", ["total: concurrency_peak is 10 (total.concurrency_peak>9)"]),
        ("invocations<2000", ["checkout: invocations is 1002 (invocations<2000)"]),
    ],
)
def test_conditions_are_judged(text: str, matches: list[str], report: Document) -> None:
    assert list(evaluate([parse_condition(text)], report).matches) == matches


def test_what_is_unknown_never_matches_and_is_told(report: Document) -> None:
    verdict = evaluate([parse_condition("error_rate>=0"), parse_condition("total.dead_letters<1")], report)
    assert verdict.matches == ("checkout: error_rate is 4.3% (error_rate>=0)",)
    assert verdict.unknown == (
        "quiet|pipe: error_rate is unknown, so error_rate>=0 was not judged",
        "total: dead_letters is unknown, so total.dead_letters<1 was not judged",
    )


def test_a_function_that_was_not_invoked_has_no_rate_and_that_is_fine(report: Document) -> None:
    report["functions"] = [json.loads(json.dumps(report["functions"][0]))]
    report["functions"][0].update(invocations=0, error_rate=None)
    assert evaluate([parse_condition("error_rate>1%")], report) == ((), ())


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("prefix", ["", "total."])
def test_every_field_can_be_judged(prefix: str, field: str, report: Document) -> None:
    evaluate([parse_condition(f"{prefix}{field}>0")], report)
