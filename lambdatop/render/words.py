"""Our own words and foreign text as spans, and lines put beside and below each other."""

from collections.abc import Iterable, Sequence

from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Printable, Span, crop, line_width, text_width
from lambdatop.render.units import UNKNOWN

BLANK: Line = ()


def said(text: str, style: str = "") -> Span:
    """Return our own words, or text that has passed the printable gate, as a span."""
    return Span(Printable(text), style)


def line(*spans: Span) -> Line:
    """Return a line of the spans that hold text."""
    return tuple(span for span in spans if span.text)


def foreign(text: str | None, style: str = "", limit: int = 200) -> Span:
    """Return text that came from AWS as a span; None is an en dash."""
    return Span(UNKNOWN, "unknown") if text is None else Span(printable(text, limit), style)


def marked(row: Line) -> Line:
    """Return the line as the selected one, each span in its own colours but for those that were found in the text.

    A logger's colour may be that of the selection, and would hide what it colours.
    """
    return tuple(
        span._replace(style="selected" if span.style.startswith("sgr:") else f"{span.style} selected".strip())
        for span in row
    )


def joined(lines: Iterable[Line], gap: str = "  ") -> Line:
    """Return the lines beside each other with a gap between those that hold text."""
    spans: list[Span] = []
    for part in lines:
        if not part:
            continue
        if spans:
            spans.append(said(gap))
        spans.extend(part)
    return tuple(spans)


def fitting(parts: Sequence[Line], width: int, gap: str = "  ") -> Line:
    """Return as many of the parts, first ones first, as fit whole into `width`; the first is cropped if it must be.

    >>> "".join(span.text for span in fitting([(said("region"),), (said("window 15m"),), (said("$0"),)], 12))
    'region  $0'
    """
    kept: list[Line] = []
    room = width
    for part in parts:
        needed = line_width(part) + (text_width(gap) if kept else 0)
        if not part or needed > room:
            if part and not kept:
                return crop(part, width)
            continue
        kept.append(part)
        room -= needed
    return joined(kept, gap)


def spread(left: Line, right: Line, width: int) -> Line:
    """Return both at the ends of a line of `width`; where they do not fit together, the left one alone.

    >>> "".join(span.text for span in spread((said("a"),), (said("b"),), 5))
    'a   b'
    """
    gap = width - line_width(left) - line_width(right)
    if gap < 1:
        return crop(left, width)
    return (*left, said(" " * gap), *right)


def wrapped(text: str, width: int, style: str = "", indent: str = "") -> tuple[Line, ...]:
    """Return text as lines broken between words; a word wider than the line is broken where it must be.

    >>> ["".join(span.text for span in row) for row in wrapped("denied by a policy", 10, indent="  ")]
    ['  denied', '  by a', '  policy']
    """
    room = max(1, width - len(indent))
    rows: list[str] = [""]
    for word in text.split():
        if rows[-1] and text_width(rows[-1]) + 1 + text_width(word) > room:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}" if rows[-1] else word
        while text_width(rows[-1]) > room:
            head = rows[-1][:room]
            while text_width(head) > room:
                head = head[:-1]
            rows[-1], rest = head, rows[-1][len(head) :]
            rows.append(rest)
    return tuple((said(indent + row, style),) for row in rows)


def first_sentence(text: str) -> str:
    """Return what stands before the first full stop that ends a sentence.

    >>> first_sentence("sqs:GetQueueAttributes is denied. Ask for it.")
    'sqs:GetQueueAttributes is denied'
    """
    return text.split(". ", 1)[0].rstrip(".")
