"""Which functions deserve to be swept, where Insights counts the others."""

from collections.abc import Mapping

from msgspec import Struct

from lambdatop.model.identity import FunctionKey

RECENT_DEPLOY_MS = 3_600_000


class Attention(Struct, frozen=True, kw_only=True):
    """What tells which functions matter now."""

    opened: frozenset[FunctionKey] = frozenset()
    """Whose page or log is open."""
    visible: frozenset[FunctionKey] = frozenset()
    failing: Mapping[FunctionKey, float] = {}
    """Errors and throttles of the newest minutes, by metrics or by Insights."""
    changed_ms: Mapping[FunctionKey, int] = {}
    """When code or configuration changed last."""


def deserving(attention: Attention, now_ms: int, room: int) -> tuple[FunctionKey, ...]:
    """Return the functions to sweep where there is room for so many, the most deserving first.

    Opened ones come before those on screen, these before failing ones (most failures first), and these before those
    that were deployed within the hour (newest first); what is none of these is left to Insights.
    """
    recent = {key: at_ms for key, at_ms in attention.changed_ms.items() if now_ms - at_ms <= RECENT_DEPLOY_MS}
    failing = {key: count for key, count in attention.failing.items() if count > 0}
    ranked = sorted(
        attention.opened | attention.visible | failing.keys() | recent.keys(),
        key=lambda key: (
            key not in attention.opened, key not in attention.visible, -failing.get(key, 0.0), -recent.get(key, 0), key
        ),
    )  # fmt: skip
    return tuple(ranked[: max(0, room)])
