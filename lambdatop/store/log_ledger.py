"""Reads deliveries of log events into the streams and functions they belong to."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from lambdatop.model.delivery import LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.record import (
    Application,
    End,
    InitReport,
    InitStart,
    LogsDropped,
    PlatformOther,
    Record,
    Report,
    RestoreReport,
    RuntimeExit,
    Start,
    Timeout,
    UnhandledError,
)
from lambdatop.parsers.error_signature import error_identity
from lambdatop.parsers.log_line import parse_for_counting
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.store.failure_kind import kind_of, kind_of_status
from lambdatop.store.function_ledger import FunctionLedger, Span
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_feed import LogArchiveFeed
from lambdatop.store.log_group_state import LogGroupState
from lambdatop.store.log_groups import LogGroups
from lambdatop.store.log_stream import LogStream
from lambdatop.store.occurrence import Evidence, Occurrence

OCCURRENCES_REMEMBERED = 100_000
"""Over all streams, some 400 bytes each."""
REMEMBERED_A_STREAM = (16, 1_000)
STREAM_REMEMBERED_MS = 3_600_000
"""A stream is forgotten this long after its newest fact, by the event time of its group."""
WAITING_RECORDS = 20_000
"""Records that may wait for the catalogue to say whose they are; the oldest go first."""

KILLED = "signal: killed"
"""How a process that the kernel ended, mostly for its memory, is told of in old-style lines."""
_TIMESTAMP = attrgetter("timestamp_ms")
_StreamName = tuple[Scope, str, str]


class LogLedger:
    """Streams by group; memory is bounded by the constants above."""

    def __init__(
        self,
        groups: LogGroups,
        ledger_of: Callable[[FunctionKey], FunctionLedger],
        span: Span,
        archive: LogArchive | None = None,
    ) -> None:
        self._groups = groups
        self._feed = None if archive is None else LogArchiveFeed(archive, groups)
        self._ledger_of = ledger_of
        self._span = span
        self._states: dict[tuple[Scope, str], LogGroupState] = {}
        self._waiting: dict[_StreamName, list[tuple[int, Record]]] = {}
        self._waiting_count = 0
        self._stream_count = 0
        self._touched: set[LogStream] = set()

    def apply(self, delivery: LogEventsDelivered) -> set[FunctionLedger]:
        """Take in a page; returns the functions whose numbers changed."""
        state = self.state_of(delivery.scope, delivery.log_group)
        if delivery.depth == "full" or delivery.swept_to_ms is not None:
            state.is_full = delivery.depth == "full"
        state.full_text.apply(delivery)
        if delivery.swept_to_ms is not None:
            state.swept_to_ms = max(state.swept_to_ms or 0, delivery.swept_to_ms)
            state.provenance.cover_by_lines(delivery.swept_from_ms, delivery.swept_to_ms)
            state.pattern = delivery.pattern
        if delivery.events:
            self._read(delivery, state)
        return self._settle()

    def _read(self, delivery: LogEventsDelivered, state: LogGroupState) -> None:
        scope, log_group = delivery.scope, delivery.log_group
        streams, touched = state.streams, self._touched
        records: list[Record | None] = []
        for event in delivery.events:
            record = parse_for_counting(event.message)
            records.append(record)
            if record is None or (type(record) is End and record.status is None):
                continue
            stream = streams.get(event.log_stream)
            if stream is None:
                stream = self._open_stream(scope, log_group, event, record)
                if stream is None:
                    continue
            touched.add(stream)
            take_in(stream, event.timestamp_ms, record)
        if self._feed is not None:
            self._feed.take(delivery, records, streams)
        state.newest_ms = max(state.newest_ms, *map(_TIMESTAMP, delivery.events))
        oldest_ms = min(map(_TIMESTAMP, delivery.events))
        state.oldest_ms = oldest_ms if state.oldest_ms is None else min(state.oldest_ms, oldest_ms)

    def state_of(self, scope: Scope, log_group: str) -> LogGroupState:
        """What is known of a group from now on."""
        state = self._states.get((scope, log_group))
        if state is None:
            state = self._states[scope, log_group] = LogGroupState(self._span)
        return state

    def state(self, scope: Scope, log_group: str) -> LogGroupState | None:
        """How far a group has been read, None when it has not been."""
        return self._states.get((scope, log_group))

    @property
    def is_read(self) -> bool:
        """Whether any group has been read."""
        return bool(self._states)

    @property
    def complete_to_ms(self) -> int | None:
        """Event time that every group is complete to, None while one has never been read to its end."""
        read = [state.read_to_ms for state in self._states.values()]
        complete = [read_to_ms for read_to_ms in read if read_to_ms is not None]
        return min(complete) if complete and len(complete) == len(read) else None

    def is_aggregated_since(self, start_ms: int | None) -> bool:
        """Whether aggregates, and not lines, tell of anything from then on."""
        return any(state.provenance.aggregated_since(start_ms) for state in self._states.values())

    def streams_of(self, function: FunctionLedger | None) -> Iterable[LogStream]:
        """The remembered streams of a function, or of all."""
        for state in self._states.values():
            for stream in state.streams.values():
                if function is None or stream.function is function:
                    yield stream

    def map_waiting(self) -> set[FunctionLedger]:
        """Read what has waited for a catalogue, as far as that says whose it is."""
        for name in list(self._waiting):
            scope, log_group, stream_name = name
            records = self._waiting[name]
            fields = next((found for _, record in records if (found := record.fields)), None)
            stream = self._map(scope, log_group, stream_name, fields)
            if stream is not None:
                self._release(name, stream)
        return self._settle()

    def pair_again(self, function: FunctionLedger) -> None:
        """Pair a function's invocations anew, after its timeout or its kind of instances has changed."""
        for stream in self.streams_of(function):
            stream.pair_again()

    def forget(self, folded_ms: int) -> None:
        """Let streams go that have been silent for long, and what could replace minutes that are folded."""
        for state in self._states.values():
            state.provenance.forget_before(folded_ms)
            before_ms = state.newest_ms - STREAM_REMEMBERED_MS
            old = [name for name, stream in state.streams.items() if stream.newest_ms < before_ms]
            for name in old:
                del state.streams[name]
            self._stream_count -= len(old)

    def _settle(self) -> set[FunctionLedger]:
        least, most = REMEMBERED_A_STREAM
        remembered = max(least, min(most, OCCURRENCES_REMEMBERED // max(1, self._stream_count)))
        functions = set()
        for stream in self._touched:
            stream.settle(remembered)
            stream.function.saw(stream.version, stream.newest_ms)
            functions.add(stream.function)
        self._touched.clear()
        return functions

    def _open_stream(self, scope: Scope, log_group: str, event: LogEvent, record: Record) -> LogStream | None:
        """Map a stream at its first record, or let the record wait until something says whose it is."""
        stream = self._map(scope, log_group, event.log_stream, record.fields)
        name = scope, log_group, event.log_stream
        if stream is not None:
            self._release(name, stream)
            return stream
        while self._waiting_count >= WAITING_RECORDS:
            self._waiting_count -= len(self._waiting.pop(next(iter(self._waiting))))
        self._waiting.setdefault(name, []).append((event.timestamp_ms, record))
        self._waiting_count += 1
        return None

    def _map(
        self, scope: Scope, log_group: str, stream_name: str, fields: dict[str, object] | None
    ) -> LogStream | None:
        parsed = parse_log_stream(stream_name)
        key = self._groups.function_of(scope, log_group, parsed.function_name if parsed else None, fields)
        if key is None:
            return None
        state, ledger = self._states[scope, log_group], self._ledger_of(key)
        ledger.count_by(state.provenance)
        stream = state.streams[stream_name] = LogStream(stream_name, ledger, parsed.version if parsed else None)
        self._stream_count += 1
        return stream

    def _release(self, name: _StreamName, stream: LogStream) -> None:
        records = self._waiting.pop(name, [])
        self._waiting_count -= len(records)
        for timestamp_ms, record in records:
            take_in(stream, timestamp_ms, record)
        self._touched.add(stream)


def take_in(stream: LogStream, timestamp_ms: int, record: Record) -> None:
    """Give one record to its stream; the lines of an ordinary invocation come first."""
    environment = stream.environment
    if timestamp_ms > environment.last_ms:
        if not environment.last_ms:
            environment.first_ms = timestamp_ms
        environment.last_ms = timestamp_ms
    elif timestamp_ms < environment.first_ms:
        environment.first_ms = timestamp_ms
    if isinstance(record, Report):
        _take_in_report(stream, timestamp_ms, record)
    elif isinstance(record, Start):
        if stream.version is None and record.version is not None:
            stream.learn_version(record.version)
        stream.start(timestamp_ms, record.request_id)
    else:
        _take_in_rare(stream, timestamp_ms, record)


def _take_in_report(stream: LogStream, timestamp_ms: int, record: Report) -> None:
    function = stream.function
    kind = kind_of_status(record.status, record.error_type) if record.status is not None else None
    occurrence = Occurrence(
        record.request_id,
        None,
        timestamp_ms,
        record.duration_ms,
        record.billed_duration_ms,
        record.memory_size_mb,
        record.max_memory_used_mb,
        record.init_duration_ms,
        record.restore_duration_ms,
        record.trace_id,
        kind,
        record.error_type,
    )
    function.count_report(occurrence, stream.window)
    stream.environment.count_report(occurrence, timestamp_ms, is_counted=occurrence.window is not None)
    stream.report(occurrence)
    if kind is not None:
        message = f"Status: {record.status}" + (f" Error Type: {record.error_type}" if record.error_type else "")
        function.add_sample(stream, timestamp_ms, kind, record.request_id, record.error_type, message)


def _take_in_rare(stream: LogStream, timestamp_ms: int, record: Record) -> None:
    function = stream.function
    if isinstance(record, Application):
        message = record.error_message or record.message or record.text
        function.count_application_error(stream, timestamp_ms, record.request_id, error_identity(record), message)
        function.add_sample(stream, timestamp_ms, "application", record.request_id, record.error_type, message)
    elif isinstance(record, InitStart):
        stream.init_start(timestamp_ms)
        if stream.version is None and record.version is not None:
            stream.learn_version(record.version)
    elif isinstance(record, InitReport) and is_proactive(record):
        function.count_proactive_init(stream.window, timestamp_ms)
        stream.environment.is_proactive = True
    elif isinstance(record, LogsDropped):
        function.dropped_log_lines += 1
    else:
        _take_in_failure(stream, timestamp_ms, record)


def _take_in_failure(stream: LogStream, timestamp_ms: int, record: Record) -> None:
    """Give a line that tells of a failure to its stream; other lines tell of none."""
    kind = kind_of(record)
    if kind is None:
        return
    request_id, error_type, message, is_kill = None, None, "", False
    if isinstance(record, RuntimeExit | UnhandledError):
        request_id, error_type, message = record.request_id, record.error_type, record.error_message or record.text
        is_kill = isinstance(record, RuntimeExit) and KILLED in record.text
    elif isinstance(record, Timeout):
        seconds = "" if record.duration_ms is None else f" after {record.duration_ms / 1000:.2f} seconds"
        request_id, message = record.request_id, f"Task timed out{seconds}"
    elif isinstance(record, End | PlatformOther):
        request_id, error_type = record.request_id, record.error_type
    elif isinstance(record, InitReport | RestoreReport):
        error_type = record.error_type
    stream.fail(Evidence(timestamp_ms, request_id, kind, error_type, message, error_identity(record), is_kill))
    if message:
        stream.function.add_sample(stream, timestamp_ms, kind, request_id, error_type, message)


def is_proactive(record: InitReport) -> bool:
    """Whether an init was outside any request: provisioned, SnapStart, or by a text line that only those write.

    A successful on-demand init writes no INIT_REPORT in text; a failed one names its phase and status.
    """
    if record.phase == "snap-start":
        return True
    if record.initialization_type is not None:
        return record.initialization_type != "on-demand"
    return record.phase != "invoke" and record.status in {None, "success"}
