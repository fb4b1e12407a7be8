"""moto's server in a process of its own, and a known account written into it with ordinary AWS calls."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from tests.known_account import KnownAccount
from tests.known_invocation import KnownFunction

REGION = "eu-west-1"
QUEUES = {"checkout-dead-letters": (7, 2), "orders-dead-letters": (3, 0)}
"""Messages waiting and in flight; moto keeps no function's own dead-letter queue, so they are reached otherwise."""
_SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@contextmanager
def moto_server() -> Iterator[str]:
    """Run moto's server; the value is its endpoint URL."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def environment(endpoint_url: str) -> dict[str, str]:
    """Return what points any AWS client at the endpoint, and at nothing of this machine's own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return inherited | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def client(service: str, endpoint_url: str) -> Any:  # noqa: ANN401  boto3 makes its clients as it goes
    """Return a client of the endpoint."""
    session = boto3.session.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)
    return session.client(service, endpoint_url=endpoint_url)


def load(account: KnownAccount, endpoint_url: str) -> None:
    """Write functions, log events and QUEUES: the destination of `checkout`, and behind the source of `orders`."""
    role = client("iam", endpoint_url).create_role(RoleName="runs-functions", AssumeRolePolicyDocument="{}")
    for function in account.functions:
        _load_function(function, role["Role"]["Arn"], endpoint_url)
    _load_queues(endpoint_url)
    logs = client("logs", endpoint_url)
    for function in account.functions:
        logs.create_log_group(logGroupName=function.log_group)
    for (group, stream), events in account.events.items():
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        for first in range(0, len(events), 1000):
            batch = [{"timestamp": time, "message": text} for time, text in events[first : first + 1000]]
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=batch)


def put_metric(endpoint_url: str, name: str, function: str, values_by_minute: dict[int, float]) -> None:
    """Write one AWS/Lambda metric of a function; minutes are epoch ms."""
    client("cloudwatch", endpoint_url).put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
                "Timestamp": minute_ms / 1000,
                "Value": value,
            }
            for minute_ms, value in values_by_minute.items()
        ],
    )


def _load_queues(endpoint_url: str) -> None:
    arns = {name: _load_queue(name, waiting, in_flight, endpoint_url) for name, (waiting, in_flight) in QUEUES.items()}
    functions, sqs = client("lambda", endpoint_url), client("sqs", endpoint_url)
    functions.put_function_event_invoke_config(
        FunctionName="checkout", DestinationConfig={"OnFailure": {"Destination": arns["checkout-dead-letters"]}}
    )
    policy = {"deadLetterTargetArn": arns["orders-dead-letters"], "maxReceiveCount": 3}
    sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": json.dumps(policy)})
    source_arn = arns["orders-dead-letters"].removesuffix("-dead-letters")
    functions.create_event_source_mapping(FunctionName="orders", EventSourceArn=source_arn)


def _load_queue(name: str, waiting: int, in_flight: int, endpoint_url: str) -> str:
    sqs = client("sqs", endpoint_url)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    for number in range(waiting + in_flight):
        sqs.send_message(QueueUrl=url, MessageBody=f"order {number}")
    if in_flight:
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=in_flight, VisibilityTimeout=600)
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def _load_function(function: KnownFunction, role_arn: str, endpoint_url: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("app.py", "def handler(event, context): ...\n")
    client("lambda", endpoint_url).create_function(
        FunctionName=function.name,
        Runtime=function.runtime,
        Role=role_arn,
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
        MemorySize=function.memory_size_mb,
        Timeout=function.timeout_s,
        Architectures=[function.architecture],
    )
