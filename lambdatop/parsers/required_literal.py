"""Texts without which a regular expression cannot match, to rule out lines before it is tried.

Of each set one text must occur in any line that matches. What is not certain is left out: too few texts cost time,
one too many would lose a match.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from lambdatop.parsers.pattern_tree import Node, flags_within, pattern_tree

CASES_BEYOND_ASCII = {"k": "\u212a", "s": "\u017f", "i": "\u0130\u0131"}
"""What else matches an ASCII letter in any case: the Kelvin sign, the long s, the Turkish i's."""
MOST_ALTERNATIVES = 16
MOST_CHARACTERS = 64
LEAST_CHARACTERS = 2
"""A single character is in nearly every line."""


class RequiredLiteral(NamedTuple):
    """A text that must occur; with `is_any_case` it is in lower case and its ASCII letters match any."""

    text: str
    is_any_case: bool = False

    def __add__(self, other: tuple[Any, ...]) -> "RequiredLiteral":
        """The two side by side; any case where one of them has it, which rules out less."""
        text, is_any_case = other
        if self.is_any_case == is_any_case:
            return RequiredLiteral(self.text + text, is_any_case)
        return RequiredLiteral(_lower(self.text + text), is_any_case=True)


Alternatives = frozenset[RequiredLiteral]
"""One of these must occur."""


class _Part(NamedTuple):
    """What is known of a part of a pattern: all that it can match, or, where that is None, what it needs."""

    exact: Alternatives | None
    required: tuple[Alternatives, ...] = ()


_NOTHING: Alternatives = frozenset([RequiredLiteral("")])
_ANYTHING = _Part(None)


def required_literals(pattern: str) -> tuple[Alternatives, ...]:
    r"""Return sets of texts, the most telling first: every line that matches holds one of each.

    >>> [sorted(literal.text for literal in literals) for literals in required_literals(r"Order \d+ declined")]
    [[' declined'], ['Order ']]
    >>> [sorted(literal.text for literal in literals) for literals in required_literals("Time(d )?out|Refused")]
    [['Refused', 'Timed out', 'Timeout']]
    """
    parsed = pattern_tree(pattern)
    if parsed is None:
        return ()
    try:
        return _sorted(_required(_sequence(*parsed)))
    except RecursionError:
        return ()


def _sequence(nodes: Sequence[Node], flags: re.RegexFlag) -> _Part:
    """Return what is known of parts that follow each other: what is exact grows until something is not."""
    required: list[Alternatives] = []
    exact, is_whole = _NOTHING, True
    for node in nodes:
        part = _part(node, flags)
        joined = None if part.exact is None else _joined(exact, part.exact)
        if joined is not None:
            exact = joined
            continue
        is_whole = False
        required += [exact, *part.required]
        exact = _NOTHING if part.exact is None else part.exact
    return _Part(exact) if is_whole else _Part(None, tuple(filter(_is_telling, (*required, exact))))


def _part(node: Node, flags: re.RegexFlag) -> _Part:
    operation, value = node
    if operation is op.LITERAL:
        return _Part(_characters([value], flags))
    if operation is op.IN:
        return _Part(_class(value, flags))
    if operation is op.SUBPATTERN:
        _, added, removed, nodes = value
        return _sequence(nodes, flags_within(flags, added, removed))
    if operation is op.ATOMIC_GROUP:
        return _sequence(value, flags)
    if operation is op.BRANCH:
        return _branch([_sequence(nodes, flags) for nodes in value[1]])
    if operation in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        least, most, nodes = value
        return _repeat(least, most, _sequence(nodes, flags))
    if operation is op.ASSERT:
        return _Part(None, _required(_sequence(value[1], flags)))
    return _Part(_NOTHING) if operation in {op.AT, op.ASSERT_NOT} else _ANYTHING


def _branch(parts: list[_Part]) -> _Part:
    exact = frozenset[RequiredLiteral]().union(*[part.exact or () for part in parts])
    if all(part.exact is not None for part in parts) and len(exact) <= MOST_ALTERNATIVES:
        return _Part(exact)
    best = [next(iter(_sorted(_required(part))), None) for part in parts]
    either = frozenset[RequiredLiteral]().union(*[literals or () for literals in best])
    return _Part(None, (either,)) if None not in best and _is_telling(either) else _ANYTHING


def _repeat(least: int, most: int, part: _Part) -> _Part:
    if least == 0:
        is_optional = most == 1 and part.exact is not None and len(part.exact) < MOST_ALTERNATIVES
        return _Part(part.exact | _NOTHING) if is_optional and part.exact is not None else _ANYTHING
    repeated: Alternatives | None = None
    if part.exact is not None:
        repeated = _NOTHING
        for _ in range(min(least, MOST_CHARACTERS)):
            repeated = None if repeated is None else _joined(repeated, part.exact)
    if repeated is not None and least == most <= MOST_CHARACTERS:
        return _Part(repeated)
    return _Part(None, _required(part if repeated is None else _Part(repeated)))


def _class(items: Sequence[Node], flags: re.RegexFlag) -> Alternatives | None:
    codes: list[int] = []
    for operation, value in items:
        if operation is op.LITERAL:
            codes.append(value)
        elif operation is op.RANGE and value[1] - value[0] < MOST_ALTERNATIVES:
            codes += range(value[0], value[1] + 1)
        else:
            return None
    return _characters(codes, flags) if len(codes) <= MOST_ALTERNATIVES else None


def _characters(codes: Iterable[int], flags: re.RegexFlag) -> Alternatives | None:
    """Return the characters; None when one is no text, or matches others that are not told here."""
    found = []
    for character in map(chr, codes):
        is_any_case = bool(flags & re.IGNORECASE) and (character.isalpha() or not character.isascii())
        if "\ud800" <= character <= "\udfff" or (is_any_case and not character.isascii()):
            return None
        found.append(RequiredLiteral(_lower(character) if is_any_case else character, is_any_case))
    return frozenset(found)


def _joined(before: Alternatives, after: Alternatives) -> Alternatives | None:
    """Return each of one followed by each of the other; None when these are too many or too long."""
    if len(before) * len(after) > MOST_ALTERNATIVES:
        return None
    joined = frozenset([first + second for first, second in product(before, after)])
    return joined if all(len(literal.text) <= MOST_CHARACTERS for literal in joined) else None


def _required(part: _Part) -> tuple[Alternatives, ...]:
    return part.required if part.exact is None else tuple(filter(_is_telling, [part.exact]))


def _is_telling(literals: Alternatives) -> bool:
    return 0 < len(literals) <= MOST_ALTERNATIVES and all(len(text) >= LEAST_CHARACTERS for text, _ in literals)


def _sorted(required: tuple[Alternatives, ...]) -> tuple[Alternatives, ...]:
    """Return each set once, long texts and few alternatives first."""
    return tuple(sorted(dict.fromkeys(required), key=lambda texts: (-min(len(text) for text, _ in texts), len(texts))))


def _lower(text: str) -> str:
    """Return the text with its ASCII letters in lower case."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
