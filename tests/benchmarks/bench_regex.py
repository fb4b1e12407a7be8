"""Regular expressions over the log view's million lines, beside `rg -c` with the same one, and their longest steps.

python -m tests.benchmarks.bench_regex     wants ripgrep (`rg`) for the yardstick

Both use one processor and wait for nothing, so it is the processor's time that is measured: other work does not count.
"""

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition
from lambdatop.store.log_archive import FILTERS_KEPT, LogArchive
from lambdatop.store.log_archive_text import InvalidPatternError
from tests.benchmarks.bench_archive import LINES, STEP_AIM_MS, filled
from tests.benchmarks.measured import Row, print_rows, quantile

RUNS = 3
MOST_SLOW_STEPS = 2_000
WITH_LITERAL = (
    ("in no line", r"permission \w+ denied"),
    ("alternatives in no line", r"time(d )?out|refused"),
    ("in few lines", r"accepted for customer 47\d1\b"),
    ("in 1 % of the lines", r"cust\w+ 1286\d"),
    ("in 0.2 % of the lines", r'"level": ?"ERROR"'),
    ("in a fifth of the lines", r"order \d+ accepted"),
    ("at the beginning of a quarter", r"^START RequestId: \S+ Version"),
    ("in lower case, of capitals", r"report requestid: \S+\tduration: 9\d\d"),
)
WITHOUT_LITERAL = (
    ("a number of nine digits", r"\b\d{9}\b"),
    ("a digit first", r"^\d"),
    ("hexadecimal, in most lines", r"[0-9a-f]{12}\b"),
    ("two repetitions", r"\d+\w+@\d+"),
    ("tried line by line", r"(\d)\1{5}"),
)
SLOW = (
    ("dear on each line", r"(.*a){4}.*q$"),
    ("without end on some lines", r"(\w+)*!$"),
    ("without end on a fifth of the lines", r"(\S+|\w+)+ !$"),
)
OTHERS = (
    ("literal in a quarter of the lines", LogFilter(texts=(TextCondition("START"),))),
    ("literal left out", LogFilter(texts=(TextCondition("START", is_excluded=True),))),
    ("letters beyond ASCII", LogFilter(texts=(TextCondition("größe"),))),
    ("JSON field", LogFilter(fields=(FieldCondition("service", "check*"),))),
    ("log stream", LogFilter(log_streams=("2026/11/21/[$LATEST]none",))),
    ("errors without the platform's lines", LogFilter(least_level="ERROR", hides_platform=True)),
)


def regex_filter(pattern: str) -> LogFilter:
    return LogFilter(texts=(TextCondition(pattern, is_regex=True),))


def children_ms() -> float:
    """The processor's time of all programs started and ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def counted(archive: LogArchive, log_filter: LogFilter) -> tuple[int, list[float]]:
    """How many lines match, and the milliseconds of each step."""
    steps = []
    while True:
        start = time.process_time()
        found = archive.count(log_filter)
        steps.append((time.process_time() - start) * 1000)
        if found.is_complete:
            return found.lines, steps


def ripgrep_ms(pattern: str, text_path: Path) -> tuple[float | None, int | None]:
    """The best of five runs, and what it counted; None without ripgrep, which has no back references either."""
    if shutil.which("rg") is None or "\\1" in pattern:
        return None, None
    command = ["rg", "--count", "--smart-case", pattern, str(text_path)]
    times, answer = [], ""
    for _ in range(5):
        start_ms = children_ms()
        answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        times.append(children_ms() - start_ms)
    return min(times), int(answer or 0)


def runs_of(archive: LogArchive, log_filter: LogFilter) -> tuple[int, list[list[float]]]:
    """How many lines match, and the steps of several runs that each know nothing yet."""
    lines, runs = 0, []
    for _ in range(RUNS):
        for number in range(FILTERS_KEPT):
            archive.count(LogFilter(request_id=f"forget {number}"), step_text_bytes=1)
        lines, steps = counted(archive, log_filter)
        runs.append(steps)
    return lines, runs


def step_rows(runs: list[list[float]]) -> list[Row]:
    """The longest step of the run where it was shortest, since the machine has other work; the 99th percentile."""
    longest = min(map(max, runs))
    return [
        Row(f"  its longest of {len(runs[0])} steps", longest, "ms", aim=STEP_AIM_MS),
        Row("  and p99", min(quantile(run, 0.99) for run in runs), "ms"),
    ]


def search_rows(
    archive: LogArchive, text_path: Path, patterns: tuple[tuple[str, str], ...], aim: float | None
) -> list[Row]:
    rows = []
    for name, pattern in patterns:
        yardstick_ms, expected = ripgrep_ms(pattern, text_path)
        lines, runs = runs_of(archive, regex_filter(pattern))
        if expected not in {None, lines}:
            raise SystemExit(f"{pattern!r} is in {lines} lines here and in {expected} for ripgrep.")
        row = Row(f"{name}: {pattern}", min(map(sum, runs)), "ms", yardstick_ms, aim if yardstick_ms else None)
        rows += [row, *step_rows(runs)]
    return rows


def slow_rows(archive: LogArchive) -> list[Row]:
    """Patterns that take long, in two thousand steps or until they are refused."""
    rows = []
    for name, pattern in SLOW:
        steps: list[float] = []
        is_over = is_refused = False
        while not is_over and len(steps) < MOST_SLOW_STEPS:
            start = time.process_time()
            try:
                is_over = archive.count(regex_filter(pattern)).is_complete
            except InvalidPatternError:
                is_over = is_refused = True
            steps.append((time.process_time() - start) * 1000)
        title = f"{name}: {pattern}{', refused' if is_refused else '' if is_over else ', so far'}"
        rows += [Row(title, sum(steps), "ms"), *step_rows([steps])]
    return rows


def other_rows(archive: LogArchive) -> list[Row]:
    rows = []
    for name, log_filter in OTHERS:
        _, runs = runs_of(archive, log_filter)
        rows += [Row(name, min(map(sum, runs)), "ms"), *step_rows(runs)]
    return rows


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        text_path = Path(folder) / "lines.log"
        archive, _ = filled(text_path)
        print_rows(
            f"With a literal, {LINES:,} lines, beside ripgrep", search_rows(archive, text_path, WITH_LITERAL, 10.0)
        )
        print_rows("Without one", search_rows(archive, text_path, WITHOUT_LITERAL, None))
        print_rows("Slow ones", slow_rows(archive))
        print_rows("Other filters", other_rows(archive))


if __name__ == "__main__":
    main()
