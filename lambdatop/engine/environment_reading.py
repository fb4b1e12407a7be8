"""Answers what the execution environments of a function are, some streams at a time."""

from collections.abc import Iterator
from itertools import islice

from lambdatop.model.question import Environment, EnvironmentAnswer, EnvironmentQuestion
from lambdatop.store.environments import EnvironmentSurvey
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store

STREAMS_A_STEP = 40
"""Whose memory takes 5 ms or so to judge."""


class EnvironmentReading:
    """One question about environments; what is known of streams that have not changed is not worked out again."""

    def __init__(self, question: EnvironmentQuestion, store: Store, _archive: LogArchive) -> None:
        self._question = question
        self._store = store
        self._survey = EnvironmentSurvey(question)
        self._looking: Iterator[Environment] | None = None
        self._found: list[Environment] = []
        self.is_done = False

    def step(self, now_ms: int) -> EnvironmentAnswer | None:
        """Look at some streams; returns the answer after the last."""
        store, ledger = self._store, self._store.ledger(self._question.function)
        if self._looking is None and ledger is not None:
            streams = tuple(store.log_streams(ledger.key))
            self._found = []
            self._looking = self._survey.look(ledger, streams, store.read_to_ms(ledger, now_ms))
        if self._looking is not None:
            found = list(islice(self._looking, STREAMS_A_STEP))
            self._found += found
            if len(found) == STREAMS_A_STEP:
                return None
        self._looking, self.is_done = None, True
        return self._survey.answer(ledger, self._found)

    def begin_again(self) -> None:
        """Look at all streams again."""
        self.is_done = False
