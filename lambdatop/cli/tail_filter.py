"""Which of the events that were read `tail` prints: by their text, their level and their request."""

from collections.abc import Sequence

from msgspec import Struct

from lambdatop.model.record import Level, Report, Start
from lambdatop.parsers.bounded_pattern import BoundedPattern
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.render.tail_lines import TailedEvent
from lambdatop.store.log_archive_mark import mark_and_request, marks_let_through

_SPECIAL = frozenset(".^$*+?{}[]\\|()")
_Stream = tuple[object, str, str]


class TailConditions(Struct, frozen=True, kw_only=True):
    """What must be true of an event to be printed; patterns are regular expressions by the log archive's rule."""

    greps: tuple[str, ...] = ()
    """All of these must match."""
    excludes: tuple[str, ...] = ()
    """None of these may."""
    least_level: Level | None = None
    """A line without a level counts as INFO, one by which the platform tells of a failure as ERROR."""
    request_id: str | None = None
    """Or the first characters of it."""

    @property
    def options(self) -> tuple[str, ...]:
        """The options by which events are hidden."""
        asked = zip(
            ("--grep", "--exclude", "--level", "--request"),
            (self.greps, self.excludes, self.least_level, self.request_id),
            strict=True,
        )
        return tuple(option for option, value in asked if value)


class LinePattern:
    """A pattern that is tried on one text after the other, quickly where it is a plain word."""

    def __init__(self, pattern: str) -> None:
        """Raises `PatternError`."""
        self._pattern = BoundedPattern(pattern)
        self._any_case = not any(letter.isupper() for letter in pattern)
        self._word = pattern if pattern.isascii() and _SPECIAL.isdisjoint(pattern) else None

    def matches(self, text: str) -> bool:
        """Return whether the pattern is found anywhere in the text; raises `PatternError` when it takes too long."""
        if self._word is not None and text.isascii():
            return self._word in (text.lower() if self._any_case else text)
        return self._pattern.is_in(text)


class TailFilter:
    """Conditions made ready, with what is known of the request that is asked for."""

    def __init__(self, conditions: TailConditions) -> None:
        self.options = conditions.options
        self._greps = [LinePattern(pattern) for pattern in conditions.greps]
        self._excludes = [LinePattern(pattern) for pattern in conditions.excludes]
        level = conditions.least_level
        self._marks = None if level is None else marks_let_through(level, hides_platform=False)
        self._request = None if conditions.request_id is None else RequestLines(conditions.request_id)

    def takes(self, tailed: TailedEvent) -> bool:
        """Return whether an event may be printed; what a request's lines are shows only among all events."""
        return self._request is not None or self._matches(tailed.event.message)

    def selected(self, events: Sequence[TailedEvent]) -> Sequence[TailedEvent]:
        """Return those of the taken events that are printed; the events are in order of time."""
        if self._request is None:
            return events
        return [tailed for tailed in self._request.selected(events) if self._matches(tailed.event.message)]

    def _matches(self, message: str) -> bool:
        for pattern in self._greps:
            if not pattern.matches(message):
                return False
        for pattern in self._excludes:
            if pattern.matches(message):
                return False
        return self._marks is None or bool(self._marks[mark_and_request(message)[0]])


class RequestLines:
    """The lines of a request: those that name it, and those of its invocations that name none.

    An invocation is what its log stream holds from its START to its REPORT. In a stream of Managed Instances the next
    request's START ends it too, since a line that names none could be anybody's from there on.
    """

    def __init__(self, request_id: str) -> None:
        self._request_id = request_id
        self._spans: dict[_Stream, list[tuple[int, int | None]]] = {}
        """When invocations of the request began and ended, None while they run."""

    def selected(self, events: Sequence[TailedEvent]) -> list[TailedEvent]:
        """Return the request's lines among events that are in order of time, and remember its invocations."""
        for tailed in events:
            self._observe(tailed)
        return [tailed for tailed in events if self._is_of_request(tailed)]

    def _observe(self, tailed: TailedEvent) -> None:
        message, at_ms = tailed.event.message, tailed.event.timestamp_ms
        spans = self._spans.get(_stream(tailed), [])
        if self._request_id in message:
            record = parse_log_line(message)
            if not isinstance(record, Start | Report) or not record.request_id.startswith(self._request_id):
                return
            if isinstance(record, Start):
                self._spans[_stream(tailed)] = [*spans, (at_ms, None)]
            elif spans:
                spans[-1] = spans[-1][0], at_ms
        elif spans and spans[-1][1] is None and spans[-1][0] <= at_ms and _is_start(message):
            spans[-1] = spans[-1][0], max(spans[-1][0], at_ms - 1)

    def _is_of_request(self, tailed: TailedEvent) -> bool:
        message, at_ms = tailed.event.message, tailed.event.timestamp_ms
        if self._request_id in message:
            return True
        spans = self._spans.get(_stream(tailed), ())
        is_within = any(start_ms <= at_ms and (end_ms is None or at_ms <= end_ms) for start_ms, end_ms in spans)
        return is_within and getattr(parse_log_line(message), "request_id", None) is None


def _stream(tailed: TailedEvent) -> _Stream:
    return tailed.scope, tailed.log_group, tailed.event.log_stream


def _is_start(message: str) -> bool:
    return message.startswith("START RequestId: ") or (message[:1] == "{" and '"platform.start"' in message)
