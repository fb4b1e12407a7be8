"""A trace as a tree of its segments and subsegments."""

from dataclasses import dataclass, field

from lambdatop.demo.document import Document
from lambdatop.demo.trace_store import Trace


@dataclass(eq=False, slots=True)
class Entity:
    """A segment or subsegment; `segment` is the one that it lies in, itself for a segment."""

    document: Document
    parent: "Entity | None" = None
    segment: "Entity" = field(init=False)
    children: list["Entity"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.segment = self

    @property
    def name(self) -> str:
        """The service's name, or the call's."""
        return str(self.document["name"])

    @property
    def start(self) -> float:
        """Epoch seconds."""
        return float(self.document["start_time"])

    @property
    def duration(self) -> float:
        """Seconds; none yet while it is in progress."""
        return float(self.document.get("end_time") or self.start) - self.start

    @property
    def is_remote(self) -> bool:
        """Whether it is a call to another service."""
        return "namespace" in self.document and self.document["namespace"] != "local"

    @property
    def kind(self) -> str:
        """The service's type, such as AWS::Lambda::Function; of a remote call, that of the service it calls."""
        if self.segment is self:
            return str(self.document.get("origin", "client"))
        return f"AWS::{self.name}" if self.document.get("namespace") == "aws" else "remote"

    def has(self, flag: str) -> bool:
        """Whether it is marked as error, fault, throttle or in_progress."""
        return bool(self.document.get(flag))

    def path(self) -> list["Entity"]:
        """From the root of the trace to here."""
        path = [self]
        while path[-1].parent is not None:
            path.append(path[-1].parent)
        return path[::-1]


def entities(trace: Trace) -> list[Entity]:
    """Every segment and subsegment, the earliest first; a segment hangs on the call that made it if that is known."""
    found: dict[str, Entity] = {}
    for document in trace.segments.values():
        _add(Entity(document), found)
    for entity in found.values():
        parent = found.get(str(entity.document.get("parent_id")))
        if entity.segment is entity and parent is not None and entity not in parent.path():
            entity.parent = parent
            parent.children.append(entity)
    return sorted(found.values(), key=lambda entity: (entity.start, len(entity.path())))


def _add(entity: Entity, found: dict[str, Entity]) -> None:
    found[str(entity.document.get("id", id(entity)))] = entity
    for document in entity.document.get("subsegments", []):
        child = Entity(document, entity)
        child.segment = entity.segment
        entity.children.append(child)
        _add(child, found)
