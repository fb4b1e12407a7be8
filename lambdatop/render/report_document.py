"""A snapshot as `lambdatop report --format json` prints it, schema `lambdatop.report/1`.

Shares are 0 to 1, times are ISO 8601 in UTC. What cannot be known is None, and a note beside it says why.
"""

from typing import Any

from lambdatop.model.queue_depth import QueueDepth
from lambdatop.model.snapshot import AccountSnapshot, ErrorGroup, Snapshot, TraceStatistics
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.statistics import FAILURE_KINDS, FunctionStatistics, Percentiles, WindowStatistics
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
        "total": None if snapshot.total is None else counters(snapshot.total),
        "functions": [_function(function) for function in snapshot.functions],
        "queues": [_queue(queue) for queue in snapshot.queues],
        "traces": _traces(snapshot.traces),
        "errors": [_error_group(group) for group in snapshot.error_groups],
        "sources": [_source(source) for source in snapshot.sources],
        "api": _api(snapshot.api),
        "notes": [snapshot.notice] if snapshot.notice else [],
    }


def counters(statistics: WindowStatistics, has_hidden_reports: bool = False) -> Document:
    """Return a window's counters; where successful reports are hidden, what only they can tell is None."""
    hidden = has_hidden_reports
    return {
        "invocations": statistics.metric_invocations if hidden else statistics.best_invocations,
        "errors": statistics.errors,
        "error_rate": None if hidden and statistics.metric_invocations is None else statistics.error_rate,
        "error_kinds": {kind: getattr(statistics.error_kinds, kind) for kind in FAILURE_KINDS},
        "application_errors": statistics.application_errors,
        "throttles": statistics.throttles,
        "throttle_rate": statistics.throttle_rate,
        "cold_starts": None if hidden else statistics.cold_starts,
        "cold_start_rate": None if hidden else statistics.cold_start_rate,
        "restores": None if hidden else statistics.restores,
        "duration_ms": _percentiles(None if hidden else statistics.duration_ms),
        "init_duration_ms": _percentiles(None if hidden else statistics.init_duration_ms),
        "restore_duration_ms": _percentiles(None if hidden else statistics.restore_duration_ms),
        "max_memory_used_mb": None if hidden else statistics.max_memory_used_mb,
        "billed_duration_ms": None if hidden else statistics.billed_duration_ms,
        "cost_usd": None if hidden else statistics.cost_usd,
    }


def _function(row: FunctionStatistics) -> Document:
    function = row.function
    hidden = function.hidden_reports is not None
    numbers = counters(row.window, has_hidden_reports=hidden)
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
            "now": row.concurrency_now,
            "peak": row.window.concurrency_peak,
            "metric_max": row.window.metric_concurrency_max,
            "reserved": row.concurrency.reserved,
            "provisioned": row.concurrency.provisioned_requested,
        },
        **durations,
        **memory_and_cost,
        "dead_letter_queue": None
        if row.queue is None
        else {
            "name": row.queue.name,
            "depth": row.queue.depth,
            "age_of_oldest_s": row.queue.age_of_oldest_s,
        },
        "versions": [
            {"version": version.version, **counters(version.statistics, has_hidden_reports=hidden)}
            for version in row.versions
        ],
        "notes": _notes(row),
    }


def _notes(row: FunctionStatistics) -> list[str]:
    notes = [f"{note.field}: {note.text}" for note in row.notes]
    hidden = row.function.hidden_reports
    if hidden is not None and not any(hidden in note for note in notes):
        notes.append(f"invocations: {hidden}")
    return notes


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


def _traces(traces: TraceStatistics) -> Document:
    durations = _percentiles(traces.duration_s)
    return {
        "count": traces.count,
        "faults": traces.faults,
        "errors": traces.errors,
        "throttles": traces.throttles,
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
        "notes": [traces.blind_reason] if traces.blind_reason else [],
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
    }


def _source(source: SourceStatus) -> Document:
    ledger = source.ledger
    return {
        "name": source.name,
        "status": source.state,
        "lag_s": None if source.lag_ms is None else source.lag_ms / 1000,
        "detail": source.detail,
        "remedy": source.remedy,
        "ledger": None if ledger is None else {name: getattr(ledger, name) for name in ledger.__struct_fields__},
    }


def _api(usage: ApiUsage) -> Document:
    return {"calls": dict(sorted(usage.calls.items())), "throttled": usage.throttled, "cost_usd": usage.cost_usd}
