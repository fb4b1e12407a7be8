"""Amazon CloudWatch: metrics in and out."""

import re

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.metric_store import MetricKey, StatisticSet, metric_key
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")


class CloudWatchService:
    """Serves the operations; metrics have one-minute resolution."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._metrics = account.metrics
        self._clock = account.clock

    def get_metric_data(self, request: Document) -> Document:
        """GetMetricData: metric statistics; expressions are refused."""
        queries = request["MetricDataQueries"]
        if len(queries) > 500:
            raise ServiceError("ValidationError", "The collection MetricDataQueries must not have more than 500 items.")
        if any("MetricStat" not in query for query in queries):
            raise ServiceError("ValidationError", "Expressions are not served by the embedded account.")
        results = []
        for query in queries:
            stat = query["MetricStat"]
            key = _key(stat["Metric"]["Namespace"], stat["Metric"]["MetricName"], stat["Metric"].get("Dimensions", []))
            points = self._points(key, stat["Period"], request["StartTime"], request["EndTime"])
            times = sorted(points, reverse=request.get("ScanBy") != "TimestampAscending")
            result = {
                "Id": query["Id"],
                "Label": query.get("Label", key.name),
                "Timestamps": [time_ms / 1000 for time_ms in times],
                "Values": [_statistic(points[time_ms], stat["Stat"]) for time_ms in times],
                "StatusCode": "Complete",
            }
            if query.get("ReturnData", True):
                results.append(result)
        return {"MetricDataResults": results, "Messages": []}

    def get_metric_statistics(self, request: Document) -> Document:
        """GetMetricStatistics."""
        key = _key(request["Namespace"], request["MetricName"], request.get("Dimensions", []))
        points = self._points(key, request["Period"], request["StartTime"], request["EndTime"])
        datapoints = [
            without_none(
                Timestamp=time_ms / 1000,
                Unit="None",
                **{stat: _statistic(points[time_ms], stat) for stat in request.get("Statistics", [])},
                ExtendedStatistics={s: _statistic(points[time_ms], s) for s in request.get("ExtendedStatistics", [])}
                or None,
            )
            for time_ms in sorted(points)
        ]
        return {"Label": key.name, "Datapoints": datapoints}

    def list_metrics(self, request: Document) -> Document:
        """ListMetrics: 500 a page."""
        newest_ms = self._clock.now_ms() - 3 * 3_600_000 if request.get("RecentlyActive") else 0
        wanted = [(d["Name"], d.get("Value")) for d in request.get("Dimensions", [])]
        keys = [
            key
            for key, minute_ms in self._metrics.keys()  # noqa: SIM118  # not a mapping
            if request.get("Namespace", key.namespace) == key.namespace
            and request.get("MetricName", key.name) == key.name
            and minute_ms >= newest_ms
            and all(any(n == name and value in {None, v} for n, v in key.dimensions) for name, value in wanted)
        ]
        found, token = page(keys, request.get("NextToken"), 500, "InvalidParameterValue")
        documents = [
            {
                "Namespace": key.namespace,
                "MetricName": key.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in key.dimensions],
            }
            for key in found
        ]
        return without_none(Metrics=documents, NextToken=token)

    def put_metric_data(self, request: Document) -> Document:
        """PutMetricData: single values, arrays of values with counts, or statistic sets."""
        for datum in request.get("MetricData", []):
            key = _key(request["Namespace"], datum["MetricName"], datum.get("Dimensions", []))
            timestamp_ms = int(datum.get("Timestamp", self._clock.now_ms() / 1000) * 1000)
            self._metrics.add_set(key, timestamp_ms, _statistic_set(datum))
        return {}

    def _points(self, key: MetricKey, period: int, start: float, end: float) -> dict[int, StatisticSet]:
        if period % 60 or period <= 0:
            raise ServiceError("ValidationError", "Period must be a multiple of 60 in the embedded account.")
        period_ms = 1000 * period
        start_ms = int(start * 1000) // period_ms * period_ms
        points: dict[int, StatisticSet] = {}
        for minute_ms, statistic_set in self._metrics.read(key, start_ms, int(end * 1000)).items():
            points.setdefault(minute_ms // period_ms * period_ms, StatisticSet()).merge(statistic_set)
        return points


def _key(namespace: str, name: str, dimensions: list[Document]) -> MetricKey:
    return metric_key(namespace, name, {dimension["Name"]: dimension["Value"] for dimension in dimensions})


def _statistic(points: StatisticSet, stat: str) -> float:
    plain = {
        "Sum": points.total,
        "Maximum": points.maximum,
        "Minimum": points.minimum,
        "SampleCount": points.count,
        "Average": points.total / points.count,
    }
    if stat in plain:
        return plain[stat]
    match = _PERCENTILE.fullmatch(stat)
    if match is None:
        raise ServiceError("ValidationError", f"The statistic {stat} is not served by the embedded account.")
    return points.percentile(float(match[1]))


def _statistic_set(datum: Document) -> StatisticSet:
    found = StatisticSet()
    if "StatisticValues" in datum:
        v = datum["StatisticValues"]
        return StatisticSet(v["SampleCount"], v["Sum"], v["Minimum"], v["Maximum"], {v["Maximum"]: v["SampleCount"]})
    values = datum.get("Values", [datum["Value"]] if "Value" in datum else [])
    for value, count in zip(values, datum.get("Counts", [1.0] * len(values)), strict=True):
        found.add(value, count)
    return found
