from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from lambdatop.model.delivery import QueuesDelivered
from lambdatop.model.lambda_function import EventSourceMapping, FailureDestination
from lambdatop.model.queue_depth import QueueDepth
from lambdatop.sources.queues import Queues, target_of_redrive_policy
from tests.sources.fake_call import FakeCall, SteadyRandom, key, only, refused, watch_of

NOW_MS = 1_795_000_000_000
PREFIX = "arn:aws:sqs:eu-west-1:123456789012:"
DEPTH = {"ApproximateNumberOfMessages": "7", "ApproximateNumberOfMessagesNotVisible": "2"}


def url(**asked: str) -> dict[str, Any]:
    return {"QueueUrl": f"https://sqs/{asked['QueueOwnerAWSAccountId']}/{asked['QueueName']}"}


def attributes(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
    if asked["AttributeNames"] == ["RedrivePolicy"]:
        return {"Attributes": {"RedrivePolicy": f'{{"deadLetterTargetArn":"{PREFIX}dead","maxReceiveCount":"3"}}'}}
    return {"Attributes": {name: DEPTH[name] for name in asked["AttributeNames"]}}


def age(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
    end = asked["EndTime"].timestamp()
    results = [{"Id": query["Id"], "Timestamps": [end - 60, end - 120], "Values": [90.0, 30.0]}
               for query in asked["MetricDataQueries"]]  # fmt: skip
    return {"MetricDataResults": results}


def fake_of(**answers: Any) -> FakeCall:  # noqa: ANN401
    return FakeCall({"GetQueueUrl": url, "GetQueueAttributes": attributes, "GetMetricData": age, **answers})


def polled(queues: Queues, now_ms: int = NOW_MS) -> tuple[QueueDepth, ...]:
    (delivery,) = only(queues.poll(now_ms), QueuesDelivered)
    return delivery.queues


def test_depth_in_flight_and_age_of_a_functions_own_queue() -> None:
    fake = fake_of()
    watch = watch_of("orders", dead_letter_target_arn=PREFIX + "dead")
    (queue,) = polled(Queues(fake.call, watch, SteadyRandom()))
    assert (queue.name, queue.depth, queue.in_flight, queue.age_of_oldest_s) == ("dead", 7, 2, 90.0)
    assert [(one.function, one.role) for one in queue.sources] == [(key("orders"), "dead_letter_queue")]
    assert fake.asked["GetQueueUrl"] == [{"QueueName": "dead", "QueueOwnerAWSAccountId": "123456789012"}]


def test_queues_behind_source_queues_and_destinations_are_found() -> None:
    watch = watch_of("orders", "mailer")
    watch.mappings = (
        EventSourceMapping(uuid="1", function=key("orders"), event_source_arn=PREFIX + "orders-in"),
        EventSourceMapping(uuid="2", function=key("mailer"), on_failure_arn=PREFIX + "stream-failures"),
        EventSourceMapping(uuid="3", function=key("unlisted"), on_failure_arn=PREFIX + "foreign"),
    )
    watch.destinations = (FailureDestination(function=key("mailer"), target_arn=PREFIX + "async-failures"),)
    found = polled(Queues(fake_of().call, watch, SteadyRandom()))
    assert {(queue.name, queue.sources[0].role, queue.sources[0].via) for queue in found} == {
        ("dead", "source_redrive", "orders-in"),
        ("stream-failures", "on_failure_destination", None),
        ("async-failures", "on_failure_destination", None),
    }


def test_a_queue_that_may_not_be_read_has_no_depth_but_a_reason() -> None:
    refusal = refused("denied", sentence="AWS denies sqs:GetQueueAttributes.")
    queues = Queues(
        fake_of(GetQueueAttributes=refusal).call, watch_of("a", dead_letter_target_arn=PREFIX + "dead"), SteadyRandom()
    )
    (queue,) = polled(queues)
    assert (queue.depth, queue.note) == (None, "AWS denies sqs:GetQueueAttributes.")
    assert queues.status(NOW_MS).state == "denied"


def test_attributes_that_are_missing_are_unknown_and_not_zero() -> None:
    watch = watch_of("a", dead_letter_target_arn=PREFIX + "dead")
    (queue,) = polled(Queues(fake_of(GetQueueAttributes={"Attributes": {}}).call, watch, SteadyRandom()))
    assert (queue.depth, queue.in_flight) == (None, None)


def test_a_topic_has_no_depth_and_odd_targets_are_left_out() -> None:
    watch = watch_of("a", dead_letter_target_arn="arn:aws:sns:eu-west-1:123456789012:topic")
    watch.destinations = tuple(
        FailureDestination(function=key("a"), target_arn=arn)
        for arn in ("arn:aws:lambda:eu-west-1:1:function:b", "arn:aws:sqs", "kafka://x", "arn:aws:s3:::bucket")
    )
    (queue,) = polled(Queues(fake_of().call, watch, SteadyRandom()))
    assert (queue.depth, queue.note) == (None, "An SNS topic keeps no messages, so it has no depth.")


def test_age_is_paid_for_queues_that_hold_messages_only() -> None:
    fake = fake_of(GetQueueAttributes={"Attributes": {"ApproximateNumberOfMessages": "0"}})
    (queue,) = polled(Queues(fake.call, watch_of("a", dead_letter_target_arn=PREFIX + "dead"), SteadyRandom()))
    assert (queue.depth, queue.age_of_oldest_s) == (0, None)
    assert "GetMetricData" not in fake.asked


def test_urls_are_asked_once_and_a_queue_that_is_gone_says_so() -> None:
    fake = fake_of()
    queues = Queues(fake.call, watch_of("a", dead_letter_target_arn=PREFIX + "dead"), SteadyRandom())
    polled(queues)
    polled(queues, NOW_MS + 15_000)
    assert len(fake.asked["GetQueueUrl"]) == 1
    fake.answers["GetQueueAttributes"] = refused("failed", "AWS.SimpleQueueService.NonExistentQueue")
    assert polled(queues, NOW_MS + 30_000)[0].note == "The queue does not exist."


def test_queues_wait_until_event_sources_were_asked() -> None:
    watch = watch_of("a")
    watch.are_event_sources_asked = False
    assert Queues(fake_of().call, watch, SteadyRandom()).next_due_ms() is None


@pytest.mark.parametrize("count", ['"3"', "3"])
def test_redrive_policies_count_in_text_or_numbers(count: str) -> None:
    assert target_of_redrive_policy(f'{{"deadLetterTargetArn":"{PREFIX}d","maxReceiveCount":{count}}}') == PREFIX + "d"


@pytest.mark.parametrize("policy", [None, "", "{", "[]", "7", '{"deadLetterTargetArn":7}'])
def test_odd_redrive_policies_name_no_queue(policy: str | None) -> None:
    assert target_of_redrive_policy(policy) is None


def test_a_network_that_is_cut_says_nothing_of_the_queues() -> None:
    fake = fake_of()
    queues = Queues(fake.call, watch_of("a", dead_letter_target_arn=PREFIX + "dead"), SteadyRandom())
    polled(queues)
    cut_off = refused("failed", sentence="AWS cannot be reached.")
    cut_off.__cause__ = EndpointConnectionError(endpoint_url="https://sqs")
    fake.answers["GetQueueAttributes"] = cut_off
    assert not list(queues.poll(NOW_MS + 15_000)), "the last depths stay"
    status = queues.status(NOW_MS + 15_000)
    assert (status.state, status.detail) == ("failed", "AWS cannot be reached.")
