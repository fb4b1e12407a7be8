"""How far a log group has been read, by which means, and which streams and functions were met in it."""

from lambdatop.model.delivery import PatternReading
from lambdatop.store.full_text import FullText
from lambdatop.store.function_ledger import FunctionLedger, Span
from lambdatop.store.log_stream import LogStream
from lambdatop.store.provenance import MINUTE_MS, Provenance


class LogGroupState:
    """How far a group has been read."""

    __slots__ = (
        "aggregated",
        "full_text",
        "is_full",
        "newest_ms",
        "oldest_ms",
        "pattern",
        "provenance",
        "streams",
        "swept_to_ms",
    )

    def __init__(self, span: Span) -> None:
        self.streams: dict[str, LogStream] = {}
        self.is_full = False
        """Whether application lines are read as well, by the last whole sweep."""
        self.full_text = FullText()
        self.pattern: PatternReading | None = None
        """How it is read by a filter pattern of the user's."""
        self.swept_to_ms: int | None = None
        self.newest_ms = 0
        self.oldest_ms: int | None = None
        self.provenance = Provenance(*span)
        """By what each minute is counted."""
        self.aggregated: set[FunctionLedger] = set()
        """The functions that aggregates of it told of."""

    @property
    def standing(self) -> object:
        """What its functions' rows say of it: where this changes, they are made again."""
        return self.is_full, self.swept_to_ms is None, self.oldest_ms, self.provenance.revision, self.aggregated_to_ms

    def tells_of(self, minute_ms: int) -> bool:
        """Whether anything is known of a minute, and be it a part of it that is swept just now."""
        swept_ms = (self.swept_to_ms or 0) if self.aggregated_to_ms is None else 0
        return self.provenance.is_known(minute_ms) or minute_ms + MINUTE_MS > swept_ms > minute_ms - MINUTE_MS

    @property
    def read_to_ms(self) -> int | None:
        """Event time that it is complete to, by sweeps or by aggregates."""
        return max(self.swept_to_ms or 0, self.provenance.aggregated_to_ms or 0) or None

    @property
    def aggregated_to_ms(self) -> int | None:
        """Event time that aggregates told it to, where no sweep went further."""
        told_ms = self.provenance.aggregated_to_ms
        return told_ms if told_ms is not None and told_ms > (self.swept_to_ms or 0) else None
