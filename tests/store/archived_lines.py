"""Log events of several functions and a plain list that answers what the archive must."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LogFilter, LogLine
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.store.log_archive import LogArchive
from tests.store.lines import SCOPE, request_id, stream_name

FUNCTIONS = tuple(FunctionKey(*SCOPE, name) for name in ("checkout", "payment", "stock"))
STREAMS = (stream_name(1), stream_name(2, "7"), "written by hand")
REQUEST = request_id(1)
TAKEN = "Duration: 3.00 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t"
MESSAGES = (
    f"START RequestId: {REQUEST} Version: $LATEST\n",
    f"END RequestId: {REQUEST}\n",
    f"REPORT RequestId: {REQUEST}\t{TAKEN}\n",
    f"REPORT RequestId: {REQUEST}\t{TAKEN}Status: timeout\n",
    f"2026-11-21T03:00:00.000Z {request_id(2)} Task timed out after 3.00 seconds\n",
    f'{{"time":"2026-11-21T03:00:00.000Z","type":"platform.start","record":{{"requestId":"{REQUEST}"}}}}',
    f"2026-11-21T03:00:00.000Z\t{REQUEST}\tERROR\tno such order\n",
    '{"level":"INFO","message":"order 17 accepted","order":{"id":17,"items":["tea","Milk"]}}',
    '{"level":"warn","message":"slow","order.id":"17","ok":false}',
    '{"level":30,"pid":1,"hostname":"a","\\u006frder":{"id":"17a"},"awsRequestId":"odd-id"}',
    f'{{"level":"INFO","awsRequestId":"\\u0038\\u0064{REQUEST[2:]}"}}',
    "[ERROR] KeyError: 'cart'\nTraceback (most recent call last):\n  File \"a.py\"",
    "[DEBUG]\tlooking at the Cart",
    "ÜBER groß und K\u212a",
    "order 17",
    "",
    "\n",
    "a\x00b\x1b[31mred",
)  # fmt: skip
SPAN_MS = 40


class Arrived(NamedTuple):
    """An event and what the archive calls it."""

    sequence: int
    function: int
    event: LogEvent


@st.composite
def events(draw: st.DrawFn) -> tuple[int, LogEvent]:
    message = draw(st.sampled_from(MESSAGES) | st.text(max_size=12))
    timestamp_ms = draw(st.integers(0, SPAN_MS))
    stream = draw(st.sampled_from(STREAMS))
    event = LogEvent(stream, timestamp_ms, message, timestamp_ms + draw(st.sampled_from((0, 5, 4_000))))
    return draw(st.integers(0, len(FUNCTIONS) - 1)), event


batches = st.lists(st.lists(events(), max_size=25), max_size=8)


PLAIN_BLOCKS = 4
"""So few that most blocks are packed."""


def archive(block_lines: int = 4, max_lines: int = 1_000_000, block_text_bytes: int = 10_000) -> LogArchive:
    """An archive with blocks so small that a few lines fill many."""
    made = LogArchive(max_lines, block_lines=block_lines, block_text_bytes=block_text_bytes, plain_blocks=PLAIN_BLOCKS)
    for key in FUNCTIONS:
        made.function_index(key)
    return made


def filled(given: Sequence[Sequence[tuple[int, LogEvent]]], **sizes: int) -> LogArchive:
    """An archive that has read all batches, and put each in order before the next one came."""
    made = archive(**sizes)
    for batch in given:
        made.append(batch)
        assert made.lines_held or made.lines_fallen_off or not batch
    return made


def every_line(log_archive: LogArchive, log_filter: LogFilter = LogFilter()) -> tuple[LogLine, ...]:  # noqa: B008  frozen
    page = log_archive.page(log_filter, FIRST_KEY, 0, log_archive.lines_held + 1)
    assert page.is_complete
    return page.lines


def in_order(given: Iterable[Iterable[tuple[int, LogEvent]]]) -> list[Arrived]:
    """What a plain list makes of the batches: sorted by time, then by arrival."""
    pairs = [pair for batch in given for pair in batch]
    arrived = [Arrived(number, function, event) for number, (function, event) in enumerate(pairs, start=1)]
    return sorted(arrived, key=lambda line: (line.event.timestamp_ms, line.sequence))


def is_let_through(line: LogLine, log_filter: LogFilter) -> bool:
    """What the filter means, said by plain means on one line; fields are tested by examples."""
    levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    record = parse_log_line(line.message)
    name = parse_log_stream(line.log_stream)
    is_own = line.kind in {"application", "unhandled_error"} or line.level in {"ERROR", "FATAL"}
    least = levels.index(log_filter.least_level) if log_filter.least_level else 0
    return (
        (not log_filter.functions or line.function in log_filter.functions)
        and (not log_filter.log_streams or line.log_stream in log_filter.log_streams)
        and (not log_filter.versions or (name is not None and name.version in log_filter.versions))
        and levels.index(line.level or "INFO") >= least
        and (not log_filter.hides_platform or is_own)
        and (log_filter.request_id is None or log_filter.request_id in line.message)
        and all(
            holds(line.message, text.pattern, is_regex=text.is_regex) is not text.is_excluded
            for text in log_filter.texts
        )
        and record.text == line.message
    )


def holds(message: str, pattern: str, *, is_regex: bool) -> bool:
    any_case = pattern == pattern.lower()
    if is_regex:
        return re.search(pattern, message, re.IGNORECASE if any_case else re.NOFLAG) is not None
    if not any_case:
        return pattern in message
    if pattern.isascii():
        return pattern in re.sub("[A-Z]", lambda letter: letter[0].lower(), message)
    return pattern in message.lower()
