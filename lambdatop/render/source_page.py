"""The page of sources: each one's state, what helps, its lag, its ledger, and what calling AWS costs."""

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.render import freshness, units
from lambdatop.render.drawing import Drawing
from lambdatop.render.ledger_words import ledger_lines
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.text_table import text_table
from lambdatop.render.wide_logs_words import reading_lines
from lambdatop.render.words import foreign, line, said, wrapped


def source_page(snapshot: Snapshot, drawing: Drawing, width: int) -> tuple[Line, ...]:
    """Return the page: sources with problems first, then the others, then the API's use."""
    lines: list[Line] = [line(said("Sources", "heading"), said("  where the numbers come from", "dim")), ()]
    if not snapshot.sources:
        lines.append(line(said("  none yet: connecting to AWS", "provisional")))
    for source in sorted(snapshot.sources, key=lambda source: not freshness.is_behind(source)):
        lines.extend(_source(source, drawing, width))
        lines.append(())
    lines.extend(_usage(snapshot, width))
    return tuple(lines)


def _source(source: SourceStatus, drawing: Drawing, width: int) -> list[Line]:
    glyph, style, word = freshness.STATE_WORDS[source.state]
    facts = [f"complete to {units.age(source.lag_ms)} ago"] if source.lag_ms is not None else []
    if source.progress is not None and source.progress < 1:
        facts.append(f"back-fill {int(source.progress * 100)}%")
    if source.last_success_ms is not None:
        facts.append(f"last answer {units.clock(source.last_success_ms, drawing.is_utc)}")
    if source.expires_at_ms is not None:
        facts.append(f"login ends {units.timestamp(source.expires_at_ms, drawing.is_utc)}")
    if source.next_due_ms is not None:
        facts.append(f"next {units.clock(source.next_due_ms, drawing.is_utc)}")
    head = line(
        said(f"{glyph} ", style), foreign(source.name, "heading", 40), said(f"  {word}", style),
        said("  " + " · ".join(facts) if facts else "", "dim"),
    )  # fmt: skip
    if sum(len(span.text) for span in head) > width:
        head = (*head[:3],)
        lines = [head, *wrapped(" · ".join(facts), width, "dim", indent="    ")]
    else:
        lines = [head]
    if source.detail:
        lines.extend(wrapped(printable(source.detail, 600), width, "", indent="    "))
    if source.remedy:
        lines.extend(wrapped(f"→ {printable(source.remedy, 600)}", width, "accent", indent="    "))
    lines.extend(reading_lines(source, width, "    ", is_utc=drawing.is_utc))
    if source.ledger is not None:
        ledger, groups = source.ledger, source.log_groups
        lines.extend(ledger_lines(ledger, groups, width, is_utc=drawing.is_utc, said_before=source.detail))
    return lines


def _usage(snapshot: Snapshot, width: int) -> list[Line]:
    api = snapshot.api
    total = sum(api.calls.values())
    lines = [
        line(said("API", "heading"), said("  what lambdatop has asked of AWS since it started", "dim")),
        (),
        line(
            said(f"  {units.count(total)} calls"),
            said(f", {units.count(api.throttled)} throttled", "warning" if api.throttled else "dim"),
            said(f", {units.dollars(api.cost_usd)} so far"),
        ),
        *wrapped(cost_words(api), width, "warning" if api.slowed else "", indent="  "),
    ]
    calls = sorted(api.calls.items(), key=lambda item: (-item[1], item[0]))
    if calls:
        rows = [[line(said("  "), foreign(name, "dim", 80)), line(said(units.count(times)))] for name, times in calls]
        lines.extend(text_table(rows, ("left", "right"), width))
    return lines


def cost_words(api: ApiUsage) -> str:
    """Return what AWS is paid now, the limit that was set, and what waits because of it.

    >>> cost_words(ApiUsage(cost_usd_last_hour=0.09, max_cost_usd_per_hour=0.1, slowed=("GetMetricData",)))
    '$0.090 in the last hour of at most $0.10; GetMetricData is asked less often'
    """
    words = f"{units.dollars(api.cost_usd_per_hour)} an hour"
    if api.max_cost_usd_per_hour is not None:
        limit = units.dollars(api.max_cost_usd_per_hour)
        words = f"{units.dollars(api.cost_usd_last_hour)} in the last hour of at most {limit}"
    if not api.slowed:
        return words
    *others, last = api.slowed
    slowed = f"{', '.join(others)} and {last} are" if others else f"{last} is"
    return f"{words}; {slowed} asked less often"
