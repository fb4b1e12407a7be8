"""Leaving it to AWS to filter a log, and what that would save."""

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LogFilter, key_of_time
from lambdatop.model.question import Answer, LogAnswer, LogQuestion
from lambdatop.ui.screens.log_look_actions import LogLookActions
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.filter_bar import FilterBar

RATE = "log-rate"
RATE_MS = 300_000
RATE_MS_MIN = 30_000
"""Lines of less time say little of how many come a minute."""
PATTERN_MAX = 1_024
"""Characters that AWS takes (AWS-FACTS 4.2)."""


class LogPushdown(LogLookActions):
    """A place of whose functions AWS can be left to let through only what a filter pattern of its own syntax says."""

    def __init__(self, session: Session, log_filter: LogFilter) -> None:
        super().__init__(session, log_filter)
        self.pattern: str | None = None
        self._rate_from_ms = 0

    @property
    def functions_read(self) -> tuple[FunctionKey, ...]:
        """Functions whose lines this place wants."""
        raise NotImplementedError

    def read_lines(self) -> None:
        """Have their lines read, all of them or what the pattern lets through."""
        self.session.read_in_full(self, self.functions_read, self.pattern)

    def push_down(self, text: str) -> None:
        """Have AWS filter by a pattern, or all lines read where there is none."""
        if len(text) > PATTERN_MAX:
            self.notify(too_long(text), severity="warning", timeout=6, markup=False)
            return
        self.pattern = text.strip() or None
        self.read_lines()

    def ask_rate(self) -> None:
        """Ask how many lines a minute are read in full now, unless AWS filters already."""
        if self.pattern is None and self.picture is not None:
            self._ask_rate(self.picture.snapshot.taken_at_ms - RATE_MS)

    def _ask_rate(self, from_ms: int) -> None:
        self._rate_from_ms = from_ms
        functions = LogFilter(functions=self.functions_read)
        question = LogQuestion(
            topic=RATE, number=0, is_standing=False, log_filter=functions, place=key_of_time(from_ms)
        )  # fmt: skip
        self._ask_beside(question)

    def take_beside(self, answer: Answer) -> bool:
        """Say in the prompt what would be saved, where all lines of the time looked at have been read."""
        is_rate = answer.topic == RATE and self._asked_beside.get(RATE) == answer.number
        if not is_rate or not isinstance(answer, LogAnswer):
            return super().take_beside(answer)
        lines, full_from_ms = answer.lines_below, answer.full_from_ms
        if lines is not None and full_from_ms is not None:
            self._take_rate(lines, full_from_ms, is_whole=not answer.in_part_count)
        return True

    def _take_rate(self, lines: int, full_from_ms: int, *, is_whole: bool) -> None:
        del self._asked_beside[RATE]
        now_ms = 0 if self.picture is None else self.picture.snapshot.taken_at_ms
        if not is_whole or now_ms - max(full_from_ms, self._rate_from_ms) < RATE_MS_MIN:
            return
        if full_from_ms > self._rate_from_ms:
            self._ask_rate(full_from_ms)
            return
        rate = round(lines * 60_000 / (now_ms - self._rate_from_ms))
        for bar in self.query(FilterBar):
            bar.note(f"about {rate:,} lines a minute are read now")


def too_long(text: str) -> str:
    """Return what to say of a pattern that AWS does not take for its length."""
    return f"AWS takes patterns of {PATTERN_MAX:,} characters; this one has {len(text):,}."
