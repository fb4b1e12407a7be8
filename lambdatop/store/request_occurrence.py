"""Occurrences of requests, as the log streams remember them or as a request's lines alone tell of them."""

from collections.abc import Callable, Generator, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_line import LogLine
from lambdatop.model.statistics import Invocation
from lambdatop.parsers.log_line import parse_for_counting
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.store.cost import cost_usd
from lambdatop.store.error_groups import ErrorGroups
from lambdatop.store.function_ledger import FunctionLedger, Span
from lambdatop.store.log_ledger import take_in
from lambdatop.store.log_stream import LogStream
from lambdatop.store.occurrence import Occurrence

Identity = tuple[FunctionKey, str]
"""A request: its function and its ID."""
OCCURRENCES_A_SLICE = 8_000
"""So many are looked at in some 5 ms."""
OCCURRENCES_TOLD = 20
"""Lambda tries an asynchronous event three times; a queue may send one more often, under new request IDs."""


class RememberedOccurrence(NamedTuple):
    """An occurrence that a log stream remembers."""

    stream: LogStream
    occurrence: Occurrence

    @property
    def identity(self) -> Identity:
        """The request that it is of."""
        return self.stream.function.key, self.occurrence.request_id or ""


class ToldOccurrence(NamedTuple):
    """An occurrence, and where it lies among others of its log stream; times are epoch milliseconds."""

    ledger: FunctionLedger
    invocation: Invocation
    is_init_suppressed: bool = False
    previous_end_ms: int | None = None
    following_start_ms: int | None = None

    @property
    def identity(self) -> Identity:
        """The request that it is of."""
        return self.key, self.invocation.request_id

    @property
    def key(self) -> FunctionKey:
        """The function."""
        return self.ledger.key

    @property
    def is_stream_shared(self) -> bool:
        """Whether its log stream serves many requests at once."""
        return self.ledger.function.is_managed_instances

    @property
    def begin_ms(self) -> int | None:
        """When its START was, or must have been."""
        one = self.invocation
        if one.started_ms is not None or one.ended_ms is None:
            return one.started_ms
        return one.ended_ms - int(one.duration_ms or 0)

    @property
    def init_ms(self) -> float:
        """How long its init or restore phase was; 0 for a warm one."""
        return (self.invocation.init_duration_ms or 0) + (self.invocation.restore_duration_ms or 0)

    @property
    def cost_usd(self) -> float | None:
        """What it cost."""
        billed_ms, ledger = self.invocation.billed_duration_ms, self.ledger
        size_mb = self.invocation.memory_size_mb or ledger.function.memory_size_mb
        if billed_ms is None or size_mb is None:
            return None
        return cost_usd(ledger.function, ledger.concurrency, 1, billed_ms, billed_ms * size_mb)


def remembered(
    streams: Iterable[LogStream], is_wanted: Callable[[Occurrence], bool]
) -> Generator[None, None, list[RememberedOccurrence]]:
    """Return the occurrences that are wanted, oldest first; yields None where a slice ends."""
    found: list[RememberedOccurrence] = []
    looked_at = 0
    for stream in list(streams):
        found += [RememberedOccurrence(stream, one) for one in stream.occurrences() if is_wanted(one)]
        looked_at += stream.remembered
        if looked_at >= OCCURRENCES_A_SLICE:
            looked_at = 0
            yield None
    return sorted(found, key=_time_of)


def tell(found: Sequence[RememberedOccurrence]) -> list[ToldOccurrence]:
    """Return the newest of them as they are told, oldest first."""
    newest = found[-OCCURRENCES_TOLD:]
    return [_told(one.stream, one.occurrence, tuple(one.stream.occurrences())) for one in newest]


def told_by_lines(lines: Sequence[LogLine], request_id: str, ledger: FunctionLedger) -> list[ToldOccurrence]:
    """Return the occurrences that a request's lines tell of, where nothing else remembers them, oldest first.

    Of a log stream without START and REPORT, such as one whose settings hide them, it is one without times.
    """
    found: list[ToldOccurrence] = []
    for name in dict.fromkeys(line.log_stream for line in lines):
        parsed = parse_log_stream(name)
        version = parsed.version if parsed is not None else None
        stream = LogStream(name, _scratch_ledger(ledger.function), version)
        for line in lines:
            record = parse_for_counting(line.message) if line.log_stream == name else None
            if record is not None:
                take_in(stream, line.timestamp_ms, record)
        stream.settle(OCCURRENCES_TOLD)
        occurrences = tuple(one for one in stream.occurrences() if one.request_id == request_id)
        unknown = ToldOccurrence(ledger, Invocation(request_id=request_id, log_stream=name, version=version))
        found += [_told(stream, one, occurrences)._replace(ledger=ledger) for one in occurrences] or [unknown]
    return sorted(found, key=lambda one: one.begin_ms or 0)[-OCCURRENCES_TOLD:]


def request_at(streams: Iterable[LogStream], log_stream: str, timestamp_ms: int) -> str | None:
    """Return the request that a serial log stream served at a moment, or that a failure of that time belongs to.

    Of those that were never reported it is the one that began last: an environment starts nothing else before.
    """
    begun: list[tuple[int, str | None]] = []
    for stream in streams:
        if stream.name == log_stream and not stream.function.is_concurrent:
            for one in stream.occurrences():
                if any(piece.timestamp_ms == timestamp_ms for piece in one.evidence):
                    return one.request_id
                is_over = one.end_ms is not None and one.end_ms < timestamp_ms
                if one.start_ms is not None and one.start_ms <= timestamp_ms and not is_over:
                    begun.append((one.start_ms, one.request_id))
    return max(begun, key=itemgetter(0))[1] if begun else None


def _time_of(one: RememberedOccurrence) -> int:
    occurrence = one.occurrence
    return occurrence.start_ms if occurrence.start_ms is not None else occurrence.end_ms or 0


def _told(stream: LogStream, occurrence: Occurrence, others: Sequence[Occurrence]) -> ToldOccurrence:
    told = ToldOccurrence(
        stream.function, occurrence.as_invocation(stream.name, stream.version), occurrence.is_suppressed_init
    )
    begin_ms = told.begin_ms
    if begin_ms is None or told.is_stream_shared:
        return told
    ends = [one.end_ms for one in others if one.end_ms is not None and one.end_ms != occurrence.end_ms]
    starts = [one.start_ms for one in others if one.start_ms is not None]
    return told._replace(
        previous_end_ms=max((end_ms for end_ms in ends if end_ms <= begin_ms), default=None),
        following_start_ms=min((start_ms for start_ms in starts if start_ms > begin_ms), default=None),
    )


def _scratch_ledger(function: LambdaFunction) -> FunctionLedger:
    """Return a ledger that counts apart from what is shown."""
    return FunctionLedger(function, Span(0, None), ErrorGroups())
