"""An error's message without what varies from one failure to the next.

Replaced: numbers, ids of all shapes, times, durations, sizes, addresses, e-mails, temporary paths, quoted values and
lists of them. Kept, since they tell one bug from another: status and exit codes, the port of a service, the host of a
URL, the resource of an ARN, the few digits of a name such as `sha256`, and quoted names (see `quoted_name`).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from lambdatop.parsers.quoted_name import is_quoted_name

LIMIT = 600
"""Characters of a message that are looked at."""
LINES_REMEMBERED = 1_024
"""Since failures in a row mostly say the same."""
_FIRST_EPHEMERAL_PORT = 32_768
_VALUE = "<value>"
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_STACK = re.compile(r"[\r\n]\s*(?:at |Traceback |File \"|goroutine \d|from /|\.{3} \d+ more)")
_GOES_ON = re.compile(r"(?:[\[{(:]|validation errors? for \S+)\s*\Z")
"""The end of a first line that says nothing without the lines after it."""
_UNIT = r"(?:ns|[uµμ]s|ms|s|m|h)"
_LONG_UNIT = r"(?:secs?|seconds?|milli(?:s|seconds?)|mins?|minutes?|hours?|days?)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_CLOCK = r"\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|GMT|UTC|[+-]\d\d:?\d\d))?"
_DATE = (
    rf"\d{{4}}-\d\d-\d\d|\d{{4}}/\d\d/\d\d|\d\d?[/.]\d\d?[/.]\d{{4}}|\d\d?[ /-]{_MONTH}[ /-]\d{{4}}"
    rf"|{_MONTH} \d\d?,? \d{{4}}"
)
_REASONS = (
    "Client Error|Server Error|Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not|Conflict|Gone"
    "|Unprocessable|Too Many|Internal Server|Not Implemented|Bad Gateway|Service |Gateway "
)
_AT_A_WORD = (
    r"(?P<kept>(?i:(?:exit |[a-z]{1,8}_)?status(?:[ _]?code)?|exit[ _]?code|HTTP(?:/[\d.]{1,3})?|errno|signal|code)"
    r"[\"']?[ :=\[(]{1,3}-?\d{1,3}\b|(?i:error[ _]?code|SQLSTATE)[\"']?[ :=\[(]{1,3}\w{4,5}\b|ORA-\d{5}\b"
    r"|(?:returned|responded(?: with)?|response|received|got|failed with) [45]\d\d\b"
    rf"|[45]\d\d:? (?={_REASONS}))"
    r"|(?P<url>[a-z][a-z0-9+.-]{1,15}://[^\s'\"<>)\],]+)|(?P<arn>arn:[\w-]+:[\w:/.$*@=+-]+)"
    r"|(?P<email>(?<![.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w)"
    rf"|(?P<time>(?<![.-])(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}},? )?(?:{_DATE})(?:(?:[T:]|,? )(?:{_CLOCK}))?"
    rf"|(?<![:.-]){_CLOCK}(?![\w:])|\d{{8}}T\d{{6}}Z\b)"
    r"|(?P<address>(?<![.:])(?<!\w/)(?:\d{1,3}(?:\.\d{1,3}){3}|\[?(?=[:\d]*[0-9a-fA-F])(?:[0-9a-fA-F]{0,4}:){2,7}"
    r"[0-9a-fA-F]{0,4}\]?)(?::\d{1,5})?(?![\w.:]*\w))"
    r"|(?P<host>(?<![.-])(?:[\w-]+\.){1,8}(?:com|net|org|io|dev|cloud|app|internal|local|example)\b(?::\d{1,5}\b)?)"
    r"|(?P<port>port[ =:]{1,2}\d{1,5}\b)"
    rf"|(?<!\.)(?:(?P<duration>(?:(?:\d+(?:\.\d+)?{_UNIT})+|\d[\d.,]*(?: {_UNIT}| ?{_LONG_UNIT}))\b|PT[\dHMS.]+\b)"
    r"|(?P<size>\d[\d.,]*\s?(?:[KMGTkmgt]i?[Bb]|[Bb]ytes?|B)\b))"
    r"|(?P<path>/(?:tmp|home|Users|private)/[^\s'\":,)]+|[A-Z]:\\[^\s'\":,)]+)"
    r"|(?P<token>(?<![+/=-])[\w+/=.-]{20,})"
    r"|(?P<number>(?<!\.)-?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?(?!\w))|(?P<word>\w*\d\w*)"
    r"|(?P<quoted>[bu]?(?:'(?:[^'\\]|\\.)*(?:'(?!\w)|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)|`[^`]*(?:[`']|\Z))"
    r"|\u201c[^\u201d]*(?:\u201d|\Z)|\u2018[^\u2019]*(?:\u2019|\Z)|«[^»]*(?:»|\Z)|「[^」]*(?:」|\Z))"
    r"|(?P<code>\([45]\d\d\))"
)
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])")
_VARYING = re.compile(
    rf"(?P<uuid>{_UUID.pattern})|(?<!\w)(?:{_AT_A_WORD})"
    r"|(?P<hash>(?<=\w)@[0-9a-f]{4,8}\b)|(?P<detail>(?<=\)=)\([^)]*\))|(?P<query>\?[\w%.+-]+=[^\s'\")]*)"
)
_WORD = re.compile(r"\w*\d\w*")
_DIGITS = re.compile(r"\d{4,}|(?<=\A[vV])\d+")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]+|(?=[0-9a-fA-F]*[0-9])(?:[0-9a-f]{8,}|[0-9A-F]{8,})")
_ADDRESS_PORT = re.compile(r"(?:\.\d{1,3}|\]):(\d{1,5})\Z")
_ID_PREFIX = re.compile(r"[a-z]{2,6}_(?=\w)")
_DRIVER_CODE = re.compile(r"\(\d{3,5}, \Z")
"""Before a quoted sentence that is a database driver's message, as in `(1205, 'Lock wait timeout exceeded')`."""
_SHORT_HASH = re.compile(r"[0-9a-f]{6,}")
_URL = re.compile(r"\w[\w+.-]*://(?:[^/@\s]*@)?([^/?#:]*)(?::(\d{1,5}))?")
_LITERAL = re.compile(r"(?<=[:,\[(=])( ?)(?:true|false|null|None|True|False)(?=[,}\])])")
_PLACEHOLDER = r"<(?:value|time|address|email|path|size|duration)>"
_PLACEHOLDER_ALONE = re.compile(_PLACEHOLDER)
_REPEATED = re.compile(rf"({_PLACEHOLDER})(?:(?: ?[,;:=/.-] ?| and | )\1)+")
_BRACKETED = re.compile(rf"[\[{{]\s*(?:{_PLACEHOLDER},?)?\s*[\]}}]|(['\"`]){_PLACEHOLDER}\1")
_PLURAL = re.compile(rf"((?<={_VALUE} )[a-z-]{{2,}}[^aisu\W])s\b")
"""A noun that is counted: one failure has one of it, the next one two."""
_LIST = re.compile(rf"\[([^\[\]]*{_PLACEHOLDER}[^\[\]]*)\]")
_NESTING = 6
"""How many brackets around values are taken away."""


def normalised_message(message: str, error_type: str = "") -> str:
    """Return what a message says with placeholders for what varies; only its first 600 characters are looked at.

    That is its first line, and the lines up to a stack trace where the first announces them. The error's type helps to
    tell quoted names from quoted values.

    >>> normalised_message("no item 'a1' in cart 8812")
    'no item <value> in cart <value>'
    >>> normalised_message("Task failed after 1m30s: HTTP 502 from https://api.example.com/v1/9")
    'Task failed after <duration>: HTTP 502 from <url api.example.com>'
    """
    return _normalised_line(" ".join(_telling_lines(message).split()), error_type)


@lru_cache(LINES_REMEMBERED)
def _normalised_line(line: str, error_type: str) -> str:
    text = _normalised(line, error_type)
    text = _PLURAL.sub(r"\1", _LIST.sub(_list, _LITERAL.sub(r"\1" + _VALUE, text)))
    for _ in range(_NESTING):
        folded = _BRACKETED.sub(_VALUE, _REPEATED.sub(r"\1", text))
        if folded == text:
            break
        text = folded
    return text


def _list(match: re.Match[str]) -> str:
    """Return a list without the items that are values, as a cancelled transaction has one for each part that was fine.

    A list of values alone stays, to be folded as one.
    """
    names = dict.fromkeys(item for item in match[1].split(", ") if _PLACEHOLDER_ALONE.fullmatch(item) is None)
    return f"[{', '.join(names)}]" if names else match[0]


def _telling_lines(message: str) -> str:
    text = message[:LIMIT].lstrip()
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    first = text.split("\n", 1)[0].split("\r", 1)[0]
    if _GOES_ON.search(first[-80:]) is None:
        return first
    stack = _STACK.search(text)
    return text if stack is None else text[: stack.start()]


def _normalised(text: str, error_type: str = "") -> str:
    return _VARYING.sub(lambda match: _replacement(match, error_type), text)


def _replacement(match: re.Match[str], error_type: str) -> str:
    kind, text = match.lastgroup or "", match[0]
    if kind == "quoted":
        return _quoted(match, error_type)
    word_of = _REPLACEMENTS.get(kind)
    return _VALUE if word_of is None else word_of(text)


def _quoted(match: re.Match[str], error_type: str) -> str:
    text, start, end = match[0], match.start(), match.end()
    before = f"{error_type}: {match.string[max(0, start - 200) : start]}"
    inner = text.lstrip("bu")[1:-1]
    if _DRIVER_CODE.search(before[-10:]) is not None:
        return _normalised(inner)
    if _URL.match(inner) is not None:
        return _url(inner)
    if not is_quoted_name(before, text, match.string[end : end + 24]):
        return _VALUE
    return f"'{_normalised(inner)}'"


def _address(text: str) -> str:
    match = _ADDRESS_PORT.search(text)
    return "<address>" if match is None or int(match[1]) >= _FIRST_EPHEMERAL_PORT else f"<address>:{match[1]}"


def _host(text: str) -> str:
    name, _, port = text.partition(":")
    return _words(name) + (f":{_port(port)}" if port else "")


def _port(text: str) -> str:
    """Keep a port below the range that clients are given theirs from (Linux: 32768 and up): it names the service."""
    digits = text.lstrip("port =:")
    return text if int(digits) < _FIRST_EPHEMERAL_PORT else text[: len(text) - len(digits)] + _VALUE


def _token(text: str) -> str:
    """Keep the prefix that says what an id is of, as in `evt_…`."""
    text = _UUID.sub(_VALUE, text)
    prefix = _ID_PREFIX.match(text)
    start = 0 if prefix is None else prefix.end()
    return text[:start] + _VALUE if _is_random(text[start:], 0.4) else _words(text)


def _words(text: str) -> str:
    return _WORD.sub(lambda word: normalised_word(word[0]), text)


def _url(text: str) -> str:
    """Return a URL's host alone, which says what was called; paths and queries hold ids."""
    match = _URL.match(text)
    host = "" if match is None else _normalised(match[1])
    return f"<url {host}>" if host else "<url>"


def _arn(text: str) -> str:
    """Return an ARN's service and resource; who asked (`sts`, `iam`) differs by function for one and the same cause."""
    parts = text.rstrip(".:").split(":", 5)
    if len(parts) < 6 or parts[2] in ("sts", "iam"):
        return "<arn>"
    names = re.split(r"[/:]", parts[5])[: 1 if parts[2] in ("s3", "sns", "sqs") else 2]
    return f"<arn {parts[2]} {_normalised('/'.join(names))}>"


def normalised_word(word: str) -> str:
    """Return a word that holds a digit with its ids and long numbers replaced, a name with few digits as it is.

    >>> normalised_word("ord_9f3k2a"), normalised_word("cart_77"), normalised_word("sha256"), normalised_word("0xff")
    ('ord_<value>', 'cart_<value>', 'sha256', '<value>')
    """
    return "_".join(_normalised_part(part) for part in word.split("_"))


def _normalised_part(part: str) -> str:
    if part.isdigit() or _HEXADECIMAL.fullmatch(part):
        return _VALUE
    digits = sum(character.isdigit() for character in part)
    if digits == 0:
        return part
    turns = sum(one.isdigit() and other.isalpha() for one, other in pairwise(part))
    is_id = (turns >= 2 and len(part) >= 6) or (turns and digits >= 3 and len(part) >= 8)
    is_id = (
        is_id
        or (digits >= 2 and _SHORT_HASH.fullmatch(part) is not None)
        or (len(part) >= 12 and digits >= 2)
        or (len(part) >= 10 and part.isupper())
    )
    if is_id or (len(part) >= 8 and _is_random(part, 0.55)):
        return _VALUE
    return _DIGITS.sub(_VALUE, part)


def _is_random(text: str, share: float) -> bool:
    """Whether letters of both cases and digits take turns as often as in base64, and more than in any name."""
    kinds = ["A" if one.isupper() else "a" if one.islower() else "0" if one.isdigit() else "." for one in text]
    if not {"A", "a", "0"} <= set(kinds):
        return False
    turns = sum(one != other for one, other in pairwise(kinds) if "." not in (one, other))
    return turns >= share * (len(text) - 1)


_REPLACEMENTS: dict[str, Callable[[str], str]] = {
    "kept": str,
    "code": str,
    "time": lambda _: "<time>",
    "email": lambda _: "<email>",
    "path": lambda _: "<path>",
    "duration": lambda _: "<duration>",
    "size": lambda _: "<size>",
    "query": lambda _: "?<query>",
    "hash": lambda _: "@" + _VALUE,
    "url": _url,
    "arn": _arn,
    "address": _address,
    "host": _host,
    "port": _port,
    "token": _token,
    "word": normalised_word,
}
"""By group of `_VARYING`; what is not here is a value."""
