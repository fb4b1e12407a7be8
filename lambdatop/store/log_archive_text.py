"""The conditions on a line's text, tried on a block of lines at once where that is possible."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from lambdatop.model.log_line import FieldCondition
from lambdatop.parsers.pattern_tree import matches_any_case
from lambdatop.parsers.platform_json import decoded
from lambdatop.store.log_archive_block import SEPARATOR, Block, words_of
from lambdatop.store.log_archive_budget import Budget

Positions = Sequence[int]
"""Which lines of a block, ascending."""
SLOW_WEIGHT = 12
"""What a line costs that is looked at by itself, beside one of a block searched for a literal."""


class InvalidPatternError(ValueError):
    """A pattern is no regular expression, or takes too long; the message is a sentence for its author."""


class BlockText:
    """A block's texts as conditions want them: side by side, in lower case, or line by line.

    It keeps as well how far a condition has come that is tried over several steps.
    """

    def __init__(self, text: bytes, count: int) -> None:
        self.text = text
        self.count = count
        """How many lines there are."""
        self.to_try: Positions | None = None
        """The lines that the condition is tried on; None while there is none under way."""
        self.tried = 0
        """So many of them have been."""
        self.matched: list[int] = []

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
    words_sought: int
    """How many words `may_be_in` looks for."""
    weight: int
    """What looking at a byte costs."""

    def may_be_in(self, block: Block) -> bool:
        """Whether some line of the block may match, by the words it holds; see `Block.may_hold`."""
        ...

    def matching(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions | None:
        """Return those of the candidates that match, and perhaps lines that are no candidates.

        None when the budget was spent before that was known: the text remembers how far it came.
        """
        ...


class LiteralTest:
    """A text that occurs in the line.

    One in lower case matches any case: ASCII letters where the text is ASCII, all letters (`LetterTest`) where not.
    """

    weight = 1

    def __init__(self, literal: str, *, is_excluded: bool, any_case: bool) -> None:
        self.is_excluded = is_excluded
        self._words = words_of(literal.encode("utf-8", "replace"))
        self.words_sought = len(self._words)
        self._literal = literal.encode("utf-8", "replace")
        self._any_case = any_case and self._literal.upper() != self._literal

    def may_be_in(self, block: Block) -> bool:
        """Whether the block holds the text's words."""
        return block.may_hold(self._words)

    def matching(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions:  # noqa: ARG002  all lines at once
        """Return the lines that hold the text."""
        return lines_with(text.lower_text if self._any_case else text.text, self._literal)


class LetterTest:
    """A text with letters beyond ASCII, all of them in lower case, that occurs in the line in any case."""

    weight = SLOW_WEIGHT
    words_sought = 0

    def __init__(self, literal: str, *, is_excluded: bool) -> None:
        self.is_excluded = is_excluded
        self._literal = literal

    def may_be_in(self, block: Block) -> bool:  # noqa: ARG002  words know ASCII letters alone
        """Any block may."""
        return True

    def matching(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions:  # noqa: ARG002  at once
        """Return the candidates that hold the text."""
        return [line for line in candidates if self._literal in text.lines[line].decode().lower()]


class FieldTest:
    """A field of the line's JSON object that has a value."""

    weight = SLOW_WEIGHT
    words_sought = 0

    def __init__(self, condition: FieldCondition) -> None:
        self.is_excluded = condition.is_excluded
        self._field = condition.field
        self._name_end = condition.field.rpartition(".")[2].encode("utf-8", "replace") + b'"'
        self._any_case = is_any_case(condition.value)
        self._parts = condition.value.split("*")

    def may_be_in(self, block: Block) -> bool:  # noqa: ARG002  a name may be written with escapes
        """Any block may."""
        return True

    def matching(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions:  # noqa: ARG002  at once
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
    flag = re.IGNORECASE if matches_any_case(pattern) else re.NOFLAG
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern, flag)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidPatternError(f"Not a regular expression: {error}.") from error


def lines_with(text: bytes, literal: bytes, most: int | None = None) -> list[int]:
    """Return which lines of the text hold the literal, jumping from each to the next; one more than `most` ends it.

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
        if start < 0 or (most is not None and len(found) > most):
            break
        place = text.find(literal, start)
    return found


def json_object(message: str) -> dict[str, Any] | None:
    """Return the JSON object that a message is, or that follows a logger's columns; None without one."""
    start = 0 if message.startswith("{") else message.find("\t{") + 1
    return decoded(message[start:]) if message.startswith("{", start) else None


def is_any_case(text: str) -> bool:
    """Whether a text matches any case, having no capital letter."""
    return not any(letter.isupper() for letter in text)


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
