"""How an execution environment looks: a shape and a style for what it does, so that colour is never alone."""

from collections import Counter
from collections.abc import Sequence

from lambdatop.model.question import Environment
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.render.ascii_text import ascii_text
from lambdatop.render.drawing import Drawing
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, Printable, Span
from lambdatop.render.words import line, said

JUST_COLD_MS = 60_000
SHAPES: dict[str, tuple[str, str]] = {
    "busy": ("●", "good"),
    "starting": ("◐", "bar"),
    "just cold": ("◆", "bar"),
    "idle": ("○", ""),
    "gone": ("·", "dim"),
    "unknown": ("?", "unknown"),
}
"""Shape and style of what environments do; in the order of the legend."""
_FAILING = {"busy": "⊗", "": "✗"}
"""Shapes of those whose newest invocations failed: at work or at rest."""
_ID_LENGTH = 8


def look_of(environment: Environment, drawing: Drawing, *, is_hidden: bool = False) -> str:
    """Return what it does in a word of SHAPES: its state, or if idle, that it began cold in the last minute.

    Where reports are hidden (`is_hidden`), its lines do not say what it does.
    """
    if is_hidden:
        return "unknown"
    return "just cold" if environment.state == "idle" and is_just_cold(environment, drawing) else environment.state


def is_just_cold(environment: Environment, drawing: Drawing) -> bool:
    """Return whether it began with a cold start in the last minute."""
    began_ms = environment.began_cold_ms
    return began_ms is not None and drawing.now_ms - began_ms < JUST_COLD_MS


def shape(look: str, drawing: Drawing) -> Span:
    """Return the one-cell shape of a look."""
    glyph, style = SHAPES[look]
    return said(ascii_text(glyph) if drawing.is_ascii else glyph, style)


def shape_of(environment: Environment, drawing: Drawing, *, is_hidden: bool = False) -> Span:
    """Return the one-cell shape of an environment; where it fails a cross, and a suspected leak styled as a warning."""
    look = look_of(environment, drawing, is_hidden=is_hidden)
    if not is_hidden and is_failing(environment):
        return _failing_shape(look, drawing)
    text, style = shape(look, drawing)
    if is_leaking(environment) and look != "gone":
        return said(text, "warning")
    return said(text, SHAPES["just cold"][1] if look == "busy" and is_just_cold(environment, drawing) else style)


def is_failing(environment: Environment) -> bool:
    """Return whether its newest invocations failed, and no other process is starting in it."""
    return environment.is_failing and environment.state in {"busy", "idle"}


def is_leaking(environment: Environment) -> bool:
    """Return whether its memory is a suspected leak."""
    return environment.memory_trend is not None and environment.memory_trend.is_leak_suspected


def legend(environments: Sequence[Environment], drawing: Drawing, *, is_hidden: bool = False) -> tuple[Line, ...]:
    """Return how many there are of each look, such as `● 3 busy`, how many of them fail and are suspected to leak."""
    looks = [look_of(environment, drawing, is_hidden=is_hidden) for environment in environments]
    counts = Counter(looks)
    found = [_count(look, counts[look], drawing) for look in SHAPES if counts[look]]
    cold = sum(
        look == "busy" and is_just_cold(environment, drawing)
        for look, environment in zip(looks, environments, strict=True)
    )
    if cold:
        is_all = cold == counts["busy"]
        words = f", {'all' if is_all else cold} of them just cold"
        found[0] = line(*found[0], said(words if counts["busy"] > 1 else ", just cold", SHAPES["just cold"][1]))
    failing = [] if is_hidden else [look for look, each in zip(looks, environments, strict=True) if is_failing(each)]
    if failing:
        shapes = dict.fromkeys(_failing_shape(look, drawing) for look in sorted(failing, key="busy".__ne__))
        found.append(line(*shapes, said(f" {len(failing)} failing", "bad")))
    leaks = sum(is_leaking(environment) and environment.state != "gone" for environment in environments)
    if leaks:
        found.append(line(said(shape("idle", drawing)[0], "warning"), said(f" {leaks} suspected to leak", "warning")))
    return tuple(found)


def _count(look: str, number: int, drawing: Drawing) -> Line:
    words = "just cold, idle" if look == "just cold" else look
    return line(shape(look, drawing), said(f" {number} {words}", SHAPES[look][1]))


def _failing_shape(look: str, drawing: Drawing) -> Span:
    glyph = _FAILING.get(look, _FAILING[""])
    return said(ascii_text(glyph) if drawing.is_ascii else glyph, "bad")


def short_id(log_stream: str) -> Printable:
    """Return the first characters of what tells a log stream from others.

    >>> short_id("2026/11/18/[$LATEST]0c4f9a7b2e1d4c5e8f6a9b8c7d6e5f4a"), short_id("custom-stream")
    ('0c4f9a7b', 'custom-…')
    """
    parsed = parse_log_stream(log_stream)
    return printable(log_stream, _ID_LENGTH) if parsed is None else printable(parsed.environment_id[:_ID_LENGTH])
