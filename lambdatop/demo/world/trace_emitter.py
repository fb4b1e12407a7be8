"""Trace segments of invocations, sent with the X-Ray SDK to the account's daemon socket."""

import socket
from collections import deque
from random import Random
from typing import TYPE_CHECKING

from lambdatop.demo.world.invocation import Invocation

if TYPE_CHECKING:
    from aws_xray_sdk.core.emitters.udp_emitter import UDPEmitter
    from aws_xray_sdk.core.models.segment import Segment
    from aws_xray_sdk.core.models.subsegment import Subsegment

MAX_WAITING = 6_000
AWS_SERVICES = frozenset({"DynamoDB", "S3"})


class TraceEmitter:
    """Samples one request a second and 5 % of the rest for each function, and sends what it sampled when pumped."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._last_sampled_s: dict[str, int] = {}
        self._waiting: deque[Invocation] = deque(maxlen=MAX_WAITING)
        self._sender: UDPEmitter | None = None

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
        if self._sender is None:
            self._sender = _sender()
        self._sender.set_daemon_address(daemon_address)
        sent = 0
        while self._waiting and sent < limit:
            for segment in _segments(self._waiting.pop(), self._random):
                self._sender.send_entity(segment)
            sent += 1
        return sent

    def close(self) -> None:
        """Give the socket back."""
        if self._sender is not None:
            _socket(self._sender).close()
            self._sender = None


def _sender() -> "UDPEmitter":
    """A sender of our own; the SDK's global one, which its import opens, is closed."""
    from aws_xray_sdk.core import xray_recorder
    from aws_xray_sdk.core.emitters.udp_emitter import UDPEmitter

    _socket(xray_recorder.emitter).close()
    return UDPEmitter()


def _socket(sender: "UDPEmitter") -> socket.socket:
    found: socket.socket = vars(sender)["_socket"]  # the SDK has no way to close it
    return found


def _segments(invocation: Invocation, random: Random) -> "list[Segment]":
    """The two segments of a traced invocation: the service's, and the function's with what it called."""
    from aws_xray_sdk.core.models.segment import Segment

    model, trace_id = invocation.model, invocation.trace_id
    service = Segment(model.name, traceid=trace_id)
    function = Segment(model.name, traceid=trace_id, parent_id=service.id)
    function.id = invocation.segment_id
    arn = invocation.environment.function_arn
    for segment, origin in ((service, "AWS::Lambda"), (function, "AWS::Lambda::Function")):
        vars(segment).update(origin=origin, resource_arn=arn, fault=invocation.failure is not None)
    service.http = {"response": {"status": 200 if invocation.failure is None else 502}}
    service.set_aws({"request_id": invocation.event.request_id})
    function.set_aws({"function_arn": arn, "resource_names": [model.name]})
    function.put_annotation("cold_start", bool(invocation.init_ms or invocation.restore_ms))
    function.put_annotation("customer_tier", random.choice(("gold", "silver", "silver")))
    service.start_time, function.start_time = invocation.invoked_ms / 1000, invocation.started_ms / 1000
    end_s = function.start_time + invocation.duration_ms / 1000
    _add_calls(function, invocation, random)
    if invocation.failure is not None:
        exception = {
            "id": f"{random.getrandbits(64):016x}",
            "type": invocation.failure.error_type or "Timeout",
            "message": invocation.failure.message or f"Task timed out after {model.timeout_s}.00 seconds",
        }
        vars(function)["cause"] = {"working_directory": "/var/task", "exceptions": [exception]}
    function.close(end_s)
    service.close(end_s)
    return [service, function]


def _add_calls(function: "Segment", invocation: Invocation, random: Random) -> None:
    """The cold start, and one call to each dependency after the other: the last takes most of the time."""
    if invocation.init_ms or invocation.restore_ms:
        name = "Init" if invocation.init_ms else "Restore"
        _add_call(function, name, "local", invocation.invoked_ms / 1000, function.start_time)
    dependencies = invocation.model.dependencies
    at_s, left_s = function.start_time, invocation.duration_ms / 1000
    for dependency in dependencies:
        is_last = dependency == dependencies[-1]
        taken_s = left_s * (0.9 if is_last else random.uniform(0.05, 0.15))
        namespace = "aws" if dependency in AWS_SERVICES else "remote"
        call = _add_call(function, dependency, namespace, at_s, at_s + taken_s)
        call.fault = is_last and invocation.status == "timeout"
        at_s += taken_s
        left_s -= taken_s


def _add_call(function: "Segment", name: str, namespace: str, start_s: float, end_s: float) -> "Subsegment":
    from aws_xray_sdk.core.models.subsegment import Subsegment

    call = Subsegment(name, namespace, function)
    call.start_time = start_s
    function.add_subsegment(call)
    call.close(end_s)
    return call
