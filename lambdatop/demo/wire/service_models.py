"""The service models of the account's services, and which operation a name or a path means."""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

SERVICE_NAMES = ("lambda", "logs", "cloudwatch", "sqs", "xray", "sts")
SIGNING_NAMES = {"monitoring": "cloudwatch"}
"""Names in a SigV4 credential scope that differ from botocore's."""


@cache
def service_model(service: str) -> ServiceModel:
    """The newest model of a service that the installed botocore has."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def operation_model(service: str, operation: str) -> OperationModel | None:
    """One operation's model; None for a name the service does not have."""
    model = service_model(service)
    return model.operation_model(operation) if operation in model.operation_names else None


@cache
def target_prefixes() -> dict[str, str]:
    """Service by the first half of X-Amz-Target."""
    prefixes = ((service, service_model(service).metadata.get("targetPrefix")) for service in SERVICE_NAMES)
    return {prefix: service for service, prefix in prefixes if prefix}


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """One rest-json operation's method and path, such as GET /2015-03-31/functions/{FunctionName}."""

    service: str
    operation: str
    method: str
    pattern: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    """Parameters that tell it from an operation of the same path, such as List=ALL."""


@cache
def path_templates() -> tuple[PathTemplate, ...]:
    """Every rest-json operation; fixed words win over holes, and a fixed query over none."""
    found: list[PathTemplate] = []
    for service in SERVICE_NAMES:
        model = service_model(service)
        if model.metadata["protocol"] != "rest-json":
            continue
        for operation in model.operation_names:
            http = model.operation_model(operation).http
            path, _, query = http["requestUri"].partition("?")
            pattern = re.compile(re.sub(r"\\{(\w+)(?:\\\+)?\\}", r"(?P<\1>[^/]+)", re.escape(path.rstrip("/"))))
            found.append(PathTemplate(service, operation, http["method"], pattern, frozenset(parse_qsl(query))))
    return tuple(sorted(found, key=lambda template: (template.pattern.groups, -len(template.query))))


def match_path(method: str, target: str) -> tuple[PathTemplate, dict[str, str]] | None:
    """The rest-json operation of a request, with what stands in the holes of its path."""
    url = urlsplit(target)
    path, query = url.path.rstrip("/"), set(parse_qsl(url.query))
    for template in path_templates():
        if not template.query <= query:
            continue
        if template.method == method and (match := template.pattern.fullmatch(path)) is not None:
            return template, {name: unquote(value) for name, value in match.groupdict().items()}
    return None
