"""X-Ray trace summaries over a sliding window (GetTraceSummaries)."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lambdatop.model.delivery import Delivery, TracesDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.trace import TraceSummary
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

OVERLAP_MS = 120_000
"""Traces are partial for some thirty seconds and arrive late; what lies in the overlap is read again."""
PAGE_WINDOW_MS = 3_600_000
MAX_PAGES = 50


class Traces(PolledSource):
    """Reads new and revised summaries every fifteen seconds; ids seen unchanged are not delivered again."""

    name = "traces"
    interval_ms = 15_000

    def __init__(
        self, call: AwsCall, watch: Watch, random_source: random.Random, since_ms: int, until_ms: int | None
    ) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._from_ms = since_ms
        self._until_ms = until_ms
        self._seen: dict[str, tuple[int, TraceSummary]] = {}
        self._destination: str | None = None
        self._is_cut = False

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Read what is new since the last time, in windows of an hour at most."""
        scope = self.watch.scope
        if scope is None:
            return
        if self._destination is None:
            self._destination = self._ask_destination()
        self._is_cut = False
        end_ms = now_ms if self._until_ms is None else min(now_ms, self._until_ms)
        blind_reason = (
            "Transaction Search sends spans to CloudWatch Logs, so X-Ray knows only the indexed part of them."
            if self._destination == "CloudWatchLogs"
            else None
        )
        start_ms = self._from_ms
        while start_ms < end_ms:
            window_end_ms = min(end_ms, start_ms + PAGE_WINDOW_MS)
            for summaries, is_last in self._pages(scope, start_ms, window_end_ms):
                yield TracesDelivered(
                    scope=scope,
                    summaries=summaries,
                    swept_to_ms=window_end_ms if is_last else start_ms,
                    blind_reason=blind_reason,
                )
            start_ms = window_end_ms
            self._from_ms = max(self._from_ms, start_ms - OVERLAP_MS)
        for trace_id in [one for one, (begin_ms, _) in self._seen.items() if begin_ms < self._from_ms - OVERLAP_MS]:
            del self._seen[trace_id]
        cut = f"only the newest {MAX_PAGES} pages of an hour's traces are read" if self._is_cut else None
        self.say(blind_reason or cut or "sampled traces")

    def _pages(self, scope: Scope, start_ms: int, end_ms: int) -> Iterator[tuple[tuple[TraceSummary, ...], bool]]:
        """Yield each page's news and whether it is the last; AWS sends the newest traces first."""
        token: dict[str, Any] = {}
        for page in range(1, MAX_PAGES + 1):
            answer = self._call(
                "xray",
                "GetTraceSummaries",
                StartTime=datetime.fromtimestamp(start_ms / 1000, UTC),
                EndTime=datetime.fromtimestamp(end_ms / 1000, UTC),
                **token,
            )
            entries = answer.get("TraceSummaries", [])
            summaries = tuple(summary for entry in entries if self._is_news(summary := summary_of(entry, scope)))
            has_more = bool(answer.get("NextToken")) and answer["NextToken"] != token.get("NextToken")
            self._is_cut = self._is_cut or (has_more and page == MAX_PAGES)
            is_last = not has_more or page == MAX_PAGES
            if summaries or is_last:
                yield summaries, is_last
            if is_last:
                return
            token = {"NextToken": answer["NextToken"]}

    def _is_news(self, summary: TraceSummary) -> bool:
        known = self._seen.get(summary.trace_id)
        if known is not None and known[1] == summary:
            return False
        self._seen[summary.trace_id] = (summary.start_ms, summary)
        return True

    def _ask_destination(self) -> str | None:
        """Return where segments go; None to ask again, where the question failed for now."""
        try:
            return str(self._call("xray", "GetTraceSegmentDestination").get("Destination", "XRay"))
        except SourceFailure as failure:
            if failure.state == "credentials":
                raise
            return "XRay" if failure.state in ("absent", "denied") else None


def summary_of(entry: dict[str, Any], scope: Scope) -> TraceSummary:
    """Return the summary that an entry of GetTraceSummaries describes."""
    trace_id = entry.get("Id", "")
    start = entry.get("StartTime")
    start_ms = _epoch_ms(start) if start is not None else _start_of_id(trace_id)
    http = entry.get("Http") or {}
    entry_point = entry.get("EntryPoint") or {}
    service, message = root_cause(entry)
    services = (one.get("Name") or "" for one in entry.get("ServiceIds", []))
    return TraceSummary(
        scope=scope,
        trace_id=trace_id,
        start_ms=start_ms,
        duration_s=entry.get("Duration"),
        response_time_s=entry.get("ResponseTime"),
        has_fault=bool(entry.get("HasFault")),
        has_error=bool(entry.get("HasError")),
        has_throttle=bool(entry.get("HasThrottle")),
        is_partial=bool(entry.get("IsPartial")),
        entry_point=entry_point.get("Name"),
        root_cause_service=service,
        root_cause_message=message,
        http_method=http.get("HttpMethod"),
        http_url=http.get("HttpURL"),
        http_status=http.get("HttpStatus"),
        services=tuple(dict.fromkeys(name for name in services if name)),
        revision=int(entry.get("Revision") or 0),
    )


def root_cause(entry: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the service that a fault, an error or the time is put down to, and the exception's message."""
    for kind in ("FaultRootCauses", "ErrorRootCauses", "ResponseTimeRootCauses"):
        for cause in entry.get(kind) or []:
            services = cause.get("Services") or []
            if not services:
                continue
            last = services[-1]
            for step in reversed(last.get("EntityPath") or []):
                for exception in step.get("Exceptions") or []:
                    return last.get("Name"), exception.get("Message") or exception.get("Name")
            return last.get("Name"), None
    return None, None


def _start_of_id(trace_id: str) -> int:
    parts = trace_id.split("-")
    try:
        return int(parts[1], 16) * 1000
    except (IndexError, ValueError):
        return 0


def _epoch_ms(moment: Any) -> int:  # noqa: ANN401  a datetime, or a number from a fast parser
    seconds = moment.timestamp() if hasattr(moment, "timestamp") else float(moment)
    return round(seconds * 1000)
