"""Log lines on their way: most arrive within seconds, a few much later and so out of order."""

from collections import defaultdict
from random import Random

from lambdatop.demo.log_store import LogStore
from lambdatop.demo.world.platform_lines import Lines


class LogWriter:
    """Gathers lines by stream and hands them over with the time at which readers may see each."""

    def __init__(self, logs: LogStore, random: Random) -> None:
        self._logs = logs
        self._random = random
        self._waiting: defaultdict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        self._is_history = True

    def write(self, group: str, stream: str, lines: Lines) -> None:
        """Take lines that travel together."""
        dice = self._random.random()
        if dice < 0.97:
            delay_ms = 200 + int(dice * 4_900)
        else:
            delay_ms = int(self._random.uniform(5_000, 10_000 if dice < 0.9995 else 90_000))
        self._waiting[group, stream].extend((time_ms, time_ms + delay_ms, message) for time_ms, message in lines)

    def hand_over(self, now_ms: int) -> None:
        """Put everything into the store; only history, which is handed over first, arrived in the past."""
        earliest_ms = 0 if self._is_history else now_ms
        for (group, stream), events in self._waiting.items():
            arrivals = ((time_ms, max(arrived_ms, earliest_ms), message) for time_ms, arrived_ms, message in events)
            self._logs.put_arrived(group, stream, arrivals)
        self._waiting.clear()
        self._is_history = False
