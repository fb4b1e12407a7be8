"""A query's answer for files, pipes and the clipboard: CSV, JSON, Markdown and a plain table.

CSV and JSON are faithful: values are AWS's texts, letter by letter, numbers too ("1.28E8" stays that), and text that a
spreadsheet would run as a formula is not changed, since a log line, a negative number and a field's name begin with
the same signs. A row without a field has null in JSON and nothing in CSV, where an empty text is `""`. Markdown and the
table are for reading and pass the printable gate. With `redact`, no value leaves with a secret that it knows.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from lambdatop.parsers.query_value import value_type
from lambdatop.render.printable import printable
from lambdatop.render.query_redaction import Row, redacted_rows
from lambdatop.render.query_rows import Rows
from lambdatop.render.query_text_table import table_lines
from lambdatop.render.saved_lines import Redact

__all__ = [
    "EXPORTS",
    "ExportFormat",
    "csv_pieces",
    "json_lines_pieces",
    "json_pieces",
    "markdown_pieces",
    "table_lines",
]

ExportFormat = Literal["csv", "json", "jsonl", "markdown"]

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_MARKDOWN_LIMIT = 2_000
"""Characters of one cell."""
_ENCODER = msgspec.json.Encoder()


def csv_pieces(columns: Sequence[str], rows: Rows, redact: Redact | None = None) -> Iterator[str]:
    r"""Yield a heading line and a line a row (RFC 4180, with the line ends that pipes expect).

    >>> list(csv_pieces(("a", "b"), [("1", None), ("", "x, y")]))
    ['a,b\n', '1,\n', '"","x, y"\n']
    """
    yield _csv_line(columns)
    yield from map(_csv_line, redacted_rows(columns, rows, redact))


def json_pieces(
    columns: Sequence[str], rows: Rows, redact: Redact | None = None, pointers: Sequence[str] = ()
) -> Iterator[str]:
    """Yield a list of objects, one a line, with all columns in each and `@ptr` where there are pointers."""
    start = "[\n"
    for text in _json_objects(columns, rows, redact, pointers):
        yield start + text
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def json_lines_pieces(
    columns: Sequence[str], rows: Rows, redact: Redact | None = None, pointers: Sequence[str] = ()
) -> Iterator[str]:
    r"""Yield an object a line, as `json_pieces` has them.

    >>> list(json_lines_pieces(("a", "b"), [("1", None)]))
    ['{"a":"1","b":null}\n']
    """
    return (f"{text}\n" for text in _json_objects(columns, rows, redact, pointers))


def markdown_pieces(columns: Sequence[str], rows: Rows, redact: Redact | None = None) -> Iterator[str]:
    r"""Yield a table's lines; of very long values the beginning, with how much is left off.

    >>> list(markdown_pieces(("a|b", "n"), [("x\n", "1")]))
    ['| a\\|b | n |\n', '| --- | ---: |\n', '| x | 1 |\n']
    """
    if not columns:
        return
    types = [value_type(row[index] for row in rows) for index in range(len(columns))]
    yield _markdown_line(columns)
    yield _markdown_rule(type_ == "number" for type_ in types)
    yield from map(_markdown_line, redacted_rows(columns, rows, redact))


EXPORTS: Mapping[ExportFormat, Callable[[Sequence[str], Rows, Redact | None], Iterator[str]]] = {
    "csv": csv_pieces,
    "json": json_pieces,
    "jsonl": json_lines_pieces,
    "markdown": markdown_pieces,
}


def _csv_line(row: Row) -> str:
    if not row:
        return ""  # no row has a field, so there is no heading either
    if len(row) == 1 and not row[0]:
        return '""\n'  # an empty line is no row to those who read CSV
    return ",".join(map(_csv_value, row)) + "\n"


def _csv_value(value: str | None) -> str:
    if value is None:
        return ""
    if not value or '"' in value or "," in value or "\n" in value or "\r" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def _json_objects(columns: Sequence[str], rows: Rows, redact: Redact | None, pointers: Sequence[str]) -> Iterator[str]:
    names = _distinct(columns)
    for place, row in enumerate(redacted_rows(columns, rows, redact)):
        fields = dict(zip(names, row, strict=True))
        if place < len(pointers):
            fields["@ptr"] = pointers[place]
        try:
            yield _ENCODER.encode(fields).decode()
        except (UnicodeError, msgspec.MsgspecError):
            yield json.dumps(fields, separators=(",", ":"))  # which writes lone surrogates as the escapes they were


def _distinct(columns: Sequence[str]) -> list[str]:
    """Return names for an object's keys, each once.

    >>> _distinct(("a", "b", "a"))
    ['a', 'b', 'a (2)']
    """
    seen: Counter[str] = Counter()
    names: list[str] = []
    for column in columns:
        seen[column] += 1
        names.append(column if seen[column] == 1 else f"{column} ({seen[column]})")
    return names


def _markdown_line(row: Row) -> str:
    cells = (_MARKDOWN_SPECIAL.sub(r"\\\1", printable(value or "", _MARKDOWN_LIMIT)) for value in row)
    return f"| {' | '.join(cells)} |\n"


def _markdown_rule(are_right: Iterable[bool]) -> str:
    return f"| {' | '.join('---:' if is_right else '---' for is_right in are_right)} |\n"
