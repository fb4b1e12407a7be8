"""Full FilterLogEvents pages in the mix of a busy account: START, END and REPORT 25 % each, JSON of about 350 bytes
20 %, plain text 5 %; every page's request IDs, event IDs and times are new, at the cost of two replacements.
"""

import json
import random
from collections.abc import Iterator

_PAGE_DIGITS = b"#PAGE##P"
_SECOND = b"#SECOND##S"
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
    """One second of a busy function's log, to be stamped with a serial number and the second.

    Each stream runs one invocation after the other and none beyond the second, so pages of one group with growing
    seconds are what its environments would have written.
    """

    def __init__(self, events: int = FULL_PAGE_EVENTS, seed: int = 7) -> None:
        self.events = events // 4 * 4
        self.body = _body(events // 4, random.Random(seed))

    def stamped(self, serial: int, second: int, has_more: bool = True) -> bytes:
        """Return a response's body with these events at that second (epoch); the serial number makes all ids new."""
        body = self.body.replace(_PAGE_DIGITS, b"%08d" % (serial % 100_000_000)).replace(_SECOND, b"%010d" % second)
        return body[:-1] + b',"nextToken":"%d"}' % serial if has_more else body


def _body(invocations: int, random_: random.Random) -> bytes:
    timed: list[tuple[int, str, str]] = []
    number = 0
    while number < invocations:
        stream = f"2026/11/21/[$LATEST]{random_.getrandbits(128):032x}"
        now_ms = random_.uniform(0, 50)
        while number < invocations:
            duration_ms = random_.lognormvariate(4, 0.8)
            if now_ms + duration_ms >= 999:
                break
            lines = list(_invocation(number, duration_ms, random_))
            for position, line in enumerate(lines):
                timed.append((int(now_ms + duration_ms * position / (len(lines) - 1)), stream, line))
            now_ms += duration_ms + random_.uniform(1, 5)
            number += 1
    timed.sort(key=lambda event: event[0])
    events = [
        {
            "logStreamName": stream,
            "timestamp": f"@{_SECOND.decode()}{millisecond:03d}@",
            "message": line,
            "ingestionTime": f"@{_SECOND.decode()}{millisecond:03d}@",
            "eventId": f"3{_PAGE_DIGITS.decode()}{place:047d}",
        }
        for place, (millisecond, stream, line) in enumerate(timed)
    ]
    text = json.dumps({"events": events, "searchedLogStreams": []}, separators=(",", ":"))
    return text.replace('"@', "").replace('@"', "").encode()


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
