"""Why a function is in its state, and why numbers of it are missing, in sentences."""

from lambdatop.model.statistics import FunctionStatistics
from lambdatop.render.printable import printable


def reasons(function: FunctionStatistics) -> tuple[str, ...]:
    """Return sentences safe to show: the state with its reason, then every note."""
    state = function.health.state
    reason = printable(function.health.reason, 300)
    notes = note_sentences(function)
    if not reason and not notes:
        return (state, "nothing is missing or late")
    return (f"{state}: {reason}" if reason else state, *notes)


def note_sentences(function: FunctionStatistics) -> tuple[str, ...]:
    """Return why numbers are missing, partial or late, and what hides reports."""
    sentences = [
        f"{printable(note.field.replace('_', ' '), 40)}: {printable(note.text, 300)}"
        for note in function.notes
        if note.text
    ]
    hidden = function.function.hidden_reports
    if hidden is not None and not any(note.text == hidden for note in function.notes):
        sentences.append(hidden)
    return tuple(sentences)
