"""Concurrency as the platform limits it and as CloudWatch samples it."""

from collections.abc import Collection

from lambdatop.demo.function_store import FunctionStore
from lambdatop.demo.world.function_state import FunctionState
from lambdatop.demo.world.metric_recorder import MetricRecorder


class ConcurrencyMeter:
    """Who runs how often at once, against reserved concurrency and the account's limit."""

    def __init__(self, functions: FunctionStore, states: Collection[FunctionState], metrics: MetricRecorder) -> None:
        self._functions = functions
        self._states = states
        self._metrics = metrics
        self._running = 0
        self._reserving = [state for state in states if functions.reserved(state.model.name) is not None]

    def is_full(self, state: FunctionState) -> bool:
        """Whether a further invocation of a function would be throttled."""
        reserved = self._functions.reserved(state.model.name)
        if reserved is not None:
            return state.running >= reserved
        return self._running_unreserved() >= self._functions.unreserved()

    def started(self, time_ms: int, state: FunctionState) -> None:
        """Count an invocation that began."""
        self._running += 1
        function = ("FunctionName", state.model.name)
        self._metrics.add("ConcurrentExecutions", time_ms, state.running, function)
        self._metrics.add("ConcurrentExecutions", time_ms, self._running)
        if state.model.provisioned:
            used = min(state.running, state.model.provisioned)
            self._metrics.add("ProvisionedConcurrentExecutions", time_ms, used, function)
            self._metrics.add("ProvisionedConcurrencyUtilization", time_ms, used / state.model.provisioned, function)
            is_spilling = state.running > state.model.provisioned
            name = "ProvisionedConcurrencySpilloverInvocations" if is_spilling else "ProvisionedConcurrencyInvocations"
            self._metrics.add(name, time_ms, 1, function)

    def ended(self) -> None:
        """Count an invocation as over."""
        self._running -= 1

    def sample(self, time_ms: int) -> None:
        """Measure what CloudWatch samples whether or not anything starts."""
        for state in self._states:
            if state.running:
                self._metrics.add("ConcurrentExecutions", time_ms, state.running, ("FunctionName", state.model.name))
        running, unreserved = self._running, self._running_unreserved()
        provisioned = sum(state.model.provisioned for state in self._states)
        claimed = unreserved + self._functions.account_limit - self._functions.unreserved() + provisioned
        if running:
            self._metrics.add("ConcurrentExecutions", time_ms, running)
        self._metrics.add("UnreservedConcurrentExecutions", time_ms, unreserved)
        self._metrics.add("ClaimedAccountConcurrency", time_ms, claimed)

    def _running_unreserved(self) -> int:
        return self._running - sum(state.running for state in self._reserving)
