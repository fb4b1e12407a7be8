"""The conditions inside filter patterns: comparisons, `&&`, `||` and brackets, over whatever is selected.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
"""

import operator
import re
from collections.abc import Callable
from typing import Any

Condition = Callable[[Any], bool]
Selector = Callable[[Any], list[Any]]
"""The values that a condition is about: none where there is nothing, several where an array's elements are meant."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<path>\$(?:\.[\w*-]+|\[(?:\d+|\*)\]|\.?\['[^']+'\])+)|(?P<text>"(?:[^"\\]|\\.)*")|%(?P<regex>[^%]+)%"""
    r"""|(?P<mark>&&|\|\||!=|>=|<=|[=<>()])|(?P<word>[^\s&|=<>()!"%]+))"""
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class ConditionParser:
    """Reads one expression, in which `||` binds weaker than `&&`. Raises ValueError for what cannot be read.

    `select` makes a selector of a path or a word, and raises ValueError for one that has no meaning. `is_text` says
    that every value is text, so that one that looks like a number compares as one.
    """

    def __init__(self, text: str, select: Callable[[str], Selector], *, is_text: bool) -> None:
        self._select = select
        self._is_text = is_text
        self._tokens: list[re.Match[str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"unreadable at {text[position:]}")
            self._tokens.append(match)
            position = match.end()
        self._tokens.reverse()

    def read(self) -> Condition:
        """The whole expression."""
        condition = self._any_of()
        if self._tokens:
            raise ValueError("more text than a pattern has")
        return condition

    def _any_of(self) -> Condition:
        parts = [self._all_of()]
        while self._take_if("||"):
            parts.append(self._all_of())
        return lambda document: any(part(document) for part in parts)

    def _all_of(self) -> Condition:
        parts = [self._condition()]
        while self._take_if("&&"):
            parts.append(self._condition())
        return lambda document: all(part(document) for part in parts)

    def _condition(self) -> Condition:
        if self._take_if("("):
            inner = self._any_of()
            if not self._take_if(")"):
                raise ValueError("a bracket is not closed")
            return inner
        token = self._take()
        named = token["path"] or token["word"]
        if named is None:
            raise ValueError("a condition begins with a selector")
        select = self._select(named)
        sign, value = self._take(), self._take()
        words = (sign["word"] or "").upper(), (value["word"] or "").upper()
        if words == ("NOT", "EXISTS"):
            return lambda document: not select(document)
        if words[0] == "IS" and words[1] in {"NULL", "TRUE", "FALSE"}:
            wanted = {"NULL": None, "TRUE": True, "FALSE": False}[words[1]]
            return lambda document: any(found is wanted for found in select(document))
        test = self._comparison(sign["mark"] or "", value)
        return lambda document: any(test(found) for found in select(document))

    def _comparison(self, mark: str, value: re.Match[str]) -> Condition:
        written, number_of = value["word"] or "", _number_in_text if self._is_text else _number
        if mark in _ORDERS and _NUMBER.fullmatch(written):
            compare, limit = _ORDERS[mark], float(written)
            return lambda found: (number := number_of(found)) is not None and compare(number, limit)
        if mark not in {"=", "!="} or (value["mark"] or value["path"]):
            raise ValueError("unknown comparison")
        equals = _equality(value, number_of)
        return equals if mark == "=" else lambda found: not equals(found)

    def _take(self) -> re.Match[str]:
        if not self._tokens:
            raise ValueError("a pattern breaks off")
        return self._tokens.pop()

    def _take_if(self, mark: str) -> bool:
        if self._tokens and self._tokens[-1]["mark"] == mark:
            self._tokens.pop()
            return True
        return False


def _equality(value: re.Match[str], number_of: Callable[[object], float | None]) -> Condition:
    written = value["word"] or ""
    if value["regex"] is not None:
        search = re.compile(value["regex"]).search
        return lambda found: isinstance(found, str) and search(found) is not None
    if _NUMBER.fullmatch(written):
        wanted = float(written)
        return lambda found: number_of(found) == wanted
    text = re.sub(r"\\(.)", r"\1", value["text"][1:-1]) if value["text"] else written
    glob = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
    return lambda found: isinstance(found, str) and glob.fullmatch(found) is not None


def _number(found: object) -> float | None:
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _number_in_text(found: object) -> float | None:
    return float(found) if isinstance(found, str) and _NUMBER.fullmatch(found) else None
