"""Logs Insights over the account's log groups: the language runs for real, and status goes by the clock."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.insights_execution import InsightsExecution, QueryOrder
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none
from lambdatop.insights.log_table import LogTable
from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import Pattern, Query, QuerySyntaxError, Source

_INVALID = "InvalidParameterException"
MAX_GROUPS = 50
MAX_SOURCE_GROUPS = 10_000
MAX_ROWS = 100_000
PAGE_ROWS = 10_000
MAX_QUERY_CHARACTERS = 10_000
MAX_RUNNING = 100
QUERIES_KEPT = 200
PATIENCE_S = 2.0
"""How long GetQueryResults waits for work that should be done by the account's clock."""
AT_ONCE = 2
"""Queries that are worked on at a time."""
NOT_INFREQUENT: dict[type, str] = {Pattern: "pattern"}
"""Commands that log groups of the Infrequent Access class refuse."""


class InsightsService:
    """Serves StartQuery, GetQueryResults, StopQuery, DescribeQueries and ListLogGroupsForQuery."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(AT_ONCE)
        self._executions: OrderedDict[str, InsightsExecution] = OrderedDict()
        self._arn_prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"

    def start_query(self, request: Document) -> Document:
        """StartQuery: times are epoch seconds, both ends included; what has arrived by now is looked at."""
        if request.get("queryLanguage", "CWLI") != "CWLI":
            raise ServiceError(_INVALID, "This account runs queries in Logs Insights QL (CWLI) only")
        if len(request["queryString"]) > MAX_QUERY_CHARACTERS:
            raise ServiceError(_INVALID, f"A query has {MAX_QUERY_CHARACTERS} characters at most")
        query = _parsed(request["queryString"])
        limit = request.get("limit")
        if limit is not None and not 0 < limit <= MAX_ROWS:
            raise ServiceError(_INVALID, f"The limit must be between 1 and {MAX_ROWS}")
        if request["endTime"] < request["startTime"]:
            raise ServiceError(_INVALID, "End time should not be before start time")
        groups = self._group_names(request, query)
        self._refuse_for_class(query, groups)
        order = QueryOrder(query, groups, request["startTime"], request["endTime"], limit)
        return {"queryId": self._start(order, self._table(query)).query_id}

    def get_query_results(self, request: Document) -> Document:
        """GetQueryResults: 10,000 rows a page; while Running they are a part of what there will be."""
        execution = self._execution(request["queryId"])
        size = request.get("maxItems", PAGE_ROWS)
        if not 0 < size <= PAGE_ROWS:
            raise ServiceError(_INVALID, f"maxItems must be between 1 and {PAGE_ROWS}")
        status = execution.status(PATIENCE_S)
        result = execution.result(status)
        rows, token = page(execution.rows(result), request.get("nextToken"), size, _INVALID)
        return without_none(
            queryLanguage="CWLI",
            status=status,
            results=rows,
            statistics=execution.statistics(result),
            nextToken=token if status == "Complete" else None,
        )

    def stop_query(self, request: Document) -> Document:
        """StopQuery, which an ended query refuses."""
        execution = self._execution(request["queryId"])
        if execution.status(PATIENCE_S) not in ("Scheduled", "Running"):
            raise ServiceError(_INVALID, "Query is not in running status")
        execution.cancel()
        return {"success": True}

    def describe_queries(self, request: Document) -> Document:
        """DescribeQueries: the newest first, of one status or log group where that is asked for."""
        with self._lock:
            executions = list(reversed(self._executions.values()))
        wanted, group = request.get("status"), request.get("logGroupName")
        documents = [
            document
            for document in (one.document() for one in executions if group in (None, *one.order.log_groups))
            if wanted in (None, document["status"])
        ]
        found, token = page(documents, request.get("nextToken"), request.get("maxResults", 1000), _INVALID)
        return without_none(queries=found, nextToken=token)

    def list_log_groups_for_query(self, request: Document) -> Document:
        """ListLogGroupsForQuery: the ARNs of what it reads."""
        groups = self._execution(request["queryId"]).order.log_groups
        found, token = page(groups, request.get("nextToken"), request.get("maxResults", 500), _INVALID)
        return without_none(logGroupIdentifiers=[self._arn_prefix + name for name in found], nextToken=token)

    def _table(self, query: Query) -> LogTable:
        """An empty log that the query has been tried on. Raises MalformedQueryException for what cannot be run."""
        table = LogTable(self._account.account_id)
        try:
            table.run(query, start_ms=0, end_ms=0, now_ms=0)
        except QuerySyntaxError as error:
            table.close()
            raise _malformed(error) from error
        return table

    def _start(self, order: QueryOrder, table: LogTable) -> InsightsExecution:
        with self._lock:
            running = sum(one.status() in ("Scheduled", "Running") for one in self._executions.values())
            if running >= MAX_RUNNING:
                raise ServiceError(
                    "LimitExceededException", f"Account maximum query concurrency limit of [{MAX_RUNNING}] reached."
                )
            execution = InsightsExecution(self._account, str(uuid.uuid4()), order, table, self._turn)
            self._executions[execution.query_id] = execution
            while len(self._executions) > QUERIES_KEPT:
                self._executions.popitem(last=False)
        return execution

    def _execution(self, query_id: str) -> InsightsExecution:
        execution = self._executions.get(query_id)
        if execution is None:
            raise ServiceError("ResourceNotFoundException", "The specified query does not exist.")
        return execution

    def _group_names(self, request: Document, query: Query) -> list[str]:
        named = [request[key] for key in ("logGroupName", "logGroupNames", "logGroupIdentifiers") if key in request]
        if query.source is not None:
            if named:
                raise ServiceError(_INVALID, "A query with SOURCE must not name log groups beside it")
            return self._source_groups(query.source)
        if len(named) != 1:
            raise ServiceError(_INVALID, "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers is needed")
        names = [named[0]] if isinstance(named[0], str) else named[0]
        if not 0 < len(names) <= MAX_GROUPS:
            raise ServiceError(_INVALID, f"A query reads between one and {MAX_GROUPS} log groups")
        names = [name.removeprefix(self._arn_prefix).removesuffix(":*") for name in names]
        for name in names:
            self._account.logs.group(name)
        return names

    def _source_groups(self, source: Source) -> list[str]:
        if source.account_ids and self._account.account_id not in source.account_ids:
            return []
        names = [
            group.name
            for group in self._account.logs.groups()
            if group.name.startswith(source.name_prefixes or ("",))
            and group.log_group_class in (source.log_group_classes or (group.log_group_class,))
        ]
        return names[:MAX_SOURCE_GROUPS]

    def _refuse_for_class(self, query: Query, groups: Sequence[str]) -> None:
        refused = next((NOT_INFREQUENT[type(one)] for one in query.commands if type(one) in NOT_INFREQUENT), None)
        if refused is None:
            return
        for name in groups:
            if self._account.logs.group(name).log_group_class == "INFREQUENT_ACCESS":
                raise ServiceError(
                    _INVALID, f"The {refused} command is not supported for the Infrequent Access log class: {name}"
                )


def _parsed(text: str) -> Query:
    """The query. Raises MalformedQueryException with the place of the mistake."""
    try:
        return parse_query(text)
    except QuerySyntaxError as error:
        raise _malformed(error) from error


def _malformed(error: QuerySyntaxError) -> ServiceError:
    location = {"startCharOffset": error.span.start, "endCharOffset": error.span.end}
    compile_error = {"location": location, "message": error.message}
    return ServiceError("MalformedQueryException", error.message, queryCompileError=compile_error)
