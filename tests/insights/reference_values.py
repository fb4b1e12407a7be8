"""Values of the reference: null is None, every other scalar is its text, a structure is a `Structure`."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
BLANK = " \t\n\v\f\r"


class Time(str):
    """The text of a timestamp's milliseconds, which an answer writes as a date."""

    __slots__ = ()


class JsonNumber(str):
    """A number in JSON, as it was written."""

    __slots__ = ()


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _first_of_equal(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: next(item for other, item in pairs if other == key) for key, _ in pairs}


JSON_DECODER = json.JSONDecoder(
    parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=_refused, object_pairs_hook=_first_of_equal
)
"""Numbers as written, and no NaN or Infinity."""


@dataclass(frozen=True)
class Structure:
    """A map or a list, as `json.loads` makes it, but with its numbers as written."""

    content: Any


Value = str | Structure | None


def number_of(value: Value) -> float | None:
    """The number that a value counts as."""
    if not isinstance(value, str) or NUMBER.fullmatch(value) is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def number_text(number: float | None) -> Value:
    """A computed number as text; None where it is not finite."""
    if number is None or not math.isfinite(number):
        return None
    return "0" if number == 0 else repr(float(number)).removesuffix(".0")


def boolean(is_true: bool) -> str:
    """A Boolean as value."""
    return "1" if is_true else "0"


def holds(value: Value) -> bool:
    """Whether a value is a condition that holds."""
    return number_of(value) not in (None, 0)


def compare(operator: str, left: Value, right: Value) -> bool:
    """A comparison by number where both are numbers, by text where neither is."""
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    numbers = number_of(left), number_of(right)
    if numbers[0] is not None and numbers[1] is not None:
        return _ordered(operator, numbers[0], numbers[1])
    if numbers[0] is None and numbers[1] is None:
        return _ordered(operator, str(left), str(right))
    return operator == "!="


def _ordered(operator: str, left: Any, right: Any) -> bool:  # noqa: ANN401 - two numbers or two texts
    by_operator: dict[str, Callable[[], bool]] = {
        "=": lambda: bool(left == right),
        "!=": lambda: bool(left != right),
        "<": lambda: bool(left < right),
        "<=": lambda: bool(left <= right),
        ">": lambda: bool(left > right),
        ">=": lambda: bool(left >= right),
    }
    return by_operator[operator]()


def sort_key(value: Value) -> tuple[Any, ...]:
    """Null, then text in natural order, then numbers."""
    if not isinstance(value, str):
        return (0,)
    number = number_of(value)
    if number is not None:
        return (2, number)
    # A run of digits stands where its first digit would, shorter runs first.
    return (
        1,
        [(ord("0"), len(part), part) if part[0] in "0123456789" else (ord(part), 0, "") for part in _parts(value)],
    )


def _parts(text: str) -> list[str]:
    return re.findall(r"[0-9]+|[^0-9]", text, re.DOTALL)


def read_json(text: Value) -> Value:
    """The structure that a text says, if it says one."""
    if not isinstance(text, str):
        return None
    try:
        content = JSON_DECODER.decode(text)
    except ValueError:
        return None
    return Structure(content) if isinstance(content, dict | list) else None


def from_json(content: object) -> Value:
    """A part of a structure as value."""
    if content is None:
        return None
    if isinstance(content, bool):
        return boolean(content)
    return Structure(content) if isinstance(content, dict | list) else sound(str(content))


def sound(text: str) -> str:
    """A text with a question mark for each half of a surrogate pair, which JSON can have and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def json_text(content: object) -> str:
    """A part of a structure as compact JSON."""
    if isinstance(content, dict):
        return "{" + ",".join(f"{json_text(key)}:{json_text(item)}" for key, item in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ",".join(map(json_text, content)) + "]"
    if isinstance(content, str) and not isinstance(content, JsonNumber):
        return json.dumps(sound(content), ensure_ascii=False)
    return content if isinstance(content, JsonNumber) else json.dumps(content)


def answer_text(value: Value) -> str | None:
    """A value as an answer shows it."""
    if isinstance(value, Time):
        moment = datetime.fromtimestamp(int(value) // 1000, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S}.{int(value) % 1000:03}"
    return json_text(value.content) if isinstance(value, Structure) else value


def python_regex(pattern: str) -> re.Pattern[str]:
    """RE2's expression as Python's; of what differs only the names of groups and the end of the text are seen to."""
    named = pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", named), re.ASCII)
