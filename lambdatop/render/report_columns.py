"""The columns of a report's function table, shared by the plain table and Markdown."""

from collections.abc import Callable
from typing import NamedTuple

from lambdatop.render import units
from lambdatop.render.printable import printable
from lambdatop.render.report_document import Document
from lambdatop.render.span import Printable, Span


class ReportColumn(NamedTuple):
    """One column; `priority` 0 is always there, higher ones go first when the table is narrow."""

    heading: str
    priority: int
    cell: Callable[[Document], Span]


def _plain(field: str, unit: Callable[[float | None], Printable]) -> Callable[[Document], Span]:
    def cell(function: Document) -> Span:
        value = function[field]
        return Span(unit(value), "unknown" if value is None else "" if value else "dim")

    return cell


def _alarming(field: str, unit: Callable[[float | None], Printable]) -> Callable[[Document], Span]:
    def cell(function: Document) -> Span:
        value = function[field]
        return Span(unit(value), "unknown" if value is None else "bad" if value else "dim")

    return cell


def _inner(field: str, inner: str, unit: Callable[[float | None], Printable]) -> Callable[[Document], Span]:
    def cell(function: Document) -> Span:
        value = function[field][inner]
        return Span(unit(value), "unknown" if value is None else "")

    return cell


def _dead_letters(function: Document) -> Span:
    queue = function["dead_letter_queue"]
    if queue is None:
        return Span(Printable("none"), "dim")
    depth = queue["depth"]
    return Span(units.count(depth), "unknown" if depth is None else "bad" if depth else "dim")


def _memory(function: Document) -> Span:
    used, size = function["max_memory_used_mb"], function["memory_size_mb"]
    text = f"{units.UNKNOWN if used is None else used}/{units.UNKNOWN if size is None else size}"
    is_tight = used is not None and size and used >= 0.9 * size
    return Span(Printable(text), "warning" if is_tight else "")


COLUMNS: tuple[ReportColumn, ...] = (
    ReportColumn("function", 0, lambda function: Span(printable(function["name"], 140))),
    ReportColumn("state", 5, lambda function: Span(printable(function["health"]["state"], 20))),
    ReportColumn("invocations", 0, _plain("invocations", units.count)),
    ReportColumn("errors", 3, _alarming("errors", units.count)),
    ReportColumn("error %", 0, _alarming("error_rate", units.percent)),
    ReportColumn("throttles", 0, _alarming("throttles", units.count)),
    ReportColumn("cold %", 1, _plain("cold_start_rate", units.percent)),
    ReportColumn("init p95", 5, _inner("init_duration_ms", "p95", units.milliseconds)),
    ReportColumn("p50", 3, _inner("duration_ms", "p50", units.milliseconds)),
    ReportColumn("p95", 2, _inner("duration_ms", "p95", units.milliseconds)),
    ReportColumn("p99", 1, _inner("duration_ms", "p99", units.milliseconds)),
    ReportColumn("peak", 2, _inner("concurrency", "peak", units.count)),
    ReportColumn("reserved", 7, _inner("concurrency", "reserved", units.count)),
    ReportColumn("MB used", 4, _memory),
    ReportColumn("DLQ", 1, _dead_letters),
    ReportColumn("cost", 6, _plain("cost_usd", units.dollars)),
)
