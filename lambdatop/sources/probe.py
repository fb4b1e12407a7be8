"""One probe of the doctor: a question to AWS, how long the answer took, and what it means for the screen."""

import statistics
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from lambdatop.model.capability import Capability, CapabilityState, PriceUnit
from lambdatop.model.identity import Scope
from lambdatop.model.lambda_function import EventSourceMapping, LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import TailLedger
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.permission import PERMISSIONS

SLOW_MS = 2_000
"""A median from which on a pane's numbers are noticeably older than they need be."""

QUOTA_REMEDY = "All tools of the account share this quota; a lower --quota-share leaves them more of it."


class NotTried(Exception):  # noqa: N818  a reason, not an error
    """There is nothing to try a capability on, or trying costs."""


class Ground:
    """What probes find out for those after them."""

    def __init__(self, patterns: tuple[str, ...] = ()) -> None:
        self.patterns = patterns
        self.scope: Scope | None = None
        self.identity_arn: str | None = None
        self.functions: tuple[LambdaFunction, ...] = ()
        self.has_more_functions = False
        """Whether there are others, which were not listed."""
        self.function_count: int | None = None
        """How many the account has."""
        self.bytes_per_hour: float | None = None
        """What all log groups of the account take in."""
        self.mappings: tuple[EventSourceMapping, ...] = ()
        self.log_group: str | None = None
        """One that exists and can be read with FilterLogEvents."""
        self.events: list[LogEvent] = []
        """Some of its events."""

    @property
    def whole_names(self) -> list[str]:
        """Functions that were asked for by name, not by glob, whether or not they can be listed."""
        return [pattern for pattern in self.patterns if not set(pattern) & set("*?[")]

    @property
    def group_count(self) -> int:
        """How many log groups there are to read, as far as it is known."""
        listed = len(self.log_groups)
        return max(listed, self.function_count or 0) if self.has_more_functions and not self.patterns else listed

    @property
    def log_groups(self) -> list[str]:
        """Log groups of the functions, as far as they are known."""
        listed = [function.log_group for function in self.functions]
        return list(dict.fromkeys(listed or [f"/aws/lambda/{name}" for name in self.whole_names]))


class Wait(threading.local):
    """Waits, and remembers for how long in this thread."""

    waited_ms = 0.0

    def __init__(self, wait: Callable[[float], None]) -> None:
        self._wait = wait

    def __call__(self, seconds: float) -> None:
        """Wait."""
        self._wait(seconds)
        self.waited_ms += seconds * 1000


class TimedCall:
    """Calls AWS for one probe, and takes the time of each answer without what the budget made it wait."""

    def __init__(self, call: AwsCall, wait: Wait, now_ms: Callable[[], int]) -> None:
        self.aws = call
        self.now_ms = now_ms
        self.wait = wait
        self.calls = 0
        self.latencies_ms: list[float] = []

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        """Return the answer's dictionary; raises SourceFailure."""
        self.calls += 1
        sent_ms, waited_ms = self.now_ms(), self.wait.waited_ms
        try:
            answer = self.aws(service, operation, **parameters)
        except SourceFailure as failure:
            if failure.__cause__ is not None and hasattr(failure.__cause__, "response"):
                self._take_time(sent_ms, waited_ms)
            raise
        self._take_time(sent_ms, waited_ms)
        return answer

    @property
    def clients(self) -> AwsClients:
        """The clients that are called."""
        return self.aws.clients

    @property
    def cap(self) -> CostCap:
        """The limit on dollars."""
        return self.aws.cap

    def charge(self, operation: str, cost_usd: float) -> None:
        """Count dollars that only an answer told of."""
        self.aws.charge(operation, cost_usd)

    @property
    def aws_now_ms(self) -> int:
        """AWS's time."""
        return self.aws.skew.now_ms()

    @property
    def latency_ms(self) -> float | None:
        """The median, None where nothing was answered."""
        return statistics.median(self.latencies_ms) if self.latencies_ms else None

    def _take_time(self, sent_ms: int, waited_ms: float) -> None:
        self.latencies_ms.append(max(0.0, self.now_ms() - sent_ms - (self.wait.waited_ms - waited_ms)))


class Finding(NamedTuple):
    """What a probe that was answered found."""

    detail: str
    state: CapabilityState = "works"
    price_usd: float | None = None
    """Where the answer tells more than the probe's own price."""
    ledger: TailLedger | None = None


class Probe(NamedTuple):
    """A capability and the question that shows it; `look` raises SourceFailure and NotTried."""

    name: str
    operation: str
    look: Callable[[TimedCall, Ground], Finding]
    price_usd: float | None = 0.0
    price_unit: PriceUnit = "hour"
    is_optional: bool = False

    def capability(self, state: CapabilityState, detail: str, remedy: str | None = None) -> Capability:
        """Return what is known without having asked."""
        return Capability(
            name=self.name,
            state=state,
            operation=self.operation,
            source=PERMISSIONS[self.operation].source,
            pane=PERMISSIONS[self.operation].pane,
            detail=detail,
            remedy=remedy,
            is_optional=self.is_optional,
            price_usd=self.price_usd,
            price_unit=self.price_unit,
        )


def examined(probe: Probe, call: TimedCall, ground: Ground) -> Capability:
    """Ask, and return what came of it; nothing that AWS does is raised."""
    price_usd = probe.price_usd
    try:
        finding = probe.look(call, ground)
    except SourceFailure as failure:
        remedy = QUOTA_REMEDY if failure.state == "throttled" else failure.remedy
        found = probe.capability(state_of(failure), failure.sentence, remedy)
    except NotTried as reason:
        found = probe.capability("not tried", str(reason))
    else:
        price_usd = finding.price_usd if finding.price_usd is not None else price_usd
        found = replace(probe.capability(finding.state, finding.detail), ledger=finding.ledger)
        if finding.state == "works" and (call.latency_ms or 0) > SLOW_MS:
            found = replace(found, state="slow", detail=f"{finding.detail} The answer took long, so the pane lags.")
    return replace(found, latency_ms=call.latency_ms, calls=call.calls, price_usd=price_usd)


def state_of(failure: SourceFailure) -> CapabilityState:
    """Return what a failure makes of a capability."""
    return failure.state if failure.state in ("throttled", "absent", "denied", "credentials") else "failed"
