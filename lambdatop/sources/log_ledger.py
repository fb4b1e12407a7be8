"""The tail's accounts, by log group and in sum."""

from collections.abc import Sequence

from lambdatop.model.source_status import GroupLedger, TailLedger
from lambdatop.sources.log_group import LogGroup


def ledger_of(group: LogGroup, *, is_behind: bool) -> GroupLedger:
    """Return one group's accounts."""
    with group.lock:
        return _ledger_of(group, is_behind=is_behind)


def _ledger_of(group: LogGroup, *, is_behind: bool) -> GroupLedger:
    cursor, live = group.cursor, group.live
    confirmed = 0 if live is None else live.confirmed
    brought = 0 if live is None else live.live
    return GroupLedger(
        log_group=group.name,
        swept_to_ms=group.swept_to_ms,
        unread_ms=cursor.unread_ms,
        trouble=None if group.failure is None else group.failure.sentence,
        ledger=TailLedger(
            fetched=cursor.fetched,
            delivered=cursor.delivered - confirmed + brought,
            repeated=cursor.fetched - cursor.delivered,
            recovered=cursor.recovered,
            late=cursor.late,
            live=brought,
            confirmed=confirmed,
            open=0 if live is None else live.open,
            unconfirmed=0 if live is None else live.unconfirmed,
            missed_live=0 if live is None else live.recovered,
            remembered=cursor.remembered,
            overlap_ms=cursor.overlap_ms,
            groups=1,
            groups_behind=int(is_behind),
        ),
    )


def total_ledger(ledgers: Sequence[TailLedger]) -> TailLedger:
    """Return the accounts of several groups in one."""
    sums = {
        name: sum(getattr(ledger, name) for ledger in ledgers)
        for name in TailLedger.__struct_fields__
        if name != "overlap_ms"
    }
    return TailLedger(**sums, overlap_ms=max((ledger.overlap_ms for ledger in ledgers), default=0))
