"""AWS X-Ray: segments in, summaries and traces out."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none
from lambdatop.demo.trace_filter import compile_filter_expression
from lambdatop.demo.trace_summary import summarize
from lambdatop.demo.trace_views import with_views

_INVALID = "InvalidRequestException"


class TraceService:
    """Serves the operations."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._traces = account.traces
        self._account = account

    def put_trace_segments(self, request: Document) -> Document:
        """PutTraceSegments: bad documents are named, the others kept."""
        unprocessed = []
        for document in request["TraceSegmentDocuments"]:
            try:
                self._traces.put_segment(document)
            except ServiceError as error:
                unprocessed.append({"ErrorCode": error.message.partition(":")[0], "Message": error.message})
        return {"UnprocessedTraceSegments": unprocessed}

    def get_trace_summaries(self, request: Document) -> Document:
        """GetTraceSummaries over [StartTime, EndTime), the newest first, 100 a page."""
        start, end = request["StartTime"], request["EndTime"]
        if end <= start:
            raise ServiceError(_INVALID, "StartTime must be before EndTime")
        matches = compile_filter_expression(request["FilterExpression"]) if request.get("FilterExpression") else None
        by_id = request.get("TimeRangeType", "TraceId") == "TraceId"
        traces = self._traces.started_between(start, end) if by_id else self._traces.active_between(start, end)
        summaries = [summarize(trace, self._account.account_id) for trace in traces]
        wanted = [
            summary
            for summary, trace in zip(summaries, traces, strict=True)
            if matches is None or matches(with_views(summary, trace))
        ]
        found, token = page(wanted, request.get("NextToken"), 100, _INVALID)
        return without_none(
            TraceSummaries=found,
            ApproximateTime=self._account.clock.now_ms() / 1000,
            TracesProcessedCount=len(traces),
            NextToken=token,
        )

    def batch_get_traces(self, request: Document) -> Document:
        """BatchGetTraces: up to five."""
        if len(request["TraceIds"]) > 5:
            raise ServiceError(_INVALID, "At most 5 trace IDs can be asked for at once")
        traces = {trace_id: self._traces.get(trace_id) for trace_id in request["TraceIds"]}
        return {
            "Traces": [trace.document() for trace in traces.values() if trace is not None],
            "UnprocessedTraceIds": [trace_id for trace_id, trace in traces.items() if trace is None],
        }

    def get_trace_segment_destination(self, _request: Document) -> Document:
        """GetTraceSegmentDestination: X-Ray itself."""
        return {"Destination": "XRay", "Status": "ACTIVE"}
