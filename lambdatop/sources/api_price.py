"""What a call costs: us-east-1's list prices, read 2026-11 (AWS-FACTS 10), without free tiers.

Lambda's control plane, FilterLogEvents and STS have no price per request.
"""

from collections.abc import Mapping
from typing import Any

GET_METRIC_DATA_USD_PER_METRIC = 0.01 / 1_000
SQS_USD_PER_REQUEST = 0.40 / 1_000_000
XRAY_USD_PER_TRACE = 0.50 / 1_000_000
INSIGHTS_USD_PER_GB = 0.005
LIVE_TAIL_USD_PER_MINUTE = 0.01


def request_price_usd(service: str, operation: str, parameters: Mapping[str, Any]) -> float:
    """Return what is paid for asking.

    >>> request_price_usd("cloudwatch", "GetMetricData", {"MetricDataQueries": [{}] * 500})
    0.005
    """
    if operation == "GetMetricData":
        return len(parameters.get("MetricDataQueries", ())) * GET_METRIC_DATA_USD_PER_METRIC
    return SQS_USD_PER_REQUEST if service == "sqs" else 0.0


def answer_price_usd(operation: str, answer: Mapping[str, Any]) -> float:
    """Return what is paid for the answer: X-Ray charges for traces scanned or retrieved."""
    if operation != "GetTraceSummaries":
        return 0.0
    traces = max(int(answer.get("TracesProcessedCount") or 0), len(answer.get("TraceSummaries") or ()))
    return traces * XRAY_USD_PER_TRACE


def insights_price_usd(bytes_scanned: float) -> float:
    """Return what an Insights query cost, by decimal gigabytes.

    >>> insights_price_usd(2_000_000_000)
    0.01
    """
    return bytes_scanned / 1e9 * INSIGHTS_USD_PER_GB
