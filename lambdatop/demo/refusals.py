"""What the weather does to calls and answers: refuses the one, spoils the other."""

from dataclasses import replace

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.quotas import throttled
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.weather import Weather
from lambdatop.demo.wire.requests import Call
from lambdatop.demo.wire.responses import Response

FAILURES = {
    "logs": "ServiceUnavailableException",
    "lambda": "ServiceException",
    "cloudwatch": "InternalServiceFault",
    "sqs": "InternalError",
    "xray": "InternalFailure",
    "sts": "InternalFailure",
}
"""How each service says that it has failed itself."""


def refuse(account: EmbeddedAccount, call: Call) -> None:
    """Raise the error that the call meets before anything is done, in the order in which AWS looks."""
    weather, service, operation = account.weather, call.service, call.operation
    if weather.strike("expired-credentials") is not None:
        raise ServiceError("ExpiredTokenException", "The security token included in the request is expired")
    action = operation.removesuffix("Batch") if service == "sqs" else operation
    if weather.strike("deny", service, action) is not None:
        raise ServiceError(
            "AccessDeniedException",
            f"User: arn:aws:iam::{account.account_id}:user/demo is not authorized to perform: {service}:{action} "
            f"on resource: * because no identity-based policy allows the {service}:{action} action",
        )
    if weather.strike("throttle", service, operation) is not None:
        raise throttled(service)
    if weather.strike("error", service, operation) is not None:
        raise ServiceError(FAILURES[service], "The request failed because of an error in the service.")


def spoiled(weather: Weather, call: Call, response: Response) -> Response:
    """The answer as it is sent: whole, cut off, trickling, or ended by a reset."""
    if weather.strike("truncate", call.service, call.operation) is not None:
        response = replace(response, body=response.body[: len(response.body) // 2])
    if weather.strike("reset", call.service, call.operation) is not None:
        return replace(response, is_reset=True)
    slow = weather.strike("slow", call.service, call.operation)
    return response if slow is None else replace(response, trickle_ms=slow.fault.time_ms)
