"""The one way from a log event's text to what it says."""

import msgspec

from lambdatop.model.record import Application, Record
from lambdatop.parsers.log_level import QUIET
from lambdatop.parsers.platform_json import decoded, fast_platform_record, platform_record
from lambdatop.parsers.platform_text import parse_platform_text, platform_parser_of
from lambdatop.parsers.runtime_failure import may_fail
from lambdatop.parsers.runtime_text import text_record
from lambdatop.parsers.structured_log import structured_record


class _Peek(msgspec.Struct, gc=False):
    """The two keys that rule most JSON lines out."""

    level: str = ""
    type: str = ""


_REPORT_TYPE_AT = len('{"time":"2026-10-08T07:30:29.470Z","type":')
_END_LENGTH_MAX = len("END RequestId: 8d5958b5-559f-43f3-b278-b71dd7dd0e01\n")
_peek = msgspec.json.Decoder(_Peek).decode


def parse_log_line(message: str) -> Record:
    """Return what a log event says; anything that is no platform line and no failure is an Application record."""
    record = parse_platform_text(message)
    if record is not None:
        return record
    if message.startswith("{"):
        fields = decoded(message)
        if fields is not None:
            return platform_record(message, fields) or structured_record(message, fields)
    return text_record(message)


def parse_for_counting(message: str) -> Record | None:
    """Return the same, or None for what counts nothing: an application line below ERROR, and END of the text format.

    Lines are ruled out early only where their level is certain: `level` is a JSON object's first choice, and a
    column or bracket is the only place that a line of that shape has one.
    """
    parse = platform_parser_of(message[:6])
    if parse is not None:
        if len(message) <= _END_LENGTH_MAX and message.startswith("END RequestId: "):
            return None
        platform = parse(message)
        if platform is not None:
            return platform
    elif message[:1] == "{":
        if message.startswith('"platform.report"', _REPORT_TYPE_AT):
            quick = fast_platform_record(message)
            if quick is not None:
                return quick
        elif _is_quiet_json(message):
            return None
    elif _is_quiet_text(message):
        return None
    record = parse_log_line(message)
    if type(record) is Application and record.level not in ("ERROR", "FATAL"):
        return None
    return record


def _is_quiet_json(message: str) -> bool:
    """Whether a JSON line is certainly below ERROR; an object written inside a text may have a level of its own."""
    if (message.find("{", 1) > 0 and '"{' in message) or ("\\" in message and '"\\u' in message):
        return False
    try:
        peek = _peek(message)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return peek.level in QUIET and not peek.type.startswith("platform.")


def _is_quiet_text(message: str) -> bool:
    first = message[:1]
    if first == "[":
        return message[1 : message.find("]")] in QUIET
    if message[:2] == "20":
        if "{" in message:
            return False
        columns = message.split("\t", 3)
        return len(columns) == 4 and columns[2] in QUIET and columns[0][19:][-1:] == "Z" and " " not in columns[0]
    return may_fail(message) is None and "\n\tat " not in message
