"""What is said of a query: how far it is, what it scanned and cost, and why there are no more rows."""

from collections.abc import Iterator

from lambdatop.model.query import ENDED, MAX_QUERY_ROWS, QueryProblem, QueryProgress, QueryStatus
from lambdatop.render import units
from lambdatop.render.printable import printable
from lambdatop.render.query_units import byte_count
from lambdatop.render.span import Line, Span, crop, line_width, shifted, text_width
from lambdatop.render.words import joined, line, said, wrapped

_STATUS: dict[QueryStatus, tuple[str, str]] = {
    "waiting": ("Waiting for its turn", "dim"),
    "scheduled": ("Scheduled", "accent"),
    "running": ("Running", "accent"),
    "complete": ("Complete", "good"),
    "failed": ("Failed", "bad"),
    "cancelled": ("Stopped", "warning"),
    "timeout": ("Timed out", "bad"),
    "refused": ("Not started", "bad"),
}
"""The word for each status, and its style."""
_BETWEEN = " · "
_INDENT = "  "
_LINE_LIMIT = 100_000


def status_word(status: QueryStatus) -> Span:
    """Return a status in a word or two."""
    return said(*_STATUS[status])


def progress_line(progress: QueryProgress, now_ms: int) -> Line:
    """Return how far a query is: status, rows, records, bytes, dollars, time; rows are partial until it is complete.

    >>> "".join(span.text for span in progress_line(QueryProgress(number=1, status="complete"), 0))
    'Complete · 0 rows'
    """
    is_ended = progress.status in ENDED
    parts: list[Line] = [(status_word(progress.status),)]
    if progress.status == "complete":
        parts.append((said(_rows(len(progress.rows))),))
    parts += _scanned(progress)
    if progress.started_ms is not None:
        end_ms = progress.ended_ms if progress.ended_ms is not None else now_ms
        took_ms = max(0, end_ms - progress.started_ms)
        parts.append((said(units.milliseconds(took_ms) if is_ended else units.age(took_ms)),))
    if progress.rows and progress.status != "complete":
        parts.append((said(f"partial: {_rows(len(progress.rows))}", "warning" if is_ended else "provisional"),))
    return joined(parts, _BETWEEN)


def estimate_line(estimated_bytes: float | None, cost_usd: float | None) -> Line:
    """Return what a query would scan and cost.

    >>> "".join(span.text for span in estimate_line(3_400_000_000, 0.017))
    'would scan about 3.4 GB, $0.017'
    """
    if estimated_bytes is None:
        return (said("AWS gives no estimate of what this would scan", "dim"),)
    cost = "" if cost_usd is None else f", {units.dollars(cost_usd)}"
    return (said(f"would scan about {byte_count(estimated_bytes)}{cost}"),)


def cut_sentence(
    progress: QueryProgress, limit: int | None = None, remedy: str = f"add `limit {MAX_QUERY_ROWS}`"
) -> str | None:
    """Return that more rows match than there are here, and what to do about it; None where these are all.

    `limit` is that of the run, where it has one; `remedy` says how to have more rows.

    >>> cut_sentence(QueryProgress(number=1, status="complete", rows=(("1",),), is_cut=True))
    '1 row, the limit; more match: add `limit 100000`'
    """
    if not progress.is_cut:
        return None
    count = len(progress.rows)
    if max(count, limit or 0) < MAX_QUERY_ROWS:
        return f"{_rows(count)}, the limit; more match: {remedy}"
    return f"{_rows(count)}, the most that AWS gives; more match: narrow the time range or the filter"


def problem_lines(problem: QueryProblem, text: str, width: int) -> tuple[Line, ...]:
    """Return why there are no more rows; where its place in the query is known, that line of it with carets below."""
    lines = list(wrapped(printable(problem.sentence, 2_000), width, "bad"))
    if problem.start is not None and 0 <= problem.start <= len(text):
        end = problem.start + 1 if problem.end is None else problem.end
        lines += _pointed(text, problem.start, end, width)
    if problem.remedy:
        lines += wrapped(printable(problem.remedy, 1_000), width)
    return tuple(crop(one, width) for one in lines)


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _scanned(progress: QueryProgress) -> Iterator[Line]:
    known = progress.statistics
    if known is not None:
        yield (said(f"{units.count(known.records_scanned)} records"),)
        yield (said(f"{byte_count(known.bytes_scanned)} scanned"),)
        if known.bytes_skipped:
            yield (said(f"{byte_count(known.bytes_skipped)} skipped by field indexes", "dim"),)
    if known is not None or progress.cost_usd:
        yield (said(units.dollars(progress.cost_usd)),)


def _pointed(text: str, start: int, end: int, width: int) -> tuple[Line, Line]:
    """Return the line of the query that holds `start`, as much of it as fits around that, and carets below."""
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    rest = text[first:].splitlines()
    shown = (rest[0] if rest else "").replace("\t", " ")
    start, end = start - first, max(start + 1, end) - first
    head, found, tail = (
        said(printable(piece, _LINE_LIMIT), style)
        for piece, style in ((shown[:start], ""), (shown[start:end], "bad"), (shown[end:], ""))
    )
    room = max(4, width - len(_INDENT))
    place, length = text_width(head.text), max(1, text_width(found.text))
    whole: Line = line(head, found, tail)
    if place + length > room and line_width(whole) >= room:
        cut = max(1, place - room // 3)
        whole, place = (said("…", "dim"), *shifted(whole, cut + 1)), place - cut
    carets = "^" * max(1, min(length, room - place))
    return (said(_INDENT), *crop(whole, room)), (said(_INDENT + " " * place), said(carets, "bad"))
