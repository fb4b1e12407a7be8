"""AWS/Logs IncomingBytes of the embedded account as a whole, that of single log groups left out."""

from lambdatop.demo.clock import Clock
from lambdatop.demo.log_store import LogStore
from lambdatop.demo.metric_store import MetricStore

PUBLISHED_MS = 60_000
"""How long after its end a minute becomes visible."""


class LogMeter:
    """Counts what the log groups take in, whenever metrics are read."""

    def __init__(self, clock: Clock, logs: LogStore, metrics: MetricStore) -> None:
        self._clock = clock
        self._logs = logs
        self._metrics = metrics
        metrics.before_read.append(self.publish)

    def publish(self) -> None:
        """Hand over the minutes that are over, once each."""
        now_ms = self._clock.now_ms()
        for minute_ms, count in self._logs.take_counted(now_ms - PUBLISHED_MS).items():
            self._metrics.add("AWS/Logs", "IncomingBytes", {}, minute_ms, count)
