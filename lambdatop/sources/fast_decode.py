"""Fast decoding of the three answers that are large: botocore's own takes a core away from the screen.

The seam is botocore's: a `response_parser_factory` component on the session makes the parsers. Ours decodes the
successful bodies of FilterLogEvents, GetMetricData and GetQueryResults with msgspec and hands everything else to the
original.
"""

import json
from typing import Any

import msgspec
from botocore.parsers import PROTOCOL_PARSERS, ResponseParserError, ResponseParserFactory

from lambdatop.model.log_event import LogEvent


class LogEventsPage(msgspec.Struct, rename="camel"):
    """A FilterLogEvents answer."""

    events: list[LogEvent] = []
    next_token: str | None = None


class MetricDataResult(msgspec.Struct, rename="pascal"):
    """One metric's points of a GetMetricData answer; timestamps are epoch seconds."""

    id: str = ""
    label: str = ""
    timestamps: list[float] = []
    values: list[float] = []
    status_code: str = "Complete"


class MetricDataPage(msgspec.Struct, rename="pascal"):
    """A GetMetricData answer."""

    metric_data_results: list[MetricDataResult] = []
    next_token: str | None = None


class ResultCell(msgspec.Struct):
    """A value of a row of a GetQueryResults answer."""

    field: str = ""
    value: str | None = None


class QueryResultsPage(msgspec.Struct, rename="camel"):
    """A GetQueryResults answer."""

    results: list[list[ResultCell]] | None = None
    status: str | None = None
    statistics: dict[str, float | None] | None = None
    next_token: str | None = None

    def rows(self) -> list[dict[str, str]]:
        """Return each row's values by field, in AWS's order and without those it lacks."""
        return [{cell.field: cell.value for cell in row if cell.value is not None} for row in self.results or ()]


_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "FilterLogEventsResponse": msgspec.json.Decoder(LogEventsPage),
    "GetMetricDataOutput": msgspec.json.Decoder(MetricDataPage),
    "GetQueryResultsResponse": msgspec.json.Decoder(QueryResultsPage),
}
JSON_PROTOCOLS = ("json", "rest-json")
PAGE = "Page"
"""Key of the decoded page in the answer's dictionary."""


class FastParserFactory(ResponseParserFactory):  # type: ignore[misc]  # botocore has no types
    """Makes botocore's parsers; those of the protocols that speak JSON are strict, and fast where it counts."""

    def create_parser(self, protocol_name: str) -> Any:  # noqa: ANN401  botocore has no types
        """Return a parser for a protocol."""
        base = PROTOCOL_PARSERS[protocol_name]
        if protocol_name not in JSON_PROTOCOLS:
            return super().create_parser(protocol_name)

        class StrictParser(base):  # type: ignore[misc, valid-type]
            def _do_parse(self, response: dict[str, Any], shape: Any) -> Any:  # noqa: ANN401
                decoder = _DECODERS.get(shape.name) if shape is not None else None
                if decoder is not None:
                    try:
                        return {PAGE: decoder.decode(response["body"]), "ResponseMetadata": {}}
                    except (msgspec.DecodeError, UnicodeDecodeError):
                        check_whole(response["body"] or b"cut")
                else:
                    check_whole(response["body"])
                return super()._do_parse(response, shape)

        return StrictParser(**self._defaults)


def check_whole(body: Any) -> None:  # noqa: ANN401  an event stream is no bytes
    """Raise ResponseParserError where the body of a successful answer is not JSON.

    botocore takes such a body for an answer with nothing in it, and a page cut short on its way would count as an
    empty last one: events would be lost.
    """
    if not isinstance(body, bytes) or not body:
        return
    try:
        json.loads(body)
    except ValueError as error:
        raise ResponseParserError("the answer was cut short") from error


def log_events_page(answer: dict[str, Any]) -> LogEventsPage:
    """Return the page of a FilterLogEvents answer, whichever way it was decoded."""
    page = answer.get(PAGE)
    if isinstance(page, LogEventsPage):
        return page
    return LogEventsPage(
        events=[
            LogEvent(
                log_stream=event.get("logStreamName", ""),
                timestamp_ms=event.get("timestamp", 0),
                message=whole_text(event.get("message", "")),
                ingestion_time_ms=event.get("ingestionTime", 0),
                event_id=event.get("eventId", ""),
            )
            for event in answer.get("events", [])
        ],
        next_token=answer.get("nextToken"),
    )


def whole_text(text: str) -> str:
    r"""Return text that can be written as UTF-8: half a surrogate pair, which JSON can hold, becomes U+FFFD.

    >>> whole_text("half \ud83d"), whole_text("\ud83d\ude00") == "\U0001f600"
    ('half �', True)
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def metric_data_page(answer: dict[str, Any]) -> MetricDataPage:
    """Return the page of a GetMetricData answer, whichever way it was decoded."""
    page = answer.get(PAGE)
    if isinstance(page, MetricDataPage):
        return page
    return MetricDataPage(
        metric_data_results=[
            MetricDataResult(
                id=result.get("Id", ""),
                label=result.get("Label", ""),
                timestamps=[_seconds(moment) for moment in result.get("Timestamps", [])],
                values=[float(value) for value in result.get("Values", [])],
                status_code=result.get("StatusCode", "Complete"),
            )
            for result in answer.get("MetricDataResults", [])
        ],
        next_token=answer.get("NextToken"),
    )


def query_results_page(answer: dict[str, Any]) -> QueryResultsPage:
    """Return the page of a GetQueryResults answer, whichever way it was decoded."""
    page = answer.get(PAGE)
    if isinstance(page, QueryResultsPage):
        return page
    return QueryResultsPage(
        results=[
            [ResultCell(str(cell.get("field", "")), _text(cell.get("value"))) for cell in row]
            for row in answer.get("results") or ()
        ],
        status=answer.get("status"),
        statistics=answer.get("statistics"),
        next_token=answer.get("nextToken"),
    )


def _text(value: Any) -> str | None:  # noqa: ANN401  what an endpoint sent
    return None if value is None else whole_text(str(value))


def _seconds(moment: Any) -> float:  # noqa: ANN401  a datetime or a number
    return float(moment.timestamp()) if hasattr(moment, "timestamp") else float(moment)
