"""What a query answers: every value a text, as GetQueryResults has them."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lambdatop.insights.discovery import first_of_equal_keys
from lambdatop.insights.sql_value import Kind, number_text


class QueryResult(NamedTuple):
    """The rows of an answer; a cell without a value is None."""

    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    pointers: list[str] | None
    """One for each row where rows are events; None where they are groups."""
    records_matched: int
    records_scanned: int
    bytes_scanned: int
    """The bytes of the messages that were in the range of time, and 26 more for each."""


class QueryRunError(Exception):
    """A query that could not be finished, because of time, memory or a stop; the message is one sentence."""


def answer_rows(rows: Sequence[tuple[Any, ...]], kinds: Sequence[Kind]) -> list[tuple[str | None, ...]]:
    """Rows of DuckDB as rows of an answer."""
    if all(kind in (Kind.TEXT, Kind.NUMERAL) for kind in kinds):
        return [tuple(row[: len(kinds)]) for row in rows]
    writers = [_WRITERS[kind] for kind in kinds]
    return [
        tuple(None if cell is None else write(cell) for cell, write in zip(row, writers, strict=False)) for row in rows
    ]


def _structure_text(text: str) -> str | None:
    """A map or list as compact JSON, its numbers as they are written; a scalar as its own text."""
    content = json.loads(text, parse_int=_Written, parse_float=_Written, object_pairs_hook=first_of_equal_keys)
    if content is None:
        return None
    if isinstance(content, bool):
        return "1" if content else "0"
    return content if isinstance(content, str) else _compact(content)


class _Written(str):
    """A number as it is written."""

    __slots__ = ()


def _compact(content: Any) -> str:  # noqa: ANN401 - JSON is of any type
    if isinstance(content, dict):
        return "{" + ",".join(f"{_compact(key)}:{_compact(item)}" for key, item in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ",".join(map(_compact, content)) + "]"
    return str(content) if isinstance(content, _Written) else json.dumps(content, ensure_ascii=False)


_WRITERS: dict[Kind, Callable[[Any], str | None]] = {
    Kind.TEXT: str,
    Kind.NUMERAL: str,
    Kind.NUMBER: number_text,
    Kind.BOOLEAN: lambda cell: "1" if cell else "0",
    Kind.STRUCTURE: _structure_text,
}
