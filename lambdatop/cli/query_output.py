"""What `query` writes: rows as a table, JSON, CSV or Markdown, a chart, and the names of ready queries."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from lambdatop.cli import character_set, output
from lambdatop.cli.query_text import own_queries
from lambdatop.engine import clock
from lambdatop.model.query import QueryProgress
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.query_chart import ChartChoice, chart_lines
from lambdatop.render.query_export import EXPORTS, table_lines
from lambdatop.render.query_library import LIBRARY
from lambdatop.render.query_redaction import redacted_rows
from lambdatop.render.query_table import QueryTable
from lambdatop.render.query_words import estimate_line
from lambdatop.render.redaction import Redaction
from lambdatop.render.span import Line, Span

QueryFormat = Literal["table", "json", "jsonl", "csv", "markdown"]
CHART_HEIGHT = 20
PIECES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Output:
    """How rows are written."""

    query_format: QueryFormat
    is_chart: bool
    is_utc: bool
    redaction: Redaction | None = None
    """What is taken out of values."""


def write_rows(progress: QueryProgress, out: Output) -> None:
    """Write the rows of a complete query to stdout."""
    drawing = Drawing(is_utc=out.is_utc, is_ascii=character_set.is_ascii(), now_ms=clock.now_ms())
    redact = None if out.redaction is None else out.redaction.redacted
    if out.is_chart:
        rows = tuple(map(tuple, redacted_rows(progress.columns, progress.rows, redact)))
        table = QueryTable.of(replace(progress, rows=rows), drawing=drawing)
        output.write_lines(chart_lines(table, ChartChoice(), max(40, output.terminal_width()), CHART_HEIGHT, drawing))
    elif out.query_format == "table":
        width = max(40, output.terminal_width()) if output.is_terminal(sys.stdout) else None
        output.write_lines(table_lines(progress.columns, progress.rows, width, drawing, redact))
    else:
        _write_pieces(EXPORTS[out.query_format](progress.columns, progress.rows, redact))


def write_estimate(scanned: float, cost_usd: float, out: Output) -> None:
    """Write what a query would scan: in a sentence, or as the one row of a format that scripts read."""
    if out.query_format == "table":
        output.write_lines([estimate_line(scanned, cost_usd)])
    else:
        row = (f"{scanned:.0f}", f"{cost_usd:.6f}")
        _write_pieces(EXPORTS[out.query_format](("estimated_bytes", "cost_usd"), [row], None))


def _write_pieces(pieces: Iterable[str]) -> None:
    """Write many at a time."""
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) >= PIECES_AT_ONCE:
            output.write("".join(held))
            held.clear()
    output.write("".join(held))


def tell_names() -> None:
    """Write the names of the user's own queries and of the ready ones, with what each answers."""
    own = [(one.name, one.description or "") for one in own_queries()]
    ready = [(one.name, one.question) for one in LIBRARY]
    width = max(len(name) for name, _ in (*own, *ready)) + 2
    for heading, names in (("your own", own), ("ready", ready)):
        if names:
            output.write_lines([(Span(printable(heading), "heading"),), *(_name_line(one, width) for one in names)])


def _name_line(one: tuple[str, str], width: int) -> Line:
    name, question = one
    return Span(printable(f"  {name:<{width}}")), Span(printable(question), "dim")
