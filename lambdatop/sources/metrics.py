"""CloudWatch metrics of Lambda (GetMetricData): what logs cannot know, above all throttles.

Metrics are paid per metric asked: the five account-wide ones, twice a minute, cost 5 x 120 x $0.00001 = $0.006 an hour;
seven of one function, once a minute, cost $0.0042 an hour, so they are asked only where they can matter.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lambdatop.model.delivery import Delivery, MetricName, MetricsDelivered, MetricSeries
from lambdatop.model.identity import FunctionKey
from lambdatop.sources.api_meter import GET_METRIC_DATA_USD_PER_METRIC
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.fast_decode import MetricDataResult, metric_data_page
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

MINUTE_MS = 60_000
QUERIES_A_CALL = 500
FUNCTION_EVERY_MS = 60_000
ASK_AGAIN_MINUTES = 5
MAX_WINDOW_MINUTES = 180

ACCOUNT_METRICS: dict[MetricName, str] = {
    "Throttles": "Sum",
    "Invocations": "Sum",
    "Errors": "Sum",
    "ConcurrentExecutions": "Maximum",
    "ClaimedAccountConcurrency": "Maximum",
}
FUNCTION_METRICS: dict[MetricName, str] = {
    "Throttles": "Sum",
    "Invocations": "Sum",
    "Errors": "Sum",
    "ConcurrentExecutions": "Maximum",
    "DeadLetterErrors": "Sum",
    "AsyncEventAge": "Maximum",
    "AsyncEventsDropped": "Sum",
}
STREAM_SOURCES = (":kinesis:", ":dynamodb:")


class _Query(NamedTuple):
    metric: MetricName
    function: FunctionKey | None
    statistic: str
    from_ms: int


class Metrics(PolledSource):
    """Asks for the account every half minute, for a function once a minute where it is seen, active or throttled."""

    name = "metrics"
    interval_ms = 30_000
    needs_functions = True

    def __init__(
        self, call: AwsCall, watch: Watch, random_source: random.Random, since_ms: int, until_ms: int | None
    ) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._since_ms = since_ms - since_ms % MINUTE_MS
        self._until_ms = until_ms
        self._asked_until: dict[FunctionKey | None, int] = {}
        self._asked_ms: dict[FunctionKey, int] = {}
        self._throttles = 0.0

    def next_due_ms(self) -> int | None:
        """When to ask; soon after a function that was not asked about comes into sight."""
        due_ms = super().next_due_ms()
        if due_ms is None or self._state != "working" or self._last_success_ms is None:
            return due_ms
        is_new = not self.watch.interesting() <= self._asked_until.keys()
        return min(due_ms, self._last_success_ms + 10_000) if is_new else due_ms

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Ask for the account, then for the functions that deserve it."""
        scope = self.watch.scope
        if scope is None:
            return
        end_ms = now_ms if self._until_ms is None else min(now_ms, self._until_ms)
        until_ms = end_ms + (-end_ms) % MINUTE_MS
        account = [self._query(metric, None, statistic, until_ms) for metric, statistic in ACCOUNT_METRICS.items()]
        series = self._ask(account, until_ms)
        self._asked_until[None] = until_ms
        yield MetricsDelivered(scope=scope, series=tuple(series))
        keys = self._functions_to_ask(series, now_ms)
        queries = [query for key in keys for query in self._function_queries(key, until_ms)]
        for start in range(0, len(queries), QUERIES_A_CALL):
            found = self._ask(queries[start : start + QUERIES_A_CALL], until_ms)
            yield MetricsDelivered(scope=scope, series=tuple(found))
        self._asked_until.update(dict.fromkeys(keys, until_ms))
        self._asked_ms.update(dict.fromkeys(keys, now_ms))
        self.say(f"account-wide, and {len(self._asked_ms)} functions")

    def _functions_to_ask(self, account: Sequence[MetricSeries], now_ms: int) -> list[FunctionKey]:
        """The interesting functions not asked about lately; all where the account throttles or the range is fixed."""
        listed = {function.key for function in self.watch.functions or ()}
        throttles = sum(sum(series.points.values()) for series in account if series.metric == "Throttles")
        has_moved = throttles > 0 and throttles != self._throttles
        self._throttles = throttles
        wanted = listed if throttles or self._until_ms is not None else self.watch.interesting() & listed
        lately_ms = now_ms - FUNCTION_EVERY_MS + self.interval_ms // 2
        return sorted(key for key in wanted if has_moved or self._asked_ms.get(key, 0) <= lately_ms)

    def _function_queries(self, key: FunctionKey, until_ms: int) -> list[_Query]:
        wanted = dict(FUNCTION_METRICS)
        for mapping in self.watch.mappings or ():
            if mapping.function == key and any(part in (mapping.event_source_arn or "") for part in STREAM_SOURCES):
                wanted["IteratorAge"] = "Maximum"
        return [self._query(metric, key, statistic, until_ms) for metric, statistic in wanted.items()]

    def _query(self, metric: MetricName, key: FunctionKey | None, statistic: str, until_ms: int) -> _Query:
        earliest_ms = max(self._since_ms, until_ms - MAX_WINDOW_MINUTES * MINUTE_MS)
        asked_ms = self._asked_until.get(key)
        again_ms = earliest_ms if asked_ms is None else asked_ms - ASK_AGAIN_MINUTES * MINUTE_MS
        return _Query(metric, key, statistic, max(earliest_ms, again_ms))

    def _ask(self, queries: list[_Query], until_ms: int) -> list[MetricSeries]:
        if not queries:
            return []
        start_ms = min(query.from_ms for query in queries)
        merged: dict[str, dict[int, float]] = {}
        complete: dict[str, bool] = {}
        token: dict[str, Any] = {}
        while True:
            page = metric_data_page(
                self._call(
                    "cloudwatch",
                    "GetMetricData",
                    len(queries) * GET_METRIC_DATA_USD_PER_METRIC,
                    MetricDataQueries=[_wire(index, query) for index, query in enumerate(queries)],
                    StartTime=datetime.fromtimestamp(start_ms / 1000, UTC),
                    EndTime=datetime.fromtimestamp(until_ms / 1000, UTC),
                    **token,
                )
            )
            for result in page.metric_data_results:
                merged.setdefault(result.id, {}).update(_points(result))
                complete[result.id] = complete.get(result.id, True) and result.status_code in (
                    "Complete",
                    "PartialData",
                )
            if not page.next_token or page.next_token == token.get("NextToken"):
                break
            token = {"NextToken": page.next_token}
        return [
            MetricSeries(
                metric=query.metric,
                function=query.function,
                points=merged[f"m{index}"],
                asked_from_ms=start_ms,
                asked_until_ms=until_ms,
            )
            for index, query in enumerate(queries)
            if complete.get(f"m{index}")
        ]


def _points(result: MetricDataResult) -> dict[int, float]:
    return {round(seconds * 1000): value for seconds, value in zip(result.timestamps, result.values, strict=False)}


def _wire(index: int, query: _Query) -> dict[str, object]:
    dimensions = [] if query.function is None else [{"Name": "FunctionName", "Value": query.function.name}]
    return {
        "Id": f"m{index}",
        "MetricStat": {
            "Metric": {"Namespace": "AWS/Lambda", "MetricName": query.metric, "Dimensions": dimensions},
            "Period": 60,
            "Stat": query.statistic,
        },
    }
