"""A report in Prometheus' text exposition format 0.0.4, for a textfile collector.

All samples are gauges over the report's window, in base units (seconds, bytes, shares 0 to 1); what is unknown is
left out, since Prometheus has no null.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lambdatop.render.report_document import Document

_MEGABYTE = 1024 * 1024
_QUANTILES = {"p50": "0.5", "p95": "0.95", "p99": "0.99", "max": "1"}

Labels = Mapping[str, str]
Sample = tuple[Labels, float | None]


class _Family(NamedTuple):
    """One metric with all its samples."""

    name: str
    help: str
    samples: Iterable[Sample]


def report_prometheus(report: Document) -> str:
    """Return the report as exposition text."""
    lines: list[str] = []
    for family in (*_function_families(report), *_scope_families(report), *_program_families(report)):
        samples = [(labels, value) for labels, value in family.samples if value is not None]
        if samples:
            lines.append(f"# HELP lambdatop_{family.name} {family.help}")
            lines.append(f"# TYPE lambdatop_{family.name} gauge")
            lines.extend(_sample(family.name, labels, value) for labels, value in samples)
    return "".join(f"{line}\n" for line in lines)


def _function_families(report: Document) -> Iterator[_Family]:
    functions = [(_labels(function), function) for function in report["functions"]]

    def gauge(name: str, text: str, field: str, factor: float = 1) -> _Family:
        values = ((labels, function[field]) for labels, function in functions)
        return _Family(name, text, [(labels, None if value is None else value * factor) for labels, value in values])

    yield gauge("function_invocations", "Invocations in the window.", "invocations")
    yield gauge("function_errors", "Failed invocations in the window.", "errors")
    yield gauge("function_error_ratio", "Failed invocations per invocation.", "error_rate")
    yield _Family("function_errors_by_kind", "Failed invocations by kind.", [
        ({**labels, "kind": kind}, number)
        for labels, function in functions for kind, number in function["error_kinds"].items()
    ])  # fmt: skip
    yield gauge("function_application_errors", "Application log lines at ERROR or FATAL.", "application_errors")
    yield gauge("function_throttles", "Invocations that Lambda refused.", "throttles")
    yield gauge("function_throttle_ratio", "Throttles per attempted invocation.", "throttle_rate")
    yield gauge("function_cold_starts", "Invocations with an init or restore phase.", "cold_starts")
    yield gauge("function_cold_start_ratio", "Cold starts per invocation.", "cold_start_rate")
    yield gauge("function_restores", "SnapStart restores among the cold starts.", "restores")
    yield _Family("function_concurrency", "Concurrent invocations and their settings.", [
        ({**labels, "of": of}, number)
        for labels, function in functions for of, number in function["concurrency"].items()
    ])  # fmt: skip
    for field, text in (("duration", "Duration"), ("init_duration", "Init duration"), ("restore_duration", "Restore")):
        yield _Family(f"function_{field}_seconds", f"{text} quantiles over the window.", [
            ({**labels, "quantile": quantile}, _seconds(function[f"{field}_ms"][percentile]))
            for labels, function in functions for percentile, quantile in _QUANTILES.items()
        ])  # fmt: skip
    yield gauge("function_memory_size_bytes", "Memory setting.", "memory_size_mb", _MEGABYTE)
    yield gauge("function_max_memory_used_bytes", "Most memory used.", "max_memory_used_mb", _MEGABYTE)
    yield gauge("function_billed_duration_seconds", "Billed duration in the window.", "billed_duration_ms", 0.001)
    yield gauge("function_cost_usd", "Cost of the window in US dollars, by list price.", "cost_usd")


def _scope_families(report: Document) -> Iterator[_Family]:
    yield _Family("account_concurrency", "Concurrency ceilings and use.", [
        (_scope(account) | {"of": of}, number)
        for account in report["accounts"] for of, number in account["concurrency"].items()
    ])  # fmt: skip
    queues = [({"queue": queue["name"], "arn": queue["arn"]}, queue) for queue in report["queues"]]
    for name, text, field in (
        ("queue_messages", "Messages waiting in a dead-letter queue.", "depth"),
        ("queue_messages_in_flight", "Messages of a dead-letter queue being handled.", "in_flight"),
        ("queue_oldest_message_age_seconds", "Age of the oldest message.", "age_of_oldest_s"),
    ):
        yield _Family(name, text, [(labels, queue[field]) for labels, queue in queues])
    traces = report["traces"]
    yield _Family("traces", "Sampled traces in the window.", [({}, traces["count"])])
    yield _Family(
        "traces_by_status", "Sampled traces by what went wrong.",
        [({"status": status}, traces[f"{status}s"]) for status in ("fault", "error", "throttle")],
    )  # fmt: skip
    yield _Family(
        "trace_duration_seconds", "Response time quantiles of sampled traces.",
        [({"quantile": _QUANTILES[name]}, value) for name, value in traces["duration_s"].items()],
    )  # fmt: skip


def _program_families(report: Document) -> Iterator[_Family]:
    yield _Family(
        "source_up", "1 where a source of numbers works.",
        [({"source": source["name"]}, float(source["status"] in ("working", "late"))) for source in report["sources"]],
    )  # fmt: skip
    yield _Family(
        "source_lag_seconds", "Age of the newest moment a source is complete to.",
        [({"source": source["name"]}, source["lag_s"]) for source in report["sources"]],
    )  # fmt: skip
    api = report["api"]
    calls = [({"operation": operation}, number) for operation, number in api["calls"].items()]
    yield _Family("api_calls", "Calls to AWS that the report took.", calls)
    yield _Family("api_throttled", "Calls to AWS that were throttled.", [({}, api["throttled"])])
    yield _Family("api_cost_usd", "Cost of those calls in US dollars.", [({}, api["cost_usd"])])


def _labels(function: Document) -> dict[str, str]:
    return _scope(function) | {"function": function["name"]}


def _scope(owner: Document) -> dict[str, str]:
    return {"account_id": owner["account_id"], "region": owner["region"]}


def _seconds(value_ms: float | None) -> float | None:
    return None if value_ms is None else value_ms / 1000


def _sample(name: str, labels: Labels, value: float) -> str:
    inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"lambdatop_{name}{f'{{{inner}}}' if inner else ''} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
