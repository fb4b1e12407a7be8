"""Why a function's numbers are missing, partial or from elsewhere, in sentences."""

from collections.abc import Iterable

from lambdatop.model.reading import COUNTED_BY_INSIGHTS
from lambdatop.model.statistics import Note, WindowStatistics
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.provenance import MINUTE_MS, Provenance
from lambdatop.store.rolling_window import MINUTES_KEPT_MS

HIDDEN_FIELDS = ("invocations", "cold_starts", "duration_ms", "concurrency_peak", "billed_duration_ms", "cost_usd")
LOG_FIELDS = (*HIDDEN_FIELDS, "errors")
DURATION_FIELDS = ("duration_ms", "init_duration_ms", "restore_duration_ms")
ABOUT = "within 6 %"
MANAGED_FIELDS = ("cold_starts", "init_duration_ms", "max_memory_used_mb", "billed_duration_ms", "cost_usd")


def notes_of(ledger: FunctionLedger, statistics: WindowStatistics, group: LogGroupState | None) -> Iterable[Note]:
    """Everything that is to be said about a function's numbers."""
    yield from _of_its_kind(ledger)
    yield from _of_its_logs(ledger, statistics, group)
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


def _of_its_logs(ledger: FunctionLedger, statistics: WindowStatistics, group: LogGroupState | None) -> Iterable[Note]:
    if ledger.log_group_note is not None:
        yield from (Note(field=field, text=ledger.log_group_note) for field in LOG_FIELDS)
    elif group is None:
        yield Note(field="invocations", text="its log group has not been read yet")
    yield from _of_aggregates(statistics, group)
    if group is not None and not group.is_full:
        yield Note(field="application_errors", text="only platform and failure lines are read of this function")
    if ledger.dropped_log_lines:
        text = f"Lambda dropped log lines {ledger.dropped_log_lines} times, so some numbers are too low"
        yield Note(field="invocations", text=text)


def _of_aggregates(statistics: WindowStatistics, group: LogGroupState | None) -> Iterable[Note]:
    """What is to be said where aggregate queries tell of a part of the window."""
    if group is None or not group.provenance.has_aggregates:
        return
    start_ms, end_ms = statistics.start_ms, statistics.end_ms
    read_to_ms = min(end_ms, group.read_to_ms or 0)
    missing = _missing(group.provenance, start_ms, read_to_ms - read_to_ms % MINUTE_MS, end_ms - start_ms)
    if missing is not None:
        yield from (Note(field=field, text=missing) for field in ("invocations", "errors", "cost_usd"))
    if not group.provenance.aggregated_since(start_ms):
        return
    yield from (Note(field=field, text=COUNTED_BY_INSIGHTS) for field in ("invocations", "cold_starts", "errors"))
    yield from (Note(field=field, text=f"{COUNTED_BY_INSIGHTS}, {ABOUT}") for field in DURATION_FIELDS)
    yield Note(field="concurrency_peak", text=f"{COUNTED_BY_INSIGHTS}: how many ran at once, only the metric knows")
    yield Note(field="errors", text=f"{COUNTED_BY_INSIGHTS}: how they failed is told once its lines are read")


def _missing(provenance: Provenance, start_ms: int, read_to_ms: int, window_ms: int) -> str | None:
    """What nothing told of: of long windows, whose past is read from its end, whether the beginning is there."""
    if window_ms > MINUTES_KEPT_MS:
        is_begun = provenance.is_known(start_ms - start_ms % MINUTE_MS)
        return None if is_begun else "the window's beginning has not been read"
    unknown = provenance.unknown_minutes(start_ms, read_to_ms)
    return f"{unknown} minute{'' if unknown == 1 else 's'} of the window could not be read" if unknown else None
