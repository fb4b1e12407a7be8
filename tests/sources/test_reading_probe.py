"""What the doctor says of how the logs of all functions would be read."""

from typing import Any

import pytest

from lambdatop.model.capability import Capability
from lambdatop.sources.reading_probe import ReadingTerms
from tests.sources.doctor_call import DoctorCall, capability, examination_of, examine, refused


def metrics(bytes_a_minute: float) -> dict[str, Any]:
    """Answer GetMetricData as an account that logs so much."""

    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        (query,) = asked["MetricDataQueries"]
        values = [bytes_a_minute] * 57 if query["MetricStat"]["Metric"]["Namespace"] == "AWS/Logs" else []
        return {"MetricDataResults": [{"Id": query["Id"], "Timestamps": [0.0] * len(values), "Values": values}]}

    return {"GetMetricData": answer}


def many(count: int, bytes_a_minute: float = 50e6) -> dict[str, Any]:
    """Answers of an account with so many functions, the first of which are listed."""
    listed = [{"FunctionName": "checkout"}, *({"FunctionName": f"function-{number}"} for number in range(49))]
    settings = {"AccountLimit": {"ConcurrentExecutions": 1000}, "AccountUsage": {"FunctionCount": count}}
    return {
        "ListFunctions": {"Functions": listed, "NextMarker": "more"},
        "GetAccountSettings": settings,
        **metrics(bytes_a_minute),
    }


def found(answers: dict[str, Any], *patterns: str) -> Capability:
    return capability(examine(DoctorCall(answers), *patterns), "wide logs")


def test_few_log_groups_are_swept_and_that_is_said() -> None:
    one = found({})
    assert one.detail == "2 log groups at 4 visits a second are each seen every 1 s, so they are swept."
    assert (one.state, one.price_usd, one.is_told) == ("works", 0.0, True)


def test_many_log_groups_would_be_counted_at_a_price_worked_out_from_what_was_logged() -> None:
    one = found(many(2_000))
    assert one.detail == (
        "2,000 log groups at 4 visits a second would each be seen every 500 s, so Insights counts them once a minute "
        "for about $0.030 an hour (3 GB an hour, scanned twice)."
    )
    assert one.price_usd == pytest.approx(0.03)
    assert (one.rate_per_s, one.quota_per_s) == (4.0, 10.0)


def test_only_functions_that_are_asked_for_count() -> None:
    assert found(many(2_000), "function-1*").detail.startswith("11 log groups at 4 visits")


def test_a_price_that_is_too_high_says_what_would_allow_it() -> None:
    one = found(many(2_000, 1e9))
    assert "above the $0.25 that is spent unasked" in one.detail
    assert one.remedy is not None
    assert one.price_usd == 0.0


@pytest.mark.parametrize(
    ("terms", "beginning"),
    [
        (ReadingTerms("insights"), "As asked for, Insights counts 2 log groups"),
        (ReadingTerms("sweep"), "As asked for, log groups are swept"),
    ],
)
def test_what_the_user_wants_is_what_would_be_done(terms: ReadingTerms, beginning: str) -> None:
    examination = examination_of(DoctorCall(metrics(50e6)), terms=terms)
    assert capability(examination.run(30, lambda: None), "wide logs").detail.startswith(beginning)


def test_a_limit_on_cost_counts() -> None:
    examination = examination_of(DoctorCall(many(2_000)), terms=ReadingTerms(max_cost_usd_per_hour=0.01))
    assert "above 80% of the limit of $0.010" in capability(examination.run(30, lambda: None), "wide logs").detail


def test_insights_that_was_tried_and_refused_is_not_chosen() -> None:
    call = DoctorCall({**many(2_000), "StartQuery": refused("denied")})
    one = capability(examine(call, with_insights=True), "wide logs")
    assert "Insights would count them once a minute, but: " in one.detail


def test_without_functions_nothing_is_claimed() -> None:
    one = found({"ListFunctions": refused("denied")})
    assert (one.state, one.detail) == ("not tried", "How many log groups there are is not known.")


def test_where_metrics_are_denied_the_price_is_not_known() -> None:
    assert (
        "for a price that its first answers tell" in found({**many(2_000), "GetMetricData": refused("denied")}).detail
    )
