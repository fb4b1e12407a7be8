"""Which functions are sick, so that their logs are read line by line."""

from collections.abc import Iterable, Mapping

from lambdatop.model.identity import FunctionKey
from lambdatop.model.statistics import FunctionStatistics


def sick_functions(rows: Iterable[FunctionStatistics]) -> Mapping[FunctionKey, float]:
    """Return the functions that fail or are throttled now, with how often they did in the window."""
    found: dict[FunctionKey, float] = {}
    for row in rows:
        weight = row.window.errors + (row.window.throttles or 0)
        is_failing = row.health.state in ("failing", "throttled")
        if is_failing or (row.health.state == "degraded" and weight):
            found[row.key] = float(max(1, weight))
    return found
