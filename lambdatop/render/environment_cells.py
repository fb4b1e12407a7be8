"""How an execution environment looks: a shape and a style for what it does, so that colour is never alone."""

from collections import Counter
from collections.abc import Sequence

from lambdatop.model.question import Environment
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Printable, Span
from lambdatop.render.words import line, said

JUST_COLD_MS = 60_000
SHAPES: dict[str, tuple[str, str, str]] = {
    "busy": ("●", "#", "good"),
    "starting": ("◐", "+", "bar"),
    "just cold": ("◆", "*", "bar"),
    "idle": ("○", "o", ""),
    "gone": ("·", ".", "dim"),
    "unknown": ("?", "?", "unknown"),
}
"""Shape, the same in ASCII, and style, of what environments do; in the order of the legend."""
_ID_LENGTH = 8


def look_of(environment: Environment, drawing: Drawing, *, is_hidden: bool = False) -> str:
    """Return what it does in a word of SHAPES: its state, or that it began with a cold start in the last minute.

    Where reports are hidden (`is_hidden`), its lines do not say what it does.
    """
    if is_hidden:
        return "unknown"
    began_ms = environment.began_cold_ms
    if environment.state != "gone" and began_ms is not None and drawing.now_ms - began_ms < JUST_COLD_MS:
        return "just cold"
    return environment.state


def shape(look: str, drawing: Drawing, *, is_leaking: bool = False) -> Span:
    """Return the one-cell shape; a suspected leak has the style of a warning."""
    glyph, plain, style = SHAPES[look]
    return said(plain if drawing.is_ascii else glyph, "warning" if is_leaking and look != "gone" else style)


def is_leaking(environment: Environment) -> bool:
    """Return whether its memory is a suspected leak."""
    return environment.memory_trend is not None and environment.memory_trend.is_leak_suspected


def legend(environments: Sequence[Environment], drawing: Drawing, *, is_hidden: bool = False) -> tuple[Line, ...]:
    """Return how many there are of each look, such as `● 3 busy`, and how many are suspected to leak."""
    counts = Counter(look_of(environment, drawing, is_hidden=is_hidden) for environment in environments)
    found = [
        line(shape(look, drawing), said(f" {counts[look]} {look}", style))
        for look, (_, _, style) in SHAPES.items()
        if counts[look]
    ]
    leaks = sum(is_leaking(environment) and environment.state != "gone" for environment in environments)
    if leaks:
        found.append(line(shape("idle", drawing, is_leaking=True), said(f" {leaks} suspected to leak", "warning")))
    return tuple(found)


def short_id(log_stream: str) -> Printable:
    """Return the first characters of what tells a log stream from others.

    >>> short_id("2026/11/18/[$LATEST]0c4f9a7b2e1d4c5e8f6a9b8c7d6e5f4a"), short_id("custom-stream")
    ('0c4f9a7b', 'custom-…')
    """
    parsed = parse_log_stream(log_stream)
    return printable(log_stream, _ID_LENGTH) if parsed is None else printable(parsed.environment_id[:_ID_LENGTH])
