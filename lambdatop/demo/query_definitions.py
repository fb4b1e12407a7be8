"""The queries that are saved in the embedded account."""

import threading
import uuid

from lambdatop.demo.clock import Clock
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError


class QueryDefinitions:
    """Saved queries by their id; safe to use from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._definitions: dict[str, Document] = {}

    def put(self, definition: Document) -> str:
        """Save one, in place of the one with its id; returns the id. Raises ResourceNotFoundException."""
        query_id = str(definition.get("queryDefinitionId") or uuid.uuid4())
        with self._lock:
            if "queryDefinitionId" in definition and query_id not in self._definitions:
                raise ServiceError("ResourceNotFoundException", "The specified query definition does not exist.")
            self._definitions[query_id] = {
                "queryLanguage": "CWLI",
                **{name: value for name, value in definition.items() if name != "clientToken"},
                "queryDefinitionId": query_id,
                "lastModified": self._clock.now_ms(),
            }
        return query_id

    def delete(self, query_id: str) -> bool:
        """Forget one; returns whether there was one."""
        with self._lock:
            return self._definitions.pop(query_id, None) is not None

    def named(self, prefix: str = "") -> list[Document]:
        """Every one whose name begins like that, by name."""
        with self._lock:
            found = [one for one in self._definitions.values() if str(one["name"]).startswith(prefix)]
        return sorted(found, key=lambda one: str(one["name"]))
