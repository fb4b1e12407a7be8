"""Trace segments of the embedded account, by trace."""

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from lambdatop.demo.clock import Clock
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError

RETENTION_MS = 4 * 3_600_000
MAX_TRACES = 50_000

_TRACE_ID = re.compile(r"1-([0-9a-f]{8})-[0-9a-f]{24}")


@dataclass(slots=True)
class Trace:
    """The segments of one trace in order of arrival; a segment sent again replaces its earlier self."""

    trace_id: str
    started_seconds: int
    """Epoch seconds, from the trace ID."""
    arrived_ms: int
    segments: dict[str, Document] = field(default_factory=dict)
    revision: int = 0

    def start_seconds(self) -> float:
        """The earliest segment's start."""
        return min(float(segment["start_time"]) for segment in self.segments.values())

    def end_seconds(self) -> float:
        """The latest end known; a segment in progress counts from its start."""
        return max(float(segment.get("end_time") or segment["start_time"]) for segment in self.segments.values())

    def document(self) -> Document:
        """The trace in BatchGetTraces' shape, each segment a JSON string."""
        return {
            "Id": self.trace_id,
            "Duration": self.end_seconds() - self.start_seconds(),
            "LimitExceeded": False,
            "Segments": [{"Id": key, "Document": json.dumps(segment)} for key, segment in self.segments.items()],
        }


class TraceStore:
    """The account's traces; safe to use from any thread. The newest four hours and 50,000 traces are kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    def put_segment(self, document: Document | str, ingestion_delay_ms: int = 0) -> None:
        """Add a segment document; readers see its trace `ingestion_delay_ms` from now.

        Raises InvalidRequestException with what is wrong. Independent subsegments (`"type": "subsegment"`) join the
        segment that they name as their parent.
        """
        segment = _checked(document)
        trace_id = str(segment["trace_id"])
        now_ms = self._clock.now_ms()
        with self._lock:
            trace = self._traces.get(trace_id)
            if trace is None:
                started_seconds = int(trace_id[2:10], 16)
                trace = self._traces[trace_id] = Trace(trace_id, started_seconds, now_ms + ingestion_delay_ms)
            segment_id = str(segment["id"])
            parent = trace.segments.get(str(segment.get("parent_id")))
            if segment.get("type") == "subsegment" and parent is not None:
                others = [other for other in parent.get("subsegments", []) if other.get("id") != segment_id]
                trace.segments[str(parent["id"])] = {**parent, "subsegments": [*others, segment]}
            else:
                trace.segments[segment_id] = segment
            trace.revision += 1
            self._evict(now_ms)

    def get(self, trace_id: str) -> Trace | None:
        """The trace with its segments so far."""
        with self._lock:
            trace = self._traces.get(trace_id)
            return _copy(trace) if trace is not None and trace.arrived_ms <= self._clock.now_ms() else None

    def started_between(self, start_seconds: float, end_seconds: float) -> list[Trace]:
        """Traces whose ID says start ≤ time < end, the newest first."""
        return self._newest_first(lambda trace: start_seconds <= trace.started_seconds < end_seconds)

    def active_between(self, start_seconds: float, end_seconds: float) -> list[Trace]:
        """Traces with a segment that overlaps [start, end), the newest first."""
        return self._newest_first(
            lambda trace: trace.start_seconds() < end_seconds and trace.end_seconds() >= start_seconds
        )

    def _newest_first(self, is_wanted: Callable[[Trace], bool]) -> list[Trace]:
        now_ms = self._clock.now_ms()
        with self._lock:
            found = [_copy(trace) for trace in self._traces.values() if trace.arrived_ms <= now_ms and is_wanted(trace)]
        return sorted(found, key=lambda trace: (trace.start_seconds(), trace.trace_id), reverse=True)

    def _evict(self, now_ms: int) -> None:
        while self._traces:
            oldest = next(iter(self._traces.values()))
            if len(self._traces) <= MAX_TRACES and oldest.arrived_ms >= now_ms - RETENTION_MS:
                return
            self._traces.popitem(last=False)


def _copy(trace: Trace) -> Trace:
    return Trace(trace.trace_id, trace.started_seconds, trace.arrived_ms, dict(trace.segments), trace.revision)


def _checked(document: Document | str) -> Document:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            raise ServiceError("InvalidRequestException", f"ParseError: {error}") from error
    if not isinstance(document, dict):
        raise ServiceError("InvalidRequestException", "ParseError: a segment is a JSON object")
    missing = [key for key in ("id", "name", "start_time", "trace_id") if key not in document]
    if missing:
        raise ServiceError("InvalidRequestException", f"MissingField: {', '.join(missing)}")
    if not _TRACE_ID.fullmatch(str(document["trace_id"])):
        raise ServiceError("InvalidRequestException", f"InvalidTraceId: {document['trace_id']}")
    if not all(isinstance(document.get(key, 0), int | float) for key in ("start_time", "end_time")):
        raise ServiceError("InvalidRequestException", "InvalidTime: start_time and end_time are epoch seconds")
    return document
