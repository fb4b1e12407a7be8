"""Log lines, and an engine's answers about them, for the tests of the log view."""

from collections.abc import Sequence

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LAST_KEY, LineKey, LineKind, LogLine, LogPage
from lambdatop.model.question import LogAnswer, LogQuestion
from lambdatop.model.record import Level
from tests.ui.pictures import NOW_MS, SCOPE

API = FunctionKey(*SCOPE, "checkout-api")
STREAM = "2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef"
REQUEST = "3f2a8c1e-0000-4000-8000-00000000000"


def log_line(
    number: int,
    message: str = "",
    *,
    kind: LineKind = "application",
    level: Level | None = None,
    request: int | None = None,
    function: FunctionKey = API,
    stream: str = STREAM,
) -> LogLine:
    """Return the line of a number, a second after the one before."""
    return LogLine(
        key=LineKey(NOW_MS - 1_000_000 + number * 1_000, number),
        ingestion_time_ms=NOW_MS,
        function=function,
        log_stream=stream,
        message=message or f"line {number}",
        kind=kind,
        level=level,
        request_id=None if request is None else f"{REQUEST}{request}",
    )


def numbers(lines: Sequence[LogLine]) -> list[int]:
    """Return the lines' numbers."""
    return [line.key.sequence for line in lines]


def log_answer(
    lines: Sequence[LogLine], before: int = 0, *, below: int | None = 0, question: LogQuestion | None = None
) -> LogAnswer:
    """Return an answer that holds the lines, `before` of them before its place."""
    place = lines[before].key if before < len(lines) else LAST_KEY
    return LogAnswer(
        topic="logs" if question is None else question.topic,
        number=0 if question is None else question.number,
        page=LogPage(lines=tuple(lines), lines_before=before, is_complete=True),
        place=place,
        lines_above=0,
        lines_below=below,
        lines_held=len(lines),
        oldest_ms=lines[0].timestamp_ms if lines else None,
    )
