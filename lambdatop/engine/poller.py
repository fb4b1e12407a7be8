"""Daemon threads that poll sources when they are due; their own, because they must never hold up the screen."""

import threading
from collections.abc import Callable, Iterable

from lambdatop.model.delivery import Delivery
from lambdatop.sources.source import Source

IDLE_WAIT_S = 0.25


class Poller:
    """The threads of one source: as many as it may poll at once."""

    def __init__(
        self,
        source: Source,
        now_ms: Callable[[], int],
        deliver: Callable[[Delivery], None],
        fail: Callable[[str, BaseException], None],
        changed: threading.Condition,
        stopping: threading.Event,
    ) -> None:
        self._source = source
        self._now_ms = now_ms
        self._deliver = deliver
        self._fail = fail
        self._changed = changed
        self._stopping = stopping
        self.threads = [
            threading.Thread(target=self._run, name=f"lambdatop-{source.name}-{slot}", daemon=True)
            for slot in range(source.parallel)
        ]

    def start(self) -> None:
        """Start polling."""
        for thread in self.threads:
            thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            due_ms = self._source.next_due_ms()
            now_ms = self._now_ms()
            if due_ms is None or due_ms > now_ms:
                wait_s = IDLE_WAIT_S if due_ms is None else min(IDLE_WAIT_S, (due_ms - now_ms) / 1000)
                with self._changed:
                    self._changed.wait(wait_s)
                continue
            self._poll(now_ms)
            with self._changed:
                self._changed.notify_all()

    def _poll(self, now_ms: int) -> None:
        try:
            deliver_all(self._source.poll(now_ms), self._deliver)
        except Exception as error:  # noqa: BLE001  a defect in one source must cost that source, not the program
            self._fail(self._source.name, error)
            self._stopping.wait(5.0)


def deliver_all(deliveries: Iterable[Delivery], deliver: Callable[[Delivery], None]) -> None:
    """Hand each delivery on as soon as the source yields it."""
    for delivery in deliveries:
        deliver(delivery)
