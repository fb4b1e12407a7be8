"""What is said where a query does not come to its rows: one sentence, what helps, and the place in the text."""

import re
from collections.abc import Mapping
from typing import Any

from lambdatop.model.query import MAX_QUERY_GROUPS, QueryProblem, QueryRun
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_text import names_source

MAX_TEXT = 10_000
MALFORMED = "MalformedQueryException"
LIMIT_EXCEEDED = "LimitExceededException"
NO_ESTIMATE = QueryProblem(sentence="AWS offers no estimate here.")
NOT_READ = QueryProblem(sentence="AWS's estimate could not be read.")
DOUBTFUL = QueryProblem(
    sentence="This endpoint answers queries without doing what they say, so its rows would be wrong.",
    remedy="Ask AWS itself, or `lambdatop demo`.",
)
LOST_START = QueryProblem(
    sentence="The connection broke off while the query was being started; it may be running at AWS.",
    remedy="Run it again; what runs already ends by itself.",
)
CIRCLES = QueryProblem(sentence="The pages of an Insights query go in circles.")
TOO_LONG = QueryProblem(
    sentence="The query took longer than the 60 minutes that AWS allows.",
    remedy="Ask for less time or fewer log groups.",
)
_BY_STATUS: dict[str, QueryProblem] = {
    "Failed": QueryProblem(sentence="The Insights query failed."),
    "Cancelled": QueryProblem(sentence="Somebody stopped the Insights query."),
    "Timeout": QueryProblem(sentence="The Insights query took longer than AWS allows.", remedy=TOO_LONG.remedy),
}
_REMEDIES = {
    LIMIT_EXCEEDED: "It starts when one of them ends.",
    "ResourceNotFoundException": "Choose log groups that exist in this region.",
}
_POSITION = re.compile(r"line (\d+)(?: and position |:)(\d+)")
_SERVICE_NOTE = re.compile(r"\s*\(Service: .*\)\s*$", re.DOTALL)


def objection(run: QueryRun) -> QueryProblem | None:
    """Return why a query cannot be asked as it is, where that is plain without asking."""
    if not run.log_groups and not names_source(run.text):
        return QueryProblem(sentence="No log group is named.", remedy="Choose some, or begin the query with SOURCE.")
    if len(run.log_groups) > MAX_QUERY_GROUPS:
        sentence = f"A query can name {MAX_QUERY_GROUPS} log groups; these are {len(run.log_groups)}."
        return QueryProblem(sentence=sentence, remedy="Choose fewer, or begin the query with SOURCE and a name prefix.")
    if len(run.text) > MAX_TEXT:
        return QueryProblem(sentence=f"A query can have {MAX_TEXT:,} characters; this has {len(run.text):,}.")
    if run.end_s < run.start_s:
        return QueryProblem(sentence="The time range ends before it begins.")
    return None


def problem_of(failure: SourceFailure, text: str) -> QueryProblem:
    """Say what a refused StartQuery means; `text` is the query that was sent."""
    message = message_of(failure)
    start, end = position_of(failure, text) if failure.code == MALFORMED else (None, None)
    return QueryProblem(
        sentence=_sentence(failure, message),
        code=failure.code,
        remedy=_REMEDIES.get(failure.code, failure.remedy),
        start=start,
        end=end,
    )


def is_about_estimate(problem: QueryProblem, text: str) -> bool:
    """Return whether it is the `estimate` behind a query's text that is not understood, and not the query.

    >>> is_about_estimate(QueryProblem(sentence="no viable input at 'estimate'", code=MALFORMED), "limit 5")
    True
    """
    if problem.code != MALFORMED:
        return False
    return problem.start >= len(text.rstrip()) if problem.start is not None else "estimate" in problem.sentence


def message_of(failure: SourceFailure) -> str:
    """Return AWS's own words, without the note on service and request that it ends them with."""
    response = getattr(failure.__cause__, "response", None)
    if isinstance(response, dict):
        compiled = _members(response.get("queryCompileError")).get("message")
        message = str(compiled or _members(response.get("Error")).get("Message") or "")
    else:
        message = failure.sentence.partition(failure.code)[2] if failure.code else ""
    return " ".join(_SERVICE_NOTE.sub("", message).split())


def position_of(failure: SourceFailure, text: str) -> tuple[int | None, int | None]:
    """Return where in the text AWS found the mistake: its location, or the line and position that its words name."""
    response = getattr(failure.__cause__, "response", None)
    location = _members(_members(_members(response).get("queryCompileError")).get("location"))
    start, end = location.get("startCharOffset"), location.get("endCharOffset")
    if isinstance(start, int):
        start = min(max(0, start), len(text))
        return start, min(max(start + 1, end if isinstance(end, int) else 0), max(len(text), start))
    named = _POSITION.search(message_of(failure))
    if named is None:
        return None, None
    lines = text.splitlines(keepends=True)
    start = min(sum(map(len, lines[: int(named[1]) - 1])) + int(named[2]), len(text))
    return start, min(start + 1, len(text))


def ended_badly(status: str) -> QueryProblem:
    """Say what a status of AWS's means that no rows come with."""
    return _BY_STATUS.get(status) or QueryProblem(sentence=f"The Insights query ended as {status}.")


def goes_on(failure: SourceFailure) -> QueryProblem:
    """Say that a query has not ended although its answers cannot be had now."""
    return QueryProblem(
        sentence=f"{failure.sentence} The query goes on at AWS.", code=failure.code, remedy=failure.remedy
    )


def not_stopped(failure: SourceFailure) -> QueryProblem:
    """Say that a query goes on that was to be stopped."""
    return QueryProblem(
        sentence=f"The query could not be stopped at AWS: {failure.sentence}", code=failure.code, remedy=failure.remedy
    )


def passed_limit(scanned: float, limit: float) -> QueryProblem:
    """Say that a query was stopped since it scanned more than was allowed.

    >>> passed_limit(12.34e9, 10e9).sentence
    'Stopped after 12.3 GB were scanned ($0.062): more than the 10.0 GB that were allowed.'
    >>> passed_limit(52_340, 90).sentence
    'Stopped after 52.3 kB were scanned (less than $0.001): more than the 90 bytes that were allowed.'
    """
    sentence = (
        f"Stopped after {_size(scanned)} were scanned ({_dollars(insights_price_usd(scanned))}):"
        f" more than the {_size(limit)} that were allowed."
    )
    return QueryProblem(sentence=sentence, remedy="Allow more, or ask for less time or fewer log groups.")


def no_money(wait_s: float) -> QueryProblem:
    """Say that a query waits for money."""
    sentence = f"The query waits for {wait_s:.0f} s: it would cost more than --max-cost-per-hour allows."
    return QueryProblem(sentence=sentence, remedy="Raise --max-cost-per-hour.")


def _sentence(failure: SourceFailure, message: str) -> str:
    if failure.code == LIMIT_EXCEEDED:
        return "As many Insights queries run in this account and region as AWS allows (100), dashboards' included."
    if failure.code == MALFORMED:
        return f"Logs Insights does not understand the query: {message or 'it does not say why'}"
    if failure.code == "ResourceNotFoundException" and message:
        return f"A log group of the query does not exist: {message}"
    if failure.code == "InvalidParameterException" and message:
        return f"AWS does not accept the query: {message}"
    return failure.sentence


def _size(count: float) -> str:
    unit, name = next((one for one in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if count >= one[0] / 10), (1.0, "bytes"))
    return f"{count / unit:.1f} {name}" if unit > 1 else f"{count:.0f} {name}"


def _dollars(usd: float) -> str:
    return f"${usd:.3f}" if usd >= 0.0005 else "less than $0.001"


def _members(value: Any) -> Mapping[str, Any]:  # noqa: ANN401  what AWS sent
    return value if isinstance(value, dict) else {}
