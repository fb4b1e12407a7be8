"""An HTTP request to the AWS operation and input that it means."""

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from botocore.model import OperationModel

from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.wire.query_string import parse_parameters, unflatten
from lambdatop.demo.wire.service_models import (
    SERVICE_NAMES,
    SIGNING_NAMES,
    match_path,
    operation_model,
    target_prefixes,
)
from lambdatop.demo.wire.shape_reader import ShapeReader

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")

INVALID_CODES = {
    "logs": "InvalidParameterException",
    "lambda": "ValidationException",
    "cloudwatch": "ValidationError",
    "sqs": "InvalidParameterValue",
    "xray": "InvalidRequestException",
    "sts": "ValidationError",
}
MISSING_CODES = {"sqs": "MissingParameter", "cloudwatch": "MissingParameter"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: header names in lower case, the body as sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """Which operation is called, in which protocol ("json", "rest-json" or "query")."""

    service: str
    operation: str
    protocol: str
    path_values: Mapping[str, str]
    """What stands in the holes of a rest-json path."""


def route(request: Request) -> Call:
    """The operation of a request. Raises UnknownOperationException where there is none."""
    target = request.headers.get("x-amz-target", "")
    if target:
        prefix, _, operation = target.partition(".")
        service = target_prefixes().get(prefix)
        if service is None or operation_model(service, operation) is None:
            raise ServiceError("UnknownOperationException", f"No operation is called {target}")
        return Call(service, operation, "json", {})
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _route_query(request)
    matched = match_path(request.method, request.target)
    if matched is None:
        raise ServiceError("UnknownOperationException", f"No operation answers {request.method} {request.target}")
    template, path_values = matched
    return Call(template.service, template.operation, "rest-json", path_values)


def _route_query(request: Request) -> Call:
    action = parse_parameters(_body(request)).get("Action", "")
    match = _SCOPE.search(request.headers.get("authorization", ""))
    scope = match[1] if match else ""
    named = SIGNING_NAMES.get(scope, scope)
    candidates = [named] if named in SERVICE_NAMES else ["sts", "cloudwatch", "sqs"]
    for service in candidates:
        if operation_model(service, action) is not None:
            return Call(service, action, "query", {})
    raise ServiceError("InvalidAction", f"Could not find operation {action}")


def read_input(request: Request, call: Call) -> Document:
    """The operation's input, checked against the model. Raises the service's own kind of validation error."""
    model = operation_model(call.service, call.operation)
    if model is None or model.input_shape is None:
        return {}
    if call.protocol == "query":
        raw = unflatten(model.input_shape, parse_parameters(_body(request)), "") or {}
    elif call.protocol == "rest-json":
        raw = _rest_input(request, call, model)
    else:
        raw = _json_body(request)
    reader = ShapeReader(is_text=call.protocol != "json")
    document = reader.read(model.input_shape, raw)
    if reader.missing and call.service in MISSING_CODES:
        raise ServiceError(MISSING_CODES[call.service], f"The request must contain the parameter {reader.missing[0]}.")
    if reader.problems:
        raise ServiceError(INVALID_CODES[call.service], reader.sentence())
    return dict(document or {})


def _rest_input(request: Request, call: Call, model: OperationModel) -> Document:
    """Members of a rest-json input from where the model puts them: path, query string or body."""
    raw = _json_body(request)
    query = parse_qs(urlsplit(request.target).query, keep_blank_values=True)
    for name, member in model.input_shape.members.items():
        location = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if location == "uri":
            raw[name] = call.path_values.get(wire_name)
        elif location == "querystring" and wire_name in query:
            raw[name] = query[wire_name] if member.type_name == "list" else query[wire_name][-1]
    return raw


def _json_body(request: Request) -> dict[str, Any]:
    body = _body(request)
    if not body:
        return {}
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError("SerializationException", f"The body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ServiceError("SerializationException", "The body is not a JSON object")
    return document


def _body(request: Request) -> bytes:
    if request.headers.get("content-encoding", "") != "gzip":
        return request.body
    try:
        return gzip.decompress(request.body)
    except (OSError, EOFError, zlib.error) as error:
        raise ServiceError("SerializationException", f"The body is not gzip: {error}") from error
