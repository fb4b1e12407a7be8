"""A log filter in words, one chip a condition, and what a function's own settings keep out of its log."""

from typing import get_args

from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_line import LogFilter
from lambdatop.model.record import Level
from lambdatop.parsers.log_filter_text import (
    Condition,
    LevelCondition,
    PartCondition,
    condition_text,
    conditions_of,
)
from lambdatop.render.span import Line, crop
from lambdatop.render.words import foreign, line, said

CHIP_WIDTH_MAX = 32
PLATFORM_HIDDEN = "platform hidden"
_LEVELS: tuple[Level, ...] = get_args(Level)
_DEFAULT_LEVEL = "INFO"
"""Of a JSON log where the configuration names none (AWS-FACTS 2.3)."""


def condition_words(log_filter: LogFilter, given: LogFilter = LogFilter()) -> tuple[Line, ...]:  # noqa: B008  frozen
    """Return a chip for each condition that is not among those `given`, such as the functions a place is about."""
    chips = tuple(_chip(condition) for condition in _beside(log_filter, given))
    return (*chips, line(said(PLATFORM_HIDDEN, "accent"))) if log_filter.hides_platform else chips


def level_sentence(function: LambdaFunction) -> Line | None:
    """Return what the function's LoggingConfig keeps from being logged, None where nothing is known of it."""
    if not function.is_listed:
        return None
    if function.log_format != "JSON":
        return line(said("Text log format: Lambda has no level for it, the code decides", "dim"))
    level = function.application_log_level or _DEFAULT_LEVEL
    below = [one for one in reversed(_LEVELS) if _rank(one) < _rank(level)]
    parts = [said("JSON", "dim"), said(", application level ", "dim"), foreign(level, "accent", 20)]
    if below:
        are = "lines are not logged"
        parts.append(said(f": {_listed(below)} {are}", "warning" if _rank(level) > _rank(_DEFAULT_LEVEL) else "dim"))
    if function.system_log_level == "WARN":
        parts.append(said("; system level WARN hides START and successful REPORT", "warning"))
    return line(*parts)


def _beside(log_filter: LogFilter, given: LogFilter) -> list[Condition]:
    known = conditions_of(given)
    return [condition for condition in conditions_of(log_filter) if condition not in known]


def _chip(condition: Condition) -> Line:
    match condition:
        case LevelCondition():
            return line(said(f"level>={condition.least}", "accent"))
        case PartCondition():
            return crop(line(said(f"{condition.part} ", "dim"), foreign(_names(condition), "accent")), CHIP_WIDTH_MAX)
        case _:
            return crop(line(foreign(condition_text(condition), "accent")), CHIP_WIDTH_MAX)


def _names(condition: PartCondition) -> str:
    if condition.part == "request":
        return condition.names[0][:8]
    more = len(condition.names) - 2
    return ", ".join(condition.names[:2]) + (f" +{more}" if more > 0 else "")


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else _LEVELS.index("INFO")


def _listed(words: list[Level]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
