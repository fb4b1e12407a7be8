"""The log tail's accounts in words, and log group by log group as a table."""

from collections.abc import Sequence

from lambdatop.model.source_status import GroupLedger, TailLedger
from lambdatop.render import units
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.text_table import Align, text_table
from lambdatop.render.words import foreign, line, said, wrapped

INDENT = "    "
GROUP_PREFIX = "/aws/lambda/"
_GROUPS_SHOWN = 20
_NARROW = 110
"""Below this width the prefix that nearly all log groups share is left out."""


def ledger_words(ledger: TailLedger) -> str:
    """Return the tail's accounts as a sentence, in exact numbers.

    >>> ledger_words(TailLedger(fetched=1200, delivered=1100, repeated=100, recovered=1, late=2, groups=3))
    '1,200 fetched = 1,100 delivered + 100 repeated; 1 recovered by overlap, 2 late; 3 log groups, all up to date'
    >>> ledger_words(TailLedger(fetched=9, live=3, delivered=6, repeated=4, confirmed=2))  # doctest: +ELLIPSIS
    '9 fetched + 3 live = 6 delivered + 4 repeated + 2 confirmed; 0 recovered by overlap, 0 late; ...'
    """
    came = f"{ledger.fetched:,} fetched"
    went = f"{ledger.delivered:,} delivered + {ledger.repeated:,} repeated"
    if ledger.live:
        came, went = f"{came} + {ledger.live:,} live", f"{went} + {ledger.confirmed:,} confirmed"
    groups = "1 log group" if ledger.groups == 1 else f"{ledger.groups:,} log groups"
    all_well = "up to date" if ledger.groups == 1 else "all up to date"
    return (
        f"{came} = {went}; {ledger.recovered:,} recovered by overlap, {ledger.late:,} late;"
        f" {groups}, {f'{ledger.groups_behind:,} behind' if ledger.groups_behind else all_well}"
    )


def live_words(ledger: TailLedger) -> str:
    """Return what became of the events that Live Tail brought, "" where it brought none.

    >>> live_words(TailLedger(live=30, confirmed=27, open=2, unconfirmed=1, missed_live=5))
    '30 events heard live: 27 confirmed by a sweep, 2 not swept yet, 1 not in the log group; 5 swept but not heard'
    """
    if not ledger.live:
        return ""
    unconfirmed = f", {ledger.unconfirmed:,} not in the log group" if ledger.unconfirmed else ""
    missed = f"; {ledger.missed_live:,} swept but not heard" if ledger.missed_live else ""
    return (
        f"{ledger.live:,} events heard live: {ledger.confirmed:,} confirmed by a sweep, {ledger.open:,} not swept yet"
        f"{unconfirmed}{missed}"
    )


def memory_words(ledger: TailLedger) -> str:
    """Return how repeats are known and late events found, "" before the first sweep.

    >>> memory_words(TailLedger(fetched=1, remembered=12_345, overlap_ms=45_000))
    'sweeps overlap by 45 s; 12,345 ids remembered'
    """
    if not ledger.overlap_ms:
        return ""
    return f"sweeps overlap by {round(ledger.overlap_ms / 1000):,} s; {ledger.remembered:,} ids remembered"


def ledger_lines(
    ledger: TailLedger, groups: Sequence[GroupLedger], width: int, *, is_utc: bool, said_before: str = ""
) -> list[Line]:
    """Return the sentences, then a row for each log group with something to tell.

    What was `said_before` of the tail is not said again of each group.
    """
    lines: list[Line] = []
    for words in (f"events: {ledger_words(ledger)}", live_words(ledger), memory_words(ledger)):
        lines.extend(wrapped(words, width, "dim", indent=INDENT) if words else ())
    return [*lines, *_group_table(groups[:_GROUPS_SHOWN], width, is_utc=is_utc, said_before=said_before)]


def _group_table(groups: Sequence[GroupLedger], width: int, *, is_utc: bool, said_before: str) -> list[Line]:
    if not groups:
        return []
    has_live = any(group.ledger.live for group in groups)
    headings = ["log group", "complete to", "fetched", "delivered", "recovered", "late", "live/confirmed/open"]
    rows = [[line(said(heading, "dim")) for heading in headings[: 7 if has_live else 6]]]
    rows += [_cells(group, width, is_utc=is_utc, has_live=has_live) for group in groups]
    aligns: tuple[Align, ...] = ("left", "left", "right", "right", "right", "right", "right")
    table = text_table(rows, aligns[: len(rows[0])], width - len(INDENT), flexible=0)
    lines: list[Line] = [(said(INDENT), *table[0])]
    for group, row in zip(groups, table[1:], strict=True):
        lines.append((said(INDENT), *row))
        trouble = _trouble(group, said_before)
        lines.extend(wrapped(trouble, width, "warning", indent=f"{INDENT}  ") if trouble else ())
    return lines


def _cells(group: GroupLedger, width: int, *, is_utc: bool, has_live: bool) -> list[Line]:
    told = group.ledger
    name = group.log_group.removeprefix(GROUP_PREFIX) if width < _NARROW else group.log_group
    counts = (told.fetched, told.delivered, told.recovered, told.late)
    cells = [
        line(foreign(name, "warning" if group.trouble else "", limit=120)),
        line(said(units.clock(group.swept_to_ms, is_utc))),
        *(line(said(units.count(count), "" if count else "dim")) for count in counts),
    ]
    if has_live:
        live = "/".join(units.count(count) for count in (told.live, told.confirmed, told.open))
        cells.append(line(said(live if told.live else "", "")))
    return cells


def _trouble(group: GroupLedger, said_before: str) -> str:
    """Return what is wrong with a group: why it cannot be read, and the gap that is left to read."""
    gap = f"{units.age(group.unread_ms)} unread" if group.unread_ms else ""
    trouble = printable(group.trouble, 300) if group.trouble and group.trouble not in said_before else ""
    return " ".join(words for words in (trouble, gap) if words)
