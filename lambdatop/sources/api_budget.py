"""How often AWS may be asked: one token bucket per API, well below the quota that colleagues share.

Quotas are per account and region, in calls a second, from the service quota pages (AWS-FACTS 4.8, 6.3, 7).
"""

import random
import threading

from lambdatop.model.identity import Scope

DEFAULT_RATE = 10.0
HALVE_EVERY_MS = 1_000
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
    "logs:StartQuery": 10.0,
    "logs:GetQueryResults": 10.0,
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
    """A rate that halves when AWS throttles and comes back slowly.

    It saves up five seconds of calls, which may be spent at four fifths of the quota: a start or a refresh is quick
    and the average stays at the share.
    """

    SAVED_S = 5.0
    PEAK_SHARE = 0.8
    RECOVERY_S = 60.0

    def __init__(self, quota_per_s: float, share: float, random_source: random.Random) -> None:
        self._full_rate = quota_per_s * share
        self._gap_s = 1 / (quota_per_s * max(share, self.PEAK_SHARE))
        self.rate_per_s = self._full_rate
        self._random = random_source
        self._tokens = self._capacity()
        self._at_ms: int | None = None
        self._free_ms = 0.0
        self._halved_ms: int | None = None

    def reserve(self, now_ms: int) -> float:
        """Take one call and return how many seconds to wait before making it."""
        if self._at_ms is not None and now_ms > self._at_ms:
            passed_s = (now_ms - self._at_ms) / 1000
            self._tokens = min(self._capacity(), self._tokens + passed_s * self.rate_per_s)
            self.rate_per_s = min(self._full_rate, self.rate_per_s + passed_s * self._full_rate / self.RECOVERY_S)
        self._at_ms = max(self._at_ms or now_ms, now_ms)
        self._tokens -= 1
        owed_s = max(0.0, -self._tokens / self.rate_per_s) * self._random.uniform(1.0, 1.1)
        at_ms = max(now_ms + owed_s * 1000, self._free_ms)
        self._free_ms = at_ms + self._gap_s * 1000
        return (at_ms - now_ms) / 1000

    def throttled(self, now_ms: int) -> None:
        """Halve the rate, down to a fiftieth of the full one, and spend what was saved.

        At most once a second, since calls that were under way together are refused together.
        """
        if self._halved_ms is None or now_ms - self._halved_ms >= HALVE_EVERY_MS:
            self._halved_ms = now_ms
            self.rate_per_s = max(self._full_rate / 50, self.rate_per_s / 2)
        self._tokens = min(self._tokens, 0.0)

    def _capacity(self) -> float:
        return max(1.0, self.rate_per_s * self.SAVED_S)


class ApiBudget:
    """The buckets of one account and region; threads, and profiles of the same account, share them behind a lock."""

    def __init__(self, region: str, quota_share: float, random_source: random.Random) -> None:
        self._region = region
        self._share = quota_share
        self._random = random_source
        self._buckets: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def reserve(self, service: str, operation: str, now_ms: int) -> float:
        """Take one call and return how many seconds to wait before making it."""
        with self._lock:
            return self._bucket(service, operation).reserve(now_ms)

    def throttled(self, service: str, operation: str, now_ms: int) -> None:
        """Slow down, since AWS throttled a call."""
        with self._lock:
            self._bucket(service, operation).throttled(now_ms)

    def _bucket(self, service: str, operation: str) -> TokenBucket:
        name, quota = quota_per_s(service, operation, self._region)
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = TokenBucket(quota, self._share, self._random)
        return bucket


class SharedBudgets:
    """The budgets of all accounts: quotas are an account's, however many profiles lead to it."""

    def __init__(self) -> None:
        self._budgets: dict[Scope, ApiBudget] = {}
        self._lock = threading.Lock()

    def joined(self, scope: Scope, own: ApiBudget) -> ApiBudget:
        """Return the account's budget: the one that another profile brought, else one's own from now on."""
        with self._lock:
            return self._budgets.setdefault(scope, own)
