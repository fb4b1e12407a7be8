"""What is kept of reading a line: a byte for its level and kind, and where its request ID stands."""

import re
from typing import get_args

from lambdatop.model.log_line import LineKind
from lambdatop.model.record import End, Level, Record, RuntimeExit, Timeout, UnhandledError
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.parsers.platform_text import UUID

LEVELS: tuple[Level | None, ...] = (None, *get_args(Level))
"""By code, in order of severity after None."""
KINDS: tuple[LineKind, ...] = get_args(LineKind)
"""By code."""
NO_REQUEST, ODD_REQUEST = -1, -2
"""In place of where the request ID stands: the line has none, or one that only parsing finds."""
_REQUEST_ID_LENGTH = 36
_LEVEL_CODES = {level: code for code, level in enumerate(LEVELS)}
_KIND_CODES = {record_type: KINDS.index(record_type.__struct_config__.tag) << 3 for record_type in get_args(Record)}
_OWN_KINDS = frozenset(("application", "unhandled_error"))
"""What the function or its runtime wrote; all other kinds are the platform's."""
_is_end = re.compile(rf"END RequestId: {UUID}\n?").fullmatch
_END_REQUEST_PLACE = len("END RequestId: ")
_END_MARK = _KIND_CODES[End]
_WELL = frozenset((None, "success"))


def mark_and_request(message: str, record: Record | None = None) -> tuple[int, int]:
    """Return the line's mark, and where in it the request ID begins; `record` is what parsing it said, if known.

    A mark has the level's code in bits 0-2 and the kind's in bits 3-6.
    """
    if record is None:
        if _is_end(message):
            return _END_MARK, _END_REQUEST_PLACE
        record = parse_log_line(message)
    request_id: str | None = getattr(record, "request_id", None)
    place = NO_REQUEST
    if request_id is not None:
        place = message.find(request_id) if len(request_id) == _REQUEST_ID_LENGTH else ODD_REQUEST
        place = place if place >= 0 else ODD_REQUEST
    return _KIND_CODES[type(record)] | _LEVEL_CODES[_level(record)], place


def request_id_at(message: str, place: int) -> str | None:
    """Return the request ID of a line, from where it begins.

    >>> request_id_at("END RequestId: c3252230-c73d-49f6-8844-968c01d1e2e1", 15)
    'c3252230-c73d-49f6-8844-968c01d1e2e1'
    """
    if place >= 0:
        return message[place : place + _REQUEST_ID_LENGTH]
    return getattr(parse_log_line(message), "request_id", None) if place == ODD_REQUEST else None


def level_of_mark(mark: int) -> Level | None:
    """Return the level in a mark."""
    return LEVELS[mark & 7]


def kind_of_mark(mark: int) -> LineKind:
    """Return the kind in a mark.

    >>> mark, _ = mark_and_request("[WARNING] hot")
    >>> kind_of_mark(mark), level_of_mark(mark)
    ('application', 'WARN')
    """
    return KINDS[mark >> 3 & 15]


def marks_let_through(least_level: Level | None, *, hides_platform: bool) -> bytes:
    """Return a table for `bytes.translate`: 1 for each mark that is let through, 0 for the others.

    A line without a level counts as INFO. A platform line that tells of a failure is never hidden as platform line.
    """
    least = 0 if least_level is None else _LEVEL_CODES[least_level]
    return bytes(_passes(mark, least, hides_platform=hides_platform) for mark in range(256))


def _passes(mark: int, least: int, *, hides_platform: bool) -> bool:
    code, kind_code = mark & 7, mark >> 3 & 15
    if code == len(LEVELS) or kind_code >= len(KINDS):
        return False
    is_platform = KINDS[kind_code] not in _OWN_KINDS and LEVELS[code] not in {"ERROR", "FATAL"}
    return (code or _LEVEL_CODES["INFO"]) >= least and not (hides_platform and is_platform)


def _level(record: Record) -> Level | None:
    """Return what the line says, else ERROR where it tells of a failure."""
    level: Level | None = getattr(record, "level", None)
    if level is not None:
        return level
    is_failure = (
        isinstance(record, Timeout | RuntimeExit | UnhandledError)
        or getattr(record, "status", None) not in _WELL
        or getattr(record, "error_type", None) is not None
    )
    return "ERROR" if is_failure else None
