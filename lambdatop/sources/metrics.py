"""CloudWatch metrics of Lambda (GetMetricData): what logs cannot know, above all throttles.

Metrics are paid per metric asked, whatever the range: the five account-wide ones, twice a minute, cost
5 x 120 x $0.00001 = $0.006 an hour ($0.14 a day). Seven of one function cost $0.0042 an hour, so they are asked only
where they can matter, and of at most a hundred functions a minute: $0.42 an hour at most. While the account throttles,
every listed function's throttles are asked each three minutes: $0.0002 an hour for each.
A report over a fixed range asks everything once: $0.00007 a function.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lambdatop.model.delivery import Delivery, MetricName, MetricsDelivered, MetricSeries
from lambdatop.model.identity import FunctionKey
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.fast_decode import MetricDataResult, metric_data_page
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

MINUTE_MS = 60_000
QUERIES_A_CALL = 500
POINTS_A_CALL = 100_000
ASK_AGAIN_MINUTES = 5
"""Points are late, and errors are stamped with the start of the invocation (AWS-FACTS 6.2)."""
MAX_LIVE_MINUTES = 180
MAX_RANGE_MINUTES = 15 * 24 * 60
"""One-minute points are kept for fifteen days."""
FUNCTIONS_A_POLL = 50
FUNCTION_FRESH_MS = 50_000
ACCOUNT_FRESH_MS = 25_000
SOON_MS = 10_000
THROTTLED_EVERY_MS = 180_000

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
        self._account_ms = 0
        self._asked_ms: dict[FunctionKey, int] = {}
        self._known_until: dict[tuple[MetricName, FunctionKey | None], int] = {}
        self._is_throttled = False
        self._throttled_ms = 0
        self._incomplete = 0

    def next_due_ms(self) -> int | None:
        """When to ask; soon after a function that was never asked about comes into sight; a fixed range once."""
        due_ms = super().next_due_ms()
        if due_ms is None or self._state != "working" or self._last_success_ms is None:
            return due_ms
        if self._until_ms is not None:
            return None
        is_new = not self.watch.looked_at() <= self._asked_ms.keys()
        return min(due_ms, self._last_success_ms + SOON_MS) if is_new else due_ms

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Ask for the account, then for the functions that deserve it."""
        scope = self.watch.scope
        if scope is None:
            return
        until_ms = self._asked_until_ms(now_ms)
        if until_ms <= self._since_ms:
            self.say("the window holds no whole minute, which is what metrics are told by")
            return
        self._incomplete = 0
        if now_ms - self._account_ms >= ACCOUNT_FRESH_MS:
            account = [self._query(metric, None, statistic, until_ms) for metric, statistic in ACCOUNT_METRICS.items()]
            series = self._ask(account, until_ms)
            self._account_ms = now_ms
            self._is_throttled = any(one.metric == "Throttles" and any(one.points.values()) for one in series)
            yield MetricsDelivered(scope=scope, series=tuple(series))
        keys = self._functions_to_ask(now_ms)
        queries = [query for key in keys for query in self._function_queries(key, until_ms)]
        queries += self._throttle_queries(frozenset(keys), until_ms, now_ms)
        for batch in _batches(queries, until_ms):
            yield MetricsDelivered(scope=scope, series=tuple(self._ask(batch, until_ms)))
        self._asked_ms.update(dict.fromkeys(keys, now_ms))
        incomplete = f"; {self._incomplete} came incomplete and are asked again" if self._incomplete else ""
        self.say(f"account-wide, and {len(self._asked_ms)} functions{incomplete}")

    def _asked_until_ms(self, now_ms: int) -> int:
        """Return the end of the minutes to ask for: the running one, or of a range the last that lies in it wholly."""
        if self._until_ms is None or now_ms < self._until_ms:
            return now_ms + (-now_ms) % MINUTE_MS
        return self._until_ms - self._until_ms % MINUTE_MS

    def _functions_to_ask(self, now_ms: int) -> list[FunctionKey]:
        """Functions on screen, then active ones, longest unasked first; all of them for a fixed range."""
        listed = {function.key for function in self.watch.functions or ()}
        if self._until_ms is not None:
            return sorted(listed)
        looked_at = self.watch.looked_at()
        wanted = (looked_at | self.watch.active) & listed
        due = [key for key in wanted if now_ms - self._asked_ms.get(key, -FUNCTION_FRESH_MS) >= FUNCTION_FRESH_MS]
        due.sort(key=lambda key: (key not in looked_at, self._asked_ms.get(key, 0), key))
        return due[:FUNCTIONS_A_POLL]

    def _throttle_queries(self, asked: frozenset[FunctionKey], until_ms: int, now_ms: int) -> list[_Query]:
        """Ask who is throttled while the account is, of all functions but those asked about anyway."""
        if not self._is_throttled or self._until_ms is not None or now_ms - self._throttled_ms < THROTTLED_EVERY_MS:
            return []
        self._throttled_ms = now_ms
        keys = sorted(function.key for function in self.watch.functions or () if function.key not in asked)
        return [self._query("Throttles", key, FUNCTION_METRICS["Throttles"], until_ms) for key in keys]

    def _function_queries(self, key: FunctionKey, until_ms: int) -> list[_Query]:
        wanted = dict(FUNCTION_METRICS)
        for mapping in self.watch.mappings or ():
            if mapping.function == key and any(part in (mapping.event_source_arn or "") for part in STREAM_SOURCES):
                wanted["IteratorAge"] = "Maximum"
        return [self._query(metric, key, statistic, until_ms) for metric, statistic in wanted.items()]

    def _query(self, metric: MetricName, key: FunctionKey | None, statistic: str, until_ms: int) -> _Query:
        minutes = MAX_LIVE_MINUTES if self._until_ms is None else MAX_RANGE_MINUTES
        earliest_ms = max(self._since_ms, until_ms - minutes * MINUTE_MS)
        known_ms = self._known_until.get((metric, key), 0)
        return _Query(metric, key, statistic, max(earliest_ms, known_ms - ASK_AGAIN_MINUTES * MINUTE_MS))

    def _ask(self, queries: list[_Query], until_ms: int) -> list[MetricSeries]:
        """Return the series that came whole; the others are asked from where they were last known."""
        start_ms = min(query.from_ms for query in queries)
        merged: dict[str, dict[int, float]] = {}
        status: dict[str, str] = {}
        token: dict[str, Any] = {}
        while True:
            page = metric_data_page(
                self._call(
                    "cloudwatch",
                    "GetMetricData",
                    MetricDataQueries=[_wire(index, query) for index, query in enumerate(queries)],
                    StartTime=datetime.fromtimestamp(start_ms / 1000, UTC),
                    EndTime=datetime.fromtimestamp(until_ms / 1000, UTC),
                    **token,
                )
            )
            for result in page.metric_data_results:
                merged.setdefault(result.id, {}).update(_points(result))
                status[result.id] = result.status_code
            if not page.next_token or page.next_token == token.get("NextToken"):
                break
            token = {"NextToken": page.next_token}
        found = []
        for index, query in enumerate(queries):
            if status.get(f"m{index}") != "Complete":
                self._incomplete += 1
                continue
            self._known_until[query.metric, query.function] = until_ms
            found.append(
                MetricSeries(
                    metric=query.metric,
                    function=query.function,
                    points=merged[f"m{index}"],
                    asked_from_ms=start_ms,
                    asked_until_ms=until_ms,
                )
            )
        return found


def _batches(queries: list[_Query], until_ms: int) -> Iterator[list[_Query]]:
    """Yield queries by the call: at most 500, and at most 100,000 points (AWS-FACTS 6.3), longest ranges together."""
    ordered = sorted(queries, key=lambda query: query.from_ms)
    while ordered:
        minutes = max(1, (until_ms - ordered[0].from_ms) // MINUTE_MS)
        size = max(1, min(QUERIES_A_CALL, POINTS_A_CALL // minutes))
        yield ordered[:size]
        ordered = ordered[size:]


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
