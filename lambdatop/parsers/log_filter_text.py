"""What is typed to filter a log: one condition a text, and how it changes a filter.

no stock        lines with this text; in lower case it matches any case
"a: text"       the same, whatever is in the quotes
/re.ex/         lines that match a regular expression
order.id:42     lines whose JSON has this value (or `=`); * in it is anything
level:warn      this level and above (or `level>=warn`)
function:pay*   functions by name, glob or beginning; stream: log streams; version: versions; request: a request ID
!…  or  -…      the opposite
"""

import re
import warnings
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition
from lambdatop.model.record import Level
from lambdatop.parsers.log_level import level_of_name

_Kind = TypeVar("_Kind")
Part = Literal["function", "stream", "version", "request"]


class ConditionError(ValueError):
    """A text is no condition; the message is a sentence for its author."""


class LevelCondition(Struct, frozen=True, gc=False):
    """Lines of this level and above."""

    least: Level


class PartCondition(Struct, frozen=True, gc=False):
    """Lines of functions, log streams, versions or of a request; all but a request ID may be several names."""

    part: Part
    names: tuple[str, ...]
    is_excluded: bool = False


Condition = TextCondition | FieldCondition | LevelCondition | PartCondition

_FIELD = re.compile(r"([A-Za-z_@$][\w@$.\-]*)(>=|[:=])(?![\s:=]|//)(.*)\Z", re.DOTALL)
"""A blank, a colon or // after the colon is prose, code or an address: `TypeError: x`, `a::b`, `https://…`."""
_EMPTY_FIELD = re.compile(r"[A-Za-z_@$][\w@$.\-]*(?:>=|[:=])\Z")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\Z', re.DOTALL)
_NOT_FIELDS = frozenset(("arn", "http", "https"))
_PARTS: dict[str, Part] = {
    "function": "function",
    "stream": "stream",
    "log_stream": "stream",
    "version": "version",
    "request": "request",
}


def parse_condition(text: str) -> Condition:
    """Return the condition that a text states; raises `ConditionError`.

    >>> parse_condition("!healthcheck"), parse_condition("level:warn")
    (TextCondition(pattern='healthcheck', is_regex=False, is_excluded=True), LevelCondition(least='WARN'))
    """
    said = text.strip()
    is_excluded = said.startswith(("!", "-"))
    if is_excluded:
        said = said[1:].lstrip()
    if not said:
        raise ConditionError(f"Say what to hide after {text.strip()}." if is_excluded else "Say what to look for.")
    if said.startswith('"'):
        return TextCondition(_unquoted(said), is_excluded=is_excluded)
    if len(said) > 2 and said.startswith("/") and said.endswith("/"):
        return TextCondition(_regex(said[1:-1]), is_regex=True, is_excluded=is_excluded)
    if _EMPTY_FIELD.match(said):
        raise ConditionError(f"Say a value after {said}")
    match = _FIELD.match(said)
    if match is None or match[1].lower() in _NOT_FIELDS:
        return TextCondition(said, is_excluded=is_excluded)
    return _field(match[1], match[2], match[3], is_excluded=is_excluded)


def with_condition(
    log_filter: LogFilter,
    condition: Condition,
    *,
    functions: Iterable[FunctionKey] = (),
    streams: Sequence[str] | None = None,
) -> LogFilter:
    """Return the filter with one condition more; a level, a function, a stream, a version takes the place of another.

    `functions` are all that are known, `streams` too where they are; names are looked up among them. Raises
    `ConditionError` where nothing has such a name.
    """
    match condition:
        case TextCondition():
            return replace(log_filter, texts=_with(log_filter.texts, condition))
        case FieldCondition():
            return replace(log_filter, fields=_with(log_filter.fields, condition))
        case LevelCondition():
            return replace(log_filter, least_level=None if condition.least == "TRACE" else condition.least)
        case PartCondition(part="function"):
            return replace(log_filter, functions=_functions(condition, tuple(functions)))
        case PartCondition(part="stream"):
            return replace(log_filter, log_streams=_streams(condition, streams))
        case PartCondition(part="version"):
            return replace(log_filter, versions=condition.names)
        case PartCondition():
            return replace(log_filter, request_id=condition.names[0])


def condition_text(condition: Condition) -> str:
    """Return what to type for a condition.

    >>> condition_text(TextCondition("order:7", is_excluded=True)), condition_text(TextCondition("a+", is_regex=True))
    ('!"order:7"', '/a+/')
    """
    sign = "" if isinstance(condition, LevelCondition) or not condition.is_excluded else "!"
    match condition:
        case TextCondition(is_regex=True):
            return f"{sign}/{condition.pattern}/"
        case TextCondition():
            return _shortest(sign, condition.pattern, condition)
        case FieldCondition():
            return _shortest(f"{sign}{condition.field}:", condition.value, condition)
        case LevelCondition():
            return f"level>={condition.least.lower()}"
        case PartCondition():
            return f"{sign}{condition.part}:{','.join(condition.names)}"


def conditions_of(log_filter: LogFilter) -> tuple[Condition, ...]:
    """Return the filter's conditions but for `hides_platform`, in the order in which a filter has them."""
    level = log_filter.least_level
    parts: tuple[tuple[Part, tuple[str, ...]], ...] = (
        ("function", tuple(dict.fromkeys(key.name for key in log_filter.functions))),
        ("stream", log_filter.log_streams),
        ("version", log_filter.versions),
        ("request", () if log_filter.request_id is None else (log_filter.request_id,)),
    )
    return (
        *(PartCondition(part, names) for part, names in parts if names),
        *(() if level is None else (LevelCondition(level),)),
        *log_filter.fields,
        *log_filter.texts,
    )


def without_condition(log_filter: LogFilter, condition: Condition) -> LogFilter:
    """Return the filter without one of its conditions.

    >>> without_condition(LogFilter(least_level="WARN"), LevelCondition("WARN")) == LogFilter()
    True
    """
    match condition:
        case TextCondition():
            return replace(log_filter, texts=tuple(one for one in log_filter.texts if one != condition))
        case FieldCondition():
            return replace(log_filter, fields=tuple(one for one in log_filter.fields if one != condition))
        case LevelCondition():
            return replace(log_filter, least_level=None)
        case PartCondition(part="function"):
            return replace(log_filter, functions=())
        case PartCondition(part="stream"):
            return replace(log_filter, log_streams=())
        case PartCondition(part="version"):
            return replace(log_filter, versions=())
        case PartCondition():
            return replace(log_filter, request_id=None)


def _field(name: str, operator: str, said: str, *, is_excluded: bool) -> Condition:
    value = _unquoted(said) if said.startswith('"') else said.strip()
    lower = name.lower()
    if lower == "level":
        return _level(value, is_excluded=is_excluded)
    if operator == ">=":
        raise ConditionError(f"Only level takes >=; say {name}:{value} for one value, * for any part of it.")
    part = _PARTS.get(lower)
    if part is None:
        return FieldCondition(name, value, is_excluded)
    if part == "request":
        return TextCondition(value, is_excluded=True) if is_excluded else PartCondition(part, (value,))
    names = tuple(one for one in (one.strip() for one in value.split(",")) if one)
    if not names:
        raise ConditionError(f"Say a value after {name}{operator}")
    if is_excluded and part == "version":
        raise ConditionError("A version cannot be hidden; say version: with those to show, such as version:41,42.")
    return PartCondition(part, names, is_excluded)


def _level(value: str, *, is_excluded: bool) -> LevelCondition:
    level = level_of_name(value)
    if level is None:
        raise ConditionError(f"{value} is no level; say trace, debug, info, warn, error or fatal.")
    if is_excluded:
        raise ConditionError(f"Levels are hidden from below: say level>={value} for this level and above.")
    return LevelCondition(level)


def _unquoted(said: str) -> str:
    match = _QUOTED.match(said)
    if match is None:
        raise ConditionError("The text ends without its closing quote.")
    if not match[1]:
        raise ConditionError("Say what to look for between the quotes.")
    return re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL)


def _regex(pattern: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ConditionError(f"Not a regular expression: {error}.") from error
    return pattern


def _shortest(head: str, text: str, condition: Condition) -> str:
    """Return the text bare where it would be read as it is meant, else in quotes."""
    try:
        if parse_condition(head + text) == condition:
            return head + text
    except ConditionError:
        pass
    return head + '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with(conditions: tuple[_Kind, ...], condition: _Kind) -> tuple[_Kind, ...]:
    return conditions if condition in conditions else (*conditions, condition)


def _functions(condition: PartCondition, known: tuple[FunctionKey, ...]) -> tuple[FunctionKey, ...]:
    """Return those of the known functions that are meant, or all others."""
    found: set[FunctionKey] = set()
    for name in condition.names:
        matching = [key for key in known if key.name == name] or [key for key in known if _is_meant(name, key.name)]
        if not matching:
            raise ConditionError(f"No function is called {name}.")
        found.update(matching)
    chosen = tuple(key for key in known if (key in found) is not condition.is_excluded)
    if not chosen:
        raise ConditionError("That hides every function.")
    return chosen


def _streams(condition: PartCondition, known: Sequence[str] | None) -> tuple[str, ...]:
    """Return those of the known log streams that are meant, or all others; the names as they are where none is known.

    A stream may also be meant by the beginning of its environment's ID, after the bracket.
    """
    if known is None:
        if condition.is_excluded or any("*" in name for name in condition.names):
            raise ConditionError("Say the whole name of a log stream: which others there are is not known here.")
        return condition.names
    found: set[str] = set()
    for name in condition.names:
        matching = [one for one in known if _is_meant(name, one) or _is_meant(name, one.rpartition("]")[2])]
        if not matching:
            raise ConditionError(f"No log stream is called {name}.")
        found.update(matching)
    chosen = tuple(one for one in known if (one in found) is not condition.is_excluded)
    if not chosen:
        raise ConditionError("That hides every log stream.")
    return chosen


def _is_meant(said: str, name: str) -> bool:
    """Return whether a name is meant by its beginning or by a glob, in any case; brackets stand for themselves.

    >>> _is_meant("pay*er", "Payment-worker"), _is_meant("pay", "payment"), _is_meant("[42]", "[42]ab")
    (True, True, True)
    """
    said, name = said.lower(), name.lower()
    return fnmatchcase(name, said.replace("[", "[[]")) if "*" in said or "?" in said else name.startswith(said)
