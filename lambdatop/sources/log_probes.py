"""The doctor's questions about CloudWatch Logs: the tail, its filter, log classes, Live Tail and Insights."""

import contextlib
from typing import Any

from msgspec.structs import replace

from lambdatop.model.identity import Scope
from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.model.source_status import SourceState
from lambdatop.sources.account_probes import a_function
from lambdatop.sources.api_price import INSIGHTS_USD_PER_GB, LIVE_TAIL_USD_PER_MINUTE
from lambdatop.sources.failure import SourceFailure, failure_of
from lambdatop.sources.fast_decode import log_events_page
from lambdatop.sources.log_group import IS_MISSING
from lambdatop.sources.platform_pattern import IMPOSSIBLE_PATTERN, PATTERN, is_match
from lambdatop.sources.probe import Finding, Ground, NotTried, Probe, TimedCall
from lambdatop.sources.query_endpoint import QueryEndpoint
from lambdatop.sources.query_execution import QueryExecution
from lambdatop.sources.query_words import DOUBTFUL

LOOK_BACK_MS = 900_000
EVENTS = 50
GROUPS_TRIED = 5
ANSWERS_AWAITED = 20
"""How often an Insights query is asked for its result, once a second."""
INFREQUENT_ACCESS = "INFREQUENT_ACCESS"


def look_at_log_tail(call: TimedCall, ground: Ground) -> Finding:
    """Read the newest events of one group that exists; one that does not has been asked for with success too."""
    a_function(ground)
    groups = ground.log_groups[:GROUPS_TRIED]
    refusal = None
    for group in groups:
        try:
            events = log_events_page(_read(call, group, call.aws_now_ms - LOOK_BACK_MS, call.aws_now_ms)).events
        except SourceFailure as failure:
            if failure.code == IS_MISSING or "class" in failure.sentence.lower():
                continue
            if failure.state not in ("denied", "failed"):
                raise
            refusal = failure
            continue
        ground.log_group = ground.log_group or group
        if events:
            ground.log_group, ground.events = group, events
            return Finding(f"{group} was read.")
    if refusal is not None:
        raise refusal
    if ground.log_group is None:
        return Finding(f"None of {len(groups)} log groups asked for exists or can be tailed yet.")
    return Finding(f"{ground.log_group} was read; it has no event in the last {LOOK_BACK_MS // 60_000} minutes.")


def look_at_filter(call: TimedCall, ground: Ground) -> Finding:
    """Ask for lines that cannot be, which an endpoint that ignores filters finds, and for one that must be found."""
    if ground.log_group is None or not ground.events:
        raise NotTried("No log event is known to try it on.")
    at_ms = ground.events[0].timestamp_ms
    if log_events_page(_read(call, ground.log_group, at_ms, at_ms, filterPattern=IMPOSSIBLE_PATTERN)).events:
        return _ignored("ignores filter patterns")
    known = next((event for event in ground.events if is_match(event.message)), None)
    if known is not None:
        answer = _read(call, ground.log_group, known.timestamp_ms, known.timestamp_ms, filterPattern=PATTERN)
        page = log_events_page(answer)
        if not page.events and page.next_token is None:
            return _ignored("misses lines that match a filter pattern")
    return Finding("Only the lines that are asked for come.")


def look_at_log_classes(call: TimedCall, ground: Ground) -> Finding:
    """Ask which groups are of the class that cannot be tailed."""
    answer = call("logs", "DescribeLogGroups", logGroupClass=INFREQUENT_ACCESS, limit=50)
    found = {
        group.get("logGroupName", "")
        for group in answer.get("logGroups", [])
        if group.get("logGroupClass") == INFREQUENT_ACCESS
    }
    theirs = found & set(ground.log_groups)
    if theirs:
        return Finding(f"{len(theirs)} log groups are Infrequent Access, which only Insights reads.")
    return Finding("No log group of these functions is known to be Infrequent Access.")


def look_at_live_tail(call: TimedCall, ground: Ground) -> Finding:
    """Open a session, hear the first message and close it."""
    function = next((one for one in ground.functions if one.log_group == ground.log_group and one.arn), None)
    if function is None or ground.log_group is None:
        raise NotTried("No log group is known to try it on.")
    _, partition, _, region, account_id, *_ = function.arn.split(":")
    arn = f"arn:{partition}:logs:{region}:{account_id}:log-group:{ground.log_group}"
    messages = call("logs", "StartLiveTail", logGroupIdentifiers=[arn])["responseStream"]
    try:
        is_heard = next(iter(messages), None) is not None
    except Exception as error:  # a stream breaks in many ways
        raise failure_of(error, "logs:StartLiveTail", call.aws.clients.profile) from error
    finally:
        with contextlib.suppress(OSError):
            messages.close()
    call.aws.charge("StartLiveTail", LIVE_TAIL_USD_PER_MINUTE)
    if not is_heard:
        raise SourceFailure("absent", "A session ended without a word, so log groups are polled instead.")
    return Finding("A session was opened and closed; one begun minute was paid for.")


def look_at_insights(call: TimedCall, ground: Ground) -> Finding:
    """Query a minute of one group for one line, and ask what that would scan; free of charge is only the latter."""
    if ground.log_group is None:
        raise NotTried("No log group is known to try it on.")
    end_s = call.aws_now_ms // 1000
    run = QueryRun(
        number=0,
        scope=ground.scope or Scope("", ""),
        text="fields @timestamp | limit 1",
        log_groups=(ground.log_group,),
        start_s=end_s - 60,
        end_s=end_s,
    )
    endpoint = QueryEndpoint(is_trusted=None if call.clients.is_custom_endpoint else True)
    found = _ended(call, run, endpoint)
    if found is None:
        return Finding(f"A query was not done after {ANSWERS_AWAITED} s.", "slow")
    estimate = _ended(call, replace(run, is_estimate=True), endpoint)
    is_estimated = estimate is not None and estimate.estimated_bytes is not None
    scanned = found.statistics.bytes_scanned if found.statistics is not None else 0.0
    return Finding(f"A query scanned {scanned / 1e6:.1f} MB; estimates are {'' if is_estimated else 'not '}offered.")


def _ended(call: TimedCall, run: QueryRun, endpoint: QueryEndpoint) -> QueryProgress | None:
    """Run a query to its end, None where that does not come soon; raises SourceFailure where it fails."""
    execution = QueryExecution(call, run, endpoint)
    try:
        for asked in range(ANSWERS_AWAITED):
            if asked:
                call.wait(1.0)
            progress = execution.poll(call.aws_now_ms)
            if execution.is_over:
                break
            if execution.failure is not None:
                raise execution.failure
        else:
            return None
    finally:
        execution.abandon()
    if progress.status == "complete" or run.is_estimate:
        return progress
    if execution.failure is not None:
        raise execution.failure
    state: SourceState = "absent" if progress.problem == DOUBTFUL else "failed"
    sentence = progress.problem.sentence if progress.problem else f"A query ended as {progress.status}."
    raise SourceFailure(state, sentence)


LOG_TAIL = Probe("log tail", "logs:FilterLogEvents", look_at_log_tail)
FILTER = Probe("log filter", "logs:FilterLogEvents", look_at_filter, is_optional=True)
LOG_CLASSES = Probe("log classes", "logs:DescribeLogGroups", look_at_log_classes, is_optional=True)
LIVE_TAIL = Probe(
    "live tail", "logs:StartLiveTail", look_at_live_tail, LIVE_TAIL_USD_PER_MINUTE, "minute", is_optional=True
)
INSIGHTS = Probe("insights", "logs:StartQuery", look_at_insights, INSIGHTS_USD_PER_GB, "GB", is_optional=True)


def _read(call: TimedCall, group: str, start_ms: int, end_ms: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return call("logs", "FilterLogEvents", logGroupName=group, startTime=start_ms, endTime=end_ms, limit=EVENTS, **more)


def _ignored(what: str) -> Finding:
    return Finding(f"This endpoint {what}, so all lines are read and sorted out here.", "absent")
