"""Pages of FilterLogEvents, with a server-side filter as far as the endpoint can be trusted with one.

An endpoint that is not AWS may ignore the filter, or answer it with nothing: both are found out, and groups are then
read in full.
"""

import threading
from typing import Any, NamedTuple, Protocol

from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.fast_decode import LogEventsPage, log_events_page
from lambdatop.sources.platform_pattern import IMPOSSIBLE_PATTERN, PATTERN, is_filtered, is_match

PROBE_EVENTS = 50
ASK_TIMES = 4
"""How often a page is asked for while AWS throttles; the budget makes each wait longer."""


class Stretch(NamedTuple):
    """A stretch of a log group's event time, both ends included, and the token of the page in it."""

    log_group: str
    start_ms: int
    end_ms: int
    token: str | None = None


class Ask(Protocol):
    """A way out to AWS."""

    @property
    def clients(self) -> AwsClients:
        """The clients that are called."""

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        """Return the answer's dictionary; raises SourceFailure."""


class PatternRefused(SourceFailure):
    """AWS does not take the user's filter pattern."""


class LogPages:
    """Asks for pages, from any thread."""

    def __init__(self, call: Ask, filter_pattern: str | None = None) -> None:
        self._call = call
        self._full: dict[str, Any] = {"filterPattern": filter_pattern} if filter_pattern else {}
        """What is asked for where all lines are: all that the user wants."""
        self._refused: tuple[str, str] | None = None
        """The last pattern that AWS did not take, and why."""
        self._probing = threading.Lock()
        self.is_filter_trusted: bool | None = None
        """Whether filters are honoured; None until it is known, AWS's own endpoints are not asked."""

    def page(self, stretch: Stretch, *, is_full: bool) -> tuple[LogEventsPage, bool]:
        """Return a page and whether it holds all lines, asked for or not; raises SourceFailure."""
        more: dict[str, Any] = dict(self._full) if is_full else {"filterPattern": PATTERN}
        if stretch.token is not None:
            more["nextToken"] = stretch.token
        try:
            page = self._ask(stretch, more)
        except SourceFailure as failure:
            if is_full or failure.code != "InvalidParameterException" or "pattern" not in failure.sentence.lower():
                raise
            self.is_filter_trusted = False
            return self._ask(stretch, {}), True
        if is_full or not page.events or not self._call.clients.is_custom_endpoint:
            return page, is_full
        with self._probing:
            is_honoured = self.is_filter_trusted is not False and is_filtered(page.events)
            if is_honoured and self.is_filter_trusted is None:
                moment = page.events[0].timestamp_ms
                probe = Stretch(stretch.log_group, moment, moment)
                is_honoured = not self._ask(probe, {"filterPattern": IMPOSSIBLE_PATTERN, "limit": 1}).events
            self.is_filter_trusted = is_honoured
        return page, not is_honoured

    def matching(self, stretch: Stretch, pattern: str) -> LogEventsPage:
        """Return a page of what a user's pattern lets through; raises PatternRefused, or another SourceFailure.

        The group and the stretch must have been read with another filter: what AWS refuses then is the pattern.
        """
        more = {"filterPattern": pattern}
        if stretch.token is not None:
            more["nextToken"] = stretch.token
        try:
            return self._ask(stretch, more)
        except SourceFailure as failure:
            if failure.code != "InvalidParameterException" or stretch.token is not None:
                raise
            reason = failure.sentence.partition(failure.code)[2].strip().rstrip(".")
            sentence = f"AWS refuses this pattern{': ' if reason else ''}{reason}; all lines are read"
            self._refused = pattern, sentence
            raise PatternRefused(failure.state, sentence, code=failure.code) from failure

    def obstacle(self, pattern: str) -> str | None:
        """Return why a user's pattern cannot be left to AWS, as far as that is known."""
        if self.is_filter_trusted is False:
            return "this endpoint ignores filter patterns, so all lines are read"
        return self._refused[1] if self._refused is not None and self._refused[0] == pattern else None

    def is_filter_a_trap(self, stretch: Stretch) -> bool:
        """Return whether the filter hid platform lines, asked for endpoints that are not AWS until it is known.

        A line may have come since the filter found none, so it is asked for once more, by its moment.
        """
        if not self._call.clients.is_custom_endpoint:
            return False
        if self.is_filter_trusted is not None:
            return not self.is_filter_trusted  # another thread may have found out since this page was asked for
        events = self._ask(stretch._replace(token=None), {"limit": PROBE_EVENTS}).events
        known = next((event for event in events if is_match(event.message)), None)
        if known is None and len(events) == PROBE_EVENTS:
            return True  # platform lines may follow these: nothing is known yet, so this stretch is read in full
        if known is None:
            if events:
                self.is_filter_trusted = True
            return False
        moment = Stretch(stretch.log_group, known.timestamp_ms, known.timestamp_ms)
        page = self._ask(moment, {"filterPattern": PATTERN, "limit": 1})
        if not page.events and page.next_token is None:
            self.is_filter_trusted = False
        return self.is_filter_trusted is False

    def _ask(self, stretch: Stretch, more: dict[str, Any]) -> LogEventsPage:
        """Ask for a page; what is throttled is asked again at once, at the pace that the budget allows then."""
        for _ in range(ASK_TIMES - 1):
            try:
                return self._ask_once(stretch, more)
            except SourceFailure as failure:
                if failure.state != "throttled":
                    raise
        return self._ask_once(stretch, more)

    def _ask_once(self, stretch: Stretch, more: dict[str, Any]) -> LogEventsPage:
        return log_events_page(
            self._call(
                "logs",
                "FilterLogEvents",
                logGroupName=stretch.log_group,
                startTime=stretch.start_ms,
                endTime=stretch.end_ms,
                **more,
            )
        )
