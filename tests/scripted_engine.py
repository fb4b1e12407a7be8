"""An engine without AWS: it publishes the snapshots it was given, one a second, over and over."""

import threading
import time
from collections.abc import Sequence

import msgspec

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View


class ScriptedEngine:
    """What the screen takes for an engine; there and back through the script, so that no step changes everything."""

    def __init__(self, script: Sequence[Snapshot], interval_s: float = 1.0, first_after_s: float = 0.0) -> None:
        self._script = [*script, *reversed(script[1:-1])]
        self._interval_s = interval_s
        self._first_after_s = first_after_s
        self._stopping = threading.Event()
        now_ms = time.time_ns() // 1_000_000
        self.latest = Snapshot(taken_at_ms=now_ms, started_at_ms=now_ms)
        if not first_after_s:
            self._publish(0)

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def set_view(self, view: View) -> None:
        """Take no notice: every number is always there."""

    def _run(self) -> None:
        step = 0 if self._first_after_s else 1
        self._stopping.wait(self._first_after_s)
        while not self._stopping.is_set():
            self._publish(step)
            step += 1
            self._stopping.wait(self._interval_s)

    def _publish(self, step: int) -> None:
        now_ms = time.time_ns() // 1_000_000
        self.latest = msgspec.structs.replace(self._script[step % len(self._script)], taken_at_ms=now_ms)
