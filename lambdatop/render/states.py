"""How a function's health looks: a shape and a style for each state, so that colour is never alone."""

from collections import Counter
from collections.abc import Iterable

from lambdatop.model.statistics import HEALTH_STATES, FunctionStatistics, HealthState
from lambdatop.render.ascii_text import ascii_text
from lambdatop.render.span import Line, Span
from lambdatop.render.words import line, said

STATE_SHAPES: dict[HealthState, tuple[str, str]] = {
    "failing": ("■", "bad"),
    "throttled": ("▼", "warning"),
    "degraded": ("▲", "warning"),
    "unknown": ("?", "unknown"),
    "healthy": ("●", "good"),
    "idle": ("○", "dim"),
}
STATE_ORDER: dict[HealthState, int] = {state: rank for rank, state in enumerate(HEALTH_STATES)}


def state_shape(state: HealthState, *, is_ascii: bool = False) -> Span:
    """Return the state's one-cell shape."""
    shape, style = STATE_SHAPES[state]
    return said(ascii_text(shape) if is_ascii else shape, style)


def state_counts(functions: Iterable[FunctionStatistics], *, is_ascii: bool = False) -> tuple[Line, ...]:
    """Return how many functions are in each state, worst first, such as `■ 2 failing` and `● 14 healthy`."""
    counts = Counter(function.health.state for function in functions)
    return tuple(
        line(state_shape(state, is_ascii=is_ascii), said(f" {counts[state]} {state}", STATE_SHAPES[state][1]))
        for state in HEALTH_STATES
        if counts[state]
    )
