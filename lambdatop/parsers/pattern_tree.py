"""The parsed form of a regular expression, as far as it is certain that `re` and `regex` read it alike.

`re` parses, since what it makes of a pattern is small and stable; `regex` does the matching and knows more: fuzzy
counts, POSIX classes, properties. A pattern that may hold any of these has no parsed form here.
"""

import re
import warnings
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Node = tuple[Any, Any]
"""An operation of `re._constants` and its argument."""
_KNOWN_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.UNICODE
_COUNT = re.compile(r"\{\d+(?:,\d*)?\}")
_READ_DIFFERENTLY = re.compile(r"\{[\w,}+\s]|\[:|\(\?\(")
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)


def matches_any_case(pattern: str) -> bool:
    r"""Whether a pattern has no capital letter; one that follows a backslash, as in `\D`, is none."""
    return not any(letter.isupper() for letter in _ESCAPES.sub("", pattern))


def pattern_tree(pattern: str) -> tuple[list[Node], re.RegexFlag] | None:
    r"""Return the nodes of a pattern and its flags; None when it is no pattern, or perhaps another one to `regex`.

    >>> pattern_tree("ab")[0], pattern_tree(r"(?:order){e<=1}"), pattern_tree(r"\p{L}")
    ([(LITERAL, 97), (LITERAL, 98)], None, None)
    """
    escapes = set(_ESCAPES.findall(pattern))
    if "N" in escapes or any(escape.isdigit() for escape in escapes):
        return None
    if _READ_DIFFERENTLY.search(_COUNT.sub("", _ESCAPES.sub("", pattern))):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _parser.parse(pattern, re.IGNORECASE if matches_any_case(pattern) else 0)
    except (re.error, Warning, ValueError, OverflowError, RecursionError):
        return None
    flags = re.RegexFlag(parsed.state.flags)
    return None if flags & ~_KNOWN_FLAGS else (list(parsed), flags)


def flags_within(flags: re.RegexFlag, added: int, removed: int) -> re.RegexFlag:
    """Return the flags that hold inside a group that changes them."""
    return (flags | re.RegexFlag(added)) & ~re.RegexFlag(removed)
