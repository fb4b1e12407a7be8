"""All queries that there are to choose from: ready ones, one's own, the account's, and those that were run."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from lambdatop.model.query import DefinitionsFound
from lambdatop.render.query_library import LIBRARY, fits
from lambdatop.ui.query_history import PastQuery
from lambdatop.ui.query_saved import SavedQuery

ShelfKind = Literal["ready", "saved", "account", "past"]
KINDS: tuple[ShelfKind, ...] = ("ready", "saved", "account", "past")


class ShelfQuery(NamedTuple):
    """A query to choose, with the question that it answers where that is known."""

    kind: ShelfKind
    name: str
    text: str
    question: str = ""
    groups: str = ""
    time_range: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names with their values at first."""
    ran_ms: int | None = None

    def holds(self, words: Sequence[str]) -> bool:
        """Return whether each word is somewhere in it, in any case."""
        whole = f"{self.kind}\n{self.name}\n{self.question}\n{self.text}".lower()
        return all(word in whole for word in words)


def shelf_of(
    saved: Iterable[SavedQuery],
    definitions: DefinitionsFound | None,
    past: Iterable[PastQuery],
    log_formats: frozenset[str] = frozenset(),
) -> tuple[ShelfQuery, ...]:
    """Return all queries, kind by kind; of the ready ones, those first that read one of the log formats."""
    return (
        *(
            ShelfQuery(
                "ready",
                query.name,
                query.text,
                query.question if query.log_format == "any" else f"{query.question} ({query.log_format} logs)",
            )
            for query in sorted(LIBRARY, key=lambda query: not fits(query, log_formats))
        ),
        *(
            ShelfQuery("saved", query.name, query.text, query.question, query.groups, query.time_range)
            for query in saved
        ),
        *(
            ShelfQuery(
                "account",
                query.name,
                query.text,
                query.description or "",
                " ".join(query.log_groups),
                parameters=tuple((each.name, each.default) for each in query.parameters if each.default is not None),
            )
            for query in (definitions.definitions if definitions is not None else ())
        ),
        *(
            ShelfQuery(
                "past", " ".join(query.text.split()), query.text, "", query.groups, query.time_range, (), query.ran_ms
            )
            for query in past
        ),
    )


def found_in(shelf: Iterable[ShelfQuery], kind: ShelfKind | None, text: str) -> tuple[ShelfQuery, ...]:
    """Return the queries of a kind, or of all, that hold each word of a text."""
    words = text.lower().split()
    return tuple(query for query in shelf if kind in (None, query.kind) and query.holds(words))
