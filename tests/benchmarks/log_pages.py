"""Full FilterLogEvents pages in the mix of a busy account: START, END and REPORT 25 % each, JSON of about 350 bytes
20 %, plain text 5 %; every page's request IDs, event IDs and times are new, at the cost of a few replacements.
"""

import json
import random
from collections.abc import Iterator

_PAGE_DIGITS = b"#PAGE##P"
_SECONDS = tuple(f"#SECOND##{offset}".encode() for offset in range(10))
_TEXTS = (
    "[INFO]\tfetching order from the table orders-production",
    "2026-11-21T03:00:00.000Z\tINFO\tconnection reused",
    "retrying after 120 ms",
    "customer 12869 has no open basket",
)
FULL_PAGE_EVENTS = 6_469
"""What fits into a page's 1 MB of messages in this mix."""
MOST_PAGE_EVENTS = 10_000


class LogPage:
    """One page's bytes, to be stamped with a serial number and a time."""

    def __init__(self, events: int = FULL_PAGE_EVENTS, streams: int = 100, seed: int = 7) -> None:
        self.events = events
        self.body = _body(events, streams, random.Random(seed))
        self._seconds = [(offset, mark) for offset, mark in enumerate(_SECONDS) if mark in self.body]

    def stamped(self, serial: int, now_ms: int, has_more: bool = True) -> bytes:
        """Return the body of a response whose newest events are about a second old; the serial number makes ids new."""
        body = self.body.replace(_PAGE_DIGITS, b"%08d" % (serial % 100_000_000))
        newest_s = now_ms // 1000 - 1
        for offset, mark in self._seconds:
            body = body.replace(mark, b"%010d" % (newest_s - offset))
        return body[:-1] + b',"nextToken":"more"}' if has_more else body


def _body(events: int, streams: int, random_: random.Random) -> bytes:
    timed: list[tuple[int, str, str]] = []
    names = [f"2026/11/21/[$LATEST]{random_.getrandbits(128):032x}" for _ in range(streams)]
    ages_ms = [random_.uniform(0, 200) for _ in names]
    invocations = events // 4
    for number in range(invocations):
        stream = number % streams
        duration_ms = random_.lognormvariate(4, 0.8)
        end_ms = ages_ms[stream]
        start_ms = end_ms + duration_ms
        ages_ms[stream] = start_ms + random_.uniform(1, 5)
        lines = list(_invocation(number, duration_ms, random_))
        for position, line in enumerate(lines):
            age_ms = start_ms - duration_ms * position / (len(lines) - 1)
            timed.append((min(9_999, int(age_ms)), names[stream], line))
    timed.sort(key=lambda event: -event[0])
    return (
        json.dumps(
            {
                "events": [
                    {
                        "logStreamName": stream,
                        "timestamp": _timestamp(age_ms),
                        "message": line,
                        "ingestionTime": _timestamp(max(0, age_ms - 300)),
                        "eventId": f"3{_PAGE_DIGITS.decode()}{number:047d}",
                    }
                    for number, (age_ms, stream, line) in enumerate(timed)
                ],
                "searchedLogStreams": [],
            },
            separators=(",", ":"),
        )
        .encode()
        .replace(b'"@', b"")
        .replace(b'@"', b"")
    )


def _timestamp(age_ms: int) -> str:
    offset, back_ms = divmod(age_ms, 1000)
    return f"@#SECOND##{offset}{999 - back_ms:03d}@"


def _invocation(number: int, duration_ms: float, random_: random.Random) -> Iterator[str]:
    """Yield one invocation's lines; over five invocations, four JSON lines and one of text."""
    request_id = f"{_PAGE_DIGITS.decode()}-{number % 65536:04x}-4abc-8def-{random_.getrandbits(48):012x}"
    yield f"START RequestId: {request_id} Version: $LATEST\n"
    if number % 5 == 4:
        yield random_.choice(_TEXTS) + "\n"
    else:
        yield json.dumps(_application_line(request_id, random_)) + "\n"
    yield f"END RequestId: {request_id}\n"
    init = f"Init Duration: {random_.uniform(180, 900):.2f} ms\t" if random_.random() < 0.02 else ""
    yield (
        f"REPORT RequestId: {request_id}\tDuration: {duration_ms:.2f} ms\tBilled Duration: {int(duration_ms) + 1} ms\t"
        f"Memory Size: 512 MB\tMax Memory Used: {random_.randint(80, 400)} MB\t{init}\n"
    )


def _application_line(request_id: str, random_: random.Random) -> dict[str, object]:
    return {
        "level": "ERROR" if random_.random() < 0.01 else "INFO",
        "location": "handler:42",
        "message": f"order {random_.randint(1, 99999)} accepted for customer {random_.randint(1, 99999)}",
        "timestamp": "2026-11-21T03:00:00.000Z",
        "service": "checkout",
        "cold_start": False,
        "function_name": "checkout-production",
        "function_memory_size": "512",
        "function_request_id": request_id,
        "xray_trace_id": f"1-{random_.getrandbits(32):08x}-{random_.getrandbits(96):024x}",
    }
