"""One way through a stretch of a log group, from page to page, with one filter or with none."""

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_cursor import Sweep
from lambdatop.sources.log_pages import LogPages, Stretch

WORTHWHILE_EVENTS = 1_000
"""A page with fewer events says little of how many pages will follow."""
MAX_CIRCLES = 3


class LogPassage:
    """Asks for platform and failure lines, for all, or for those that a pattern lets through."""

    def __init__(
        self, pages: LogPages, log_group: str, sweep: Sweep, *, is_full: bool = False, pattern: str | None = None
    ) -> None:
        self._pages = pages
        self._log_group = log_group
        self._sweep_start_ms = self._start_ms = sweep.start_ms
        self._end_ms = sweep.end_ms
        self._token: str | None = None
        self._tokens: set[str] = set()
        self._circles = 0
        self._count = 0
        self.is_full = is_full
        """Whether all lines come, asked for or not."""
        self.pattern = pattern
        self.reached_ms = sweep.start_ms
        """Everything before was read."""
        self.is_in_order = True
        """Whether events come sorted by time, as AWS has it; without that a stretch is read whole or not at all."""
        self.full_pages = 0
        self.is_over = False
        self._held: list[LogEvent] = []

    def release(self, before_ms: int | None) -> list[LogEvent]:
        """Return the events that were read, those before a time or all of them, each once."""
        if before_ms is None:
            released, self._held = self._held, []
        else:
            released = [event for event in self._held if event.timestamp_ms < before_ms]
            self._held = [event for event in self._held if event.timestamp_ms >= before_ms]
        return released

    def read_page(self, end_ms: int) -> None:
        """Read the next page of a stretch that ends there by now; raises SourceFailure."""
        if self._circles == MAX_CIRCLES:
            raise SourceFailure("failed", f"The pages of {self._log_group} go in circles.")
        stretch = Stretch(self._log_group, self._start_ms, self._end_ms, self._token)
        if self.pattern is not None:
            page = self._pages.matching(stretch, self.pattern)
        else:
            page, self.is_full = self._pages.page(stretch, is_full=self.is_full)
        self._count += len(page.events)
        self._token = page.next_token
        if self._token is None and self._is_trapped(stretch):
            self.is_full = True
            self.read_page(end_ms)
            return
        self._held += page.events
        self._advance(page.events)
        self.is_over = self._token is None or (self.is_in_order and self.reached_ms > end_ms)
        if self._token is not None and self._token in self._tokens:
            self._start_ms, self._end_ms, self._token = self.reached_ms, end_ms, None
            self._circles += 1
            self._tokens.clear()
        elif self._token is not None:
            self._tokens.add(self._token)

    def _is_trapped(self, stretch: Stretch) -> bool:
        """Return whether the filter for platform lines let nothing through though there are some."""
        is_filtered = self.pattern is None and not self.is_full
        return is_filtered and self._count == 0 and self._pages.is_filter_a_trap(stretch)

    def _advance(self, events: list[LogEvent]) -> None:
        """Note how far a page reached; its last millisecond may go on in the next."""
        times = [event.timestamp_ms for event in events]
        if not times or not self.is_in_order:
            return
        if times != sorted(times) or times[0] < self.reached_ms:
            self.is_in_order, self.reached_ms = False, self._sweep_start_ms
            return
        self.reached_ms = times[-1]
        self.full_pages += len(times) >= WORTHWHILE_EVENTS
