"""Lines of the log view: what one is, where it stands among all, which are asked for and what comes back."""

from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from lambdatop.model.identity import FunctionKey
from lambdatop.model.record import Level

LineKind = Literal[
    "application",
    "start",
    "end",
    "report",
    "init_start",
    "init_report",
    "restore_start",
    "restore_report",
    "timeout",
    "runtime_exit",
    "unhandled_error",
    "extension",
    "telemetry",
    "logs_dropped",
    "platform_other",
]
"""The kinds of `model.record`, by the same names."""


LATE_MS = 10_000
"""Lines are ingested within some seconds (see `sources.ingestion_lag`); one that took this long stands out."""


class LineKey(NamedTuple):
    """A line's place among all lines: its time, then its arrival; it stays while lines come and go around it."""

    timestamp_ms: int
    sequence: int

    @property
    def following(self) -> "LineKey":
        """The place right after, for what comes strictly after a line."""
        return LineKey(self.timestamp_ms, self.sequence + 1)


FIRST_KEY = LineKey(-(2**62), 0)
"""Before every line."""
LAST_KEY = LineKey(2**62, 0)
"""After every line."""


def key_of_time(timestamp_ms: int) -> LineKey:
    """The place before the first line at or after a time."""
    return LineKey(timestamp_ms, 0)


class LogLine(Struct, frozen=True, kw_only=True, gc=False):
    """A log event as the log view reads it; `message` is as it came, foreign text.

    `level` is what the line says, else ERROR where it tells of a failure, else None.
    """

    key: LineKey
    ingestion_time_ms: int
    function: FunctionKey
    log_stream: str
    message: str
    kind: LineKind
    level: Level | None = None
    request_id: str | None = None

    @property
    def timestamp_ms(self) -> int:
        """When the event happened, by its own clock."""
        return self.key.timestamp_ms

    @property
    def is_late(self) -> bool:
        """Whether CloudWatch took it in so long after it happened that newer lines had mostly been read before."""
        return self.ingestion_time_ms - self.key.timestamp_ms >= LATE_MS


class TextCondition(Struct, frozen=True, gc=False):
    """Lines whose message holds a text or a regular expression; a pattern in lower case matches any case."""

    pattern: str
    is_regex: bool = False
    is_excluded: bool = False


class FieldCondition(Struct, frozen=True, gc=False):
    """Lines whose JSON object has a field of this value: `field` may be dotted, `*` in `value` is anything.

    A value in lower case matches any case; of a list, one item must match.
    """

    field: str
    value: str
    is_excluded: bool = False


class LogFilter(Struct, frozen=True, kw_only=True):
    """Which lines are shown: those that every part lets through; an empty part lets all through."""

    texts: tuple[TextCondition, ...] = ()
    fields: tuple[FieldCondition, ...] = ()
    least_level: Level | None = None
    """Lines below are hidden; a line without a level counts as INFO."""
    hides_platform: bool = False
    """Hides what the platform writes about itself, but never a failure."""
    functions: tuple[FunctionKey, ...] = ()
    log_streams: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    """Of the function, as the log stream's name has them."""
    request_id: str | None = None
    """Lines that name this request anywhere."""

    def having(self, *texts: TextCondition) -> "LogFilter":
        """The same with more conditions, such as the text that is searched for."""
        return replace(self, texts=(*self.texts, *texts))


class LogPage(Struct, frozen=True, kw_only=True, gc=False):
    """Lines around a place, in order; fewer than asked for on a side when the archive ends there.

    When `is_complete` is false the step's budget ran out first: the lines so far are right and without a gap, and the
    same question asked again goes on from there.
    """

    lines: tuple[LogLine, ...]
    lines_before: int
    """How many of the lines lie before the place."""
    is_complete: bool


class LogCount(Struct, frozen=True, kw_only=True, gc=False):
    """How many lines match; while not `is_complete`, those found so far in `lines_examined` lines."""

    lines: int
    lines_examined: int
    is_complete: bool
