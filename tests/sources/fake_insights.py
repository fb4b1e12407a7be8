"""Insights as the source sees it: log groups with events, and queries that are complete at once."""

from datetime import UTC, datetime
from typing import Any

from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_text import limit_of
from tests.sources.fake_call import FakeCall


class FakeInsights:
    """Answers queries over what was written; `limit` is honoured and rows come oldest first."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, dict[str, str]]] = []
        self.bytes_per_ms = 0.0
        self.refused: dict[str, SourceFailure] = {}
        """What is answered to a query that names this group."""
        self.queries: list[tuple[tuple[str, ...], int, int]] = []
        """Groups, start and end in epoch seconds of those that ran."""
        self._last: dict[str, Any] = {}
        self.fake = FakeCall({"StartQuery": self._start, "GetQueryResults": lambda **_: self._last})

    def write(self, group: str, at_ms: int, message: str = "REPORT RequestId: 1", ingestion_ms: int = 0) -> None:
        cells = {
            "@timestamp": time_text(at_ms),
            "@ingestionTime": time_text(ingestion_ms or at_ms + 200),
            "@logStream": "s",
            "@log": f"123456789012:{group}",
            "@message": message,
        }
        self.rows.append((group, at_ms, cells))

    def _start(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        names, start_s, end_s = tuple(asked["logGroupNames"]), asked["startTime"], asked["endTime"]
        for name in names:
            if name in self.refused:
                raise self.refused[name]
        self.queries.append((names, start_s, end_s))
        found = [row for row in self.rows if row[0] in names and start_s * 1000 <= row[1] <= end_s * 1000]
        found.sort(key=lambda row: row[1])
        self._last = {
            "status": "Complete",
            "results": [
                [{"field": field, "value": value} for field, value in cells.items()]
                for _, _, cells in found[: asked.get("limit") or limit_of(asked["queryString"])]
            ],
            "statistics": {"bytesScanned": self.bytes_per_ms * (end_s - start_s) * 1000},
        }
        return {"queryId": "q"}


def time_text(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms // 1000, UTC):%Y-%m-%d %H:%M:%S}.{time_ms % 1000:03d}"
