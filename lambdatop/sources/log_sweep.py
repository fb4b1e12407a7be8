"""One sweep of a log group: its pages from the first to the last, each event delivered once.

Where the user has AWS filter, platform and failure lines are read beside what the pattern lets through: whichever is
behind goes on. What both have passed was read, and is delivered in order of time.
"""

from collections.abc import Iterator
from operator import attrgetter

from msgspec.structs import replace

from lambdatop.model.delivery import LogDepth, LogEventsDelivered, PatternReading
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_cursor import Sweep
from lambdatop.sources.log_depth import Asked
from lambdatop.sources.log_group import LogGroup
from lambdatop.sources.log_pages import LogPages, PatternRefused
from lambdatop.sources.log_passage import LogPassage

SPLIT_AFTER_PAGES = 2
SPLIT_FROM_PAGES = 4
MAX_SLICES = 8
_TIME = attrgetter("timestamp_ms")


class LogSweep:
    """Reads one stretch; where it breaks off, what was read stays read."""

    def __init__(self, pages: LogPages, group: LogGroup, sweep: Sweep, scope: Scope, asked: Asked) -> None:
        self._pages = pages
        self._group = group
        self._sweep = sweep
        self._scope = scope
        self._passages = [LogPassage(pages, group.name, sweep, is_full=asked.is_full)]
        if asked.pushed is not None:
            self._passages.append(LogPassage(pages, group.name, sweep, pattern=asked.pushed))
        self._is_over = False

    @property
    def _is_full(self) -> bool:
        return self._passages[0].is_full

    @property
    def _reached_ms(self) -> int:
        """Everything before was read."""
        reached = (passage.reached_ms for passage in self._passages if not passage.is_over)
        return min(reached, default=self._sweep.end_ms + 1)

    def read(self, now_ms: int) -> Iterator[LogEventsDelivered]:
        """Yield what is new, page by page; raises SourceFailure."""
        try:
            while not self._is_over:
                yield from self._read_page(now_ms)
        finally:
            if not self._is_over:
                with self._group.lock:
                    self._note_read(self._reached_ms - 1)
                    self._group.cursor.stop(self._sweep, self._reached_ms)

    def _read_page(self, now_ms: int) -> Iterator[LogEventsDelivered]:
        """Read the next page of the passage that is behind; platform lines come first."""
        under_way = [passage for passage in self._passages if not passage.is_over]
        passage = min(under_way, key=lambda one: one.reached_ms)
        try:
            passage.read_page(self._sweep.end_ms)
        except PatternRefused:
            self._passages = [LogPassage(self._pages, self._group.name, self._sweep, is_full=True)]
            return
        except SourceFailure:
            with self._group.lock:
                fresh = self._group.take_swept(self._released(is_all=True), now_ms)
            if fresh:
                yield self._delivery(fresh)
            raise
        if self._is_full:
            del self._passages[1:]
        yield from self._take(now_ms)

    def _take(self, now_ms: int) -> Iterator[LogEventsDelivered]:
        """Take in what was read; after the last page, or one after which slices are better, the sweep is over."""
        group, swept_to_ms = self._group, None
        is_last = all(one.is_over for one in self._passages)
        with group.lock:
            fresh = group.take_swept(self._released(is_all=is_last), now_ms)
            if self._sweep.kind == "present" and not is_last:
                span_ms = max(1, self._sweep.end_ms - self._sweep.start_ms)
                group.progress = (self._reached_ms - self._sweep.start_ms) / span_ms
            slices = 0 if is_last else self._slices()
            if is_last:
                self._is_over = True
                self._note_read(self._sweep.end_ms)
                swept_to_ms = group.finish(self._sweep, now_ms)
            elif slices:
                self._split(slices)
            told = group.told_pattern() if is_last else None
        if is_last:
            full_from_ms = group.full_spans.newest_from_ms if self._is_full else None
            swept_from_ms = group.cursor.whole_from_ms
            yield replace(
                self._delivery(fresh),
                swept_to_ms=swept_to_ms,
                swept_from_ms=swept_from_ms,
                full_from_ms=full_from_ms,
                pattern=told and self._with_problem(told),
            )
        elif fresh:
            yield self._delivery(fresh)

    def _delivery(self, events: list[LogEvent]) -> LogEventsDelivered:
        depth: LogDepth = "full" if self._is_full else "platform"
        return LogEventsDelivered(scope=self._scope, log_group=self._group.name, events=events, depth=depth)

    def _released(self, *, is_all: bool) -> list[LogEvent]:
        """Return what was read and is not to be waited for; of two passages, what both have passed, in order of time.

        What is never released was not taken, so that another sweep brings it. Needs the group's lock.
        """
        if len(self._passages) == 1:
            return self._passages[0].release(None)
        before_ms = None if is_all else self._reached_ms
        platform, chosen = (passage.release(before_ms) for passage in self._passages)
        self._group.count_pattern(self._passages[1].pattern, chosen)
        return sorted([*platform, *chosen], key=_TIME)

    def _with_problem(self, told: PatternReading) -> PatternReading:
        problem = self._pages.obstacle(told.pattern)
        return told if problem is None else PatternReading(pattern=told.pattern, problem=problem)

    def _split(self, slices: int) -> None:
        """Let what was not read wait as slices, and go on with the rest, if there is any that was read before."""
        reached_ms = self._reached_ms
        self._note_read(reached_ms - 1)
        rest = self._group.cursor.split(self._sweep, reached_ms, slices)
        self._is_over, self._sweep = rest is None, rest or self._sweep
        for passage in self._passages:
            passage.is_over = passage.is_over or passage.reached_ms > self._sweep.end_ms

    def _note_read(self, end_ms: int) -> None:
        """Note that all lines were read to a time, or those of a pattern, if they were asked for."""
        if self._is_full:
            self._group.full_spans.add(self._sweep.start_ms, end_ms)
        else:
            self._group.note_pattern_read(self._passages[-1].pattern, self._sweep.start_ms, end_ms)

    def _slices(self) -> int:
        """Return into how many slices to cut the rest, 0 to read on: by how many pages it seems to have."""
        reached_ms = self._reached_ms
        full_pages = sum(passage.full_pages for passage in self._passages)
        done_ms = reached_ms - self._sweep.start_ms
        left_ms = self._sweep.end_ms - max(reached_ms, self._group.cursor.unread_from_ms(self._sweep))
        if full_pages < SPLIT_AFTER_PAGES or done_ms <= 0:
            return 0
        pages_left = full_pages * left_ms / done_ms
        if pages_left < SPLIT_FROM_PAGES:
            return 0
        return min(MAX_SLICES, left_ms, round(pages_left / SPLIT_AFTER_PAGES))
