"""What the screen asks the engine beside snapshots, and the answers: lines, a request, failures, environments, queries.

A question stands until another one of its topic replaces it or it is withdrawn; where it is `is_standing` it is
answered again, at most a few times a second, whenever the answer may have changed. An answer carries the number of its
question, so that one which comes too late is known as such.
"""

from typing import Literal, NamedTuple

from msgspec import Struct

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LAST_KEY, LineKey, LogFilter, LogLine, LogPage
from lambdatop.model.query import QueryOutcome
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from lambdatop.model.statistics import FailureKind, Invocation
from lambdatop.model.trace import TraceSummary


class _Question(Struct, frozen=True, kw_only=True, tag=True):
    topic: str
    """Who asks, such as `logs` or `save`: one question of a topic stands at a time."""
    number: int
    is_standing: bool = True


class LogQuestion(_Question, frozen=True, kw_only=True):
    """Lines around a place; `LAST_KEY` with `is_standing` follows what comes."""

    log_filter: LogFilter = LogFilter()
    place: LineKey = LAST_KEY
    lines_before: int = 0
    lines_from: int = 0
    seek: LogFilter | None = None
    """Go first to the next line after the place that this lets through, or the previous one before it."""
    is_backward: bool = False
    counted: LogFilter | None = None
    """Lines to count beside those shown, such as the matches of a search."""


class LogMoment(NamedTuple):
    """A time in a log stream, such as that of a line which names no request."""

    log_stream: str
    timestamp_ms: int


class RequestQuestion(_Question, frozen=True, kw_only=True):
    """One request, by its ID or by its trace's."""

    request_id: str | None = None
    """Its ID, or the beginning of it."""
    trace_id: str | None = None
    """X-Ray's, also as `Root=1-…`."""
    function: FunctionKey | None = None
    """Whose request it is, where that is known."""
    moment: LogMoment | None = None
    """Where no ID is known: the request that was served there and then."""


class ErrorQuestion(_Question, frozen=True, kw_only=True):
    """The failures of one error group."""

    signature: str


class EnvironmentQuestion(_Question, frozen=True, kw_only=True):
    """The execution environments of one function."""

    function: FunctionKey


class QueryQuestion(_Question, frozen=True, kw_only=True):
    """What has come of a task in `View.query_tasks`."""

    task: int
    rows_from: int = 0
    """Of a query's rows, the first one wanted: an answer holds ten thousand at most."""


class PushedPattern(Struct, frozen=True, kw_only=True):
    """How far reading is left to a filter pattern that AWS evaluates, of the functions that a log question is about."""

    pattern: str
    functions: tuple[FunctionKey, ...] = ()
    """Those of which only what it lets through is read, and platform and failure lines, by name; at most 20."""
    function_count: int = 0
    """How many those are."""
    lines: int = 0
    """Lines that it let through since it was set, of their log groups."""
    from_ms: int | None = None
    """Event time from which on other lines are left out of any of them."""
    problem: str | None = None
    """Why all lines of some are read, such as AWS's refusal."""


class LogAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """Lines in order, around a place; while not `page.is_complete` an answer that goes on follows."""

    topic: str
    number: int
    page: LogPage
    place: LineKey
    """Where the page is: that of the question, or of the line found."""
    is_found: bool | None = None
    """Whether `seek` found a line; None while it is looked for, or where nothing was."""
    lines_above: int | None = None
    """Lines let through before those of the page; None while they are being counted."""
    lines_below: int | None = None
    """Lines let through after those of the page."""
    matches: int | None = None
    """Of `counted`, of all lines."""
    matches_before: int | None = None
    """Of `counted`, before `place`."""
    lines_held: int = 0
    lines_fallen_off: int = 0
    oldest_ms: int | None = None
    """Event time of the oldest line held."""
    functions_read: int = 0
    """Of the functions that the filter names, or of all: how many logs were read of."""
    functions_in_part: tuple[FunctionKey, ...] = ()
    """Those of them that only platform and failure lines are read of now, by name; at most 20. Functions that are read
    by a pattern are not among them."""
    in_part_count: int = 0
    """How many those are."""
    full_from_ms: int | None = None
    """Event time from which on all lines of all the other functions are read; before it, of some only platform and
    failure lines. None where there are no others, or the first page is yet to come."""
    problem: str | None = None
    """Why there is no answer, such as a regular expression that is none."""
    pattern: PushedPattern | None = None
    """Where AWS is to filter what is read."""


class RequestOccurrence(Struct, frozen=True, kw_only=True):
    """One time that a request ID was invoked: a retry that reuses the ID is another one."""

    function: FunctionKey
    invocation: Invocation
    lines: tuple[LogLine, ...] = ()
    """Every line of it held, its init phase first; of more than 2,000, the first and the last thousand."""
    lines_left_out: int = 0
    """How many are held between those."""
    is_text_complete: bool = True
    """False where only platform and failure lines of that time were read, or lines have fallen off."""
    is_init_suppressed: bool = False
    """Whether the environment was initialised once more within it, after a crash, which no report tells of."""
    is_stream_shared: bool = False
    """Whether its log stream serves many requests at once, so that lines without a request ID belong to none."""
    cost_usd: float | None = None
    """At the price of its billed duration; None where that, or the price, is not known."""


class LinkedRequest(Struct, frozen=True, kw_only=True):
    """Another request whose lines have the same correlation ID."""

    field: str
    value: str
    function: FunctionKey
    request_id: str
    first_ms: int
    line_count: int
    """Lines that have the value; 0 where X-Ray's trace ID in the report alone links them."""


class RequestCandidate(Struct, frozen=True, kw_only=True):
    """One of several requests whose IDs begin as was asked for."""

    function: FunctionKey
    request_id: str
    started_ms: int | None
    failure: FailureKind | None = None


class RequestAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """A request from end to end, oldest occurrence first; none when nothing held tells of it."""

    topic: str
    number: int
    request_id: str | None = None
    """Whole, where its beginning was asked for; None when no request of the trace is known, or several are meant."""
    candidates: tuple[RequestCandidate, ...] = ()
    """Where several are meant: the newest first, at most fifty."""
    candidate_count: int = 0
    occurrences: tuple[RequestOccurrence, ...] = ()
    correlation_ids: tuple[tuple[str, str], ...] = ()
    """Field and value, as its structured lines have them."""
    linked: tuple[LinkedRequest, ...] = ()
    trace_id: str | None = None
    is_sampled: bool | None = None
    """Whether X-Ray was told to keep the trace; None where no line says so."""
    trace: TraceSummary | None = None
    """None also while X-Ray has not got it."""
    is_complete: bool = True
    """False while lines are still being searched."""


class ErrorFailure(Struct, frozen=True, kw_only=True):
    """One failure of an error group."""

    reference: LogEventReference
    failed_ms: int
    message: str


class ErrorPlace(Struct, frozen=True, kw_only=True):
    """How often an error group was seen in one version of a function."""

    function: FunctionKey
    version: str | None
    """None where the log stream does not tell."""
    count: int


class ErrorAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """An error group and its newest failures, newest first; None when it is not known any more."""

    topic: str
    number: int
    group: ErrorGroup | None = None
    failures: tuple[ErrorFailure, ...] = ()
    """At most fifty."""
    places: tuple[ErrorPlace, ...] = ()
    """Of the whole group: the most affected function first, each with its versions, at most two hundred."""
    sample_text: str | None = None
    """The whole line that tells of the newest failure, its stack trace included; None where it is not held."""


EnvironmentState = Literal["starting", "busy", "idle", "gone"]


class MemoryTrend(Struct, frozen=True, kw_only=True):
    """How memory rises from invocation to invocation in an environment."""

    rise_mb_per_invocation: float
    invocations: int
    """Over how many it was seen."""
    invocations_left: int | None = None
    """Until the memory size is reached, as it goes on; None where the size is not known."""
    is_leak_suspected: bool = False


class Environment(Struct, frozen=True, kw_only=True):
    """One execution environment: a log stream, but on Managed Instances, where a stream serves many at once."""

    log_stream: str
    version: str | None
    state: EnvironmentState
    first_seen_ms: int
    last_seen_ms: int
    began_cold_ms: int | None = None
    """When its first invocation with an init phase ended; None where it was not seen to begin."""
    is_begin_seen: bool = False
    """Whether it is no older than `first_seen_ms`."""
    invocations: int = 0
    """Served since lambdatop began to count."""
    failures: int = 0
    in_flight: int = 0
    max_memory_used_mb: int | None = None
    """The most that any REPORT said."""
    memory_used_mb: int | None = None
    """What the newest REPORT said."""
    memory_size_mb: int | None = None
    memory_mb: tuple[int, ...] = ()
    """The high-water mark over time, oldest first, at most 24 values from its first invocation to its last."""
    memory_trend: MemoryTrend | None = None
    """None while too few invocations were seen."""
    is_failing: bool = False
    """Whether the newest invocation that ended failed, or most of the newest ten."""


class EnvironmentAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """A function's environments, those in use first; `left_out` are older ones beyond 2,000."""

    topic: str
    number: int
    function: FunctionKey
    environments: tuple[Environment, ...] = ()
    left_out: int = 0
    is_managed_instances: bool = False


class QueryAnswer(Struct, frozen=True, kw_only=True, tag=True):
    """What has come of a task by now; None before anything has."""

    topic: str
    number: int
    outcome: QueryOutcome | None = None
    """Of a query, with the rows (and pointers) from `rows_from` on; of one that runs, with the first thousand."""
    rows_from: int = 0
    row_count: int = 0
    """All rows there are by now."""


Question = LogQuestion | RequestQuestion | ErrorQuestion | EnvironmentQuestion | QueryQuestion
Answer = LogAnswer | RequestAnswer | ErrorAnswer | EnvironmentAnswer | QueryAnswer


def is_whole(answer: Answer, question: Question) -> bool:
    """Return whether nothing more follows an answer to the question until something changes."""
    if isinstance(answer, RequestAnswer):
        return answer.is_complete
    if isinstance(answer, QueryAnswer):
        return False
    if not isinstance(answer, LogAnswer) or not isinstance(question, LogQuestion) or answer.problem is not None:
        return True
    counts = [answer.lines_above, answer.lines_below]
    if question.counted is not None:
        counts += [answer.matches, answer.matches_before]
    is_sought = question.seek is not None and answer.is_found is None
    return answer.page.is_complete and not is_sought and None not in counts
