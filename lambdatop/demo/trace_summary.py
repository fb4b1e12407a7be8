"""A trace's segments as GetTraceSummaries tells them."""

from collections.abc import Callable

from lambdatop.demo.document import Document
from lambdatop.demo.trace_store import Trace
from lambdatop.demo.trace_tree import Entity, entities


def summarize(trace: Trace, account_id: str) -> Document:
    """One TraceSummary; the root is the segment that no other in the trace called, the earliest of them."""
    every = entities(trace)
    root = next(entity for entity in every if entity.parent is None)
    services = [entity for entity in every if entity.segment is entity or entity.is_remote]
    arns = dict.fromkeys(str(e.document["resource_arn"]) for e in services if "resource_arn" in e.document)
    identities: dict[tuple[str, str], Document] = {}
    for entity in services:
        identities.setdefault((entity.name, entity.kind), _service(entity, account_id))
    return {
        "Id": trace.trace_id,
        "StartTime": trace.start_seconds(),
        "Duration": trace.end_seconds() - trace.start_seconds(),
        "ResponseTime": root.duration,
        "HasFault": root.has("fault"),
        "HasError": root.has("error"),
        "HasThrottle": any(entity.has("throttle") for entity in every),
        "IsPartial": any(entity.has("in_progress") for entity in every),
        "Http": http(root),
        "Annotations": annotations(every, account_id),
        "Users": _users(every, account_id),
        "ServiceIds": list(identities.values()),
        "ResourceARNs": [{"ARN": arn} for arn in arns],
        "EntryPoint": _service(root, account_id),
        "FaultRootCauses": _root_causes(every, "fault", root, account_id),
        "ErrorRootCauses": _root_causes(every, "error", root, account_id),
        "ResponseTimeRootCauses": [_slowest_path(root, account_id)],
        "Revision": trace.revision,
    }


def http(entity: Entity) -> Document:
    """What a segment says of its request and response, as summaries spell it."""
    document = entity.document.get("http", {})
    request, response = document.get("request", {}), document.get("response", {})
    named = {
        "HttpURL": request.get("url"),
        "HttpStatus": response.get("status"),
        "HttpMethod": request.get("method"),
        "UserAgent": request.get("user_agent"),
        "ClientIp": request.get("client_ip"),
    }
    return {name: value for name, value in named.items() if value is not None}


def _service(entity: Entity, account_id: str) -> Document:
    return {"Name": entity.name, "Names": [entity.name], "AccountId": account_id, "Type": entity.kind}


def annotations(every: list[Entity], account_id: str = "") -> Document:
    """By key, each value with the service that set it."""
    found: Document = {}
    for entity in every:
        for key, value in entity.document.get("annotations", {}).items():
            told = {"AnnotationValue": _value(value), "ServiceIds": [_service(entity.segment, account_id)]}
            found.setdefault(key, []).append(told)
    return found


def _value(value: object) -> Document:
    if isinstance(value, bool):
        return {"BooleanValue": value}
    return {"NumberValue": float(value)} if isinstance(value, int | float) else {"StringValue": str(value)}


def _users(every: list[Entity], account_id: str) -> list[Document]:
    return [
        {"UserName": str(entity.document["user"]), "ServiceIds": [_service(entity, account_id)]}
        for entity in every
        if "user" in entity.document
    ]


def _root_causes(every: list[Entity], flag: str, root: Entity, account_id: str) -> list[Document]:
    """One cause for each entity that is marked without any marked entity below it, with the whole way to it."""
    deepest = [e for e in every if e.has(flag) and not any(child.has(flag) for child in e.children)]
    return [
        {
            "ClientImpacting": root.has(flag),
            "Services": _steps(entity.path(), account_id, lambda step: {"Exceptions": _exceptions(step)}),
        }
        for entity in deepest
    ]


def _slowest_path(root: Entity, account_id: str) -> Document:
    """The way along the longest call of each service, with the share of the response time that each covers."""
    path = [root]
    while path[-1].children:
        path.append(max(path[-1].children, key=lambda child: child.duration))
    whole = root.duration or 1.0
    covered = _steps(path, account_id, lambda step: {"Coverage": min(1.0, step.duration / whole)})
    return {"ClientImpacting": True, "Services": covered}


def _steps(path: list[Entity], account_id: str, told: Callable[[Entity], Document]) -> list[Document]:
    """A way through a trace by service: each with what was on the way inside it."""
    services: list[Document] = []
    last: Entity | None = None
    for entity in path:
        if entity.segment is not last:
            inferred = bool(entity.segment.document.get("inferred"))
            services.append({**_service(entity.segment, account_id), "Inferred": inferred, "EntityPath": []})
            last = entity.segment
        services[-1]["EntityPath"].append({"Name": entity.name, "Remote": entity.is_remote, **told(entity)})
    return services


def _exceptions(entity: Entity) -> list[Document]:
    cause = entity.document.get("cause")
    exceptions = cause.get("exceptions", []) if isinstance(cause, dict) else []
    return [{"Name": e.get("type", "Error"), "Message": e.get("message", "")} for e in exceptions]
