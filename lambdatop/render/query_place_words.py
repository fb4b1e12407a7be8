"""What the place of queries says beside its results: whose logs, how long, what the text may mean, what it may cost."""

from collections.abc import Sequence
from typing import Literal

from lambdatop.model.query import MAX_QUERY_ROWS, QueryProgress, QueryStatus
from lambdatop.render.query_library import LIBRARY, fits
from lambdatop.render.query_units import byte_count
from lambdatop.render.span import Line, crop, line_width
from lambdatop.render.words import BLANK, fitting, foreign, line, said, wrapped

INSIGHTS_USD_PER_GB = 0.005
"""us-east-1's list price, by decimal gigabytes (AWS-FACTS 10)."""
_WORDS: dict[QueryStatus | Literal["asking"], tuple[str, str]] = {
    "asking": ("?", "warning"),
    "waiting": ("…", "dim"),
    "scheduled": ("…", "dim"),
    "running": ("▸", "accent"),
    "complete": ("✓", "good"),
    "failed": ("✗", "bad"),
    "cancelled": ("■", "warning"),
    "timeout": ("✗", "bad"),
    "refused": ("✗", "bad"),
}


def tab_word(status: QueryStatus | Literal["asking"] | None) -> tuple[str, str]:
    """Return a sign for how a tab's query stands, with its style."""
    return ("", "") if status is None else _WORDS[status]


def head_line(groups: str, problem: str | None, time_range: str, scope: str, estimate: Line, width: int) -> Line:
    """Return which log groups and what time are read, and what that may scan."""
    what = foreign(problem, "warning", 300) if problem else foreign(groups, "heading", 200)
    time = line(said("f3 ", "key"), said(time_range))
    where = line(foreign(scope, "dim", 80)) if scope else BLANK
    rest = line_width(time) + 2 + (line_width(where) + 2 if where else 0)
    return fitting([crop(line(said("f2 ", "key"), what), max(24, width - rest)), time, where, estimate], width)


def hint_line(sentence: str, is_unsupported: bool, width: int) -> Line:
    """Return what this machine's reading of the text says."""
    said_of = "not known on this machine, AWS may: " if is_unsupported else "this machine's reading: "
    return crop(line(said(said_of, "dim"), foreign(sentence, "dim", 400)), width)


def first_lines(width: int, log_formats: frozenset[str]) -> tuple[Line, ...]:
    """Return what to say where nothing has run yet, with ready queries for the log formats."""
    keys = (
        "f5 or ctrl+r runs it; f2 or ctrl+g chooses log groups, f3 or ctrl+l the time; tab completes; "
        "f4 or ctrl+o opens ready, saved and past queries:"
    )
    rows = [*wrapped(keys, width, "dim"), BLANK]
    name_width = max(len(query.name) for query in LIBRARY) + 2
    shown = (query for query in LIBRARY if fits(query, log_formats))
    rows += (crop(line(said(f"  {each.name:<{name_width}}"), said(each.question, "dim")), width) for each in shown)
    return tuple(rows)


def weighing_line() -> Line:
    """Return what is said while AWS is asked, before a query runs, how much it would scan."""
    return line(said("Asking what it would scan, before it runs …", "accent"), said("  esc gives it up", "dim"))


def rowless_lines(progress: QueryProgress, width: int) -> tuple[Line, ...]:
    """Return what to say in place of rows: how to stop a query that runs, or why a complete one has none."""
    if progress.status in ("waiting", "scheduled", "running"):
        return wrapped("Rows are shown as soon as AWS finds any; esc stops the query.", width, "dim")
    if progress.status != "complete":
        return ()
    known = progress.statistics
    if known is not None and not known.records_scanned:
        nothing = "There are no log events in that time: f3 reads another one, f2 other log groups."
    else:
        nothing = "No log event matches: e changes the query, f3 the time, f2 the log groups."
    return wrapped(nothing, width)


def is_cut_worth_saying(progress: QueryProgress, has_limit: bool) -> bool:
    """Return whether somebody may not know that more rows match: not where the query itself says how many it wants."""
    return progress.is_cut and (not has_limit or len(progress.rows) >= MAX_QUERY_ROWS)


def chart_hint(is_chart: bool) -> Line:
    """Return the keys of a chart that is shown, or of one that can be."""
    if is_chart:
        return line(
            said("c", "key"),
            said(" table  ", "dim"),
            said("v", "key"),
            said(" next column  ", "dim"),
            said("b", "key"),
            said(" lines or bars", "dim"),
        )
    return line(said("c", "key"), said(" draws it", "dim"))


def cost_question_lines(
    estimated_bytes: float | None, hours: float, groups: str, warning: str | None, width: int
) -> tuple[Line, ...]:
    """Return what is asked before a query that may cost noticeably, or that may not work."""
    if estimated_bytes is None:
        much = f"How much it would scan is not known, over {hours:,.0f} hours of {groups}."
    else:
        usd = estimated_bytes / 1e9 * INSIGHTS_USD_PER_GB
        much = f"It would scan about {byte_count(estimated_bytes)} of {groups}: ${usd:,.2f}."
    price = f"Logs Insights costs ${INSIGHTS_USD_PER_GB:g} for each GB scanned, also of a query that is stopped."
    parts: list[Sequence[Line]] = [
        [line(said("Run this query?", "heading"))],
        wrapped(_safe(warning), width, "warning") if warning else (),
        wrapped(_safe(much), width),
        wrapped(price, width, "dim"),
        [BLANK, line(said("y", "key"), said(" runs it; any other key does not", "dim"))],
    ]
    return tuple(row for part in parts for row in part)


def _safe(text: str) -> str:
    return foreign(text, "", 400).text
