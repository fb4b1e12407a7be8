"""What to say where there is no function to show."""

from collections.abc import Sequence

from lambdatop.model.snapshot import Snapshot
from lambdatop.render import freshness
from lambdatop.render.span import Line
from lambdatop.render.words import foreign, wrapped


def empty_lines(snapshot: Snapshot, filter_text: str, patterns: Sequence[str], width: int) -> tuple[Line, ...]:
    """Return the reason why the table is empty, and the key or command that helps."""
    style, sentence = _reason(snapshot, filter_text, patterns)
    return ((), *wrapped(foreign(sentence, limit=600).text, max(1, width - 2), style, indent="  "))


def _reason(snapshot: Snapshot, filter_text: str, patterns: Sequence[str]) -> tuple[str, str]:
    if filter_text and snapshot.functions:
        return "warning", f"No function matches {filter_text!r}; press esc to show all {len(snapshot.functions)}."
    if not snapshot.sources:
        return "provisional", "Connecting to AWS."
    troubled = [source for source in snapshot.sources if source.state in freshness.BROKEN]
    catalogues = freshness.of_kinds(troubled, ("functions", "connection", "identity")) or tuple(troubled)
    if troubled and len(troubled) == len(snapshot.sources) or freshness.of_kinds(troubled, ("functions",)):
        remedy = f" {catalogues[0].remedy}" if catalogues[0].remedy else ""
        return "warning", f"{catalogues[0].detail}{remedy} Press ! for all sources."
    if any(source.state == "starting" for source in snapshot.sources):
        return "provisional", "Reading the list of functions."
    if patterns:
        return "warning", f"No function matches {' '.join(patterns)}; check the name, --profile and --region."
    return "dim", "There is no function in this account and region; --region looks elsewhere."
