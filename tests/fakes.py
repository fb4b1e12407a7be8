"""Stand-ins that are passed in where the real thing would reach AWS or the clock."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from lambdatop.model.delivery import Delivery
from lambdatop.model.identity import FunctionKey
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ms: int = 1_795_000_000_000) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, milliseconds: int) -> None:
        self.now_ms += milliseconds


class ScriptedSource:
    """A source that delivers what it was given, one script entry a poll, then waits a minute at a time."""

    parallel = 1

    def __init__(self, name: str, script: Sequence[Sequence[Delivery] | Exception], due_ms: int | None = 0) -> None:
        self.name = name
        self.polls: list[int] = []
        self._script = deque(script)
        self._due_ms = due_ms

    def next_due_ms(self) -> int | None:
        return self._due_ms

    def poll(self, now_ms: int) -> Iterable[Delivery]:
        self.polls.append(now_ms)
        entry = self._script.popleft() if self._script else ()
        if not self._script:
            self._due_ms = now_ms + 60_000
        if isinstance(entry, Exception):
            raise entry
        yield from entry

    def status(self, now_ms: int) -> SourceStatus:
        return SourceStatus(name=self.name, state="working" if self.polls else "starting", lag_ms=now_ms % 1000)

    def has_first_answer(self) -> bool:
        return not self._script


class FakeWatch:
    """The blackboard between engine and sources."""

    def __init__(self) -> None:
        self.view = View()
        self.active: frozenset[FunctionKey] = frozenset()
        self.sick: Mapping[FunctionKey, float] = {}


class FakeAccount:
    """An account with scripted sources; `failure` is what connecting raises."""

    def __init__(
        self, sources: Sequence[ScriptedSource], label: str = "main", failure: SourceFailure | None = None
    ) -> None:
        self.label = label
        self.watch = FakeWatch()
        self.sources = tuple(sources)
        self._failure = failure

    def connect(self) -> None:
        if self._failure is not None:
            raise self._failure

    def usage(self, now_ms: int) -> ApiUsage:
        return ApiUsage(calls={"sts:GetCallerIdentity": 1}, cost_usd=0.5, cost_usd_per_hour=now_ms * 0.0)
