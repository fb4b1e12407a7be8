"""Lines of the log view made of texts, read as the archive reads them."""

import tomllib
from pathlib import Path

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LineKey, LogLine
from lambdatop.store.log_archive_mark import kind_of_mark, level_of_mark, mark_and_request, request_id_at

AT_MS = 1_795_230_000_123
"""2026-11-21 03:00:00.123 UTC."""
FUNCTION = FunctionKey("123456789012", "eu-west-1", "checkout-worker")
STREAM = "2026/11/21/[42]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
TEXTS = {
    f"{path.stem}: {one['name']}": str(one["text"])
    for path in sorted((Path(__file__).parents[1] / "lines").glob("*.toml"))
    for one in tomllib.loads(path.read_text())["line"]
}
"""By file and name."""


def log_line(message: str, sequence: int = 1, function: FunctionKey = FUNCTION, *, lag_ms: int = 850) -> LogLine:
    mark, place = mark_and_request(message)
    return LogLine(
        key=LineKey(AT_MS, sequence),
        ingestion_time_ms=AT_MS + lag_ms,
        function=function,
        log_stream=STREAM,
        message=message,
        kind=kind_of_mark(mark),
        level=level_of_mark(mark),
        request_id=request_id_at(message, place),
    )
