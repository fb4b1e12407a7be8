"""CloudWatch Logs Insights over the account's log groups, for one plain form of query."""

import base64
import re
import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.log_store import EventKey, StoredEvent
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none

_INVALID = "InvalidParameterException"
MAX_GROUPS = 50
MAX_ROWS = 100_000
DEFAULT_ROWS = 10_000
PAGE_ROWS = 10_000
EVENT_OVERHEAD_BYTES = 26
RUNNING_POLLS = 1
"""How often GetQueryResults says Running, with half of the rows, before it says Complete."""
QUERIES_KEPT = 100
END_OF_TIME_MS = 10**15
SUBSET = "fields a, b | filter @message like /regex/ | sort @timestamp asc|desc | limit N"

_COMMAND = re.compile(r"(?:/(?:[^/\\]|\\.)*/|[^|/])+")
_NAME = re.compile(r"@?[A-Za-z_][\w.]*")
_LIKE = re.compile(r"@message\s+like\s+/((?:[^/\\]|\\.)+)/")
_SORT = re.compile(r"@timestamp(?:\s+(asc|desc))?")

Row = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks for."""

    fields: tuple[str, ...]
    pattern: re.Pattern[str] | None
    is_descending: bool
    limit: int


@dataclass(slots=True)
class _Execution:
    rows: list[Row]
    statistics: dict[str, float]
    polls_left: int = RUNNING_POLLS
    is_cancelled: bool = False


class InsightsService:
    """Serves StartQuery, GetQueryResults and StopQuery; the last hundred queries are remembered."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._executions: OrderedDict[str, _Execution] = OrderedDict()
        self._arn_prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"

    def start_query(self, request: Document) -> Document:
        """StartQuery: times are epoch seconds, both ends included; the answer is made from what has arrived by now."""
        query = parse_query(request["queryString"], request.get("limit", DEFAULT_ROWS))
        groups = self._group_names(request)
        if request["endTime"] < request["startTime"]:
            raise ServiceError(_INVALID, "End time should not be before start time")
        first: EventKey = (request["startTime"] * 1000, 0, "")
        last: EventKey = (request["endTime"] * 1000, END_OF_TIME_MS, "~")
        query_id = str(uuid.uuid4())
        execution = self._execute(query, query_id, groups, first, last)
        with self._lock:
            self._executions[query_id] = execution
            while len(self._executions) > QUERIES_KEPT:
                self._executions.popitem(last=False)
        return {"queryId": query_id}

    def get_query_results(self, request: Document) -> Document:
        """GetQueryResults: 10,000 rows a page; while Running they are a part of what there will be."""
        execution = self._execution(request["queryId"])
        if execution.is_cancelled:
            return {"status": "Cancelled", "results": [], "statistics": execution.statistics}
        with self._lock:
            is_running = execution.polls_left > 0
            execution.polls_left -= is_running
        if is_running:
            part = execution.rows[: len(execution.rows) // 2][:PAGE_ROWS]
            return {"status": "Running", "results": part, "statistics": execution.statistics}
        rows, token = page(execution.rows, request.get("nextToken"), PAGE_ROWS, _INVALID)
        return without_none(status="Complete", results=rows, statistics=execution.statistics, nextToken=token)

    def stop_query(self, request: Document) -> Document:
        """StopQuery, which an ended query refuses."""
        execution = self._execution(request["queryId"])
        if execution.polls_left <= 0 or execution.is_cancelled:
            raise ServiceError(_INVALID, "Query is not in running status")
        execution.is_cancelled = True
        return {"success": True}

    def _execution(self, query_id: str) -> _Execution:
        execution = self._executions.get(query_id)
        if execution is None:
            raise ServiceError("ResourceNotFoundException", "The specified query does not exist.")
        return execution

    def _group_names(self, request: Document) -> list[str]:
        named = [request[key] for key in ("logGroupName", "logGroupNames", "logGroupIdentifiers") if key in request]
        if len(named) != 1:
            raise ServiceError(_INVALID, "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers is needed")
        names = [named[0]] if isinstance(named[0], str) else named[0]
        if not 0 < len(names) <= MAX_GROUPS:
            raise ServiceError(_INVALID, f"A query reads between one and {MAX_GROUPS} log groups")
        names = [name.removeprefix(self._arn_prefix) for name in names]
        for name in names:
            self._account.logs.group(name)
        return names

    def _execute(
        self, query: Query, query_id: str, groups: Sequence[str], first: EventKey, last: EventKey
    ) -> _Execution:
        now_ms, scanned, size = self._account.clock.now_ms(), 0, 0
        found: list[tuple[str, StoredEvent]] = []
        for name in groups:
            for event in self._account.logs.window(name, first, last, END_OF_TIME_MS):
                if event.ingestion_time > now_ms:
                    continue
                scanned += 1
                size += len(event.message.encode()) + EVENT_OVERHEAD_BYTES
                if query.pattern is None or query.pattern.search(event.message):
                    found.append((name, event))
        found.sort(key=lambda one: one[1].timestamp, reverse=query.is_descending)
        statistics = {
            "recordsMatched": float(len(found)),
            "recordsScanned": float(scanned),
            "bytesScanned": float(size),
            "logGroupsScanned": float(len(groups)),
        }
        rows = [self._row(query.fields, query_id, name, event) for name, event in found[: query.limit]]
        return _Execution(rows, statistics)

    def _row(self, fields: Iterable[str], query_id: str, group: str, event: StoredEvent) -> Row:
        """A row as AWS writes it: text alone, no field without a value, and a pointer that is the query's own."""
        values = {
            "@timestamp": _time_text(event.timestamp),
            "@ingestionTime": _time_text(event.ingestion_time),
            "@logStream": event.log_stream_name,
            "@log": f"{self._account.account_id}:{group}",
            "@message": event.message,
        }
        pointer = base64.b64encode(f"{query_id} {event.event_id}".encode()).decode()
        row = [{"field": name, "value": values[name]} for name in fields if name in values]
        return [*row, {"field": "@ptr", "value": pointer}]


def parse_query(text: str, limit: int = DEFAULT_ROWS) -> Query:
    """What a query of the served form asks for. Raises MalformedQueryException for any other.

    >>> parse_query("fields @timestamp | filter @message like /a|b/ | sort @timestamp asc | limit 5").limit
    5
    """
    query = Query(("@timestamp", "@message"), None, is_descending=True, limit=limit)
    for command in _commands(text):
        word, _, rest = command.partition(" ")
        rest = rest.strip()
        names = [name.strip() for name in rest.split(",")]
        if word == "fields" and all(map(_NAME.fullmatch, names)):
            query = replace(query, fields=tuple(names))
        elif word == "filter" and (matched := _LIKE.fullmatch(rest)):
            query = replace(query, pattern=_compiled(matched[1]))
        elif word == "sort" and (matched := _SORT.fullmatch(rest)):
            query = replace(query, is_descending=matched[1] == "desc")
        elif word == "limit" and rest.isdecimal() and 0 < int(rest) <= MAX_ROWS:
            query = replace(query, limit=int(rest))
        else:
            raise _malformed(f"this account serves {SUBSET}, and not: {command}")
    return query


def _commands(text: str) -> list[str]:
    """The commands of a query, which are parted by bars outside of regular expressions."""
    return [found[0].strip() for found in _COMMAND.finditer(text) if found[0].strip()]


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise _malformed(f"invalid regular expression: {error}") from error


def _time_text(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms // 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{time_ms % 1000:03d}"


def _malformed(message: str) -> ServiceError:
    return ServiceError("MalformedQueryException", message)
