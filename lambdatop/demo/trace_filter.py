"""X-Ray filter expressions over trace summaries.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html. Served are the keywords ok, error,
fault, throttle and partial, comparisons of responsetime, duration, http.*, user, resource.arn and annotations,
service(…) and edge(…) with or without an expression of their own, AND, OR, ! and brackets.
"""

import operator
import re
from collections.abc import Callable

from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError

SummaryPredicate = Callable[[Document], bool]

_ID = r"""id\(\s*name\s*:\s*"[^"]*"(?:\s*,\s*type\s*:\s*"[^"]*")?\s*\)|"[^"]*\""""
_TOKEN = re.compile(
    rf"""\s*(?:service\(\s*(?P<service>{_ID})?\s*\)|edge\(\s*(?P<source>{_ID})\s*,\s*(?P<target>{_ID})\s*\)"""
    r"""|annotation(?:\[(?P<key>\w+)\]|\.(?P<dotted_key>\w+))|(?P<mark>!=|>=|<=|[!=<>(){}])|"(?P<text>[^"]*)\""""
    r"""|(?P<word>[\w.-]+))"""
)
_QUOTED = re.compile(r'"([^"]*)"')
_FLAGS: dict[str, SummaryPredicate] = {
    "error": lambda summary: bool(summary["HasError"]),
    "fault": lambda summary: bool(summary["HasFault"]),
    "throttle": lambda summary: bool(summary["HasThrottle"]),
    "partial": lambda summary: bool(summary["IsPartial"]),
    "ok": lambda summary: not (summary["HasError"] or summary["HasFault"] or summary["HasThrottle"]),
}
Values = Callable[[Document], list[object]]
_VALUES: dict[str, Values] = {
    "responsetime": lambda summary: [summary["ResponseTime"]],
    "duration": lambda summary: [summary["Duration"]],
    "http.status": lambda summary: [summary["Http"].get("HttpStatus")],
    "http.url": lambda summary: [summary["Http"].get("HttpURL")],
    "http.method": lambda summary: [summary["Http"].get("HttpMethod")],
    "http.useragent": lambda summary: [summary["Http"].get("UserAgent")],
    "http.clientip": lambda summary: [summary["Http"].get("ClientIp")],
    "user": lambda summary: [user["UserName"] for user in summary["Users"]],
    "resource.arn": lambda summary: [resource["ARN"] for resource in summary["ResourceARNs"]],
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
_COMPARISONS = {*_NUMBER_TESTS, *_TEXT_TESTS}


def compile_filter_expression(expression: str) -> SummaryPredicate:
    """Whether a summary fits; Services and Edges beside its own members say what `service_views` found.

    Raises InvalidRequestException for what cannot be read or is not served.

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
            self._close(")")
            return grouped
        token = self._take()
        if token[0].lstrip().startswith("service("):
            return self._service(token["service"])
        if token["source"] is not None:
            return self._edge(token["source"], token["target"])
        if (key := token["key"] or token["dotted_key"]) is not None:
            return self._annotation(key)
        word = (token["word"] or "").lower()
        if word in _FLAGS:
            return _FLAGS[word]
        if word in _VALUES:
            return _comparison(_VALUES[word], self._take(), self._take())
        raise _invalid(token[0])

    def _service(self, identity: str | None) -> SummaryPredicate:
        is_it, inner = _identity(identity), self._braces()
        return lambda summary: any(is_it(view) and inner(view) for view in summary["Services"])

    def _edge(self, source: str, target: str) -> SummaryPredicate:
        is_source, is_target, inner = _identity(source), _identity(target), self._braces()
        return lambda summary: any(is_source(a) and is_target(b) and inner(b) for a, b in summary["Edges"])

    def _annotation(self, key: str) -> SummaryPredicate:
        def values(summary: Document) -> list[object]:
            told = summary["Annotations"].get(key, [])
            return [value for one in told for value in one["AnnotationValue"].values()]

        following = self._tokens[-1] if self._tokens else None
        if following is not None and {following["mark"], (following["word"] or "").upper()} & _COMPARISONS:
            return _comparison(values, self._take(), self._take())
        return lambda summary: bool(values(summary))

    def _braces(self) -> SummaryPredicate:
        """The expression in braces that a service or an edge may have."""
        if not self._take_if("{"):
            return lambda _view: True
        inner = self.any_of()
        self._close("}")
        return inner

    def _close(self, mark: str) -> None:
        if not self._take_if(mark):
            raise _invalid("a bracket is not closed")

    def _take(self) -> re.Match[str]:
        if not self._tokens:
            raise _invalid("the expression breaks off")
        return self._tokens.pop()

    def _take_if(self, word: str) -> bool:
        if self._tokens and word in {self._tokens[-1]["mark"], (self._tokens[-1]["word"] or "").upper()}:
            self._tokens.pop()
            return True
        return False


def _identity(written: str | None) -> SummaryPredicate:
    """Whether a service is the one named; a name alone goes for every type."""
    quoted = _QUOTED.findall(written or "")
    return lambda view: not quoted or (view["Name"] == quoted[0] and quoted[1:] in ([], [view["Type"]]))


def _comparison(read: Values, sign: re.Match[str], value: re.Match[str]) -> SummaryPredicate:
    mark, word = sign["mark"] or (sign["word"] or "").upper(), value["word"] or ""
    if value["text"] is not None and mark in _TEXT_TESTS:
        text, text_test = value["text"], _TEXT_TESTS[mark]
        return lambda summary: any(isinstance(found, str) and text_test(found, text) for found in read(summary))
    if mark in {"=", "!="} and word.lower() in {"true", "false"}:
        wanted = (word.lower() == "true") == (mark == "=")
        return lambda summary: any(found is wanted for found in read(summary))
    if mark in _NUMBER_TESTS and re.fullmatch(r"-?\d+(\.\d+)?", word):
        number, number_test = float(word), _NUMBER_TESTS[mark]
        return lambda summary: any(
            isinstance(found, int | float) and number_test(found, number) for found in read(summary)
        )
    raise _invalid(f"{sign[0]}{value[0]}")


def _invalid(part: str) -> ServiceError:
    return ServiceError("InvalidRequestException", f"The filter expression is not supported here: {part.strip()}")
