"""What a simulated function is, and what changes about it as a story unfolds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from lambdatop.demo.faults import Fault

FailureKind = Literal["exception", "timeout", "out_of_memory", "exit", "init"]
Source = Literal["api", "async", "sqs", "kinesis", "schedule"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail: an exception of the handler's, or a fault that ends the environment."""

    kind: FailureKind
    error_type: str = ""
    message: str = ""
    at: str = "handler"
    """The function in the user's code that raised it."""


@dataclass(frozen=True, slots=True)
class FunctionModel:
    """One function at rest. Rates are invocations a second, durations and delays milliseconds."""

    name: str
    runtime: str
    logger: str
    """A name of `LOGGERS`."""
    messages: tuple[str, ...]
    rate: float
    duration_ms: float
    """The median; durations are log-normal."""
    spread: float = 0.4
    """The log-normal's sigma."""
    init_ms: float = 400.0
    memory_size_mb: int = 256
    memory_used_mb: int = 90
    timeout_s: int = 10
    source: Source = "api"
    is_json: bool = False
    system_level: Literal["DEBUG", "INFO", "WARN"] = "INFO"
    is_old_style: bool = False
    """Write failures as regions without the new REPORT do: `Task timed out`, `Runtime exited`."""
    is_arm: bool = False
    is_traced: bool = False
    is_snap_start: bool = False
    is_managed: bool = False
    """Runs on Lambda Managed Instances."""
    provisioned: int = 0
    reserved: int | None = None
    version: str = "$LATEST"
    alias: str | None = None
    log_group: str | None = None
    source_queue: str | None = None
    dead_letter_queue: str | None = None
    correlates_with: str | None = None
    """The function whose newest event it goes on with, so that both log its correlation ID; its own name begins one."""
    dependencies: tuple[str, ...] = ()
    """Names of what a traced invocation calls, the slow one last."""
    idle_ms: int = 420_000
    """How long an environment waits for work before it is recycled."""
    failures: Mapping[str, Failure] = field(default_factory=dict)
    usual_failures: Mapping[str, float] = field(default_factory=dict)
    """Shares of invocations that fail on any day, by name of the failure."""

    @property
    def group(self) -> str:
        """The log group it writes to."""
        return self.log_group or f"/aws/lambda/{self.name}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a phase makes of one function: factors on its rest state, and shares of failures."""

    function: str
    rate: float = 1.0
    duration: float = 1.0
    memory_growth_mb: float = 0.0
    """What every invocation leaks in its environment."""
    failures: Mapping[str, float] = field(default_factory=dict)
    version: str | None = None
    """Where the failures, durations and leaks are, if in one version only."""
    weights: Mapping[str, float] | None = None
    """Shares of the alias's traffic sent to other versions."""
    is_failure_repeated: bool = False
    """An event that failed fails again whenever it is tried, as one that is too large does."""
    is_dead_letter_queue_denied: bool = False
    """Lambda may not send to the dead-letter queue: what should go there is lost."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the story from `at_s` on: functions not named are at rest."""

    at_s: float
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: phases in order, told again from the start after `repeat_s`."""

    name: str
    description: str
    phases: tuple[Phase, ...] = (Phase(0),)
    repeat_s: float = 600
    is_empty: bool = False
    account_limit: int = 1_000
    has_reservations: bool = True
    retry_delays_ms: tuple[int, int] = (60_000, 120_000)
    """Between the attempts of an asynchronous event."""
    known_defects: frozenset[str] | None = None
    """The functions whose usual failures happen; None for all."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong between the account and its readers; their windows are told once, not with every repeat."""

    def at_speed(self, speed: float) -> "Scenario":
        """The same story told faster: its phases and retries move together, the traffic within them does not."""
        first_ms, second_ms = self.retry_delays_ms
        return replace(
            self,
            phases=tuple(replace(phase, at_s=phase.at_s / speed) for phase in self.phases),
            repeat_s=self.repeat_s / speed,
            retry_delays_ms=(int(first_ms / speed), int(second_ms / speed)),
            faults=tuple(fault.at_speed(speed) for fault in self.faults),
        )
