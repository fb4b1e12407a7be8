"""Amazon CloudWatch: metrics in and out."""

import re

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.metric_store import MetricKey, StatisticSet, metric_key
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.metric_math import Series, calculate
from lambdatop.demo.services.paging import page, without_none

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")

MAX_DATAPOINTS = 100_800


class CloudWatchService:
    """Serves the operations; metrics have one-minute resolution."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._metrics = account.metrics
        self._clock = account.clock

    def get_metric_data(self, request: Document) -> Document:
        """GetMetricData: metric statistics and arithmetic over them, a page holding up to MaxDatapoints."""
        queries = request["MetricDataQueries"]
        if len(queries) > 500:
            raise ServiceError("ValidationError", "The collection MetricDataQueries must not have more than 500 items.")
        series: dict[str, Series] = {}
        for query in sorted(queries, key=lambda query: "MetricStat" not in query):
            series[query["Id"]] = self._series(query, series, request)
        shown = [query for query in queries if query.get("ReturnData", True)]
        return _page_of_series(shown, series, request)

    def _series(self, query: Document, series: dict[str, Series], request: Document) -> Series:
        if ("MetricStat" in query) == ("Expression" in query):
            raise ServiceError("ValidationError", "Exactly one of MetricStat and Expression is needed.")
        if "Expression" in query:
            return calculate(query["Expression"], series)
        stat = query["MetricStat"]
        key = _key(stat["Metric"]["Namespace"], stat["Metric"]["MetricName"], stat["Metric"].get("Dimensions", []))
        points = self._points(key, stat["Period"], request["StartTime"], request["EndTime"])
        return {time_ms: _statistic(points[time_ms], stat["Stat"]) for time_ms in points}

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


def _page_of_series(queries: list[Document], series: dict[str, Series], request: Document) -> Document:
    """One page: all series one after the other, cut where MaxDatapoints is reached; empty ones come first."""
    token, size = request.get("NextToken"), request.get("MaxDatapoints", MAX_DATAPOINTS)
    if (token is not None and not token.isdecimal()) or not 0 < size <= MAX_DATAPOINTS:
        raise ServiceError("InvalidNextToken" if token else "ValidationError", "NextToken or MaxDatapoints is invalid.")
    start, position = int(token or 0), 0
    is_descending = request.get("ScanBy") != "TimestampAscending"
    results = []
    for query in queries:
        points = series[query["Id"]]
        times = sorted(points, reverse=is_descending)
        here = times[max(0, start - position) : max(0, start + size - position)]
        if here or (not times and not start):
            results.append(
                {
                    "Id": query["Id"],
                    "Label": query.get("Label") or _label(query),
                    "Timestamps": [time_ms / 1000 for time_ms in here],
                    "Values": [points[time_ms] for time_ms in here],
                    "StatusCode": "Complete" if start + size >= position + len(times) else "PartialData",
                }
            )
        position += len(times)
    next_token = str(start + size) if start + size < position else None
    return without_none(MetricDataResults=results, Messages=[], NextToken=next_token)


def _label(query: Document) -> str:
    return str(query["MetricStat"]["Metric"]["MetricName"] if "MetricStat" in query else query["Id"])


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
