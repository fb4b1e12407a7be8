"""Trace segments of invocations, sent with the X-Ray SDK to the account's daemon socket."""

from collections import deque
from random import Random

from lambdatop.demo.world.invocation import Invocation

MAX_WAITING = 6_000


class TraceEmitter:
    """Samples one request a second and 5 % of the rest for each function, and sends what it sampled when pumped."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._last_sampled_s: dict[str, int] = {}
        self._waiting: deque[Invocation] = deque(maxlen=MAX_WAITING)

    def sample(self, function: str, time_ms: int) -> str | None:
        """A new trace ID if this request is sampled."""
        second = time_ms // 1000
        if self._last_sampled_s.get(function) == second and self._random.random() >= 0.05:
            return None
        self._last_sampled_s[function] = second
        return f"1-{second:08x}-{self._random.getrandbits(96):024x}"

    def finished(self, invocation: Invocation) -> None:
        """Keep a sampled invocation until the next pump."""
        if invocation.trace_id is not None:
            self._waiting.append(invocation)

    def pump(self, daemon_address: str, limit: int) -> int:
        """Send up to `limit` traces, the newest first; returns how many were sent."""
        if not self._waiting:
            return 0
        from aws_xray_sdk.core.emitters.udp_emitter import UDPEmitter

        emitter = UDPEmitter()
        emitter.set_daemon_address(daemon_address)
        sent = 0
        while self._waiting and sent < limit:
            for segment in _segments(self._waiting.pop(), self._random):
                emitter.send_entity(segment)
            sent += 1
        return sent


def _segments(invocation: Invocation, random: Random) -> list[object]:
    """The two segments of a traced invocation: the service's, and the function's with what it called."""
    from aws_xray_sdk.core.models.segment import Segment
    from aws_xray_sdk.core.models.subsegment import Subsegment

    model = invocation.model
    start_s, started_s = invocation.invoked_ms / 1000, invocation.started_ms / 1000
    end_s = started_s + invocation.duration_ms / 1000
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{model.name}"
    is_fault = invocation.failure is not None

    service = Segment(model.name, traceid=invocation.trace_id)
    service.start_time = start_s
    service.origin = "AWS::Lambda"
    service.resource_arn = arn
    service.http = {"response": {"status": 502 if is_fault else 200}}
    service.set_aws({"request_id": invocation.event.request_id})
    service.fault = is_fault

    function = Segment(model.name, traceid=invocation.trace_id, parent_id=service.id)
    function.id = invocation.segment_id
    function.start_time = started_s
    function.origin = "AWS::Lambda::Function"
    function.resource_arn = arn
    function.set_aws({"function_arn": arn, "resource_names": [model.name]})
    function.fault = is_fault
    if invocation.init_ms or invocation.restore_ms:
        name = "Init" if invocation.init_ms else "Restore"
        cold = Subsegment(name, "local", function)
        cold.start_time = start_s
        function.add_subsegment(cold)
        cold.close(started_s)
    at_s, left_s = started_s, end_s - started_s
    for index, dependency in enumerate(model.dependencies):
        is_last = index == len(model.dependencies) - 1
        taken_s = left_s * (0.9 if is_last else random.uniform(0.05, 0.15))
        call = Subsegment(dependency, "aws" if dependency in {"DynamoDB", "S3"} else "remote", function)
        call.start_time = at_s
        call.fault = bool(is_last and invocation.failure and invocation.failure.kind == "timeout")
        function.add_subsegment(call)
        call.close(at_s + taken_s)
        at_s += taken_s
        left_s -= taken_s
    if invocation.failure is not None:
        exception = {"id": f"{random.getrandbits(64):016x}", "type": invocation.failure.error_type or "Timeout"}
        exception["message"] = invocation.failure.message or "Task timed out"
        function.cause = {"working_directory": "/var/task", "exceptions": [exception]}
    function.close(end_s)
    service.close(end_s)
    return [service, function]
