"""Queues of the embedded account: visibility timeouts, receive counts and real redrive."""

import hashlib
import itertools
import json
import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field

from lambdatop.demo.clock import Clock
from lambdatop.demo.document import Document
from lambdatop.demo.metric_store import MINUTE_MS, MetricStore
from lambdatop.demo.service_error import ServiceError

MAX_SAMPLED_MINUTES = 180
"""Minutes without any call that depth metrics are filled in for afterwards."""


@dataclass(slots=True)
class Message:
    """One message; times in epoch ms."""

    message_id: str
    body: str
    attributes: dict[str, Document]
    """By name: {"DataType": …, "StringValue": …}, as SendMessage takes them."""
    sent_ms: int
    entered_ms: int
    """When it came into this queue: age restarts when a message moves to a dead-letter queue."""
    visible_ms: int
    receive_count: int = 0
    first_received_ms: int | None = None
    receipt_handle: str = ""


@dataclass(slots=True)
class Queue:
    """One queue: messages in order of arrival, and attributes as strings under AWS's names."""

    name: str
    arn: str
    created_ms: int
    attributes: dict[str, str]
    messages: OrderedDict[str, Message] = field(default_factory=OrderedDict)
    sampled_minute_ms: int = 0

    def redrive(self) -> tuple[str, int] | None:
        """(ARN of the dead-letter queue, maxReceiveCount), if set."""
        policy = self.attributes.get("RedrivePolicy")
        if not policy:
            return None
        document = json.loads(policy)
        return document["deadLetterTargetArn"], int(document["maxReceiveCount"])

    def depth(self, now_ms: int) -> tuple[int, int, int]:
        """(visible, in flight, delayed) messages."""
        visible = sum(message.visible_ms <= now_ms for message in self.messages.values())
        delayed = sum(message.visible_ms > now_ms and not message.receive_count for message in self.messages.values())
        return visible, len(self.messages) - visible - delayed, delayed


class QueueStore:
    """The account's queues; safe to use from any thread. Depth and age go to AWS/SQS metrics minute by minute."""

    def __init__(self, clock: Clock, metrics: MetricStore, account_id: str, region: str) -> None:
        self._clock = clock
        self._metrics = metrics
        self._arn_prefix = f"arn:aws:sqs:{region}:{account_id}:"
        self._lock = threading.RLock()
        self._queues: dict[str, Queue] = {}
        metrics.before_read.append(self.sample)

    def create(
        self, name: str, redrive: tuple[str, int] | None = None, attributes: dict[str, str] | None = None
    ) -> Queue:
        """Create a queue; `redrive` is (dead-letter queue's name, maxReceiveCount)."""
        with self._lock:
            wanted = dict(attributes or {})
            if redrive is not None:
                policy = {"deadLetterTargetArn": self._arn_prefix + redrive[0], "maxReceiveCount": redrive[1]}
                wanted["RedrivePolicy"] = json.dumps(policy)
            existing = self._queues.get(name)
            if existing is not None:
                if any(existing.attributes.get(key) != value for key, value in wanted.items()):
                    raise ServiceError(
                        "QueueNameExists", "A queue already exists with the same name and different attributes"
                    )
                return existing
            now_ms = self._clock.now_ms()
            defaults = {
                "VisibilityTimeout": "30",
                "MaximumMessageSize": "1048576",
                "MessageRetentionPeriod": "345600",
                "DelaySeconds": "0",
                "ReceiveMessageWaitTimeSeconds": "0",
            }
            queue = Queue(name, self._arn_prefix + name, now_ms, {**defaults, **wanted})
            queue.sampled_minute_ms = now_ms - now_ms % MINUTE_MS
            self._queues[name] = queue
            return queue

    def get(self, name: str) -> Queue:
        """The queue of that name. Raises QueueDoesNotExist."""
        queue = self._queues.get(name)
        if queue is None:
            raise ServiceError("QueueDoesNotExist", "The specified queue does not exist.")
        return queue

    def names(self) -> list[str]:
        """Every queue's name, sorted."""
        with self._lock:
            return sorted(self._queues)

    def delete(self, name: str) -> None:
        """Remove a queue with its messages."""
        with self._lock:
            self.get(name)
            del self._queues[name]

    def set_attributes(self, name: str, attributes: dict[str, str]) -> None:
        """Change attributes; an empty RedrivePolicy removes it."""
        with self._lock:
            self.get(name).attributes.update(attributes)

    def attributes(self, name: str) -> dict[str, str]:
        """Everything GetQueueAttributes can tell, as strings."""
        with self._lock:
            queue = self.get(name)
            visible, in_flight, delayed = queue.depth(self._clock.now_ms())
            return {
                **{key: value for key, value in queue.attributes.items() if value},
                "QueueArn": queue.arn,
                "CreatedTimestamp": str(queue.created_ms // 1000),
                "LastModifiedTimestamp": str(queue.created_ms // 1000),
                "ApproximateNumberOfMessages": str(visible),
                "ApproximateNumberOfMessagesNotVisible": str(in_flight),
                "ApproximateNumberOfMessagesDelayed": str(delayed),
            }

    def depth(self, name: str) -> tuple[int, int, int]:
        """(visible, in flight, delayed) messages of a queue."""
        with self._lock:
            return self.get(name).depth(self._clock.now_ms())

    def send(
        self, name: str, body: str, attributes: dict[str, Document] | None = None, delay_seconds: int | None = None
    ) -> Message:
        """Add a message; the delay defaults to the queue's own."""
        with self._lock:
            queue = self.get(name)
            self._sample(queue)
            now_ms = self._clock.now_ms()
            delay_ms = 1000 * (int(queue.attributes["DelaySeconds"]) if delay_seconds is None else delay_seconds)
            message = Message(str(uuid.uuid4()), body, attributes or {}, now_ms, now_ms, now_ms + delay_ms)
            queue.messages[message.message_id] = message
            self._count(queue, "NumberOfMessagesSent", 1)
            return message

    def receive(self, name: str, maximum: int, visibility_timeout_seconds: int | None = None) -> list[Message]:
        """Up to `maximum` visible messages; one received too often moves to the dead-letter queue instead."""
        with self._lock:
            queue = self.get(name)
            self._sample(queue)
            now_ms = self._clock.now_ms()
            default_seconds = int(queue.attributes["VisibilityTimeout"])
            seconds = default_seconds if visibility_timeout_seconds is None else visibility_timeout_seconds
            received: list[Message] = []
            visible = (message for message in list(queue.messages.values()) if message.visible_ms <= now_ms)
            while len(received) < maximum and (message := next(visible, None)) is not None:
                if self._moved_to_dead_letter_queue(queue, message, now_ms):
                    continue
                message.receive_count += 1
                message.first_received_ms = message.first_received_ms or now_ms
                message.visible_ms = now_ms + 1000 * seconds
                message.receipt_handle = f"{message.message_id}#{message.receive_count}"
                received.append(message)
            self._count(queue, "NumberOfMessagesReceived", len(received))
            return received

    def remove(self, name: str, receipt_handle: str) -> None:
        """Delete a received message. Raises ReceiptHandleIsInvalid for a handle that no receive returned."""
        message_id, separator, _ = receipt_handle.partition("#")
        if not separator:
            raise ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        with self._lock:
            queue = self.get(name)
            self._sample(queue)
            if queue.messages.pop(message_id, None) is not None:
                self._count(queue, "NumberOfMessagesDeleted", 1)

    def purge(self, name: str) -> None:
        """Delete every message of a queue."""
        with self._lock:
            queue = self.get(name)
            self._sample(queue)
            queue.messages.clear()

    def dead_letter_sources(self, name: str) -> list[str]:
        """Names of the queues whose redrive policy points at this one."""
        with self._lock:
            arn = self.get(name).arn
            redrives = ((queue.name, queue.redrive()) for queue in self._queues.values())
            return sorted(source for source, redrive in redrives if redrive is not None and redrive[0] == arn)

    def sample(self) -> None:
        """Bring the AWS/SQS gauges up to the present minute."""
        with self._lock:
            for queue in self._queues.values():
                self._sample(queue)

    def _sample(self, queue: Queue) -> None:
        """Publish depth and age for every minute that ended since the last change: nothing moved in between."""
        now_ms = self._clock.now_ms()
        this_minute_ms = now_ms - now_ms % MINUTE_MS
        first_ms = max(queue.sampled_minute_ms, this_minute_ms - MAX_SAMPLED_MINUTES * MINUTE_MS)
        for minute_ms in range(first_ms, this_minute_ms, MINUTE_MS):
            end_ms = minute_ms + MINUTE_MS
            visible, in_flight, delayed = queue.depth(end_ms)
            oldest_ms = min((message.entered_ms for message in queue.messages.values()), default=end_ms)
            for metric, value in (
                ("ApproximateNumberOfMessagesVisible", visible),
                ("ApproximateNumberOfMessagesNotVisible", in_flight),
                ("ApproximateNumberOfMessagesDelayed", delayed),
                ("ApproximateAgeOfOldestMessage", (end_ms - oldest_ms) // 1000),
            ):
                self._metrics.add("AWS/SQS", metric, {"QueueName": queue.name}, minute_ms, value)
        queue.sampled_minute_ms = this_minute_ms

    def _count(self, queue: Queue, metric: str, value: int) -> None:
        self._metrics.add("AWS/SQS", metric, {"QueueName": queue.name}, self._clock.now_ms(), value)

    def _moved_to_dead_letter_queue(self, queue: Queue, message: Message, now_ms: int) -> bool:
        redrive = queue.redrive()
        if redrive is None or message.receive_count < redrive[1]:
            return False
        target = self._queues.get(redrive[0].removeprefix(self._arn_prefix))
        if target is None:
            return False
        self._sample(target)
        del queue.messages[message.message_id]
        message.entered_ms = message.visible_ms = now_ms
        message.receive_count += 1
        target.messages[message.message_id] = message
        return True


def md5_of(text: str) -> str:
    """The MD5 that SQS returns so that a client can check what arrived."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: dict[str, Document]) -> str:
    """SQS's digest of message attributes: name, type and value, each with its length, in order of name.

    Source: SQS Developer Guide, "Calculating the MD5 message digest for message attributes".
    """
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        attribute = attributes[name]
        is_binary = attribute["DataType"].startswith("Binary")
        value = attribute["BinaryValue"] if is_binary else attribute["StringValue"].encode()
        parts = itertools.chain((name.encode(), attribute["DataType"].encode()))
        for part in parts:
            digest.update(len(part).to_bytes(4, "big") + part)
        digest.update((b"\x02" if is_binary else b"\x01") + len(value).to_bytes(4, "big") + value)
    return digest.hexdigest()
