"""What aggregate queries tell of many functions at once: counts by function, version and stretch of time."""

from msgspec import Struct

from lambdatop.model.identity import Scope


class AggregatedFailure(Struct, frozen=True, kw_only=True, gc=False):
    """Failed invocations with one outcome, in a platform record's words."""

    status: str
    error_type: str | None = None
    invocations: int


class AggregatedBin(Struct, frozen=True, kw_only=True, gc=False):
    """What one function version did in one bin.

    Durations in milliseconds are told as `(value, how many)`, each value standing for those near it; maxima are exact.
    """

    log_group: str
    function_name: str | None = None
    """As the log streams name it; None where they do not, and the log group tells."""
    version: str | None = None
    start_ms: int
    invocations: int = 0
    cold_starts: int = 0
    restores: int = 0
    """The part of `cold_starts` that were SnapStart restores."""
    billed_duration_ms: int = 0
    billed_mb_ms: int = 0
    """The sum of billed duration times memory size."""
    max_memory_used_mb: int = 0
    durations: tuple[tuple[float, int], ...] = ()
    max_duration_ms: float = 0.0
    init_durations: tuple[tuple[float, int], ...] = ()
    max_init_duration_ms: float = 0.0
    restore_durations: tuple[tuple[float, int], ...] = ()
    max_restore_duration_ms: float = 0.0
    failures: tuple[AggregatedFailure, ...] = ()


class MinutesAggregated(Struct, frozen=True, kw_only=True):
    """The answer of an aggregate query: all that the log groups it covers tell of `[from_ms, until_ms)`.

    A bin that is not among `bins` is zero, and known to be. An answer that was asked for later replaces the bins it
    covers, whenever it arrives.
    """

    scope: Scope
    log_groups: tuple[str, ...]
    from_ms: int
    until_ms: int
    bin_ms: int
    """A minute, or longer where it is about times more than an hour ago; bins begin at its multiples."""
    asked_at_ms: int
    bins: tuple[AggregatedBin, ...]
