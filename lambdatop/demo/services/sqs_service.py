"""Amazon SQS: queues and their messages."""

import json

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.queue_store import Message, md5_of, md5_of_attributes
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none


class QueueService:
    """Serves the operations; a queue's URL is the endpoint's own."""

    def __init__(self, account: EmbeddedAccount, url: str) -> None:
        self._queues = account.queues
        self._prefix = f"{url}/{account.account_id}/"

    def list_queues(self, request: Document) -> Document:
        """ListQueues."""
        prefix = request.get("QueueNamePrefix", "")
        names = [name for name in self._queues.names() if name.startswith(prefix)]
        found, token = page(names, request.get("NextToken"), request.get("MaxResults", 1000), "InvalidParameterValue")
        return without_none(QueueUrls=[self._prefix + name for name in found] or None, NextToken=token)

    def get_queue_url(self, request: Document) -> Document:
        """GetQueueUrl."""
        return {"QueueUrl": self._prefix + self._queues.get(request["QueueName"]).name}

    def create_queue(self, request: Document) -> Document:
        """CreateQueue."""
        self._queues.create(request["QueueName"], attributes=_checked(request.get("Attributes", {})))
        return {"QueueUrl": self._prefix + request["QueueName"]}

    def delete_queue(self, request: Document) -> Document:
        """DeleteQueue."""
        self._queues.delete(_queue(request))
        return {}

    def get_queue_attributes(self, request: Document) -> Document:
        """GetQueueAttributes: nothing without AttributeNames."""
        attributes = self._queues.attributes(_queue(request))
        names = request.get("AttributeNames", [])
        found = {key: value for key, value in attributes.items() if "All" in names or key in names}
        return without_none(Attributes=found or None)

    def set_queue_attributes(self, request: Document) -> Document:
        """SetQueueAttributes."""
        self._queues.set_attributes(_queue(request), _checked(request["Attributes"]))
        return {}

    def list_dead_letter_source_queues(self, request: Document) -> Document:
        """ListDeadLetterSourceQueues, whose answer spells queueUrls with a small q."""
        return {"queueUrls": [self._prefix + name for name in self._queues.dead_letter_sources(_queue(request))]}

    def send_message(self, request: Document) -> Document:
        """SendMessage."""
        attributes = request.get("MessageAttributes", {})
        message = self._queues.send(_queue(request), request["MessageBody"], attributes, request.get("DelaySeconds"))
        digest = md5_of_attributes(attributes) if attributes else None
        return without_none(
            MessageId=message.message_id, MD5OfMessageBody=md5_of(message.body), MD5OfMessageAttributes=digest
        )

    def send_message_batch(self, request: Document) -> Document:
        """SendMessageBatch: up to ten."""
        entries = request["Entries"]
        if len(entries) > 10:
            raise ServiceError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
        if len({entry["Id"] for entry in entries}) < len(entries):
            raise ServiceError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
        sent = [
            {"Id": entry["Id"], **self.send_message({**entry, "QueueUrl": request["QueueUrl"]})} for entry in entries
        ]
        return {"Successful": sent, "Failed": []}

    def receive_message(self, request: Document) -> Document:
        """ReceiveMessage; it never waits, whatever WaitTimeSeconds asks."""
        maximum = request.get("MaxNumberOfMessages", 1)
        if not 1 <= maximum <= 10:
            raise ServiceError("InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10, if provided.")
        messages = self._queues.receive(_queue(request), maximum, request.get("VisibilityTimeout"))
        return without_none(Messages=[_document(message, request) for message in messages] or None)

    def delete_message(self, request: Document) -> Document:
        """DeleteMessage."""
        self._queues.remove(_queue(request), request["ReceiptHandle"])
        return {}

    def purge_queue(self, request: Document) -> Document:
        """PurgeQueue."""
        self._queues.purge(_queue(request))
        return {}


def _queue(request: Document) -> str:
    return str(request["QueueUrl"]).rstrip("/").rpartition("/")[2]


def _checked(attributes: dict[str, str]) -> dict[str, str]:
    policy = attributes.get("RedrivePolicy")
    if policy:
        try:
            document = json.loads(policy)
            is_whole = bool(document["deadLetterTargetArn"]) and int(document["maxReceiveCount"]) > 0
        except (ValueError, TypeError, KeyError):
            is_whole = False
        if not is_whole:
            raise ServiceError("InvalidParameterValue", f"Value {policy} for parameter RedrivePolicy is invalid.")
    return attributes


def _document(message: Message, request: Document) -> Document:
    system = {
        "SentTimestamp": str(message.sent_ms),
        "ApproximateReceiveCount": str(message.receive_count),
        "ApproximateFirstReceiveTimestamp": str(message.first_received_ms),
        "SenderId": "AIDALAMBDATOPDEMO000",
    }
    wanted = {*request.get("AttributeNames", []), *request.get("MessageSystemAttributeNames", [])}
    names = set(request.get("MessageAttributeNames", []))
    shown = {k: v for k, v in system.items() if k in wanted or "All" in wanted}
    attributes = {k: v for k, v in message.attributes.items() if k in names or names & {"All", ".*"}}
    return without_none(
        MessageId=message.message_id,
        ReceiptHandle=message.receipt_handle,
        MD5OfBody=md5_of(message.body),
        Body=message.body,
        Attributes=shown or None,
        MessageAttributes=attributes or None,
        MD5OfMessageAttributes=md5_of_attributes(attributes) if attributes else None,
    )
