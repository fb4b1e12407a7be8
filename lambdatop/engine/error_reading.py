"""Answers what the failures of an error group are."""

from lambdatop.model.log_line import LogFilter, key_of_time
from lambdatop.model.question import ErrorAnswer, ErrorFailure, ErrorQuestion
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store

LINES_LOOKED_AT = 500
"""Of the millisecond that a failure was logged in; what else was logged then mostly comes from other streams."""
_FAILING = frozenset(("ERROR", "FATAL"))


def error_answer(question: ErrorQuestion, store: Store, archive: LogArchive) -> ErrorAnswer:
    """Return a group, its newest failures, where it was seen, and the whole line of the newest one if that is held."""
    groups, signature = store.error_groups, question.signature
    failures = groups.failures(signature)
    return ErrorAnswer(
        topic=question.topic,
        number=question.number,
        group=groups.group(signature),
        failures=failures,
        places=groups.places(signature),
        sample_text=text_of(failures[0], archive) if failures else None,
    )


def text_of(failure: ErrorFailure, archive: LogArchive) -> str | None:
    """Return the line that tells of a failure, as it came: of those of its millisecond, the one that says it best."""
    reference = failure.reference
    moment_ms = reference.timestamp_ms
    end = key_of_time(moment_ms + 1)
    page = archive.page(LogFilter(), key_of_time(moment_ms), 0, LINES_LOOKED_AT, end=end)
    place = reference.function, reference.log_stream
    lines = [line for line in page.lines if (line.function, line.log_stream) == place]
    first = failure.message.split("\n", 1)[0].split("\r", 1)[0]
    best = min(lines, key=lambda line: (line.level not in _FAILING, first not in line.message), default=None)
    return None if best is None else best.message
