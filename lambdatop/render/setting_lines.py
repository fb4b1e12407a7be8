"""A function's settings, its concurrency and its queues, one fact a line."""

from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render import cells, units
from lambdatop.render.block_chart import bar
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, crop, pad
from lambdatop.render.words import foreign, line, said, wrapped

_NAME_WIDTH = 18
_BAR_WIDTH = 30


def _fact(name: str, value: Line, width: int) -> Line:
    return crop((said("  "), *pad(line(said(name, "dim")), _NAME_WIDTH), *value), width)


def setting_lines(function: LambdaFunction, width: int) -> tuple[Line, ...]:
    """Return the configuration, with what the log settings hide."""
    kinds = [
        word
        for is_so, word in (
            (function.has_snap_start, "SnapStart"),
            (function.is_managed_instances, "Managed Instances"),
            (function.is_durable, "durable"),
            (function.is_tenant_isolated, "tenant isolation"),
        )
        if is_so
    ]
    unknown = units.UNKNOWN
    levels = f"system {function.system_log_level or unknown}, application {function.application_log_level or unknown}"
    logging = function.log_format + (f" ({levels})" if function.log_format == "JSON" else "")
    timeout_ms = None if function.timeout_s is None else function.timeout_s * 1000
    facts = [
        ("runtime", f"{function.runtime or function.package_type or unknown}, {function.architecture}"),
        ("memory, timeout", f"{units.megabytes(function.memory_size_mb)}, {units.milliseconds(timeout_ms)}"),
        ("kind", ", ".join(kinds)),
        ("log group", function.log_group),
        ("log format", logging),
        ("tracing", function.tracing_mode or ""),
        ("dead-letter target", function.dead_letter_target_arn or ""),
        ("last modified", function.last_modified or ""),
        ("ARN", function.arn),
    ]
    lines = [_fact(name, line(foreign(value, limit=300)), width) for name, value in facts if value]
    if not function.is_listed:
        lines.append(_fact("", line(said("known by its logs only: not in the list of functions", "warning")), width))
    if function.hidden_reports is not None:
        lines.extend(wrapped(function.hidden_reports, width, "provisional", indent=" " * (_NAME_WIDTH + 2)))
    return tuple(lines)


def concurrency_lines(function: FunctionStatistics, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return what is in flight beside every ceiling that applies."""
    limit = cells.limit_of(function, drawing)
    peak = cells.peak_of(function)
    own = function.concurrency
    ceiling = drawing.ceilings.get(function.key.scope)
    reserved = units.count(own.reserved) if own.reserved is not None else "none: shares the account's unreserved"
    lines = [
        _fact(
            "now, peak, limit",
            (
                *cells.concurrency_cell(function, drawing),
                said("  "),
                *bar(function.concurrency_now, peak, limit, _BAR_WIDTH, is_ascii=drawing.is_ascii),
            ),
            width,
        ),
        _fact("metric maximum", cells.number(units.count(function.window.metric_concurrency_max)), width),
        _fact("reserved", line(said(reserved)), width),
    ]
    if own.provisioned_requested is not None:
        available = f"{units.count(own.provisioned_available)} of {units.count(own.provisioned_requested)} ready"
        lines.append(_fact("provisioned", line(said(available)), width))
    if ceiling is not None:
        words = f"{units.count(ceiling.limit)}, of which {units.count(ceiling.unreserved)} unreserved"
        lines.append(_fact("account", line(said(words)), width))
    return tuple(lines)


def queue_lines(function: FunctionStatistics, snapshot: Snapshot, width: int) -> tuple[Line, ...]:
    """Return every queue that this function's failures end in."""
    lines: list[Line] = []
    for queue in snapshot.queues:
        ways = [source for source in queue.sources if source.function == function.key]
        if not ways:
            continue
        oldest = None if queue.age_of_oldest_s is None else queue.age_of_oldest_s * 1000
        way = ways[0].role.replace("_", " ") + (f" via {ways[0].via}" if ways[0].via else "")
        lines.append(
            crop(
                line(
                    said("  "),
                    foreign(queue.name, "", 80),
                    said("  "),
                    *cells.number(units.count(queue.depth), "bad" if queue.depth else ""),
                    said(" waiting, ", "dim"),
                    *cells.number(units.count(queue.in_flight)),
                    said(f" in flight, oldest {units.age(oldest)}  ", "dim"),
                    said(printable(way, 80), "dim"),
                ),
                width,
            )
        )
        if queue.note:
            lines.extend(wrapped(printable(queue.note, 300), width, "provisional", indent="    "))
    return tuple(lines) or (line(said("  no dead-letter queue is known for this function", "dim")),)
