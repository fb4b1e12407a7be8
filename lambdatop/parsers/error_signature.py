"""What makes two failures the same: kind, type and message without what varies."""

import re

_LIMIT = 300
_VARYING = re.compile(
    r"(?P<url>https?://[^\s'\"]+)|(?P<arn>arn:[\w:/.$*-]+)"
    r"|(?P<uuid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
    r"|(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*)|(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|(?P<hex>\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,}\b)|(?P<number>\d+(?:\.\d+)*)"
)


def normalised_message(message: str) -> str:
    """Return the message's first line with ids, numbers, quoted values and the like as placeholders.

    >>> normalised_message("no item 'a1' in cart 8812")
    'no item <quoted> in cart <number>'
    """
    first = message[:_LIMIT].lstrip().split("\n", 1)[0].split("\r", 1)[0]
    return _VARYING.sub(lambda match: f"<{match.lastgroup}>", first).strip()


def error_signature(kind: str, error_type: str | None, message: str) -> str:
    """Return a text that is equal for failures of one cause."""
    return f"{kind}|{error_type or ''}|{normalised_message(message)}"
