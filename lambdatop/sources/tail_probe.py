"""The doctor's question whether the tail is complete: some minutes of the logs read twice, by the tail's own parts.

The second reading tells whether each event is known again, and what came, or was not shown, in the first.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import TailLedger
from lambdatop.sources.account_probes import a_function
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.identity import UNKNOWN_ACCOUNT_ID
from lambdatop.sources.log_cursor import LogCursor
from lambdatop.sources.log_depth import Asked
from lambdatop.sources.log_group import LogGroup
from lambdatop.sources.log_ledger import ledger_of, total_ledger
from lambdatop.sources.log_pages import LogPages
from lambdatop.sources.log_schedule import Lane
from lambdatop.sources.log_sweep import LogSweep
from lambdatop.sources.probe import Finding, Ground, NotTried, Probe, TimedCall

WINDOW_MS = 300_000
SETTLED_MS = 30_000
"""What is younger may still be on its way."""
GROUPS = 20
READING_MS = 2_500
"""How long each of the two readings may begin new log groups and pages."""
CLOCK_MS = 2_000
"""AWS's clock is known to the second, and an event takes a moment from its ingestion until it is shown."""


class TwiceRead:
    """One log group: what each reading brought."""

    def __init__(self, name: str, until_ms: int) -> None:
        self.group = LogGroup(name, LogCursor(until_ms - WINDOW_MS, None))
        self.asked_ms = 0
        """When the first reading began, in AWS's time."""
        self.first: Sequence[LogEvent] = ()
        self.second: Sequence[LogEvent] = ()
        """What the first reading had not brought."""
        self.recognised = 0
        """Of the first reading's events, those that the second brought as well."""
        self.is_whole = False

    @property
    def late(self) -> int:
        """Events that were ingested after the first reading."""
        return len(self.second) - self.unseen

    @property
    def unseen(self) -> int:
        """Events that the first reading did not bring though they had been ingested."""
        return sum(event.ingestion_time_ms <= self.asked_ms - CLOCK_MS for event in self.second)

    @property
    def lost(self) -> int:
        """Events that one of both readings did not bring."""
        return self.unseen + len(self.first) - self.recognised


class TailReading:
    """Reads log groups whole, up to a moment."""

    def __init__(self, call: TimedCall, scope: Scope, until_ms: int) -> None:
        self._call = call
        self._scope = scope
        self._until_ms = until_ms
        self._pages = LogPages(call)
        self.failure: SourceFailure | None = None
        """Why a group could not be read, unless it does not exist or its class cannot be tailed."""

    def read_first(self, reads: Sequence[TwiceRead]) -> None:
        """Read each group for the first time."""
        deadline_ms = self._call.now_ms() + READING_MS
        for read in reads:
            read.asked_ms = self._call.aws_now_ms
            events = self._events(read.group, deadline_ms)
            read.first, read.is_whole = events or (), events is not None

    def read_again(self, reads: Sequence[TwiceRead]) -> None:
        """Read each group again, over the same time."""
        deadline_ms = self._call.now_ms() + READING_MS
        for read in reads:
            cursor = read.group.cursor
            known = cursor.fetched - cursor.delivered
            cursor.deepen()
            events = self._events(read.group, deadline_ms)
            read.second, read.is_whole = events or (), events is not None
            read.recognised = min(len(read.first), cursor.fetched - cursor.delivered - known)

    def _events(self, group: LogGroup, deadline_ms: int) -> list[LogEvent] | None:
        """Return what is new in a group; None where it cannot be read or time ran out."""
        if self._call.now_ms() > deadline_ms:
            return None
        try:
            return self._swept(group, deadline_ms)
        except SourceFailure as failure:
            self._note(group, failure)
            return None

    def _swept(self, group: LogGroup, deadline_ms: int) -> list[LogEvent] | None:
        events: list[LogEvent] = []
        sweep = group.cursor.begin(self._until_ms)
        while sweep is not None:
            reading = LogSweep(self._pages, group, sweep, self._scope, Asked())
            for delivery in reading.read(self._until_ms):
                events += delivery.events
                if self._call.now_ms() > deadline_ms and delivery.swept_to_ms is None:
                    return None
            sweep = group.cursor.begin(self._until_ms, is_present_due=False)
        return events

    def _note(self, group: LogGroup, failure: SourceFailure) -> None:
        group.fail(failure, Lane.QUIET)
        if not (group.is_missing or group.is_infrequent):
            self.failure = failure


def look_at_complete_tail(call: TimedCall, ground: Ground) -> Finding:
    """Read the settled minutes of some log groups twice, and hold both readings against each other."""
    a_function(ground)
    until_ms = call.aws_now_ms - SETTLED_MS
    names = sorted(ground.log_groups, key=lambda name: (name != ground.log_group, name))
    reading = TailReading(call, ground.scope or Scope(UNKNOWN_ACCOUNT_ID, call.clients.region or ""), until_ms)
    reads = [TwiceRead(name, until_ms) for name in names[:GROUPS]]
    reading.read_first(reads)
    reads = [read for read in reads if read.is_whole]
    reading.read_again(reads)
    whole = [read for read in reads if read.is_whole]
    if not whole and reading.failure is not None:
        raise reading.failure
    if not whole:
        raise NotTried(f"None of {len(names)} log groups could be read twice in the time there is.")
    return Finding(
        _sentence(whole, len(names)), "late" if any(read.lost for read in whole) else "works", ledger=_ledger(whole)
    )


def _ledger(reads: Sequence[TwiceRead]) -> TailLedger:
    """Return the tail's accounts; `recovered` is what only the second reading brought though it had been there."""
    total = total_ledger([ledger_of(read.group, is_behind=False).ledger for read in reads])
    return replace(total, recovered=sum(read.unseen for read in reads), late=sum(read.late for read in reads))


def _sentence(reads: Sequence[TwiceRead], groups: int) -> str:
    """Return what both readings found, in exact numbers."""
    first = sum(len(read.first) for read in reads)
    lost, late = sum(read.lost for read in reads), sum(read.late for read in reads)
    events = first + sum(len(read.second) for read in reads)
    lags_ms = [event.ingestion_time_ms - event.timestamp_ms for read in reads for event in (*read.first, *read.second)]
    of_all = f" of {groups:,}" if len(reads) < groups else ""
    where = f"{len(reads):,}{of_all} log group{'' if groups == 1 else 's'}"
    if not lags_ms:
        return f"{where} read twice, without an event in the five minutes until half a minute ago."
    return (
        f"{events:,} event{'' if events == 1 else 's'} in {where}: {first:,} fetched once and delivered, "
        f"{sum(read.recognised for read in reads):,} fetched again and recognised, {lost:,} lost, {late:,} late; "
        f"ingestion lag up to {max(0, *lags_ms) / 1000:,.1f} s."
        + (f" One of both readings lacked {lost:,}, which is why sweeps overlap." if lost else "")
    )


COMPLETE_TAIL = Probe("complete tail", "logs:FilterLogEvents", look_at_complete_tail, is_optional=True)
