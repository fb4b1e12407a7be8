"""An endpoint on 127.0.0.1 that answers AWS's calls with hostile text wherever AWS would put a user's."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from tests.hostile_text import HOSTILE, log_messages

REFUSING = "/refusing"
"""What stands after this is refused in words that are quoted, whatever is asked but for who asks."""
_REGION, _ACCOUNT_ID = "eu-west-1", "123456789012"
_TEXTS = list(HOSTILE.values())
_NAMES = [text[:300] for text in _TEXTS]
_IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{_ACCOUNT_ID}:user/x</Arn><UserId>AIDA</UserId><Account>{_ACCOUNT_ID}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@contextmanager
def hostile_account() -> Iterator[str]:
    """Serve it in a process of its own; the value is its endpoint URL."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile_account"],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def _functions() -> dict[str, Any]:
    return {
        "Functions": [
            {
                "FunctionName": name,
                "FunctionArn": f"arn:aws:lambda:{_REGION}:{_ACCOUNT_ID}:function:{name}",
                "Runtime": name,
                "MemorySize": 512,
                "Timeout": 3,
                "Version": "$LATEST",
                "DeadLetterConfig": {"TargetArn": f"arn:aws:sqs:{_REGION}:{_ACCOUNT_ID}:{name}"},
                "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{number:02d}"},
            }
            for number, name in enumerate(_NAMES)
        ]
    }


def _events(request: dict[str, Any]) -> dict[str, Any]:
    """One failed invocation of the group's function, with the text wherever a log has foreign text."""
    group = request.get("logGroupName") or request.get("logGroupIdentifier", "")
    number = int(group.rstrip(":*")[-2:])
    text = _TEXTS[number]
    lines = log_messages(text, number)
    stream = text[:300] if number % 2 else f"2026/11/21/[$LATEST]{number:032x}"
    time_ms = (time.time_ns() // 60_000_000_000 * 60 - 90) * 1000
    if not request.get("startTime", 0) <= time_ms <= request.get("endTime", time_ms):
        return {"events": [], "searchedLogStreams": []}
    return {
        "events": [
            {
                "logStreamName": stream,
                "timestamp": time_ms,
                "ingestionTime": time_ms,
                "message": line,
                "eventId": f"{number}-{place}",
            }
            for place, line in enumerate(lines)
        ],
        "searchedLogStreams": [],
    }


def _traces(request: dict[str, Any]) -> dict[str, Any]:
    start_s = float(request.get("StartTime", 0))
    return {
        "TraceSummaries": [
            {
                "Id": f"1-00000000-{number:024x}",
                "StartTime": start_s + 1,
                "Duration": 1.5 + number,
                "ResponseTime": 1.5,
                "HasFault": True,
                "HasError": False,
                "HasThrottle": False,
                "Http": {"HttpURL": text, "HttpMethod": text, "HttpStatus": 500},
                "EntryPoint": {"Name": text, "Type": text},
                "ServiceIds": [{"Name": text, "Type": "AWS::Lambda"}],
                "FaultRootCauses": [{"Services": [{"Name": text, "EntityPath": [
                    {"Name": text, "Exceptions": [{"Name": text, "Message": text}]}]}]}],
                "Revision": 1,
            }
            for number, text in enumerate(_TEXTS)
        ],
        "TracesProcessedCount": len(_TEXTS),
        "ApproximateTime": start_s,
    }  # fmt: skip


def _query_results(text: str) -> dict[str, Any]:
    """Counts for a query that counts, else events; the check of whether queries are understood finds none."""
    if "lambdatop_count" in text:
        rows = [{"lambdatop_count": "0"}]
    elif "stats" in text:
        rows = [{text: said[:300], "n": str(100 - number)} for number, said in enumerate(_TEXTS)]
    else:
        rows = [{"@message": said, "@ptr": said[:300]} for said in _TEXTS]
    return {
        "status": "Complete",
        "results": [[{"field": name, "value": value} for name, value in row.items()] for row in rows],
        "statistics": {"bytesScanned": 1e6, "recordsScanned": 100.0, "recordsMatched": float(len(rows))},
    }


def _definitions() -> dict[str, Any]:
    return {
        "queryDefinitions": [
            {"name": name, "queryString": "fields @message", "logGroupNames": ["/aws/lambda/00"]} for name in _NAMES
        ]
    }


class _Answer(BaseHTTPRequestHandler):
    """One request; what is not served is refused with a hostile message."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlparse(self.path).path.rstrip("/")
        if path.startswith(REFUSING):
            self._refuse()
        elif path == "/2015-03-31/functions":
            self._send(_functions())
        elif path == "/2016-08-19/account-settings":
            limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
            self._send({"AccountLimit": limit, "AccountUsage": {"FunctionCount": 1}})
        else:
            self._refuse()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2] or urlparse(self.path).path.strip("/")
        if b"GetCallerIdentity" in body:
            self._send_bytes(200, _IDENTITY.encode(), "text/xml")
            return
        if self.path.startswith(REFUSING):
            self._refuse()
            return
        request = json.loads(body or b"{}") if body[:1] == b"{" else {}
        if operation == "FilterLogEvents":
            self._send(_events(request))
        elif operation == "StartQuery" and "refused" not in request["queryString"]:
            self._send({"queryId": request["queryString"]})
        elif operation == "GetQueryResults":
            self._send(_query_results(request["queryId"]))
        elif operation == "DescribeQueryDefinitions":
            self._send(_definitions())
        elif operation == "GetQueueUrl":
            self._send({"QueueUrl": f"http://{self.headers['Host']}/{_ACCOUNT_ID}/queue"})
        elif operation == "GetQueueAttributes":
            counts = {"ApproximateNumberOfMessages": "3", "ApproximateNumberOfMessagesNotVisible": "1"}
            self._send({"Attributes": counts})
        elif operation == "TraceSummaries":
            self._send(_traces(request))
        else:
            self._refuse()

    def _refuse(self) -> None:
        """Deny in each protocol's way, with text that names every hostile thing."""
        kind = "ValidationException" if self.path.startswith(REFUSING) else "AccessDeniedException"
        said = {"__type": kind, "message": " ".join(text[:200] for text in _TEXTS)}
        self._send_bytes(400, json.dumps(said).encode(), "application/json", {"x-amzn-ErrorType": said["__type"]})

    def _send(self, answer: dict[str, Any]) -> None:
        self._send_bytes(200, json.dumps(answer).encode(), "application/x-amz-json-1.1")

    def _send_bytes(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Say nothing."""


def main() -> None:
    """Print the port and serve until standard input closes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
