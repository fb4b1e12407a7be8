"""Recent invocations and errors of a function, one line each."""

from collections.abc import Sequence

from lambdatop.model.statistics import ErrorSample, Invocation
from lambdatop.render import units
from lambdatop.render.cells import number
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable_spans
from lambdatop.render.span import Line, crop
from lambdatop.render.text_table import text_table
from lambdatop.render.words import foreign, line, said

_KIND_WORDS = {"unhandled_exception": "exception", "init_failure": "init failure"}


def kind_words(kind: str) -> str:
    """Return a failure's kind as people say it.

    >>> kind_words("out_of_memory"), kind_words("unhandled_exception")
    ('out of memory', 'exception')
    """
    return _KIND_WORDS.get(kind, kind.replace("_", " "))


def invocation_lines(invocations: Sequence[Invocation], drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return a table of invocations; those that still run say so."""
    if not invocations:
        return (line(said("  none seen yet", "dim")),)
    headings = ("started", "outcome", "duration", "init", "memory", "version", "request ID", "log stream")
    rows = [[line(said(heading, "dim")) for heading in headings]]
    rows.extend(_invocation(one, drawing) for one in invocations)
    table = text_table(rows, ("left", "left", "right", "right", "right", "left", "left", "left"), width - 2, flexible=6)
    return tuple((said("  "), *row) for row in table)


def _invocation(one: Invocation, drawing: Drawing) -> list[Line]:
    if one.failure is not None:
        outcome = line(said(f"■ {kind_words(one.failure)}", "bad"))
    elif one.ended_ms is None:
        outcome = line(said("◌ running", "provisional"))
    else:
        outcome = line(said("● ok", "good"))
    init_ms = one.init_duration_ms if one.init_duration_ms is not None else one.restore_duration_ms
    return [
        line(said(units.clock(one.started_ms, drawing.is_utc))),
        outcome,
        number(units.milliseconds(one.duration_ms)),
        number(units.milliseconds(init_ms)) if init_ms is not None else line(said("·", "dim")),
        number(units.megabytes(one.max_memory_used_mb)),
        line(foreign(one.version, "dim", 12)),
        line(foreign(one.request_id, "", 36)),
        line(foreign(one.log_stream, "dim", 120)),
    ]


def error_lines(errors: Sequence[ErrorSample], drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return errors, each as time, kind, type and message in one line."""
    if not errors:
        return (line(said("  none seen yet", "dim")),)
    lines = []
    for one in errors:
        style = "warning" if one.kind == "application" else "bad"
        head = line(
            said(f"  {units.clock(one.timestamp_ms, drawing.is_utc)} ", "dim"),
            said(f"{kind_words(one.kind)} ", style),
            foreign(f"{one.error_type} " if one.error_type else "", "accent", 60),
        )
        lines.append(crop((*head, *printable_spans(one.message, 300)), width))
    return tuple(lines)
