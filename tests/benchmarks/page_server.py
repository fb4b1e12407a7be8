"""A stand-in account on 127.0.0.1 that answers FilterLogEvents with full pages, for load alone.

    python -m tests.benchmarks.page_server --functions 100 --active 25

Every active function writes one page of events a second; a page can be read once, when its second is over, and those
that nobody reads in time are lost. Filters are ignored; what tries one out, with a limit, gets an event of no page. It
prints its port, then serves until its standard input closes. GET /served answers how many pages and events it gave,
/plant?text= has the next page of the first function end with a line, /planted answers when those were sent, and /stop
ends the events.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
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
        self.events = 0
        self.planted: dict[str, float] = {}
        """When lines that were planted were sent, by the monotonic clock."""
        self.is_stopped = False
        self.trial = with_lines(_NO_EVENTS, [("START RequestId: of-no-page Version: $LATEST", None)], 0, 0)
        self._planting: list[tuple[str, int | None]] = []
        self._lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Take no notice of a program that leaves in the middle of an answer."""

    def next_page(self, group: str) -> bytes:
        """The next second of the group that is over, stamped; an empty page where there is none yet."""
        with self._lock:
            over = time.time_ns() // 1_000_000_000 - 1
            second = max(self.active[group] + 1, over - _SECONDS_KEPT)
            if second > over or self.is_stopped:
                return _NO_EVENTS
            self.active[group] = second
            self.served += 1
            serial = self.served
            planting = self._planting if group == next(iter(self.active)) else []
            lines, planting[:] = planting[:], []
            self.events += self.page.events + len(lines)
        body = self.page.stamped(serial, second, has_more=second < over)
        if not lines:
            return body
        body = with_lines(body, lines, serial, second)
        self.planted |= dict.fromkeys((text for text, _ in lines), time.perf_counter())
        return body

    def plant(self, text: str, ahead_ms: int | None) -> None:
        """Have the next page of the first active group end with this line."""
        with self._lock:
            self._planting.append((text, ahead_ms))

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


def with_lines(body: bytes, lines: Sequence[tuple[str, int | None]], serial: int, second: int) -> bytes:
    """Return a page with more lines at its end: at the end of its second, or ahead of the clock."""
    now_ms = time.time_ns() // 1_000_000
    events = [
        {
            "logStreamName": f"2026/11/21/[$LATEST]{0:032x}",
            "timestamp": second * 1000 + 999 if ahead_ms is None else now_ms + ahead_ms,
            "message": text,
            "ingestionTime": now_ms,
            "eventId": f"4{serial:08d}{place:047d}",
        }
        for place, (text, ahead_ms) in enumerate(lines)
    ]
    added = json.dumps(events, separators=(",", ":")).encode()[1:]
    return body.replace(b'],"searchedLogStreams"', (b"," if b"}]" in body else b"") + added + b',"searchedLogStreams"')


class _Answer(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: PageServer
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        address = urlparse(self.path)
        path = address.path.rstrip("/")
        if path == "/served":
            self._send({"pages": self.server.served, "events": self.server.events})
        elif path == "/plant":
            asked = parse_qs(address.query)
            self.server.plant(asked["text"][0], int(asked["ahead_ms"][0]) if "ahead_ms" in asked else None)
            self._send({})
        elif path == "/planted":
            self._send(self.server.planted)
        elif path == "/stop":
            self.server.is_stopped = True
            self._send({})
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

    def _filter(self, request: dict[str, Any]) -> None:
        group = request.get("logGroupName") or request.get("logGroupIdentifier", "").rpartition("log-group:")[2]
        group = group.rstrip(":*")
        if group not in self.server.active:
            self._send_bytes(_NO_EVENTS)
        else:
            self._send_bytes(self.server.trial if "limit" in request else self.server.next_page(group))

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
