"""What to say where there is no function to show."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.snapshot import Snapshot
from lambdatop.render import freshness
from lambdatop.render.span import Line
from lambdatop.render.words import foreign, wrapped


class Empty(NamedTuple):
    """Why a table is empty."""

    sentence: str = ""
    style: str = ""


def empty_lines(empty: Empty, width: int) -> tuple[Line, ...]:
    """Return the reason as lines."""
    return ((), *wrapped(foreign(empty.sentence, limit=600).text, max(1, width - 2), empty.style, indent="  "))


def empty_reason(snapshot: Snapshot, filter_text: str, patterns: Sequence[str]) -> Empty:
    """Return why there is no row, and the key or command that helps."""
    if filter_text and snapshot.functions:
        sentence = f"No function matches {filter_text!r}; press esc to show all {len(snapshot.functions)}."
        return Empty(sentence, "warning")
    if not snapshot.sources:
        return Empty("Connecting to AWS.", "provisional")
    troubled = [source for source in snapshot.sources if source.state in freshness.BROKEN]
    catalogues = freshness.of_kinds(troubled, ("function", "connection", "identity")) or tuple(troubled)
    if len(troubled) == len(snapshot.sources) or freshness.of_kinds(troubled, ("function",)):
        remedy = f" {catalogues[0].remedy}" if catalogues[0].remedy else ""
        return Empty(f"{catalogues[0].detail}{remedy} Press ! for all sources.", "warning")
    if any(source.state == "starting" for source in snapshot.sources):
        return Empty("Reading the list of functions.", "provisional")
    if patterns:
        return Empty(f"No function matches {' '.join(patterns)}; check the name, --profile and --region.", "warning")
    return Empty("There is no function in this account and region; --region looks elsewhere.", "dim")
