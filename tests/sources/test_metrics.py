"""Which metrics are asked, over which minutes, and what is made of incomplete answers."""

from typing import Any

import pytest

from lambdatop.model.delivery import MetricsDelivered, MetricSeries
from lambdatop.model.lambda_function import EventSourceMapping
from lambdatop.model.view import View
from lambdatop.sources.metrics import Metrics
from tests.sources.fake_call import FakeCall, SteadyRandom, key, only, refused, watch_of

MINUTE_MS = 60_000
NOW_MS = 1_795_000_050_000
UNTIL_MS = NOW_MS - NOW_MS % MINUTE_MS + MINUTE_MS
SINCE_MS = NOW_MS - 15 * MINUTE_MS


def answering(values: dict[str, float] | None = None, status: str = "Complete", **odd: str) -> Any:  # noqa: ANN401
    """GetMetricData that gives each named metric one point in the newest minute."""

    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
        results = []
        for query in asked["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]["MetricName"]
            value = (values or {}).get(metric)
            known = [] if value is None else [value]
            times = [asked["EndTime"].timestamp() - 60][: len(known)]
            code = odd.get(metric, status)
            results.append({"Id": query["Id"], "Timestamps": times, "Values": known, "StatusCode": code})
        return {"MetricDataResults": results}

    return answer


def metrics_of(fake: FakeCall, *names: str, until_ms: int | None = None, since_ms: int = SINCE_MS) -> Any:  # noqa: ANN401
    watch = watch_of(*names)
    return Metrics(fake.call, watch, SteadyRandom(), since_ms, until_ms), watch


def polled(metrics: Metrics, now_ms: int = NOW_MS) -> list[MetricSeries]:
    return [series for one in only(metrics.poll(now_ms), MetricsDelivered) for series in one.series]


def queries(fake: FakeCall) -> list[tuple[str, str | None]]:
    """Metric and function of everything asked."""
    found = []
    for asked in fake.asked["GetMetricData"]:
        for query in asked["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            found.append((metric["MetricName"], next((one["Value"] for one in metric["Dimensions"]), None)))
    return found


def test_a_quiet_account_pays_for_five_metrics() -> None:
    fake = FakeCall({"GetMetricData": answering()})
    metrics, _ = metrics_of(fake, *(f"f{number}" for number in range(2_000)))
    series = polled(metrics)
    assert len(queries(fake)) == 5
    assert {(one.metric, one.function) for one in series} >= {("Throttles", None), ("ConcurrentExecutions", None)}


def test_minutes_asked_are_whole_and_reach_from_since_to_the_running_one() -> None:
    fake = FakeCall({"GetMetricData": answering({"Invocations": 7.0})})
    metrics, _ = metrics_of(fake, "orders")
    series = next(one for one in polled(metrics) if one.metric == "Invocations")
    assert (series.asked_from_ms, series.asked_until_ms) == (SINCE_MS - SINCE_MS % MINUTE_MS, UNTIL_MS)
    assert series.points == {UNTIL_MS - MINUTE_MS: 7.0}


def test_later_the_last_five_minutes_are_asked_again() -> None:
    fake = FakeCall({"GetMetricData": answering()})
    metrics, _ = metrics_of(fake, "orders")
    polled(metrics)
    series = polled(metrics, NOW_MS + MINUTE_MS)
    assert {one.asked_from_ms for one in series} == {UNTIL_MS - 5 * MINUTE_MS}


def test_functions_on_screen_come_first_and_active_ones_are_limited() -> None:
    names = [f"f{number:03}" for number in range(300)]
    fake = FakeCall({"GetMetricData": answering()})
    metrics, watch = metrics_of(fake, *names)
    watch.active = frozenset(key(name) for name in names)
    watch.view = View(visible=(key("f299"),))
    polled(metrics)
    asked = {function for _, function in queries(fake) if function}
    assert "f299" in asked
    assert len(asked) == 50


def test_a_range_takes_no_minute_that_it_holds_only_in_part() -> None:
    fake = FakeCall({"GetMetricData": answering({"Invocations": 7.0})})
    metrics, _ = metrics_of(fake, "orders", until_ms=NOW_MS - 5 * MINUTE_MS)
    (series,) = (one for one in polled(metrics) if (one.metric, one.function) == ("Invocations", key("orders")))
    assert series.asked_until_ms == UNTIL_MS - 6 * MINUTE_MS
    within, _ = metrics_of(fake, "orders", since_ms=NOW_MS - 20_000, until_ms=NOW_MS - 10_000)
    assert polled(within) == []
    assert "whole minute" in within.status(NOW_MS).detail


def test_active_functions_take_turns_until_all_were_asked() -> None:
    names = [f"f{number:03}" for number in range(120)]
    fake = FakeCall({"GetMetricData": answering()})
    metrics, watch = metrics_of(fake, *names)
    watch.active = frozenset(key(name) for name in names)
    for step in range(3):
        polled(metrics, NOW_MS + step * 30_000)
    assert len({function for _, function in queries(fake) if function}) == 120


def test_while_the_account_throttles_quiet_functions_are_asked_for_throttles_alone() -> None:
    fake = FakeCall({"GetMetricData": answering({"Throttles": 3.0})})
    metrics, _ = metrics_of(fake, "a", "b")
    polled(metrics)
    assert [one for one in queries(fake) if one[1]] == [("Throttles", "a"), ("Throttles", "b")]
    fake.asked.clear()
    polled(metrics, NOW_MS + MINUTE_MS)
    assert [one for one in queries(fake) if one[1]] == []


def test_only_functions_fed_by_streams_have_an_iterator_age() -> None:
    fake = FakeCall({"GetMetricData": answering()})
    metrics, watch = metrics_of(fake, "stream-fed", "other")
    arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
    watch.mappings = (EventSourceMapping(uuid="1", function=key("stream-fed"), event_source_arn=arn),)
    watch.view = View(visible=(key("stream-fed"), key("other")))
    polled(metrics)
    assert [function for metric, function in queries(fake) if metric == "IteratorAge"] == ["stream-fed"]


@pytest.mark.parametrize("code", ["PartialData", "InternalError", "Forbidden"])
def test_incomplete_series_are_not_taken_for_zeros_and_asked_again_whole(code: str) -> None:
    fake = FakeCall({"GetMetricData": answering(Errors=code)})
    metrics, _ = metrics_of(fake, "orders")
    assert "Errors" not in {one.metric for one in polled(metrics)}
    assert "1 came incomplete" in metrics.status(NOW_MS).detail
    fake.answers["GetMetricData"] = answering()
    errors = next(one for one in polled(metrics, NOW_MS + MINUTE_MS) if one.metric == "Errors")
    assert errors.asked_from_ms == SINCE_MS - SINCE_MS % MINUTE_MS


def test_partial_pages_are_merged_by_id() -> None:
    def answer(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
        is_first = "NextToken" not in asked
        second = asked["EndTime"].timestamp() - (60 if is_first else 120)
        code = "PartialData" if is_first else "Complete"
        results = [
            {"Id": query["Id"], "Timestamps": [second], "Values": [1.0], "StatusCode": code}
            for query in asked["MetricDataQueries"]
        ]
        return {"MetricDataResults": results, **({"NextToken": "t"} if is_first else {})}

    metrics, _ = metrics_of(FakeCall({"GetMetricData": answer}), "orders")
    assert {len(one.points) for one in polled(metrics)} == {2}


def test_a_fixed_range_is_asked_once_for_all_functions_within_the_limit_of_points() -> None:
    names = [f"f{number:03}" for number in range(30)]
    fake = FakeCall({"GetMetricData": answering()})
    day_ms = 24 * 60 * MINUTE_MS
    metrics, _ = metrics_of(fake, *names, since_ms=NOW_MS - day_ms, until_ms=NOW_MS)
    series = polled(metrics)
    assert len({one.function for one in series}) == 31
    assert min(one.asked_from_ms for one in series) <= NOW_MS - day_ms
    assert max(len(asked["MetricDataQueries"]) for asked in fake.asked["GetMetricData"]) * 1441 <= 100_800
    assert metrics.next_due_ms() is None


def test_a_function_that_comes_into_sight_is_asked_soon_and_alone() -> None:
    fake = FakeCall({"GetMetricData": answering()})
    metrics, watch = metrics_of(fake, "a", "b")
    watch.view = View(visible=(key("a"),))
    polled(metrics)
    watch.view = View(visible=(key("a"), key("b")))
    assert metrics.next_due_ms() == NOW_MS + 10_000
    fake.asked.clear()
    polled(metrics, NOW_MS + 10_000)
    assert {function for _, function in queries(fake)} == {"b"}


def test_a_refusal_is_told() -> None:
    metrics, _ = metrics_of(FakeCall({"GetMetricData": refused("denied", sentence="AWS denies it.")}), "orders")
    polled(metrics)
    assert (metrics.status(NOW_MS).state, metrics.status(NOW_MS).detail) == ("denied", "AWS denies it.")
    assert metrics.has_first_answer()
