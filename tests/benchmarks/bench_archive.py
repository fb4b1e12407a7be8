"""The log view's archive with a million lines: appending, memory, pages, and searches beside `rg -c`.

python -m tests.benchmarks.bench_archive     wants ripgrep (`rg`) and `lnav` for the yardsticks
"""

import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from lz4 import block as lz4
from msgspec import Struct
from msgspec.json import Decoder

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition, key_of_time
from lambdatop.store.log_archive import BLOCK_LINES, FILTERS_KEPT, LogArchive
from tests.benchmarks.log_pages import MOST_PAGE_EVENTS, LogPage
from tests.benchmarks.measured import Row, median, print_rows, quantile

LINES = 1_000_000
PAGES = LINES // MOST_PAGE_EVENTS
SECOND = 1_795_000_000
FUNCTIONS = 5
LITERALS = (
    ("in no line", "permission denied"),
    ("in a few lines", "accepted for customer 4711"),
    ("of a request", "00000042-0007-4abc"),
    ("in 0.2 % of the lines", "ERROR"),
    ("in 1 % of the lines", "customer 12869 has no"),
    ("in a quarter of the lines", "START"),
)
STEP_AIM_MS = 16.0
LNAV = ("lnav", "-n", "-q", "-c", ";SELECT count(*) FROM all_logs")
"""Without its screen; counting makes sure that all lines are read."""
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
"""In a small process of its own, since a child's peak is at least what its parent took when it was started."""


class Page(Struct):
    """The part of a response that the archive reads."""

    events: list[LogEvent]


DECODE = Decoder(Page).decode


def pages() -> Iterator[list[LogEvent]]:
    """Seconds of ten thousand lines, one after the other."""
    page = LogPage(MOST_PAGE_EVENTS)
    for serial in range(PAGES):
        if serial % 10 == 0:
            page = LogPage(MOST_PAGE_EVENTS, seed=serial)
        yield DECODE(page.stamped(serial, SECOND + serial)).events


def archive_of_functions() -> LogArchive:
    archive = LogArchive(LINES)
    for number in range(FUNCTIONS):
        archive.function_index(FunctionKey("123456789012", "us-east-1", f"function-{number}"))
    return archive


def resident_bytes() -> int:
    """What the process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def milliseconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def batch_of(serial: int, events: list[LogEvent]) -> list[tuple[int, LogEvent]]:
    return [((serial + number) % FUNCTIONS, event) for number, event in enumerate(events)]


def text_of(event: LogEvent) -> bytes:
    return event.message.strip("\n").replace("\n", " ").encode() + b"\n"


def dated(event: LogEvent) -> bytes:
    """A line as a log file has it, with its time in front."""
    moment = datetime.fromtimestamp(event.timestamp_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").encode() + b" " + text_of(event)


def lnav_of(path: Path) -> tuple[float, float]:
    """Resident bytes of lnav at most, and milliseconds, until it has read a file."""
    start = time.perf_counter()
    command = [sys.executable, "-I", "-S", "-c", _PEAK, *LNAV, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(answer.stdout), (time.perf_counter() - start) * 1000


def lnav_rows(held_bytes: float, took_ms: float) -> list[Row]:
    """What the archive takes for a million lines, beside what lnav takes to have them in view."""
    if shutil.which("lnav") is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path, one_line = Path(folder) / "lines.log", Path(folder) / "line.log"
        with path.open("wb") as lines:
            lines.writelines(dated(event) for events in pages() for event in events)
        one_line.write_bytes(b"2026-11-21T03:00:00.000+00:00 a line\n")
        bare_bytes, bare_ms = lnav_of(one_line)
        whole_bytes, whole_ms = min(lnav_of(path) for _ in range(3))
        text_mb = path.stat().st_size / 1e6
    return [
        Row("memory of the lines, beside lnav's growth", held_bytes / 1e6, "MB", (whole_bytes - bare_bytes) / 1e6),
        Row("reading them, beside lnav's", took_ms, "ms", whole_ms - bare_ms),
        Row("lnav in all", whole_bytes / 1e6, "MB"),
        Row("the file that lnav reads lines from beside that", text_mb, "MB"),
    ]


def filled(text_path: Path) -> tuple[LogArchive, list[Row]]:
    """An archive that has read a million lines, written to a file as well; what that took."""
    archive = archive_of_functions()
    for events in islice(pages(), 2):
        archive_of_functions().append([(0, event) for event in events])
    before_bytes, took_ms, text_bytes = resident_bytes(), 0.0, 0
    with text_path.open("wb") as text:
        for serial, events in enumerate(pages()):
            took_ms += milliseconds_of(partial(archive.append, batch_of(serial, events)))
            text_bytes += text.write(b"".join(text_of(event) for event in events))
    del events
    gc.collect()
    held_bytes = resident_bytes() - before_bytes
    return archive, [
        Row("append, microseconds a line", took_ms * 1000 / LINES, "us", aim=20.0),
        Row("text of a line", text_bytes / LINES, "bytes"),
        Row("resident memory of a line, all in", held_bytes / LINES, "bytes", aim=120.0),
        *lnav_rows(held_bytes, took_ms),
    ]


def late_row() -> Row:
    """Functions that lag a second each behind the one before, so that nearly all lines are inserted."""
    archive = archive_of_functions()
    read = list(zip(range(30), pages(), strict=False))
    took_ms = 0.0
    for second in range(30 + FUNCTIONS):
        for function in range(FUNCTIONS):
            if 0 <= second - function < len(read):
                _, events = read[second - function]
                batch = [(function, event) for event in events[function::FUNCTIONS]]
                took_ms += milliseconds_of(partial(archive.append, batch))
    return Row("append where four of five lag, a line", took_ms * 1000 / archive.lines_held, "us", aim=20.0)


def page_rows(archive: LogArchive) -> list[Row]:
    """Pages around places anywhere, unfiltered and where the filter has nothing found yet."""
    random_ = random.Random(7)
    rows = []
    for name, lines, log_filter in (
        ("page of 50 lines", 50, LogFilter()),
        ("page of 200 lines", 200, LogFilter()),
        ("page of 50 lines without platform lines", 50, LogFilter(hides_platform=True)),
        ("page of 50 lines with a text", 50, LogFilter(texts=(TextCondition("accepted"),))),
    ):
        times = []
        for _ in range(300):
            place = key_of_time(SECOND * 1000 + random_.randrange(PAGES * 1000))
            times.append(milliseconds_of(partial(archive.page, log_filter, place, lines // 2, lines // 2)))
        rows.append(Row(f"{name}, p50", median(times), "ms", aim=1.0))
        rows.append(Row(f"{name}, p99", quantile(times, 0.99), "ms"))
    return rows


def counted(archive: LogArchive, log_filter: LogFilter) -> tuple[int, list[float]]:
    """How many lines match, and the milliseconds of each step."""
    steps = []
    while True:
        start = time.perf_counter()
        found = archive.count(log_filter)
        steps.append((time.perf_counter() - start) * 1000)
        if found.is_complete:
            return found.lines, steps


def ripgrep_ms(literal: str, text_path: Path) -> tuple[float | None, int | None]:
    """The best of five runs, and what it counted; None without ripgrep."""
    if shutil.which("rg") is None:
        return None, None
    command = ["rg", "--count", "--smart-case", "--fixed-strings", literal, str(text_path)]
    times = [milliseconds_of(lambda: subprocess.run(command, capture_output=True, check=False)) for _ in range(5)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return min(times), int(answer or 0)


def search_rows(archive: LogArchive, text_path: Path) -> list[Row]:
    """Literals counted over all lines in steps, beside ripgrep on the same text in one file."""
    rows = []
    for name, literal in LITERALS:
        log_filter = LogFilter(texts=(TextCondition(literal),))
        yardstick_ms, expected = ripgrep_ms(literal, text_path)
        runs = []
        for _ in range(3):
            for number in range(FILTERS_KEPT):
                archive.count(LogFilter(request_id=f"forget {number}"), step_text_bytes=1)
            lines, steps = counted(archive, log_filter)
            runs.append(steps)
            if expected not in {None, lines}:
                raise SystemExit(f"{literal!r} is in {lines} lines here and in {expected} for ripgrep.")
        steps = min(runs, key=sum)
        rows.append(Row(f"literal {name}", sum(steps), "ms", yardstick=yardstick_ms, aim=6.0 if yardstick_ms else None))
        rows.append(Row(f"  its longest of {len(steps)} steps", max(steps), "ms", aim=STEP_AIM_MS))
    return rows


def other_rows(archive: LogArchive) -> list[Row]:
    """Filters that look at lines one by one, or at marks alone."""
    rows = []
    for name, log_filter in (
        ("regular expression", LogFilter(texts=(TextCondition(r"cust\w+ 1286\d", is_regex=True),))),
        ("JSON field", LogFilter(fields=(FieldCondition("service", "check*"),))),
        ("log stream", LogFilter(log_streams=("2026/11/21/[$LATEST]none",))),
        ("errors", LogFilter(least_level="ERROR")),
    ):
        _, steps = counted(archive, log_filter)
        rows.append(Row(f"{name} over all lines", sum(steps), "ms"))
        rows.append(Row(f"  its longest of {len(steps)} steps", max(steps), "ms", aim=STEP_AIM_MS))
    return rows


def packing_rows(text_path: Path) -> list[Row]:
    """What LZ4 is worth beside the standard library's zlib, on the same blocks of text."""
    lines = text_path.read_bytes()[:20_000_000].split(b"\n")
    blocks = [b"\n".join(lines[start : start + BLOCK_LINES]) for start in range(0, len(lines), BLOCK_LINES)]
    packed, deflated = [lz4.compress(text) for text in blocks], [zlib.compress(text, 1) for text in blocks]
    scale = LINES / len(lines)
    quick_ms = milliseconds_of(lambda: sum(len(lz4.decompress(text)) for text in packed)) * scale
    slow_ms = milliseconds_of(lambda: sum(len(zlib.decompress(text)) for text in deflated)) * scale
    return [
        Row("texts of a line by LZ4", sum(map(len, packed)) / len(lines), "bytes"),
        Row("texts of a line by zlib", sum(map(len, deflated)) / len(lines), "bytes"),
        Row("unpacking all lines by LZ4, beside zlib", quick_ms, "ms", yardstick=slow_ms),
    ]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        text_path = Path(folder) / "lines.log"
        archive, rows = filled(text_path)
        print_rows(f"{LINES:,} lines", [*rows, late_row()])
        print_rows("Pages", page_rows(archive))
        print_rows("Searches, beside ripgrep", search_rows(archive, text_path))
        print_rows("Filters", other_rows(archive))
        print_rows("Packing", packing_rows(text_path))


if __name__ == "__main__":
    main()
