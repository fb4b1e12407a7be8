"""The conditions on a line's text, tried on a block of lines at once where that is possible."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from lambdatop.model.log_line import FieldCondition, TextCondition
from lambdatop.parsers.bounded_pattern import BoundedPattern, PatternError
from lambdatop.parsers.platform_json import decoded
from lambdatop.store.log_archive_block import SEPARATOR, words_of

Positions = Sequence[int]
"""Which lines of a block, ascending."""
SLOW_WEIGHT, REGEX_WEIGHT = 8, 16
"""What a line costs that is looked at by itself, beside one of a block searched for a literal."""


class InvalidPatternError(ValueError):
    """A pattern is no regular expression, or takes too long; the message is a sentence for its author."""


class BlockText:
    """A block's texts as conditions want them: side by side, in lower case, or line by line."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def lower_text(self) -> bytes:
        """The texts with ASCII letters in lower case."""
        return self.text.lower()

    @cached_property
    def lines(self) -> list[bytes]:
        """The messages one by one."""
        return self.text.split(SEPARATOR)


class TextTest(Protocol):
    """One condition on the text of lines."""

    is_excluded: bool
    words: tuple[bytes, ...]
    """What a block's words must hold, or no line of it matches; see `Block.may_hold`."""
    weight: int
    """What looking at a byte costs."""

    def matching(self, text: BlockText, candidates: Positions) -> Positions:
        """Return those of the candidates that match, and perhaps lines that are no candidates."""
        ...


class LiteralTest:
    """A text that occurs in the line.

    One in lower case matches any case: ASCII letters where the text is ASCII, all letters (`LetterTest`) where not.
    """

    weight = 1

    def __init__(self, literal: str, *, is_excluded: bool, any_case: bool) -> None:
        self.is_excluded = is_excluded
        self.words = words_of(literal.encode("utf-8", "replace"))
        self._literal = literal.encode("utf-8", "replace")
        self._any_case = any_case and self._literal.upper() != self._literal

    def matching(self, text: BlockText, candidates: Positions) -> Positions:  # noqa: ARG002  all lines at once
        """Return the lines that hold the text."""
        return lines_with(text.lower_text if self._any_case else text.text, self._literal)


class LetterTest:
    """A text with letters beyond ASCII, all of them in lower case, that occurs in the line in any case."""

    weight = SLOW_WEIGHT
    words: tuple[bytes, ...] = ()

    def __init__(self, literal: str, *, is_excluded: bool) -> None:
        self.is_excluded = is_excluded
        self._literal = literal

    def matching(self, text: BlockText, candidates: Positions) -> Positions:
        """Return the candidates that hold the text."""
        return [line for line in candidates if self._literal in text.lines[line].decode().lower()]


class RegexTest:
    """A regular expression that matches somewhere in the line."""

    weight = REGEX_WEIGHT
    words: tuple[bytes, ...] = ()

    def __init__(self, pattern: str, *, is_excluded: bool) -> None:
        self.is_excluded = is_excluded
        try:
            self._pattern = BoundedPattern(pattern)
        except PatternError as error:
            raise InvalidPatternError(str(error)) from error

    def matching(self, text: BlockText, candidates: Positions) -> Positions:
        """Return the candidates that match; raises `InvalidPatternError` when a line takes too long."""
        is_in = self._pattern.is_in
        try:
            return [line for line in candidates if is_in(text.lines[line].decode())]
        except PatternError as error:
            raise InvalidPatternError(str(error)) from error


class FieldTest:
    """A field of the line's JSON object that has a value."""

    weight = SLOW_WEIGHT
    words: tuple[bytes, ...] = ()

    def __init__(self, condition: FieldCondition) -> None:
        self.is_excluded = condition.is_excluded
        self._field = condition.field
        self._name_end = condition.field.rpartition(".")[2].encode("utf-8", "replace") + b'"'
        self._any_case = bool(_case_flag(condition.value))
        self._parts = condition.value.split("*")

    def matching(self, text: BlockText, candidates: Positions) -> Positions:
        r"""Return the candidates with the value; a name may be written with escapes, so a backslash hides it."""
        return [
            line
            for line in candidates
            if (self._name_end in (message := text.lines[line]) or b"\\" in message) and self._has_value(message)
        ]

    def _has_value(self, message: bytes) -> bool:
        fields = json_object(message.decode())
        return fields is not None and any(
            self._is_value(text) for value in _values(fields, self._field) for text in _texts(value)
        )

    def _is_value(self, text: str) -> bool:
        """Whether the text is the parts with anything between: the first at its start, the last at its end."""
        text = text.lower() if self._any_case else text
        first, *others = self._parts
        if not others:
            return text == first
        *middle, last = others
        place, end = len(first), len(text) - len(last)
        for part in middle:
            place = text.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return place <= end and text.startswith(first) and text.endswith(last)


def compiled(pattern: str) -> re.Pattern[str]:
    r"""Return the regular expression, which in lower case matches any case; raises `InvalidPatternError`.

    >>> compiled(r"boom\D").search("BOOM!") is None, compiled("Boom").search("boom") is None
    (False, True)
    """
    letters = re.sub(r"\\.", "", pattern, flags=re.DOTALL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern, _case_flag(letters))
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidPatternError(f"Not a regular expression: {error}.") from error


def text_test(condition: TextCondition) -> TextTest:
    """Return the test of a condition; raises `InvalidPatternError`."""
    pattern, is_excluded = condition.pattern, condition.is_excluded
    if condition.is_regex:
        return RegexTest(pattern, is_excluded=is_excluded)
    any_case = bool(_case_flag(pattern))
    if any_case and not pattern.isascii() and pattern.upper() != pattern:
        return LetterTest(pattern, is_excluded=is_excluded)
    return LiteralTest(pattern, is_excluded=is_excluded, any_case=any_case)


def lines_with(text: bytes, literal: bytes) -> list[int]:
    """Return which lines of the text hold the literal, jumping from each to the next.

    >>> lines_with(b"one" + SEPARATOR + b"two one one" + SEPARATOR + b"three", b"one")
    [0, 1]
    """
    found: list[int] = []
    line = start = 0
    place = text.find(literal)
    while place >= 0:
        line += text.count(SEPARATOR, start, place)
        found.append(line)
        start = text.find(SEPARATOR, place)
        if start < 0:
            break
        place = text.find(literal, start)
    return found


def json_object(message: str) -> dict[str, Any] | None:
    """Return the JSON object that a message is, or that follows a logger's columns; None without one."""
    start = 0 if message.startswith("{") else message.find("\t{") + 1
    return decoded(message[start:]) if message.startswith("{", start) else None


def _case_flag(pattern: str) -> re.RegexFlag:
    return re.NOFLAG if any(letter.isupper() for letter in pattern) else re.IGNORECASE


def _values(fields: dict[str, Any], path: str) -> Iterator[object]:
    """Yield what a dotted path leads to; a name may itself hold dots."""
    if path in fields:
        yield fields[path]
    place = path.find(".")
    while place >= 0:
        inner = fields.get(path[:place])
        if isinstance(inner, dict):
            yield from _values(inner, path[place + 1 :])
        place = path.find(".", place + 1)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    else:
        yield value if isinstance(value, str) else msgspec.json.encode(value).decode()
