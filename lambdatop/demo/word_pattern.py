"""Space-delimited filter patterns, `[ip, user, ..., status=4*, bytes > 1000]`, compiled to predicates.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "space-delimited log
events".
"""

import re
from collections.abc import Callable

from lambdatop.demo.condition_parser import Condition, ConditionParser, Selector

_FIELD = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|%[^%]+%|[^,"%])*)(?:,|$)""")
_LABEL = re.compile(r"[\w.-]+")
_WORD = re.compile(r"""\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)""")
_ELLIPSIS = "..."


def compile_word_pattern(pattern: str) -> Callable[[str], bool]:
    """Whether a message has the pattern's words. Raises ValueError for a pattern that cannot be read.

    Text in quotes or square brackets is one word. `...` stands for any number of words; without it a last name that
    has no condition takes all that is left.

    >>> compile_word_pattern("[level=ERROR || level=WARN, ..., bytes > 1000]")("WARN GET /x 2048")
    True
    """
    stripped = pattern.strip()
    if not stripped.endswith("]"):
        raise ValueError("a space-delimited pattern ends with ]")
    fields = _fields(stripped[1:-1])
    if fields.count(_ELLIPSIS) > 1:
        raise ValueError("... may stand once")
    labels = [field if field == _ELLIPSIS else _label(field) for field in fields]
    conditions = [_condition(field, label) for field, label in zip(fields, labels, strict=True) if field != label]
    is_open = _ELLIPSIS not in fields and fields[-1] == labels[-1]

    def matches(message: str) -> bool:
        words = [next((part for part in found if part), "") for found in _WORD.findall(message)]
        named = _name(labels, words, is_open=is_open)
        return named is not None and all(condition(named) for condition in conditions)

    return matches


def _fields(text: str) -> list[str]:
    fields, position = [], 0
    while position <= len(text):
        match = _FIELD.match(text, position)
        if match is None or not match[1].strip():
            raise ValueError(f"unreadable at {text[position:]}")
        fields.append(match[1].strip())
        if match.end() == len(text):
            break
        position = match.end()
    return fields


def _label(field: str) -> str:
    match = _LABEL.match(field.lstrip("( "))
    if match is None:
        raise ValueError(f"a name is missing in {field}")
    return match[0]


def _condition(field: str, label: str) -> Condition:
    def select(name: str) -> Selector:
        if name != label:
            raise ValueError(f"a condition on {label} names {name}")
        return lambda named: [named[name]]

    return ConditionParser(field, select, is_text=True).read()


def _name(labels: list[str], words: list[str], *, is_open: bool) -> dict[str, str] | None:
    """The words by the pattern's names; None where they are too few or too many."""
    if _ELLIPSIS in labels:
        before = labels.index(_ELLIPSIS)
        after = len(labels) - before - 1
        if len(words) < before + after:
            return None
        named = dict(zip(labels[:before], words, strict=False))
        return named | dict(zip(labels[before + 1 :], words[len(words) - after :], strict=True))
    if len(words) < len(labels) or (len(words) > len(labels) and not is_open):
        return None
    last = " ".join(words[len(labels) - 1 :])
    return dict(zip(labels, [*words[: len(labels) - 1], last], strict=True))
