"""An operation's answer, or an error, as an HTTP response in the caller's protocol."""

import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape

import msgspec

from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.wire.requests import Call
from lambdatop.demo.wire.service_models import operation_model, service_model
from lambdatop.demo.wire.shape_writer import to_json, to_xml

CONTENT_TYPES = {
    "logs": "application/x-amz-json-1.1",
    "cloudwatch": "application/x-amz-json-1.0",
    "sqs": "application/x-amz-json-1.0",
}
QUERY_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "InvalidParameterValueException": "InvalidParameterValue",
    "InvalidParameterCombinationException": "InvalidParameterCombination",
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "InternalServiceFault": "InternalServiceError",
}
"""Error codes that the query protocol spelled otherwise, and which botocore still gives its callers."""
STATUS_CODES = {
    "UnknownOperationException": 404,
    "ResourceNotFoundException": 404,
    "ProvisionedConcurrencyConfigNotFoundException": 404,
    "ResourceConflictException": 409,
    "TooManyRequestsException": 429,
    "ThrottledException": 429,
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
}
"""HTTP status of the client's errors in rest-json; every other one is 400."""
QUERY_STATUS_CODES = {"AccessDeniedException": 403, "ExpiredTokenException": 403}
"""The same in the query protocol."""
FAILURE_STATUS_CODES = {
    "ServiceUnavailableException": 503,
    "ServiceException": 500,
    "InternalServiceFault": 500,
    "InternalError": 500,
    "InternalFailure": 500,
}
"""HTTP status of the services' own failures, in every protocol."""


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and body, ready to send, and what befalls them on the way."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_reset: bool = False
    """The connection is reset when half of the body is out."""
    trickle_ms: int = 0
    """How long the body takes."""


def answer(call: Call, output: Document) -> Response:
    """A successful operation's response."""
    request_id = str(uuid.uuid4())
    model = operation_model(call.service, call.operation)
    shape = model.output_shape if model is not None else None
    if call.protocol == "query":
        members = to_xml(shape, output) if shape is not None else ""
        namespace = service_model(call.service).metadata.get(
            "xmlNamespace", "http://queue.amazonaws.com/doc/2012-11-05/"
        )
        text = (
            f'<{call.operation}Response xmlns="{namespace}"><{call.operation}Result>{members}</{call.operation}Result>'
            f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{call.operation}Response>"
        )
        return Response(200, _headers("text/xml", request_id), text.encode())
    status = int(model.http.get("responseCode", 200)) if model is not None and call.protocol == "rest-json" else 200
    body = to_json(shape, output) if shape is not None else b""
    return Response(status, _headers(CONTENT_TYPES.get(call.service, "application/json"), request_id), body)


def answer_error(call: Call | None, error: ServiceError) -> Response:
    """An error's response; `call` is None where not even the operation could be told."""
    request_id = str(uuid.uuid4())
    protocol = call.protocol if call is not None else "query" if error.code == "InvalidAction" else "json"
    failure = FAILURE_STATUS_CODES.get(error.code)
    culprit = "Sender" if failure is None else "Receiver"
    if protocol == "query":
        code = QUERY_CODES.get(error.code, error.code)
        text = (
            f"<ErrorResponse><Error><Type>{culprit}</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        status = failure or QUERY_STATUS_CODES.get(error.code, 400)
        return Response(status, _headers("text/xml", request_id), text.encode())
    headers = _headers(CONTENT_TYPES.get(call.service, "application/json") if call else "application/json", request_id)
    headers["x-amzn-ErrorType"] = error.code
    if call is None or protocol == "rest-json":
        body = {"__type": error.code, "Message": error.message, "message": error.message, **error.members}
        return Response(failure or STATUS_CODES.get(error.code, 400), headers, msgspec.json.encode(body))
    if service_model(call.service).metadata.get("awsQueryCompatible") is not None:
        headers["x-amzn-query-error"] = f"{QUERY_CODES.get(error.code, error.code)};{culprit}"
    body = {"__type": error.code, "message": error.message, **error.members}
    return Response(failure or 400, headers, msgspec.json.encode(body))


def _headers(content_type: str, request_id: str) -> dict[str, str]:
    return {"Content-Type": content_type, "x-amzn-RequestId": request_id}
