"""Dead-letter queues: which there are, and how full (SQS GetQueueAttributes, the metric for age)."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from lambdatop.model.delivery import Delivery, QueuesDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import QueueRole
from lambdatop.model.queue_depth import QueueDepth, QueueSource
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure, is_about_all
from lambdatop.sources.fast_decode import metric_data_page
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

AGE_EVERY_MS = 60_000
REDRIVE_EVERY_MS = 300_000
AGE_LOOK_BACK_MS = 600_000


class Queues(PolledSource):
    """Reads depth every fifteen seconds, age every minute (a metric costs), redrive policies every five."""

    name = "queues"
    interval_ms = 15_000
    needs_functions = True

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._urls: dict[str, str] = {}
        self._redrives: dict[str, str | None] = {}
        self._redrives_ms = 0
        self._hidden: set[str] = set()
        self._ages: dict[str, float] = {}
        self._aged: frozenset[str] = frozenset()
        self._ages_ms = 0

    def is_ready(self) -> bool:
        """Functions are needed, and what lies behind mappings and destinations, where that can be read at all."""
        return self.watch.functions is not None and self.watch.are_event_sources_asked

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Find the queues and read each."""
        scope = self.watch.scope
        if scope is None:
            return
        if now_ms - self._redrives_ms >= REDRIVE_EVERY_MS or self._redrives_missing():
            self._read_redrives()
            self._redrives_ms = now_ms
        found = self._sources_by_arn()
        queues = [self._depth(arn, tuple(sources), scope, now_ms) for arn, sources in sorted(found.items())]
        filled = [queue.name for queue in queues if queue.depth]
        if now_ms - self._ages_ms >= AGE_EVERY_MS or not self._aged.issuperset(filled):
            self._read_ages(filled, now_ms)
            self._ages_ms, self._aged = now_ms, frozenset(filled)
        refused = [queue for queue in queues if queue.depth is None and queue.arn.split(":")[2] == "sqs"]
        if refused and len(refused) == len(queues):
            self.say(refused[0].note or "no queue can be read", "denied")
        else:
            unreadable = f", {len(refused)} unreadable" if refused else ""
            hidden = f", {len(self._hidden)} source queues unreadable" if self._hidden else ""
            self.say(f"{len(queues)} dead-letter queues{unreadable}{hidden}")
        yield QueuesDelivered(
            scope=scope,
            queues=tuple(
                msgspec.structs.replace(queue, age_of_oldest_s=self._ages.get(queue.name) if queue.depth else None)
                for queue in queues
            ),
        )

    def _source_queue_arns(self) -> dict[str, list[FunctionKey]]:
        found: dict[str, list[FunctionKey]] = defaultdict(list)
        for mapping in self.watch.mappings or ():
            if mapping.event_source_arn and ":sqs:" in mapping.event_source_arn:
                found[mapping.event_source_arn].append(mapping.function)
        return found

    def _redrives_missing(self) -> bool:
        return any(arn not in self._redrives for arn in self._source_queue_arns())

    def _read_redrives(self) -> None:
        for arn in self._source_queue_arns():
            try:
                policy = self._attributes(arn, "RedrivePolicy").get("RedrivePolicy")
            except SourceFailure as failure:
                if is_about_all(failure):
                    raise
                policy = None
                self._hidden.add(arn)
            else:
                self._hidden.discard(arn)
            self._redrives[arn] = target_of_redrive_policy(policy)

    def _sources_by_arn(self) -> dict[str, list[QueueSource]]:
        found: dict[str, list[QueueSource]] = defaultdict(list)

        def add(arn: str | None, function: FunctionKey, role: QueueRole, via: str | None = None) -> None:
            if arn and len(parts := arn.split(":")) == 6 and parts[2] in ("sqs", "sns"):
                source = QueueSource(function=function, role=role, via=via)
                if source not in found[arn]:
                    found[arn].append(source)

        listed = {function.key for function in self.watch.functions or ()}
        for function in self.watch.functions or ():
            add(function.dead_letter_target_arn, function.key, "dead_letter_queue")
        for destination in self.watch.destinations:
            if destination.function in listed:
                add(destination.target_arn, destination.function, "on_failure_destination")
        for mapping in self.watch.mappings or ():
            if mapping.function not in listed:
                continue
            add(mapping.on_failure_arn, mapping.function, "on_failure_destination")
            target = self._redrives.get(mapping.event_source_arn or "")
            add(target, mapping.function, "source_redrive", (mapping.event_source_arn or "").rsplit(":", 1)[-1])
        return found

    def _depth(self, arn: str, sources: tuple[QueueSource, ...], scope: Scope, now_ms: int) -> QueueDepth:
        queue = QueueDepth(scope=scope, name=arn.rsplit(":", 1)[-1], arn=arn, sources=sources)
        if arn.split(":")[2] == "sns":
            return msgspec.structs.replace(queue, note="An SNS topic keeps no messages, so it has no depth.")
        try:
            attributes = self._attributes(arn, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        except SourceFailure as failure:
            if is_about_all(failure):
                raise
            self._urls.pop(arn, None)
            is_gone = failure.code.endswith(("QueueDoesNotExist", "NonExistentQueue"))
            return msgspec.structs.replace(queue, note="The queue does not exist." if is_gone else failure.sentence)
        return msgspec.structs.replace(
            queue,
            depth=_count(attributes.get("ApproximateNumberOfMessages")),
            in_flight=_count(attributes.get("ApproximateNumberOfMessagesNotVisible")),
            read_at_ms=now_ms,
        )

    def _attributes(self, arn: str, *names: str) -> dict[str, str]:
        url = self._urls.get(arn)
        if url is None:
            parts = arn.split(":")
            answer = self._call("sqs", "GetQueueUrl", QueueName=parts[5], QueueOwnerAWSAccountId=parts[4])
            url = self._urls[arn] = answer["QueueUrl"]
        answer = self._call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=list(names))
        attributes: dict[str, str] = answer.get("Attributes", {})
        return attributes

    def _read_ages(self, names: list[str], now_ms: int) -> None:
        """Ask for the ages of the oldest messages, paid by queue, so only of queues that hold any."""
        if not names:
            return
        queries = [
            {
                "Id": f"q{index}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SQS",
                        "MetricName": "ApproximateAgeOfOldestMessage",
                        "Dimensions": [{"Name": "QueueName", "Value": name}],
                    },
                    "Period": 60,
                    "Stat": "Maximum",
                },
            }
            for index, name in enumerate(names[:500])
        ]
        try:
            page = metric_data_page(
                self._call(
                    "cloudwatch",
                    "GetMetricData",
                    MetricDataQueries=queries,
                    StartTime=datetime.fromtimestamp((now_ms - AGE_LOOK_BACK_MS) / 1000, UTC),
                    EndTime=datetime.fromtimestamp(now_ms / 1000, UTC),
                )
            )
        except SourceFailure as failure:
            if failure.state == "credentials":
                raise
            self._ages = {}
            return
        self._ages = {
            names[int(result.id[1:])]: value
            for result in page.metric_data_results
            if result.timestamps
            for _, value in [max(zip(result.timestamps, result.values, strict=False))]
        }


def _count(attribute: str | None) -> int | None:
    return int(attribute) if attribute is not None and attribute.isdigit() else None


def target_of_redrive_policy(policy: str | None) -> str | None:
    """Return the dead-letter queue's ARN that a queue's RedrivePolicy attribute names.

    >>> target_of_redrive_policy('{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:dlq","maxReceiveCount":"3"}')
    'arn:aws:sqs:eu-west-1:1:dlq'
    """
    if not policy:
        return None
    try:
        decoded = msgspec.json.decode(policy)
    except msgspec.DecodeError:
        return None
    target = decoded.get("deadLetterTargetArn") if isinstance(decoded, dict) else None
    return target if isinstance(target, str) else None
