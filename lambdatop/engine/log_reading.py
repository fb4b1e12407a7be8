"""Answers what the log view asks: finds the place, reads the page, then counts what lies around it."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.delivery import PatternReading
from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey, LogFilter, LogPage
from lambdatop.model.question import LogAnswer, LogQuestion, PushedPattern
from lambdatop.store.log_archive import STEP_TEXT_BYTES, LogArchive
from lambdatop.store.log_archive_budget import Budget
from lambdatop.store.log_archive_text import InvalidPatternError
from lambdatop.store.store import Store

FUNCTIONS_NAMED = 20
_EMPTY = LogPage(lines=(), lines_before=0, is_complete=True)


class _Counts(NamedTuple):
    """What is known of the numbers beside a page."""

    above: int | None = None
    below: int | None = None
    matches: int | None = None
    matches_before: int | None = None


class _Depth(NamedTuple):
    """How much of the lines asked for was read at all."""

    functions_read: int
    in_part: tuple[FunctionKey, ...]
    full_from_ms: int | None
    pattern: PushedPattern | None


class LogReading:
    """One question about lines, a budget at a time; the archive remembers what was found in earlier slices.

    The page is sent as soon as it is whole, and again with its counts once they are known. A line that was looked for
    is looked for once: the place stays where that led, for as long as the question stands.
    """

    def __init__(
        self, question: LogQuestion, store: Store, archive: LogArchive, step_text_bytes: int = STEP_TEXT_BYTES
    ) -> None:
        self._question = question
        self._store = store
        self._archive = archive
        self._step_text_bytes = step_text_bytes
        self._place = question.place
        self._is_found: bool | None = None
        self._page: LogPage | None = None
        self._depth: _Depth | None = None
        self._problem: str | None = None
        self.is_done = False

    def step(self, now_ms: int) -> LogAnswer | None:  # noqa: ARG002  lines are the same at any time
        """Return what is known after another slice."""
        budget = Budget(self._step_text_bytes)
        try:
            return self._step(budget)
        except InvalidPatternError as error:
            self._problem, self.is_done = str(error), True
            return self._answer(self._page or _EMPTY, _Counts())

    def begin_again(self) -> None:
        """Read the page anew; a pattern that is none stays so."""
        if self._problem is None:
            self._page, self._depth, self.is_done = None, None, False

    def _step(self, budget: Budget) -> LogAnswer:
        question = self._question
        if question.seek is not None and self._is_found is None:
            self._seek(question.seek, budget)
        page = self._page
        if page is None or not page.is_complete:
            page = self._page = self._archive.page(
                question.log_filter, self._place, question.lines_before, question.lines_from, budget=budget
            )
        if budget.is_spent or not page.is_complete or (question.seek is not None and self._is_found is None):
            return self._answer(page, _Counts())
        counts = self._counts(page, budget)
        self.is_done = None not in counts if question.counted is not None else None not in counts[:2]
        return self._answer(page, counts)

    def _seek(self, seek: LogFilter, budget: Budget) -> None:
        if self._question.is_backward:
            found = self._archive.page(seek, self._place, 1, 0, budget=budget)
        else:
            found = self._archive.page(seek, self._place.following, 0, 1, budget=budget)
        if not found.is_complete:
            return
        self._is_found = bool(found.lines)
        if found.lines:
            self._place, self._page = found.lines[0].key, None

    def _counts(self, page: LogPage, budget: Budget) -> _Counts:
        question = self._question
        first = page.lines[0].key if page.lines else self._place
        after = page.lines[-1].key.following if page.lines else self._place
        counts = _Counts(
            above=self._count(question.log_filter, FIRST_KEY, first, budget),
            below=self._count(question.log_filter, after, LAST_KEY, budget),
        )
        if question.counted is None:
            return counts
        return counts._replace(
            matches=self._count(question.counted, FIRST_KEY, LAST_KEY, budget),
            matches_before=self._count(question.counted, FIRST_KEY, self._place, budget),
        )

    def _count(self, log_filter: LogFilter, start: LineKey, end: LineKey, budget: Budget) -> int | None:
        counted = self._archive.count(log_filter, start, end, budget=budget)
        return counted.lines if counted.is_complete else None

    def _answer(self, page: LogPage, counts: _Counts) -> LogAnswer:
        archive, oldest = self._archive, self._archive.first_key
        depth = self._depth = self._depth or self._depth_now()
        return LogAnswer(
            topic=self._question.topic,
            number=self._question.number,
            page=page,
            place=self._place,
            is_found=self._is_found,
            lines_above=counts.above,
            lines_below=counts.below,
            matches=counts.matches,
            matches_before=counts.matches_before,
            lines_held=archive.lines_held,
            lines_fallen_off=archive.lines_fallen_off,
            oldest_ms=None if oldest is None else oldest.timestamp_ms,
            functions_read=depth.functions_read,
            functions_in_part=depth.in_part[:FUNCTIONS_NAMED],
            in_part_count=len(depth.in_part),
            full_from_ms=depth.full_from_ms,
            problem=self._problem,
            pattern=depth.pattern,
        )

    def _depth_now(self) -> _Depth:
        read = dict(self._store.full_text_from(self._question.log_filter.functions))
        states = dict(self._store.patterns_of(self._question.log_filter.functions))
        patterns = {key: state.pattern for key, state in states.items() if state.pattern is not None}
        patterned = {key for key, pattern in patterns.items() if pattern.from_ms is not None}
        in_part = sorted(key for key, full_from_ms in read.items() if full_from_ms is None and key not in patterned)
        full_from_ms = max((moment for moment in read.values() if moment is not None), default=None)
        a_group_once = {id(states[key]): pattern for key, pattern in patterns.items()}.values()
        return _Depth(len(read), tuple(in_part), full_from_ms, pushed_pattern(sorted(patterned), tuple(a_group_once)))


def pushed_pattern(functions: Sequence[FunctionKey], readings: Sequence[PatternReading]) -> PushedPattern | None:
    """Return how far reading some functions is left to a pattern, by how that goes in each of their log groups."""
    if not readings:
        return None
    return PushedPattern(
        pattern=readings[0].pattern,
        functions=tuple(functions[:FUNCTIONS_NAMED]),
        function_count=len(functions),
        lines=sum(one.lines for one in readings),
        from_ms=min((one.from_ms for one in readings if one.from_ms is not None), default=None),
        problem=next((one.problem for one in readings if one.problem is not None), None),
    )
