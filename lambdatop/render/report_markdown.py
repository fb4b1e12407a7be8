"""A report as Markdown, for a pull request or an incident's channel."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lambdatop.render.printable import printable
from lambdatop.render.report_columns import COLUMNS
from lambdatop.render.report_document import Document
from lambdatop.render.report_summary import headline, notes, problems, summary

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def report_markdown(report: Document) -> str:
    """Return the report: summary, functions, queues, errors and what is missing."""
    blocks = [f"# {_escaped(headline(report))}", "\n".join(f"- {_escaped(sentence)}" for sentence in summary(report))]
    blocks.append("\n".join(_function_table(report)))
    if report["queues"]:
        queues = ([queue["name"], queue["depth"], queue["age_of_oldest_s"]] for queue in report["queues"])
        blocks += ["## Dead-letter queues", "\n".join(_table(["queue", "messages", "oldest, s"], queues))]
    if report["errors"]:
        blocks += ["## Errors", "\n".join(_error_table(report["errors"]))]
    missing = [*problems(report), *notes(report)]
    if missing:
        blocks += ["## What is missing", "\n".join(f"- {_escaped(sentence)}" for sentence in missing)]
    return "\n\n".join(blocks) + "\n"


def _function_table(report: Document) -> Iterator[str]:
    headings = [column.heading for column in COLUMNS]
    rows = ([column.cell(function).text for column in COLUMNS] for function in report["functions"])
    return _table(headings, rows, aligned_right=range(2, len(COLUMNS)))


def _error_table(errors: Iterable[Document]) -> Iterator[str]:
    headings = ["count", "a minute", "kind", "new", "type", "message", "frame", "functions", "versions", "last seen"]
    rows = (
        [
            error["count"],
            None if error["rate_per_minute"] is None else f"{error['rate_per_minute']:.1f}",
            error["kind"],
            "new" if error["is_new"] else None,
            error["error_type"],
            error["message"],
            error["frame"],
            ", ".join(error["functions"]),
            ", ".join(error["versions"]),
            error["last_seen"],
        ]
        for error in errors
    )
    return _table(headings, rows, aligned_right=(0, 1))


def _table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], aligned_right: Iterable[int] = ()
) -> Iterator[str]:
    right = set(aligned_right)
    yield f"| {' | '.join(headings)} |"
    yield f"| {' | '.join('---:' if index in right else '---' for index in range(len(headings)))} |"
    for row in rows:
        yield f"| {' | '.join(_escaped('' if cell is None else str(cell)) for cell in row)} |"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", printable(text, 300))
