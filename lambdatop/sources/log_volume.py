"""How much is logged in an account, by CloudWatch's own count: what scanning all of it by Insights is priced by."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lambdatop.sources.fast_decode import metric_data_page

MINUTE_MS = 60_000
LATE_MS = 180_000
"""Points of the newest minutes may still be missing."""
LEAST_MS = 900_000
FINE_MS = 86_400_000
"""Longer ranges are asked for by the hour, of which one point is kept for fifteen months (AWS-FACTS 6.3)."""
HOUR_MS = 3_600_000
Call = Callable[..., dict[str, Any]]
"""Calls an operation of a service, both by name, and returns the answer; raises SourceFailure."""


class LogVolume:
    """How much is logged an hour: what scans measured in the last hour, else what CloudWatch counted."""

    def __init__(self) -> None:
        self._counted: float | None = None
        self._scans: deque[tuple[int, float, int]] = deque()

    def ask(self, call: Call, now_ms: int) -> None:
        """Ask CloudWatch for the last hour, of the whole account. Raises SourceFailure."""
        self._counted = bytes_logged(call, now_ms - HOUR_MS, now_ms, now_ms)

    def scanned(self, scanned_bytes: float, span_ms: int, groups: int, now_ms: int) -> None:
        """Take note of a query over some log groups and so much of their time."""
        self._scans.append((now_ms, scanned_bytes, span_ms * groups))
        while self._scans[0][0] <= now_ms - HOUR_MS:
            self._scans.popleft()

    def bytes_per_hour(self, groups: int, now_ms: int) -> float | None:
        """Return what so many groups take in; None where nothing tells."""
        recent = [(scanned, group_ms) for at_ms, scanned, group_ms in self._scans if at_ms > now_ms - HOUR_MS]
        group_ms = sum(one for _, one in recent)
        if not group_ms:
            return self._counted
        return sum(scanned for scanned, _ in recent) * groups * HOUR_MS / group_ms


def bytes_logged(call: Call, from_ms: int, until_ms: int, now_ms: int) -> float | None:
    """Return what all log groups took in during a time, scaled from the part of it that is counted; None if unknown.

    AWS/Logs IncomingBytes is the account's where it is asked for without a log group, so other services' logs are in
    it: it is the most that Lambda's can be. One metric, $0.00001. Raises SourceFailure.
    """
    known_to_ms = min(until_ms, now_ms - LATE_MS)
    start_ms = min(from_ms, known_to_ms - LEAST_MS)
    period_s = 60 if known_to_ms - start_ms <= FINE_MS else 3_600
    start_ms -= start_ms % (period_s * 1000)
    end_ms = known_to_ms - known_to_ms % MINUTE_MS
    total, token = None, None
    while True:
        more: dict[str, str] = {} if token is None else {"NextToken": token}
        page = metric_data_page(call("cloudwatch", "GetMetricData", **_question(start_ms, end_ms, period_s), **more))
        for result in page.metric_data_results:
            if result.values:
                total = (total or 0.0) + sum(result.values)
        if not page.next_token or page.next_token == token:
            break
        token = page.next_token
    return None if total is None else total * (until_ms - from_ms) / (end_ms - start_ms)


def _question(start_ms: int, end_ms: int, period_s: int) -> dict[str, Any]:
    metric = {"Namespace": "AWS/Logs", "MetricName": "IncomingBytes", "Dimensions": []}
    return {
        "MetricDataQueries": [{"Id": "bytes", "MetricStat": {"Metric": metric, "Period": period_s, "Stat": "Sum"}}],
        "StartTime": datetime.fromtimestamp(start_ms / 1000, UTC),
        "EndTime": datetime.fromtimestamp(end_ms / 1000, UTC),
    }
