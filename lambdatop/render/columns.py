"""The columns of the function table, each said once: heading, width, cell, order and help."""

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render import cells
from lambdatop.render.drawing import Drawing
from lambdatop.render.span import Line
from lambdatop.render.states import STATE_ORDER


class Column(NamedTuple):
    """One column of the function table."""

    id: str
    heading: str
    width: int
    """Cells; for the name, the least it is given."""
    align: Literal["left", "right"]
    cell: Callable[[FunctionStatistics, Drawing], Line]
    sort_key: Callable[[FunctionStatistics], Any]
    """What rows are ordered by; None goes last."""
    is_descending: bool
    """Whether the largest comes first when one first sorts by this column."""
    priority: int
    """Columns of a low number stay longest when the screen is narrow."""
    help: str

    @property
    def title(self) -> str:
        """What the column is called in menus."""
        return self.id.replace("_", " ")


def _state_order(function: FunctionStatistics) -> tuple[int, int]:
    """Worst state first, then the busiest by powers of two, so that rows do not change places for little."""
    return (STATE_ORDER[function.health.state], -int(math.log2(function.window.best_invocations + 1)))


def _newest_version(function: FunctionStatistics) -> str | None:
    return function.versions[0].version if function.versions else None


def _p50(function: FunctionStatistics) -> float | None:
    return None if function.window.duration_ms is None else function.window.duration_ms.p50


def _p95(function: FunctionStatistics) -> float | None:
    return None if function.window.duration_ms is None else function.window.duration_ms.p95


def _p99(function: FunctionStatistics) -> float | None:
    return None if function.window.duration_ms is None else function.window.duration_ms.p99


def _init_p95(function: FunctionStatistics) -> float | None:
    percentiles = function.window.init_duration_ms or function.window.restore_duration_ms
    return None if percentiles is None else percentiles.p95


def _reserve_share(function: FunctionStatistics) -> float | None:
    """Order by how near a function is to its own limit."""
    peak = cells.peak_of(function)
    return None if peak is None or not function.concurrency.reserved else peak / function.concurrency.reserved


def _memory_share(function: FunctionStatistics) -> float | None:
    used, size = function.window.max_memory_used_mb, function.function.memory_size_mb
    return None if used is None or not size else used / size


_LARGEST_FIRST, _SMALLEST_FIRST = True, False

COLUMNS: tuple[Column, ...] = (
    Column(
        "state", "", 1, "left", cells.state_cell, _state_order, _SMALLEST_FIRST, 0,
        "worst first, then busiest: ■ failing, ▼ throttled, ▲ degraded, ? unknown, ● healthy, ○ idle",
    ),
    Column(
        "function", "function", 16, "left", cells.name_cell,
        lambda function: function.key.name.lower(), _SMALLEST_FIRST, 0,
        "the function's name; dim when only its logs are known",
    ),
    Column(
        "health", "health", 15, "left", cells.health_cell, _state_order, _SMALLEST_FIRST, 13,
        "the state in a word, and for how long",
    ),
    Column(
        "reason", "why", cells.REASON_WIDTH, "left", cells.reason_cell, _state_order, _SMALLEST_FIRST, 14,
        "why the function is in its state; all of it with i",
    ),
    Column(
        "version", "version", 12, "left", cells.version_cell, _newest_version, _SMALLEST_FIRST, 12,
        "the version in use, or the two busiest: older, its share, newer",
    ),
    Column(
        "invocations", "inv/s", 7, "right", cells.rate_cell,
        lambda function: function.window.best_invocations, _LARGEST_FIRST, 1,
        "invocations a second over the window; ≥ where reports are hidden",
    ),
    Column(
        "trend", "trend 15m", cells.TREND_WIDTH, "left", cells.trend_cell,
        lambda function: sum(value or 0 for value in function.invocation_trend[-3:]), _LARGEST_FIRST, 11,
        "invocations in each of the last fifteen minutes; the newest may still change",
    ),
    Column(
        "concurrency", "now/peak/limit", 14, "right", cells.concurrency_cell,
        lambda function: function.concurrency_now, _LARGEST_FIRST, 3,
        "concurrent invocations: now, the window's peak, the limit (reserved, or dim: what the account leaves)",
    ),
    Column(
        "concurrency_share", "of limit", cells.CONCURRENCY_BAR_WIDTH, "left", cells.concurrency_bar_cell,
        _reserve_share, _LARGEST_FIRST, 10,
        "the same as a bar: now filled, peak shaded, limit marked",
    ),
    Column(
        "errors", "error", 6, "right", cells.error_cell, lambda function: function.window.error_rate, _LARGEST_FIRST, 2,
        "failed invocations per invocation",
    ),
    Column(
        "throttles", "throt", 5, "right", cells.throttle_cell,
        lambda function: function.window.throttles, _LARGEST_FIRST, 4,
        "invocations that AWS refused in the window; only the metric knows",
    ),
    Column(
        "cold_starts", "cold", 6, "right", cells.cold_cell,
        lambda function: function.window.cold_start_rate, _LARGEST_FIRST, 5,
        "invocations that began with an init or a restore; per invocation",
    ),
    Column(
        "init", "init95", 6, "right", cells.init_cell, _init_p95, _LARGEST_FIRST, 9,
        "init or restore duration, 95th percentile",
    ),
    Column(
        "p50", "p50", 6, "right", cells.duration_p50_cell, _p50, _LARGEST_FIRST, 9,
        "duration, median",
    ),
    Column(
        "p95", "p95", 6, "right", cells.duration_p95_cell, _p95, _LARGEST_FIRST, 6,
        "duration, 95th percentile; coloured near the timeout",
    ),
    Column(
        "p99", "p99", 6, "right", cells.duration_p99_cell, _p99, _LARGEST_FIRST, 9,
        "duration, 99th percentile; coloured near the timeout",
    ),
    Column(
        "dead_letters", "DLQ", 4, "right", cells.dead_letter_cell,
        lambda function: None if function.queue is None else function.queue.depth, _LARGEST_FIRST, 7,
        "messages in the function's dead-letter queues; · where it has none",
    ),
    Column(
        "memory", "MB used", 9, "right", cells.memory_cell, _memory_share, _LARGEST_FIRST, 9,
        "most memory used / memory size, megabytes",
    ),
    Column(
        "cost", "$/h", 7, "right", cells.cost_cell,
        lambda function: function.window.cost_usd_per_hour, _LARGEST_FIRST, 8,
        "what the function costs an hour; at the window's pace",
    ),
)  # fmt: skip

COLUMNS_BY_ID = {column.id: column for column in COLUMNS}
PINNED = ("state", "function")
"""Columns that stay at the left when one scrolls."""
