"""The cells of the function table: a function's numbers as styled text.

A number that cannot be known is an en dash; one that is a lower bound (reports are hidden, or the number has a note)
carries `≥` or `~`, and its reason is one key away.
"""

from collections.abc import Sequence

from lambdatop.model.reading import COUNTED_BY_INSIGHTS
from lambdatop.model.statistics import FunctionStatistics, VersionStatistics
from lambdatop.render import units
from lambdatop.render.block_chart import bar, sparkline
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Printable, Span
from lambdatop.render.states import STATE_SHAPES, state_shape
from lambdatop.render.words import foreign, line, said, wrapped

CONCURRENCY_BAR_WIDTH = 8
TREND_WIDTH = 15
REASON_WIDTH = 24
VERSION_NAME_WIDTH = 4
_BOUND = "≥"
_ABOUT = "~"


def has_note(function: FunctionStatistics, field: str) -> bool:
    """Return whether a note says that this number is partial, late or from elsewhere."""
    return any(note.field == field for note in function.notes)


def number(text: Printable, style: str = "", mark: str = "") -> Line:
    """Return a number in its style: unknown ones in theirs, marked ones in the style of what may still change."""
    if text == units.UNKNOWN:
        return line(said(text, "unknown"))
    return line(said(mark + text, style or ("provisional" if mark else "")))


def limit_of(function: FunctionStatistics, drawing: Drawing) -> int | None:
    """Return the concurrency at which AWS begins to throttle this function: its reserve, or what the account leaves."""
    if function.concurrency.reserved is not None:
        return function.concurrency.reserved
    ceiling = drawing.ceilings.get(function.key.scope)
    return None if ceiling is None else ceiling.unreserved


def state_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return the state's shape."""
    return line(state_shape(function.health.state, is_ascii=drawing.is_ascii))


def health_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return the state in a word, with how long it has lasted where it matters."""
    state = function.health.state
    since_ms = function.health.since_ms
    style = STATE_SHAPES[state][1]
    if since_ms is None or state in ("healthy", "idle", "unknown"):
        return line(said(state, style))
    return line(said(state, style), said(f" {units.age(max(60_000, drawing.now_ms - since_ms))}", "dim"))


def reason_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return why the function is in its state, whole words of it."""
    return wrapped(printable(function.health.reason, 100), REASON_WIDTH, "dim")[0]


def name_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the function's name; one that the catalogue does not list is dim."""
    return line(foreign(function.key.name, "" if function.function.is_listed else "dim"))


def version_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return the version in use, or the two busiest, the older first, with their shares as blocks between them."""
    versions = function.versions[:2]
    if not versions:
        return number(units.UNKNOWN)
    if len(versions) == 1:
        return line(foreign(versions[0].version, "dim", 60))
    older, newer = sorted(versions, key=_version_order)
    total = older.statistics.invocations + newer.statistics.invocations
    share = older.statistics.invocations / total if total else 0.0
    filled = max(0 if not share else 1, min(4 if share == 1 else 3, round(share * 4)))
    full, hollow = ("#", "-") if drawing.is_ascii else ("▮", "▯")
    return line(
        _version_name(older),
        said(full * filled, "bar"),
        said(hollow * (4 - filled), "accent"),
        _version_name(newer, "accent"),
    )


def _version_order(version: VersionStatistics) -> tuple[bool, int, str]:
    return (
        not version.version.isdecimal(),
        int(version.version) if version.version.isdecimal() else 0,
        version.version,
    )


def _version_name(version: VersionStatistics, style: str = "") -> Span:
    name = printable(version.version, 60)
    return said(name if len(name) <= VERSION_NAME_WIDTH else f"{name[: VERSION_NAME_WIDTH - 1]}…", style)


def rate_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return invocations a second: a lower bound where reports are hidden, unknown where nothing has been read."""
    rate = function.window.invocation_rate_per_s
    told = {note.text for note in function.notes if note.field == "invocations"}
    is_partial = bool(told) and function.window.metric_invocations is None
    if not rate and ((is_partial and told != {COUNTED_BY_INSIGHTS}) or _hides_reports(function)):
        return number(units.UNKNOWN)
    text = units.rate(rate)
    mark = _lower_bound(function, text) or (_ABOUT if is_partial else "")
    if mark and text.startswith("<"):
        text = Printable(text.removesuffix("/s"))
    return number(text, "" if rate or mark else "dim", mark)


def concurrency_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return concurrency as now/peak/limit; a reserved limit is plain, the account's is dim."""
    limit = limit_of(function, drawing)
    now, peak = function.concurrency_now, peak_of(function)
    style = concurrency_style(now, peak, limit)
    return line(
        *number(units.count(now), style),
        said("/", "dim"),
        *number(units.count(peak), style),
        said("/", "dim"),
        *number(units.count(limit), "" if function.concurrency.reserved is not None else "dim"),
    )


def concurrency_bar_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return concurrency now, its peak and its limit as a bar."""
    limit = limit_of(function, drawing)
    return bar(function.concurrency_now, peak_of(function), limit, CONCURRENCY_BAR_WIDTH, is_ascii=drawing.is_ascii)


def peak_of(function: FunctionStatistics) -> int | None:
    """Return the window's highest concurrency that logs or metric know of."""
    known = [
        value
        for value in (function.window.concurrency_peak, function.window.metric_concurrency_max)
        if value is not None
    ]
    return max(known, default=None)


def concurrency_style(now: int | None, peak: int | None, limit: int | None) -> str:
    """Return `bad` at the limit, `warning` from four fifths of it."""
    if not limit:
        return "bad" if limit == 0 else ""
    share = max(now or 0, peak or 0) / limit
    return "bad" if share >= 1 else "warning" if share >= 0.8 else ""


def cold_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the share of invocations that began cold."""
    share = function.window.cold_start_rate
    style = "warning" if (share or 0) >= 0.2 and (function.window.cold_starts or 0) >= 5 else ""
    return number(units.percent(share), style or ("dim" if share == 0 else ""), _mark(function, "cold_starts"))


def init_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the 95th percentile of the init duration, or of the restore duration where there is no init."""
    window = function.window
    percentiles = window.init_duration_ms or window.restore_duration_ms
    return number(units.milliseconds(None if percentiles is None else percentiles.p95))


def duration_p50_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the median duration."""
    percentiles = function.window.duration_ms
    return number(units.milliseconds(None if percentiles is None else percentiles.p50))


def duration_p95_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the 95th percentile of the duration; near the timeout it is a warning."""
    return _duration(function, "p95")


def duration_p99_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the 99th percentile of the duration; near the timeout it is a warning."""
    return _duration(function, "p99")


def _duration(function: FunctionStatistics, quantile: str) -> Line:
    percentiles = function.window.duration_ms
    if percentiles is None:
        return number(units.UNKNOWN)
    value_ms = percentiles.p95 if quantile == "p95" else percentiles.p99
    timeout_s = function.function.timeout_s
    share = value_ms / (timeout_s * 1000) if timeout_s else 0.0
    return number(units.milliseconds(value_ms), "bad" if share >= 0.99 else "warning" if share >= 0.8 else "")


def error_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the share of invocations that failed."""
    share = function.window.error_rate
    return number(units.percent(share), error_style(share), _mark(function, "errors"))


def error_style(share: float | None) -> str:
    """Return `bad` from one failure in twenty, `warning` for any, `dim` for none."""
    if share is None:
        return "unknown"
    return "bad" if share >= 0.05 else "warning" if share > 0 else "dim"


def throttle_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return throttles in the window, which only the metric knows."""
    throttles = function.window.throttles
    return number(units.count(throttles), "warning" if throttles else "dim", _mark(function, "throttles"))


def memory_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the most memory used against the memory size, in megabytes."""
    used, size = function.window.max_memory_used_mb, function.function.memory_size_mb
    share = used / size if used is not None and size else 0.0
    style = "bad" if share >= 0.98 else "warning" if share >= 0.9 else ""
    return line(
        *number(_bare_megabytes(used), style),
        said("/", "dim"),
        *number(_bare_megabytes(size), "dim"),
    )


def _bare_megabytes(value_mb: int | None) -> Printable:
    """Return megabytes in at most 4 cells, above 9999 as gigabytes."""
    if value_mb is None:
        return units.UNKNOWN
    return Printable(str(value_mb) if value_mb <= 9999 else f"{value_mb / 1024:.0f}G")


def dead_letter_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return the messages in the function's dead-letter queues; blank where it has none."""
    if function.queue is None:
        return line(said("·", "dim"))
    depth = function.queue.depth
    return number(units.count(depth), "bad" if depth else "dim")


def cost_cell(function: FunctionStatistics, _drawing: Drawing) -> Line:
    """Return what the function costs an hour at the window's pace."""
    cost = function.window.cost_usd_per_hour
    text = units.dollars(cost)
    return number(text, "" if cost else "dim", _lower_bound(function, text))


def trend_cell(function: FunctionStatistics, drawing: Drawing) -> Line:
    """Return invocations over the last fifteen minutes."""
    return minutes(function.invocation_trend, drawing.provisional_log_minutes, drawing)


def minutes(values: Sequence[int | None], provisional: int, drawing: Drawing) -> Line:
    """Return one-minute values as columns, the newest ones as provisional."""
    return sparkline(values, TREND_WIDTH, provisional=provisional, is_ascii=drawing.is_ascii)


def _lower_bound(function: FunctionStatistics, text: str) -> str:
    """Return `≥` where logs hide reports and no metric says the whole; a number that begins with `<` takes no mark."""
    return _BOUND if _hides_reports(function) and not text.startswith("<") else ""


def _hides_reports(function: FunctionStatistics) -> bool:
    return function.function.hidden_reports is not None and function.window.metric_invocations is None


def _mark(function: FunctionStatistics, field: str) -> str:
    """Return `~` where a note says that this number is partial, late or from elsewhere."""
    return _ABOUT if has_note(function, field) else ""
