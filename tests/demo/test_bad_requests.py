"""What a client sees of bad input: AWS's error shapes, in each protocol."""

import http.client
import json
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.demo.clients import client

JSON_10 = "application/x-amz-json-1.0"
JSON_11 = "application/x-amz-json-1.1"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def post(url: str, body: bytes, headers: dict[str, str], path: str = "/") -> tuple[int, str, str]:
    """Return status, the error type that the headers tell, and the body."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers.get("x-amzn-ErrorType", ""), text


@pytest.mark.parametrize(
    ("target", "content_type", "body", "code"),
    [
        ("Logs_20140328.FilterLogEvents", JSON_11, b"{", "SerializationException"),
        ("Logs_20140328.FilterLogEvents", JSON_11, b"[]", "SerializationException"),
        ("Logs_20140328.FilterLogEvents", JSON_11, b"\xff\xfe", "SerializationException"),
        ("Logs_20140328.FilterLogEvents", JSON_11, b"{}", "InvalidParameterException"),
        ("Logs_20140328.FilterLogEvents", JSON_11, b'{"logGroupName": 5}', "InvalidParameterException"),
        ("Logs_20140328.FilterLogEvents", JSON_11, b'{"logGroupName": "missing"}', "ResourceNotFoundException"),
        ("Logs_20140328.DescribeDestinations", JSON_11, b"{}", "UnknownOperationException"),
        ("Logs_20140328.NoSuchThing", JSON_11, b"{}", "UnknownOperationException"),
        ("Nobody.Knows", JSON_11, b"{}", "UnknownOperationException"),
        ("AmazonSQS.GetQueueUrl", JSON_10, b"{}", "MissingParameter"),
        ("GraniteServiceVersion20100801.GetMetricData", JSON_10, b"{}", "MissingParameter"),
    ],
)
def test_json_protocols_tell_the_code_in_header_and_body(
    url: str, target: str, content_type: str, body: bytes, code: str
) -> None:
    status, error_type, text = post(url, body, {"X-Amz-Target": target, "Content-Type": content_type})
    assert (400 <= status < 500, error_type, json.loads(text)["__type"]) == (True, code, code)


def test_a_gzip_body_that_is_none_is_refused(url: str) -> None:
    headers = {"X-Amz-Target": "Logs_20140328.FilterLogEvents", "Content-Encoding": "gzip", "Content-Type": JSON_11}
    assert post(url, b"plain", headers)[1] == "SerializationException"


def test_sqs_still_tells_the_code_of_the_query_protocol(url: str) -> None:
    with pytest.raises(ClientError) as raised:
        client("sqs", url).get_queue_url(QueueName="missing")
    assert raised.value.response["Error"]["QueryErrorCode"] == "QueueDoesNotExist"
    assert raised.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Action=Nothing&Version=2011-06-15", "InvalidAction"),
        (b"Action=GetQueueUrl&Version=2012-11-05&QueueName=missing", "AWS.SimpleQueueService.NonExistentQueue"),
        (b"Action=GetMetricStatistics&Version=2010-08-01", "MissingParameter"),
    ],
)
def test_the_query_protocol_tells_the_code_in_xml(url: str, body: bytes, code: str) -> None:
    status, _, text = post(url, body, {"Content-Type": FORM})
    assert status == 400
    assert f"<Code>{code}</Code>" in text


def test_the_query_protocol_answers_in_xml(url: str) -> None:
    status, _, text = post(url, b"Action=GetCallerIdentity&Version=2011-06-15", {"Content-Type": FORM})
    assert (status, "<Account>123456789012</Account>" in text) == (200, True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/2015-03-31/functions/missing/invocations", "UnknownOperationException"),
        ("/nowhere", "UnknownOperationException"),
        ("/TraceSummaries", "InvalidRequestException"),
    ],
)
def test_rest_json_tells_the_code_in_the_header(url: str, path: str, code: str) -> None:
    status, error_type, text = post(url, b"{}", {"Content-Type": "application/json"}, path)
    assert (400 <= status < 500, error_type) == (True, code)
    assert json.loads(text)["message"]


def test_a_body_that_is_too_large_is_refused_unread(url: str) -> None:
    headers = {"X-Amz-Target": "Logs_20140328.PutLogEvents", "Content-Length": str(10**9), "Content-Type": JSON_11}
    assert post(url, b"", headers)[1] == "RequestEntityTooLargeException"
