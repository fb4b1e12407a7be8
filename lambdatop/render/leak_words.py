"""A suspected memory leak in a sentence with its numbers."""

from collections.abc import Sequence
from statistics import median

from lambdatop.model.question import Environment
from lambdatop.render import units
from lambdatop.render.environment_cells import is_leaking
from lambdatop.render.environment_table import rise_words

RECENT_MS = 300_000
_NO_LIMIT = 1 << 60


def leak_sentence(environments: Sequence[Environment], now_ms: int) -> str:
    """Return what is suspected of those that were used lately, or else of those that are not gone; empty if nothing."""
    there = [each for each in environments if each.state != "gone"]
    used = [each for each in there if now_ms - each.last_seen_ms <= RECENT_MS]
    lately = ""
    if len(used) < len(there) and any(map(is_leaking, used)):
        there, lately = used, " used in the last 5 min"
    judged = [each.memory_trend for each in there if each.memory_trend is not None]
    leaking = [each for each in there if is_leaking(each)]
    if not leaking:
        return ""
    rise = median(each.memory_trend.rise_mb_per_invocation for each in leaking if each.memory_trend is not None)
    of = f"{len(leaking)} of {len(judged)} environments" if len(judged) > 1 else "one environment"
    of = (of if len(there) > 1 else "the only environment") + lately
    verb = "rises" if len(leaking) == 1 else "rise"
    per = (
        f"{rise:.1f} MB per invocation" if rise >= 1 else f"{rise_words(rise).removeprefix('+')} MB per 100 invocations"
    )
    sentence = f"suspected leak: {of} {verb} by {per}"
    sentence += _fullest(leaking)
    silent = len(there) - len(judged)
    if silent:
        sentence += f"; {silent} more {'has' if silent == 1 else 'have'} served too few to tell"
    return sentence


def _fullest(leaking: Sequence[Environment]) -> str:
    """Return when the first of them has no memory left."""
    fullest = min(leaking, key=_left)
    left = _left(fullest)
    if left == _NO_LIMIT or fullest.memory_size_mb is None:
        return ""
    size = units.megabytes(fullest.memory_size_mb)
    if not left:
        return f"; the fullest reaches {size} with the next invocation"
    lived_ms = fullest.last_seen_ms - fullest.first_seen_ms
    words = f"; the fullest reaches {size} in about {units.count(left)} invocation{'s' if left > 1 else ''}"
    if fullest.invocations < 2 or lived_ms <= 0:
        return words
    return f"{words} (~{units.age(max(1_000, left * lived_ms / fullest.invocations))} at its rate so far)"


def _left(environment: Environment) -> int:
    trend = environment.memory_trend
    left = trend.invocations_left if trend is not None and trend.is_leak_suspected else None
    return _NO_LIMIT if left is None else left
