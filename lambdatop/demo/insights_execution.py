"""One Logs Insights query on its way: scheduled, running with a part of its rows, complete."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.log_pointer import LogPointer
from lambdatop.insights.log_table import LogRecord, LogTable, QueryResult, QueryRunError
from lambdatop.insights.syntax import Estimate, Query, QuerySyntaxError

EVENT_OVERHEAD_BYTES = 26
END_OF_TIME_MS = 10**15
SCHEDULED_MS = 200
LEAST_RUNNING_MS = 800
SCANNED_BYTES_PER_MS = 200_000
"""How quickly the account's Insights scans, so that a query's progress can be watched."""
PARTS = 4
"""Steps in which a running query tells of its rows, the newest events first."""
TIMEOUT_S = 60.0

Row = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class QueryOrder:
    """What StartQuery asks for; times are epoch seconds, both ends included."""

    query: Query
    log_groups: Sequence[str]
    start_s: int
    end_s: int
    limit: int | None


class InsightsExecution:
    """Runs one query in a thread of its own over what has arrived when it starts; status and rows go by the clock."""

    def __init__(
        self, account: EmbeddedAccount, query_id: str, order: QueryOrder, table: LogTable, turn: threading.Semaphore
    ) -> None:
        self.query_id = query_id
        self.order = order
        self.started_ms = account.clock.now_ms()
        self.is_cancelled = False
        self._account = account
        self._turn = turn
        self._done = threading.Event()
        self._using_table = threading.Lock()
        self._table: LogTable | None = table
        self._whole: QueryResult | None = None
        self._parts: dict[int, QueryResult | None] = {}
        self._failure: str | None = None
        self._records_scanned = 0
        self._bytes_scanned = 0
        threading.Thread(target=self._work, name=f"insights {query_id}", daemon=True).start()

    def status(self, patience_s: float = 0.0) -> str:
        """Scheduled, Running, Complete, Failed or Cancelled; waits so long for work that should be done by now."""
        if self.is_cancelled:
            return "Cancelled"
        elapsed_ms = self._account.clock.now_ms() - self.started_ms
        if elapsed_ms < SCHEDULED_MS:
            return "Scheduled"
        if not self._done.wait(patience_s) or elapsed_ms < self.duration_ms:
            return "Running"
        return "Complete" if self._failure is None else "Failed"

    @property
    def duration_ms(self) -> int:
        """How long it runs, from its start; known once it is done."""
        return SCHEDULED_MS + LEAST_RUNNING_MS + self._bytes_scanned // SCANNED_BYTES_PER_MS

    @property
    def bytes_scanned(self) -> float:
        """By now."""
        return self.statistics(self.result(self.status()))["bytesScanned"]

    def cancel(self) -> None:
        """End it with the rows that there are by now."""
        self.is_cancelled = True
        table = self._table
        if table is not None:
            table.stop()

    def result(self, status: str) -> QueryResult | None:
        """Its rows so far: of a running one, those of the newest quarters of the time that it is over."""
        if status in ("Complete", "Cancelled"):
            self._close()
            return self._whole if status == "Complete" else None
        if status != "Running" or not self._done.is_set():
            return None
        elapsed_ms = self._account.clock.now_ms() - self.started_ms - SCHEDULED_MS
        part = PARTS * elapsed_ms // max(1, self.duration_ms - SCHEDULED_MS)
        with self._using_table:
            if part not in self._parts:
                self._parts[part] = self._run_part(part)
            return self._parts[part]

    def rows(self, result: QueryResult | None) -> list[Row]:
        """Rows as AWS writes them: text alone, no field without a value, and a pointer where they are log events."""
        if result is None:
            return []
        rows = [
            [
                {"field": field, "value": value}
                for field, value in zip(result.columns, row, strict=True)
                if value is not None
            ]
            for row in result.rows
        ]
        for row, pointer in zip(rows, result.pointers or (), strict=False):
            row.append({"field": "@ptr", "value": pointer})
        return rows

    def statistics(self, result: QueryResult | None) -> dict[str, float]:
        """What it has scanned by now; an estimate scans nothing."""
        is_estimate = any(isinstance(command, Estimate) for command in self.order.query.commands)
        scanned = None if is_estimate else result
        return {
            "recordsMatched": float(scanned.records_matched if scanned else 0),
            "recordsScanned": float(scanned.records_scanned if scanned else 0),
            "estimatedRecordsSkipped": 0.0,
            "bytesScanned": float(scanned.bytes_scanned if scanned else 0),
            "estimatedBytesSkipped": 0.0,
            "logGroupsScanned": float(len(self.order.log_groups)) if scanned else 0.0,
            "resultCount": float(len(result.rows) if result else 0),
        }

    def _work(self) -> None:
        try:
            with self._turn:
                if self._table is None:
                    return
                self._table.append(self._records())
                self._whole = self._run(self.order.start_s * 1000)
                self._bytes_scanned = self._whole.bytes_scanned
        except (QueryRunError, QuerySyntaxError) as error:
            self._failure = str(error)
        finally:
            self._done.set()
            if self.is_cancelled:
                self._close()

    def _records(self) -> Iterator[LogRecord]:
        order = self.order
        first, last = (order.start_s * 1000, 0, ""), (order.end_s * 1000, END_OF_TIME_MS, "~")
        for group in order.log_groups:
            for event in self._account.logs.window(group, first, last, END_OF_TIME_MS):
                if event.ingestion_time <= self.started_ms:
                    pointer = LogPointer(self.query_id, group, event.timestamp, event.event_id).text
                    yield LogRecord(
                        event.timestamp, event.ingestion_time, event.log_stream_name, group, event.message, pointer
                    )

    def _run_part(self, part: int) -> QueryResult | None:
        start_ms, end_ms = self.order.start_s * 1000, self.order.end_s * 1000
        if part == 0 or self._table is None or self._failure is not None:
            return None
        try:
            return self._run(end_ms - (end_ms - start_ms) * part // PARTS)
        except (QueryRunError, QuerySyntaxError):
            return None

    def _run(self, start_ms: int) -> QueryResult:
        if self._table is None:
            raise QueryRunError("The query was stopped.")
        return self._table.run(
            self.order.query,
            start_ms=start_ms,
            end_ms=self.order.end_s * 1000,
            limit=self.order.limit,
            now_ms=self.started_ms,
            timeout_s=TIMEOUT_S,
        )

    def _close(self) -> None:
        """Let go of the events; only the rows are needed now."""
        if self._done.is_set():
            with self._using_table:
                table, self._table = self._table, None
                self._parts.clear()
            if table is not None:
                table.close()

    def document(self) -> Document:
        """What DescribeQueries says of it."""
        status = self.status()
        return {
            "queryLanguage": "CWLI",
            "queryId": self.query_id,
            "queryString": self.order.query.text,
            "status": status,
            "createTime": self.started_ms,
            "logGroupName": next(iter(self.order.log_groups), ""),
            "queryDuration": min(self._account.clock.now_ms() - self.started_ms, self.duration_ms),
            "bytesScanned": self.bytes_scanned,
        }
