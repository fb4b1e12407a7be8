"""What makes two failures the same: kind, type and message without what varies."""

import re

_LIMIT = 300
_VARYING = re.compile(
    r"(?P<kept>\b(?:(?:exit )?status(?:[ _]?code)?|exit code|HTTP)[ :=]{1,3}\d{1,3}\b)"
    r"|(?P<url>\b[a-z][a-z0-9+.-]{1,15}://[^\s'\"<>]+)|(?P<arn>\barn:[\w:/.$*-]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<uuid>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b)|(?P<trace>\b1-[0-9a-f]{8}-[0-9a-f]{24}\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]*)"
    r"|(?P<quoted>(?<!\w)(?:'[^']*'|\"[^\"]*\"|`[^`]*`)(?!\w))"
    r"|(?P<hex>\b(?:0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,})\b)"
    r"|(?P<id>\b(?=[A-Za-z_]*\d)(?=\d*[A-Za-z_])(?=\w*\d\w*\d)\w{12,}\b)"
    r"|(?P<number>(?<![A-Za-z\d])\d+(?:\.\d+)*|(?<=[A-Za-z])\d{4,})"
)


def _placeholder(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup == "kept" else f"<{match.lastgroup}>"


def normalised_message(message: str) -> str:
    """Return the message's first line with ids, numbers, quoted values and the like as placeholders.

    Status and exit codes stay, since they tell one failure from another, and so do the few digits of a name such as
    `sha256`. Only the first 300 characters are looked at.

    >>> normalised_message("no item 'a1' in cart 8812")
    'no item <quoted> in cart <number>'
    """
    first = message[:_LIMIT].lstrip().split("\n", 1)[0].split("\r", 1)[0]
    return _VARYING.sub(_placeholder, first).strip()


def error_signature(kind: str, error_type: str | None, message: str) -> str:
    """Return a text that is equal for failures of one cause."""
    return f"{kind}|{error_type or ''}|{normalised_message(message)}"
