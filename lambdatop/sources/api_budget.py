"""How often AWS may be asked: one token bucket per API, well below the quota that colleagues share.

Quotas are per account and region, in calls a second, from the service quota pages (AWS-FACTS 4.8, 6.3, 7).
"""

import random

DEFAULT_RATE = 10.0
_FILTER_LOG_EVENTS = {
    "us-east-1": 25.0,
    **dict.fromkeys(
        ("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"),
        5.0,
    ),
}
_RATES = {
    "lambda": 15.0,
    "cloudwatch:GetMetricData": 50.0,
    "sqs": 50.0,
    "xray": 10.0,
    "sts": 10.0,
}


def quota_per_s(service: str, operation: str, region: str) -> tuple[str, float]:
    """Return the bucket's name and the quota: Lambda's control plane shares one bucket over all operations."""
    if (service, operation) == ("logs", "FilterLogEvents"):
        return "logs:FilterLogEvents", _FILTER_LOG_EVENTS.get(region, DEFAULT_RATE)
    for name in (f"{service}:{operation}", service):
        if name in _RATES:
            return name, _RATES[name]
    return f"{service}:{operation}", DEFAULT_RATE


class TokenBucket:
    """A rate that halves when AWS throttles and comes back slowly; holds at most one second's calls."""

    def __init__(self, rate_per_s: float, random_source: random.Random) -> None:
        self._full_rate = rate_per_s
        self.rate_per_s = rate_per_s
        self._random = random_source
        self._tokens = max(1.0, rate_per_s)
        self._at_ms: int | None = None

    def reserve(self, now_ms: int) -> float:
        """Take one call and return how many seconds to wait before making it."""
        if self._at_ms is not None and now_ms > self._at_ms:
            passed_s = (now_ms - self._at_ms) / 1000
            self._tokens = min(max(1.0, self.rate_per_s), self._tokens + passed_s * self.rate_per_s)
            self.rate_per_s = min(self._full_rate, self.rate_per_s + passed_s * self._full_rate / 60)
        self._at_ms = max(self._at_ms or now_ms, now_ms)
        self._tokens -= 1
        if self._tokens >= 0:
            return 0.0
        return -self._tokens / self.rate_per_s * self._random.uniform(1.0, 1.1)

    def throttled(self) -> None:
        """Halve the rate, down to a fiftieth of the full one."""
        self.rate_per_s = max(self._full_rate / 50, self.rate_per_s / 2)
        self._tokens = min(self._tokens, 0.0)


class ApiBudget:
    """The buckets of one account and region."""

    def __init__(self, region: str, quota_share: float, random_source: random.Random) -> None:
        self._region = region
        self._share = quota_share
        self._random = random_source
        self._buckets: dict[str, TokenBucket] = {}

    def bucket(self, service: str, operation: str) -> TokenBucket:
        """Return the bucket that a call draws on."""
        name, quota = quota_per_s(service, operation, self._region)
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = TokenBucket(quota * self._share, self._random)
        return bucket
