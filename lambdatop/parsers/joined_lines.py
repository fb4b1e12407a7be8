r"""A regular expression tried on many lines in one call, which costs a tenth of a call for each.

The lines stand side by side with `JOINT` between them. The pattern is written anew so that nothing in it matches a
joint, and so that lines begin and end there: `.` becomes `[^\n\x00]`, `$` becomes `(?=\n?\x00)`.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any

import regex

from lambdatop.parsers.pattern_tree import Node, flags_within, pattern_tree

JOINT = "\0"
"""Between the lines, before the first and after the last; no line may hold it."""
_CLASSES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_PLACES = {
    op.AT_BEGINNING: r"(?<=\x00)", op.AT_BEGINNING_STRING: r"(?<=\x00)", op.AT_END: r"(?=\n?\x00)",
    op.AT_END_STRING: r"(?=\x00)", op.AT_BOUNDARY: r"\b", op.AT_NON_BOUNDARY: r"\B",
}  # fmt: skip
_PLACES_OF_LINES = {op.AT_BEGINNING: r"(?<=[\x00\n])", op.AT_END: r"(?=[\x00\n])"}
_REPEATS = {op.MAX_REPEAT: "", op.MIN_REPEAT: "?", op.POSSESSIVE_REPEAT: "+"}
_BEGINNINGS = ((op.AT, op.AT_BEGINNING), (op.AT, op.AT_BEGINNING_STRING))
_NEVER = "(?!)"
_FOLDED_UNLIKE = frozenset("\u0130\u0131")
"""The Turkish i's, which `regex` compares with others in one way letter by letter and in another as part of a text."""


class JoinedLines:
    """A pattern that finds which of the joined lines it matches in."""

    def __init__(self, nodes: list[Node], flags: re.RegexFlag) -> None:
        options = regex.VERSION0 | (regex.IGNORECASE if flags & re.IGNORECASE else 0)
        is_at_beginning = bool(nodes) and nodes[0] in _BEGINNINGS and not flags & re.MULTILINE
        rewritten = rf"\x00(?:{_written(nodes[1:], flags)})" if is_at_beginning else f"(?:{_written(nodes, flags)})"
        self._find: Any = regex.compile(rf"{rewritten}[^\x00]*+", options, cache_pattern=False).finditer
        self._first = 0 if is_at_beginning else 1
        """Where the first match may begin: one that begins a line takes the joint before it, which is found sooner."""

    def matching(self, joined: str, limit_s: float) -> list[int]:
        """Return the numbers of the lines that match; raises `TimeoutError` when that takes longer than the limit."""
        found: list[int] = []
        line, place, last = 0, 1, len(joined) - 1
        for match in self._find(joined, self._first, timeout=limit_s, concurrent=False):
            start = match.start() + 1 - self._first
            if start > last:
                break
            line += joined.count(JOINT, place, start)
            if not found or found[-1] != line:
                found.append(line)
            place = match.end()
        return found


def joined_lines(pattern: str) -> JoinedLines | None:
    r"""Return the pattern for joined lines; None when it cannot be written anew with certainty.

    >>> joined_lines("^b.?$").matching("\0bc\0abc\0b\0", limit_s=1)
    [0, 2]
    """
    parsed = pattern_tree(pattern)
    if parsed is None or (parsed[1] & re.IGNORECASE and _FOLDED_UNLIKE & set(pattern)):
        return None
    try:
        return JoinedLines(*parsed)
    except (_UnknownError, regex.error, OverflowError, RecursionError, MemoryError):
        return None


class _UnknownError(Exception):
    """Something in the pattern that is not written anew."""


def _written(nodes: Iterable[Node], flags: re.RegexFlag) -> str:
    return "".join([_node(node, flags) for node in nodes])


def _node(node: Node, flags: re.RegexFlag) -> str:
    operation, value = node
    if operation is op.LITERAL:
        return re.escape(chr(value)) if value else f"(?:{_NEVER})"
    if operation is op.NOT_LITERAL:
        return rf"[^\x00{re.escape(chr(value))}]"
    if operation is op.ANY:
        return r"[^\x00]" if flags & re.DOTALL else r"[^\n\x00]"
    if operation is op.IN:
        return _class(value)
    if operation is op.AT:
        places = _PLACES | _PLACES_OF_LINES if flags & re.MULTILINE else _PLACES
        return places[value]
    if operation in _REPEATS:
        least, most, nodes = value
        count = f"{{{least},{'' if most is op.MAXREPEAT else most}}}"
        return f"{_single(nodes, flags)}{count}{_REPEATS[operation]}"
    return _group(node, flags)


def _single(nodes: Sequence[Node], flags: re.RegexFlag) -> str:
    """Return what a count may follow."""
    is_single = len(nodes) == 1 and nodes[0][0] in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}
    written = _written(nodes, flags)
    return written if is_single else f"(?:{written})"


def _group(node: Node, flags: re.RegexFlag) -> str:
    operation, value = node
    if operation is op.SUBPATTERN:
        _, added, removed, nodes = value
        inner = flags_within(flags, added, removed)
        if (inner ^ flags) & re.IGNORECASE:
            raise _UnknownError(operation)
        return f"(?:{_written(nodes, inner)})"
    if operation is op.BRANCH:
        return f"(?:{'|'.join([_written(nodes, flags) for nodes in value[1]])})"
    if operation is op.ATOMIC_GROUP:
        return f"(?>{_written(value, flags)})"
    if operation in {op.ASSERT, op.ASSERT_NOT}:
        direction, nodes = value
        sign = "=" if operation is op.ASSERT else "!"
        return f"(?{'<' if direction < 0 else ''}{sign}{_written(nodes, flags)})"
    raise _UnknownError(operation)


def _class(items: list[Node]) -> str:
    r"""Return a class without the joint: one that lists classes such as `\W` looks before it takes."""
    is_negated = items[0][0] is op.NEGATE
    members = "".join([_member(item) for item in items[is_negated:]])
    if is_negated:
        return rf"[^\x00{members}]"
    negative = [value for operation, value in items if operation is op.CATEGORY and "NOT" in str(value)]
    if negative and len(items) == 1:
        return rf"[^\x00{_CLASSES[negative[0]].lower()}]"
    if negative:
        return rf"(?:(?!\x00)[{members}])"
    return f"[{members}]" if members else f"(?:{_NEVER})"


def _member(item: Node) -> str:
    operation, value = item
    if operation is op.LITERAL:
        return re.escape(chr(value)) if value else ""
    if operation is op.RANGE:
        first, last = max(value[0], 1), value[1]
        return f"{re.escape(chr(first))}-{re.escape(chr(last))}" if first <= last else ""
    if operation is op.CATEGORY:
        return _CLASSES[value]
    raise _UnknownError(operation)
