"""JSON filter patterns, `{ $.a.b = "x" && ($.n > 3 || $.s = %re%) }`, compiled to predicates.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "JSON log events".
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from lambdatop.demo.condition_parser import ConditionParser, Selector

_STEP = re.compile(r"\.([\w*-]+)|\[(\d+|\*)\]|\.?\['([^']+)'\]")


def compile_json_pattern(pattern: str) -> Callable[[str], bool]:
    """Whether a message is a JSON object that fits. Raises ValueError for a pattern that cannot be read.

    >>> compile_json_pattern('{ $.record.status != "success" && $.n >= 3 }')('{"record": {"status": "x"}, "n": 3}')
    True
    """
    stripped = pattern.strip()
    if not stripped.endswith("}"):
        raise ValueError("a JSON pattern ends with }")
    fits = ConditionParser(stripped[1:-1], _selector, is_text=False).read()

    def matches(message: str) -> bool:
        if "{" not in message:
            return False
        try:
            document = msgspec.json.decode(message)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return False
        return isinstance(document, dict) and fits(document)

    return matches


def _selector(path: str) -> Selector:
    if not path.startswith("$"):
        raise ValueError("a condition begins with a selector")
    steps = [(name or quoted or None, index) for name, index, quoted in _STEP.findall(path)]
    return lambda document: _select(document, steps)


def _select(document: Any, steps: list[tuple[str | None, str]]) -> list[Any]:  # noqa: ANN401  # JSON may hold anything
    """What a path leads to: nothing, one value, or with `[*]` one for each element of an array."""
    found = [document]
    for name, index in steps:
        if name is not None:
            found = [item[name] for item in found if isinstance(item, dict) and name in item]
        elif index == "*":
            found = [element for item in found if isinstance(item, list) for element in item]
        else:
            found = [item[int(index)] for item in found if isinstance(item, list) and int(index) < len(item)]
    return found
