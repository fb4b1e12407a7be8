"""JSON filter patterns, `{ $.a.b = "x" && ($.n > 3 || $.s = %re%) }`, compiled to predicates.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "JSON log events".
"""

import operator
import re
from collections.abc import Callable
from typing import Any

import msgspec

JsonPredicate = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<path>\$(?:\.[\w*-]+|\[(?:\d+|\*)\]|\.?\['[^']+'\])+)|(?P<text>"(?:[^"\\]|\\.)*")|%(?P<regex>[^%]+)%"""
    r"""|(?P<mark>&&|\|\||!=|>=|<=|[=<>()])|(?P<word>[^\s&|=<>()!"%]+))"""
)
_STEP = re.compile(r"\.([\w*-]+)|\[(\d+|\*)\]|\.?\['([^']+)'\]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_ABSENT = object()


def compile_json_pattern(pattern: str) -> Callable[[str], bool]:
    """Whether a message is a JSON object that fits. Raises ValueError for a pattern that cannot be read.

    >>> compile_json_pattern('{ $.record.status != "success" && $.n >= 3 }')('{"record": {"status": "x"}, "n": 3}')
    True
    """
    stripped = pattern.strip()
    if not stripped.endswith("}"):
        raise ValueError("a JSON pattern ends with }")
    parser = _Parser(stripped[1:-1])
    predicate = parser.any_of()
    parser.end()

    def matches(message: str) -> bool:
        if "{" not in message:
            return False
        try:
            document = msgspec.json.decode(message)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return False
        return isinstance(document, dict) and predicate(document)

    return matches


class _Parser:
    """`||` binds weaker than `&&`, and brackets group."""

    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"unreadable at {text[position:]}")
            self._tokens.append(match)
            position = match.end()
        self._tokens.reverse()

    def end(self) -> None:
        if self._tokens:
            raise ValueError("more text than a pattern has")

    def any_of(self) -> JsonPredicate:
        parts = [self._all_of()]
        while self._take_if("||"):
            parts.append(self._all_of())
        return lambda document: any(part(document) for part in parts)

    def _all_of(self) -> JsonPredicate:
        parts = [self._condition()]
        while self._take_if("&&"):
            parts.append(self._condition())
        return lambda document: all(part(document) for part in parts)

    def _condition(self) -> JsonPredicate:
        if self._take_if("("):
            inner = self.any_of()
            if not self._take_if(")"):
                raise ValueError("a bracket is not closed")
            return inner
        path = self._take()["path"]
        if path is None:
            raise ValueError("a condition begins with a selector")
        test = self._test()
        steps = [(name or quoted or None, index) for name, index, quoted in _STEP.findall(path)]
        return lambda document: test(_select(document, steps))

    def _test(self) -> JsonPredicate:
        sign, value = self._take(), self._take()
        words = (sign["word"] or "").upper(), (value["word"] or "").upper()
        if words == ("NOT", "EXISTS"):
            return lambda found: found is _ABSENT
        if words[0] == "IS" and words[1] in {"NULL", "TRUE", "FALSE"}:
            wanted = {"NULL": None, "TRUE": True, "FALSE": False}[words[1]]
            return lambda found: found is wanted
        return _comparison(sign["mark"] or "", value)

    def _take(self) -> re.Match[str]:
        if not self._tokens:
            raise ValueError("a pattern breaks off")
        return self._tokens.pop()

    def _take_if(self, mark: str) -> bool:
        if self._tokens and self._tokens[-1]["mark"] == mark:
            self._tokens.pop()
            return True
        return False


def _comparison(mark: str, value: re.Match[str]) -> JsonPredicate:
    written = value["word"] or ""
    if mark in _ORDERS and _NUMBER.fullmatch(written):
        compare, limit = _ORDERS[mark], float(written)
        return lambda found: _is_number(found) and compare(found, limit)
    if mark not in {"=", "!="} or (value["mark"] or value["path"]):
        raise ValueError("unknown comparison")
    if value["regex"] is not None:
        search = re.compile(value["regex"]).search
        equals: JsonPredicate = lambda found: isinstance(found, str) and search(found) is not None  # noqa: E731
    elif _NUMBER.fullmatch(written):
        number = float(written)
        equals = lambda found: _is_number(found) and found == number  # noqa: E731  # one of three small predicates
    else:
        text = re.sub(r"\\(.)", r"\1", value["text"][1:-1]) if value["text"] else written
        glob = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
        equals = lambda found: isinstance(found, str) and glob.fullmatch(found) is not None  # noqa: E731
    return equals if mark == "=" else lambda found: found is not _ABSENT and not equals(found)


def _is_number(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _select(document: Any, steps: list[tuple[str | None, str]]) -> Any:  # noqa: ANN401  # JSON may hold anything
    found = document
    for name, index in steps:
        if name is not None:
            found = found.get(name, _ABSENT) if isinstance(found, dict) else _ABSENT
        elif isinstance(found, list) and index != "*" and int(index) < len(found):
            found = found[int(index)]
        else:
            return _ABSENT
    return found
