"""What stands above the lines of the log view: whose they are, whether they follow, what is searched and hidden."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.model.question import LogAnswer
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceState
from lambdatop.render import units
from lambdatop.render.log_filter_words import condition_words, level_sentence
from lambdatop.render.span import Line, crop, line_width
from lambdatop.render.words import fitting, foreign, line, said, spread

_STOPPED: frozenset[SourceState] = frozenset(("failed", "denied", "credentials", "absent"))
PARTIAL_MS = 60_000
"""Lines that are so much older than the first moment of which all were read make that worth saying."""
_NAMED = 3
"""So many functions are named, others counted."""


class LogStatus(NamedTuple):
    """How the log view stands, beside its lines."""

    names: tuple[str, ...] = ()
    """Of its functions; all of them when empty."""
    log_filter: LogFilter = LogFilter()
    given: LogFilter = LogFilter()
    """What of the filter the place is about, such as its functions."""
    is_following: bool = True
    waiting_below: int | None = None
    search: TextCondition | None = None
    answer: LogAnswer | None = None
    pattern: str | None = None
    """By which AWS is to filter what is read."""
    flags: tuple[str, ...] = ()
    """Such as `raw` and `unredacted`: how lines are drawn other than usual."""
    is_utc: bool = False
    is_ascii: bool = False


def title_line(status: LogStatus, snapshot: Snapshot, width: int) -> Line:
    """Return the first line: whose log lines, and on the right whether they follow or how many wait below."""
    right = _position(status, snapshot)
    left = [line(said("Logs", "heading")), _names(status.names), _matches(status)]
    return spread(fitting([part for part in left if part], width - line_width(right) - 2), right, width)


def condition_line(status: LogStatus, snapshot: Snapshot, width: int) -> Line:
    """Return the second line: a problem, else filters and how lines are drawn, else what is held and not logged."""
    answer = status.answer
    if answer is not None and answer.problem:
        return crop(line(foreign(answer.problem, "bad", width)), width)
    parts: list[Line] = [pushed] if (pushed := crop(_pushed(status), width)) else []
    conditions = condition_words(status.log_filter, status.given)
    if conditions:
        parts += [line(said("filter", "dim")), *conditions]
    parts += [line(said(flag, "warning" if flag == "unredacted" else "accent")) for flag in status.flags]
    sentence = _levels(status.names, snapshot)
    parts += [part for part in (_in_part(status), _held(status), sentence) if part]
    return fitting(parts, width)


def empty_lines(status: LogStatus, snapshot: Snapshot) -> tuple[Line, ...]:
    """Return what to say where no line is shown."""
    answer = status.answer
    if answer is None or not answer.page.is_complete:
        return (line(said(" looking for lines", "provisional")),)
    if answer.lines_held == 0:
        reading = next((source.detail for source in snapshot.sources if source.name.startswith("logs")), "")
        return (line(said(" no log line has been read yet", "dim")), line(foreign(f" {reading}", "dim")))
    if condition_words(status.log_filter, status.given):
        sentence = f" none of {answer.lines_held:,} lines held passes the filter; backspace takes one off"
        return (line(said(sentence, "dim")),)
    return (line(said(" no log line of these functions is held", "dim")),)


def _names(names: Sequence[str]) -> Line:
    if not names:
        return line(said("all functions", "accent"))
    spans = [foreign(name, "accent", 40) for name in names[:_NAMED]]
    separated = [part for span in spans for part in (span, said(" "))][:-1]
    more = len(names) - _NAMED
    return line(*separated, said(f" +{more}" if more > 0 else "", "dim"))


def _position(status: LogStatus, snapshot: Snapshot) -> Line:
    if status.answer is not None and not status.answer.page.is_complete:
        return line(said("searching… ", "provisional"))
    states = [source.state for source in snapshot.sources if source.name.startswith("logs")]
    if status.is_following and states and all(state in _STOPPED for state in states):
        return line(said("follows once logs can be read ", "late"))
    if status.is_following:
        return line(said("* " if status.is_ascii else "● ", "good"), said("follows "))
    waiting = status.waiting_below
    words = "more below" if waiting is None else f"{waiting:,} below" if waiting else "at the end"
    glyph = "= " if status.is_ascii else "‖ "
    return line(said(glyph, "warning"), said(words, "warning" if waiting else ""), said("  G follows ", "dim"))


def _matches(status: LogStatus) -> Line:
    search, answer = status.search, status.answer
    if search is None:
        return ()
    pattern = foreign(f"/{search.pattern}", "match", 40)
    if answer is None or answer.matches is None:
        return line(pattern, said(" …", "provisional"))
    if not answer.matches:
        return line(pattern, said(" no match", "warning"))
    before = answer.matches_before
    words = f" {answer.matches:,} matches"
    if before is not None and not status.is_following:
        words = f" {min(before + 1, answer.matches):,} of {answer.matches:,}"
    return line(pattern, said(words, "dim"))


def _held(status: LogStatus) -> Line:
    answer = status.answer
    if answer is None or answer.oldest_ms is None:
        return ()
    since = units.clock(answer.oldest_ms, status.is_utc)
    words = f"{answer.lines_held:,} lines held since {since}"
    if answer.lines_above is not None and answer.lines_below is not None:
        passing = answer.lines_above + len(answer.page.lines) + answer.lines_below
        words = f"{passing:,} of {words}" if passing < answer.lines_held else words
    fallen = f", {answer.lines_fallen_off:,} older fell off" if answer.lines_fallen_off else ""
    return line(said(words + fallen, "dim"))


def _in_part(status: LogStatus) -> Line:
    """Return of which functions, and before when, only platform and failure lines are read."""
    answer = status.answer
    if answer is None:
        return ()
    if answer.in_part_count:
        names = ", ".join(key.name for key in answer.functions_in_part[:1])
        who = names if answer.in_part_count == 1 else f"{answer.in_part_count} of {answer.functions_read} functions"
        return line(foreign(f"{who}: platform lines and failures only", "late", 80))
    full_from_ms, oldest_ms = answer.full_from_ms, answer.oldest_ms
    if full_from_ms is None or oldest_ms is None or full_from_ms <= oldest_ms + PARTIAL_MS:
        return ()
    return line(said(f"all lines from {units.clock(full_from_ms, status.is_utc)} on", "late"))


def _pushed(status: LogStatus) -> Line:
    """Return what AWS lets through, and how many lines of it were read: others cannot be searched."""
    answer = status.answer
    if status.pattern is None or answer is None:
        return ()
    pattern = foreign(f"at AWS: {status.pattern}", "warning", 40)
    pushed = answer.pattern
    if pushed is None or pushed.pattern != status.pattern or not (pushed.function_count or pushed.problem):
        return line(pattern, said("  not yet, all lines are read", "provisional"))
    if not pushed.function_count:
        return line(pattern, foreign(f"  {pushed.problem}", "bad", 200))
    is_all = pushed.function_count == answer.functions_read
    who = "" if is_all else f" of {pushed.function_count} of {answer.functions_read} functions"
    since = "" if pushed.from_ms is None else f" since {units.clock(pushed.from_ms, status.is_utc)}"
    return line(pattern, said(f"  {pushed.lines:,} lines of it read{who}{since}, others are not", "warning"))


def _levels(names: Sequence[str], snapshot: Snapshot) -> Line:
    """Return what the only function's configuration keeps from being logged."""
    if len(names) != 1:
        return ()
    row = next((row for row in snapshot.functions if row.key.name == names[0]), None)
    return (row and level_sentence(row.function)) or ()
