"""The rows of a query's answer without secrets, before they are saved, copied or sent on."""

import json
from collections.abc import Iterable, Sequence

from lambdatop.render.saved_lines import Redact

Row = Sequence[str | None]

_PROBE = "Tr0ub4dor3xq9"
"""Looks like a secret beside a name that says so, and is none."""


def redacted_rows(columns: Sequence[str], rows: Iterable[Row], redact: Redact | None) -> Iterable[Row]:
    """Return the rows without secrets, found in each value and, where a column's name tells of one, beside that name.

    >>> list(redacted_rows(("a",), [("x 4",)], lambda text: text.replace("4", "⟨card⟩")))
    [('x ⟨card⟩',)]
    """
    if redact is None:
        return rows
    named = [_beside(name, _PROBE, redact) != _PROBE for name in columns]
    return (_redacted(columns, row, redact, named) for row in rows)


def _redacted(columns: Sequence[str], row: Row, redact: Redact, named: Sequence[bool]) -> Row:
    return tuple(
        None if value is None else _beside(name, redact(value), redact) if is_named else redact(value)
        for name, value, is_named in zip(columns, row, named, strict=True)
    )


def _beside(name: str, value: str, redact: Redact) -> str:
    """Return a value without secrets, as it is found in JSON beside its name; all of it where JSON is cut."""
    written = json.dumps({name: value})
    changed = redact(written)
    if changed == written:
        return value
    try:
        return str(next(iter(json.loads(changed).values())))
    except (ValueError, AttributeError, StopIteration):
        return changed
