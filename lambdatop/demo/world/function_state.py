"""A function in motion: its environments, what runs, and how its next invocation will go."""

from collections import deque
from random import Random

from lambdatop.demo.world.function_model import Change, Failure, FunctionModel
from lambdatop.demo.world.invocation import Environment, Event, Invocation
from lambdatop.demo.world.time_text import strftime

_AT_REST = Change("")
MANAGED_ENVIRONMENTS = 3
"""The fewest that Lambda Managed Instances keep; each serves many requests at a time."""
RECYCLED_SHARE = 0.01
"""How often the platform has taken an idle environment away: environments do not live for ever."""


class FunctionState:
    """Environments by version and the invocations that occupy them."""

    def __init__(self, model: FunctionModel, arn: str, random: Random, *, has_usual_failures: bool = True) -> None:
        self.model = model
        self._arn = arn
        self._usual_failures = model.usual_failures if has_usual_failures else {}
        self.change = _AT_REST
        self.running = 0
        self.generation = 0
        """Counts changes of rate: arrivals planned before the last one are void."""
        self.backlog: deque[Event] = deque()
        """Records of a stream that wait for their shard."""
        self._random = random
        self._idle: dict[str, list[Environment]] = {}

    def set_change(self, change: Change | None) -> bool:
        """Enter a phase; says whether the rate of arrivals moved."""
        new = change or _AT_REST
        has_moved = new.rate != self.change.rate
        self.change = new
        self.generation += has_moved
        return has_moved

    def allocate(self, now_ms: int) -> list[Environment]:
        """Environments that initialise outside of any request: those kept ready, or the one a snapshot is taken of."""
        model = self.model
        count = MANAGED_ENVIRONMENTS if model.is_managed else model.provisioned
        ready = [self._environment(model.version, now_ms, is_provisioned=True) for _ in range(count)]
        self._idle.setdefault(model.version, []).extend(ready)
        return [self._environment(model.version, now_ms)] if model.is_snap_start else ready

    def invoke(self, event: Event, now_ms: int) -> Invocation:
        """Give an event to an environment, the last one used first, or to a new one."""
        model, random = self.model, self._random
        version = self._version()
        environment = self._take_idle(version, now_ms)
        is_new = environment is None
        if environment is None:
            environment = self._environment(version, now_ms)
        is_changed = self.change.version in {None, version}
        if is_changed and self.change.memory_growth_mb:
            environment.max_memory_mb += self.change.memory_growth_mb * random.uniform(0.5, 1.5)
        used_mb = model.memory_used_mb * random.uniform(0.8, 1.05)
        environment.max_memory_mb = max(environment.max_memory_mb, used_mb)
        failure = self._failure(event, environment, is_new=is_new, is_changed=is_changed)
        if failure is not None and failure.kind == "out_of_memory":
            environment.max_memory_mb = model.memory_size_mb
        environment.max_memory_mb = min(environment.max_memory_mb, model.memory_size_mb)
        duration_ms, failure = self._duration(failure, is_changed=is_changed)
        invocation = Invocation(model, environment, event, now_ms, round(max(duration_ms, 0.8), 3), failure)
        invocation.max_memory_used_mb = int(environment.max_memory_mb)
        self._initialise(invocation, is_new=is_new)
        self.running += 1
        return invocation

    def release(self, invocation: Invocation) -> None:
        """Take an environment back; one whose runtime died initialises again at its next invocation."""
        environment = invocation.environment
        environment.last_used_ms = invocation.ended_ms
        environment.is_broken = invocation.status != "success"
        if environment.is_broken:
            environment.max_memory_mb = self.model.memory_used_mb * 0.8
        if not self.model.is_managed:
            self._idle.setdefault(environment.version, []).append(environment)
        self.running -= 1

    def _initialise(self, invocation: Invocation, *, is_new: bool) -> None:
        """Say how long the new environment took to come up; one that died comes up again within the duration."""
        model = self.model
        cold_ms = round(model.init_ms * self._random.lognormvariate(0.0, 0.2), 3)
        if not is_new:
            if invocation.environment.is_broken:
                longer_ms = invocation.duration_ms + model.init_ms
                invocation.duration_ms = round(min(longer_ms, model.timeout_s * 1000.0), 3)
        elif invocation.failure is not None and invocation.failure.kind == "init":
            invocation.failed_init_ms = cold_ms
        elif model.is_snap_start:
            invocation.restore_ms = cold_ms
        else:
            invocation.init_ms = cold_ms

    def _take_idle(self, version: str, now_ms: int) -> Environment | None:
        idle = self._idle.get(version, [])
        if self.model.is_managed:
            return self._random.choice(idle)
        while idle:
            environment = idle.pop()
            if environment.is_provisioned:
                return environment
            if now_ms - environment.last_used_ms > self.model.idle_ms:
                idle.clear()
            elif self._random.random() >= RECYCLED_SHARE:
                return environment
        return None

    def _version(self) -> str:
        dice = self._random.random()
        for version, weight in (self.change.weights or {}).items():
            if dice < weight:
                return version
            dice -= weight
        return self.model.version

    def _failure(self, event: Event, environment: Environment, *, is_new: bool, is_changed: bool) -> Failure | None:
        """What an attempt fails with: no memory left, what the event failed with before, or what chance says."""
        if environment.max_memory_mb >= self.model.memory_size_mb:
            return Failure("out_of_memory", "Runtime.OutOfMemory")
        failure = event.failure or self._choose_failure(is_new=is_new, is_changed=is_changed)
        if self.change.is_failure_repeated:
            event.failure = failure
        return failure

    def _choose_failure(self, *, is_new: bool, is_changed: bool) -> Failure | None:
        model = self.model
        dice = self._random.random()
        shares = {**self._usual_failures, **(self.change.failures if is_changed else {})}
        for name, share in shares.items():
            failure = model.failures[name]
            if failure.kind == "init" and not is_new:
                continue
            if dice < share:
                return failure
            dice -= share
        return None

    def _duration(self, failure: Failure | None, *, is_changed: bool) -> tuple[float, Failure | None]:
        """How long it takes, and the failure it then ends with: what takes too long is a timeout."""
        model = self.model
        timeout_ms = model.timeout_s * 1000.0
        factor = self.change.duration if is_changed else 1.0
        duration_ms = model.duration_ms * factor * self._random.lognormvariate(0.0, model.spread)
        is_timeout = failure is not None and failure.kind == "timeout"
        if not is_timeout and duration_ms < timeout_ms:
            return duration_ms, failure
        overshoot_ms = self._random.uniform(2, 80) if model.is_old_style else 0.0
        return timeout_ms + overshoot_ms, Failure("timeout")

    def _environment(self, version: str, now_ms: int, *, is_provisioned: bool = False) -> Environment:
        model = self.model
        prefix = model.name if model.log_group else ""
        stream = f"{strftime(now_ms, '%Y/%m/%d')}/{prefix}[{version}]{self._random.getrandbits(128):032x}"
        memory_mb = model.memory_used_mb * self._random.uniform(0.8, 1.0)
        return Environment(stream, version, memory_mb, now_ms, is_provisioned, self._arn)
