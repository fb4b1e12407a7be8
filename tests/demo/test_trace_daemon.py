"""The X-Ray daemon's socket."""

import json
import socket
import time

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.trace_daemon import TraceDaemon
from tests.demo.clients import START_MS

HEADER = b'{"format": "json", "version": 1}\n'
AT = START_MS // 1000
TRACE_ID = f"1-{AT:08x}-{'c' * 24}"
SEGMENT = json.dumps({"id": "1" * 16, "name": "f", "start_time": AT, "end_time": AT + 1, "trace_id": TRACE_ID}).encode()


@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[]\n" + SEGMENT, b'{"format": "xml"}\n' + SEGMENT, HEADER + b"{}", HEADER]
)
def test_it_drops_what_it_cannot_read_and_goes_on(account: EmbeddedAccount, bad: bytes) -> None:
    daemon = TraceDaemon(account.traces)
    daemon.start()
    host, _, port = daemon.address.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(bad, (host, int(port)))
        sender.sendto(HEADER + SEGMENT, (host, int(port)))
    deadline = time.monotonic() + 10
    while account.traces.get(TRACE_ID) is None and time.monotonic() < deadline:
        time.sleep(0.001)
    daemon.stop()
    assert len(account.traces.started_between(AT, AT + 1)) == 1


def test_a_subsegment_sent_alone_joins_its_segment(account: EmbeddedAccount) -> None:
    account.traces.put_segment(SEGMENT.decode())
    alone = {"id": "2" * 16, "name": "call", "start_time": AT, "trace_id": TRACE_ID, "parent_id": "1" * 16}
    account.traces.put_segment({**alone, "type": "subsegment"})
    trace = account.traces.get(TRACE_ID)
    assert trace is not None
    assert [sub["name"] for sub in trace.segments["1" * 16]["subsegments"]] == ["call"]
