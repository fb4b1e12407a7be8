"""The only place that reads the time."""

import time

_CLOCK_ID = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock."""
_ORIGIN_NS = time.time_ns() - time.clock_gettime_ns(_CLOCK_ID)


def now_ms() -> int:
    """Return epoch milliseconds by the wall clock as it was at the start.

    It never goes back: a wall clock that is set right later would hold up all that is due at a time. What it is off by
    is found from AWS's answers.
    """
    return (_ORIGIN_NS + time.clock_gettime_ns(_CLOCK_ID)) // 1_000_000
