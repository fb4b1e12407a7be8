"""One log stream's invocations: pairs START, failure lines and REPORT into occurrences, in whatever order they come.

Facts that come in the order of time take a short way. A fact that is late makes the stream pair again all it still
remembers, in the canonical order `(timestamp, kind, request ID)`, and correct what had been counted: the outcome is a
function of the set of facts. An occurrence takes a failure line that names its request ID between its START and the
next START of that ID; a line without one belongs to the occurrence that it lies in, or between two of them to the next.

A stream remembers the newest `remembered` occurrences. Of what is older still, reports keep their numbers, failure
lines count as a failure of a report that was counted long ago, and STARTs are ignored.
"""

from collections.abc import Iterable, Sequence

from lambdatop.store.environment_tally import EnvironmentTally
from lambdatop.store.failure_kind import CRASHES
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.occurrence import Evidence, Occurrence
from lambdatop.store.rolling_window import RollingWindow
from lambdatop.store.stream_intervals import OpenIntervals, enter_timeline

_INIT_START, _START, _EVIDENCE, _REPORT = range(4)
_Fact = tuple[int, int, str, "Occurrence | Evidence | None"]


class LogStream:
    """The pairing of one stream; serial, except for functions on Managed Instances."""

    __slots__ = (
        "_ended",
        "_evidence_ms",
        "_forgotten_ms",
        "_in_flight",
        "_init_starts",
        "_late",
        "_lost",
        "_newest_ms",
        "_open",
        "_troubled",
        "_unsettled",
        "environment",
        "function",
        "name",
        "version",
        "window",
    )

    def __init__(self, name: str, function: FunctionLedger, version: str | None) -> None:
        self.name = name
        self.function = function
        self.version = version
        self.window: RollingWindow = function.window_of(version)
        self.environment = EnvironmentTally()
        self._open: dict[str, int] = {}
        """START times of invocations without a REPORT."""
        self._troubled: dict[str | None, Occurrence] = {}
        """Occurrences with evidence and without a REPORT; None is the gap between two invocations."""
        self._ended: list[Occurrence] = []
        self._lost: list[Occurrence] = []
        """Started, never reported, and started again under the same request ID."""
        self._init_starts: list[int] = []
        self._late: list[_Fact] = []
        self._unsettled: list[Occurrence] = []
        self._in_flight = OpenIntervals(function)
        self._newest_ms = self._evidence_ms = 0
        self._forgotten_ms = 0

    @property
    def newest_ms(self) -> int:
        """Time of the newest fact."""
        return self._newest_ms

    @property
    def remembered(self) -> int:
        """How many occurrences it holds."""
        return len(self._ended) + len(self._lost) + len(self._open)

    def start(self, timestamp_ms: int, request_id: str) -> None:
        """Take in a START."""
        newest_ms = self._newest_ms
        if timestamp_ms > newest_ms or (timestamp_ms == newest_ms and self._is_plain_start(request_id)):
            self._newest_ms = timestamp_ms
            if self._troubled or request_id in self._open:
                self._start_troubled(timestamp_ms, request_id)
            self._open[request_id] = timestamp_ms
        elif timestamp_ms > self._forgotten_ms:
            self._late.append((timestamp_ms, _START, request_id, None))

    def report(self, occurrence: Occurrence) -> None:
        """Take in a REPORT whose numbers are already counted."""
        timestamp_ms = occurrence.end_ms or 0
        if timestamp_ms > self._newest_ms or (timestamp_ms == self._newest_ms and not self._has_end_at(timestamp_ms)):
            self._newest_ms = timestamp_ms
            self._finish(occurrence)
        elif timestamp_ms > self._forgotten_ms:
            self._late.append((timestamp_ms, _REPORT, occurrence.request_id or "", occurrence))
        else:
            enter_timeline(self.function, occurrence, None)
            self._unsettled.append(occurrence)

    def fail(self, evidence: Evidence) -> None:
        """Take in a line that tells of a failure."""
        timestamp_ms = evidence.timestamp_ms
        if timestamp_ms <= self._forgotten_ms:
            self.function.count_forgotten_failure(self, evidence)
        elif timestamp_ms < self._newest_ms or self._has_end_at(timestamp_ms):
            self._late.append((timestamp_ms, _EVIDENCE, evidence.request_id or "", evidence))
        else:
            self._newest_ms = timestamp_ms
            self._attach(evidence)

    def init_start(self, timestamp_ms: int) -> None:
        """Take in an INIT_START."""
        if timestamp_ms <= self._forgotten_ms:
            return
        if timestamp_ms <= self._newest_ms:
            self._late.append((timestamp_ms, _INIT_START, "", None))
        else:
            self._newest_ms = timestamp_ms
            self._init_starts.append(timestamp_ms)

    def learn_version(self, version: str) -> None:
        """Move everything to the version that a START names, where the stream's own name says none."""
        self.version = version
        self.window = self.function.window_of(version)
        for occurrence in [*self._ended, *self._lost, *self._troubled.values()]:
            self.function.move(occurrence, self)

    def settle(self, remembered: int) -> None:
        """Bring all counts in line with the facts, then forget all but the newest occurrences."""
        if self._late:
            self._pair_again()
        for occurrence in self._unsettled:
            self.function.settle(occurrence, self)
        self._unsettled.clear()
        for occurrence in self._troubled.values():
            self.function.settle(occurrence, self)
        if self._open or self._in_flight or self._lost:
            self._settle_in_flight()
        if len(self._ended) > remembered:
            self._forget(len(self._ended) - remembered)
        if len(self._open) + len(self._lost) > remembered:
            self._forget_unfinished(max(len(self._open), len(self._lost)) - remembered // 2)

    def pair_again(self) -> None:
        """Pair all facts anew, since the function's configuration has changed."""
        self._pair_again()
        self.settle(len(self._ended))

    def occurrences(self) -> Iterable[Occurrence]:
        """All that are remembered, running ones too."""
        yield from self._ended
        yield from self._lost
        for request_id, start_ms in self._open.items():
            if request_id not in self._troubled:
                yield Occurrence(request_id, start_ms)
        yield from (occurrence for occurrence in self._troubled.values() if occurrence.request_id is not None)

    @property
    def ended(self) -> Sequence[Occurrence]:
        """The remembered ones that have a REPORT, in the order of its time."""
        return self._ended

    @property
    def newest_init_ms(self) -> int:
        """Time of the newest INIT_START remembered, 0 without one."""
        return max(self._init_starts, default=0)

    def in_flight(self, at_ms: int) -> int:
        """How many run at a moment, as far as is known: not ended, not timed out, and not known to have crashed."""
        troubled = self._troubled
        return sum(
            request_id not in troubled or troubled[request_id].kind not in CRASHES
            for request_id in self._in_flight.running(at_ms)
        )

    def _is_plain_start(self, request_id: str) -> bool:
        """Whether a START in the millisecond of the newest fact comes to the same, whichever is taken in first."""
        if self._troubled or self._evidence_ms == self._newest_ms:
            return False
        for last in reversed(self._ended):
            if last.end_ms != self._newest_ms:
                break
            if last.request_id == request_id or last.start_ms is None:
                return False
        return True

    def _has_end_at(self, timestamp_ms: int) -> bool:
        return bool(self._ended) and self._ended[-1].end_ms == timestamp_ms

    def _start_troubled(self, timestamp_ms: int, request_id: str) -> None:
        """A START that ends a gap with failure lines in it, or that repeats one which was never reported."""
        earlier_ms = self._open.pop(request_id, None)
        before = self._troubled.pop(request_id, None)
        if earlier_ms is not None:
            self._lost.append(before or Occurrence(request_id, earlier_ms))
            self._unsettled.append(self._lost[-1])
            before = None
        evidence = self._take_gap() + (self._dissolve(before) if before is not None else ())
        if evidence:
            self._troubled[request_id] = Occurrence(request_id, timestamp_ms, evidence=evidence)

    def _take_gap(self) -> tuple[Evidence, ...]:
        gap = self._troubled.pop(None, None)
        return self._dissolve(gap) if gap is not None else ()

    def _dissolve(self, occurrence: Occurrence) -> tuple[Evidence, ...]:
        """Give up an occurrence without a REPORT; its evidence goes to another one."""
        self.function.unsettle(occurrence, self)
        return occurrence.evidence

    def _finish(self, occurrence: Occurrence) -> None:
        request_id = occurrence.request_id or ""
        start_ms = occurrence.start_ms = self._open.pop(request_id, None)
        if self._troubled:
            self._finish_troubled(occurrence)
        previous = self._ended[-1] if self._ended else None
        enter_timeline(self.function, occurrence, previous)
        if previous is not None and (previous.evidence or previous.report_kind):
            occurrence.is_suppressed_init = self._is_init_suppressed(occurrence, previous, start_ms)
        if occurrence.evidence or occurrence.report_kind or occurrence.is_suppressed_init or occurrence.verdict:
            self._unsettled.append(occurrence)
        self._ended.append(occurrence)

    def _finish_troubled(self, occurrence: Occurrence) -> None:
        evidence = self._take_gap() if occurrence.start_ms is None else ()
        troubled = self._troubled.pop(occurrence.request_id, None)
        if troubled is not None:
            evidence += self._dissolve(troubled)
        occurrence.evidence = evidence

    def _is_init_suppressed(self, occurrence: Occurrence, previous: Occurrence, start_ms: int | None) -> bool:
        if self.function.is_concurrent or previous.kind not in CRASHES:
            return False
        if occurrence.init_duration_ms is not None or occurrence.restore_duration_ms is not None:
            return False
        since_ms = previous.end_ms or 0
        until_ms = start_ms if start_ms is not None else occurrence.end_ms or 0
        return not any(since_ms <= at_ms <= until_ms for at_ms in self._init_starts)

    def _attach(self, evidence: Evidence) -> None:
        """Give a failure line, newer than all other facts, to the occurrence it belongs to."""
        self._evidence_ms = evidence.timestamp_ms
        request_id = evidence.request_id
        if request_id is None and self._open:
            request_id = self._running_at(evidence.timestamp_ms)
        if request_id is not None and request_id not in self._open:
            for occurrence in reversed(self._ended):
                if occurrence.request_id == request_id:
                    occurrence.evidence += (evidence,)
                    self._unsettled.append(occurrence)
                    return
        troubled = self._troubled.get(request_id)
        if troubled is None:
            start_ms = self._open.get(request_id) if request_id is not None else None
            troubled = self._troubled[request_id] = Occurrence(request_id, start_ms)
        troubled.evidence += (evidence,)

    def _running_at(self, timestamp_ms: int) -> str:
        """The unfinished invocation that started last before a moment, or else at it."""
        starts = [(start_ms, request_id) for request_id, start_ms in self._open.items()]
        return max([pair for pair in starts if pair[0] < timestamp_ms] or starts)[1]

    def _pair_again(self) -> None:
        facts = sorted([*self._facts(), *self._late], key=_canonical)
        self._late.clear()
        for occurrence in [*self._lost, *self._troubled.values()]:
            self.function.unsettle(occurrence, self)
        self._unsettled = [*self._ended, *(kept for kept in self._unsettled if kept.end_ms is not None)]
        self._open, self._troubled, self._ended, self._lost, self._init_starts = {}, {}, [], [], []
        for timestamp_ms, kind, request_id, subject in facts:
            self._newest_ms = timestamp_ms
            if kind == _INIT_START:
                self._init_starts.append(timestamp_ms)
            elif kind == _START:
                if self._troubled or request_id in self._open:
                    self._start_troubled(timestamp_ms, request_id)
                self._open[request_id] = timestamp_ms
            elif isinstance(subject, Evidence):
                self._attach(subject)
            elif isinstance(subject, Occurrence):
                subject.evidence = ()
                subject.is_suppressed_init = False
                self._finish(subject)

    def _facts(self) -> Iterable[_Fact]:
        """Everything remembered, taken apart again."""
        for occurrence in [*self._ended, *self._lost]:
            if occurrence.start_ms is not None:
                yield occurrence.start_ms, _START, occurrence.request_id or "", None
            if occurrence.end_ms is not None:
                yield occurrence.end_ms, _REPORT, occurrence.request_id or "", occurrence
        for occurrence in [*self._ended, *self._lost, *self._troubled.values()]:
            for piece in occurrence.evidence:
                yield piece.timestamp_ms, _EVIDENCE, piece.request_id or "", piece
        yield from ((start_ms, _START, request_id, None) for request_id, start_ms in self._open.items())
        yield from ((at_ms, _INIT_START, "", None) for at_ms in self._init_starts)

    def _settle_in_flight(self) -> None:
        starts = [(request_id, start_ms) for request_id, start_ms in self._open.items()]
        starts += [(lost.request_id or "", lost.start_ms) for lost in self._lost if lost.start_ms is not None]
        oldest_ms = min((start_ms for _, start_ms in starts), default=0)
        self._in_flight.settle(starts, [] if self.function.is_concurrent else self._begins(oldest_ms))

    def _begins(self, since_ms: int) -> list[int]:
        """When invocations started, ascending, as far as they ended after a moment."""
        begins = [*self._open.values(), *(lost.start_ms or 0 for lost in self._lost)]
        for occurrence in reversed(self._ended):
            if (occurrence.end_ms or 0) <= since_ms:
                break
            begins.append(occurrence.start_ms if occurrence.start_ms is not None else occurrence.begin_ms or 0)
        return sorted(begins)

    def _forget_unfinished(self, number: int) -> None:
        """Give up the oldest STARTs that were never reported; their intervals stay as they are."""
        for request_id in sorted(self._open, key=lambda opened: (self._open[opened], opened))[:number]:
            start_ms = self._open.pop(request_id)
            self._troubled.pop(request_id, None)
            self._in_flight.forget((request_id, start_ms))
        for lost in self._lost[:number]:
            self._in_flight.forget((lost.request_id or "", lost.start_ms or 0))
        del self._lost[:number]

    def _forget(self, number: int) -> None:
        self._forgotten_ms = max(self._forgotten_ms, self._ended[number - 1].end_ms or 0)
        del self._ended[:number]
        self._init_starts = [at_ms for at_ms in self._init_starts if at_ms > self._forgotten_ms]
        for lost in [lost for lost in self._lost if (lost.start_ms or 0) <= self._forgotten_ms]:
            self._lost.remove(lost)
            self._in_flight.forget((lost.request_id or "", lost.start_ms or 0))


def _canonical(fact: _Fact) -> tuple[int, int, str, str]:
    """What facts are ordered by; those of one request in one millisecond by what they say."""
    timestamp_ms, kind, request_id, subject = fact
    if isinstance(subject, Occurrence):
        return timestamp_ms, kind, request_id, f"{subject.duration_ms} {subject.init_duration_ms} {subject.report_kind}"
    return timestamp_ms, kind, request_id, subject.message if subject is not None else ""
