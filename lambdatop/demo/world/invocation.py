"""One invocation and the environment it runs in."""

from dataclasses import dataclass, field

from lambdatop.demo.world.function_model import Failure, FunctionModel


@dataclass(slots=True)
class Environment:
    """One execution environment: a log stream, and memory that only grows."""

    stream: str
    version: str
    max_memory_mb: float
    last_used_ms: int
    is_provisioned: bool = False
    function_arn: str = ""
    is_broken: bool = False
    """The next invocation initialises it again without saying so."""


@dataclass(slots=True)
class Event:
    """One thing to handle: attempts of the same event share its request ID."""

    request_id: str
    due_ms: int
    attempt: int = 1
    receipt_handles: list[str] = field(default_factory=list)
    correlation_id: str | None = None
    failure: Failure | None = None
    """What it fails with whenever it is tried again."""
    record_count: int = 1
    """How many records of a stream are in the batch."""


@dataclass(slots=True)
class Invocation:
    """One attempt at an event; times in milliseconds."""

    model: FunctionModel
    environment: Environment
    event: Event
    invoked_ms: int
    """When it was asked for: before any initialisation."""
    duration_ms: float
    failure: Failure | None
    init_ms: float | None = None
    restore_ms: float | None = None
    failed_init_ms: float | None = None
    """What an initialisation took that failed; it is tried again within the duration."""
    max_memory_used_mb: int = 0
    """The most that its environment has used by its end; afterwards the process may have begun anew."""
    trace_id: str | None = None
    segment_id: str = ""

    @property
    def started_ms(self) -> int:
        """When the handler began."""
        return self.invoked_ms + int(self.init_ms or self.restore_ms or self.failed_init_ms or 0)

    @property
    def ended_ms(self) -> int:
        """When it was over."""
        return self.started_ms + int(self.duration_ms) + 1

    @property
    def billed_ms(self) -> int:
        """Duration and initialisation, rounded up to whole milliseconds; of a restore, what is billed."""
        billed = self.duration_ms + (self.init_ms or 0.0) + (self.billed_restore_ms or 0)
        return int(-(-round(billed, 3) // 1))

    @property
    def billed_restore_ms(self) -> int | None:
        """The part of a restore that is billed."""
        return None if self.restore_ms is None else round(self.restore_ms / 5)

    @property
    def status(self) -> str:
        """As the platform reports it: a handler's exception is a success."""
        if self.failure is None or self.failure.kind == "exception":
            return "success"
        return "timeout" if self.failure.kind == "timeout" else "error"
