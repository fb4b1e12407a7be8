"""What all polled sources share: when they are due, what they say of themselves, how they back off."""

import random
from collections.abc import Iterable, Iterator

from lambdatop.model.delivery import Delivery
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.watch import Watch

RETRY_MS: dict[SourceState, int] = {
    "credentials": 15_000,
    "throttled": 1_000,
    "failed": 500,
    "denied": 300_000,
    "absent": 600_000,
}
MAX_RETRY_MS: dict[SourceState, int] = {"credentials": 15_000, "throttled": 60_000, "failed": 60_000}
"""Waits double from one failure to the next; what is denied or absent may take an hour to be asked again."""
PASSING: tuple[SourceState, ...] = ("throttled", "failed")
PASSES_WITHIN = 4
"""Failures of this kind in a row are taken for an answer from here on."""
LATE_AFTER_INTERVALS = 3


class PolledSource:
    """A source that asks everything at once, every `interval_ms`; subclasses say what in `read`."""

    name = ""
    parallel = 1
    interval_ms = 60_000
    needs_scope = True
    needs_functions = False

    def __init__(self, watch: Watch, random_source: random.Random) -> None:
        self.watch = watch
        self._random = random_source
        self._due_ms = 0
        self._state: SourceState = "starting"
        self._detail = "waiting for the first answer"
        self._remedy: str | None = None
        self._last_success_ms: int | None = None
        self._failures = 0
        self._generation = 0
        self._has_answer = False

    def read(self, now_ms: int) -> Iterable[Delivery]:
        """Ask AWS, yield what it says and `say` how that went; raises SourceFailure."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether what this source builds upon is known."""
        if self.needs_functions:
            return self.watch.functions is not None
        return self.watch.scope is not None or not self.needs_scope

    def obstacle(self) -> SourceFailure | None:
        """Why what this source builds upon is not known and will not be soon."""
        if self.needs_functions:
            return self.watch.functions_obstacle
        return self.watch.scope_obstacle if self.needs_scope else None

    def next_due_ms(self) -> int | None:
        """When the next poll should start; a new login makes it now."""
        if not self.is_ready():
            return None
        if self._state == "credentials" and self._generation != self.watch.generation:
            return 0
        return self._due_ms

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Read once and note how it went."""
        self._generation = self.watch.generation
        try:
            yield from self.read(now_ms)
        except SourceFailure as failure:
            self._fail(failure, now_ms)
        else:
            self._failures = 0
            self._last_success_ms = now_ms
            self._due_ms = now_ms + round(self.interval_ms * self._random.uniform(0.95, 1.05))
            self._has_answer = True

    def say(self, detail: str, state: SourceState = "working", remedy: str | None = None) -> None:
        """Describe what was read, in a sentence."""
        self._detail, self._state, self._remedy = detail, state, remedy

    def status(self, now_ms: int) -> SourceStatus:
        """How the source is doing."""
        obstacle = self.obstacle()
        if obstacle is not None and self._last_success_ms is None:
            return SourceStatus(name=self.name, state=obstacle.state, detail=obstacle.sentence, remedy=obstacle.remedy)
        state = self._state
        lag_ms = None if self._last_success_ms is None else max(0, now_ms - self._last_success_ms)
        if state == "working" and lag_ms is not None and lag_ms > LATE_AFTER_INTERVALS * self.interval_ms:
            state = "late"
        return SourceStatus(
            name=self.name,
            state=state,
            detail=self._detail,
            remedy=self._remedy,
            lag_ms=lag_ms,
            last_success_ms=self._last_success_ms,
            next_due_ms=self._due_ms or None,
        )

    def has_first_answer(self) -> bool:
        """Whether it has answered once, well or badly, or cannot even be asked."""
        return self._has_answer or self.obstacle() is not None

    def _fail(self, failure: SourceFailure, now_ms: int) -> None:
        self._failures += 1
        self._state, self._detail, self._remedy = failure.state, failure.sentence, failure.remedy
        self._has_answer = failure.state not in PASSING or self._failures >= PASSES_WITHIN
        wait_ms = RETRY_MS.get(failure.state, 10_000) << min(8, self._failures - 1)
        wait_ms = min(wait_ms, MAX_RETRY_MS.get(failure.state, 3_600_000))
        self._due_ms = now_ms + round(wait_ms * self._random.uniform(0.9, 1.1))
