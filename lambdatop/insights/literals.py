"""What single tokens say: names, strings, numbers, periods and regular expressions."""

import re

from lambdatop.insights import syntax
from lambdatop.insights.syntax import Span
from lambdatop.insights.tokens import Token
from lambdatop.insights.vocabulary import PERIOD_UNITS, RESERVED_WORDS

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_PERIOD = re.compile(r"(\d+)([a-z]+)")
_PLAIN_NAME = re.compile(r"[A-Za-z_@][\w@.]*", re.ASCII)


def is_name(token: Token | None) -> bool:
    """Whether a token can name a field."""
    if token is None or token.text.startswith("."):
        return False
    if token.kind == "keyword":
        return token.text.lower() not in RESERVED_WORDS and token.text.lower() not in ("true", "false")
    return token.kind in ("field", "automatic", "ticked")


def name_of(token: Token) -> str:
    """The field that a token names, without its back-ticks."""
    return token.text.replace("`", "")


def span_of(token: Token) -> Span:
    """Where a token stands."""
    return Span(token.start, token.end)


def text_value(token: Token) -> str:
    r"""What a string says; a backslash that escapes nothing known stays, as in `"\d"`."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), token.text[1:-1])


def regex_of(token: Token) -> syntax.Regex:
    r"""A regular expression between slashes, `\/` in it read as a slash."""
    pattern = _ESCAPED.sub(lambda found: "/" if found[1] == "/" else found[0], token.text[1:-1])
    return syntax.Regex(pattern, span_of(token))


def period_of(token: Token) -> syntax.Period | None:
    """A length of time, its unit in the shortest spelling."""
    found = _PERIOD.fullmatch(token.text)
    return None if found is None else syntax.Period(int(found[1]), PERIOD_UNITS[found[2]], span_of(token))


def written_name(name: str) -> str:
    """A field as a query has to write it: between back-ticks where it needs them, an `@` before them."""
    is_plain = _PLAIN_NAME.fullmatch(name) is not None
    if is_plain and name.lower() not in RESERVED_WORDS and name.lower() not in ("true", "false"):
        return name
    return f"@`{name[1:]}`" if name.startswith("@") else f"`{name}`"
