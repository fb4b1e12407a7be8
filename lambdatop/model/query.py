"""What the screen wants of Logs Insights, and what comes back.

The tasks that a view names are worked on while it names them: a query that is no longer named is stopped at AWS. What
comes of a task bears its number, which the screen never uses twice.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from lambdatop.model.identity import Scope

MAX_QUERY_GROUPS = 50
"""Log groups that one query may name; more are reached by `SOURCE` and name prefixes (AWS-FACTS 4.5)."""
DEFAULT_QUERY_ROWS = 10_000
MAX_QUERY_ROWS = 100_000
PARTIAL_ROWS = 1_000
"""Rows shown of a query that still runs."""
ROWS_AN_ANSWER = 10_000


class _Task(Struct, frozen=True, kw_only=True, tag=True):
    number: int
    scope: Scope


class QueryRun(_Task, frozen=True, kw_only=True):
    """One query over some log groups and a stretch of time, whole seconds with both ends included."""

    text: str
    log_groups: tuple[str, ...] = ()
    """At most fifty; none where the text begins with `SOURCE`."""
    start_s: int
    end_s: int
    limit: int | None = None
    """Rows at most where the text sets no limit; None is AWS's default, 10,000."""
    max_bytes: int | None = None
    """Stop once so much has been scanned."""
    is_estimate: bool = False
    """Whether only to ask how much it would scan, which is free of charge."""


class RecordLookup(_Task, frozen=True, kw_only=True):
    """All fields of one row's log event, by its `@ptr`."""

    pointer: str


class DefinitionList(_Task, frozen=True, kw_only=True):
    """The queries that were saved in the account."""


class FieldList(_Task, frozen=True, kw_only=True):
    """The fields that AWS found in a log group's newest events."""

    log_group: str


QueryTask = QueryRun | RecordLookup | DefinitionList | FieldList

QueryStatus = Literal["waiting", "scheduled", "running", "complete", "failed", "cancelled", "timeout", "refused"]
"""`waiting`: not asked yet, for want of budget or a free place; `cancelled`: stopped, by us or somebody else;
`refused`: AWS did not start it."""
ENDED: tuple[QueryStatus, ...] = ("complete", "failed", "cancelled", "timeout", "refused")


class QueryStatistics(Struct, frozen=True, kw_only=True):
    """What AWS says that a query did; its price is that of the bytes scanned."""

    records_matched: float = 0.0
    records_scanned: float = 0.0
    bytes_scanned: float = 0.0
    log_groups_scanned: float | None = None
    records_skipped: float | None = None
    """Estimated, by field indexes."""
    bytes_skipped: float | None = None


class QueryProblem(Struct, frozen=True, kw_only=True):
    """Why there are no more rows, in a sentence; `start` and `end` are offsets into the text, where AWS names them."""

    sentence: str
    code: str = ""
    """AWS's, such as `MalformedQueryException`."""
    remedy: str | None = None
    start: int | None = None
    end: int | None = None


class _Outcome(Struct, frozen=True, kw_only=True, tag=True):
    number: int


class QueryProgress(_Outcome, frozen=True, kw_only=True):
    """How far a query is, with its rows; until its status is `complete` they are a part, and any may go again."""

    status: QueryStatus
    revision: int = 0
    """Raised when earlier rows are replaced."""
    columns: tuple[str, ...] = ()
    """In AWS's order, without `@ptr`."""
    rows: tuple[tuple[str | None, ...], ...] = ()
    """Values as AWS writes them, None where a row has none."""
    pointers: tuple[str, ...] = ()
    """Of each row, its `@ptr`; none where rows are aggregates."""
    statistics: QueryStatistics | None = None
    cost_usd: float = 0.0
    """Of the bytes scanned so far."""
    started_ms: int | None = None
    ended_ms: int | None = None
    estimated_bytes: float | None = None
    """What an estimate said; None where AWS offers none, and of a query that runs."""
    is_cut: bool = False
    """Whether there are more rows than AWS gives, or than the limit lets through."""
    problem: QueryProblem | None = None


class RecordFound(_Outcome, frozen=True, kw_only=True):
    """The fields of a log event."""

    fields: Mapping[str, str] = {}
    problem: QueryProblem | None = None


class QueryParameter(Struct, frozen=True, kw_only=True):
    """What a saved query leaves open: `{{name}}` in its text."""

    name: str
    default: str | None = None
    description: str | None = None


class QueryDefinition(Struct, frozen=True, kw_only=True):
    """A saved query; `/` in the name makes folders."""

    name: str
    text: str
    log_groups: tuple[str, ...] = ()
    parameters: tuple[QueryParameter, ...] = ()
    description: str | None = None


class DefinitionsFound(_Outcome, frozen=True, kw_only=True):
    """The account's saved queries, by name."""

    definitions: tuple[QueryDefinition, ...] = ()
    problem: QueryProblem | None = None


class FieldsFound(_Outcome, frozen=True, kw_only=True):
    """Names of fields with the percentage of events that have them, the most frequent first."""

    fields: tuple[tuple[str, int], ...] = ()
    problem: QueryProblem | None = None


QueryOutcome = QueryProgress | RecordFound | DefinitionsFound | FieldsFound
