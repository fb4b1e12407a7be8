"""A snapshot as `lambdatop report --format json` prints it, schema `lambdatop.report/1`.

Shares are 0 to 1, times are ISO 8601 in UTC. What cannot be known is None, and a note beside it says why.
"""

from typing import Any

from lambdatop.model.queue_depth import QueueDepth
from lambdatop.model.reading import COUNTED_BY_INSIGHTS, ReadingChoice
from lambdatop.model.snapshot import AccountSnapshot, ErrorGroup, LogEventReference, Snapshot
from lambdatop.model.source_status import ApiUsage, GroupLedger, SourceStatus, TailLedger
from lambdatop.model.statistics import FAILURE_KINDS, FunctionQueue, FunctionStatistics, Percentiles, WindowStatistics
from lambdatop.render.freshness import BROKEN, of_kinds
from lambdatop.render.units import iso_8601

SCHEMA = "lambdatop.report/1"

Document = dict[str, Any]
"""A JSON object."""


def report_document(snapshot: Snapshot) -> Document:
    """Return the report of a snapshot over its window."""
    end_ms = snapshot.total.end_ms if snapshot.total else snapshot.taken_at_ms
    return {
        "schema": SCHEMA,
        "generated_at": iso_8601(snapshot.taken_at_ms),
        "window": {"start": iso_8601(snapshot.window_start_ms), "end": iso_8601(end_ms)},
        "accounts": [_account(account) for account in snapshot.accounts],
        "total": _total(snapshot),
        "functions": [_function(function) for function in snapshot.functions],
        "queues": [_queue(queue) for queue in snapshot.queues],
        "traces": _traces(snapshot),
        "errors": [_error_group(group) for group in snapshot.error_groups],
        "sources": [_source(source) for source in snapshot.sources],
        "api": _api(snapshot.api),
        "notes": [snapshot.notice] if snapshot.notice else [],
    }


def counters(statistics: WindowStatistics, *, has_reports: bool = True, has_logs: bool = True) -> Document:
    """Return a window's counters; what only reports tell is None without them, what only logs tell without logs.

    Without reports, failures are still logged; without logs, CloudWatch metrics are all there is.
    """
    read = statistics if has_logs and has_reports else None
    invocations = statistics.best_invocations if read else statistics.metric_invocations
    errors = statistics.errors if has_logs else statistics.metric_errors
    has_rate = invocations is not None and errors is not None
    kinds = statistics.error_kinds if has_logs else None
    return {
        "invocations": invocations,
        "errors": errors,
        "error_rate": statistics.error_rate if has_rate else None,
        "error_kinds": {kind: getattr(kinds, kind, None) for kind in FAILURE_KINDS},
        "application_errors": statistics.application_errors if has_logs else None,
        "throttles": statistics.throttles,
        "throttle_rate": statistics.throttle_rate if invocations is not None else None,
        "cold_starts": read.cold_starts if read else None,
        "cold_start_rate": read.cold_start_rate if read else None,
        "restores": read.restores if read else None,
        "duration_ms": _percentiles(read.duration_ms if read else None),
        "init_duration_ms": _percentiles(read.init_duration_ms if read else None),
        "restore_duration_ms": _percentiles(read.restore_duration_ms if read else None),
        "max_memory_used_mb": read.max_memory_used_mb if read else None,
        "billed_duration_ms": read.billed_duration_ms if read else None,
        "cost_usd": read.cost_usd if read else None,
    }


def _total(snapshot: Snapshot) -> Document | None:
    """Return the counters of all functions together, of which nothing is known by logs while no function's are."""
    if snapshot.total is None:
        return None
    return counters(snapshot.total, has_logs=not snapshot.functions or any(map(_has_logs, snapshot.functions)))


def _function(row: FunctionStatistics) -> Document:
    function = row.function
    has_reports, has_logs = function.hidden_reports is None, _has_logs(row)
    numbers = counters(row.window, has_reports=has_reports, has_logs=has_logs)
    durations = {name: numbers.pop(name) for name in tuple(numbers) if name.endswith("duration_ms")}
    memory_and_cost = {name: numbers.pop(name) for name in ("max_memory_used_mb", "cost_usd")}
    return {
        "account_id": row.key.account_id,
        "region": row.key.region,
        "name": row.key.name,
        "runtime": function.runtime,
        "memory_size_mb": function.memory_size_mb,
        "health": {
            "state": row.health.state,
            "reason": row.health.reason,
            "since": iso_8601(row.health.since_ms),
        },
        **numbers,
        "concurrency": {
            "now": row.concurrency_now if has_logs else None,
            "peak": row.window.concurrency_peak if has_logs else None,
            "metric_max": row.window.metric_concurrency_max,
            "reserved": row.concurrency.reserved,
            "provisioned": row.concurrency.provisioned_requested,
        },
        **durations,
        **memory_and_cost,
        "dead_letter_queue": _function_queue(row.queue),
        "versions": [
            {"version": version.version, **counters(version.statistics, has_reports=has_reports)}
            for version in row.versions
        ],
        "notes": _notes(row),
    }


def _has_logs(row: FunctionStatistics) -> bool:
    """Return whether zero invocations in the logs mean none: not where a note says that they may not have been seen."""
    hidden = row.function.hidden_reports
    beside = (hidden, COUNTED_BY_INSIGHTS)
    is_doubted = any(note.field == "invocations" and note.text not in beside for note in row.notes)
    return row.window.invocations > 0 or not is_doubted


def _function_queue(queue: FunctionQueue | None) -> Document | None:
    if queue is None:
        return None
    return {"name": queue.name, "depth": queue.depth, "age_of_oldest_s": queue.age_of_oldest_s}


def _notes(row: FunctionStatistics) -> list[str]:
    """Return a sentence for each reason, with the numbers that it is about."""
    fields: dict[str, list[str]] = {}
    for note in row.notes:
        fields.setdefault(note.text, []).append(note.field)
    hidden = row.function.hidden_reports
    if hidden is not None:
        fields.setdefault(hidden, ["invocations"])
    return [f"{', '.join(names)}: {text}" for text, names in fields.items()]


def _percentiles(percentiles: Percentiles | None) -> Document:
    if percentiles is None:
        return {"p50": None, "p95": None, "p99": None, "max": None}
    return {"p50": percentiles.p50, "p95": percentiles.p95, "p99": percentiles.p99, "max": percentiles.max}


def _account(account: AccountSnapshot) -> Document:
    ceilings = account.ceilings
    peaks = [peak for peak in (account.peak, account.metric_max) if peak is not None]
    return {
        "account_id": account.scope.account_id,
        "region": account.scope.region,
        "concurrency": {
            "limit": ceilings.limit if ceilings else None,
            "unreserved": ceilings.unreserved if ceilings else None,
            "in_use": account.in_use,
            "peak": max(peaks, default=None),
        },
    }


def _queue(queue: QueueDepth) -> Document:
    return {
        "name": queue.name,
        "arn": queue.arn,
        "depth": queue.depth,
        "in_flight": queue.in_flight,
        "age_of_oldest_s": queue.age_of_oldest_s,
        "sources": [
            {"function": source.function.name, "role": source.role, "via": source.via} for source in queue.sources
        ],
        "notes": [queue.note] if queue.note else [],
    }


def _traces(snapshot: Snapshot) -> Document:
    traces = snapshot.traces
    sources = of_kinds(snapshot.sources, ("trace",))
    is_read = traces.count > 0 or any(source.state not in (*BROKEN, "starting") for source in sources)
    durations = _percentiles(traces.duration_s)
    notes = [] if is_read else [f"{source.name}: {source.detail or source.state}" for source in sources]
    return {
        "count": traces.count if is_read else None,
        "faults": traces.faults if is_read else None,
        "errors": traces.errors if is_read else None,
        "throttles": traces.throttles if is_read else None,
        "duration_s": {name: durations[name] for name in ("p50", "p95", "p99")},
        "slowest": [
            {
                "id": trace.trace_id,
                "duration_s": trace.duration_s if trace.response_time_s is None else trace.response_time_s,
                "status": trace.status,
                "entry_point": trace.entry_point,
            }
            for trace in traces.slowest
        ],
        "notes": [*notes, *([traces.blind_reason] if traces.blind_reason else [])],
    }


def _error_group(group: ErrorGroup) -> Document:
    return {
        "signature": group.signature,
        "kind": group.kind,
        "message": group.message,
        "count": group.count,
        "first_seen": iso_8601(group.first_seen_ms),
        "last_seen": iso_8601(group.last_seen_ms),
        "functions": [function.name for function in group.functions],
        "error_type": group.error_type,
        "frame": group.frame,
        "function_count": group.function_count,
        "versions": list(group.versions),
        "rate_per_minute": group.rate_per_minute,
        "trend": list(group.trend),
        "is_new": group.is_new,
        "new_reason": group.new_reason,
        "deployed_at": iso_8601(group.deployed_ms),
        "sample": None if group.sample is None else _log_event_reference(group.sample),
    }


def _log_event_reference(reference: LogEventReference) -> Document:
    return {
        "function": reference.function.name,
        "version": reference.version,
        "log_group": reference.log_group,
        "log_stream": reference.log_stream,
        "timestamp": iso_8601(reference.timestamp_ms),
        "request_id": reference.request_id,
    }


def _source(source: SourceStatus) -> Document:
    return {
        "name": source.name,
        "status": source.state,
        "lag_s": None if source.lag_ms is None else source.lag_ms / 1000,
        "detail": source.detail,
        "remedy": source.remedy,
        "expires_at": iso_8601(source.expires_at_ms),
        "reading": None if source.reading is None else _reading(source.reading),
        "ledger": None if source.ledger is None else _ledger(source.ledger),
        "log_groups": [_log_group(group) for group in source.log_groups],
    }


def _reading(reading: ReadingChoice) -> Document:
    past = reading.backfill
    return {
        "choice": reading.choice,
        "reason": reading.sentence,
        "remedy": reading.remedy,
        "is_forced": reading.is_forced,
        "since": iso_8601(reading.since_ms),
        "sweep_round_s": reading.sweep_staleness_s,
        "insights_usd_per_hour": reading.insights_usd_per_hour,
        "past": None
        if past is None
        else {
            "choice": past.mode,
            "reason": past.sentence,
            "sweep_s": past.sweep_s,
            "bytes_logged": past.bytes_logged,
            "cost_usd": past.cost_usd,
            "needs_consent": past.needs_consent,
        },
    }


def _log_group(group: GroupLedger) -> Document:
    return {
        "log_group": group.log_group,
        "complete_to": iso_8601(group.swept_to_ms),
        "unread_s": group.unread_ms / 1000,
        "trouble": group.trouble,
        "ledger": _ledger(group.ledger),
    }


def _ledger(ledger: TailLedger) -> Document:
    return {name: getattr(ledger, name) for name in ledger.__struct_fields__}


def _api(usage: ApiUsage) -> Document:
    return {
        "calls": dict(sorted(usage.calls.items())),
        "throttled": usage.throttled,
        "cost_usd": usage.cost_usd,
        "max_cost_usd_per_hour": usage.max_cost_usd_per_hour,
        "slowed": list(usage.slowed),
    }
