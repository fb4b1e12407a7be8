"""The functions of a report as comma-separated values (RFC 4180), one line a function; unknown is empty."""

import csv
import io
from collections.abc import Mapping

from lambdatop.render.report_document import Document


def report_csv(report: Document) -> str:
    """Return a heading line and a line a function; nested numbers are named like `duration_ms_p95`."""
    rows = [_flat(function) for function in report["functions"]]
    heading = rows[0] if rows else {"account_id": "", "region": "", "name": ""}
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(heading), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flat(function: Document) -> dict[str, object]:
    flat: dict[str, object] = {}
    queue = function["dead_letter_queue"] or {"name": None, "depth": None, "age_of_oldest_s": None}
    for name, value in (function | {"dead_letter_queue": queue}).items():
        if name in ("versions", "notes"):
            continue
        if isinstance(value, Mapping):
            flat.update({f"{name}_{inner}": _cell(part) for inner, part in value.items()})
        else:
            flat[name] = _cell(value)
    flat["notes"] = "; ".join(_cell(note) for note in function["notes"])
    return flat


def _cell(value: object) -> str:
    """Return a cell; text that a spreadsheet would run as a formula is quoted for it (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return str(value)
