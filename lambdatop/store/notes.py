"""Why a function's numbers are missing, partial or from elsewhere, in sentences."""

from collections.abc import Iterable

from lambdatop.model.statistics import Note, WindowStatistics
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.log_ledger import LogGroupState

HIDDEN_FIELDS = ("invocations", "cold_starts", "duration_ms", "concurrency_peak", "billed_duration_ms", "cost_usd")
LOG_FIELDS = (*HIDDEN_FIELDS, "errors")
MANAGED_FIELDS = ("cold_starts", "init_duration_ms", "max_memory_used_mb", "billed_duration_ms", "cost_usd")


def notes_of(ledger: FunctionLedger, statistics: WindowStatistics, group: LogGroupState | None) -> Iterable[Note]:
    """Everything that is to be said about a function's numbers."""
    yield from _of_its_kind(ledger)
    yield from _of_its_logs(ledger, group)
    if statistics.throttles is None:
        yield Note(field="throttles", text="only a CloudWatch metric knows throttles, and it has not been read")
    found = statistics.error_kinds.total
    if statistics.metric_errors is not None and statistics.metric_errors > found:
        text = f"CloudWatch counts {statistics.metric_errors} errors, the logs show {found} of them"
        yield Note(field="errors", text=text)


def _of_its_kind(ledger: FunctionLedger) -> Iterable[Note]:
    hidden = ledger.function.hidden_reports
    if hidden:
        yield from (Note(field=field, text=hidden) for field in HIDDEN_FIELDS)
    if ledger.function.is_managed_instances:
        text = "Managed Instances report no init, memory or billed duration"
        yield from (Note(field=field, text=text) for field in MANAGED_FIELDS)
    elif ledger.concurrency.provisioned_available:
        text = "priced as if every invocation ran in a provisioned environment; keeping those is not included"
        yield Note(field="cost_usd", text=text)
    if ledger.function.is_durable:
        yield Note(field="invocations", text="a durable function's replays are invocations too")


def _of_its_logs(ledger: FunctionLedger, group: LogGroupState | None) -> Iterable[Note]:
    if ledger.log_group_note is not None:
        yield from (Note(field=field, text=ledger.log_group_note) for field in LOG_FIELDS)
    elif group is None:
        yield Note(field="invocations", text="its log group has not been read yet")
    if group is not None and not group.is_full:
        yield Note(field="application_errors", text="only platform and failure lines are read of this function")
    if ledger.dropped_log_lines:
        text = f"Lambda dropped log lines {ledger.dropped_log_lines} times, so some numbers are too low"
        yield Note(field="invocations", text=text)
