"""How fresh numbers are and which source they come from, in words that change rarely."""

from collections.abc import Iterable, Sequence

from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.render.printable import printable
from lambdatop.render.span import Line
from lambdatop.render.units import UNKNOWN
from lambdatop.render.words import line, said

_STEPS_MS: tuple[tuple[int, str], ...] = (
    (5_000, "<5 s"),
    (15_000, "<15 s"),
    (30_000, "<30 s"),
    (60_000, "<1 min"),
    (120_000, "<2 min"),
    (180_000, "<3 min"),
    (300_000, "<5 min"),
    (600_000, "<10 min"),
    (900_000, "<15 min"),
    (1_800_000, "<30 min"),
    (3_600_000, "<1 h"),
    (7_200_000, "<2 h"),
    (86_400_000, "<1 d"),
)

_STILL_MS = 10_000
BROKEN: frozenset[SourceState] = frozenset({"denied", "absent", "failed", "credentials"})
"""States in which a source's numbers cannot be had."""
BEHIND: frozenset[SourceState] = frozenset({"late", "throttled"})
STATE_WORDS: dict[SourceState, tuple[str, str, str]] = {
    "starting": ("◌", "provisional", "starting"),
    "working": ("●", "good", "working"),
    "late": ("▲", "late", "late"),
    "throttled": ("▼", "warning", "throttled"),
    "denied": ("■", "bad", "denied"),
    "absent": ("○", "unknown", "absent"),
    "failed": ("■", "bad", "failed"),
    "credentials": ("■", "bad", "no credentials"),
}
"""Shape, style and word of each state of a source."""


def lag_words(lag_ms: int | None) -> str:
    """Return an upper bound of the lag; bounds, so that a steady lag does not change the screen every second.

    >>> lag_words(3_200), lag_words(70_000), lag_words(200_000_000)
    ('<5 s', '<2 min', '>1 d')
    """
    if lag_ms is None:
        return UNKNOWN
    return next((words for bound_ms, words in _STEPS_MS if lag_ms < bound_ms), ">1 d")


def kind_of(source: SourceStatus) -> str:
    """Return what a source reads, without the account that its name may end with."""
    return source.name.split(" · ", 1)[0]


def of_kinds(sources: Iterable[SourceStatus], kinds: Sequence[str]) -> tuple[SourceStatus, ...]:
    """Return the sources that have a word beginning with one of these, in the kinds' order, plain names first."""
    found = sorted(sources, key=lambda source: len(kind_of(source).split()))
    return tuple(source for kind in kinds for source in found if _is_of(source, kind))


def _is_of(source: SourceStatus, kind: str) -> bool:
    return any(word.startswith(kind) for word in kind_of(source).lower().replace("_", " ").split())


def is_behind(source: SourceStatus) -> bool:
    """Return whether numbers from this source are older than they should be."""
    return source.state in BEHIND or source.state in BROKEN


def problems(sources: Iterable[SourceStatus]) -> tuple[SourceStatus, ...]:
    """Return the sources that do not work as they should."""
    return tuple(source for source in sources if is_behind(source))


def still_since_ms(sources: Iterable[SourceStatus], now_ms: int) -> int | None:
    """Return since when a broken source's numbers stand still; None while any answer comes, or where none ever did."""
    answers = [source.last_success_ms for source in sources if source.state in BROKEN and source.last_success_ms]
    return min((one for one in answers if now_ms - one > _STILL_MS), default=None)


def origin(sources: Iterable[SourceStatus]) -> Line:
    """Return where numbers come from and how old they may be, such as `logs <5 s`, with a mark for a source behind."""
    worst: dict[str, SourceStatus] = {}
    for source in sources:
        known = worst.get(kind_of(source))
        if known is None or _badness(source) > _badness(known):
            worst[kind_of(source)] = source
    if not worst:
        return line(said("no source yet", "unknown"))
    newest = next(iter(worst.items()))
    return _origin_of(*newest)


def _badness(source: SourceStatus) -> tuple[bool, bool, int]:
    return (source.state in BROKEN, source.state in BEHIND, source.lag_ms or 0)


def _origin_of(name: str, source: SourceStatus) -> Line:
    kind = printable(name, 24)
    if source.state == "starting":
        return line(said(f"{kind} starting", "provisional"))
    if source.state in BROKEN or source.state in BEHIND:
        glyph, style, word = STATE_WORDS[source.state]
        return line(said(f"{glyph} {kind} {word}", style))
    if source.lag_ms is None:
        return line(said(kind, "dim"))
    return line(said(f"{kind} {lag_words(source.lag_ms)}", "dim"))
