"""The doctor's questions about the account, all but its logs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import EventSourceMapping
from lambdatop.sources.api_price import GET_METRIC_DATA_USD_PER_METRIC, SQS_USD_PER_REQUEST, XRAY_USD_PER_TRACE
from lambdatop.sources.event_sources import function_name
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.fast_decode import metric_data_page
from lambdatop.sources.function_catalogue import function_of
from lambdatop.sources.identity import UNKNOWN_ACCOUNT_ID
from lambdatop.sources.log_volume import bytes_logged
from lambdatop.sources.metrics import ACCOUNT_METRICS, FUNCTION_METRICS, MINUTE_MS, Metrics
from lambdatop.sources.probe import Finding, Ground, NotTried, Probe, TimedCall
from lambdatop.sources.queues import Queues
from lambdatop.sources.traces import OVERLAP_MS, Traces

HOUR_MS = 3_600_000
ENOUGH_FUNCTIONS = 50
ACCOUNT_METRICS_USD_PER_HOUR = len(ACCOUNT_METRICS) * HOUR_MS / Metrics.interval_ms * GET_METRIC_DATA_USD_PER_METRIC
FUNCTION_METRICS_USD_PER_HOUR = len(FUNCTION_METRICS) * 60 * GET_METRIC_DATA_USD_PER_METRIC
QUEUE_USD_PER_HOUR = HOUR_MS / Queues.interval_ms * SQS_USD_PER_REQUEST
TRACE_WINDOW_MS = Traces.interval_ms + OVERLAP_MS


def look_at_identity(call: TimedCall, ground: Ground) -> Finding:
    """Ask who is asking; functions tell the account too, so probes after this one do not depend on it."""
    answer = call("sts", "GetCallerIdentity")
    ground.scope = Scope(str(answer.get("Account", UNKNOWN_ACCOUNT_ID)), call.aws.clients.region or "")
    ground.identity_arn = str(answer.get("Arn", ""))
    return Finding(f"These credentials are {ground.identity_arn}.")


def look_at_functions(call: TimedCall, ground: Ground) -> Finding:
    """List functions until there are some whose names match."""
    scope = ground.scope or Scope(UNKNOWN_ACCOUNT_ID, call.aws.clients.region or "")
    marker: dict[str, Any] = {}
    while True:
        answer = call("lambda", "ListFunctions", MaxItems=50, **marker)
        functions = tuple(function_of(entry, scope) for entry in answer.get("Functions", []))
        ground.functions += tuple(one for one in functions if _is_wanted(one.key.name, ground.patterns))
        has_more = bool(answer.get("NextMarker")) and answer["NextMarker"] != marker.get("Marker")
        if not has_more or len(ground.functions) >= ENOUGH_FUNCTIONS:
            break
        marker = {"Marker": answer["NextMarker"]}
    ground.has_more_functions = has_more
    more = " and more" if has_more else ""
    wanted = f" match {', '.join(ground.patterns)}" if ground.patterns else ""
    return Finding(f"{len(ground.functions)} functions{more}{wanted}.")


def look_at_account_concurrency(call: TimedCall, ground: Ground) -> Finding:
    """Ask for the account's ceilings."""
    answer = call("lambda", "GetAccountSettings")
    ground.function_count = answer.get("AccountUsage", {}).get("FunctionCount")
    limits = answer.get("AccountLimit", {})
    if "ConcurrentExecutions" not in limits:
        raise SourceFailure("absent", "This endpoint does not tell the account's concurrency limit.")
    return Finding(f"The account's limit is {limits['ConcurrentExecutions']}.")


def look_at_reserved_concurrency(call: TimedCall, ground: Ground) -> Finding:
    """Ask for one function's."""
    name = a_function(ground)
    reserved = call("lambda", "GetFunctionConcurrency", FunctionName=name).get("ReservedConcurrentExecutions")
    return Finding(f"{name} has {'none' if reserved is None else reserved}.")


def look_at_provisioned_concurrency(call: TimedCall, ground: Ground) -> Finding:
    """Ask for one function's."""
    name = a_function(ground)
    entries = call("lambda", "ListProvisionedConcurrencyConfigs", FunctionName=name)
    return Finding(f"{name} has {len(entries.get('ProvisionedConcurrencyConfigs', [])) or 'none'}.")


def look_at_mappings(call: TimedCall, ground: Ground) -> Finding:
    """List the first hundred."""
    answer = call("lambda", "ListEventSourceMappings", MaxItems=100)
    scope = ground.scope or Scope(UNKNOWN_ACCOUNT_ID, call.aws.clients.region or "")
    ground.mappings = tuple(
        EventSourceMapping(
            uuid=entry.get("UUID", ""),
            function=FunctionKey(*scope, function_name(entry.get("FunctionArn", ""))),
            event_source_arn=entry.get("EventSourceArn"),
            on_failure_arn=((entry.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination"),
        )
        for entry in answer.get("EventSourceMappings", [])
    )
    return Finding(f"{len(ground.mappings)} mappings{' and more' if answer.get('NextMarker') else ''}.")


def look_at_destinations(call: TimedCall, ground: Ground) -> Finding:
    """Ask for one function's."""
    name = a_function(ground)
    answer = call("lambda", "ListFunctionEventInvokeConfigs", FunctionName=name)
    return Finding(f"{name} has {len(answer.get('FunctionEventInvokeConfigs', [])) or 'none'}.")


def look_at_metrics(call: TimedCall, ground: Ground) -> Finding:
    """Ask for one metric of the last minutes, and how much was logged in the last hour."""
    end_ms = call.aws_now_ms
    query = {
        "Id": "invocations",
        "MetricStat": {
            "Metric": {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": []},
            "Period": 60,
            "Stat": "Sum",
        },
    }
    page = metric_data_page(
        call(
            "cloudwatch",
            "GetMetricData",
            MetricDataQueries=[query],
            StartTime=_moment(end_ms - 15 * MINUTE_MS),
            EndTime=_moment(end_ms),
        )
    )
    ground.bytes_per_hour = bytes_logged(call, end_ms - HOUR_MS, end_ms, end_ms)
    points = sum(len(result.values) for result in page.metric_data_results)
    each = f"${FUNCTION_METRICS_USD_PER_HOUR:.4f}"
    return Finding(f"{points} minutes with invocations in the last 15; each function seen adds {each} an hour.")


def look_at_queues(call: TimedCall, ground: Ground) -> Finding:
    """Ask for the depth of a real dead-letter queue, or for the redrive policy of a queue that feeds a function."""
    arn, is_source = next(iter(_queue_arns(ground)), (None, False))
    if arn is None:
        raise NotTried("No queue is known to try it on.")
    parts = arn.split(":")
    url = call("sqs", "GetQueueUrl", QueueName=parts[5], QueueOwnerAWSAccountId=parts[4]).get("QueueUrl", "")
    attribute = "RedrivePolicy" if is_source else "ApproximateNumberOfMessages"
    attributes = call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=[attribute]).get("Attributes", {})
    if is_source:
        return Finding(f"{parts[5]} feeds a function and can be read.")
    return Finding(f"{parts[5]} holds {attributes.get(attribute, 'an unknown number of')} messages.")


def look_at_traces(call: TimedCall, _ground: Ground) -> Finding:
    """Read summaries of the window that the screen reads each time; AWS charges for the traces in it."""
    end_ms = call.aws_now_ms
    answer = call("xray", "GetTraceSummaries", StartTime=_moment(end_ms - TRACE_WINDOW_MS), EndTime=_moment(end_ms))
    traces = max(int(answer.get("TracesProcessedCount") or 0), len(answer.get("TraceSummaries", ())))
    price_usd = traces * XRAY_USD_PER_TRACE * HOUR_MS / Traces.interval_ms
    return Finding(f"{traces} traces in the last {TRACE_WINDOW_MS // 1000} s.", price_usd=price_usd)


def look_at_trace_destination(call: TimedCall, _ground: Ground) -> Finding:
    """Ask whether segments still go to X-Ray."""
    destination = call("xray", "GetTraceSegmentDestination").get("Destination", "XRay")
    if destination == "CloudWatchLogs":
        return Finding("Transaction Search is on, so X-Ray knows only the indexed part of the traces.")
    return Finding(f"Segments go to {destination}.")


IDENTITY = Probe("identity", "sts:GetCallerIdentity", look_at_identity)
FUNCTIONS = Probe("functions", "lambda:ListFunctions", look_at_functions)
ACCOUNT_CONCURRENCY = Probe("account limit", "lambda:GetAccountSettings", look_at_account_concurrency)
RESERVED_CONCURRENCY = Probe("reserved", "lambda:GetFunctionConcurrency", look_at_reserved_concurrency)
PROVISIONED_CONCURRENCY = Probe(
    "provisioned", "lambda:ListProvisionedConcurrencyConfigs", look_at_provisioned_concurrency
)
MAPPINGS = Probe("event sources", "lambda:ListEventSourceMappings", look_at_mappings)
DESTINATIONS = Probe("destinations", "lambda:ListFunctionEventInvokeConfigs", look_at_destinations)
METRICS = Probe("metrics", "cloudwatch:GetMetricData", look_at_metrics, ACCOUNT_METRICS_USD_PER_HOUR)
QUEUES = Probe("queues", "sqs:GetQueueAttributes", look_at_queues, QUEUE_USD_PER_HOUR)
TRACES = Probe("traces", "xray:GetTraceSummaries", look_at_traces, None)
TRACE_DESTINATION = Probe("trace store", "xray:GetTraceSegmentDestination", look_at_trace_destination, is_optional=True)


def a_function(ground: Ground) -> str:
    """Return the name of a function to ask about: a listed one, or one that was asked for by its whole name."""
    names = [function.key.name for function in ground.functions] or ground.whole_names
    if not names:
        wanted = f" that matches {', '.join(ground.patterns)}" if ground.patterns else ""
        raise NotTried(f"No function{wanted} is known to try it on.")
    return names[0]


def _is_wanted(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _queue_arns(ground: Ground) -> Iterator[tuple[str, bool]]:
    """Yield queues by ARN, dead-letter queues first, and whether each feeds a function."""
    wanted = {function.key.name for function in ground.functions}
    mappings = [one for one in ground.mappings if one.function.name in wanted]
    targets = [function.dead_letter_target_arn for function in ground.functions]
    targets += [mapping.on_failure_arn for mapping in mappings]
    for arn, is_source in [
        *((target, False) for target in targets),
        *((mapping.event_source_arn, True) for mapping in mappings),
    ]:
        if arn and arn.split(":")[2:3] == ["sqs"] and len(arn.split(":")) == 6:
            yield arn, is_source


def _moment(timestamp_ms: int) -> datetime:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
