"""Queries that were run, kept across runs of the program in a file of JSON lines."""

import contextlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

KEPT_MAX = 500
_LINES_MAX = 2 * KEPT_MAX
"""With more lines than so many, the file is written anew with what is kept."""
_FILE_BYTES_MAX = 32_000_000


class PastQuery(Struct, frozen=True, kw_only=True):
    """A query as it was run, its parameters still open."""

    text: str
    groups: str = ""
    """As `GroupChoice` has it."""
    time_range: str = "1h"
    ran_ms: int = 0


class QueryHistory:
    """The newest five hundred different queries; without a path, of this run alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._queries: dict[str, PastQuery] = {}
        self._lines = 0
        self._is_read = path is None
        self.problem: str | None = None
        """Why nothing is kept, in a sentence."""

    @property
    def queries(self) -> tuple[PastQuery, ...]:
        """The queries, newest first."""
        self._read()
        return tuple(reversed(self._queries.values()))

    def add(self, query: PastQuery) -> None:
        """Keep a query as the newest; what was run before with the same text goes."""
        self._read()
        self._take(query)
        if self._path is None:
            return
        try:
            if self._lines >= _LINES_MAX:
                self._write_anew(self._path)
            else:
                self._append(self._path, query)
        except OSError as error:
            self.problem = f"The history of queries is not kept: {error.strerror or error}."

    def _take(self, query: PastQuery) -> None:
        self._queries.pop(query.text, None)
        self._queries[query.text] = query
        while len(self._queries) > KEPT_MAX:
            del self._queries[next(iter(self._queries))]

    def _read(self) -> None:
        if self._is_read or self._path is None:
            return
        self._is_read = True
        try:
            with self._path.open("rb") as file:
                content = file.read(_FILE_BYTES_MAX)
        except FileNotFoundError:
            return
        except OSError as error:
            self.problem = f"The history of queries cannot be read: {error.strerror or error}."
            return
        decoder = msgspec.json.Decoder(PastQuery)
        for line in content.splitlines():
            self._lines += 1
            with contextlib.suppress(msgspec.DecodeError):  # also half a line, of a program that was ended
                self._take(decoder.decode(line))

    def _append(self, path: Path, query: PastQuery) -> None:
        make_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(query) + b"\n")
        self._lines += 1

    def _write_anew(self, path: Path) -> None:
        """Write what is kept to a new file that takes the old one's place, so that either of them is whole."""
        new = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(msgspec.json.encode(query) + b"\n" for query in self._queries.values())
        new.replace(path)
        self._lines = len(self._queries)


def make_folder(folder: Path) -> None:
    """Make a folder that its owner alone can look into, where there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
