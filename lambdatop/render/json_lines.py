"""JSON as indented lines without braces: keys, values in the colours of their types, texts within texts opened."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

import msgspec

from lambdatop.parsers.platform_json import decoded
from lambdatop.render.field_words import bare_key, is_stack
from lambdatop.render.log_message import break_count
from lambdatop.render.printable import printable, printable_spans
from lambdatop.render.span import Line, Span
from lambdatop.render.words import said

VALUE_LIMIT = 20_000
"""Characters of one value."""
TEXT_LINES_MAX = 500
"""Lines of one text."""
_DEPTH_MAX = 40
_SHORT_LIST = 60
_STEP = "  "
_NOT_A_TEXT = re.compile(r"\A(?:-?\d[\d.eE+\-]*|true|false|null|[\[{\-].*|\s.*|.*\s|)\Z", re.DOTALL)
"""Texts that would be taken for another type, or for none, are in quotes."""


def json_lines(value: object, indent: str = "", depth: int = 0) -> Iterator[Line]:
    """Yield an object's or a list's lines, each beginning with `indent`.

    >>> ["".join(span.text for span in line) for line in json_lines({"a": {"b": [1, "x"]}, "c": "7"})]
    ['a:', '  b: [1, x]', 'c: "7"']
    """
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _entry(str(key), inner, indent, depth)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _item(inner, indent, depth)
    else:
        yield (said(indent), _scalar(value))


def _entry(key: str, value: object, indent: str, depth: int) -> Iterator[Line]:
    head = (said(indent), said(printable(key, 200), "accent"), said(":", "dim"))
    lines = _block(bare_key(key), value, indent + _STEP, depth)
    if lines is None:
        yield (*head, said(" "), _scalar(value))
        return
    yield (*head, *((said(" JSON text", "dim"),) if isinstance(value, str) and decoded(value) is not None else ()))
    yield from lines


def _item(value: object, indent: str, depth: int) -> Iterator[Line]:
    dash = (said(indent), said("- ", "dim"))
    lines = _block("", value, indent + _STEP, depth)
    if lines is None:
        yield (*dash, _scalar(value))
        return
    first = next(lines, ())
    if isinstance(value, dict) and first:
        yield from chain([(*dash, *first[1:])], lines)
    else:
        yield from chain([dash, first], lines)


def _block(bare: str, value: object, indent: str, depth: int) -> Iterator[Line] | None:
    """Return the lines of a value that takes several, None for one that fits beside its key."""
    if isinstance(value, list | str) and value and is_stack(bare, value):
        text = "\n".join(map(str, value)) if isinstance(value, list) else value
        return text_lines(text, indent)
    if isinstance(value, list) and _is_short(value):
        return None
    if isinstance(value, Mapping | list) and value and depth < _DEPTH_MAX:
        return json_lines(value, indent, depth + 1)
    if not isinstance(value, str):
        return None
    inner = decoded(value) if value.startswith("{") and depth < _DEPTH_MAX else None
    if inner:
        return json_lines(inner, indent, depth + 1)
    return text_lines(value, indent) if "\n" in value.strip() or "\r" in value.strip() else None


def text_lines(text: str, indent: str, style: str = "") -> Iterator[Line]:
    """Yield a text's lines in their own colours, and in `style` where they have none."""
    for line in _lines(text):
        spans = printable_spans(line, VALUE_LIMIT)
        yield (said(indent), *(Span(span.text, span.style or style) for span in spans))


def _lines(text: str) -> Iterator[str]:
    lines = re.split(r"\r\n|[\n\r]", text.strip("\r\n"), maxsplit=TEXT_LINES_MAX)
    yield from lines[:TEXT_LINES_MAX]
    if len(lines) > TEXT_LINES_MAX:
        yield f"… (+{break_count(lines[-1]) + 1} lines)"


def _is_short(values: list[object]) -> bool:
    """Return whether a list is read at a glance in one line."""
    is_plain = len(values) <= 10 and not any(isinstance(one, dict | list) for one in values)
    return is_plain and sum(len(one) if isinstance(one, str) else 8 for one in values) <= _SHORT_LIST


def _scalar(value: object) -> Span:
    if isinstance(value, str):
        shown = printable(value, VALUE_LIMIT)
        return said(f'"{shown}"' if _NOT_A_TEXT.match(value) else shown)
    if value is None:
        return said("null", "dim")
    if isinstance(value, int | float):
        return said(printable(msgspec.json.encode(value).decode(), 400), "good")
    if isinstance(value, list) and _is_short(value):
        return said(", ".join(_scalar(one).text for one in value).join("[]"))
    return said("…" if value else ("[]" if isinstance(value, list) else "{}"), "dim")
