"""The embedded account in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from lambdatop.demo.process import start_demo_process
from tests.demo.clients import client


def test_it_answers_boto3_and_ends() -> None:
    with start_demo_process(scenario="steady", seed=1) as process:
        assert client("sts", process.endpoint_url).get_caller_identity()["Account"] == "123456789012"
        names = [one["FunctionName"] for one in client("lambda", process.endpoint_url).list_functions()["Functions"]]
        assert "checkout-api" in names
        pid = process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_empty_account_is_loaded_by_any_client_and_read_back() -> None:
    with start_demo_process(scenario="empty") as process:
        url = process.endpoint_url
        assert client("lambda", url).list_functions()["Functions"] == []
        assert "QueueUrls" not in client("sqs", url).list_queues()
        now_ms = time.time_ns() // 1_000_000
        logs = client("logs", url)
        logs.create_log_group(logGroupName="/aws/lambda/mine")
        logs.create_log_stream(logGroupName="/aws/lambda/mine", logStreamName="s")
        events = [{"timestamp": now_ms - 10_000 + number, "message": f"line {number}"} for number in range(1_000)]
        logs.put_log_events(logGroupName="/aws/lambda/mine", logStreamName="s", logEvents=events)
        found = logs.filter_log_events(logGroupName="/aws/lambda/mine")["events"]
        assert [(event["timestamp"], event["message"]) for event in found] == [
            (event["timestamp"], event["message"]) for event in events
        ]
        client("cloudwatch", url).put_metric_data(
            Namespace="AWS/Lambda", MetricData=[{"MetricName": "Throttles", "Value": 3}]
        )
        (metric,) = client("cloudwatch", url).list_metrics()["Metrics"]
        assert metric["MetricName"] == "Throttles"
        second = now_ms // 1000
        trace_id = f"1-{second:08x}-{'0' * 24}"
        segment = {"id": "1" * 16, "name": "mine", "start_time": second, "end_time": second + 1, "trace_id": trace_id}
        client("xray", url).put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])
        (summary,) = client("xray", url).get_trace_summaries(StartTime=second - 1, EndTime=second + 1)["TraceSummaries"]
        assert summary["Id"] == trace_id


def test_a_fast_story_leaves_no_stamp_in_the_future() -> None:
    with start_demo_process(scenario="canary", speed=20) as process:
        functions = client("lambda", process.endpoint_url)
        deadline = time.monotonic() + 30
        while not functions.list_aliases(FunctionName="checkout-api")["Aliases"][0].get("RoutingConfig"):
            assert time.monotonic() < deadline, "the canary deploy did not begin"
            time.sleep(0.1)
        logs = client("logs", process.endpoint_url)
        newest = logs.filter_log_events(logGroupName="/aws/lambda/checkout-api")["events"][-1]
        assert newest["timestamp"] <= newest["ingestionTime"] <= time.time_ns() // 1_000_000


def test_it_misbehaves_as_it_is_asked_to() -> None:
    with start_demo_process(scenario="empty", faults=("deny=sts:GetCallerIdentity", "skew=-1h")) as process:
        sts = client("sts", process.endpoint_url)
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.get_caller_identity()
        headers = client("lambda", process.endpoint_url).list_functions()["ResponseMetadata"]["HTTPHeaders"]
        assert -3_660 < parsedate_to_datetime(headers["date"]).timestamp() - time.time() < -3_540


def test_a_fault_of_no_operation_is_said_in_a_sentence() -> None:
    with pytest.raises(OSError, match="throttle names logs:Filter, and logs has none such"):
        start_demo_process(scenario="empty", faults=("throttle=logs:Filter",))


def test_it_ends_when_its_parent_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from lambdatop.demo.process import start_demo_process\n"
        "process = start_demo_process(scenario='empty')\n"
        "print(process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while is_running(child_pid):
        assert time.monotonic() < deadline, "the account outlived its parent"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # it ended in between, or this system has no /proc
        return not Path("/proc/self/stat").exists()
    return stat.rpartition(")")[2].split()[0] != "Z"


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
