"""The kinds of secrets that are known by their own form, and all kinds in the order in which they are looked for."""

import re
from binascii import Error, a2b_base64

from lambdatop.parsers.platform_json import decoded
from lambdatop.render.card_number import CardPattern
from lambdatop.render.secret_fields import FIELD_PATTERNS
from lambdatop.render.secret_place import LiteralPattern, Secret, SecretPattern, ending, is_replaced, worded

_BEGINS_WORD = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
"""Not within a word; an escaped line break or tab of JSON is none."""
_LONGEST = 16_384

_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"(?:[A-Za-z0-9+/=:,\s]++|\\++[nrt]|-(?!----))*+")
_PASSWORD_IN_URL = re.compile(r"://[^\s/:@?#\"'<>\\]{0,256}:(?P<value>[^\s/?#\"'<>\\]{1,256})@(?=[\w.\[-])")
_JWT = re.compile(
    rf"{_BEGINS_WORD}(?P<header>eyJ[A-Za-z0-9_-]{{8,{_LONGEST}}})\.[A-Za-z0-9_-]{{2,{_LONGEST}}}"
    rf"(?:\.[A-Za-z0-9_-]{{0,{_LONGEST}}}){{1,3}}"
)
_SESSION_TOKEN = re.compile(rf"{_BEGINS_WORD}(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/=%_-]{{80,{_LONGEST}}}")
_ACCESS_KEY = re.compile(
    rf"{_BEGINS_WORD}(?P<id>A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{{16}})(?![A-Za-z0-9])"
    r"(?P<secret>(?P<gap>[\s,:;|/\"'\\]{1,8})[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=]))?"
)
_VENDOR_TOKENS = (
    ("GitHub token", ("ghp_", "gho_", "ghu_", "ghr_"), r"gh[pour]_[A-Za-z0-9]{36,251}"),
    ("GitHub token", ("ghs_",), r"ghs_[A-Za-z0-9._-]{36,4096}"),
    ("GitHub token", ("github_pat_",), r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    ("GitLab token", ("glpat-",), r"glpat-[A-Za-z0-9_-]{20,300}"),
    ("Slack token", ("xox",), r"xox(?:[abcdoprs]|e(?:\.xox[bp])?)-[A-Za-z0-9-]{10,500}"),
    ("Slack token", ("xapp-",), r"xapp-\d-[A-Za-z0-9-]{20,500}"),
    ("Slack webhook", ("hooks.slack.com/",), r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{20,200}"),
    ("Stripe key", ("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}"),
    ("Stripe secret", ("whsec_",), r"whsec_[A-Za-z0-9+/=]{24,250}"),
    ("Google API key", ("AIza",), r"AIza[A-Za-z0-9_-]{35}"),
    ("Google client secret", ("GOCSPX-",), r"GOCSPX-[A-Za-z0-9_-]{28}"),
    ("Google token", ("ya29.",), r"ya29\.[A-Za-z0-9_-]{20,4096}"),
    ("npm token", ("npm_",), r"npm_[A-Za-z0-9]{36}"),
    ("PyPI token", ("pypi-AgE",), r"pypi-AgE[A-Za-z0-9_-]{50,1000}"),
    ("SendGrid key", ("SG.",), r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
)
"""What vendors publish of their tokens' forms: a prefix of their own, and the characters and lengths after it."""
_LOCAL_PART = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_LOCAL_PART_MAX = 64
_DOMAIN = re.compile(
    r"@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.(?P<top>[A-Za-z]{2,24}))(?![A-Za-z0-9_-])"
)
_FILES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs", "cjs", "ts", "tsx", "py", "jar", "so"))
"""Ends of names such as `logo@2x.png`, which no top-level domain is that mail is sent to."""


def _private_key(text: str, place: int) -> Secret | None:
    match = _KEY_BEGIN.match(text, place)
    if match is None:
        return None
    body = _KEY_BODY.match(text, match.end())
    end = match.end() if body is None else body.end()
    closing = _KEY_END.match(text, end)
    if closing is not None:
        end = closing.end()
    return Secret(place, end, worded("private key"))


def _password_in_url(text: str, place: int) -> Secret | None:
    match = _PASSWORD_IN_URL.match(text, place)
    if match is None or not match["value"].strip("*") or is_replaced(text, match.start("value")):
        return None
    return Secret(match.start("value"), match.end("value"), worded("password"))


def _json_web_token(text: str, place: int) -> Secret | None:
    match = _JWT.match(text, place)
    if match is None:
        return None
    header = match["header"].replace("-", "+").replace("_", "/")
    try:
        text_of_header = a2b_base64(header + "=" * (-len(header) % 4)).decode()
    except (Error, UnicodeDecodeError):
        return None
    is_header = decoded(text_of_header) is not None
    return Secret(place, match.end(), worded("JWT")) if is_header else None


def _session_token(text: str, place: int) -> Secret | None:
    match = _SESSION_TOKEN.match(text, place)
    return match and Secret(place, match.end(), worded("AWS session token"))


def _access_key(text: str, place: int) -> Secret | None:
    """Find an access key ID, with the secret key where that comes right after it."""
    match = _ACCESS_KEY.match(text, place)
    if match is None:
        return None
    words = worded("AWS key ID", match["id"][-4:])
    if match["secret"] is not None:
        words += match["gap"] + worded("AWS secret key")
    return Secret(place, match.end(), words)


def _e_mail_address(text: str, place: int) -> Secret | None:
    match = _DOMAIN.match(text, place)
    if match is None or match["top"].lower() in _FILES:
        return None
    start = place
    while start > 0 and place - start < _LOCAL_PART_MAX and text[start - 1] in _LOCAL_PART:
        start -= 1
    if text[start:place] in ("", "git") or text.endswith("://", 0, start):
        return None
    if start >= 1 and text[start - 1] == "\\" and text[start] in "nrt":  # an escaped line break of JSON
        start += 1
    return Secret(start, match.end(), worded("e-mail", f"@{match['domain']}")) if start < place else None


def _vendor_pattern(kind: str, literals: tuple[str, ...], form: str) -> LiteralPattern:
    regex = re.compile(rf"{_BEGINS_WORD}{form}(?![A-Za-z0-9])")

    def find(text: str, place: int) -> Secret | None:
        match = regex.match(text, place)
        return match and Secret(place, match.end(), ending(kind, match[0]))

    return LiteralPattern("vendor-token", literals, find)


PATTERNS: tuple[SecretPattern, ...] = (
    LiteralPattern("private-key", ("-----BEGIN ",), _private_key),
    LiteralPattern("url-password", ("://",), _password_in_url),
    LiteralPattern("jwt", ("eyJ",), _json_web_token),
    LiteralPattern("aws-session-token", ("IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"), _session_token),
    LiteralPattern("aws-key", ("AKIA", "ASIA", "ABIA", "ACCA"), _access_key),
    *(_vendor_pattern(*vendor) for vendor in _VENDOR_TOKENS),
    *FIELD_PATTERNS,
    CardPattern(),
    LiteralPattern("e-mail", ("@",), _e_mail_address),
)
"""Those of a certain form before those that only a name gives away, and what could be a part of another one last."""
