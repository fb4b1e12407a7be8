"""The execution environments of a function, as their log streams tell of them.

What is known: a stream's START and REPORT lines, failures and INIT_START lines, and until when its log group has been
read. What is assumed, as Lambda tells no one when it takes an environment away:

- An environment is gone after IDLE_MOST_MS of silence. Lambda documents no such time; it has been seen to keep idle
  ones for some five to fifteen minutes and longer. Those of provisioned concurrency and of Managed Instances are kept
  without requests, and are idle for as long as their stream is remembered.
- Its version has been replaced when all of that version's environments have been silent for REPLACED_AFTER_MS while
  another version ran since, or when the function was changed after the last line of a `$LATEST` environment.
- After a crash or a timeout Lambda starts the process anew in the same environment, whose stream goes on. Where nothing
  follows within CRASH_SILENCE_MS, neither a START nor an INIT_START, the environment is taken for gone.

All of these are taken back by the next line of the stream.
"""

from collections.abc import Iterator, Sequence
from heapq import nsmallest

from msgspec.structs import replace

from lambdatop.model.question import Environment, EnvironmentAnswer, EnvironmentQuestion, EnvironmentState
from lambdatop.parsers.time_text import epoch_ms
from lambdatop.store.environment_past import Past, newest_with_memory, past_of, size_mb_of, steep_versions
from lambdatop.store.failure_kind import CRASHES
from lambdatop.store.function_ledger import FunctionLedger
from lambdatop.store.log_stream import LogStream

ENVIRONMENTS_MOST = 2_000
IDLE_MOST_MS = 900_000
REPLACED_AFTER_MS = 300_000
CRASH_SILENCE_MS = 60_000
INIT_MOST_MS = 20_000
"""An init takes ten seconds at most, or goes on within the first invocation; twice that, as lines may be late."""
_LATEST = "$LATEST"
_RANK: dict[EnvironmentState, int] = {"busy": 0, "starting": 1, "idle": 2, "gone": 3}

_PastKey = tuple[int, int, int, int]


class EnvironmentSurvey:
    """Looks at a function's streams one after the other; what it found of their past is good until they change."""

    def __init__(self, question: EnvironmentQuestion) -> None:
        self._question = question
        self._pasts: dict[str, tuple[_PastKey, Past]] = {}

    def look(self, ledger: FunctionLedger, streams: Sequence[LogStream], at_ms: int) -> Iterator[Environment]:
        """Yield each environment as it is at a moment that the logs have been read to."""
        before, self._pasts = self._pasts, {}
        replaced = {version for version in ledger.seen_ms if _is_replaced(ledger, version, at_ms)}
        changed_ms = epoch_ms(ledger.function.last_modified)
        for stream in streams:
            key = _past_key(stream)
            known = before.get(stream.name)
            found = known[1] if known is not None and known[0] == key else past_of(stream, ledger)
            self._pasts[stream.name] = key, found
            is_replaced = stream.version in replaced or (
                stream.version == _LATEST and changed_ms is not None and stream.environment.last_ms < changed_ms
            )
            yield environment_of(stream, ledger, found, at_ms, is_replaced=is_replaced)

    def answer(self, ledger: FunctionLedger | None, environments: Sequence[Environment]) -> EnvironmentAnswer:
        """Return the answer: those in use first, then those seen last."""
        question = self._question
        kept = nsmallest(ENVIRONMENTS_MOST, self._compared(environments), key=_order)
        return EnvironmentAnswer(
            topic=question.topic,
            number=question.number,
            function=question.function,
            environments=tuple(kept),
            left_out=len(environments) - len(kept),
            is_managed_instances=ledger is not None and ledger.is_concurrent,
        )

    def _compared(self, environments: Sequence[Environment]) -> Iterator[Environment]:
        """Yield each environment, with the leak that is suspected as others of its version rise steeply as well."""
        pasts = [self._pasts[each.log_stream][1] for each in environments]
        leaking = steep_versions(zip([each.version for each in environments], pasts, strict=True))
        for each, past in zip(environments, pasts, strict=True):
            is_suspected = each.memory_trend is not None and each.memory_trend.is_leak_suspected
            if each.version in leaking and past.steep is not None and not is_suspected:
                yield replace(each, memory_trend=past.steep)
            else:
                yield each


def environment_of(
    stream: LogStream, ledger: FunctionLedger, past: Past, at_ms: int, *, is_replaced: bool
) -> Environment:
    """Return one environment."""
    tally, newest = stream.environment, newest_with_memory(stream)
    return Environment(
        log_stream=stream.name,
        version=stream.version,
        state=state_of(stream, ledger, at_ms, is_replaced=is_replaced),
        first_seen_ms=tally.first_ms,
        last_seen_ms=tally.last_ms,
        began_cold_ms=None if ledger.is_concurrent else tally.began_cold_ms,
        is_begin_seen=tally.began_cold_ms is not None or tally.is_proactive,
        invocations=tally.invocations,
        failures=tally.failures,
        in_flight=stream.in_flight(at_ms),
        max_memory_used_mb=max(past.high_water_mb, default=None),
        memory_used_mb=newest.max_memory_used_mb if newest is not None else None,
        memory_size_mb=size_mb_of(newest, ledger),
        memory_mb=past.high_water_mb,
        memory_trend=past.trend,
        is_failing=past.is_failing,
    )


def state_of(stream: LogStream, ledger: FunctionLedger, at_ms: int, *, is_replaced: bool) -> EnvironmentState:
    """Return what an environment does, as far as is known; see above for what is assumed."""
    ended = stream.ended[-1] if stream.ended else None
    ended_ms = (ended.end_ms or 0) if ended is not None else 0
    init_ms = stream.newest_init_ms
    is_running = stream.in_flight(at_ms) > 0
    if is_running and (init_ms <= ended_ms or ledger.is_concurrent):
        return "busy"
    if is_running or (init_ms > ended_ms and at_ms - init_ms <= INIT_MOST_MS):
        return "starting"
    silent_ms = at_ms - stream.environment.last_ms
    has_crashed = ended is not None and not ledger.is_concurrent and ended.kind in CRASHES and init_ms <= ended_ms
    if is_replaced or (has_crashed and silent_ms > CRASH_SILENCE_MS):
        return "gone"
    is_kept = ledger.is_concurrent or (stream.environment.is_proactive and ledger.concurrency.provisioned_available)
    return "gone" if silent_ms > IDLE_MOST_MS and not is_kept else "idle"


def _is_replaced(ledger: FunctionLedger, version: str | None, at_ms: int) -> bool:
    """Return whether a version has been silent for long while another one ran."""
    seen_ms = ledger.seen_ms[version]
    newest_ms = max(ledger.seen_ms.values())
    return newest_ms > seen_ms and at_ms - seen_ms > REPLACED_AFTER_MS and not ledger.is_concurrent


def _past_key(stream: LogStream) -> _PastKey:
    """Return what changes with everything that the past is worked out from."""
    tally = stream.environment
    return tally.reports, tally.failures, tally.last_ms, len(stream.ended)


def _order(environment: Environment) -> tuple[int, int, str]:
    return _RANK[environment.state], -environment.last_seen_ms, environment.log_stream
