"""One sweep of a log group: its pages from the first to the last, each event delivered once."""

from collections.abc import Iterator

from lambdatop.model.delivery import LogDepth, LogEventsDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_cursor import Sweep
from lambdatop.sources.log_group import LogGroup
from lambdatop.sources.log_pages import LogPages, Stretch

SPLIT_AFTER_PAGES = 2
SPLIT_FROM_PAGES = 4
MAX_SLICES = 8
WORTHWHILE_EVENTS = 1_000
"""A page with fewer events says little of how many pages will follow."""
MAX_CIRCLES = 3


class LogSweep:
    """Reads one stretch; where it breaks off, what was read stays read."""

    def __init__(self, pages: LogPages, group: LogGroup, sweep: Sweep, scope: Scope, *, is_full: bool) -> None:
        self._pages = pages
        self._group = group
        self._sweep = sweep
        self._scope = scope
        self._is_full = is_full
        self._reached_ms = sweep.start_ms
        """Everything before was read."""
        self._full_pages = 0
        self._is_in_order = True
        """Whether events come sorted by time, as AWS has it; without that a sweep is read whole or not at all."""
        self._is_over = False

    def read(self, now_ms: int) -> Iterator[LogEventsDelivered]:
        """Yield what is new, page by page; raises SourceFailure."""
        try:
            yield from self._read(now_ms)
        finally:
            if not self._is_over:
                with self._group.lock:
                    self._note_full(self._reached_ms - 1)
                    self._group.cursor.stop(self._sweep, self._reached_ms)

    def _read(self, now_ms: int) -> Iterator[LogEventsDelivered]:
        start_ms, end_ms, token, circles = self._sweep.start_ms, self._sweep.end_ms, None, 0
        tokens: set[str] = set()
        count = 0
        while not self._is_over:
            stretch = Stretch(self._group.name, start_ms, end_ms, token)
            page, self._is_full = self._pages.page(stretch, is_full=self._is_full)
            count += len(page.events)
            token = page.next_token
            if token is None and count == 0 and not self._is_full and self._pages.is_filter_a_trap(stretch):
                self._is_full = True
                continue
            yield from self._take(page.events, now_ms, is_last=token is None)
            if token is not None and token in tokens:
                start_ms, end_ms, token, circles = self._reached_ms, self._sweep.end_ms, None, circles + 1
                tokens.clear()
                if circles == MAX_CIRCLES:
                    raise SourceFailure("failed", f"The pages of {self._group.name} go in circles.")
            elif token is not None:
                tokens.add(token)

    def _take(self, events: list[LogEvent], now_ms: int, *, is_last: bool) -> Iterator[LogEventsDelivered]:
        """Take in a page; the last one, or one after which slices are better, ends the sweep."""
        group, swept_to_ms = self._group, None
        with group.lock:
            fresh = group.take_swept(events, now_ms)
            self._advance(events)
            slices = 0 if is_last else self._slices()
            if is_last:
                self._is_over = True
                self._note_full(self._sweep.end_ms)
                swept_to_ms = group.finish(self._sweep, now_ms)
            elif slices:
                self._note_full(self._reached_ms - 1)
                rest = group.cursor.split(self._sweep, self._reached_ms, slices)
                self._is_over, self._sweep = rest is None, rest or self._sweep
            elif self._is_in_order and self._reached_ms > self._sweep.end_ms:
                self._is_over = is_last = True
                self._note_full(self._sweep.end_ms)
                swept_to_ms = group.finish(self._sweep, now_ms)
        if fresh or is_last:
            depth: LogDepth = "full" if self._is_full else "platform"
            yield LogEventsDelivered(
                scope=self._scope,
                log_group=group.name,
                events=fresh,
                depth=depth,
                swept_to_ms=swept_to_ms,
                full_from_ms=group.full_spans.newest_from_ms if self._is_full and is_last else None,
            )

    def _note_full(self, end_ms: int) -> None:
        """Note that all lines were read to a time, if all were asked for."""
        if self._is_full:
            self._group.full_spans.add(self._sweep.start_ms, end_ms)

    def _advance(self, events: list[LogEvent]) -> None:
        """Note how far a page reached; its last millisecond may go on in the next."""
        times = [event.timestamp_ms for event in events]
        if not times or not self._is_in_order:
            return
        if times != sorted(times) or times[0] < self._reached_ms:
            self._is_in_order, self._reached_ms = False, self._sweep.start_ms
            return
        self._reached_ms = times[-1]
        self._full_pages += len(times) >= WORTHWHILE_EVENTS
        if self._sweep.kind == "present":
            span_ms = max(1, self._sweep.end_ms - self._sweep.start_ms)
            self._group.progress = (self._reached_ms - self._sweep.start_ms) / span_ms

    def _slices(self) -> int:
        """Return into how many slices to cut the rest, 0 to read on: by how many pages it seems to have."""
        done_ms = self._reached_ms - self._sweep.start_ms
        left_ms = self._sweep.end_ms - max(self._reached_ms, self._group.cursor.unread_from_ms(self._sweep))
        if self._full_pages < SPLIT_AFTER_PAGES or done_ms <= 0:
            return 0
        pages_left = self._full_pages * left_ms / done_ms
        if pages_left < SPLIT_FROM_PAGES:
            return 0
        return min(MAX_SLICES, left_ms, round(pages_left / SPLIT_AFTER_PAGES))
