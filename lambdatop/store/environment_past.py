"""What an environment's invocations tell: its memory over time, and whether its newest ones failed.

A leak is suspected of an environment by itself, or by what several of one version have in common: where at least
STEEP_ENVIRONMENTS rise steeply, too few invocations each to be judged alone, and one of them has run out of memory,
those are suspected.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import NamedTuple

from lambdatop.model.question import MemoryTrend
from lambdatop.store.failure_kind import CRASHES
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.log_stream import LogStream
from lambdatop.store.memory_trend import (
    FEWEST_INVOCATIONS,
    FEWEST_STEEP_INVOCATIONS,
    memory_trend,
    steep_trend,
    thinned,
)
from lambdatop.store.occurrence import Occurrence

STEEP_ENVIRONMENTS = 2
NEWEST_INVOCATIONS = 10
"""More than half of which have failed in an environment that is failing."""

_NEWEST_STEEP = 40, 20
"""How many of the newest invocations are looked at alone, as a leak may begin after many that were level."""


class Past(NamedTuple):
    """What is found in one stream."""

    high_water_mb: tuple[int, ...] = ()
    trend: MemoryTrend | None = None
    steep: MemoryTrend | None = None
    """A steep rise of its newest process with enough invocations."""
    has_run_out: bool = False
    """Whether a process of it, of those remembered, ran out of memory."""
    is_failing: bool = False


def past_of(stream: LogStream, ledger: FunctionLedger) -> Past:
    """Return what is remembered of an environment's invocations."""
    series, is_failing = stream.environment.memory, _is_failing(stream)
    newest = newest_with_memory(stream)
    if newest is None:
        return Past(series.high_water_mb(), is_failing=is_failing)
    size_mb, used_mb = size_mb_of(newest, ledger), newest.max_memory_used_mb
    used, before, is_whole = newest_process(stream.ended, stream.environment.reports)
    trend = memory_trend(thinned(used, before), size_mb, used_mb) if len(used) >= FEWEST_INVOCATIONS else None
    if not is_whole and (trend is None or not trend.is_leak_suspected):
        trend = memory_trend(series.points(), size_mb, used_mb) or trend
    return Past(series.high_water_mb(), trend, _steep(stream, size_mb, used_mb), _has_run_out(stream), is_failing)


def steep_versions(pasts: Iterable[tuple[str | None, Past]]) -> set[str | None]:
    """Return the versions of which several environments rise steeply and one of them has run out of memory."""
    steep: Counter[str | None] = Counter()
    run_out: set[str | None] = set()
    for version, past in pasts:
        if past.steep is not None:
            steep[version] += 1
            if past.has_run_out:
                run_out.add(version)
    return {version for version in run_out if steep[version] >= STEEP_ENVIRONMENTS}


def newest_process(
    ended: Sequence[Occurrence], reports: int, fewest: int = FEWEST_INVOCATIONS
) -> tuple[list[int], int, bool]:
    """Return what the newest process with enough invocations used, oldest first, of those that are remembered.

    A crash or a timeout ends a process, and an init begins one. With it come how many of its invocations may have been
    forgotten, and whether its beginning is remembered, or a crash is since which another process runs.
    """
    used: list[int] = []
    for occurrence in reversed(ended):
        if (occurrence.report_kind or occurrence.evidence) and occurrence.kind in CRASHES:
            if len(used) >= fewest:
                return used[::-1], 0, True
            used = []
            continue
        if occurrence.max_memory_used_mb is not None:
            used.append(occurrence.max_memory_used_mb)
        if occurrence.init_duration_ms is not None or occurrence.restore_duration_ms is not None:
            if len(used) >= fewest:
                return used[::-1], 0, True
            used = []
    before = reports - len(ended)
    return used[::-1], before, not before


def newest_with_memory(stream: LogStream) -> Occurrence | None:
    """Return the newest invocation whose REPORT says what memory was used."""
    newest = (occurrence for occurrence in reversed(stream.ended) if occurrence.max_memory_used_mb is not None)
    return next(newest, None)


def size_mb_of(newest: Occurrence | None, ledger: FunctionLedger) -> int | None:
    """Return the memory size, as the newest REPORT says or else as the function is configured."""
    if newest is not None and newest.memory_size_mb is not None:
        return newest.memory_size_mb
    return ledger.function.memory_size_mb


def _steep(stream: LogStream, size_mb: int | None, used_mb: int | None) -> MemoryTrend | None:
    """Return a steep rise of the newest process with enough invocations, over all of them or the newest alone."""
    used, before, _ = newest_process(stream.ended, stream.environment.reports, FEWEST_STEEP_INVOCATIONS)
    found = [steep_trend(thinned(used, before), size_mb, used_mb)]
    found += [steep_trend(thinned(used[-few:]), size_mb, used_mb) for few in _NEWEST_STEEP if few < len(used)]
    return next((steep for steep in found if steep is not None), None)


def _has_run_out(stream: LogStream) -> bool:
    return any(
        occurrence.kind == "out_of_memory"
        for occurrence in stream.ended
        if occurrence.report_kind or occurrence.evidence
    )


def _is_failing(stream: LogStream) -> bool:
    """Return whether the newest invocation failed, or most of the newest few."""
    known = (each for each in stream.occurrences() if each.end_ms is not None or each.evidence)
    newest = nlargest(NEWEST_INVOCATIONS, known, key=_known_ms)
    failed = [occurrence.kind is not None for occurrence in newest]
    return failed[:1] == [True] or sum(failed) * 2 > len(failed)


def _known_ms(occurrence: Occurrence) -> int:
    """When its end is known from: its REPORT, or the newest line that tells of a failure."""
    return occurrence.end_ms or max((piece.timestamp_ms for piece in occurrence.evidence), default=0)
