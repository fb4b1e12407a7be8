"""The log view while 10,000 events a second arrive: keys, searches, following, what is lost, and memory.

    python -m tests.benchmarks.bench_log_view [--presses 150] [--seconds 20] [--only keys following memory]

Ten functions write a thousand events a second each; a million lines are kept. The yardstick of keys is an empty
Textual app, that of following `tail -f` of such lines, and that of memory an engine that keeps next to none.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.bench_keys import minimal_latencies_ms
from tests.benchmarks.log_pages import MOST_PAGE_EVENTS, LogPage
from tests.benchmarks.measured import Row, median, print_rows, quantile
from tests.benchmarks.opened_log_view import (
    DOWN,
    EVENTS_PER_S,
    PAGE_DOWN,
    PAGE_UP,
    UP,
    OpenedLogView,
    opened_log_view,
)
from tests.benchmarks.terminal_bench import TerminalProgram, cpu_s_of, rss_mb_of

SIZES = ((160, 48), (80, 24))
NEEDLES = [f"{name} was lost once" for name in ("amber", "basalt", "cinnabar", "dolomite", "epidote")]
AHEAD_MS = 1_500
"""A marker is dated so much later than the other lines, so that it stays the newest until it is drawn."""
PASTES = 10


def key_rows(name: str, found: list[float], minimal: list[float], aim: float | None = None) -> list[Row]:
    """Median, 99th percentile and maximum of presses, beside the empty app's median."""
    return [
        Row(f"{name}, p50", median(found), "ms", median(minimal), aim),
        Row(f"{name}, p99", quantile(found, 0.99), "ms", None, 50),
        Row(f"{name}, max", max(found), "ms"),
    ]


def scrolling_rows(view: OpenedLogView, name: str, presses: int, minimal: list[float]) -> list[Row]:
    """Lines and screens up and down around a place that it holds on to."""
    lines = view.latencies_ms((UP, DOWN), presses)
    pages = view.latencies_ms((PAGE_UP, PAGE_DOWN), presses)
    return [
        *key_rows(f"{name}, a line", lines, minimal, aim=2.5),
        *key_rows(f"{name}, a screen", pages, minimal),
        Row(f"{name}, lines painted without a key in 5 s", view.paints_in(5), "", None, 0),
    ]


def search_rows(view: OpenedLogView, back_s: float) -> list[Row]:
    """From enter on a search to its only match, which lies so far back or farther."""
    for needle in NEEDLES:
        view.load.plant(needle)
    while len(view.load.planted()) < len(NEEDLES):
        view.program.read_for(0.5)
    before = view.load.served().events
    view.program.read_for(back_s)
    lines_back = view.load.served().events - before
    began: dict[str, float] = {}
    since: dict[str, int] = {}
    for needle in NEEDLES:
        since[needle] = len(view.program.record)
        began[needle] = view.type_in("/", needle)
        view.program.read_for(3)
        view.leave_search()
        view.follow()
    shown = view.first_shown(since)
    if len(shown) < len(NEEDLES):
        raise SystemExit(f"only {sorted(shown)} were found:\n{view.screen}")
    found = [(shown[needle] - began[needle]) * 1000 for needle in NEEDLES]
    return [
        Row("lines searched, at least", lines_back, ""),
        Row("enter to a search's only match, median of five", median(found), "ms"),
        Row("  the longest of them", max(found), "ms"),
    ]


def all_key_rows(view: OpenedLogView, presses: int, minimal: list[float]) -> list[Row]:
    """Scrolling among all lines, with a filter and with a search."""
    view.let_go(pages_back=8)
    rows = scrolling_rows(view, "all lines", presses, minimal)
    rows.append(Row("lines still moving after `up` was held for 5 s", view.lag_of_held_key_ms(UP, 5), "ms"))
    rows.append(Row("the same of `pageup`", view.lag_of_held_key_ms(PAGE_UP, 5), "ms"))
    view.follow()
    view.type_in("&", "error")
    view.program.read_for(2)
    view.let_go(pages_back=2)
    rows += scrolling_rows(view, "filtered by `error`", presses, minimal)
    view.program.press("\x7f")
    view.follow()
    view.type_in("/", "customer 4")
    view.program.read_for(2)
    view.let_go(pages_back=8)
    rows += scrolling_rows(view, "with a search", presses, minimal)
    view.leave_search()
    view.follow()
    return rows


def measure_keys(presses: int, back_s: float) -> None:
    """Keys and searches, then what was lost."""
    minimal = minimal_latencies_ms(presses, None)
    with opened_log_view() as view:
        view.program.read_for(10)
        began, before = time.perf_counter(), view.load.served().events
        rows = all_key_rows(view, presses, minimal)
        events_per_s = (view.load.served().events - before) / (time.perf_counter() - began)
        print_rows(f"Keys at 160x48, {events_per_s:,.0f} events/s (yardstick: an empty Textual app)", rows)
        print_rows("Searches", search_rows(view, back_s))
        print_rows("What was lost", lost_rows(view))


def lost_rows(view: OpenedLogView) -> list[Row]:
    """End the events; what was served is held, or has fallen off."""
    view.load.stop()
    view.program.read_for(6)
    held, fallen_off = view.lines_taken_in()
    served = view.load.served().events
    return [
        Row("events served", served, ""),
        Row("lines held", held, ""),
        Row("lines fallen off", fallen_off, ""),
        Row("lines lost or repeated", abs(served - held - fallen_off), "", None, 0),
    ]


@contextmanager
def growing_file(lines_per_s: int) -> Iterator[Path]:
    """A file to which that many lines a second are written, in ten pieces."""
    events = json.loads(LogPage(MOST_PAGE_EVENTS).stamped(1, 1_795_000_000))["events"]
    texts = [event["message"] for event in events]
    pieces = ["".join(texts[start::PASTES]) for start in range(PASTES)]
    piece_s = len(texts) / PASTES / lines_per_s
    stopping = threading.Event()
    with tempfile.NamedTemporaryFile("w", suffix=".log") as file:

        def write() -> None:
            number = 0
            while not stopping.wait(piece_s):
                file.write(pieces[number % PASTES])
                file.flush()
                number += 1

        writing = threading.Thread(target=write)
        writing.start()
        try:
            yield Path(file.name)
        finally:
            stopping.set()
            writing.join()


def dumb_tail(columns: int, lines: int, seconds: float, lines_per_s: int) -> tuple[float, float]:
    """Bytes a second and CPU percent of `tail -f`."""
    with (
        growing_file(lines_per_s) as path,
        TerminalProgram(["tail", "-f", str(path)], columns, lines) as program,
    ):  # fmt: skip
        program.read_for(2)
        cpu_s, began = program.cpu_s(), time.perf_counter()
        sent = program.read_for(seconds)
        elapsed_s = time.perf_counter() - began
        return sent / elapsed_s, (program.cpu_s() - cpu_s) / elapsed_s * 100


def watched(view: OpenedLogView, seconds: float) -> tuple[float, float, float, float]:
    """Bytes and events a second, CPU percent of the screen and of the engine."""
    program, pids = view.program, (view.program.pid, view.engine_pid)
    before, events, began = [cpu_s_of(pid) for pid in pids], view.load.served().events, time.perf_counter()
    sent = program.read_for(seconds)
    elapsed_s = time.perf_counter() - began
    events = view.load.served().events - events
    screen, engine = ((cpu_s_of(pid) - was) / elapsed_s * 100 for pid, was in zip(pids, before, strict=True))
    return sent / elapsed_s, events / elapsed_s, screen, engine


def delays_ms(view: OpenedLogView, markers: int) -> list[float]:
    """From a page being served to the line at its end being on screen."""
    since = {f"marker {number:03d} of the log": len(view.program.record) for number in range(markers)}
    for name in since:
        view.load.plant(name, AHEAD_MS)
        while name not in view.load.planted():
            view.program.read_for(0.2)
        view.program.read_for(2)
    planted, shown = view.load.planted(), view.first_shown(since)
    if len(shown) < markers:
        raise SystemExit(f"only {len(shown)} of {markers} markers were shown:\n{view.screen}")
    return [(shown[name] - planted[name]) * 1000 for name in since]


def measure_following(seconds: float, markers: int) -> None:
    """What following costs and how soon it shows a line."""
    for columns, lines in SIZES:
        with opened_log_view(columns, lines) as view:
            view.program.read_for(5)
            sent, events, screen_cpu, engine_cpu = watched(view, seconds)
            tail_bytes, tail_cpu = dumb_tail(columns, lines, min(seconds, 5), EVENTS_PER_S)
            view.program.read_for(2)
            view.let_go(pages_back=8)
            held_sent, _, held_screen_cpu, _ = watched(view, seconds)
            view.follow()
            delays = delays_ms(view, markers)
        rows = [
            Row("events arriving", events, "/s"),
            Row("bytes while following, beside `tail -f`", sent, "B/s", tail_bytes),
            Row("bytes when it has let go", held_sent, "B/s"),
            Row("CPU of the screen while following, beside `tail -f`", screen_cpu, "%", tail_cpu),
            Row("CPU of the screen when it has let go", held_screen_cpu, "%"),
            Row("CPU of the engine", engine_cpu, "%"),
            Row("a line served to shown, p50", median(delays), "ms"),
            Row(f"a line served to shown, p99 of {markers}", quantile(delays, 0.99), "ms"),
        ]
        print_rows(f"Following at {columns}x{lines} (yardstick: `tail -f` of 10,000 lines/s)", rows)


def engine_and_screen_mb(log_lines: int, events: int) -> tuple[float, float, int]:
    """Resident megabytes of both, and the lines held, once so many events have come."""
    with opened_log_view(log_lines=log_lines) as view:
        while view.load.served().events < events:
            view.program.read_for(1)
        view.program.read_for(3)
        held, _ = view.lines_taken_in()
        return rss_mb_of(view.engine_pid), rss_mb_of(view.program.pid), held


def measure_memory(log_lines: int) -> None:
    """What a line takes in the engine's process, once as many are held as may be."""
    events = log_lines + EVENTS_PER_S
    bare_engine, bare_screen, bare_held = engine_and_screen_mb(EVENTS_PER_S, events)
    engine, screen, held = engine_and_screen_mb(log_lines, events)
    print_rows(
        f"Memory after {events:,} events (yardstick: the same with {bare_held:,} lines held)",
        [
            Row("lines held", held, ""),
            Row("resident memory of the engine", engine, "MB", bare_engine),
            Row("  its difference, a line", (engine - bare_engine) * 1e6 / (held - bare_held), "bytes", None, 120),
            Row("resident memory of the screen", screen, "MB", bare_screen, 1.2),
        ],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--markers", type=int, default=30)
    parser.add_argument("--back", type=float, default=55.0, help="seconds that lie between searched lines and now")
    parser.add_argument("--log-lines", type=int, default=1_000_000, help="of the part about memory")
    parser.add_argument("--only", nargs="*", choices=("keys", "following", "memory"), default=None)
    arguments = parser.parse_args()
    wanted = arguments.only or ("keys", "following", "memory")
    if "keys" in wanted:
        measure_keys(arguments.presses, arguments.back)
    if "following" in wanted:
        measure_following(arguments.seconds, arguments.markers)
    if "memory" in wanted:
        measure_memory(arguments.log_lines)


if __name__ == "__main__":
    main()
