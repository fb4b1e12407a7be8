"""Names of Lambda's log streams (AWS-FACTS 1.9)."""

import re
from typing import NamedTuple

_STREAM = re.compile(
    r"\d{4}/\d\d/\d\d/(?P<function>[\w-]+)?\[(?P<version>\$LATEST(?:\.PUBLISHED)?|\d+)\](?P<environment>[0-9a-f]{32})\Z"
)


class LogStreamName(NamedTuple):
    """What a stream's name says; `function_name` is None in a function's own group."""

    function_name: str | None
    version: str
    environment_id: str


def parse_log_stream(name: str) -> LogStreamName | None:
    """Return what the name says, None for a stream that is not Lambda's.

    >>> parse_log_stream("2019/06/07/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c").version
    '$LATEST'
    """
    match = _STREAM.match(name)
    return None if match is None else LogStreamName(match["function"], match["version"], match["environment"])
