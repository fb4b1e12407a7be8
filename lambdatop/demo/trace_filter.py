"""X-Ray filter expressions over trace summaries.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html. Served are the keywords ok, error,
fault, throttle and partial, comparisons of responsetime, duration and http.*, service(…), AND, OR, ! and brackets.
"""

import operator
import re
from collections.abc import Callable

from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError

SummaryPredicate = Callable[[Document], bool]

_TOKEN = re.compile(
    r"""\s*(?:service\(\s*(?:id\(\s*name\s*:\s*"(?P<id_name>[^"]*)"(?:\s*,\s*type\s*:\s*"(?P<id_type>[^"]*)")?\s*\)"""
    r"""|"(?P<service>[^"]*)")\s*\)|(?P<mark>!=|>=|<=|[!=<>()])|"(?P<text>[^"]*)"|(?P<word>[\w.]+))"""
)
_FLAGS: dict[str, SummaryPredicate] = {
    "error": lambda summary: bool(summary["HasError"]),
    "fault": lambda summary: bool(summary["HasFault"]),
    "throttle": lambda summary: bool(summary["HasThrottle"]),
    "partial": lambda summary: bool(summary["IsPartial"]),
    "ok": lambda summary: not (summary["HasError"] or summary["HasFault"] or summary["HasThrottle"]),
}
_VALUES: dict[str, Callable[[Document], object]] = {
    "responsetime": lambda summary: summary["ResponseTime"],
    "duration": lambda summary: summary["Duration"],
    "http.status": lambda summary: summary["Http"].get("HttpStatus"),
    "http.url": lambda summary: summary["Http"].get("HttpURL"),
    "http.method": lambda summary: summary["Http"].get("HttpMethod"),
    "http.useragent": lambda summary: summary["Http"].get("UserAgent"),
    "http.clientip": lambda summary: summary["Http"].get("ClientIp"),
}
_NUMBER_TESTS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "CONTAINS": operator.contains,
    "BEGINSWITH": str.startswith,
    "ENDSWITH": str.endswith,
}


def compile_filter_expression(expression: str) -> SummaryPredicate:
    """Whether a summary fits. Raises InvalidRequestException for what cannot be read or is not served.

    >>> slow = {"ResponseTime": 3.0, "HasError": False, "HasFault": True, "HasThrottle": False}
    >>> compile_filter_expression("responsetime > 2 AND !error")(slow)
    True
    """
    parser = _Parser(expression)
    predicate = parser.any_of()
    parser.end()
    return predicate


class _Parser:
    """OR binds weaker than AND, and brackets group."""

    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                raise _invalid(text[position:])
            self._tokens.append(match)
            position = match.end()
        self._tokens.reverse()

    def end(self) -> None:
        if self._tokens:
            raise _invalid(self._tokens[-1][0])

    def any_of(self) -> SummaryPredicate:
        parts = [self._all_of()]
        while self._take_if("OR"):
            parts.append(self._all_of())
        return lambda summary: any(part(summary) for part in parts)

    def _all_of(self) -> SummaryPredicate:
        parts = [self._condition()]
        while self._take_if("AND"):
            parts.append(self._condition())
        return lambda summary: all(part(summary) for part in parts)

    def _condition(self) -> SummaryPredicate:
        if self._take_if("!"):
            inner = self._condition()
            return lambda summary: not inner(summary)
        if self._take_if("("):
            grouped = self.any_of()
            if not self._take_if(")"):
                raise _invalid("a bracket is not closed")
            return grouped
        token = self._take()
        name = token["service"] if token["service"] is not None else token["id_name"]
        if name is not None:
            return _has_service(name, token["id_type"])
        word = (token["word"] or "").lower()
        if word in _FLAGS:
            return _FLAGS[word]
        if word in _VALUES:
            return _comparison(_VALUES[word], self._take(), self._take())
        raise _invalid(token[0])

    def _take(self) -> re.Match[str]:
        if not self._tokens:
            raise _invalid("the expression breaks off")
        return self._tokens.pop()

    def _take_if(self, word: str) -> bool:
        if self._tokens and word in {self._tokens[-1]["mark"], (self._tokens[-1]["word"] or "").upper()}:
            self._tokens.pop()
            return True
        return False


def _has_service(name: str, kind: str | None) -> SummaryPredicate:
    return lambda summary: any(
        service["Name"] == name and kind in {None, service["Type"]} for service in summary["ServiceIds"]
    )


def _comparison(read: Callable[[Document], object], sign: re.Match[str], value: re.Match[str]) -> SummaryPredicate:
    mark = sign["mark"] or (sign["word"] or "").upper()
    if value["text"] is not None and mark in _TEXT_TESTS:
        text, text_test = value["text"], _TEXT_TESTS[mark]
        return lambda summary: isinstance(found := read(summary), str) and text_test(found, text)
    if mark in _NUMBER_TESTS and re.fullmatch(r"\d+(\.\d+)?", value["word"] or ""):
        number, number_test = float(value["word"]), _NUMBER_TESTS[mark]
        return lambda summary: isinstance(found := read(summary), int | float) and number_test(found, number)
    raise _invalid(f"{sign[0]}{value[0]}")


def _invalid(part: str) -> ServiceError:
    return ServiceError("InvalidRequestException", f"The filter expression is not supported here: {part.strip()}")
