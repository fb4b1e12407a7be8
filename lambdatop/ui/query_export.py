"""Writing the rows of a query to a file, some at a time."""

import contextlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lambdatop.render.query_export import EXPORTS
from lambdatop.render.query_table import QueryTable
from lambdatop.render.saved_lines import Redact
from lambdatop.ui.log_save import expanded

_PIECES_A_STEP = 2_000
_FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".md": "markdown"}
FORMATS_ACCEPTED = "a file's name ending in .csv, .jsonl, .json or .md"


class QueryExport:
    """Writes to a new file that its owner alone can read; raises OSError or ValueError where there can be none."""

    def __init__(self, path: Path, table: QueryTable, redact: Redact | None) -> None:
        self.path = expanded(path)
        kind = _FORMATS.get(path.suffix.lower())
        if kind is None:
            raise ValueError(f"say {FORMATS_ACCEPTED}")
        self.rows = table.row_count
        self.is_done = False
        self._pieces = export_pieces(kind, table, redact)
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def step(self) -> bool:
        """Write some more; returns whether to go on. Raises OSError where it cannot be written."""
        try:
            pieces = [piece.encode("utf-8", "replace") for piece in islice(self._pieces, _PIECES_A_STEP)]
            self._file.writelines(pieces)
            self.is_done = len(pieces) < _PIECES_A_STEP
            if self.is_done:
                self._file.close()
        except OSError:
            self.give_up()
            raise
        return not self.is_done

    def give_up(self) -> None:
        """Close the file with what it has."""
        self.is_done = True
        with contextlib.suppress(OSError):
            self._file.close()


def export_pieces(kind: str, table: QueryTable, redact: Redact | None) -> Iterator[str]:
    """Return the rows shown, in their order, with the columns shown, in a format of `EXPORTS`."""
    shown = [at for at, column in enumerate(table.columns) if column.name not in table.choice.hidden]
    columns = tuple(table.columns[at].name for at in shown)
    rows = [tuple(table.rows[place][at] for at in shown) for place in table.places]
    return EXPORTS[kind](columns, rows, redact)  # type: ignore[index]
