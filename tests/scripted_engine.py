"""An engine without AWS: it publishes the snapshots it was given, one a second, over and over."""

import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from lambdatop.model.question import Answer, Question
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View


class ScriptedEngine:
    """What the screen takes for an engine; there and back through the script, so that no step changes everything.

    The script is made when it is started, after `first_after_s`; until then nothing is known.
    """

    def __init__(
        self, script: Callable[[], Sequence[Snapshot]], interval_s: float = 1.0, first_after_s: float = 0.0
    ) -> None:
        self._make_script = script
        self._interval_s = interval_s
        self._first_after_s = first_after_s
        self._stopping = threading.Event()
        now_ms = time.time_ns() // 1_000_000
        self.latest = Snapshot(taken_at_ms=now_ms, started_at_ms=now_ms)

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def set_view(self, view: View) -> None:
        """Take no notice: every number is always there."""

    def listen(self, hear: Callable[[Answer], None]) -> None:
        """Remember who is to hear answers; a subclass that has some gives them."""
        self.hear = hear

    def ask(self, question: Question) -> None:
        """Take no notice: there is nothing but snapshots."""

    def withdraw(self, topic: str) -> None:
        """Take no notice, as nothing is answered."""

    def _run(self) -> None:
        self._stopping.wait(self._first_after_s)
        made = self._make_script()
        script, step = [*made, *reversed(made[1:-1])], 0
        while not self._stopping.is_set():
            self._publish(script[step % len(script)])
            step += 1
            self._stopping.wait(self._interval_s)

    def _publish(self, snapshot: Snapshot) -> None:
        self.latest = msgspec.structs.replace(snapshot, taken_at_ms=time.time_ns() // 1_000_000)
