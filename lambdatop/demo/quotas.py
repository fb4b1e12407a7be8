"""AWS's request quotas as token buckets, and how each service says that one is empty.

Source: the services' quota pages; only the rates of reading log events differ by region. Where a service documents
none, there is none here.
"""

import threading
from dataclasses import dataclass

from lambdatop.demo.clock import Clock
from lambdatop.demo.service_error import ServiceError

LAMBDA_CONTROL_PLANE = "control plane"
"""The bucket that every Lambda operation shares but GetFunction."""

RATES_PER_SECOND: dict[tuple[str, str], float] = {
    ("logs", "FilterLogEvents"): 10,
    ("logs", "GetLogEvents"): 25,
    ("logs", "DescribeLogGroups"): 10,
    ("logs", "ListLogGroups"): 10,
    ("logs", "DescribeLogStreams"): 25,
    ("logs", "StartLiveTail"): 5,
    ("logs", "StartQuery"): 10,
    ("logs", "GetQueryResults"): 10,
    ("logs", "TestMetricFilter"): 5,
    ("logs", "PutLogEvents"): 5_000,
    ("lambda", "GetFunction"): 100,
    ("lambda", LAMBDA_CONTROL_PLANE): 15,
    ("cloudwatch", "GetMetricData"): 500,
    ("cloudwatch", "ListMetrics"): 25,
    ("cloudwatch", "GetMetricStatistics"): 400,
    ("cloudwatch", "PutMetricData"): 500,
}

REGIONAL_RATES_PER_SECOND: dict[tuple[str, str], dict[str, float]] = {
    ("logs", "FilterLogEvents"): {
        "us-east-1": 25,
        **dict.fromkeys(("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"), 5),
    },
    ("logs", "GetLogEvents"): {**dict.fromkeys(("us-west-2", "eu-central-1", "eu-west-1"), 10), "eu-west-3": 30},
}

THROTTLED: dict[str, tuple[str, str]] = {
    "logs": ("ThrottlingException", "Rate exceeded"),
    "lambda": ("TooManyRequestsException", "Rate exceeded"),
    "cloudwatch": ("Throttling", "Rate exceeded"),
    "sqs": ("RequestThrottled", "The request was denied due to request throttling."),
    "xray": ("ThrottledException", "Rate exceeded"),
    "sts": ("Throttling", "Rate exceeded"),
}


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_ms: int


class Quotas:
    """One token bucket an operation, a second's worth deep."""

    def __init__(self, clock: Clock, region: str) -> None:
        self._clock = clock
        regional = {key: rates[region] for key, rates in REGIONAL_RATES_PER_SECOND.items() if region in rates}
        self._rates = RATES_PER_SECOND | regional
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, service: str, operation: str) -> None:
        """Count one call. Raises the service's own throttling error where the second's calls are used up."""
        shared = service == "lambda" and operation != "GetFunction"
        key = (service, LAMBDA_CONTROL_PLANE if shared else operation)
        rate = self._rates.get(key)
        if rate is None:
            return
        now_ms = self._clock.now_ms()
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(rate, now_ms))
            bucket.tokens = min(rate, bucket.tokens + rate * (now_ms - bucket.filled_ms) / 1000)
            bucket.filled_ms = now_ms
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return
        raise throttled(service)


def throttled(service: str) -> ServiceError:
    """How a service says that it was called too often."""
    code, message = THROTTLED[service]
    members = {"Reason": "CallerRateLimitExceeded", "Type": "User"} if service == "lambda" else {}
    return ServiceError(code, message, **members)
