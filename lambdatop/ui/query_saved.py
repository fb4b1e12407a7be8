"""The user's own queries, in a TOML file that may be written by hand as well.

    [[query]]
    name = "orders/slow"
    text = '''
    filter @duration > 1000
    '''
    log_groups = "orders-*"        # optional, as it is typed on the screen
    time_range = "2h"              # optional

Saving only ever adds to the file, so that comments in it stay; of two queries with one name the later one counts.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct

from lambdatop.ui.query_history import make_folder

_LITERAL = "'''"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class SavedQuery(Struct, frozen=True, kw_only=True):
    """A query with its name; `/` in it makes folders."""

    name: str
    text: str
    groups: str = ""
    time_range: str = ""
    question: str = ""


class SavedQueryError(ValueError):
    """The file cannot be used; the message is a sentence."""


class SavedQueries:
    """Reads and writes the file; without a path, keeps queries for this run alone."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._added: list[SavedQuery] = []

    def read(self) -> tuple[SavedQuery, ...]:
        """Return all queries by name; raises `SavedQueryError`."""
        return _by_name(self._added) if self.path is None else queries_in(self._content(self.path))

    def save(self, query: SavedQuery) -> None:
        """Add a query to the file; raises `SavedQueryError`, and OSError where it cannot be written."""
        if self.path is None:
            self._added.append(query)
            return
        before = self._content(self.path)
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        added = gap + toml_of(query)
        if query not in queries_in(before + added):
            raise SavedQueryError(f"{self.path.name} would not hold it as it is.")
        make_folder(self.path.parent)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(added.encode())

    def _content(self, path: Path) -> str:
        try:
            return path.read_bytes().decode()
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise SavedQueryError(f"{path.name} is not UTF-8.") from error
        except OSError as error:
            raise SavedQueryError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def queries_in(content: str) -> tuple[SavedQuery, ...]:
    """Return the queries of a file's content, by name; raises `SavedQueryError`."""
    try:
        tables = tomllib.loads(content.replace("\r\n", "\n")).get("query", [])
    except tomllib.TOMLDecodeError as error:
        raise SavedQueryError(f"The file of saved queries is not TOML: {error}.") from error
    if not isinstance(tables, list):
        raise SavedQueryError("In the file of saved queries, each one begins with [[query]].")
    return _by_name([_query(table) for table in tables])


def toml_of(query: SavedQuery) -> str:
    r"""Return a query as a table that `tomllib` reads back the same.

    >>> print(toml_of(SavedQuery(name="slow", text="filter @duration > 1000")), end="")
    [[query]]
    name = "slow"
    text = '''
    filter @duration > 1000
    '''
    """
    lines = ["[[query]]", f"name = {_basic(query.name)}", f"text = {_lines(query.text)}"]
    for key, value in (("log_groups", query.groups), ("time_range", query.time_range), ("question", query.question)):
        if value:
            lines.append(f"{key} = {_basic(value)}")
    return "\n".join(lines) + "\n"


def _query(table: Any) -> SavedQuery:  # noqa: ANN401  whatever a hand has written
    values = table if isinstance(table, dict) else {}
    name, text = values.get("name"), values.get("text")
    if not isinstance(name, str) or not isinstance(text, str) or not name.strip():
        raise SavedQueryError("In the file of saved queries, each [[query]] has a name and a text.")
    more = {key: value for key in ("log_groups", "time_range", "question") if isinstance(value := values.get(key), str)}
    return SavedQuery(
        name=name,
        text=text.removesuffix("\n"),
        groups=more.get("log_groups", ""),
        time_range=more.get("time_range", ""),
        question=more.get("question", ""),
    )


def _by_name(queries: list[SavedQuery]) -> tuple[SavedQuery, ...]:
    return tuple(sorted({query.name: query for query in queries}.values(), key=lambda query: query.name.lower()))


def _lines(text: str) -> str:
    """Return a text between three quotes, readable as it is, where TOML lets it stand so."""
    is_plain = all(character.isprintable() or character in "\n\t" for character in text)
    if is_plain and _LITERAL not in text:
        return f"{_LITERAL}\n{text}\n{_LITERAL}"
    return _basic(text + "\n")


def _basic(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    escape = _ESCAPES.get(character)
    if escape is not None:
        return escape
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
