"""Why a function is in its state, and why numbers of it are missing, in sentences."""

from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.printable import printable


def reasons(function: FunctionStatistics) -> tuple[str, ...]:
    """Return sentences safe to show: the state with its reason, then each note, then what hides reports."""
    state = function.health.state
    reason = printable(function.health.reason, 300)
    sentences = [f"{state}: {reason}" if reason else state]
    sentences.extend(
        f"{note.field.replace('_', ' ')}: {printable(note.text, 300)}" for note in function.notes if note.text
    )
    hidden = function.function.hidden_reports
    if hidden is not None and not any(note.text == hidden for note in function.notes):
        sentences.append(hidden)
    if len(sentences) == 1 and not reason:
        sentences.append("nothing is missing or late")
    return tuple(sentences)
