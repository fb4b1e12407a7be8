"""Live Tail as a source sees it: a stream that speaks when it is told to, and an account that counts what it costs."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from lambdatop.sources.api_meter import ApiMeter
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from tests.sources.fake_call import Answer, FakeCall


class LiveStream:
    """An event stream; `send` feeds it, an exception in it is raised where it is read, `end` ends it."""

    def __init__(self) -> None:
        self._messages: queue.Queue[dict[str, Any] | Exception | None] = queue.Queue()
        self.is_closed = threading.Event()

    def send(self, *results: dict[str, Any], is_sampled: bool = False) -> None:
        self._messages.put(
            {"sessionUpdate": {"sessionMetadata": {"sampled": is_sampled}, "sessionResults": list(results)}}
        )

    def fail(self, error: Exception) -> None:
        self._messages.put(error)

    def end(self) -> None:
        self._messages.put(None)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while (message := self._messages.get()) is not None:
            if isinstance(message, Exception):
                raise message
            yield message

    def close(self) -> None:
        self.is_closed.set()
        self.end()


class LiveCall(FakeCall):
    """Opens a new stream with each StartLiveTail, unless a refusal is set."""

    def __init__(self, max_cost_usd_per_hour: float | None = None) -> None:
        answer: Answer = self._open
        super().__init__({"StartLiveTail": answer})
        self.streams: list[LiveStream] = []
        self.refusal: SourceFailure | None = None
        self.meter = ApiMeter()
        self.cap = CostCap(max_cost_usd_per_hour)
        self.now_ms = 0

    @property
    def cost_usd(self) -> float:
        return round(self.meter.usage(self.now_ms).cost_usd, 6)

    def _open(self, **_: object) -> dict[str, Any]:
        if self.refusal is not None:
            raise self.refusal
        self.streams.append(LiveStream())
        return {"responseStream": self.streams[-1]}


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for what another thread does."""
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it never came true"
        time.sleep(0.002)
