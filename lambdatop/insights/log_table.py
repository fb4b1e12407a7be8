"""Log events in DuckDB, in memory, and queries over them that can reach nothing else."""

import threading
from collections.abc import Collection, Iterable
from typing import Any

import duckdb

from lambdatop.insights.answer import QueryResult, QueryRunError, answer_rows
from lambdatop.insights.compile import ESTIMATE_COLUMN, CompiledQuery, compile_query
from lambdatop.insights.discovery import LogRecord
from lambdatop.insights.sql_expression import Surroundings
from lambdatop.insights.sql_macros import MACROS
from lambdatop.insights.sql_regex import refused_regex
from lambdatop.insights.syntax import Query, Span
from lambdatop.insights.table_loading import TABLES, load

__all__ = ["LogRecord", "LogTable", "QueryResult", "QueryRunError"]

_SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
    "max_temp_directory_size": "0KB",
    "error_on_division_by_zero": False,
    "late_materialization_max_rows": 0,
    "TimeZone": "UTC",
    "enable_external_access": False,
}
"""No files, no network, nothing of the Python program.

Under a small LIMIT late materialization writes every SELECT into those over it: planning then takes minutes, in which
nothing can be interrupted.
"""


class LogTable:
    """A log that can be queried; one query at a time, from any thread."""

    def __init__(self, account_id: str, *, memory_limit_mb: int = 1024, threads: int = 1) -> None:
        self._account_id = account_id
        self._connection = duckdb.connect(":memory:")
        self._turn = threading.Lock()
        self._end = ""
        """Why the query that runs is to end, once it is."""
        self._runs = 0
        self._is_running = False
        settings = {**_SETTINGS, "memory_limit": f"{memory_limit_mb}MB", "threads": threads}
        for name, setting in settings.items():
            shown = str(setting).lower() if isinstance(setting, bool) else setting
            self._connection.execute(f"SET {name} = '{shown}'")
        for statement in (*MACROS, *TABLES):
            self._connection.execute(statement)
        self._connection.execute("SET lock_configuration = true")

    def append(self, records: Iterable[LogRecord]) -> None:
        """Put events into the log; their order is that of equal rows in answers."""
        with self._turn:
            try:
                load(self._connection, records)
            except duckdb.OutOfMemoryException as error:
                raise QueryRunError("The log needs more memory than it is allowed.") from error

    def run(
        self,
        query: Query,
        *,
        start_ms: int,
        end_ms: int,
        now_ms: int,
        limit: int | None = None,
        timeout_s: float = 60.0,
        log_groups: Collection[str] | None = None,
    ) -> QueryResult:
        """Answer a query over [start_ms, end_ms], all log groups or these.

        `limit` bounds the rows beside the query's own limit; without either they are 10,000. QuerySyntaxError for what
        is not run here, QueryRunError for what could not be finished.
        """
        around = Surroundings(query.text, self._account_id, start_ms, end_ms, now_ms)
        compiled = compile_query(query, around, limit, log_groups)
        with self._turn:
            self._end = ""
            self._runs += 1
            late = f"The query took longer than {timeout_s:g} s."
            timer = threading.Timer(timeout_s, self._interrupt, [late, self._runs])
            timer.daemon = True
            self._is_running = True
            timer.start()
            try:
                for literal, span in compiled.regexes:
                    self._try_regex(literal, span)
                return self._answer(compiled)
            except duckdb.Error as error:
                raise self._run_error(error) from error
            finally:
                self._is_running = False
                timer.cancel()

    def stop(self) -> None:
        """Interrupt a query that runs in another thread; its `run` raises QueryRunError."""
        self._interrupt("The query was stopped.", self._runs)

    def close(self) -> None:
        """Forget the log."""
        self.stop()
        with self._turn:
            self._connection.close()

    def _interrupt(self, why: str, run: int) -> None:
        if self._is_running and run == self._runs:
            self._end = why
            self._connection.interrupt()

    def _try_regex(self, literal: str, span: Span) -> None:
        try:
            self._fetch(f"SELECT regexp_matches('', {literal})")
        except duckdb.InvalidInputException as error:
            raise refused_regex(str(error), span) from error

    def _fetch(self, sql: str) -> list[tuple[Any, ...]]:
        if self._end:
            raise QueryRunError(self._end)
        return self._connection.execute(sql).fetchall()

    def _answer(self, compiled: CompiledQuery) -> QueryResult:
        [(scanned, size)] = self._fetch(compiled.scanned_sql)
        scanned, size = int(scanned), int(size)
        if compiled.is_estimate:
            return QueryResult((ESTIMATE_COLUMN,), [(str(size),)], None, 0, 0, 0)
        if compiled.prepare_sql is not None:
            self._fetch(compiled.prepare_sql)
        rows = self._fetch(compiled.rows_sql)
        pointers = [row[-1] for row in rows] if compiled.is_of_events else None
        matched = scanned
        if compiled.has_matched_in_rows and rows:
            matched = int(rows[0][-1])
        elif compiled.matched_sql is not None:
            matched = int(self._fetch(compiled.matched_sql)[0][0])
        return QueryResult(compiled.columns, answer_rows(rows, compiled.kinds), pointers, matched, scanned, size)

    def _run_error(self, error: duckdb.Error) -> QueryRunError:
        if self._end:
            return QueryRunError(self._end)
        if isinstance(error, duckdb.OutOfMemoryException):
            return QueryRunError("The query needs more memory than it is allowed.")
        return QueryRunError(f"The query could not be run: {str(error).partition(chr(10))[0]}")
