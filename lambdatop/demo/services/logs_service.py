"""Amazon CloudWatch Logs: groups, streams and events."""

import itertools
import re
import threading

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.filter_pattern import compile_filter_pattern
from lambdatop.demo.log_store import EventKey, LogGroup, StoredEvent, event_key
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.live_tail import MAX_SESSIONS, LiveTail
from lambdatop.demo.services.page_detours import PageDetours, PageToken, read_token
from lambdatop.demo.services.paging import page, without_none

_INVALID = "InvalidParameterException"
MAX_PAGE_EVENTS = 10_000
MAX_PAGE_BYTES = 1_048_576
EVENT_OVERHEAD_BYTES = 26
SCAN_EVENTS = 50_000
"""Events that one FilterLogEvents looks at before it answers with what it has, be it nothing, and a token."""
EMPTY_FIRST_PAGE_EVERY = 7
EARLIEST_FROM_TAIL_MS = 1_704_067_200_000
"""2024-01-01, before which FilterLogEvents cannot begin with the newest."""
END_OF_TIME_MS = 10**15
LAST_ID = "~"


class LogsService:
    """Serves the operations."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._account = account
        self._logs = account.logs
        self._clock = account.clock
        self._first_pages = itertools.count(1)
        self._detours = PageDetours(account.weather)
        self._free_live_tails = threading.BoundedSemaphore(MAX_SESSIONS)
        self._arn_prefix = f"arn:aws:logs:{account.region}:{account.account_id}:log-group:"

    def describe_log_groups(self, request: Document) -> Document:
        """DescribeLogGroups: 50 a page, by prefix or substring."""
        prefix, pattern = request.get("logGroupNamePrefix", ""), request.get("logGroupNamePattern", "")
        groups = [group for group in self._logs.groups() if group.name.startswith(prefix) and pattern in group.name]
        found, token = page(groups, request.get("nextToken"), request.get("limit", 50), _INVALID)
        return without_none(logGroups=[self._group_document(group) for group in found], nextToken=token)

    def list_log_groups(self, request: Document) -> Document:
        """ListLogGroups: up to 1,000 a page, by a regular expression."""
        pattern = re.compile(request.get("logGroupNamePattern", ""))
        groups = [group for group in self._logs.groups() if pattern.search(group.name)]
        found, token = page(groups, request.get("nextToken"), request.get("limit", 50), _INVALID)
        documents = [
            {"logGroupName": g.name, "logGroupArn": self._arn_prefix + g.name, "logGroupClass": g.log_group_class}
            for g in found
        ]
        return without_none(logGroups=documents, nextToken=token)

    def describe_log_streams(self, request: Document) -> Document:
        """DescribeLogStreams: 50 a page, by name or by last event."""
        name = self._group_name(request)
        prefix = request.get("logStreamNamePrefix", "")
        if prefix and request.get("orderBy") == "LastEventTime":
            raise ServiceError(_INVALID, "Cannot order by LastEventTime with a logStreamNamePrefix.")
        streams = [stream for stream in self._logs.streams(name) if stream.name.startswith(prefix)]
        if request.get("orderBy") == "LastEventTime":
            streams.sort(key=lambda stream: stream.last_event_ms or 0)
        if request.get("descending"):
            streams.reverse()
        found, token = page(streams, request.get("nextToken"), request.get("limit", 50), _INVALID)
        documents = [
            without_none(
                logStreamName=s.name,
                creationTime=s.creation_ms,
                firstEventTimestamp=s.first_event_ms,
                lastEventTimestamp=s.last_event_ms,
                lastIngestionTime=s.last_ingestion_ms,
                arn=f"{self._arn_prefix}{name}:log-stream:{s.name}",
                storedBytes=0,
            )
            for s in found
        ]
        return without_none(logStreams=documents, nextToken=token)

    def filter_log_events(self, request: Document) -> Document:
        """FilterLogEvents: 10,000 events or 1 MB a page; a page may be empty and still have a token."""
        name = self._group_name(request)
        matches = compile_filter_pattern(request.get("filterPattern", ""))
        names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix", "")
        if names and prefix:
            raise ServiceError(_INVALID, "logStreamNames and logStreamNamePrefix are mutually exclusive")
        first: EventKey = (request.get("startTime", 0), 0, "")
        last: EventKey = (request.get("endTime", END_OF_TIME_MS), END_OF_TIME_MS, LAST_ID)
        is_forward, sent = request.get("startFromHead", True), request.get("nextToken")
        here = PageToken(is_forward, first if is_forward else last) if sent is None else read_token(sent)
        first, last = (here.position, last) if here.is_forward else (first, here.position)
        if sent is None and not is_forward and first[0] < EARLIEST_FROM_TAIL_MS:
            raise ServiceError(_INVALID, "startFromHead=false needs a startTime of 2024-01-01 or later")
        read = self._logs.window if here.is_forward else self._logs.window_before
        scanned = read(name, first, last, SCAN_EVENTS + 1)
        is_slow = sent is None and "startTime" in request and self._is_slow_to_begin()
        if scanned and (is_slow or self._detours.is_empty(here)):
            token = PageToken(here.is_forward, event_key(scanned[0]), here.detours + 1)
            return {"events": [], "searchedLogStreams": [], "nextToken": token.text()}
        wanted_streams = set(names) if names else None
        now_ms, limit, size = self._clock.now_ms(), request.get("limit", MAX_PAGE_EVENTS), 0
        events: list[StoredEvent] = []
        following: EventKey | None = None
        for index, event in enumerate(scanned):
            if index == SCAN_EVENTS or len(events) == limit or size >= MAX_PAGE_BYTES:
                following = event_key(event)
                break
            stream = event.log_stream_name
            if event.ingestion_time > now_ms or not stream.startswith(prefix) or not matches(event.message):
                continue
            if wanted_streams is None or stream in wanted_streams:
                events.append(event)
                size += len(event.message) + EVENT_OVERHEAD_BYTES
        next_token = self._detours.onward(here, sent, events, following)
        return without_none(events=events, searchedLogStreams=[], nextToken=next_token)

    def _is_slow_to_begin(self) -> bool:
        """Whether this first page comes empty, with a token, as AWS's do now and then."""
        return next(self._first_pages) % EMPTY_FIRST_PAGE_EVERY == 0

    def get_log_events(self, request: Document) -> Document:
        """GetLogEvents of one stream: tokens are never null, and an end is a token that comes back unchanged."""
        name, stream = self._group_name(request), request["logStreamName"]
        if all(other.name != stream for other in self._logs.streams(name)):
            raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
        first: EventKey = (request.get("startTime", 0), 0, "")
        last: EventKey = (request.get("endTime", END_OF_TIME_MS), -1, "")
        is_forward = request.get("startFromHead", False)
        token = request.get("nextToken")
        if token is not None:
            here = read_token(token)
            is_forward = here.is_forward
            first, last = (max(first, here.position), last) if is_forward else (first, min(last, here.position))
        now_ms, size = self._clock.now_ms(), 0
        read = self._logs.window if is_forward else self._logs.window_before
        events: list[StoredEvent] = []
        for event in read(name, first, last, SCAN_EVENTS * 20):
            if (
                event.log_stream_name == stream
                and event.ingestion_time <= now_ms
                and event_key(event) not in {first, last}
            ):
                events.append(event)
                size += len(event.message) + EVENT_OVERHEAD_BYTES
            if len(events) == request.get("limit", MAX_PAGE_EVENTS) or size >= MAX_PAGE_BYTES:
                break
        ordered = events if is_forward else events[::-1]
        newest = event_key(ordered[-1]) if ordered else first if is_forward else last
        oldest = event_key(ordered[0]) if ordered else first if is_forward else last
        return {
            "events": [
                {"timestamp": e.timestamp, "message": e.message, "ingestionTime": e.ingestion_time} for e in ordered
            ],
            "nextForwardToken": PageToken(is_forward=True, position=newest).text(),
            "nextBackwardToken": PageToken(is_forward=False, position=oldest).text(),
        }

    def start_live_tail(self, request: Document) -> LiveTail:
        """StartLiveTail."""
        return LiveTail(self._account, request, self._free_live_tails)

    def create_log_group(self, request: Document) -> Document:
        """CreateLogGroup."""
        self._logs.create_group(request["logGroupName"], request.get("logGroupClass", "STANDARD"))
        return {}

    def create_log_stream(self, request: Document) -> Document:
        """CreateLogStream."""
        self._logs.create_stream(request["logGroupName"], request["logStreamName"])
        return {}

    def put_log_events(self, request: Document) -> Document:
        """PutLogEvents: in order of time, at most 1 MB and 24 hours; too old or too new ones are told, not kept."""
        name, stream, events = request["logGroupName"], request["logStreamName"], request["logEvents"]
        if all(other.name != stream for other in self._logs.streams(name)):
            raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
        times = [event["timestamp"] for event in events]
        if times != sorted(times) or times[-1] - times[0] > 86_400_000:
            raise ServiceError(_INVALID, "Log events in a single PutLogEvents request must be in chronological order.")
        if sum(len(event["message"].encode()) + EVENT_OVERHEAD_BYTES for event in events) > MAX_PAGE_BYTES:
            raise ServiceError(_INVALID, "Upload too large: exceeds limit of 1048576 bytes")
        oldest_ms, newest_ms = self._clock.now_ms() - 14 * 86_400_000, self._clock.now_ms() + 7_200_000
        kept = [(e["timestamp"], e["message"]) for e in events if oldest_ms <= e["timestamp"] <= newest_ms]
        self._logs.put_batch(name, stream, kept)
        too_old = sum(time < oldest_ms for time in times)
        too_new = sum(time > newest_ms for time in times)
        rejected = without_none(
            tooOldLogEventEndIndex=too_old or None, tooNewLogEventStartIndex=len(times) - too_new if too_new else None
        )
        return without_none(nextSequenceToken="0", rejectedLogEventsInfo=rejected or None)

    def delete_log_group(self, request: Document) -> Document:
        """DeleteLogGroup."""
        self._logs.delete_group(request["logGroupName"])
        return {}

    def put_retention_policy(self, request: Document) -> Document:
        """PutRetentionPolicy."""
        self._logs.set_retention(request["logGroupName"], request["retentionInDays"])
        return {}

    def test_metric_filter(self, request: Document) -> Document:
        """TestMetricFilter: which messages match; extracted values are left empty."""
        matches = compile_filter_pattern(request["filterPattern"])
        return {
            "matches": [
                {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
                for number, message in enumerate(request["logEventMessages"], 1)
                if matches(message)
            ]
        }

    def _group_name(self, request: Document) -> str:
        named = [request[key] for key in ("logGroupName", "logGroupIdentifier") if key in request]
        if len(named) != 1:
            raise ServiceError(_INVALID, "Exactly one of logGroupName and logGroupIdentifier is needed")
        name = str(named[0]).removeprefix(self._arn_prefix)
        if self._logs.group(name).log_group_class == "INFREQUENT_ACCESS":
            raise ServiceError(_INVALID, "The operation is not supported for the log class INFREQUENT_ACCESS")
        return name

    def _group_document(self, group: LogGroup) -> Document:
        arn = self._arn_prefix + group.name
        return without_none(
            logGroupName=group.name,
            creationTime=group.creation_ms,
            retentionInDays=group.retention_days,
            metricFilterCount=0,
            arn=f"{arn}:*",
            logGroupArn=arn,
            storedBytes=group.stored_bytes,
            logGroupClass=group.log_group_class,
        )
