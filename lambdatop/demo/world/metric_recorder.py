"""AWS/Lambda metrics of the world: gathered by the minute of the invocation, published late."""

from random import Random

from lambdatop.demo.metric_store import MetricStore, StatisticSet, metric_key
from lambdatop.demo.world.invocation import Invocation

MINUTE_MS = 60_000
NAMESPACE = "AWS/Lambda"

_Slot = tuple[str, tuple[tuple[str, str], ...], int]


class MetricRecorder:
    """Gathers samples and publishes each batch 20 to 60 seconds after it was gathered: late, as CloudWatch is."""

    def __init__(self, metrics: MetricStore, random: Random) -> None:
        self._metrics = metrics
        self._random = random
        self._waiting: dict[_Slot, StatisticSet] = {}

    def add(self, name: str, time_ms: int, value: float, *dimensions: tuple[str, str]) -> None:
        """Add one sample to its minute."""
        slot = (name, dimensions, time_ms - time_ms % MINUTE_MS)
        waiting = self._waiting.get(slot)
        if waiting is None:
            waiting = self._waiting[slot] = StatisticSet()
        waiting.add(value)

    def add_everywhere(self, name: str, function: str, time_ms: int, value: float) -> None:
        """Add one sample for the function and for the account."""
        self.add(name, time_ms, value, ("FunctionName", function))
        self.add(name, time_ms, value)

    def finished(self, invocation: Invocation) -> None:
        """Count an invocation in the minute in which it was asked for."""
        model, at_ms = invocation.model, invocation.invoked_ms
        samples = {
            "Invocations": 1.0,
            "Errors": float(invocation.failure is not None),
            "Duration": invocation.duration_ms,
        }
        for name, value in samples.items():
            self.add_everywhere(name, model.name, at_ms, value)
            if model.alias is not None:
                function = ("FunctionName", model.name)
                resource = ("Resource", f"{model.name}:{model.alias}")
                self.add(name, at_ms, value, function, resource)
                executed = ("ExecutedVersion", invocation.environment.version)
                self.add(name, at_ms, value, function, resource, executed)

    def publish(self, now_ms: int, *, is_history: bool) -> None:
        """Hand over what was gathered: the present comes late, history came late after its own minutes."""
        for (name, dimensions, minute_ms), statistic_set in self._waiting.items():
            gathered_ms = min(now_ms, minute_ms + MINUTE_MS) if is_history else now_ms
            visible_ms = gathered_ms + self._random.randint(20_000, 60_000)
            key = metric_key(NAMESPACE, name, dict(dimensions))
            self._metrics.add_set(key, minute_ms, statistic_set, max(0, visible_ms - now_ms))
        self._waiting.clear()
