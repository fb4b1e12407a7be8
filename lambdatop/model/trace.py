"""X-Ray trace summaries."""

from msgspec import Struct

from lambdatop.model.identity import Scope


class TraceSummary(Struct, frozen=True, kw_only=True):
    """One trace of GetTraceSummaries; durations are seconds as X-Ray gives them."""

    scope: Scope
    trace_id: str
    start_ms: int
    duration_s: float | None = None
    response_time_s: float | None = None
    has_fault: bool = False
    has_error: bool = False
    has_throttle: bool = False
    is_partial: bool = False
    entry_point: str | None = None
    root_cause_service: str | None = None
    root_cause_message: str | None = None
    http_method: str | None = None
    http_url: str | None = None
    http_status: int | None = None
    services: tuple[str, ...] = ()
    revision: int = 0

    @property
    def status(self) -> str:
        """`fault` (5xx), `throttle` (429), `error` (4xx) or `ok`, the worst that applies."""
        if self.has_fault:
            return "fault"
        if self.has_throttle:
            return "throttle"
        return "error" if self.has_error else "ok"
