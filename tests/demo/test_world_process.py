"""The embedded account in a process of its own."""

import os
import socket
import subprocess
import sys

import boto3
import pytest

from lambdatop.demo.process import start_demo_process


def test_it_answers_boto3_and_ends() -> None:
    with start_demo_process(scenario="steady", seed=1) as process:
        options = {
            "endpoint_url": process.endpoint_url,
            "region_name": process.region,
            "aws_access_key_id": "x",
            "aws_secret_access_key": "x",
        }
        assert boto3.client("sts", **options).get_caller_identity()["Account"] == "123456789012"
        names = [one["FunctionName"] for one in boto3.client("lambda", **options).list_functions()["Functions"]]
        assert "checkout-api" in names
        pid = process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            start_demo_process(scenario="empty", port=taken.getsockname()[1])


def test_it_ends_when_its_parents_pipe_closes() -> None:
    command = [sys.executable, "-m", "lambdatop.demo", "--scenario", "empty"]
    child = subprocess.run(command, input="", capture_output=True, text=True, timeout=30, check=False)
    assert child.returncode == 0
    assert child.stdout.startswith('{"url": "http://127.0.0.1:')
