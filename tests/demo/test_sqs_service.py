"""Amazon SQS as boto3 uses it."""

import json

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.account import EmbeddedAccount
from tests.demo.clients import Client, client


@pytest.fixture
def sqs(url: str) -> Client:
    return client("sqs", url)


def depth(sqs: Client, url: str) -> tuple[str, ...]:
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(found[name] for name in names)


def test_a_batch_is_sent_received_and_deleted(sqs: Client) -> None:
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sent = sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": str(number), "MessageBody": f"m{number}"} for number in range(3)]
    )
    assert [entry["Id"] for entry in sent["Successful"]] == ["0", "1", "2"]
    assert depth(sqs, url) == ("3", "0", "0")
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    assert [message["Body"] for message in received] == ["m0", "m1"]
    assert depth(sqs, url) == ("1", "2", "0")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
    assert depth(sqs, url) == ("1", "1", "0")
    sqs.purge_queue(QueueUrl=url)
    assert depth(sqs, url) == ("0", "0", "0")


@pytest.mark.parametrize(
    ("ids", "code"),
    [(["1", "1"], "BatchEntryIdsNotDistinct"), ([str(number) for number in range(11)], "TooManyEntriesInBatchRequest")],
)
def test_a_bad_batch_is_refused_whole(sqs: Client, ids: list[str], code: str) -> None:
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    with pytest.raises(ClientError, match=code):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": one, "MessageBody": "x"} for one in ids])
    assert depth(sqs, url) == ("0", "0", "0")


def test_a_message_is_redriven_after_as_many_receives_as_the_policy_says(account: EmbeddedAccount, sqs: Client) -> None:
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
    work = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "10"})[
        "QueueUrl"
    ]
    sqs.send_message(QueueUrl=work, MessageBody="poison")
    for receive_count in ("1", "2"):
        (message,) = sqs.receive_message(QueueUrl=work, MessageSystemAttributeNames=["All"])["Messages"]
        assert message["Attributes"]["ApproximateReceiveCount"] == receive_count
        assert "Messages" not in sqs.receive_message(QueueUrl=work)
        account.clock.advance(10_000)
    assert "Messages" not in sqs.receive_message(QueueUrl=work)
    assert (depth(sqs, work)[0], depth(sqs, dead)[0]) == ("0", "1")
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [work]


def test_attributes_are_told_only_when_they_are_asked_for(sqs: Client) -> None:
    url = sqs.create_queue(QueueName="q", Attributes={"DelaySeconds": "5"})["QueueUrl"]
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert depth(sqs, url) == ("0", "0", "1")
    with pytest.raises(ClientError, match="RedrivePolicy is invalid"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": "{}"})


def test_queues_are_listed_by_prefix_and_deleted(sqs: Client) -> None:
    for name in ("a1", "a2", "b1"):
        sqs.create_queue(QueueName=name)
    assert [url.rpartition("/")[2] for url in sqs.list_queues(QueueNamePrefix="a")["QueueUrls"]] == ["a1", "a2"]
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="a1")["QueueUrl"])
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.get_queue_url(QueueName="a1")
