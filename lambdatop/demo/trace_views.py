"""What filter expressions ask of the services of a trace and of the calls between them."""

from lambdatop.demo.document import Document
from lambdatop.demo.trace_store import Trace
from lambdatop.demo.trace_summary import annotations, http
from lambdatop.demo.trace_tree import Entity, entities


def with_views(summary: Document, trace: Trace) -> Document:
    """A summary with Services, and Edges as pairs of the caller and what it called, each in a summary's own words."""
    every = entities(trace)
    services = [entity for entity in every if entity.segment is entity or entity.is_remote]
    views = {entity: _view(entity) for entity in services}
    edges = [(views[caller], views[entity]) for entity in services if (caller := _caller(entity)) in views]
    return {**summary, "Services": list(views.values()), "Edges": edges}


def _caller(entity: Entity) -> Entity | None:
    """The segment whose code made the call."""
    if entity.segment is not entity:
        return entity.segment
    return entity.parent.segment if entity.parent is not None else None


def _view(entity: Entity) -> Document:
    arn = entity.document.get("resource_arn")
    return {
        "Name": entity.name,
        "Type": entity.kind,
        "ResponseTime": entity.duration,
        "Duration": entity.duration,
        "HasFault": entity.has("fault"),
        "HasError": entity.has("error"),
        "HasThrottle": entity.has("throttle"),
        "IsPartial": entity.has("in_progress"),
        "Http": http(entity),
        "Annotations": annotations([entity]),
        "Users": [{"UserName": entity.document["user"]}] if "user" in entity.document else [],
        "ResourceARNs": [{"ARN": arn}] if arn else [],
    }
