"""A stand-in account on 127.0.0.1 that answers FilterLogEvents with full pages, for load alone.

    python -m tests.benchmarks.page_server --functions 100 --active 25

Every active function writes one page of events a second; a page can be read once, when its second is over, and those
that nobody reads in time are lost. It prints its port, then serves until its standard input closes. GET /served answers
how many pages and events it gave.
"""

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from tests.benchmarks.log_pages import FULL_PAGE_EVENTS, LogPage

ACCOUNT_ID = "123456789012"
REGION = "us-east-1"
_IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:iam::{ACCOUNT_ID}:user/bench</Arn><UserId>AIDA</UserId><Account>{ACCOUNT_ID}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
).encode()
_NO_EVENTS = b'{"events":[],"searchedLogStreams":[]}'
_SECONDS_KEPT = 60
_PLAIN_ANSWERS = {
    "/2016-08-19/account-settings": {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000},
        "AccountUsage": {"FunctionCount": 1},
    },
    "/2015-03-31/event-source-mappings": {"EventSourceMappings": []},
    "/TraceSummaries": {"TraceSummaries": [], "TracesProcessedCount": 0, "ApproximateTime": 0},
}


class PageServer(ThreadingHTTPServer):
    """The functions and what they have written."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.page = LogPage(arguments.events_per_page)
        self.names = [f"function-{number:04d}" for number in range(arguments.functions)]
        self.active = {
            f"/aws/lambda/{name}": time.time_ns() // 1_000_000_000 for name in self.names[: arguments.active]
        }
        """Up to which second each active group has been read."""
        self.served = 0
        self._lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Take no notice of a program that leaves in the middle of an answer."""

    def next_page(self, group: str) -> bytes:
        """The next second of the group that is over, stamped; an empty page where there is none yet."""
        with self._lock:
            over = time.time_ns() // 1_000_000_000 - 1
            second = max(self.active[group] + 1, over - _SECONDS_KEPT)
            if second > over:
                return _NO_EVENTS
            self.active[group] = second
            self.served += 1
            serial = self.served
        return self.page.stamped(serial, second, has_more=second < over)

    def functions(self, marker: int) -> dict[str, object]:
        """A page of the catalogue."""
        listed: list[dict[str, object]] = [
            {
                "FunctionName": name,
                "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}",
                "Runtime": "python3.13",
                "MemorySize": 512,
                "Timeout": 30,
                "Version": "$LATEST",
                "Architectures": ["arm64"],
                "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
            }
            for name in self.names[marker : marker + 50]
        ]
        more = {"NextMarker": str(marker + 50)} if marker + 50 < len(self.names) else {}
        return {"Functions": listed, **more}


class _Answer(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: PageServer
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        address = urlparse(self.path)
        path = address.path.rstrip("/")
        if path == "/served":
            self._send({"pages": self.server.served, "events": self.server.served * self.server.page.events})
        elif path == "/2015-03-31/functions":
            self._send(self.server.functions(int(parse_qs(address.query).get("Marker", ["0"])[0])))
        else:
            self._send(_PLAIN_ANSWERS.get(path, {}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if b"GetCallerIdentity" in body:
            self._send_bytes(_IDENTITY, "text/xml")
        elif operation == "FilterLogEvents":
            self._filter(json.loads(body))
        elif operation == "GetMetricData":
            self._send({"MetricDataResults": [], "Messages": []})
        elif operation == "DescribeLogGroups":
            self._send({"logGroups": [{"logGroupName": f"/aws/lambda/{name}"} for name in self.server.names[:50]]})
        else:
            self._send(_PLAIN_ANSWERS.get(urlparse(self.path).path.rstrip("/"), {}))

    def _filter(self, request: dict[str, str]) -> None:
        group = request.get("logGroupName") or request.get("logGroupIdentifier", "").rpartition("log-group:")[2]
        group = group.rstrip(":*")
        self._send_bytes(self.server.next_page(group) if group in self.server.active else _NO_EVENTS)

    def _send(self, answer: object) -> None:
        self._send_bytes(json.dumps(answer).encode())

    def _send_bytes(self, body: bytes, content_type: str = "application/x-amz-json-1.1") -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Say nothing."""


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--active", type=int, default=25)
    parser.add_argument("--events-per-page", type=int, default=FULL_PAGE_EVENTS)
    parser.add_argument("--cpu", type=int, default=0)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.cpu})
    server = PageServer(arguments)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
