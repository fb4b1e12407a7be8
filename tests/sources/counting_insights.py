"""Insights as the source sees it, with the language running for real over the lines that were written."""

from typing import Any

from lambdatop.insights.log_table import LogRecord, LogTable
from lambdatop.insights.parser import parse_query
from lambdatop.sources.failure import SourceFailure
from tests.sources.fake_call import FakeCall

ACCOUNT = "123456789012"
STREAM = "2026/11/18/[7]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"


class CountingInsights:
    """Queries are complete at once; `refused` is what naming a log group, or SOURCE, is answered with."""

    def __init__(self, bytes_per_minute: float = 1e6, page_rows: int = 10_000) -> None:
        self._table = LogTable(ACCOUNT)
        self._page_rows = page_rows
        self.bytes_per_ms = bytes_per_minute / 60_000
        self.groups: set[str] = set()
        self.refused: dict[str, SourceFailure] = {}
        self.queries: list[tuple[tuple[str, ...] | str, int, int]] = []
        """Log groups or prefix, start and end in epoch seconds."""
        self.texts: list[str] = []
        self._answers: dict[str, tuple[list[list[dict[str, str]]], float]] = {}
        self.fake = FakeCall({"StartQuery": self._start, "GetQueryResults": self._results, "GetMetricData": {}})

    def write(self, group: str, at_ms: int, message: str, stream: str = STREAM) -> None:
        self.groups.add(group)
        self._table.append([LogRecord(at_ms, at_ms + 200, stream, group, message, f"{at_ms}")])

    def _start(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        query = parse_query(asked["queryString"])
        names = tuple(asked.get("logGroupNames", ()))
        for name in names or ("SOURCE",):
            if name in self.refused:
                raise self.refused[name]
        chosen = names
        if query.source is not None:
            chosen = tuple(name for name in self.groups if name.startswith(query.source.name_prefixes))
        start_s, end_s = asked["startTime"], asked["endTime"]
        self.queries.append((names or query.source.name_prefixes[0] if query.source else names, start_s, end_s))
        self.texts.append(asked["queryString"])
        found = self._table.run(
            query, start_ms=start_s * 1000, end_ms=end_s * 1000, now_ms=end_s * 1000, log_groups=chosen
        )
        rows = [
            [
                {"field": column, "value": value}
                for column, value in zip(found.columns, row, strict=True)
                if value is not None
            ]
            for row in found.rows
        ]
        query_id = str(len(self.queries))
        self._answers[query_id] = rows, self.bytes_per_ms * (end_s - start_s) * 1000
        return {"queryId": query_id}

    def _results(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        rows, scanned = self._answers[asked["queryId"]]
        start = int(asked.get("nextToken", "0"))
        end = start + min(self._page_rows, asked.get("maxItems", self._page_rows))
        more = {"nextToken": str(end)} if end < len(rows) else {}
        return {
            "status": "Complete",
            "results": rows[start:end],
            "statistics": {
                "bytesScanned": scanned,
                "recordsMatched": float(len(rows)),
                "recordsScanned": 1.0,
            },
            **more,
        }
