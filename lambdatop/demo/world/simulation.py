"""The world as a sequence of events in time: arrivals, ends, retries and phases of the story."""

import json
import math
import uuid
from random import Random

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.world.application_lines import application_lines
from lambdatop.demo.world.concurrency_meter import ConcurrencyMeter
from lambdatop.demo.world.function_model import Change, FunctionModel, Scenario
from lambdatop.demo.world.function_state import FunctionState
from lambdatop.demo.world.installation import install
from lambdatop.demo.world.invocation import Event, Invocation
from lambdatop.demo.world.log_writer import LogWriter
from lambdatop.demo.world.metric_recorder import MetricRecorder
from lambdatop.demo.world.platform_lines import allocation_lines, first_lines, last_lines
from lambdatop.demo.world.timeline import Timeline
from lambdatop.demo.world.trace_emitter import TraceEmitter
from lambdatop.demo.world.truth import Truth

HISTORY_MS = 900_000
TICK_MS = 5_000
TRUTH_KEPT_MS = 3_600_000
VISIBILITY_TIMEOUT_MS = 10_000
MAX_ATTEMPTS = 3
MAX_BATCH = 100
BATCH_RETRY_MS = 1_000


class World:
    """Functions under traffic, in an account. The same seed, start and scenario make the same world.

    Time moves by `run_until` alone; the first call writes the history before the start as well.
    """

    def __init__(
        self, account: EmbeddedAccount, scenario: Scenario, models: list[FunctionModel], seed: int = 1,
        history_ms: int = HISTORY_MS,
    ) -> None:  # fmt: skip
        self.scenario = scenario
        self.truth = Truth()
        self.start_ms = account.clock.now_ms()
        """When the story begins; history lies before."""
        self._account = account
        self._random = Random(seed)
        self.traces = TraceEmitter(Random(seed + 1))
        self._metrics = MetricRecorder(account.metrics, Random(seed + 2))
        self._logs = LogWriter(account.logs, self._random)
        if not scenario.is_empty:
            install(account, scenario, models)
        self._functions = {} if scenario.is_empty else {model.name: self._state(model) for model in models}
        self._correlation_ids: dict[str, str] = {}
        """The newest, by the function that began it."""
        self._concurrency = ConcurrencyMeter(account.functions, self._functions.values(), self._metrics)
        self._timeline = Timeline()
        self._published_ms = 0
        if not scenario.is_empty:
            self._begin(self.start_ms - history_ms)

    def run_until(self, now_ms: int) -> None:
        """Let everything happen up to a time, and hand logs and metrics over."""
        self._timeline.run_until(now_ms)
        self._logs.hand_over(now_ms)
        if now_ms - self._published_ms >= TICK_MS:
            self._metrics.publish(now_ms, is_history=not self._published_ms)
            self._published_ms = now_ms

    def _state(self, model: FunctionModel) -> FunctionState:
        defects = self.scenario.known_defects
        is_failing = defects is None or model.name in defects
        return FunctionState(
            model, self._account.functions.arn(model.name), self._random, has_usual_failures=is_failing
        )

    def _begin(self, history_start_ms: int) -> None:
        for state in self._functions.values():
            self._allocate(history_start_ms, state)
            self._plan_arrival(history_start_ms, state)
        self._timeline.at(history_start_ms, self._tick)
        self._enter_phase_at(self.start_ms, 0)

    def _allocate(self, time_ms: int, state: FunctionState) -> None:
        model = state.model
        for environment in state.allocate(time_ms):
            if not model.is_managed:
                init_ms = model.init_ms * self._random.uniform(0.9, 1.4)
                lines = allocation_lines(model, environment, time_ms - int(init_ms), init_ms)
                self._logs.write(model.group, environment.stream, lines)

    # --- the story

    def _enter_phase_at(self, cycle_start_ms: int, index: int) -> None:
        phase = self.scenario.phases[index]
        self._timeline.at(cycle_start_ms + int(phase.at_s * 1000), self._enter_phase, cycle_start_ms, index)

    def _enter_phase(self, time_ms: int, cycle_start_ms: int, index: int) -> None:
        changes = {change.function: change for change in self.scenario.phases[index].changes}
        for name, state in self._functions.items():
            self._change(time_ms, state, changes.get(name))
        if index + 1 < len(self.scenario.phases):
            self._enter_phase_at(cycle_start_ms, index + 1)
        else:
            self._enter_phase_at(cycle_start_ms + int(self.scenario.repeat_s * 1000), 0)

    def _change(self, time_ms: int, state: FunctionState, change: Change | None) -> None:
        old_weights, model = state.change.weights, state.model
        if state.set_change(change):
            self._plan_arrival(time_ms, state)
        if state.change.weights != old_weights and model.alias is not None:
            weights = dict(state.change.weights or {})
            self._account.functions.put_alias(model.name, model.alias, model.version, weights or None)

    # --- arrivals

    def _plan_arrival(self, time_ms: int, state: FunctionState) -> None:
        model = state.model
        rate = model.rate * state.change.rate
        if rate <= 0:
            return
        if model.source == "schedule":
            wait_ms = 1000 / rate
        else:
            tide = 1 + 0.2 * math.sin(time_ms / 1000 * math.tau / 600)
            wait_ms = self._random.expovariate(rate * tide) * 1000
        self._timeline.at(time_ms + 1 + int(wait_ms), self._arrive, state, state.generation)

    def _arrive(self, time_ms: int, state: FunctionState, generation: int) -> None:
        if generation != state.generation:
            return
        self._plan_arrival(time_ms, state)
        event = Event(self._request_id(), time_ms)
        model = state.model
        event.correlation_id = self._correlation_id(model, event)
        if model.source == "async":
            self._metrics.add_everywhere("AsyncEventsReceived", model.name, time_ms, 1)
        if model.source == "kinesis":
            state.backlog.append(event)
            self._read_shard(time_ms, state)
        elif model.source_queue is not None and time_ms >= self.start_ms:
            self._account.queues.send(model.source_queue, json.dumps({"orderId": event.request_id[:8]}))
            self._timeline.at(time_ms + 150, self._poll_queue, state)
        else:
            self._attempt(time_ms, state, event)

    def _read_shard(self, time_ms: int, state: FunctionState) -> None:
        """A shard is read in order, by one invocation at a time, which gets what has gathered."""
        if state.backlog and state.running == 0:
            age_ms = time_ms - state.backlog[0].due_ms + self._random.uniform(80, 400)
            self._metrics.add("IteratorAge", time_ms, age_ms, ("FunctionName", state.model.name))
            event = Event(self._request_id(), state.backlog[0].due_ms)
            event.record_count = min(len(state.backlog), MAX_BATCH)
            self._attempt(time_ms, state, event)

    def _checkpoint(self, time_ms: int, state: FunctionState, invocation: Invocation) -> None:
        """A batch that failed blocks its shard and comes again until it succeeds."""
        if invocation.failure is not None:
            self._timeline.at(time_ms + BATCH_RETRY_MS, self._read_shard, state)
            return
        for _ in range(invocation.event.record_count):
            state.backlog.popleft()
        self._read_shard(time_ms, state)

    def _correlation_id(self, model: FunctionModel, event: Event) -> str | None:
        """Return what the event and that of another function, which it goes on with, are known by."""
        if model.correlates_with == model.name:
            self._correlation_ids[model.name] = f"c-{event.request_id[:8]}"
        return self._correlation_ids.get(model.correlates_with or "")

    def _request_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _poll_queue(self, time_ms: int, state: FunctionState) -> None:
        queue = state.model.source_queue
        if queue is None or self._concurrency.is_full(state):
            return
        messages = self._account.queues.receive(queue, 10, VISIBILITY_TIMEOUT_MS // 1000)
        if not messages:
            return
        event = Event(self._request_id(), time_ms)
        event.receipt_handles = [message.receipt_handle for message in messages]
        self._attempt(time_ms, state, event)
        self._timeline.at(time_ms + VISIBILITY_TIMEOUT_MS + 200, self._poll_queue, state)

    # --- invocations

    def _attempt(self, time_ms: int, state: FunctionState, event: Event) -> None:
        model = state.model
        if self._concurrency.is_full(state):
            self.truth.throttles.append((time_ms, model.name))
            self._metrics.add_everywhere("Throttles", model.name, time_ms, 1)
            if model.source == "async":
                self._timeline.at(time_ms + 2_000, self._attempt, state, event)
            return
        if model.source == "async":
            self._metrics.add_everywhere("AsyncEventAge", model.name, time_ms, time_ms - event.due_ms)
        invocation = state.invoke(event, time_ms)
        if model.is_traced:
            invocation.trace_id = self.traces.sample(model.name, time_ms)
            invocation.segment_id = f"{self._random.getrandbits(64):016x}"
        self._metrics.add_everywhere("Throttles", model.name, time_ms, 0)
        self._concurrency.started(time_ms, state)
        self._logs.write(model.group, invocation.environment.stream, first_lines(invocation))
        self._timeline.at(invocation.ended_ms, self._end, state, invocation)

    def _end(self, time_ms: int, state: FunctionState, invocation: Invocation) -> None:
        model, event = state.model, invocation.event
        state.release(invocation)
        self._concurrency.ended()
        lines = application_lines(invocation, self._random) + last_lines(invocation)
        self._logs.write(model.group, invocation.environment.stream, lines)
        self.truth.note(invocation)
        self._metrics.finished(invocation)
        self.traces.finished(invocation)
        if invocation.failure is not None and model.source == "async":
            self._retry(time_ms, state, invocation)
        elif invocation.failure is None and model.source_queue is not None:
            for handle in event.receipt_handles:
                self._account.queues.remove(model.source_queue, handle)
        if model.source == "kinesis":
            self._checkpoint(time_ms, state, invocation)

    def _retry(self, time_ms: int, state: FunctionState, invocation: Invocation) -> None:
        """The same request ID again, later; after the last attempt the event goes to the dead-letter queue."""
        event, model = invocation.event, state.model
        if event.attempt < MAX_ATTEMPTS:
            wait_ms = self.scenario.retry_delays_ms[event.attempt - 1]
            again = Event(event.request_id, event.due_ms, event.attempt + 1, failure=event.failure)
            self._timeline.at(time_ms + wait_ms, self._attempt, state, again)
            return
        self._metrics.add_everywhere("AsyncEventsDropped", model.name, time_ms, 1)
        if model.dead_letter_queue is None or invocation.failure is None:
            return
        if state.change.is_dead_letter_queue_denied:
            self._metrics.add_everywhere("DeadLetterErrors", model.name, time_ms, 1)
            return
        text = invocation.failure.message or f"Task timed out after {model.timeout_s}.00 seconds"
        attributes = {
            "RequestID": {"DataType": "String", "StringValue": event.request_id},
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "ErrorMessage": {"DataType": "String", "StringValue": text[:1024]},
        }
        body = json.dumps({"detail-type": "OrderPlaced", "detail": {"orderId": event.request_id[:8]}})
        self._account.queues.send(model.dead_letter_queue, body, attributes)

    def _tick(self, time_ms: int) -> None:
        """What happens on the clock, whatever the traffic."""
        self._concurrency.sample(time_ms)
        if time_ms % 60_000 < TICK_MS:
            self.truth.forget_before(time_ms - TRUTH_KEPT_MS)
        self._timeline.at(time_ms + TICK_MS, self._tick)
