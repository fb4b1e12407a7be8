"""How far this machine's clock is from AWS's, from the Date header of answers.

Windows and sweeps end "now": with a clock that is behind, the newest events would be left out, and with one that is
ahead, minutes would look settled that are not.
"""

import threading
from collections import deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime

OBSERVATIONS = 16
TOLERATED_MS = 2_000
"""A Date has whole seconds and an answer takes its time: less than this is not told from none."""


class ClockSkew:
    """AWS's time by this machine's clock, corrected where they differ; safe to use from any thread."""

    def __init__(self, machine_now_ms: Callable[[], int]) -> None:
        self._machine_now_ms = machine_now_ms
        self._lock = threading.Lock()
        self._bounds: deque[tuple[int, int]] = deque(maxlen=OBSERVATIONS)
        self.offset_ms = 0
        """What is added to this machine's clock to have AWS's; 0 where they agree, or nothing is known."""

    def now_ms(self) -> int:
        """Return AWS's time, epoch milliseconds."""
        return self._machine_now_ms() + self.offset_ms

    def observe(self, sent_ms: int, received_ms: int, date: str) -> None:
        """Take in one answer: when it was asked for and had, by this machine's clock, and its Date header.

        The answer was made between the two and within the second that the header names, which bounds the skew; all
        recent answers together bound it closer (Cristian's algorithm). Bounds that contradict the newest are those
        of a clock that was set since.

        >>> skew = ClockSkew(lambda: 0)
        >>> skew.observe(1_000, 1_200, "Thu, 01 Jan 1970 00:07:01 GMT")
        >>> skew.offset_ms
        420400
        """
        try:
            date_ms = round(parsedate_to_datetime(date).timestamp() * 1000)
        except (TypeError, ValueError):
            return
        if received_ms < sent_ms:
            return  # the clock was set back while the call was under way
        low_ms, high_ms = date_ms - received_ms, date_ms + 1_000 - sent_ms
        with self._lock:
            self._bounds.append((low_ms, high_ms))
            for other_low_ms, other_high_ms in reversed(self._bounds):
                if other_low_ms > high_ms or other_high_ms < low_ms:
                    break
                low_ms, high_ms = max(low_ms, other_low_ms), min(high_ms, other_high_ms)
            middle_ms = (low_ms + high_ms) // 2
            is_agreed = low_ms - TOLERATED_MS <= 0 <= high_ms + TOLERATED_MS
            if is_agreed:
                self.offset_ms = 0
            elif not low_ms - TOLERATED_MS <= self.offset_ms <= high_ms + TOLERATED_MS or self.offset_ms == 0:
                self.offset_ms = middle_ms


def skew_words(offset_ms: int) -> str:
    """Return a sentence on a clock that is wrong, "" for one that is right.

    >>> skew_words(420_400), skew_words(-3_000), skew_words(0)
    ("this machine's clock is 7 min behind AWS's", "this machine's clock is 3 s ahead of AWS's", '')
    """
    if not offset_ms:
        return ""
    seconds = round(abs(offset_ms) / 1000)
    amount = f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"
    return f"this machine's clock is {amount} {'behind' if offset_ms > 0 else 'ahead of'} AWS's"
