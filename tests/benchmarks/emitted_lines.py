"""Numbered lines written into log groups as Lambda's come: in bursts, late, out of order and now and then alike.

What is written is noted line by line, so that what a tool prints can be held against it.
"""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from lambdatop.demo.account import EmbeddedAccount

TICK_S = 0.05
LAG_MS = (200, 5_000)
LATE_LAG_MS = (5_000, 120_000)
LATE_SHARE = 0.02
TWIN_SHARE = 0.01
BURST_SHARE = 0.004
BURST_LINES = 50
STREAMS = 5
_SERIAL = re.compile(r"\bevent (\d{7}) ")

Arrival = tuple[int, int, str]
"""(timestamp_ms, ingestion_ms, message)."""


class Emitter:
    """Writes lines into groups at a rate, each with a number of its own."""

    def __init__(self, account: EmbeddedAccount, log_groups: Sequence[str], lines_per_s: float, seed: int) -> None:
        self._account = account
        self._log_groups = log_groups
        self._lines_per_s = lines_per_s
        self._random = random.Random(seed)
        self._serial = 0
        self.emitted: Counter[int] = Counter()
        """How often each number was written: twice where a line has a twin."""
        self.late: set[int] = set()
        """Numbers of the lines that came later than most."""

    def run(self, seconds: float, stop: threading.Event) -> None:
        """Write for so long, on the clock."""
        began_s = time.monotonic()
        while (elapsed_s := time.monotonic() - began_s) < seconds and not stop.wait(TICK_S):
            while self._serial < elapsed_s * self._lines_per_s * len(self._log_groups):
                self._emit(self._random.choice(self._log_groups))

    def _emit(self, log_group: str) -> None:
        """Write a line, its twin, or a burst of lines in one millisecond."""
        chance, now_ms = self._random, self._account.clock.now_ms()
        is_burst = chance.random() < BURST_SHARE
        arrivals: list[Arrival] = []
        for _ in range(BURST_LINES if is_burst else 1):
            copies = 2 if chance.random() < TWIN_SHARE else 1
            self._serial += 1
            self.emitted[self._serial] = copies
            arrivals += [self._arrival(now_ms, log_group)] * copies
        stream = f"2026/11/21/[$LATEST]{chance.randrange(STREAMS):032x}"
        self._account.logs.put_arrived(log_group, stream, arrivals)

    def _arrival(self, now_ms: int, log_group: str) -> Arrival:
        chance = self._random
        is_late = chance.random() < LATE_SHARE
        if is_late:
            self.late.add(self._serial)
        lag_ms = chance.randint(*(LATE_LAG_MS if is_late else LAG_MS))
        name = log_group.rpartition("/")[2]
        return now_ms, now_ms + lag_ms, f"event {self._serial:07d} of {name} at {now_ms}\n"


def serials(lines: Iterable[str]) -> Counter[int]:
    """Return how often each number was printed, whatever stands before and after it."""
    return Counter(int(match[1]) for line in lines for match in _SERIAL.finditer(line))
