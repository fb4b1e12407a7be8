"""The one way from a log event's text to what it says."""

from lambdatop.model.record import Application, Record
from lambdatop.parsers.application import application_json, application_text
from lambdatop.parsers.platform_json import decoded, platform_record
from lambdatop.parsers.platform_text import parse_platform_text


def parse_log_line(message: str) -> Record:
    """Return what a log event says; anything that is no platform line and no failure is an Application record."""
    record = parse_platform_text(message)
    if record is not None:
        return record
    start = message.rfind("\r{") + 1 if message.startswith("LAMBDA_WARNING") else 0
    if message.startswith("{", start):
        fields = decoded(message[start:])
        if fields is not None:
            return platform_record(message, fields) or application_json(message, fields)
    return application_text(message)


def parse_for_counting(message: str) -> Record | None:
    """Return the same, or None for an application line below ERROR."""
    record = parse_log_line(message)
    if type(record) is Application and record.level not in ("ERROR", "FATAL"):
        return None
    return record
