"""A report as a plain table, readable from 80 columns on."""

from collections.abc import Iterator, Sequence

from lambdatop.render import units
from lambdatop.render.printable import printable
from lambdatop.render.report_columns import COLUMNS, ReportColumn
from lambdatop.render.report_document import Document
from lambdatop.render.report_summary import headline, notes, problems, summary
from lambdatop.render.span import Line, Printable, Span, crop, pad, text_width
from lambdatop.render.text_table import Align, text_table
from lambdatop.render.words import wrapped

_GAP = Span(Printable("  "))
_NAME_MIN_WIDTH = 20
_ERRORS_SHOWN = 10
_PLACES_FROM_WIDTH = 100
_TRACES_SHOWN = 5


def report_table(report: Document, width: int) -> tuple[Line, ...]:
    """Return the report as lines of at most `width` cells; columns that matter less give way."""
    lines = (
        _said(headline(report), "heading"),
        *_wrapped(summary(report), width, ""),
        (),
        *_functions(report["functions"], width),
        *_section("Dead-letter queues", _queues(report)),
        *_section("Errors", _errors(report, width)),
        *_section("Slowest traces", _traces(report)),
        *_section("Sources that need attention", _wrapped(problems(report), width, "warning")),
        *_section("Notes", _wrapped(notes(report), width, "dim")),
    )
    return tuple(crop(line, width) for line in lines)


def _said(text: Printable, style: str = "") -> Line:
    return (Span(text, style),)


def _wrapped(sentences: Sequence[Printable], width: int, style: str) -> Iterator[Line]:
    for sentence in sentences:
        yield from wrapped(sentence, width, style)


def _section(heading: str, lines: Iterator[Line]) -> tuple[Line, ...]:
    shown = tuple(lines)
    return ((), _said(Printable(heading), "heading"), *shown) if shown else ()


def _functions(functions: Sequence[Document], width: int) -> Iterator[Line]:
    if not functions:
        yield _said(Printable("No functions."), "dim")
        return
    cells = [[column.cell(function) for column in COLUMNS] for function in functions]
    widths = [
        max(text_width(column.heading), *(text_width(row[index].text) for row in cells))
        for index, column in enumerate(COLUMNS)
    ]
    shown, name_width = _fitting(widths, width)
    widths[0] = name_width
    headings = [Span(Printable(column.heading), "heading") for column in COLUMNS]
    for row in (headings, *cells):
        spans: Line = pad((row[0],), name_width)
        for index in shown[1:]:
            spans = (*spans, _GAP, *pad((row[index],), widths[index], "left" if index == 1 else "right"))
        yield spans


def _fitting(widths: Sequence[int], width: int) -> tuple[list[int], int]:
    """Return which columns fit, and the name's width: names shrink before columns go, the least needed first."""
    shown = list(range(len(COLUMNS)))
    least_name = min(widths[0], _NAME_MIN_WIDTH)

    def others() -> int:
        return sum(widths[index] + len(_GAP.text) for index in shown[1:])

    while others() + least_name > width:
        most_dispensable = max(shown[1:], key=lambda index: (_column(index).priority, index), default=0)
        if not _column(most_dispensable).priority:
            break
        shown.remove(most_dispensable)
    return shown, max(least_name, min(widths[0], width - others()))


def _column(index: int) -> ReportColumn:
    return COLUMNS[index]


def _queues(report: Document) -> Iterator[Line]:
    for queue in sorted(report["queues"], key=lambda queue: -(queue["depth"] or 0)):
        depth = queue["depth"]
        style = "unknown" if depth is None else "bad" if depth else "dim"
        oldest = "" if queue["age_of_oldest_s"] is None else f", oldest {units.age(queue['age_of_oldest_s'] * 1000)}"
        fed_by = ", ".join(sorted({source["function"] for source in queue["sources"]}))
        text = f"  {queue['name']}{oldest}{f', from {fed_by}' if fed_by else ''}"
        yield (*pad((Span(units.count(depth), style),), 6, "right"), Span(printable(text, 400)))


def _errors(report: Document, width: int) -> Iterator[Line]:
    """Yield the most frequent errors; in wide tables with how fast they come and where."""
    errors = report["errors"][:_ERRORS_SHOWN]
    if not errors:
        return
    is_wide = width >= _PLACES_FROM_WIDTH
    aligns: tuple[Align, ...] = ("right", "right", "left", "left", "left", "left")
    shown = range(len(aligns)) if is_wide else (0, 2, 3, 5)
    rows = [[_error(error)[index] for index in shown] for error in errors]
    yield from text_table(rows, [aligns[index] for index in shown], width, flexible=len(shown) - 1)
    if len(report["errors"]) > _ERRORS_SHOWN:
        yield _said(Printable(f"      … and {len(report['errors']) - _ERRORS_SHOWN} more kinds"), "dim")


def _error(error: Document) -> list[Line]:
    rate, error_type, others = error["rate_per_minute"], error["error_type"], error["function_count"] - 1
    typed = f"{error_type} " if error_type and error_type not in error["message"] else ""
    frame = f"  {error['frame']}" if error["frame"] else ""
    functions = ", ".join(error["functions"][:1]) + (f" +{others}" if others > 0 else "")
    return [
        pad((Span(units.count(error["count"]), "bad"),), 6, "right"),
        (Span(Printable("" if rate is None else f"{rate:.1f}/min")),),
        (Span(Printable(error["kind"].replace("_", " "))),),
        (Span(Printable("new" if error["is_new"] else ""), "warning"),),
        (Span(printable(functions, 40)),),
        (Span(printable(f"{typed}{error['message']}", 300)), Span(printable(frame, 100), "dim")),
    ]


def _traces(report: Document) -> Iterator[Line]:
    for trace in report["traces"]["slowest"][:_TRACES_SHOWN]:
        style = "" if trace["status"] == "ok" else "bad"
        text = f"  {trace['status']}  {trace['id']}  {trace['entry_point'] or ''}"
        yield (*pad((Span(units.seconds(trace["duration_s"])),), 8, "right"), Span(printable(text, 300), style))
