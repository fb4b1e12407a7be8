"""What is said of a request beside its lines: its outcome, its start, its numbers, its trace."""

import math

from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.question import RequestAnswer, RequestOccurrence
from lambdatop.model.statistics import Invocation
from lambdatop.render import units
from lambdatop.render.block_chart import bar
from lambdatop.render.drawing import Drawing
from lambdatop.render.event_lines import kind_words
from lambdatop.render.span import Line, pad
from lambdatop.render.trace_words import duration_s, entry_point, trace_status
from lambdatop.render.words import foreign, line, said

BAR_WIDTH = 40
OVERDUE_MS = 60_000
"""A report that has not come so long after the timeout is not awaited any more."""
TRACE_DELAY_MS = 300_000
"""X-Ray has most traces within seconds, and all that it will have within minutes."""


def outcome(one: Invocation, function: LambdaFunction | None, now_ms: int) -> Line:
    """Return how it ended, as shape and words."""
    if one.failure is not None:
        error = one.error_type if one.error_type is not None else ""
        return line(said(f"■ {kind_words(one.failure)}", "bad"), foreign(f" {error}" if error else "", "bad", 80))
    if one.ended_ms is not None:
        return line(said("● ok", "good"))
    if one.started_ms is None:
        return line(said("◌ neither START nor REPORT is known", "provisional"))
    timeout_ms = _timeout_ms(function) or 900_000
    if now_ms - one.started_ms > timeout_ms + OVERDUE_MS:
        return line(said("◌ no REPORT was read", "provisional"))
    return line(said(f"◌ running for {units.milliseconds(max(0, now_ms - one.started_ms))}", "provisional"))


def start_words(one: RequestOccurrence) -> Line:
    """Return whether it met a cold or a warm environment."""
    invocation = one.invocation
    if invocation.init_duration_ms is not None:
        return line(said(f"cold: init took {units.milliseconds(invocation.init_duration_ms)}", "accent"))
    if invocation.restore_duration_ms is not None:
        return line(said(f"cold: restore took {units.milliseconds(invocation.restore_duration_ms)}", "accent"))
    if one.is_init_suppressed:
        return line(said("initialised again within the invocation, after a crash", "warning"))
    began = next((event for event in one.lines if event.kind in ("init_start", "restore_start")), None)
    if began is not None:
        return line(said(f"cold: init began at {offset_of_init(one, began.timestamp_ms)}", "accent"))
    return line(said("warm" if invocation.ended_ms is not None else units.UNKNOWN))


def offset_of_init(one: RequestOccurrence, began_ms: int) -> str:
    """Return how long before START the init began."""
    started_ms = one.invocation.started_ms
    return "an unknown time" if started_ms is None else f"{units.milliseconds(started_ms - began_ms)} before START"


def duration_line(one: Invocation, function: LambdaFunction | None, drawing: Drawing, width: int) -> Line:
    """Return the duration beside the timeout, as a bar whose first part is the init phase and as words."""
    timeout_ms, duration_ms = _timeout_ms(function), one.duration_ms
    if duration_ms is None and one.ended_ms is None and one.started_ms is not None:
        duration_ms = float(max(0, drawing.now_ms - one.started_ms))
    words = [said(units.milliseconds(duration_ms))]
    if timeout_ms is not None:
        words.append(said(f" of {units.milliseconds(timeout_ms)}", "dim"))
    if one.billed_duration_ms is not None:
        words.append(said(f", billed {units.milliseconds(one.billed_duration_ms)}", "dim"))
    init_ms = (one.init_duration_ms or 0) + (one.restore_duration_ms or 0)
    return (*_chart(duration_bar(init_ms, duration_ms, timeout_ms, width, is_ascii=drawing.is_ascii), width), *words)


def duration_bar(
    init_ms: float, duration_ms: float | None, timeout_ms: float | None, width: int, *, is_ascii: bool = False
) -> Line:
    """Return the init phase and the duration after each other, against the timeout, which init does not count to.

    >>> [span.text for span in duration_bar(1_000, 1_000, 3_000, 8)]
    ['░░', '██', '   ', '│']
    """
    if duration_ms is None or not timeout_ms or width <= 0:
        return ()
    scale = init_ms + max(duration_ms, timeout_ms)
    init_cells = min(width - 1, max(1, round(init_ms / scale * width))) if init_ms else 0
    init = said(("-" if is_ascii else "░") * init_cells, "bar_peak")
    return line(init, *bar(duration_ms, None, timeout_ms, width - init_cells, is_ascii=is_ascii))


def memory_line(one: Invocation, drawing: Drawing, width: int) -> Line:
    """Return the most memory used beside the size, as a bar and as words."""
    used_mb, size_mb = one.max_memory_used_mb, one.memory_size_mb
    if used_mb is None or not size_mb:
        return line(*_chart((), width), said(units.UNKNOWN, "unknown"))
    words = line(said(units.megabytes(used_mb)), said(f" of {units.megabytes(size_mb)}", "dim"))
    return (*_chart(bar(used_mb, None, size_mb, width, is_ascii=drawing.is_ascii), width), *words)


def cost_words(cost_usd: float | None) -> Line:
    """Return what it cost; so little that a million of them says more."""
    if cost_usd is None:
        return line(said(units.UNKNOWN, "unknown"))
    return line(said(small_dollars(cost_usd)), said(f", {units.dollars(cost_usd * 1e6)} for a million of these", "dim"))


def small_dollars(value_usd: float) -> str:
    """Return an amount with two digits that say something.

    >>> small_dollars(0.00000383), small_dollars(0.25), small_dollars(0)
    ('$0.0000038', '$0.25', '$0')
    """
    if value_usd <= 0:
        return "$0"
    return f"${value_usd:.{min(12, max(2, 1 - math.floor(math.log10(value_usd))))}f}"


def trace_lines(answer: RequestAnswer, function: LambdaFunction | None, drawing: Drawing) -> list[Line]:
    """Return the trace as far as X-Ray has it, or why there is none."""
    if answer.trace_id is None:
        return [line(said(_untraced(answer, function), "dim"))]
    head = foreign(answer.trace_id, "", 60)
    trace = answer.trace
    if trace is None:
        return [line(head, said(f"  {_missing(answer, drawing.now_ms)}", "dim"))]
    if trace.is_partial:
        return [line(head, said("  still partial: X-Ray is receiving its segments", "provisional"))]
    took = said(f"  {units.seconds(duration_s(trace))}  ")
    return [line(head, said("  "), *trace_status(trace), took, *entry_point(trace))]


def _untraced(answer: RequestAnswer, function: LambdaFunction | None) -> str:
    mode = None if function is None else function.tracing_mode
    if mode == "PassThrough":
        return "tracing is off for this function; no line names a caller's"
    if mode is not None and any(one.invocation.ended_ms is None for one in answer.occurrences):
        return "the REPORT will name it"
    return "none: no line names one, so it was probably not sampled" if mode == "Active" else "no line names a trace"


def _missing(answer: RequestAnswer, now_ms: int) -> str:
    if answer.is_sampled is False:
        return "not sampled: X-Ray was told not to keep it"
    ended_ms = max((one.invocation.ended_ms or now_ms for one in answer.occurrences), default=now_ms)
    if now_ms - ended_ms < TRACE_DELAY_MS:
        return "X-Ray has not got it yet"
    return "not among the traces that were read from X-Ray"


def _timeout_ms(function: LambdaFunction | None) -> int | None:
    return None if function is None or function.timeout_s is None else function.timeout_s * 1000


def _chart(chart: Line, width: int) -> Line:
    """Return the bar with a gap after it, blank where there is none, so that words stand below each other."""
    return (*pad(chart, width), said("  ")) if width else ()
