"""The log view of the real program, opened over a page server, with its paints told apart.

While it has let go nothing but a key paints in the rows of the lines, so that output there is the key's repaint; how
often that is not so is counted as well.
"""

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.benchmarks.page_load import PageLoad, page_load
from tests.benchmarks.terminal_bench import Replay, TerminalProgram, child_running

UP, DOWN, PAGE_UP, PAGE_DOWN = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~"
ENGINE_MODULE = "lambdatop.engine.child"
EVENTS_PER_S = 10_000
_TIMEOUT_S = 5.0
_SETTLE_S = 8.0
"""Longer than it takes to read all functions again."""
_HELD = re.compile(r"([\d,]+) lines held since [\d:]+(?:, ([\d,]+) older fell off)?")
_LINE = re.compile(r"..\d\d:\d\d:\d\d\.\d{3} ")


class OpenedLogView:
    """A program that shows the log of all functions, and the server that it reads from."""

    def __init__(self, load: PageLoad, program: TerminalProgram) -> None:
        self.load = load
        self.program = program
        self.engine_pid = child_running(program.pid, ENGINE_MODULE)
        self._paint = re.compile(b"")
        self._replay = Replay(program.columns, program.lines)
        self._replayed = 0

    def let_go(self, pages_back: int) -> None:
        """Hold on to lines some screens back, among which nothing that comes later belongs."""
        self.program.press(" ")
        self.program.read_for(1.0)
        for _ in range(pages_back):
            self.program.press(PAGE_UP)
            self.program.read_for(0.3)
        self.program.read_for(_SETTLE_S)
        self._learn_paints()

    def follow(self) -> None:
        """Go on with the newest line."""
        self.program.press("G")
        self.program.read_for(1.5)

    def leave_search(self) -> None:
        """Have nothing marked any more; a key right after escape would be taken for another one."""
        self.program.press("\x1b")
        self.program.read_for(0.5)

    def type_in(self, key: str, text: str) -> float:
        """Type into the prompt that a key opens; returns when enter was pressed."""
        self.program.press(key)
        self.program.read_for(0.5)
        self.program.press(text)
        self.program.read_for(1.0)
        return self.program.press("\r")

    def latencies_ms(self, keys: Sequence[str], presses: int) -> list[float]:
        """Press the keys by turns, at random times; returns how long each took until its paint was whole."""
        random_ = random.Random(3)
        found = []
        for number in range(presses):
            self.program.read_for(random_.uniform(0.04, 0.16))
            began = self.program.press(keys[number % len(keys)])
            painted = self.program.read_until_match(self._paint, _TIMEOUT_S)
            found.append((_TIMEOUT_S if painted is None else painted - began) * 1000)
        return found

    def lag_of_held_key_ms(self, key: str, seconds: float, times_a_second: int = 30) -> float:
        """Hold a key down; returns how long after it was let go of the lines still moved."""
        for _ in range(int(seconds * times_a_second) - 1):
            self.program.press(key)
            self.program.read_for(1 / times_a_second)
        released = self.program.press(key)
        end = released + 1.5
        last = released
        while (left := end - time.perf_counter()) > 0:
            last = self.program.read_until_match(self._paint, left) or last
        return (last - released) * 1000

    def paints_in(self, seconds: float) -> int:
        """How often lines are painted without a key."""
        end, count = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            count += self.program.read_until_match(self._paint, left) is not None
        return count

    @property
    def screen(self) -> str:
        """What is shown now; only what came since the last look is replayed, so that reading goes on soon."""
        data = b"".join(data for _, data in self.program.record[self._replayed :])
        self._replayed = len(self.program.record)
        self._replay.feed(data)
        return self._replay.text()

    def first_shown(self, texts: Mapping[str, int]) -> dict[str, float]:
        """When a row of the lines first showed each text, from that part of the record on; takes its time."""
        replay, left = Replay(self.program.columns, self.program.lines), dict(texts)
        found: dict[str, float] = {}
        for number, (moment, data) in enumerate(self.program.record):
            replay.feed(data)
            sought = [text for text, since in left.items() if since <= number]
            rows = "\n".join(filter(_LINE.match, replay.rows)) if sought else ""
            for text in sought:
                if text in rows:
                    found[text] = moment
                    del left[text]
        return found

    def lines_taken_in(self) -> tuple[int, int]:
        """How many lines the head says are held, and how many fell off."""
        found = _HELD.search(self.screen)
        if found is None:
            raise SystemExit(f"the head does not tell of lines:\n{self.screen}")
        held, fallen_off = (int((number or "0").replace(",", "")) for number in found.groups())
        return held, fallen_off

    def _learn_paints(self) -> None:
        """Note which rows are the lines', and so what a paint of them is: from a move there to the update's end."""
        rows = [number for number, row in enumerate(self.screen.split("\n"), 1) if _LINE.match(row)]
        if not rows:
            raise SystemExit(f"no lines are shown:\n{self.screen}")
        places = "|".join(map(str, rows)).encode()
        moved = rb"\x1b\[(?:" + places + rb");\d+H(?!\x1b\[\?2026l)"  # where an update ends, the cursor is put away
        self._paint = re.compile(moved + rb".*?\x1b\[\?2026l", re.DOTALL)


@contextmanager
def opened_log_view(
    columns: int = 160, lines: int = 48, *, functions: int = 10, log_lines: int = 1_000_000
) -> Iterator[OpenedLogView]:
    """Open it over functions that write ten thousand events a second together, and wait until it follows them."""
    count, page_events = str(functions), str(EVENTS_PER_S // functions)
    sizes = ("--functions", count, "--active", count, "--events-per-page", page_events)
    with (
        page_load(*sizes) as load,
        load.program("--log-lines", str(log_lines), columns=columns, lines=lines) as program,
    ):  # fmt: skip
        program.read_until_shown("function-0003")
        program.read_for(1.0)
        program.press("7")
        if program.read_until_shown(" START version ") is None:
            raise SystemExit(f"no lines came:\n{program.screen()}")
        yield OpenedLogView(load, program)
