"""Secrets that a name gives away: `password=`, `"token":"…"`, `Authorization:`, in JSON inside JSON too."""

import re
from binascii import a2b_base64

from lambdatop.render.secret_place import LiteralPattern, Secret, ending, is_replaced, worded

_NAMES = ("passw", "passphrase", "_pass", "pwd", "secret", "token", "apikey", "api_key", "api-key")
_FIELD = re.compile(
    r"""(?P<name>_?passw(?:or)?d|passphrase|_pass|pwd|secret(?:[_-]?(?:string|value|(?:access[_-]?)?key))?|token
        |api[_-]?key)
        (?P<key_quote>\\{0,63}["'`])?\s{0,8}(?P<sign>=>|:=|[:=])(?P<gap>\s{0,8})(?:\[\s{0,8})?(?P<quote>\\{0,63}["'`])?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_AUTHORIZATION = re.compile(
    r"""(?P<name>authorization)(?P<key_quote>\\{0,63}["'`])?\s{0,8}(?P<sign>=>|:=|[:=])(?P<gap>\s{0,8})(?:\[\s{0,8})?
        (?P<quote>\\{0,63}["'`])?
        (?P<scheme>(?:bearer|basic|token|negotiate|apikey|digest|aws4-hmac-sha256)\s{1,8})?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_BARE = re.compile(
    r"""(?:[^\s"'`,;&|<>(){}\[\]\\]++|\\{1,63}u(?!00(?:2[0267]|3[ce]))[0-9A-Fa-f]{4}|\\(?![bfnrtu"'/\\]))++""",
    re.ASCII | re.IGNORECASE,
)
"""A bare word; JSON's escapes of letters belong to it, those of a blank, a quote, `&`, `<` or `>` end it."""
_PARAMETERS = re.compile(
    r'(?:[\w-]{1,64}=(?:\\{0,63}"[^"\\]{0,1024}\\{0,63}"|[^\s,"\\]{1,1024}),?[ ]{0,4}){1,32}', re.ASCII
)
"""Of the Digest scheme."""
_NUMBER = re.compile(r"-?\d[\d.eE+-]*\Z")
_NOTHING = re.compile(
    r"(?:null|none|nil|undefined|true|false|n/a|\*+|x{3,}|\.{3,}|…|\[?redacted\]?|\$\{?\w*\}?|%s|arn:aws.*|)\Z",
    re.ASCII | re.IGNORECASE,
)
_PROSE = re.compile(r"[A-Za-z]+(?:['-][a-z]+)*[.!?]?\Z")
_NEXT_WORD = re.compile(r"[ \t]+[A-Za-z'-]+(?:[ \t.,;!?]|\Z)")
_AWS_SECRET = re.compile(r"[A-Za-z0-9+/]{40}\Z")
_PAGING = (
    "next", "page", "continuation", "continue", "sync", "cursor", "client", "request", "idempotency", "paging",
    "pagination", "start", "starting", "resume", "cancellation", "sequence", "marker", "unexpected", "invalid token",
)  # fmt: skip
"""Before `token`: what pages, deduplicates or parses; no secret, and wanted when a failure is looked for."""
_SHORTEST_TOKEN = 4
_SHORTEST_SESSION_TOKEN = 100
_BEARER = re.compile(
    r"bearer[ \t]{1,8}(?P<value>(?=[A-Za-z._~+/-]{0,64}\d)[A-Za-z0-9._~+/-]{16,16384}={0,2})", re.ASCII | re.IGNORECASE
)
_BASIC = re.compile(
    r"basic[ \t]{1,8}(?P<value>[A-Za-z0-9+/]{6,4096}={0,2})(?![A-Za-z0-9+/=])", re.ASCII | re.IGNORECASE
)
_SIGNATURE = re.compile(
    r"signature(?:\\{0,63}[\"'])?\s{0,2}[=:]\s{0,2}(?:\\{0,63}[\"'])?(?P<value>[0-9a-f]{64})(?![0-9a-f])",
    re.ASCII | re.IGNORECASE,
)


def _field(text: str, place: int) -> Secret | None:
    match = _FIELD.match(text, place)
    if match is None or is_replaced(text, match.end()) or _is_in_arn(text, match):
        return None
    end = _value_end(text, match)
    value, name = text[match.end() : end], match["name"].lower()
    before = text[max(0, place - 24) : place].lower().rstrip("_- ")
    if _NOTHING.match(value) or _is_prose(text, match, end):
        return None
    if name == "pwd" and value.startswith("/"):  # the working directory
        return None
    if name == "token" and (len(value) < _SHORTEST_TOKEN or before.endswith(_PAGING)):
        return None
    return Secret(match.end(), end, _quoted(_field_words(name, before, value), match, value))


def _field_words(name: str, before: str, value: str) -> str:
    if name.startswith("secret"):
        is_aws = _AWS_SECRET.match(value) and (name.endswith("key") or before.endswith("aws"))
        return worded("AWS secret key" if is_aws else "secret")
    if name == "token":
        is_session = len(value) >= _SHORTEST_SESSION_TOKEN and before.endswith(("session", "security"))
        return worded("AWS session token") if is_session else ending("token", value)
    return ending("API key", value) if name.startswith("api") else worded("password")


def _authorization(text: str, place: int) -> Secret | None:
    """Find what follows a scheme, or the whole value; AWS's signatures tell nothing but their key and signature."""
    match = _AUTHORIZATION.match(text, place)
    scheme = "" if match is None else (match["scheme"] or "").strip().lower()
    if match is None or scheme.startswith("aws4") or is_replaced(text, match.end()):
        return None
    end = _value_end(text, match)
    parameters = _PARAMETERS.match(text, match.end()) if scheme == "digest" and match["quote"] is None else None
    if parameters is not None:
        end = parameters.end()
    value = text[match.end() : end]
    if _NOTHING.match(value) or (not scheme and _is_prose(text, match, end)):
        return None
    kind = {"bearer": "bearer token", "basic": "basic credentials"}.get(scheme, "authorization")
    words = ending(kind, value) if scheme == "bearer" else worded(kind)
    return Secret(match.end(), end, _quoted(words, match, value))


def _bearer(text: str, place: int) -> Secret | None:
    match = _BEARER.match(text, place)
    return match and Secret(match.start("value"), match.end(), ending("bearer token", match["value"]))


def _basic(text: str, place: int) -> Secret | None:
    match = _BASIC.match(text, place)
    if match is None:
        return None
    try:
        is_pair = b":" in a2b_base64(match["value"], strict_mode=True)
    except ValueError:
        return None
    return Secret(match.start("value"), match.end(), worded("basic credentials")) if is_pair else None


def _signature(text: str, place: int) -> Secret | None:
    match = _SIGNATURE.match(text, place)
    return match and Secret(match.start("value"), match.end(), worded("signature"))


def _value_end(text: str, match: re.Match[str]) -> int:
    """Return where the value after a match ends: at its closing quote, or where a bare word does."""
    quote = match["quote"]
    if quote is not None:
        end = _quote_end(text, match.end(), quote[-1], len(quote) - 1)
        if end is not None:
            return end
    bare = _BARE.match(text, match.end())
    return match.end() if bare is None else bare.end()


def _quote_end(text: str, start: int, quote: str, backslashes: int) -> int | None:
    """Return where a quoted value ends; one of double quotes that is cut off ends with the text.

    A quote with n backslashes inside JSON inside JSON closes what k opened where n = k modulo 2 (k + 1), for k = 0, 1,
    3, 7, …; one with fewer closes what is around it.
    """
    place = text.find(quote, start)
    while place >= 0:
        count = 0
        while place - count > start and text[place - count - 1] == "\\":
            count += 1
        if count < backslashes or count % (2 * backslashes + 2) == backslashes:
            return place - count
        place = text.find(quote, place + 1)
    return len(text) if quote == '"' else None


def _is_in_arn(text: str, match: re.Match[str]) -> bool:
    """Return whether the name is a resource type, as in arn:aws:secretsmanager:eu-west-1:123456789012:secret:name."""
    return match["sign"] == ":" and not match["gap"] and text.endswith(":", 0, match.start())


def _is_prose(text: str, match: re.Match[str], end: int) -> bool:
    """Return whether a bare word after `name: ` is one of a sentence, as in "password: must not be empty"."""
    if match["quote"] is not None or match["key_quote"] is not None or match["sign"] != ":" or not match["gap"]:
        return False
    return bool(_PROSE.match(text, match.end(), end) and _NEXT_WORD.match(text, end))


def _quoted(words: str, match: re.Match[str], value: str) -> str:
    """Return the words in the quotes of their key where they take a bare number's place: JSON stays JSON."""
    quote = match["key_quote"]
    return f"{quote}{words}{quote}" if quote and not match["quote"] and _NUMBER.match(value) else words


FIELD_PATTERNS = (
    LiteralPattern("authorization", ("authorization",), _authorization, any_case=True),
    LiteralPattern("bearer-token", ("bearer ",), _bearer, any_case=True),
    LiteralPattern("basic-credentials", ("basic ",), _basic, any_case=True),
    LiteralPattern("field", _NAMES, _field, any_case=True),
    LiteralPattern("signature", ("signature",), _signature, any_case=True),
)
